"""Lists of choices: as options, or as one of the scales where they are nothing but its numbers and ends."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.questionnaires.rules.reading import OPTION_KEY
from app.questionnaires.rules.xlsform.sheets import MAIN, Findings, Row

SCALES = {"scale_0_10": range(11), "scale_1_5": range(1, 6), "scale_1_7": range(1, 8)}
_MEDIA = ("image", "big-image", "audio", "video")
_KNOWN = {"list_name", "name", "label", *_MEDIA}


@dataclass(frozen=True)
class Choice:
    """One choice; its labels by language, the main one under a blank."""

    key: str
    labels: Mapping[str, str]

    def words(self, language: str = MAIN) -> str:
        """Its label as the end of a scale: without the number that may precede it, blank where it is only that."""
        label = self.labels.get(language, "").strip()
        return re.sub(rf"^{re.escape(self.key)}(?:\s*[–—:=)]\s*|\s*[.-]\s+|\s+|$)", "", label, count=1)


@dataclass(frozen=True)
class ChoiceList:
    """The choices under one name, in their order."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def keys(self) -> list[str]:
        """What answers are stored as."""
        return [choice.key for choice in self.choices]

    def has_keys_of(self, kind: str) -> bool:
        """Whether its names are what the answers of a scale, or yes and no, are stored as."""
        if kind == "yes_no":
            return sorted(self.keys) == ["no", "yes"]
        return self.keys == [str(number) for number in SCALES[kind]]

    def scale(self) -> str | None:
        """The kind of scale that the list is: one whose numbers it has, with words at both ends or at none."""
        if self.has_keys_of("yes_no") and not self.other_words():
            return "yes_no"
        kind = next((kind for kind in SCALES if self.has_keys_of(kind)), None)
        ends = [bool(choice.words()) for choice in (self.choices[0], self.choices[-1])] if kind else []
        return kind if kind and not self.inner_words() and ends[0] == ends[1] else None

    def inner_words(self) -> list[str]:
        """The words between the ends, for which a scale has no place."""
        inner = self.choices[1:-1]
        return [choice.labels[each] for choice in inner for each in choice.labels if choice.words(each)]

    def other_words(self) -> list[str]:
        """The labels that say something else than the names."""
        labels = [label for choice in self.choices for label in choice.labels.values()]
        return [label for label in labels if label.strip().casefold() not in {key.casefold() for key in self.keys}]


def lists_of(rows: Iterable[Row], used: Container[str], findings: Findings) -> dict[str, ChoiceList]:
    """The lists of the choices sheet by name; what those that are used hold besides names and labels is noted."""
    found: dict[str, list[Choice]] = {}
    for row in rows:
        if row.get("list_name") in used:
            _note_columns(row, findings)
        if row.get("list_name"):
            labels = {MAIN: row.words("label"), **row.translated("label")}
            given = {language: label for language, label in labels.items() if label}
            found.setdefault(row.get("list_name"), []).append(Choice(row.get("name"), given))
    return {name: ChoiceList(name, tuple(choices)) for name, choices in found.items()}


def options_of(choices: ChoiceList, findings: Findings) -> list[dict[str, str]]:
    """The options of a choice; a name that cannot be one, or that could mean two of them, is noted."""
    for choice in choices.choices:
        if not OPTION_KEY.fullmatch(choice.key):
            findings.refuse(
                None,
                f"choices, list “{choices.name}”: the name “{choice.key[:80]}” must be at most 64 letters, "
                "digits, _ . or -, and begin with a letter, a digit or _",
            )
        if not choice.labels.get(MAIN):
            findings.leave_out(None, f"choices, list “{choices.name}”: “{choice.key}” has no label; its name is shown")
    options = [{"key": choice.key, "label": choice.labels.get(MAIN) or choice.key} for choice in choices.choices]
    for name in _ambiguous(options):
        findings.refuse(None, f"choices, list “{choices.name}”: “{name[:80]}” is the name or label of two choices")
    return options


def _ambiguous(options: Sequence[Mapping[str, str]]) -> list[str]:
    names = Counter(name for option in options for name in {option["key"].casefold(), option["label"].casefold()})
    return [name for name, count in names.items() if count > 1]


def _note_columns(row: Row, findings: Findings) -> None:
    for column in row.columns:
        if column in _MEDIA:
            findings.refuse(row, f"{column} “{row.words(column)[:80]}”: options have words only")
        elif column not in _KNOWN:
            findings.leave_out(None, f"choices, column “{column}”: only lists, names and labels are read")
