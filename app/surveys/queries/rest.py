"""Reads of an interview that was handed over: whether a link is one, and what was answered in person before."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.questionnaires.rules.definition import AskedIn
from app.questionnaires.rules.route import Slot
from app.responses.queries import places_kept
from app.surveys.queries import Asked


def is_rest(door: Row[Any]) -> bool:
    """Whether a door leads to the rest of an interview."""
    return "mode" in door._fields and door.mode == AskedIn.INTERVIEW


def is_taken_back(door: Row[Any]) -> bool:
    """Whether a door leads to an interview that its interviewer holds."""
    return is_rest(door) and door.handed_over_at is None


def kept_slots(session: Session, door: Row[Any], asked: Asked) -> tuple[frozenset[Slot], int]:
    """What was asked in person and is not asked again, and how many answers that gave; nothing in a plain survey."""
    if not is_rest(door) or door.response_id is None:
        return frozenset(), 0
    places, answers = places_kept(session, door.response_id)
    return frozenset(asked.slot(place) for place in places if place.question_id in asked.keys), answers
