"""Asking somebody again: whom and when, and what they say now beside what they said at first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.actions.rules import LONGEST_TITLE, checked_day
from app.core.display import figure
from app.core.errors import Refusal
from app.core.words import label

MOST_SHOWN = 8


@dataclass(frozen=True)
class AskAgain:
    """Whom to ask again, and until when."""

    contact_id: int
    on: date


@dataclass(frozen=True)
class Beside:
    """One question with what was said at first and what was said again, as finished text."""

    question: str
    first: str
    again: str
    moved: float


def asked_again(contact: str, on: str, *, contacts: Collection[int], today: date) -> AskAgain:
    """What was chosen, checked; Refusal with the field at fault."""
    if not (contact.isascii() and contact.isdigit() and len(contact) < 10 and int(contact) in contacts):
        raise Refusal("Choose from the list whom to ask again.", "contact")
    try:
        return AskAgain(int(contact), checked_day(on, today=today))
    except Refusal as refusal:
        raise Refusal(refusal.sentence, "on") from None


def ask_title(role: str | None, title: str) -> str:
    """What the action is called: whose answer is wanted, by their role alone, and about what."""
    who = label(role).lower() if role else "customer"
    return f"Ask the {who} again: {title}"[:LONGEST_TITLE]


def ask_key(action_id: int, asked: AskAgain) -> str:
    """What makes the same wish happen once."""
    return f"again-{action_id}-{asked.contact_id}-{asked.on.isoformat()}"


def beside(first: Mapping[str, float], again: Mapping[str, float], texts: Mapping[str, str]) -> list[Beside]:
    """What was asked both times, what moved most first; texts are the questions by their keys."""
    lines = [
        Beside(texts.get(key, label(key)), figure(first[key]), figure(again[key]), again[key] - first[key])
        for key in first
        if key in again
    ]
    return sorted(lines, key=lambda line: (-abs(line.moved), line.question))[:MOST_SHOWN]


def question_texts(definitions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The words of each question by its key, as the last questionnaire has them."""
    return {
        str(question["key"]): str(question["text"])
        for definition in definitions
        for question in definition.get("questions", ())
        if isinstance(question.get("text"), str)
    }
