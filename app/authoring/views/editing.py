"""The editor of a draft: one part at a time, saved as it was typed, whether or not it could be published."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from app.authoring.forms import blank_rows, refuse_nul, typed_entry
from app.authoring.queries import draft_of, name_of, question_keys
from app.authoring.rules.outline import expression_faults, outline_of
from app.authoring.rules.parts import (
    ABOUT,
    DELETED,
    QUESTION,
    SECTION,
    Entry,
    basis_of,
    entries,
    entry_at,
    keys,
    ordered,
    place_of,
    publishable,
    split_place,
)
from app.authoring.rules.problems import reading_of
from app.authoring.rules.words import (
    ASPECT_WORDS,
    BAND_WORDS,
    DIRECTION_WORDS,
    DOOR_WORDS,
    KIND_WORDS,
    OPT_OUT_WORDS,
    SIDE_WORDS,
    fields_of,
    importance_words,
)
from app.authoring.services import save_draft
from app.authoring.views.blueprint import blueprint
from app.authoring.views.deeds import Deed, done
from app.core.database import db
from app.core.error_pages import wants_json
from app.core.errors import Missing, Refusal
from app.core.headers import HEADERS
from app.core.words import topic
from app.questionnaires.models import QuestionnaireDraft
from app.questionnaires.queries import published_version
from app.questionnaires.rules.definition import Dimension
from app.users.policy import Permission, access, current_scope

POLICY = HEADERS["Content-Security-Policy"] + "; frame-src 'self'"
"""The preview is a page of ours in a frame of this page; nothing else may be framed."""


@dataclass
class Shown:
    """The part that the editor shows: what stands in its form, and what was refused of it."""

    place: str
    entry: Entry
    basis: str
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/questionnaires/<key>/edit")
@access(Permission.STUDIES)
def edit(key: str) -> ResponseReturnValue:
    """Show the editor with one part of the draft."""
    draft = draft_of(db.session, key)
    place = request.args.get("at") or first_place(draft)
    entry = entry_at(draft.definition, place)
    if entry is None or place.startswith("translation."):
        raise Missing("The draft has no such part.", "at")
    return editor_page(draft, Shown(place, entry, basis_of(entry)))


@blueprint.post("/questionnaires/<key>/edit")
@access(Permission.STUDIES)
def save(key: str) -> ResponseReturnValue:
    """Store one part as it was typed, and do what the pressed button says."""
    draft = draft_of(db.session, key, is_locked=True)
    place, basis = request.form.get("place", ""), request.form.get("basis", "")
    current = entry_at(draft.definition, place)
    if current is None:
        raise Missing("This part was deleted meanwhile; it can be put back in the editor.", "place")
    typed: Entry = current
    try:
        typed = typed_entry(request.form, place)
        refuse_nul(request.form)
        if basis_of(current) not in {basis, basis_of(typed)}:
            return tell_conflict(draft, place, typed)
        deed = done(draft.definition, place, typed, request.form, taken=lambda: taken_keys(draft))
        revision, by = draft.revision, current_scope().user_id
        save_draft(db.session, draft=draft, revision=revision, definition=deed.document, by=by)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return tell_refused(key, Shown(place, typed, basis, {refusal.field or "": refusal.sentence}))
    return tell_saved(draft, deed)


def tell_saved(draft: QuestionnaireDraft, deed: Deed) -> ResponseReturnValue:
    """Answer a save: to a script what it shows, to a browser the way to the next part."""
    if not wants_json():
        target = url_for("authoring.edit", key=draft.key, at=deed.place)
        return redirect(deed.onward or target, code=303)
    reading = reading_of(draft.definition)
    entry = entry_at(draft.definition, deed.place) or {}
    return jsonify(
        basis=basis_of(entry),
        saved_at=draft.changed_at.isoformat(),
        problems=len(reading.problems),
        here=reading.at(deed.place),
        faults=expression_faults(entry),
        title=entry.get("text") or entry.get("title") or entry.get("name") or "",
    )


def tell_refused(key: str, shown: Shown) -> ResponseReturnValue:
    """Answer what cannot be stored: the editor again, with all that was typed and the remedy."""
    if wants_json():
        ((name, sentence),) = shown.errors.items()
        return jsonify(field=name, message=sentence), 400
    return editor_page(draft_of(db.session, key), shown), 400


def tell_conflict(draft: QuestionnaireDraft, place: str, typed: Entry) -> ResponseReturnValue:
    """Answer a part that a colleague changed meanwhile: both versions, and the way to decide."""
    current = entry_at(draft.definition, place) or {}
    by = name_of(db.session, draft.changed_by)
    db.session.rollback()
    if wants_json():
        return jsonify(by=by, message=f"{by or 'A colleague'} changed this part meanwhile."), 409
    page = render_template(
        "authoring/conflict.html",
        key=draft.key,
        place=place,
        rows=both(current, typed),
        basis=basis_of(current),
        by=by,
        sent=[(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS],
    )
    return page, 409


OWN_FIELDS = frozenset({"csrf_token", "basis", "do", "go", "place"})


def both(theirs: Entry, mine: Entry) -> list[tuple[str, str, str]]:
    """Return the fields that differ: name, theirs, mine."""
    names = [*theirs, *(name for name in mine if name not in theirs)]
    return [
        (name, words_of(theirs.get(name)), words_of(mine.get(name)))
        for name in names
        if theirs.get(name) != mine.get(name)
    ]


def words_of(value: Any) -> str:
    """Return a field's value as words."""
    if isinstance(value, list):
        return "\n".join(words_of(each) for each in value)
    if isinstance(value, dict):
        return value["label"] if "label" in value else " – ".join(map(str, value.values()))
    return "" if value is None else "yes" if value is True else str(value)


