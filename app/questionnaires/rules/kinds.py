"""The kinds of question: one small frozen class each, one line each in the registry."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

LONGEST_TEXT = 10_000
ABSENT = ":"
"""What precedes an absence that stands in place of a value; no value begins like this."""

# ASCII digits only and at most two of them, so that no input is ever long enough to be costly to convert.
_WHOLE_NUMBER = re.compile(r"[0-9]{1,2}(?:\.0{1,6})?")


_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6})?")


class Absence(StrEnum):
    """Why a question that was put has no answer; kept apart from questions that were never put."""

    NOT_APPLICABLE = "not_applicable"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"


ABSENCES = frozenset(f"{ABSENT}{absence}" for absence in Absence)
"""What a form sends in place of a value; words that merely begin with a colon are words."""


class AnswerError(ValueError):
    """Why an answer cannot be stored: a sentence with the remedy, and what it is made of, so that it can be translated.

    `sentence` has the names of `values` in braces.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True)
class Option:
    """One answer that a choice offers."""

    key: str
    label: str


@dataclass(frozen=True)
class ParsedAnswer:
    """An answer as it is stored: a number, a text, or (yes/no) both; or neither, and why there is none."""

    value_number: float | None
    value_text: str | None
    absence: Absence | None = None


class Asked(Protocol):
    """What a kind needs to know of the question that is answered."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The answers on offer, empty unless the kind is a choice."""

    @property
    def whole(self) -> bool:
        """Whether a number must be a whole one."""


@dataclass(frozen=True)
class QuestionKind(ABC):
    """A kind of question; `minimum` and `maximum` are None where the answer is not a number that can be scored."""

    name: str
    minimum: float | None = None
    maximum: float | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether answers carry a number between `minimum` and `maximum`."""
        return self.minimum is not None and self.maximum is not None

    @property
    def needs_options(self) -> bool:
        """Whether a question of this kind must offer options."""
        return False

    @property
    def takes_answer(self) -> bool:
        """Whether anything can be answered; a note is only read."""
        return True

    @abstractmethod
    def parse(self, raw: str, question: Asked, /) -> ParsedAnswer:
        """The stored form of what was typed, chosen or imported; ValueError with the remedy in one sentence."""


@dataclass(frozen=True)
class Scale(QuestionKind):
    """Whole numbers from a minimum to a maximum."""

    def parse(self, raw: str, _question: Asked, /) -> ParsedAnswer:
        """The whole number on the scale; `9` and `9.0` are the same answer."""
        text = raw.strip()
        number = float(text) if _WHOLE_NUMBER.fullmatch(text) else None
        if number is None or self.minimum is None or self.maximum is None or not self.minimum <= number <= self.maximum:
            low, high = f"{self.minimum:.0f}", f"{self.maximum:.0f}"
            raise AnswerError("Enter a whole number from {low} to {high}.", low=low, high=high)
        return ParsedAnswer(number, None)


_YES_NO_WORDS = {
    **dict.fromkeys(("yes", "true", "1", "1.0"), ParsedAnswer(1.0, "yes")),
    **dict.fromkeys(("no", "false", "0", "0.0"), ParsedAnswer(0.0, "no")),
    **dict.fromkeys(("partly", "0.5"), ParsedAnswer(0.5, "partly")),
}


@dataclass(frozen=True)
class YesNo(QuestionKind):
    """Yes, no or partly, as 1, 0 and 0.5."""

    def parse(self, raw: str, _question: Asked, /) -> ParsedAnswer:
        """Yes, no or partly in any of the spellings that files use."""
        answer = _YES_NO_WORDS.get(raw.strip().casefold())
        if answer is None:
            raise AnswerError("Answer yes, no or partly.")
        return answer


@dataclass(frozen=True)
class SingleChoice(QuestionKind):
    """One of the options of the question."""

    @property
    def needs_options(self) -> bool:
        """A choice without options cannot be answered."""
        return True

    def parse(self, raw: str, question: Asked, /) -> ParsedAnswer:
        """The key of the chosen option, which may be given by its key or its label."""
        return ParsedAnswer(None, _option(raw.strip(), question).key)


@dataclass(frozen=True)
class MultipleChoice(SingleChoice):
    """Any of the options of the question; stored as their keys in the order of the options, a space between two."""

    def parse(self, raw: str, question: Asked, /) -> ParsedAnswer:
        """The keys of the chosen options, given by keys with spaces between, or by keys or labels with semicolons."""
        chosen = {_option(part, question).key for part in _parts(raw)}
        if not chosen:
            raise AnswerError("Choose at least one, or leave the question out.")
        return ParsedAnswer(None, " ".join(option.key for option in question.options if option.key in chosen))


@dataclass(frozen=True)
class Ranking(SingleChoice):
    """All options of the question in the respondent's order, the first being the most important one."""

    def parse(self, raw: str, question: Asked, /) -> ParsedAnswer:
        """The keys of all options in their order, given like a multiple choice."""
        order = [_option(part, question).key for part in _parts(raw)]
        if not order or len(set(order)) != len(order) or len(order) != len(question.options):
            raise AnswerError("Give each of the {count} a different place.", count=str(len(question.options)))
        return ParsedAnswer(None, " ".join(order))


