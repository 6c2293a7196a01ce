"""What a sent page says: the answers by their places, and what is wrong with it; every door parses by kind."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.questionnaires.rules.kinds import ABSENT, AnswerError, ParsedAnswer
from app.questionnaires.rules.route import Slot
from app.surveys.rules.shown import PAGE, Field

FORM_KEY = "form_key"
NO_FORM_KEY = "none"
"""What stands for the key of a form that brought none: a form may be sent without, and is then known by its content."""
PRESELECTED = "recommend"
OURS = frozenset({FORM_KEY, PAGE, "go"})
"""Fields of ours beside the answers."""
MANY = frozenset({"multiple_choice", "ranking"})

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOLD = re.compile(r"[0-9]{1,12}-v([0-9]{1,9})-")
_SHOWN_AT = re.compile(r"([0-9]{1,12})-[A-Za-z0-9_-]+")
LONGEST_KEY = 64
_PLACE = re.compile(r"[0-9]{1,3}")
_LONGEST_ECHO = 60
_LONGEST_SECONDS = 86_400 * 365

NOTHING_ANSWERED = "Answer at least one question; which one is up to you."
FOREIGN_FORM = (
    "This form is not as we sent it. It stands below as it should be, with all that you entered: send it again."
)
CAME_TWICE = "“{name}” came more than once; the first is shown below. Send the form again."
REQUIRED = "Please answer this question."
BOTH = "Give an answer, or a reason for leaving it out, but not both."


@dataclass(frozen=True)
class Problem:
    """A sentence about what is wrong, and the values of the names in its braces, so that it can be translated."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


@dataclass(frozen=True)
class SentForm:
    """A form as it arrived: `typed` are the raw texts by field name, `errors` problems by field name.

    `problems` are about the form as a whole. Only a form without either may be stored.
    """

    form_key: str
    typed: dict[str, str]
    answers: dict[Slot, ParsedAnswer]
    errors: dict[str, Problem] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_key(self) -> bool:
        """Whether the form brought a key of its own."""
        return self.form_key != NO_FORM_KEY

    @property
    def is_good(self) -> bool:
        """Whether all of it can be stored."""
        return not self.errors and not self.problems

    def seconds_open(self, now: float) -> int | None:
        """How many seconds the form had stood open at an instant (Unix time), by its key; None if that does not say."""
        shown = _SHOWN_AT.fullmatch(self.form_key)
        seconds = round(now) - int(shown[1]) if shown else -1
        return seconds if 0 <= seconds <= _LONGEST_SECONDS else None


def new_form_key(now: float, secret: str, told: int = 0) -> str:
    """The key of a form that is shown now: when, what it told about data, and something that no other form has."""
    return f"{now:.0f}-v{told}-{secret}"


def told_version(fields: Iterable[tuple[str, str]], newest: int) -> int:
    """Which version of the text about data stood below a form that was sent, by its key; else the newest."""
    key = next((value for name, value in fields if name == FORM_KEY), "")
    told = _TOLD.match(key)
    return min(int(told[1]), newest) if told else newest


def sent_value(answer: ParsedAnswer) -> str:
    """What a form sends for an answer that was stored; blank where there is none."""
    if answer.absence is not None:
        return f"{ABSENT}{answer.absence}"
    if answer.value_text is not None:
        return answer.value_text
    return "" if answer.value_number is None else f"{answer.value_number:.10g}"


def read_form(asked: Sequence[Field], fields: Iterable[tuple[str, str]], *, has_files: bool = False) -> SentForm:
    """Read a page that was sent; a field is there at most once but for boxes, and its name is that of its place.

    A question that was left empty has no answer. Never raises: what is wrong stands in the result.
    """
    fields = list(fields)
    known = {each.name: each for each in asked}
    typed = _typed(known, fields)
    form_keys = [value for name, value in fields if name == FORM_KEY]
    answers, errors = _parsed(known, typed)
    torn = _torn(known, fields)
    for name in torn:
        answers.pop(known[name].slot, None)
        errors[name] = Problem(BOTH)
    problems = _problems(known, [(name, value) for name, value in fields if name not in torn], form_keys)
    if has_files and FOREIGN_FORM not in [problem.sentence for problem in problems]:
        problems.append(Problem(FOREIGN_FORM))
    has_key = len(form_keys) == 1 and _KEY.fullmatch(form_keys[0]) is not None
    return SentForm(form_keys[0] if has_key else NO_FORM_KEY, typed, answers, errors, problems)


