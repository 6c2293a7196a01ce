"""What the sheets of an export are made of: lists without doubles, texts in all languages, names that convert."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.questionnaires.rules.definition import Question, Questionnaire, Section
from app.questionnaires.rules.expressions import names_in, parsed
from app.questionnaires.rules.piping import FACTS, pipes
from app.questionnaires.rules.xlsform.languages import name_of
from app.questionnaires.rules.xlsform.sheets import OWN

_RESERVED = frozenset({"meta", "instanceID", "instanceName"})
_ROOT = "data"
_ANY_PIPE = re.compile(r"\$\{([^{}|]{0,120}(?:\|[^{}]{0,200})?)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_Cells = dict[str, str]


@dataclass
class Sheets:
    """The rows of the three sheets, each row by heading."""

    survey: list[_Cells] = field(default_factory=list)
    choices: list[_Cells] = field(default_factory=list)
    settings: list[_Cells] = field(default_factory=list)
    _lists: dict[str, Sequence[_Cells]] = field(default_factory=dict)

    def list_of(self, wanted: str, choices: Sequence[_Cells]) -> str:
        """The name of a list with these choices: one that is there, or a new one under the wanted name or the like."""
        for name, known in self._lists.items():
            if known == choices:
                return name
        name, number = wanted, 1
        while name in self._lists:
            number += 1
            name = f"{wanted}_{number}"
        self._lists[name] = choices
        self.choices.extend({"list_name": name, **choice} for choice in choices)
        return name


class Names:
    """The names of an export: which are taken, which facts are used, and which XLSForm keeps for itself."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        keys = {question.key for question in questionnaire.questions}
        self.taken = keys | {section.key for section in questionnaire.sections} | {_ROOT} | _RESERVED
        self.of_questions = keys | {_ROOT} | _RESERVED
        self.facts: set[str] = set()

    def check(self, question: Question) -> None:
        """Refuse a question under a name that XLSForm keeps for itself."""
        if question.key in _RESERVED:
            raise ValueError(f"XLSForm keeps the name “{question.key}” for itself; the question cannot be written.")

    def of_section(self, section: Section) -> str:
        """The name of a section's group: its key, unless a question bears it, as references must be unique."""
        return section.key if section.key not in self.of_questions else self.new(f"section_{section.key}")

    def new(self, wanted: str) -> str:
        """A name that nothing else has."""
        name, number = wanted, 1
        while name in self.taken:
            number += 1
            name = f"{wanted}_{number}"
        self.taken.add(name)
        return name

    def note_expression(self, expression: str | None) -> None:
        """Note the facts that an expression names."""
        if expression is not None:
            for name in names_in(parsed(expression)):
                self.note(name)

    def note(self, name: str) -> None:
        """Note a name if it is a fact."""
        if name in FACTS:
            self.facts.add(name)


class Pipes:
    """Pipes with other words for an empty value: XLSForm has none, so a calculated row stands for each."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._waiting: list[_Cells] = []

    def renamed(self, words: str) -> str:
        """A text with its pipes as XLSForm writes them."""
        for pipe in pipes(words):
            self.names.note(pipe.name)
        written = _ANY_PIPE.sub(self._name, words)
        if re.search(r"\$\{(?![A-Za-z_][A-Za-z0-9_.-]*\})", written):
            raise ValueError(f"XLSForm cannot hold “${{” as plain words: “{words[:80]}”.")
        return written

    def taken(self) -> list[_Cells]:
        """The rows that the texts since the last time need."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def _name(self, found: re.Match[str]) -> str:
        raw = found[1]
        if _NAME.fullmatch(raw):
            return found[0]
        known = next((row["name"] for row in self._waiting if row[f"{OWN}::pipe"] == raw), None)
        if known is None:
            known = self.names.new("pipe")
            self._waiting.append(self._row(known, raw))
        return f"${{{known}}}"

    def _row(self, name: str, raw: str) -> _Cells:
        piped, _, other = raw.partition("|")
        words = _literal(other.strip())
        return {
            "type": "calculate",
            "name": name,
            "calculation": f"coalesce(${{{piped.strip()}}}, {words})",
            f"{OWN}::kind": "pipe",
            f"{OWN}::pipe": raw,
        }


class Texts:
    """The cells of texts: the main language under the plain heading, each other one under its own."""

    def __init__(self, questionnaire: Questionnaire, pipes: Pipes) -> None:
        self.questionnaire = questionnaire
        self.pipes = pipes

    def cells(self, heading: str, place: str, words: str | None) -> _Cells:
        """The cells of a text and its translations, none where there is no text."""
        if not words:
            return {}
        return {heading: self.main(words), **self.translated(place, heading)}

    def main(self, words: str) -> str:
        """A text in the main language."""
        return self.pipes.renamed(words)

    def translated(self, place: str, heading: str) -> _Cells:
        """The cells of the translations of a place."""
        found = {each: self.in_language(each, place) for each in self.questionnaire.translations}
        return {f"{heading}::{name_of(language)}": words for language, words in found.items() if words}

    def in_language(self, language: str, place: str) -> str | None:
        """A place's text in a language, or None."""
        words = self.questionnaire.translations[language].get(place)
        return self.pipes.renamed(words) if words else None

    def in_all_languages(self, heading: str, words: str) -> _Cells:
        """The same words in every language, as numbers are."""
        return {f"{heading}::{name_of(language)}": words for language in self.questionnaire.translations}


def _literal(words: str) -> str:
    if "'" not in words:
        return f"'{words}'"
    return (
        f'"{words}"' if '"' not in words else "concat({})".format(', "\'", '.join(f"'{p}'" for p in words.split("'")))
    )
