"""Naming, merging and hiding themes: every edit is a row, so that each can be taken back and nothing typed is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.responses.services import note_change
from app.scoring.models import ThemeEdit
from app.scoring.queries import words as queries
from app.scoring.rules.editing import AS_FOUND, Edit, merged
from app.studies.models import Study
from app.users.services.audit import record_event, wait_for_turn


@dataclass(frozen=True)
class Wanted:
    """How a theme is to be treated, and the edit that held when its form was opened; 0 is none."""

    theme: str
    edit: Edit
    was: int


def edit_themes(session: Session, *, study: Study, wanted: Sequence[Wanted], at: datetime, by: int) -> int:
    """Store what differs from what holds, and have the study scored again; return how many themes changed.

    The edits hold in the whole workspace; other studies take them over with their next scoring. Refused with the theme
    as field, where somebody else edited it since the form was opened, where it would be part of itself, or part of a
    theme of no name here.
    """
    wait_for_turn(session)
    rows = queries.theme_edits(session)
    edits = {key: _edit(row) for key, row in rows.items()}
    changed = [each for each in wanted if each.edit != edits.get(each.theme, AS_FOUND)]
    for each in changed:
        _refuse_if_stale(each, rows.get(each.theme))
        try:
            edits = merged(each.theme, each.edit, edits)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, each.theme) from refusal
    _store(session, study, {each.theme: each.edit for each in changed}, at, by)
    return len(changed)


def undo_edit(session: Session, *, study: Study, edit_id: int, at: datetime, by: int) -> str:
    """Let a theme be treated as before its last edit, by one more edit, and return its stems.

    Refused where it was edited again since; Missing where there is no such edit.
    """
    wait_for_turn(session)
    edit = session.get(ThemeEdit, edit_id)
    if edit is None:
        raise Missing("There is no such change of a theme.", "edit")
    rows = queries.theme_edits(session)
    if rows[edit.theme].id != edit.id:
        raise Refusal("This theme was changed again since; take back its last change first.", "edit")
    before = session.scalars(
        select(ThemeEdit)
        .where(ThemeEdit.theme == edit.theme, ThemeEdit.id < edit.id)
        .order_by(ThemeEdit.id.desc())
        .limit(1)
    ).one_or_none()
    restored = AS_FOUND if before is None else _edit(before)
    merged(edit.theme, restored, {key: _edit(row) for key, row in rows.items()})
    _store(session, study, {edit.theme: restored}, at, by)
    return edit.theme


def _edit(row: ThemeEdit) -> Edit:
    return Edit(row.name, row.into, row.is_hidden)


def _refuse_if_stale(wanted: Wanted, present: ThemeEdit | None) -> None:
    if wanted.was != (present.id if present else 0):
        raise Refusal(
            "Somebody else changed this theme since you opened the page. Nothing was stored; what you typed stands "
            "here still. Look at the last changes below, then store yours again.",
            wanted.theme,
        )


def _store(session: Session, study: Study, edits: Mapping[str, Edit], at: datetime, by: int) -> None:
    if not edits:
        return
    rows = [
        ThemeEdit(theme=theme, name=edit.name, into=edit.into, is_hidden=edit.is_hidden, edited_at=at, edited_by=by)
        for theme, edit in edits.items()
    ]
    session.add_all(rows)
    session.flush()
    note_change(session, study.id, at)
    fields = {"edits": [row.id for row in rows]}
    record_event(session, actor_id=by, action="themes.edit", object_type="study", object_id=study.key, fields=fields)