def preselected(asked: Sequence[Field], score: str | None) -> dict[str, str]:
    """The value that a number in a mail preselects; nothing where it is not on the scale."""
    found = [each for each in asked if each.name == PRESELECTED]
    if score is None or not found or score not in {choice.value for choice in found[0].choices}:
        return {}
    return {PRESELECTED: score}


def _typed(known: Mapping[str, Field], fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What was entered, by field; boxes come one by one, and so do the places of a ranking (`KEY/OPTION` = place).

    The places stay beside the order that they make, so that one that makes none can be shown again.
    """
    typed: dict[str, str] = {}
    places: dict[str, list[tuple[str, str]]] = {}
    for name, value in fields:
        base, _, option = name.rpartition("/")
        if _ranks(known, base):
            places.setdefault(base, []).append((value.strip(), option))
        elif name in known and value.strip():
            if known[name].question.kind == "multiple_choice" and name in typed:
                typed[name] = f"{typed[name]} {value.strip()}"
            else:
                typed.setdefault(name, value)
    for name, ranked in places.items():
        chosen = [(int(place), option) for place, option in ranked if _PLACE.fullmatch(place)]
        if chosen:
            typed |= {name: _in_order(chosen)} | {f"{name}/{option}": str(place) for place, option in chosen}
    return typed


def _in_order(ranked: Sequence[tuple[int, str]]) -> str:
    """The options of a ranking in their order; one whose place another has already comes as often, and is refused."""
    taken = Counter(place for place, _ in ranked)
    return " ".join(option if taken[place] == 1 else f"{option} {option}" for place, option in sorted(ranked))


def _parsed(
    known: Mapping[str, Field], typed: Mapping[str, str]
) -> tuple[dict[Slot, ParsedAnswer], dict[str, Problem]]:
    answers, errors = {}, {}
    for name in filter(typed.__contains__, known):
        try:
            answers[known[name].slot] = _offered(known[name], typed[name])
        except AnswerError as error:
            errors[name] = Problem(error.sentence, error.values)
    return answers, errors


def _offered(asked: Field, raw: str) -> ParsedAnswer:
    """The answer, which must be one that the form offers: files may say “partly” where a form says yes or no."""
    said = raw.strip().casefold()
    if asked.question.kind == "yes_no" and said not in {"yes", "no"} and not said.startswith(ABSENT):
        raise AnswerError("Choose yes or no.")
    return asked.question.parse(raw)


def _problems(known: Mapping[str, Field], fields: list[tuple[str, str]], form_keys: list[str]) -> list[Problem]:
    counts = Counter(name for name, value in fields if value.strip() or name not in known)
    unknown = [name for name in counts if name not in OURS and not _is_known(known, name)]
    doubled = [name for name, count in counts.items() if count > 1 and not _may_repeat(known, name)]
    problems = []
    if unknown or any(not _KEY.fullmatch(key) for key in form_keys):
        problems.append(Problem(FOREIGN_FORM))
    if doubled:
        problems.append(Problem(CAME_TWICE, {"name": shortened(doubled[0])}))
    return problems


def _is_known(known: Mapping[str, Field], name: str) -> bool:
    base, _, option = name.rpartition("/")
    if _ranks(known, base):
        return option in {each.key for each in known[base].question.options}
    return name in known


def _ranks(known: Mapping[str, Field], name: str) -> bool:
    return name in known and known[name].question.kind == "ranking"


def _torn(known: Mapping[str, Field], fields: Sequence[tuple[str, str]]) -> set[str]:
    """The fields that bring an answer and a reason for giving none at once."""
    said: dict[str, set[bool]] = {}
    for name, value in fields:
        base = name.rpartition("/")[0]
        field_name = base if _ranks(known, base) else name
        if field_name in known and value.strip():
            outs = {choice.value for choice in known[field_name].opt_outs}
            said.setdefault(field_name, set()).add(value.strip() in outs)
    return {name for name, ways in said.items() if len(ways) > 1}


def _may_repeat(known: Mapping[str, Field], name: str) -> bool:
    return name in known and known[name].question.kind == "multiple_choice"


def shortened(text: str) -> str:
    """A text of any length as it may be quoted in a sentence."""
    plain = "".join(character if character.isprintable() else "\ufffd" for character in text[: _LONGEST_ECHO + 1])
    return plain if len(plain) <= _LONGEST_ECHO else f"{plain[:_LONGEST_ECHO]}…"
