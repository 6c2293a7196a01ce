"""What both doors do to one response: open it, supersede its answers, note that it was sent and that it changed.

Nothing is ever overwritten. Writers of one response take turns by its row. Inserts go past the ORM, which would take
longer than the database.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Answer, Response, ResponseChange, Submission
from app.responses.queries import standing_answers
from app.responses.rules import Place, Standing

RESPONSE = cast("sa.Table", Response.__table__)
ANSWER = cast("sa.Table", Answer.__table__)
SUBMISSION = cast("sa.Table", Submission.__table__)
CHANGE = cast("sa.Table", ResponseChange.__table__)

_PORTION = 500
INTERVIEW = "interview"
"""The door by which an interviewer writes."""


class TakenBack(Refusal):
    """The response is an interviewer's again: the link by which the rest was to be answered holds no more."""

    def __init__(self) -> None:
        super().__init__("This link was taken back; whoever gave it to you goes on with you in person.", "response")


@dataclass(frozen=True)
class Door:
    """Whose response it is, by which version and door it is given, and in which language if it was chosen.

    `consent_version` is the text about their data that stood below the form.
    """

    study_id: int
    respondent_id: int
    version_id: int
    mode: str
    source: str
    language: str | None = None
    consent_version: int | None = None


@dataclass(frozen=True)
class Opened:
    """A response, locked until the transaction ends; `is_new` where it was opened just now.

    Whoever waited for the lock has looked at the clock before the other one was done: a change is dated at `changed_at`
    at the earliest, or a submission could be older than an answer that it holds.
    """

    id: int
    study_id: int
    submitted_at: datetime | None
    is_new: bool
    changed_at: datetime
    handed_over_at: datetime | None = None


@dataclass(frozen=True)
class Submitted:
    """What sending came to; a replay is a form that arrived before and changed nothing now."""

    response_id: int
    is_replay: bool
    changed: int


def opened(session: Session, *, door: Door, at: datetime, submitted_at: datetime | None) -> Opened:
    """Open the one response of a respondent, or return and lock the one that there is.

    Of two who open it at once, the second waits for the first to commit and then finds its row.
    """
    values = {
        **vars(door),
        "external_id": secrets.token_hex(8),
        "submitted_at": submitted_at,
        "created_at": at,
        "changed_at": at,
    }
    new_id = session.connection().execute(_opening(_dialect(session)), values).scalar_one_or_none()
    if new_id is not None:
        return Opened(new_id, door.study_id, submitted_at, is_new=True, changed_at=at)
    same = sa.select(
        RESPONSE.c.id,
        RESPONSE.c.source,
        RESPONSE.c.submitted_at,
        RESPONSE.c.changed_at,
        RESPONSE.c.erased_at,
        RESPONSE.c.handed_over_at,
    )
    row = session.execute(same.where(RESPONSE.c.respondent_id == door.respondent_id).with_for_update()).one()
    refuse_erased(row.erased_at)
    if row.source == INTERVIEW != door.source and row.handed_over_at is None:
        raise TakenBack
    return Opened(
        row.id,
        door.study_id,
        row.submitted_at,
        is_new=False,
        changed_at=row.changed_at,
        handed_over_at=row.handed_over_at,
    )


def refuse_erased(erased_at: datetime | None) -> None:
    """Refuse to add to the response of somebody who was erased, whoever was still typing."""
    if erased_at is not None:
        raise Refusal("This person was erased at their wish; nothing more can be written down.", "response")


