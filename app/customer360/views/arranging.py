"""Arranging the page of accounts for a role or a type of relationships, with or without script."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.customer360.forms import typed_layout
from app.customer360.models import PageLayout
from app.customer360.queries.layouts import (
    arranged,
    layout_at,
    layout_history,
    newest_layout,
    own_fields,
    relationship_types,
)
from app.customer360.rules.arranging import arrange_page, theirs_told
from app.customer360.rules.layout import USUAL, Extent, Layout, added, layout_document, layout_of, moved
from app.customer360.rules.relationship import usual_summary
from app.customer360.services import Stale, save_layout
from app.customer360.views.blueprint import blueprint
from app.relationships.queries.types import type_definition
from app.users.policy import Permission, Role, access, current_scope

Typed = dict[str, Any]


@blueprint.get("/layouts")
@access(Permission.STUDIES)
def layouts() -> ResponseReturnValue:
    """Show for whom pages of accounts can be arranged, and who did so last."""
    kept = arranged(db.session)
    types = relationship_types(db.session)
    known = {type_.lower() for type_ in types}
    types += [name for extent, name in kept if extent == Extent.TYPE and name not in known]
    return render_template("customer360/layouts.html", roles=list(Role), types=types, kept=kept)


@blueprint.get("/layouts/<extent>/<text:name>")
@access(Permission.STUDIES)
def layout(extent: str, name: str) -> ResponseReturnValue:
    """Show the arrangement that holds, or an earlier one, to be changed."""
    place = asked_place(extent, name)
    newest = newest_layout(db.session, *place)
    shown = earlier(place) or newest
    typed = layout_document(layout_of(shown.definition) if shown else usual_of(place))
    return page_of(place, typed, seen=newest.revision if newest else 0, shown=shown)


@blueprint.post("/layouts/<extent>/<text:name>")
@access(Permission.STUDIES)
def arrange(extent: str, name: str) -> ResponseReturnValue:
    """Move, add and take out what was typed, or store it; what is refused stands there as it was typed."""
    place = asked_place(extent, name)
    typed, do = typed_layout(request.form), request.form.get("do", "")
    try:
        if do != "save":
            return page_of(place, changed(place, typed, do), seen=revision_seen(), do=do)
        kept = save_layout(
            db.session,
            extent=place[0],
            name=place[1],
            typed=typed,
            seen=revision_seen(),
            at=now(),
            by=current_scope().user_id,
        )
        db.session.commit()
    except Stale as stale:
        db.session.rollback()
        newest = newest_layout(db.session, *place)
        return page_of(place, typed, seen=newest.revision if newest else 0, refusal=stale, theirs=newest), 409
    except Refusal as refusal:
        db.session.rollback()
        return page_of(place, typed, seen=revision_seen(), refusal=refusal), 400
    flash(f"Arrangement {kept.revision} holds from now on.")
    return redirect(url_for("customer360.layout", extent=place[0].value, name=place[1]), code=303)


def changed(place: tuple[Extent, str], typed: Typed, do: str) -> Typed:
    """Return what was typed after what a button asks for."""
    if do == "usual":
        return layout_document(usual_of(place))
    if do == "add":
        return added(typed, request.form.get("add", ""))
    deed, _, rest = do.partition(":")
    part, _, key = rest.partition(":")
    return moved(typed, deed, part, key)


def usual_of(place: tuple[Extent, str]) -> Layout:
    """Return what holds where nobody arranged anything; the summary of a type begins with what a relationship has."""
    if place[0] is Extent.ROLE:
        return USUAL
    return replace(USUAL, summary=usual_summary(type_definition(db.session, place[1]).definition))


def asked_place(extent: str, name: str) -> tuple[Extent, str]:
    """Return whom a layout is for; 404 for roles that there are not."""
    if extent not in set(Extent) or (extent == Extent.ROLE and name not in set(Role)) or len(name) > LONGEST_NAME:
        abort(404)
    return Extent(extent), name.lower()


LONGEST_NAME = 80


def earlier(place: tuple[Extent, str]) -> PageLayout | None:
    """Return the earlier arrangement that the address asks for."""
    wanted = request.args.get("revision", "")
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 9
    return layout_at(db.session, *place, int(wanted)) if is_number else None


def revision_seen() -> int:
    """Return the revision that the page was made from."""
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def fields_of_type(name: str) -> list[str]:
    """Return the fields that a summary for a type may show: those that the type declares, then those of accounts."""
    declared = [each.key for each in type_definition(db.session, name).definition.fields]
    return [*declared, *(key for key in own_fields(db.session) if key not in declared)]


def page_of(
    place: tuple[Extent, str],
    typed: Typed,
    *,
    seen: int,
    do: str = "",
    shown: PageLayout | None = None,
    refusal: Refusal | None = None,
    theirs: PageLayout | None = None,
) -> str:
    """Return the page with an arrangement as it was typed."""
    own = own_fields(db.session) if place[0] is Extent.ROLE else fields_of_type(place[1])
    gone = layout_of(shown.definition).gone if shown else ()
    return render_template(
        "customer360/arrange.html",
        page=arrange_page(typed, own=own, gone=gone),
        extent=place[0].value,
        name=place[1],
        seen=seen,
        shown=shown.revision if shown and shown.revision != seen else None,
        do=do,
        refusal=refusal,
        theirs=theirs_told(layout_of(theirs.definition)) if theirs else None,
        mine=theirs_told(layout_of(typed)) if theirs else None,
        history=layout_history(db.session, *place),
    )