def first_place(draft: QuestionnaireDraft) -> str:
    """Return the place that the editor opens with: the first question, or the whole where there is none."""
    questions = keys(draft.definition, QUESTION)
    return place_of(QUESTION, ordered(draft.definition)[0]["key"]) if questions else ABOUT


def taken_keys(draft: QuestionnaireDraft) -> set[str]:
    """Return the keys that a new question may not have by chance: those of this draft and of the bank."""
    return {*keys(draft.definition, QUESTION), *question_keys(db.session)}


def editor_page(draft: QuestionnaireDraft, shown: Shown) -> Response:
    """Return the page of the editor, which may frame the preview."""
    kind, part_key = split_place(shown.place)
    reading = reading_of(draft.definition)
    page = render_template(
        "authoring/edit.html",
        draft=draft,
        part=kind,
        part_key=part_key,
        shown=shown,
        entry=shown.entry,
        errors=expression_faults(shown.entry) | shown.errors,
        outline=outline_of(draft.definition, reading),
        reading=reading,
        here=reading.at(shown.place),
        deleted=list(enumerate(draft.definition.get(DELETED, [])))[::-1],
        language=draft.definition.get("language", ""),
        user_id=current_scope().user_id,
        **part_values(draft, kind, part_key, shown.entry),
        **choices(draft),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def part_values(draft: QuestionnaireDraft, kind: str, part_key: str, entry: Entry) -> dict[str, Any]:
    """Return what the form of one part needs: which fields apply, whether its key is settled, rows of answers."""
    if kind != QUESTION:
        return {"applies": frozenset(), "is_settled": True, "options": []}
    return {
        "applies": fields_of(entry.get("kind", "text")),
        "is_settled": part_key in published_keys(draft.key),
        "options": blank_rows(entry.get("options", [])),
        "topics_that_matter": importance_words(entry.get("kind", "text")),
        "scored": [each for each in entries(draft.definition, QUESTION) if each.get("dimension")],
    }


def published_keys(key: str) -> set[str]:
    """Return the keys of the questions that the newest published version asks; they are identities, and stay."""
    newest = published_version(db.session, key)
    return {entry["key"] for entry in newest.definition["questions"]} if newest else set()


def choices(draft: QuestionnaireDraft) -> dict[str, Any]:
    """Return the words of everything that can be chosen in the editor."""
    return {
        "kinds": KIND_WORDS,
        "sections": {each["key"]: each.get("title") or each["key"] for each in entries(draft.definition, SECTION)},
        "dimensions": {dimension.value: topic(dimension) for dimension in Dimension},
        "sides": SIDE_WORDS,
        "aspects": ASPECT_WORDS,
        "opt_outs": OPT_OUT_WORDS,
        "doors": DOOR_WORDS,
        "directions": DIRECTION_WORDS,
        "bands": BAND_WORDS,
        "languages": sorted(publishable(draft.definition).get("translations", {})),
    }
