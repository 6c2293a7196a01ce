"""Translating a draft: every text beside its original, what is missing, and the direction of scales."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.authoring.forms import TEXT, refuse_nul, typed_entry
from app.authoring.queries import draft_of, name_of
from app.authoring.rules.parts import TRANSLATION, Entry, basis_of, entry_at, place_of, with_entry
from app.authoring.rules.translating import TextRow, is_language, merged, text_rows
from app.authoring.rules.words import DIRECTION_WORDS, language_name
from app.authoring.services import save_draft
from app.authoring.views.blueprint import blueprint
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.questionnaires.models import QuestionnaireDraft
from app.questionnaires.rules.languages import direction_of
from app.users.policy import Permission, access, current_scope


@dataclass(frozen=True)
class Sheet:
    """The table of one language: its rows, and what is known of the language."""

    language: str
    rows: list[TextRow]
    direction: str
    basis: str

    @property
    def missing(self) -> int:
        """How many texts are not translated yet."""
        return sum(not row.words for row in self.rows)


@blueprint.get("/questionnaires/<key>/translate")
@access(Permission.STUDIES)
def languages(key: str) -> ResponseReturnValue:
    """Show the languages of a draft, or go on to the one that was asked for."""
    draft = draft_of(db.session, key)
    wanted = request.args.get("language", "").strip()
    if wanted and is_language(wanted) and wanted != draft.definition.get("language"):
        return redirect(url_for("authoring.translate", key=key, language=wanted))
    problem = wanted and "Write the code of a language, such as de, ar or pt-BR; not that of the original."
    sheets = [sheet_of(draft, name) for name in draft.definition.get("translations", {})]
    return render_template(
        "authoring/languages.html", draft=draft, sheets=sheets, wanted=wanted, problem=problem, called=language_name
    )


@blueprint.route("/questionnaires/<key>/translate/<language>", methods=["GET", "POST"])
@access(Permission.STUDIES)
def translate(key: str, language: str) -> ResponseReturnValue:
    """Show every text beside its translation, or store the translations that were typed."""
    draft = draft_of(db.session, key, is_locked=request.method == "POST")
    if not is_language(language) or language == draft.definition.get("language"):
        raise Missing("There is no such translation.", "language")
    if request.method == "GET":
        return sheet_page(draft, language)
    place = place_of(TRANSLATION, language)
    current = entry_at(draft.definition, place) or {}
    typed = typed_entry(request.form, place)
    try:
        refuse_nul(request.form)
        shown = {name.removeprefix(TEXT) for name in request.form if name.startswith(TEXT)}
        entry = merged(current, typed, shown)
        if basis_of(current) not in {request.form.get("basis"), basis_of(entry)}:
            by = name_of(db.session, draft.changed_by)
            return tell_conflict(draft, language, typed, by)
        definition = with_entry(draft.definition, place, entry)
        save_draft(db.session, draft=draft, revision=draft.revision, definition=definition, by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return sheet_page(draft_of(db.session, key), language, typed=typed, problem=refusal.sentence), 400
    flash("The translation is saved in the draft.")
    return redirect(url_for("authoring.translate", key=key, language=language), code=303)


def tell_conflict(draft: QuestionnaireDraft, language: str, typed: Entry, by: str) -> ResponseReturnValue:
    """Answer texts that were typed beside a colleague's: both stand on the page, and saving again decides."""
    problem = f"{by or 'A colleague'} saved this translation meanwhile. Your texts stand here; theirs below each."
    return sheet_page(draft, language, typed=typed, problem=problem), 409


def sheet_page(draft: QuestionnaireDraft, language: str, *, typed: Entry | None = None, problem: str = "") -> str:
    """Return the page of one language."""
    sheet = sheet_of(draft, language, typed)
    return render_template(
        "authoring/translate.html",
        draft=draft,
        sheet=sheet,
        problem=problem,
        written=direction_of(language).value,
        directions=DIRECTION_WORDS,
        prefix=TEXT,
        called=language_name,
    )


def sheet_of(draft: QuestionnaireDraft, language: str, typed: Entry | None = None) -> Sheet:
    """Return the table of one language, with what was typed in place of what is stored."""
    stored = entry_at(draft.definition, place_of(TRANSLATION, language)) or {}
    rows = text_rows(draft.definition, stored["texts"], typed["texts"] if typed else None)
    direction = (typed or stored).get("direction", "")
    return Sheet(language, rows, direction, basis_of(stored))
