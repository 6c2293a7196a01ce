"""The editor of a draft: one part at a time, saved as it was typed, whether or not it could be published."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from app.core.database import db
from app.core.error_pages import wants_json
from app.core.errors import Missing, Refusal
from app.health.forms import typed_part
from app.health.models import ScorecardDraft
from app.health.queries.drafts import draft_of, name_of
from app.health.queries.sealing import metrics_shown
from app.health.rules.drawing import curve_of
from app.health.rules.editing import (
    MEASURE,
    WEIGHTS,
    Sheet,
    basis_of,
    judgement_share,
    keys,
    moved,
    part_of,
    shares,
    with_exception,
    with_group,
    with_measure,
    with_part,
    without_exception,
    without_group,
    without_measure,
)
from app.health.rules.readiness import Reading, reading_of
from app.health.rules.telling import Told
from app.health.services.drafts import Stale, save_part, save_sheet
from app.health.views.blueprint import blueprint
from app.health.views.comparing import left_out, preview_of
from app.users.policy import Permission, access, current_scope

OWN_FIELDS = frozenset({"csrf_token", "basis", "do", "go", "place"})


@dataclass
class Shown:
    """The part that the editor shows: what stands in its form, what it is known by, and what was refused of it."""

    place: str
    entry: Any
    basis: str
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/scorecards/<key>/edit")
@access(Permission.STUDIES)
def edit(key: str) -> ResponseReturnValue:
    """Show the editor with one part of the draft."""
    draft = draft_of(db.session, key)
    place = request.args.get("at") or WEIGHTS
    part = part_of(draft.definition, place)
    if part is None:
        raise Missing("The draft has no such part.", "at")
    return editor_page(draft, Shown(place, part, basis_of(part)))


@blueprint.post("/scorecards/<key>/edit")
@access(Permission.STUDIES)
def save(key: str) -> ResponseReturnValue:
    """Store one part as it was typed, and do what the pressed button says."""
    draft = draft_of(db.session, key, is_locked=True)
    place, basis = request.form.get("place", ""), request.form.get("basis", "")
    typed: dict[str, Any] = part_of(draft.definition, place) or {}
    by = current_scope().user_id
    try:
        typed = typed_part(request.form, draft.definition, place)
        save_part(db.session, draft=draft, place=place, typed=typed, basis=basis, by=by)
        sheet, at = done(draft.definition, place, request.form.get("do", ""))
        save_sheet(db.session, draft=draft, sheet=sheet, by=by)
        db.session.commit()
    except Missing:
        raise
    except Stale:
        return tell_conflict(draft, place, typed)
    except Refusal as refusal:
        db.session.rollback()
        return tell_refused(key, Shown(place, typed, basis, {refusal.field or "": refusal.sentence}))
    return tell_saved(draft, request.form.get("go") or at)


def done(sheet: Sheet, place: str, do: str) -> tuple[Sheet, str]:
    """Return the draft after what a button does, and the part to show next."""
    deed, _, key = do.partition(":")
    if deed == "add_measure":
        changed, new = with_measure(sheet)
        return changed, f"{MEASURE}.{new}"
    deeds: dict[str, Callable[[], Sheet]] = {}
    if key in keys(sheet, "measures"):
        deeds |= {
            "up": lambda: moved(sheet, key, -1),
            "down": lambda: moved(sheet, key, 1),
            "delete": lambda: without_measure(sheet, key),
        }
    if key in keys(sheet, "groups"):
        deeds["drop_group"] = lambda: without_group(sheet, key)
    deeds |= {
        "add_group": lambda: with_group(sheet),
        "add_exception": lambda: with_exception(sheet),
        "drop_exception": lambda: without_exception(sheet, key),
    }
    changed = deeds[deed]() if deed in deeds else sheet
    return changed, WEIGHTS if deed == "delete" else place


def tell_saved(draft: ScorecardDraft, place: str) -> ResponseReturnValue:
    """Answer a save: to a script what it shows, to a browser the way to the next part."""
    if not wants_json():
        if place.startswith("page:"):
            return redirect(url_for(f"health.{place.removeprefix('page:')}", key=draft.key), code=303)
        return redirect(url_for("health.edit", key=draft.key, at=place), code=303)
    reading = reading_of(draft.definition)
    return jsonify(
        basis=basis_of(part_of(draft.definition, place)),
        saved_at=draft.changed_at.isoformat(),
        problems=len(reading.problems),
        faults=reading.at(place),
    )


def tell_refused(key: str, shown: Shown) -> ResponseReturnValue:
    """Answer what cannot be stored: the editor again, with all that was typed and the remedy."""
    if wants_json():
        ((name, sentence),) = shown.errors.items()
        return jsonify(field=name, message=sentence), 400
    return editor_page(draft_of(db.session, key), shown), 400


def tell_conflict(draft: ScorecardDraft, place: str, typed: dict[str, Any]) -> ResponseReturnValue:
    """Answer a part that a colleague changed meanwhile: both versions, and the way to decide."""
    current = part_of(draft.definition, place)
    mine = part_of(with_part(draft.definition, place, typed), place)
    key, by = draft.key, name_of(db.session, draft.changed_by)
    db.session.rollback()
    if wants_json():
        return jsonify(by=by, message=f"{by or 'A colleague'} changed this part meanwhile."), 409
    page = render_template(
        "health/conflict.html",
        key=key,
        place=place,
        rows=both(current, mine),
        basis=basis_of(current),
        by=by,
        sent=[(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS],
    )
    return page, 409


def both(theirs: Any, mine: Any) -> list[tuple[str, str, str]]:
    """Return the fields that differ: name, theirs, mine."""
    return [
        (name.replace("_", " ").capitalize(), words_of(theirs[name]), words_of(mine[name]))
        for name in theirs
        if theirs[name] != mine.get(name)
    ]


def words_of(value: Any) -> str:
    """Return a field's value as words."""
    if isinstance(value, list):
        return "\n".join(words_of(each) if isinstance(each, dict) else " is ".join(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each != "")
    return str(value)


def editor_page(draft: ScorecardDraft, shown: Shown) -> str:
    """Return the page of the editor."""
    sheet: Sheet = draft.definition
    kind, _, part_key = shown.place.partition(".")
    reading = reading_of(sheet)
    return render_template(
        "health/edit.html",
        draft=draft,
        sheet=sheet,
        part=kind,
        part_key=part_key,
        shown=shown,
        entry=shown.entry,
        errors=reading.at(shown.place) | shown.errors,
        reading=reading,
        faulty={problem.place for problem in reading.problems},
        shares=shares(sheet),
        judgement=judgement_share(sheet),
        sealed=left_out(),
        changed_by=name_of(db.session, draft.changed_by),
        user_id=current_scope().user_id,
        preview=told_preview(draft, reading),
        **(measure_values(sheet, shown.entry) if kind == MEASURE else {}),
    )


def told_preview(draft: ScorecardDraft, reading: Reading) -> Told | None:
    """Return the preview beside the form; None where nothing can be computed yet."""
    return None if reading.scorecard is None else preview_of(draft.key, reading.scorecard)[0]


def measure_values(sheet: Sheet, entry: dict[str, Any]) -> dict[str, Any]:
    """Return what the form of one measure needs: its drawing, rows to type into, and the metrics to choose from."""
    return {
        "curve": curve_of(entry["points"], sheet["amber_from"], sheet["green_from"]),
        "rows": [*entry["points"], ["", ""], ["", ""]],
        "metrics": metrics_shown(db.session),
        "own_metrics": OWN_METRICS,
    }


OWN_METRICS = (
    ("cases.open", "open cases on the day"),
    ("cases.opened", "cases opened in the window"),
    ("cases.days_to_close", "days until a case is closed"),
    ("cases.csat", "satisfaction with cases"),
    ("csm.sentiment", "the CSM’s judgement, 0 to 100"),
    ("account.margin", "revenue less cost and incentives, as a share of revenue"),
    ("account.pipeline_share", "open pipeline as a share of revenue"),
    ("account.new_opportunities", "opportunities created in the window; unknown until a file of them is imported"),
)
"""Metrics that are computed here and need no telemetry file, with what they are."""
