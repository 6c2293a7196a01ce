"""The columns of exported responses: one per question over all versions, named, labelled and explained."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.questionnaires.rules.definition import Question, Questionnaire

ABSENCES = ("not_applicable", "dont_know", "refused")
ABSENCE_LABELS = {"not_applicable": "Not applicable", "dont_know": "Don't know", "refused": "Refused"}
CODES = dict(zip(ABSENCES, (-97, -98, -99), strict=True))
NUMBER_CODES = {absence: -(10**13) + code for absence, code in CODES.items()}
"""An amount may be −97; none has thirteen digits."""

YES_NO = {0.0: "No", 0.5: "Partly", 1.0: "Yes"}
AGREED = {0.0: "No", 1.0: "Yes"}
LONGEST_NAME = 60
_RESERVED = {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}

HEADER = (
    "variable",
    "question",
    "text",
    "kind",
    "dimension",
    "values",
    "missing",
    "missing_in_sav",
    "versions",
    "answered",
)


@dataclass(frozen=True)
class Version:
    """A published questionnaire that responses were given to."""

    key: str
    number: int
    definition: Questionnaire


@dataclass(frozen=True)
class Variable:
    """One column of the wide form; `place` counts the relationship that it is about, 0 where it is about none.

    `codes` maps the answers that are words to numbers, `labels` numbers to words, `missing` absences to numbers.
    """

    name: str
    label: str
    question: str = ""
    kind: str = ""
    dimension: str = ""
    place: int = 0
    is_number: bool = False
    codes: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[float, str] = field(default_factory=dict)
    missing: Mapping[str, float] = field(default_factory=dict)
    versions: tuple[str, ...] = ()
    answered: int | None = None

    def row(self) -> tuple[Any, ...]:
        """The variable as a row under `HEADER`."""
        missing = self.missing if self.is_number else {}
        return (
            self.name,
            self.question,
            self.label,
            self.kind,
            self.dimension,
            "; ".join(f"{_plain(number)} = {words}" for number, words in self.labels.items()),
            "; ".join(self.missing),
            "; ".join(f"{ABSENCE_LABELS[absence]} = {code:.0f}" for absence, code in missing.items()),
            "; ".join(self.versions),
            self.answered,
        )


FACTS = (
    Variable("response_id", "Response"),
    Variable("account_id", "Account, as the CRM names it"),
    Variable("contact_id", "Contact, as the CRM names it"),
    Variable("submitted_at", "Sent at (UTC)"),
    Variable("mode", "How it was given: survey or interview"),
    Variable("role", "Role of the person in the study"),
    Variable("language", "Language of the form"),
    Variable("seconds", "Longest time that a form stood open, in seconds", is_number=True),
    Variable("stratum", "Stratum of the account"),
    Variable("stratum_size", "Accounts of the stratum in the frame", is_number=True),
    Variable("weight", "Design weight of the account", is_number=True),
    Variable("questionnaire", "Questionnaire"),
    Variable("version", "Version of the questionnaire", is_number=True),
    Variable("interviewer", "Who asked in an interview: the account's own csm (own_csm), or somebody neutral"),
    Variable("held_on", "Day of an interview that was entered from notes; empty: written down as it was held"),
    Variable("peeked_at", "When the interviewer first looked at the health score before the end (UTC); empty: not"),
)
FLAGS = tuple(
    Variable(f"flag_{kind}", f"Flagged: {words}", is_number=True, labels=AGREED)
    for kind, words in (
        ("speeder", "answered very fast"),
        ("straight_liner", "all scales at the same place"),
        ("duplicate", "the same words or answers as another response"),
        ("machine", "perhaps a machine"),
    )
)


def variables_of(
    versions: Sequence[Version], *, answered: Mapping[str, int], looped: Collection[str], items: int
) -> list[Variable]:
    """Return the columns of the wide form: facts, flags, relationships, then questions in the order of asking.

    The first version leads; what only others ask follows. A looped question has a column for each relationship, in the
    order of the columns `item_1`, `item_2`, … which name them.
    """
    fixed = [*FACTS, *FLAGS, *(Variable(f"item_{n}", f"Relationship {n} asked about") for n in range(1, items + 1))]
    taken = {variable.name.casefold() for variable in fixed}
    found: list[Variable] = []
    for key, asked in _by_key(versions).items():
        if not asked[0][1].kind_rules.takes_answer and not answered.get(key):
            continue
        name = _free_name(key, taken)
        found.extend(
            _variable(f"{name}_{place}" if place else name, key, asked, place, answered.get(key, 0))
            for place in (range(1, items + 1) if key in looped else (0,))
        )
    return [*fixed, *found]


def cell_of(variable: Variable, row: Any, *, is_coded: bool) -> Any:
    """Return what stands in the cell of an answer: words and plain numbers, or (coded) numbers with labels."""
    if row.absence is not None:
        return absent_cell(variable, row.absence, is_coded=is_coded)
    if is_coded and variable.codes:
        return variable.codes.get(row.value_text)
    if is_coded and variable.is_number:
        return row.value_number
    return row.value_text if row.value_text is not None else _plain(row.value_number)


def absent_cell(variable: Variable, absence: str, *, is_coded: bool) -> Any:
    """Return what stands where there is no answer: why, in a word, or (coded) the number that means it."""
    if not is_coded:
        return absence
    return variable.missing.get(absence) if variable.is_number else None


def _by_key(versions: Iterable[Version]) -> dict[str, list[tuple[Version, Question]]]:
    found: dict[str, list[tuple[Version, Question]]] = {}
    for version in versions:
        for question in version.definition.questions:
            found.setdefault(question.key, []).append((version, question))
    return found


def _variable(name: str, key: str, asked: Sequence[tuple[Version, Question]], place: int, answered: int) -> Variable:
    question = asked[0][1]
    options = {option.key: option.label for _, each in asked for option in each.options}
    codes = {option: float(n) for n, option in enumerate(options, start=1)} if question.kind == "single_choice" else {}
    is_number = bool(codes) or question.kind_rules.is_numeric or question.kind in {"number", "consent"}
    return Variable(
        name=name,
        label=question.text + (f" (relationship {place})" if place else ""),
        question=key,
        kind=question.kind,
        dimension=str(question.dimension or ""),
        place=place,
        is_number=is_number,
        codes=codes,
        labels={code: options[option] for option, code in codes.items()} or _labels(question),
        missing=NUMBER_CODES if question.kind == "number" else CODES,
        versions=tuple(f"{version.key} {version.number}" for version, _ in asked),
        answered=answered,
    )


def _labels(question: Question) -> dict[float, str]:
    if question.kind == "yes_no":
        return YES_NO
    if question.kind == "consent":
        return AGREED
    low, high = question.kind_rules.minimum, question.kind_rules.maximum
    if question.anchors is None or low is None or high is None:
        return {}
    return {low: question.anchors.low, high: question.anchors.high}


def _free_name(key: str, taken: set[str]) -> str:
    """Return a name that SPSS takes, and that no other column has whatever its case."""
    name = re.sub(r"[^A-Za-z0-9_.]", "_", key)[:LONGEST_NAME].rstrip("._")
    if not name or not name[0].isalpha() or name.casefold() in taken | _RESERVED:
        name = f"q_{name}"
    free, number = name, 2
    while free.casefold() in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free.casefold())
    return free


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value
