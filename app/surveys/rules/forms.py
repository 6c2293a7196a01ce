"""What a sent form says: the answers by question key, and what is wrong with it; no question needs an answer."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.kinds import ParsedAnswer

FORM_KEY = "form_key"
NO_FORM_KEY = "none"
"""What stands for the key of a form that brought none: a form may be sent without, and is then known by its content."""
PRESELECTED = "recommend"

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_ECHO = 60

NOTHING_ANSWERED = "Answer at least one question; which one is up to you."
FOREIGN_FORM = (
    "This form is not as we sent it. It stands below as it should be, with all that you entered: send it again."
)


@dataclass(frozen=True)
class Choice:
    """One radio button: what it sends, and the word beside it."""

    value: str
    label: str


@dataclass(frozen=True)
class SentForm:
    """A form as it arrived: `typed` are the raw texts by question key, `errors` sentences by question key.

    `problems` are sentences about the form as a whole. Only a form without either may be stored.
    """

    form_key: str
    typed: dict[str, str]
    answers: dict[str, ParsedAnswer]
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def has_key(self) -> bool:
        """Whether the form brought a key of its own."""
        return self.form_key != NO_FORM_KEY

    @property
    def is_good(self) -> bool:
        """Whether all of it can be stored."""
        return not self.errors and not self.problems


def choices(question: Question) -> tuple[Choice, ...]:
    """What a survey offers for a question, none where words are asked for."""
    if question.kind == "yes_no":
        return (Choice("yes", "Yes"), Choice("no", "No"))
    if question.options:
        return tuple(Choice(option.key, option.label) for option in question.options)
    if question.minimum is None or question.maximum is None:
        return ()
    numbers = range(int(question.minimum), int(question.maximum) + 1)
    return tuple(Choice(str(number), str(number)) for number in numbers)


def sent_value(answer: ParsedAnswer) -> str:
    """What a form sends for an answer that was stored."""
    return answer.value_text if answer.value_text is not None else f"{answer.value_number:g}"


def read_form(questions: Sequence[Question], fields: Iterable[tuple[str, str]], *, has_files: bool = False) -> SentForm:
    """Read a form that was sent; every field is there at most once, and its name is a question's key.

    A question that was left empty has no answer. Never raises: what is wrong stands in the result.
    """
    fields = list(fields)
    asked = {question.key: question for question in questions}
    typed: dict[str, str] = {}
    for name, value in fields:
        if name in asked and value.strip():
            typed.setdefault(name, value)
    form_keys = [value for name, value in fields if name == FORM_KEY]
    answers, errors = _parsed(asked, typed)
    problems = _problems(asked, fields, form_keys)
    if has_files and FOREIGN_FORM not in problems:
        problems.append(FOREIGN_FORM)
    if not typed and not problems:
        problems.append(NOTHING_ANSWERED)
    has_key = len(form_keys) == 1 and _KEY.fullmatch(form_keys[0]) is not None
    return SentForm(form_keys[0] if has_key else NO_FORM_KEY, typed, answers, errors, problems)


def preselected(questions: Sequence[Question], score: str | None) -> dict[str, str]:
    """The value that a number in a mail preselects; nothing where it is not on the scale."""
    asked = [question for question in questions if question.key == PRESELECTED]
    if score is None or not asked or score not in {choice.value for choice in choices(asked[0])}:
        return {}
    return {PRESELECTED: score}


def _parsed(asked: Mapping[str, Question], typed: Mapping[str, str]) -> tuple[dict[str, ParsedAnswer], dict[str, str]]:
    answers, errors = {}, {}
    for key, raw in typed.items():
        try:
            answers[key] = _offered(asked[key], raw)
        except ValueError as error:
            errors[key] = str(error)
    return answers, errors


def _offered(question: Question, raw: str) -> ParsedAnswer:
    """The answer, which must be one that the form offers: files may say “partly” where a form says yes or no."""
    if question.kind == "yes_no" and raw.strip().casefold() not in {choice.value for choice in choices(question)}:
        raise ValueError("Choose yes or no.")
    return question.parse(raw)


def _problems(asked: Mapping[str, Question], fields: list[tuple[str, str]], form_keys: list[str]) -> list[str]:
    counts = Counter(name for name, _ in fields)
    unknown = [name for name in counts if name not in asked and name != FORM_KEY]
    doubled = [name for name, count in counts.items() if count > 1]
    problems = []
    if unknown or any(not _KEY.fullmatch(key) for key in form_keys):
        problems.append(FOREIGN_FORM)
    if doubled:
        problems.append(
            f"“{shortened(doubled[0])}” came more than once; the first is shown below. Send the form again."
        )
    return problems


def shortened(text: str) -> str:
    """A text of any length as it may be quoted in a sentence."""
    plain = "".join(character if character.isprintable() else "\ufffd" for character in text[: _LONGEST_ECHO + 1])
    return plain if len(plain) <= _LONGEST_ECHO else f"{plain[:_LONGEST_ECHO]}…"
