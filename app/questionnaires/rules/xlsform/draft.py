"""A questionnaire under construction, and how texts come into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.questionnaires.rules.xlsform.cells import Context, text_of
from app.questionnaires.rules.xlsform.sheets import Row


@dataclass
class Draft:
    """A questionnaire under construction: sections and questions as plain documents, translations by language."""

    sections: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    positions: list[str] = field(default_factory=list)

    def translate(self, place: str, texts: Mapping[str, str]) -> None:
        """Keep the texts of a place in other languages."""
        for language, words in texts.items():
            if words:
                self.translations.setdefault(language, {})[place] = words


@dataclass(frozen=True)
class Place:
    """Where a question goes: its section, and the conditions of the groups that it stands in."""

    section: str
    conditions: tuple[str, ...] = ()


def add_text(draft: Draft, row: Row, column: str, place: str, context: Context) -> str | None:
    """The text of a column in the main language, None where it is blank; its translations are kept under the place."""
    main = row.words(column)
    others = {language: text_of(words, None, context) for language, words in row.translated(column).items()}
    if others and not main:
        context.findings.refuse(row, f"{column} has words in {', '.join(others)}, but none in the main language")
        return None
    draft.translate(place, others)
    return text_of(main, row, context) if main else None
