"""The door of anonymous studies: an answer is tied to a stratum and a day, and to nobody."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import AnonymousAnswer, AnonymousResponse
from app.responses.queries import anonymous_response_id
from app.responses.rules import Place

RESPONSE = cast("sa.Table", AnonymousResponse.__table__)
ANSWER = cast("sa.Table", AnonymousAnswer.__table__)
ID_BYTES = 16


@dataclass(frozen=True)
class OpenDoor:
    """By which study and version an anonymous response is given, for which stratum and in which language."""

    study_id: int
    stratum: str
    version_id: int
    language: str | None = None


def submit_anonymously(
    session: Session,
    *,
    door: OpenDoor,
    form_key: str,
    answers: Mapping[Place, ParsedAnswer],
    on: date,
    closed: Collection[Place] = (),
) -> str:
    """Store a whole form and return the id of its response: the same form's key edits the same response.

    Of several that arrive at once the first makes the row, and the others wait for it. Answers at `closed` places do
    not count. ValueError without any answer.
    """
    if not answers:
        raise ValueError("A response needs an answer.")
    response_id = _opened(session, door, form_sha256(form_key), on)
    session.execute(sa.delete(ANSWER).where(ANSWER.c.response_id == response_id))
    session.execute(
        sa.insert(ANSWER),
        [_cells(response_id, place, answer, place not in closed) for place, answer in answers.items()],
    )
    return response_id


def seal_anonymous(session: Session, *, study_id: int) -> int:
    """Make a study's anonymous responses final and return how many there are: their forms' keys are wiped.

    All rows are laid down anew in the order of their random ids, so that on no database their places tell in which
    order they came.
    """
    responses = _all(session, sa.select(RESPONSE).where(RESPONSE.c.study_id == study_id).order_by(RESPONSE.c.id))
    theirs = sa.select(RESPONSE.c.id).where(RESPONSE.c.study_id == study_id)
    wanted = sa.select(ANSWER).where(ANSWER.c.response_id.in_(theirs))
    answers = _all(session, wanted.order_by(ANSWER.c.response_id, ANSWER.c.question_id))
    session.execute(sa.delete(ANSWER).where(ANSWER.c.response_id.in_(theirs)))
    session.execute(sa.delete(RESPONSE).where(RESPONSE.c.study_id == study_id))
    if responses:
        session.execute(sa.insert(RESPONSE), [{**row, "form_sha256": None} for row in responses])
    if answers:
        session.execute(sa.insert(ANSWER), answers)
    return len(responses)


def form_sha256(form_key: str) -> str:
    """The hash by which a form is known again; the key itself is stored nowhere."""
    return hashlib.sha256(form_key.encode()).hexdigest()


def _opened(session: Session, door: OpenDoor, digest: str, on: date) -> str:
    """Open the one response of a form, or lock the one that there is."""
    values = {**vars(door), "id": secrets.token_hex(ID_BYTES), "answered_on": on, "form_sha256": digest}
    kind: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    opening = kind.insert(RESPONSE).on_conflict_do_nothing(index_elements=["study_id", "form_sha256"])
    new_id = session.execute(opening.returning(RESPONSE.c.id), values).scalar_one_or_none()
    if new_id is not None:
        return str(new_id)
    return anonymous_response_id(session, study_id=door.study_id, form_sha256=digest, is_locked=True) or ""


def _cells(response_id: str, place: Place, answer: ParsedAnswer, is_counted: bool) -> dict[str, Any]:
    return {
        "response_id": response_id,
        "question_id": place.question_id,
        "item": place.item,
        "value_number": answer.value_number,
        "value_text": answer.value_text,
        "absence": answer.absence and str(answer.absence),
        "is_counted": is_counted,
    }


def _all(session: Session, wanted: sa.Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(wanted).mappings()]