def replace_answers(
    session: Session,
    response: Opened,
    answers: Mapping[Place, ParsedAnswer],
    *,
    at: datetime,
    mode: str,
    closed: Collection[Place] = (),
) -> int:
    """Make these the answers of a response: what differs or is left out is superseded; returns how many changed.

    What differs was given by this mode; what stays keeps its own.

    Answers at `closed` places stay behind a branch that has closed: they are kept and do not count. That follows from
    the other answers and can be computed again, so it is noted at the row that is there.
    """
    known = {} if response.is_new else standing_answers(session, response.id)
    withdrawn = [place for place in known if place not in answers]
    changed = [place for place, answer in answers.items() if place not in known or known[place].answer != answer]
    outdated = [known[place].id for place in (*changed, *withdrawn) if place in known]
    if outdated:
        session.execute(sa.update(ANSWER).where(ANSWER.c.id.in_(outdated)).values(superseded_at=at))
    if changed:
        shared = {"response_id": response.id, "recorded_at": at, "recorded_by": None, "mode": mode}
        rows = [{**shared, **_cells(place, answers[place]), "is_counted": place not in closed} for place in changed]
        session.connection().execute(_ANSWERING, rows)
    turned = [place for place in answers if place in known and known[place].is_counted == (place in closed)]
    turn(session, [known[place] for place in turned if place not in changed])
    return len(changed) + len(withdrawn)


def _cells(place: Place, answer: ParsedAnswer) -> dict[str, Any]:
    return {
        "question_id": place.question_id,
        "item": place.item,
        "value_number": answer.value_number,
        "value_text": answer.value_text,
        "absence": answer.absence and str(answer.absence),
    }


def turn(session: Session, answers: Sequence[Standing]) -> None:
    """Let answers count that did not, and the other way round."""
    for each in answers:
        session.execute(sa.update(ANSWER).where(ANSWER.c.id == each.id).values(is_counted=not each.is_counted))


def touch(
    session: Session,
    response_id: int,
    *,
    at: datetime,
    submitted_at: datetime | None,
    consent_version: int | None = None,
) -> None:
    """Write down when a response changed, and when it was sent (None where it is open) below which text about data."""
    touched = sa.update(RESPONSE).where(RESPONSE.c.id == response_id)
    told = {} if consent_version is None else {"consent_version": consent_version}
    session.execute(touched.values(submitted_at=submitted_at, changed_at=at, **told))


def note_submission(
    session: Session,
    response: Opened,
    *,
    form_key: str,
    digest: str,
    at: datetime,
    by: int | None = None,
    seconds: int | None = None,
) -> None:
    """Note that a form was sent, and that the study is to be scored; content sent before is the latest again."""
    facts = {
        "response_id": response.id,
        "form_key": form_key,
        "content_sha256": digest,
        "submitted_at": at,
        "submitted_by": by,
        "seconds": seconds,
    }
    session.connection().execute(_sending(_dialect(session)), facts)
    note_change(session, response.study_id, at, response_id=response.id)


def note_change(session: Session, study_id: int, at: datetime, *, response_id: int | None = None) -> None:
    """Leave the fact by which the worker finds that a study is to be scored, and the account of this response first."""
    change = {"study_id": study_id, "response_id": response_id, "changed_at": at}
    session.connection().execute(_CHANGING, change)


def forget_changes(session: Session, ids: Sequence[int]) -> None:
    """Take away the changes that a scoring has seen."""
    for start in range(0, len(ids), _PORTION):
        session.execute(sa.delete(CHANGE).where(CHANGE.c.id.in_(ids[start : start + _PORTION])))


_ANSWERING = sa.insert(ANSWER)
_CHANGING = sa.insert(CHANGE)


@cache
def _opening(dialect: str) -> Any:
    """Open a response, unless its respondent has one; built once, because building it takes as long as running it."""
    return (
        _insert_into(dialect, RESPONSE)
        .on_conflict_do_nothing(index_elements=["respondent_id"])
        .returning(RESPONSE.c.id)
    )


@cache
def _sending(dialect: str) -> Any:
    """Note a form that was sent; one that was sent before with this content is the latest again."""
    insert = _insert_into(dialect, SUBMISSION)
    same_form = ["response_id", "form_key", "content_sha256"]
    return insert.on_conflict_do_update(index_elements=same_form, set_={"submitted_at": insert.excluded.submitted_at})


def _insert_into(dialect: str, table: sa.Table) -> Any:
    """An insert of a database's own kind, which knows what to do where the row is there already."""
    kind: Any = postgresql if dialect == "postgresql" else sqlite
    return kind.insert(table)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
