"""What an interviewer typed at one question, as text, and what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.core.errors import Refusal
from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.kinds import Absence, Option, ParsedAnswer, kind_named
from app.responses.rules import ItemContent, QuotePermission

ABSENCES = {
    Absence.NOT_APPLICABLE: "Not applicable",
    Absence.DONT_KNOW: "Don’t know",
    Absence.REFUSED: "Did not want to say",
}
PERMISSIONS = {
    QuotePermission.WITH_NAME: "Named",
    QuotePermission.WITHOUT_NAME: "Role only",
    QuotePermission.INTERNAL: "Internal",
    QuotePermission.NONE: "Not to be quoted",
}
YES_NO = {"yes": "Yes", "partly": "Partly", "no": "No"}
CONSENT = {"yes": "Agrees", "no": "Does not agree"}
MANY = frozenset({"multiple_choice", "ranking"})
"""The kinds whose answers are several options, written with a space between two."""
SKIPPED = "Skipped"
MOST_DIGITS = 10


@dataclass(frozen=True)
class _NoOptions:
    """What a text is parsed against."""

    options: tuple[Option, ...] = ()
    whole: bool = False


_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of one question, as a form sends it; empty is nothing."""

    value: str = ""
    absence: str = ""
    note: str = ""
    quote: str = ""
    quote_permission: str = ""
    probes: tuple[str, ...] = ()
    reason: str = ""
    paraphrase: str = ""
    star: str = ""
    later: str = ""


def item_content(question: Question, typed: Typed) -> ItemContent:
    """What was typed at a question, checked; Refusal with the remedy in a sentence, and the field at fault."""
    answer = _read(question.parse, typed.value, "value")
    absence = _chosen(Absence, typed.absence, "absence", "why there is no answer")
    reason = plain_text(typed.reason, "reason")
    if answer and (absence or reason):
        field = "absence" if absence else "reason"
        raise Refusal("Take out the answer, or the reason why there is none: only one of them can stand.", field)
    return ItemContent(
        answer=answer,
        note=plain_text(typed.note, "note"),
        quote=plain_text(typed.quote, "quote"),
        quote_permission=_chosen(QuotePermission, typed.quote_permission, "quote_permission", "how it may be quoted"),
        absence=absence,
        probes=_probes(typed.probes, question),
        reason=reason,
        is_paraphrase=bool(typed.paraphrase),
        is_starred=bool(typed.star),
        is_later=bool(typed.later),
    )


ON = "1"
"""What a box sends that is ticked."""

REMOVED = "The words were removed."
"""What stands where words stood that were taken away."""


def typed_of(content: ItemContent) -> Typed:
    """What stands at a question as its fields show it; `item_content` reads it back."""
    return Typed(
        value=_value(content.answer),
        absence=content.absence or "",
        note=content.note or "",
        quote=content.quote or "",
        quote_permission=content.quote_permission or "",
        probes=content.probes,
        reason=content.reason or "",
        paraphrase=ON if content.is_paraphrase else "",
        star=ON if content.is_starred else "",
        later=ON if content.is_later else "",
    )


def answer_words(question: Question, content: ItemContent) -> str:
    """The answer, or why there is none, as a person reads it; empty where nothing was said."""
    if content.absence:
        return ABSENCES[content.absence]
    if content.reason and not content.answer:
        return SKIPPED
    value = _value(content.answer)
    if content.answer and not value:
        return REMOVED
    labels = dict(_labels(question))
    if question.kind in MANY:
        words = [labels.get(part, part) for part in value.split()]
        return ", ".join(numbered(words) if question.kind == "ranking" else words)
    return labels.get(value, value)


def numbered(words: Sequence[str]) -> list[str]:
    """Words with their places before them."""
    return [f"{place}. {word}" for place, word in enumerate(words, start=1)]


def choices(question: Question) -> tuple[tuple[str, str], ...]:
    """The (value, label) pairs of the radios of a question; none where the answer is written."""
    if question.kind not in {"yes_no", "consent"} and question.minimum is not None and question.maximum is not None:
        return tuple((str(n), str(n)) for n in range(int(question.minimum), int(question.maximum) + 1))
    return _labels(question)


def shape(question: Question) -> str:
    """Which fields the answer of a question has, as the page builds them."""
    if question.kind in {"multiple_choice", "ranking", "number", "date"}:
        return question.kind
    if not choices(question):
        return "text"
    return "scale" if is_scale(question) else "choice"


def _labels(question: Question) -> tuple[tuple[str, str], ...]:
    if question.kind == "yes_no":
        return tuple(YES_NO.items())
    if question.kind == "consent":
        return tuple(CONSENT.items())
    return tuple((option.key, option.label) for option in question.options)


def key_hint(question: Question) -> str:
    """Which keys choose an answer, as the page announces them."""
    count = len(choices(question))
    if not count or question.kind == "ranking":
        return ""
    if question.kind == "multiple_choice":
        return f"keys 1 to {min(count, 9)} tick in this order, 0 for not applicable"
    if question.minimum == 0 and question.kind != "yes_no":
        return "keys 0 to 9, and 1 then 0 for ten" if count > MOST_DIGITS else f"keys 0 to {count - 1}"
    order = "" if is_scale(question) else " in this order"
    return f"keys 1 to {min(count, 9)}{order}, 0 for not applicable"


def is_scale(question: Question) -> bool:
    """Whether the radios stand in one row of numbers."""
    return question.minimum is not None and question.kind not in {"yes_no", "consent"}


def plain_text(raw: str, field: str) -> str | None:
    """A text by the same rule as open answers; None where it is blank, Refusal where it cannot stay as it is."""
    found = _read(lambda text: kind_named("text").parse(text, _NoOptions()), raw, field)
    return found.value_text if found else None


def _value(answer: ParsedAnswer | None) -> str:
    if answer is None:
        return ""
    if answer.value_text is not None:
        return answer.value_text
    # Neither number nor words: there were words, and they were taken away.
    return "" if answer.value_number is None else f"{answer.value_number:.10g}"


def _read(parse: Callable[[str], ParsedAnswer], raw: str, field: str) -> ParsedAnswer | None:
    if not raw.strip():
        return None
    try:
        return parse(raw)
    except ValueError as error:
        raise Refusal(str(error), field) from None


def _chosen(choices: type[_Choice], raw: str, field: str, what: str) -> _Choice | None:
    if not raw:
        return None
    if raw not in list(choices):
        raise Refusal(f"Choose {what} from the list.", field)
    return choices(raw)


def _probes(ticked: tuple[str, ...], question: Question) -> tuple[str, ...]:
    if not set(ticked) <= set(question.probes):
        raise Refusal("Tick probes of this question only; reload the page if they look different.", "probes")
    return tuple(probe for probe in question.probes if probe in ticked)
