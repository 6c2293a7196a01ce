"""What the pages about words read: themes with their edits, and the next open answer for a person to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.reports.rules.theme_names import NameLine, changes, name_lines
from app.scoring.models import HandCode, ThemeEdit
from app.scoring.queries import analysis_of
from app.scoring.queries import words as queries
from app.scoring.rules.editing import AS_FOUND, Edit
from app.scoring.rules.hand_coding import CODED_BEFORE_USE, HAND_LABELS, hand_coding
from app.scoring.rules.plain import plain
from app.studies.models import Study

MOST_CHANGES = 12


@dataclass(frozen=True)
class Change:
    """One edit of a theme in words, who made it, and whether it can be taken back from here."""

    id: int
    sentence: str
    who: str
    edit: ThemeEdit
    is_last: bool


def theme_lines(session: Session, study: Study) -> list[NameLine]:
    """Return a line per theme of the study's present scoring. Missing before it was scored."""
    figures = analysis_of(session, study.id, "words")
    if figures is None:
        raise Missing("The words of this study were not looked at yet; that comes with its next scoring.", "key")
    held = {key: (row.id, _edit(row)) for key, row in queries.theme_edits(session).items()}
    return name_lines(figures, held)


def last_changes(session: Session, lines: list[NameLine]) -> list[Change]:
    """Return the last edits of themes in the workspace, newest first."""
    rows = queries.theme_history(session, MOST_CHANGES)
    holding = {row.id for row in queries.theme_edits(session).values()}
    before = queries.edits_before(session, [edit for edit, _ in rows])
    told = changes(
        [(edit.id, edit.theme, _edit(before.get(edit.id)), _edit(edit)) for edit, _ in rows],
        {line.key: line.form for line in lines},
    )
    return [
        Change(edit.id, sentence, who, edit, edit.id in holding)
        for (edit, who), (_, sentence) in zip(rows, told, strict=True)
    ]


def _edit(row: ThemeEdit | None) -> Edit:
    return AS_FOUND if row is None else Edit(row.name, row.into, row.is_hidden)


@dataclass(frozen=True)
class ToRead:
    """The open answer that a person reads now, and how far the reading has come.

    `coded` counts answers of the whole workspace that can be held against ours, `left` those of this study still to be
    read, `earlier` is the answer read before this one. `kappa` is None until nothing is left to read.
    """

    answer_id: int | None
    words: str
    question: str
    chosen: str | None
    earlier: int | None
    coded: int
    needed: int
    left: int
    can_draw: bool
    kappa: Mapping[str, Any] | None
    is_proven: bool


def to_read(session: Session, study: Study, answer_id: int | None = None) -> ToRead:
    """Return this answer of the draw, or the first that nobody has read yet; Missing for one that was not drawn."""
    readable = set(queries.readable(session, study))
    rows = [code for code in queries.drawn_to_read(session, study).values() if code.answer_id in readable]
    here = _chosen(rows, answer_id)
    found = queries.text_to_read(session, here.answer_id) if here else None
    checked = plain(hand_coding(queries.hand_codes(session)))
    left = sum(code.label is None for code in rows)
    return ToRead(
        answer_id=here.answer_id if here else None,
        words=(found[0] or "") if found else "",
        question=_asked(session, study, found[1]) if found else "",
        chosen=here.label if here else None,
        earlier=_earlier(rows, here),
        coded=checked["coded"],
        needed=CODED_BEFORE_USE,
        left=left,
        can_draw=len(readable) > len(rows),
        kappa=checked["kappa"] if not left else None,
        is_proven=not checked["experimental"],
    )


def _chosen(rows: list[HandCode], answer_id: int | None) -> HandCode | None:
    if answer_id is None:
        return next((code for code in rows if code.label is None), None)
    for code in rows:
        if code.answer_id == answer_id:
            return code
    raise Missing("This answer is not among those to read.", "answer")


def _earlier(rows: list[HandCode], here: HandCode | None) -> int | None:
    """Return the answer that stands before this one in the draw and has been read."""
    read = [code.answer_id for code in rows if code.label is not None and (here is None or code.place < here.place)]
    return read[-1] if read else None


def _asked(session: Session, study: Study, key: str) -> str:
    question = definition_of(session.get_one(QuestionnaireVersion, study.version_id)).question(key)
    return question.text if question else ""


LABELS = dict(zip(HAND_LABELS, ("Negative", "Neutral or mixed", "Positive"), strict=True))
