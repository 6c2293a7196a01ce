"""People read open answers that were drawn by lot and say how they sound, without seeing what we made of them."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.responses.services import note_change
from app.scoring.models import HandCode
from app.scoring.queries import words as queries
from app.scoring.rules.hand_coding import CODED_BEFORE_USE, HAND_LABELS, UNCLEAR, drawn, hand_coding
from app.studies.models import Study
from app.users.services.audit import record_event, wait_for_turn

SEED = 360


def draw_to_read(session: Session, *, study: Study, at: datetime, by: int, n: int = CODED_BEFORE_USE) -> int:
    """Draw n more open answers of a study to be read, and return how many there were.

    Only what may be quoted and is in English; seed and places stand with the rows. Refused where nothing is left.
    """
    wait_for_turn(session)
    known, seed = queries.drawn_to_read(session, study), SEED
    chosen = drawn([i for i in queries.readable(session, study) if i not in known], seed=seed, n=n)
    if not chosen:
        raise Refusal("Every open answer of this study that may be quoted has been drawn already.", "draw")
    session.add_all(
        HandCode(answer_id=answer_id, study_id=study.id, seed=seed, place=len(known) + i, drawn_at=at)
        for i, answer_id in enumerate(chosen, start=1)
    )
    session.flush()
    told = {"seed": seed, "texts": len(chosen)}
    record_event(session, actor_id=by, action="reading.draw", object_type="study", object_id=study.key, fields=told)
    return len(chosen)


def code_text(session: Session, *, study: Study, answer_id: int, label: str, at: datetime, by: int) -> None:
    """Store how an answer sounds to a person; again is a change of mind. The study is scored anew where it matters.

    Refused for a label of no meaning; Missing for an answer that was not drawn here or can no longer be read.
    """
    wait_for_turn(session)
    if label not in (*HAND_LABELS, UNCLEAR):
        raise Refusal("Choose how it sounds, or that it cannot be told.", "label")
    code = session.get(HandCode, answer_id)
    if code is None or code.study_id != study.id or not queries.readable(session, study, answer_id):
        raise Missing("This answer is not among those to read.", "answer")
    before = hand_coding(queries.hand_codes(session))["experimental"]
    code.label, code.coded_at, code.coded_by = label, at, by
    session.flush()
    if hand_coding(queries.hand_codes(session))["experimental"] != before:
        note_change(session, study.id, at)
    fields = {"answer": answer_id}
    record_event(session, actor_id=by, action="reading.code", object_type="study", object_id=study.key, fields=fields)