@dataclass(frozen=True)
class Number(QuestionKind):
    """A number without a scale, such as an amount or a count."""

    def parse(self, raw: str, question: Asked, /) -> ParsedAnswer:
        """The number, written with a point; a whole one where the question says so."""
        text = raw.strip()
        number = float(text) if _NUMBER.fullmatch(text) else None
        if number is None:
            raise AnswerError("Enter a number, with a point before decimals.")
        if question.whole and not number.is_integer():
            raise AnswerError("Enter a whole number.")
        return ParsedAnswer(number, None)


@dataclass(frozen=True)
class Day(QuestionKind):
    """A day of the calendar."""

    def parse(self, raw: str, _question: Asked, /) -> ParsedAnswer:
        """The day as YYYY-MM-DD, in which shape browsers send it and it is stored."""
        text = raw.strip()
        try:
            if len(text) != len("YYYY-MM-DD"):
                raise ValueError  # noqa: TRY301  (the shorter shapes of ISO 8601 are as wrong here as no date)
            return ParsedAnswer(None, date.fromisoformat(text).isoformat())
        except ValueError:
            raise AnswerError("Enter a day as year-month-day, such as 2026-03-31.") from None


@dataclass(frozen=True)
class Consent(QuestionKind):
    """Agreement to the words of the question, as 1 and 0."""

    def parse(self, raw: str, _question: Asked, /) -> ParsedAnswer:
        """Yes or no in any of the spellings that files use."""
        answer = _YES_NO_WORDS.get(raw.strip().casefold())
        if answer is None or answer.value_text == "partly":
            raise AnswerError("Choose yes or no.")
        return answer


@dataclass(frozen=True)
class Unanswered(QuestionKind):
    """What stands among the questions and is only read: a note, the head of a matrix, a calculated value."""

    @property
    def takes_answer(self) -> bool:
        """Nothing can be answered."""
        return False

    def parse(self, _raw: str, _question: Asked, /) -> ParsedAnswer:
        """Never an answer."""
        raise AnswerError("This is not a question; leave it out.")


@dataclass(frozen=True)
class Text(QuestionKind):
    """Open text in the respondent's own words."""

    def parse(self, raw: str, _question: Asked, /) -> ParsedAnswer:
        """The text without surrounding space and with line feeds only (browsers send CR LF)."""
        text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text:
            raise AnswerError("Write a few words, or leave the question out.")
        if len(text) > LONGEST_TEXT:
            most, count = f"{LONGEST_TEXT:,}", f"{len(text):,}"
            raise AnswerError("Shorten the text to {most} characters; it has {count}.", most=most, count=count)
        if _FORBIDDEN.search(text):
            raise AnswerError("Remove the control characters from the text; only line breaks and tabs may stay.")
        return ParsedAnswer(None, text)


# Lone surrogates are refused with the control characters because no database can store them as UTF-8.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _option(wanted: str, question: Asked) -> Option:
    for option in question.options:
        if wanted == option.key or wanted.casefold() == option.label.casefold():
            return option
    raise AnswerError("Choose one of: {options}.", options=", ".join(option.label for option in question.options))


def _parts(raw: str) -> list[str]:
    """The choices in a text; a semicolon sets labels apart, which may hold spaces."""
    return [part.strip() for part in (raw.split(";") if ";" in raw else raw.split()) if part.strip()]


def parsed_absence(raw: str, offered: tuple[Absence, ...]) -> ParsedAnswer:
    """The stored form of an absence that was chosen in place of a value; AnswerError where it is not on offer."""
    named = raw.strip().removeprefix(ABSENT)
    if named not in offered:
        raise AnswerError("Choose one of the answers on offer.")
    return ParsedAnswer(None, None, Absence(named))


_REGISTRY: tuple[QuestionKind, ...] = (
    Scale("scale_0_10", 0, 10),
    Scale("scale_1_5", 1, 5),
    Scale("scale_1_7", 1, 7),
    YesNo("yes_no", 0, 1),
    SingleChoice("single_choice"),
    MultipleChoice("multiple_choice"),
    Ranking("ranking"),
    Number("number"),
    Day("date"),
    Consent("consent"),
    Text("text"),
    Unanswered("note"),
    Unanswered("matrix"),
    Unanswered("calculated"),
)
KINDS: dict[str, QuestionKind] = {kind.name: kind for kind in _REGISTRY}


def kind_named(name: str) -> QuestionKind:
    """The kind of that name; ValueError naming the known ones if there is none."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"Unknown kind “{name}”; use one of: {', '.join(KINDS)}.") from None
