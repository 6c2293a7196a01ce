"""Probes as the guidance hint: one a line; a line that begins with a space goes on with the probe above."""

import re
from collections.abc import Sequence

from app.questionnaires.rules.xlsform.cells import Context, text_of
from app.questionnaires.rules.xlsform.draft import Draft
from app.questionnaires.rules.xlsform.sheets import Row

COLUMN = "guidance_hint"
UNTRANSLATED = "-"
"""The line that stands in a translation for a probe without one."""


def probes_of(draft: Draft, row: Row, place: str, context: Context) -> list[str]:
    """The probes of a row; translations must have as many lines, or they would be of other probes."""
    probes = [text_of(line, row, context) for line in lines_of(row.words(COLUMN))]
    for language, words in row.translated(COLUMN).items():
        lines = lines_of(words)
        if len(lines) > len(probes):
            context.findings.refuse(
                row, f"{COLUMN} has {len(lines)} lines in {language}, but {len(probes)} in the main language"
            )
        for number, line in enumerate(lines, start=1):
            if line != UNTRANSLATED:
                draft.translate(f"{place}.probes.{number}", {language: text_of(line, None, context)})
    return probes


def lines_of(words: str) -> list[str]:
    """The probes in a cell."""
    return [re.sub(r"\n[ ]{1,2}", "\n", line) for line in re.split(r"\n(?![ ])", words) if line.strip()]


def cell_of(probes: Sequence[str]) -> str:
    """The cell of some probes, which `lines_of` reads back."""
    return "\n".join(probe.replace("\n", "\n  ") for probe in probes)
