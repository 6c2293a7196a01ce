"""What colleagues say about an edition: which part of the report they mean, and what may be stored."""

from dataclasses import dataclass

from app.core.errors import Refusal
from app.core.typed import typed_lines

WHOLE = "whole"
PARTS = {
    WHOLE: "The whole report",
    "summary": "The finding and the calls",
    "agreement": "Health against voice",
    "heard": "Who was heard",
    "topics": "Topics",
    "accounts": "The list of accounts",
    "voices": "In their words",
    "steps": "What to do next",
    "workings": "How it was computed",
}
"""The parts of a report that a comment can be about, in their order, as people call them."""

LONGEST_COMMENT = 4_000
LONGEST_NOTE = 1_000
LONGEST_KEY = 64


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a comment, as it was typed."""

    body: str = ""
    part: str = WHOLE
    is_for_all: bool = False


def checked_comment(typed: Typed) -> Typed:
    """Return a comment as it is stored; Refusal with the remedy where it has none, too many or odd ones."""
    if typed.part not in PARTS:
        raise Refusal("Choose which part of the report you mean.", "part")
    return Typed(checked_words(typed.body, LONGEST_COMMENT, "body", is_needed=True), typed.part, typed.is_for_all)


def checked_words(text: str, longest: int, field: str, *, is_needed: bool = False) -> str:
    """Return plain text with its line breaks; Refusal with the field where it cannot be stored as it is."""
    words = typed_lines(text, field, longest)
    if is_needed and not words:
        raise Refusal("Write what you want to say.", field)
    return words


def checked_key(key: str) -> str | None:
    """Return the key that came with a form, by which the same form is known again; None where it is none of ours."""
    return key if key.isascii() and key.isalnum() and len(key) <= LONGEST_KEY else None
