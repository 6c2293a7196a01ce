"""Computing a stored scoring again, and saying what differs."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.responses.queries import unseen_since
from app.scoring import queries
from app.scoring.models import Scoring, ScoringCheck
from app.scoring.queries.checks import stored_rows
from app.scoring.rules.differences import Difference, differences
from app.scoring.rules.plain import plain
from app.scoring.services.analyses import Beside
from app.scoring.services.scoring import computed_again
from app.scoring.services.storing import KEYS, Scored, tables_of
from app.studies.models import Study

NOT_FIGURES = frozenset({"scoring_id", "mark"})
"""Columns that say nothing of anybody."""

MOST = 100
"""Differences that are kept; after so many the rest follows from them."""


@dataclass(frozen=True)
class Checked:
    """What computing again came to: up to a hundred differences, and whether answers came that were not scored yet."""

    differences: list[Difference]
    has_new_answers: bool


def check_scoring(session: Session, *, study: Study, beside: Beside | None = None) -> Checked:
    """Compute the study's present scoring again from its answers and the health it used; no figure is changed.

    Every portfolio figure, every account, respondent and topic is held against what is stored, to the last bit. What
    differs was changed after the scoring: an answer, an account's ARR, a contact's role. The next scoring then writes
    all respondents anew, also those who look to it as they did. `beside` as with scoring. Refuses before the scoring.
    """
    scoring = queries.scoring_of(session, study)
    if scoring is None:
        raise Refusal(f"Study “{study.key}” has not been scored yet. Run: flask study score {study.key}")
    found = computed_again(session, study=study, scoring=scoring, beside=beside or Beside())
    places = differences(scoring.figures, plain(found.figures))
    kept = [*islice(places, MOST)]
    for table, rows in tables_of(found):
        kept += islice(_row_differences(session, scoring, table, rows), MOST - len(kept))
    if kept:
        queries.forget_marks(session, scoring.id)
    return Checked(kept, unseen_since(session, study.id) is not None)


def answer_check(session: Session, *, check: ScoringCheck, study: Study, beside: Beside | None) -> None:
    """Compute again what was asked for, and store what differs."""
    checked = check_scoring(session, study=study, beside=beside)
    check.differences = [dataclasses.asdict(each) for each in checked.differences]
    check.checked_at = now()


def _row_differences(session: Session, scoring: Scoring, table: Scored, rows: Iterable[Any]) -> Iterator[Difference]:
    key, name = KEYS[table], table.__tablename__
    computed = {row[key]: plain({name: each for name, each in row.items() if name not in NOT_FIGURES}) for row in rows}
    for stored in stored_rows(session, scoring, table):
        own = {field: value for field, value in stored.items() if field not in NOT_FIGURES}
        other: Mapping[str, Any] | None = computed.pop(own[key], None)
        yield from differences(own, other, f"{name} {own[key]}")
    for left, row in computed.items():
        yield Difference(f"{name} {left}", None, row)
