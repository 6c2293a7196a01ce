"""What a reader asks to see of a report: read from the address, held against what there is, and its figures found."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.documents import canonical_sha256
from app.core.words import counted
from app.health.models import HealthComputation
from app.reports.drawing import cache_name, kept_file
from app.reports.rules.choosing import Chip, Chosen, Select, chips, selects
from app.scoring.models import Scoring
from app.scoring.queries import choosing as queries
from app.scoring.rules.choice import (
    ACCOUNT_FIELDS,
    PEOPLE_FIELDS,
    WINDOWS,
    Choice,
    Traits,
    chosen,
    facets,
    words_of,
)
from app.scoring.services.loading import statistics_are_loaded
from app.studies.models import Study

LARGE = 20_000
"""People drawn from which on figures take longer than a page may: the worker computes them."""

People = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Asked:
    """What an address asks for, of what the reader may see.

    `typed` is what the reader chose; `choice` the same within the accounts that are theirs. `accounts` are the ids of
    the chosen accounts, None for all; `key` tells the figures apart. `is_nothing` says that nobody is left.
    """

    typed: Choice
    choice: Choice
    words: Mapping[str, str]
    ignored: list[str]
    accounts: frozenset[int] | None
    key: str
    selects: list[Select]
    chips: list[Chip]
    is_nothing: bool

    @property
    def query(self) -> dict[str, str]:
        """What stands in the address for it."""
        return self.typed.query


def asked_for(
    session: Session, *, study: Study, scoring: Scoring, values: Mapping[str, str], reader: str | None
) -> Asked:
    """Return what an address's values choose of a scored study.

    `reader` is the address of a CSM who sees assigned accounts alone, None for whoever sees all; what is chosen is then
    among those accounts. Unknown values are left out and named.
    """
    as_of = session.get_one(HealthComputation, scoring.health_computation_id).as_of
    known = queries.drawn_traits(session, study)
    seen = {each: traits for each, traits in known.items() if reader is None or traits.csm == reader}
    people = queries.people_by(session, study, None if reader is None else seen)
    offered = _known(seen.values(), people, as_of)
    typed, ignored = chosen(values, offered)
    choice = typed if reader is None or typed.is_empty else replace(typed, csm=reader)
    accounts = frozenset(
        seen if not choice.of_accounts else (each for each, traits in seen.items() if choice.takes(traits, as_of))
    )
    at_those = people if not choice.of_accounts else queries.people_by(session, study, accounts)
    counts = facets(typed, seen.values(), as_of) | _people_counts(typed, at_those)
    csms = queries.csm_names(session, {traits.csm for traits in seen.values() if traits.csm})
    words = words_of(choice, csms)
    is_nothing = not accounts or not _matching(choice, at_those)
    left = _left(typed, seen, as_of, at_those) if is_nothing else {}
    if is_nothing:
        counts = {field: {value: counts[field].get(value, 0) for value in offered[field]} for field in counts}
    return Asked(
        typed=typed,
        choice=choice,
        words=words,
        ignored=ignored,
        accounts=accounts if choice.of_accounts else None,
        key=canonical_sha256([choice.key, sorted(accounts)]),
        selects=selects(typed, counts, csms),
        chips=chips(typed, words, left),
        is_nothing=is_nothing,
    )


def chosen_now(
    session: Session, *, study: Study, scoring: Scoring, asked: Asked, folder: Path, waits: bool
) -> Chosen | None:
    """Return the part of the study that is asked for; None where the worker must compute its figures first.

    And where the statistics are not loaded yet, unless the caller `waits` for them: a page does not.

    Figures that are not too many to wait for are computed here and kept in a file under `folder`, by the scoring and
    its instant, the choice and its accounts: they can be made again at any time.
    """
    wish = queries.figures_wanted(session, scoring.id, asked.key)
    if wish is not None and wish.figures is not None:
        return Chosen(asked.choice, asked.words, asked.accounts, wish.figures)
    named = canonical_sha256([scoring.id, scoring.scored_at.isoformat(), asked.key])
    path = folder / f"{cache_name(study.key, named.encode())}.chosen.json"
    if not path.is_file() and (is_large(session, study) or not (statistics_are_loaded() or waits)):
        return None

    def computed() -> bytes:
        from app.scoring.services.choosing import chosen_figures

        figures = chosen_figures(session, study=study, scoring=scoring, choice=asked.choice)
        return json.dumps(figures, allow_nan=False).encode()

    return Chosen(asked.choice, asked.words, asked.accounts, json.loads(kept_file(path, computed)))


def is_large(session: Session, study: Study) -> bool:
    """Tell whether the figures of a part are left to the worker."""
    return queries.people_drawn(session, study) > LARGE


def _known(seen: Collection[Traits], people: People, as_of: date) -> dict[str, Collection[str]]:
    found: dict[str, Collection[str]] = {
        field: {value for traits in seen for value in traits.values(field, as_of)} for field in ACCOUNT_FIELDS
    }
    return found | {"renewal": WINDOWS, "role": {role for role, _ in people}, "mode": {mode for _, mode in people}}


def _people_counts(choice: Choice, people: People) -> dict[str, dict[str, int]]:
    """How many people each role and each mode would leave, the other staying as it is chosen."""
    found: dict[str, dict[str, int]] = {field: {} for field in PEOPLE_FIELDS}
    for (role, mode), n in people.items():
        if choice.mode in ("", mode):
            found["role"][role] = found["role"].get(role, 0) + n
        if choice.role in ("", role):
            found["mode"][mode] = found["mode"].get(mode, 0) + n
    return found


def _matching(choice: Choice, people: People) -> int:
    return sum(n for (role, mode), n in people.items() if choice.role in ("", role) and choice.mode in ("", mode))


def _left(choice: Choice, seen: Mapping[int, Traits], as_of: date, people: People) -> dict[str, str]:
    """What would be left without each field that is chosen, in words."""
    found = {}
    for field in choice.query:
        without = choice.without(field)
        if field in PEOPLE_FIELDS:
            found[field] = counted(_matching(without, people), "person")
        else:
            found[field] = counted(sum(without.takes(traits, as_of) for traits in seen.values()), "account")
    return found
