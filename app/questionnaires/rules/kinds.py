"""The kinds of question: one small frozen class each, one line each in the registry."""

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

LONGEST_TEXT = 10_000

# ASCII digits only and at most two of them, so that no input is ever long enough to be costly to convert.
_WHOLE_NUMBER = re.compile(r"[0-9]{1,2}(?:\.0{1,6})?")


@dataclass(frozen=True)
class Option:
    """One answer that a choice offers."""

    key: str
    label: str


@dataclass(frozen=True)
class ParsedAnswer:
    """An answer as it is stored: a number, a text, or (yes/no) both."""

    value_number: float | None
    value_text: str | None


class Asked(Protocol):
    """What a kind needs to know of the question that is answered."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The answers on offer, empty unless the kind is a choice."""


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
            raise ValueError(f"Enter a whole number from {self.minimum:.0f} to {self.maximum:.0f}.")
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
            raise ValueError("Answer yes, no or partly.")
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
        wanted = raw.strip()
        for option in question.options:
            if wanted == option.key or wanted.casefold() == option.label.casefold():
                return ParsedAnswer(None, option.key)
        labels = ", ".join(option.label for option in question.options)
        raise ValueError(f"Choose one of: {labels}.")


@dataclass(frozen=True)
class Text(QuestionKind):
    """Open text in the respondent's own words."""

    def parse(self, raw: str, _question: Asked, /) -> ParsedAnswer:
        """The text without surrounding space and with line feeds only (browsers send CR LF)."""
        text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text:
            raise ValueError("Write a few words, or leave the question out.")
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"Shorten the text to {LONGEST_TEXT:,} characters; it has {len(text):,}.")
        if any(_is_forbidden(character) for character in text):
            raise ValueError("Remove the control characters from the text; only line breaks and tabs may stay.")
        return ParsedAnswer(None, text)


def _is_forbidden(character: str) -> bool:
    # Lone surrogates (Cs) are refused with the control characters because no database can store them as UTF-8.
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t"


_REGISTRY: tuple[QuestionKind, ...] = (
    Scale("scale_0_10", 0, 10),
    Scale("scale_1_5", 1, 5),
    Scale("scale_1_7", 1, 7),
    YesNo("yes_no", 0, 1),
    SingleChoice("single_choice"),
    Text("text"),
)
KINDS: dict[str, QuestionKind] = {kind.name: kind for kind in _REGISTRY}


def kind_named(name: str) -> QuestionKind:
    """The kind of that name; ValueError naming the known ones if there is none."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"Unknown kind “{name}”; use one of: {', '.join(KINDS)}.") from None
