"""Reads of one question of an interview as this person hears it."""

from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.interviews.queries.routes import facts_about, instrument_asked, route_in
from app.interviews.queries.talks import Line
from app.interviews.rules.progress import heard, is_piped
from app.questionnaires.rules.definition import AskedIn, Question
from app.questionnaires.rules.route import Slot


def question_asked(session: Session, line: Line, slot: Slot) -> Question:
    """Return the question of a place in the words that this person hears; Missing where there is no such place.

    Only where words or loops depend on the person is more read than the version, which is kept.
    """
    instrument = instrument_asked(session, line)
    found = instrument.questionnaire.question(slot.key)
    section = instrument.questionnaire.section(found.section) if found else None
    if found is None or section is None or line.question_id is None or AskedIn.INTERVIEW not in found.asked_in:
        raise Missing("This interview has no such question.", "question")
    if not found.takes_answer or bool(section.per) != bool(slot.item):
        raise Missing("This interview has no such question.", "question")
    if section.per is not None:
        items = facts_about(session, line.respondent_id, instrument).about(section)
        if slot.item not in {item.key for item in items if item}:
            raise Missing("This interview has no such question.", "question")
    return heard(route_in(session, line), found, slot.item) if is_piped(found) else found
