"""The figures of a part of a scored study: some of its accounts, or some of the people heard there."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.core.garbage import at_rest
from app.core.workspace import the_workspace
from app.health.models import HealthComputation, ScorecardVersion
from app.scoring import queries
from app.scoring.models import Scoring
from app.scoring.queries.choosing import all_traits, drawn_traits, stored_flags
from app.scoring.rules import portfolio
from app.scoring.rules.choice import Choice
from app.scoring.rules.findings import NOT_DRAWN, warnings_of
from app.scoring.rules.frozen import frozen_of
from app.scoring.rules.parts import Part
from app.scoring.rules.plain import plain
from app.scoring.rules.quality import Kind
from app.scoring.services.columns import Picture, traits
from app.scoring.services.figures import portfolio_figures
from app.scoring.services.parts import heard_from, part_of
from app.scoring.services.scoring import asked_in, method_of, picture_of
from app.studies.models import Study
from app.studies.queries import frame_members

STEPS = 2
"""The steps of the computation: reading the answers, then the figures."""


@at_rest()
def chosen_figures(
    session: Session, *, study: Study, scoring: Scoring, choice: Choice, note: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Return the portfolio part of gaps.json for a choice, by the health that the study's scoring used.

    Where accounts are chosen, each keeps its own scores, gap and flag; the figures are estimates for a domain of the
    whole draw. Where people are chosen, what accounts come to is computed from their answers alone, by the parameters
    that everybody's gave, and stands under `accounts`: by the CRM's id the values of `OF_ACCOUNTS`. Nothing is written.
    `note` is told the number of each step of `STEPS` as it begins.
    """
    tell = note or (lambda _step: None)
    tell(1)
    health = session.get_one(HealthComputation, scoring.health_computation_id)
    asked, rows = asked_in(session, study), queries.drawn_accounts(session, study, health)
    whole = picture_of(session, study, asked, rows)
    tell(2)
    picture = whole
    if choice.of_people:
        frozen = frozen_of(whole.drawn, whole.voices, whole.within, whole.compared)
        picture = heard_from(whole, choice, frozen)
    part, population = _part(session, study, picture, choice, health) if choice.of_accounts else (None, None)
    seen = picture if part is None else part_of(picture, part)
    figures = portfolio_figures(session, study, picture, asked.definition, part)
    figures["population"] = population or figures["population"]
    chosen_rows = rows if part is None else [row for row, inside in zip(rows, part.inside, strict=True) if inside]
    figures["sample"]["bias"] = portfolio.non_response(
        seen.voices.answered, traits(session, study, seen.drawn, chosen_rows)
    )
    figures["quality"] = _quality(session, scoring, seen)
    figures["method"] = method_of(study, whole)
    currency = the_workspace(session).currency
    figures["warnings"] = warnings_of(
        drawn=seen.drawn,
        voices=seen.voices,
        compared=seen.compared,
        within=seen.within,
        partial=int(seen.people.heard.is_partial.sum()),
        is_circular=session.get_one(ScorecardVersion, health.scorecard_version_id).is_circular,
        other_currency=sum(row.currency is not None and row.currency != currency for row in chosen_rows),
        merged=_merged(picture, seen),
        largest_bias=figures["sample"]["bias"]["largest"],
    )
    if "trigger" in study.plan:
        figures["warnings"].insert(0, dict(NOT_DRAWN))
    found: dict[str, Any] = plain(figures)
    return found | {"accounts": _account_values(session, study, seen) if choice.of_people else None}


def _part(
    session: Session, study: Study, picture: Picture, choice: Choice, health: HealthComputation
) -> tuple[Part | None, dict[str, Any]]:
    """The chosen accounts as a domain with its size in the frame; no domain where it is the whole frame."""
    known, drawn = drawn_traits(session, study), picture.drawn
    inside = np.array([choice.takes(known[account_id], health.as_of) for account_id in drawn.account_ids])
    counted = Counter(stratum for stratum, is_in in zip(drawn.strata, inside, strict=True) if is_in)
    frame = frame_members(session, study)
    if not frame:
        arr = drawn.arr[inside]
        part = None if inside.all() else Part(inside, counted)
        return part, {"accounts": int(inside.sum()), "arr": portfolio.money(arr)}
    everybody = all_traits(session)
    members = [each for each in frame if each[0] in everybody and choice.takes(everybody[each[0]], health.as_of)]
    sizes = Counter(stratum for _, stratum, _ in members)
    # Accounts that were drawn for certain stand in a stratum of their own, of which all were drawn.
    part = Part(inside, {stratum: max(n, sizes[stratum]) for stratum, n in counted.items()} | _unseen(sizes, counted))
    total = {"accounts": len(members), "arr": round(sum(arr or 0.0 for _, _, arr in members), 2)}
    return (None if len(members) == len(frame) and inside.all() else part), total


def _unseen(sizes: Mapping[str, int], counted: Mapping[str, int]) -> dict[str, int]:
    return {stratum: n for stratum, n in sizes.items() if stratum not in counted}


def _quality(session: Session, scoring: Scoring, seen: Picture) -> dict[str, int]:
    """What the present scoring found unusual, counted over the people at hand."""
    flags, ids = stored_flags(session, scoring.id), seen.people.ids[seen.people.has_response].tolist()
    kinds = [{flag["kind"] for flag in flags[each]} for each in ids if each in flags]
    return {"responses": len(ids), "flagged": len(kinds)} | {
        str(kind): sum(str(kind) in each for each in kinds) for kind in Kind
    }


def _merged(picture: Picture, seen: Picture) -> dict[str, str]:
    """Which of the strata at hand were estimated together with which, in the whole draw."""
    merged = portfolio.strata_of(picture.drawn, picture.voices.voice).merged
    return {stratum: into for stratum, into in merged.items() if stratum in seen.drawn.strata}


def _account_values(session: Session, study: Study, seen: Picture) -> dict[str, list[Any]]:
    voices, compared = seen.voices, seen.compared
    columns = (
        voices.respondents,
        voices.coverage,
        voices.role_range,
        voices.voice,
        compared.voice_se,
        compared.voice_bands,
        compared.equated_health,
        compared.gap,
        compared.gap_shrunken,
        compared.gap_se,
        compared.p_low,
        compared.p_high,
        compared.tiers,
        compared.quadrants,
    )
    names = queries.crm_ids(session, study)
    values = zip(*(column.tolist() if isinstance(column, np.ndarray) else column for column in columns), strict=True)
    found: dict[str, list[Any]] = plain(
        {names[account_id]: list(row) for account_id, row in zip(seen.drawn.account_ids, values, strict=True)}
    )
    return found
