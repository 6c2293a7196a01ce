"""The pages of overlays: the list, one situation with whom it meets, its industries, and one account under all."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.workspace import the_workspace
from app.overlays.forms import ChangeForm, OverlayForm, offer_levels, show_refusal
from app.overlays.models import Overlay
from app.overlays.queries import WHOLE, overlay_named, overlays_known
from app.overlays.queries.accounts import history_of, overlays_of
from app.overlays.queries.pages import (
    Look,
    Seen,
    account_seen,
    accounts_at,
    changes_seen,
    impacts_at,
    industries,
    levels_seen,
    spread,
)
from app.overlays.rules.levels import Level, State, assessed_on, level_words, mean_by_level, state_on
from app.overlays.rules.page import Told, dashboard, period_words, under
from app.overlays.services import begin_overlay, change_level, change_overlay, judge_industries
from app.users.policy import Permission, access, current_scope
from app.users.rules import Scope

ROWS = 20
_PAGE = re.compile(r"[1-9][0-9]{0,5}")
Voices = Callable[[Session, Scope], Mapping[int, float]]
"""The newest voice of each account that the caller may see, by account id: from scoring, which lies above."""


def overlays_blueprint(voices: Voices) -> Blueprint:
    """Return the pages of overlays, with the voices that stand beside them."""
    blueprint = Blueprint("overlays", __name__)
    both = ("GET", "POST")
    blueprint.add_url_rule("/overlays", view_func=index)
    blueprint.add_url_rule("/overlays/new", view_func=new, methods=both)
    blueprint.add_url_rule("/overlays/<key>", "show", access(Permission.ACCOUNTS)(partial(show, voices)))
    blueprint.add_url_rule("/overlays/<key>/edit", view_func=edit, methods=both)
    blueprint.add_url_rule("/overlays/<key>/industries", view_func=by_industry, methods=both)
    of_account = "/accounts/<text:account_id>/overlays"
    blueprint.add_url_rule(of_account, view_func=account, merge_slashes=False)
    blueprint.add_url_rule(f"{of_account}/<key>", view_func=change, methods=both, merge_slashes=False)
    return blueprint


@dataclass(frozen=True)
class Listed:
    """One overlay in the list."""

    overlay: Overlay
    state: State
    period: str


def listed(overlay: Overlay) -> Listed:
    """Return an overlay with how it stands today."""
    days = (overlay.starts_on, overlay.ends_on, today())
    return Listed(overlay, state_on(*days), period_words(*days))


@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show which situations apply, are planned, and are over."""
    lines = [listed(each) for each in overlays_known(db.session)]
    groups = [(words, [line for line in lines if line.state is state]) for state, words in GROUPS.items()]
    return render_template(
        "overlays/index.html",
        groups=[(words, found) for words, found in groups if found],
        in_force=sum(line.state is State.IN_FORCE for line in lines),
        may_begin=may_write(),
    )


GROUPS = {State.IN_FORCE: "They apply today", State.PLANNED: "Planned", State.ENDED: "Over"}


@access(Permission.STUDIES)
def new() -> ResponseReturnValue:
    """Put a situation on record; refused, the form keeps what was typed."""
    form = OverlayForm()
    if form.is_submitted():
        try:
            begun = begin_overlay(db.session, typed=form.typed(), at=now(), by=current_scope().user_id)
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "name")
        else:
            flash(f"“{begun.name}” is on record. Say now how it meets each industry.")
            return redirect(url_for("overlays.by_industry", key=begun.key), code=303)
    return render_template("overlays/edit.html", form=form, overlay=None), 400 if form.is_submitted() else 200


@access(Permission.STUDIES)
def edit(key: str) -> ResponseReturnValue:
    """Change what a situation is called and when it applies; refused, the form keeps what was typed."""
    overlay = overlay_named(db.session, key)
    form = OverlayForm(obj=overlay)
    if form.is_submitted():
        try:
            changed = change_overlay(db.session, key=key, typed=form.typed(), by=current_scope().user_id)
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "name")
        else:
            flash("Stored." if changed else "Nothing changed.")
            return redirect(url_for("overlays.show", key=key), code=303)
    return render_template("overlays/edit.html", form=form, overlay=overlay), 400 if form.is_submitted() else 200


def show(voices: Voices, key: str) -> ResponseReturnValue:
    """Show whom a situation meets and how hard, with health and voice beside."""
    overlay, scope = overlay_named(db.session, key), current_scope()
    head, look = listed(overlay), Look(scope, overlay, assessed_on(overlay.ends_on, today()))
    told = Told(
        rows=spread(db.session, look),
        impacts=impacts_at(db.session, overlay, look.on),
        changes=changes_seen(db.session, look),
        voices=mean_by_level(levels_seen(db.session, look), voices(db.session, scope)),
        currency=the_workspace(db.session).currency,
    )
    level, page = level_asked(request.args.get("level")), page_of(request.args.get("page"))
    total, accounts = accounts_at(db.session, look, level=level, start=(page - 1) * ROWS, length=ROWS)
    return render_template(
        "overlays/show.html",
        head=head,
        page=dashboard(overlay.name, head.period, told),
        changes=told.changes,
        level_words=in_words,
        accounts=accounts,
        total=total,
        level=level,
        number=page,
        has_more=total > page * ROWS,
        currency=told.currency,
        may_write=may_write(),
        is_over=head.state is State.ENDED,
        only_own=not scope.reaches(Permission.ACCOUNTS) & WHOLE,
    )


@access(Permission.STUDIES)
def by_industry(key: str) -> ResponseReturnValue:
    """Say how hard a situation meets each industry; refused, the form keeps what was typed."""
    overlay = overlay_named(db.session, key)
    on = assessed_on(overlay.ends_on, today())
    judged = {row.industry: row for row in impacts_at(db.session, overlay, on)}
    known = industries(db.session) | {name: 0 for name in judged if name not in industries(db.session)}
    lines = [IndustryField(name, count, *said_of(judged.get(name))) for name, count in known.items()]
    refusal = None
    if request.method == "POST":
        lines = typed_lines(known)
        try:
            changed = judge_industries(
                db.session,
                key=key,
                industries=[line.name for line in lines],
                chosen=[line.level for line in lines],
                words=[line.words for line in lines],
                known=known,
                at=now(),
                by=current_scope().user_id,
            )
            db.session.commit()
        except Missing:
            raise
        except Refusal as found:
            db.session.rollback()
            refusal = found
        else:
            flash("Stored." if changed else "Nothing changed.")
            return redirect(url_for("overlays.show", key=key), code=303)
    page = render_template(
        "overlays/industries.html",
        head=listed(overlay),
        lines=lines,
        choices=[("", level_words(None)), *((each.value, level_words(each)) for each in Level)],
        refusal=refusal,
    )
    return page, 400 if refusal else 200


@dataclass(frozen=True)
class IndustryField:
    """One row of the form of industries."""

    name: str
    accounts: int
    level: str
    words: str


def said_of(row: Any) -> tuple[str, str]:
    """Return level and words of an industry as they stand in its fields."""
    return ((row.level or ""), (row.words or "")) if row else ("", "")


def typed_lines(known: Mapping[str, int]) -> list[IndustryField]:
    """Return the rows that were sent, at most as many as there are industries."""
    sent = zip(*(request.form.getlist(name) for name in ("industry", "level", "words")), strict=False)
    rows = [IndustryField(name, known.get(name, 0), level, words) for name, level, words in sent]
    return rows[: len(known)]


@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show what every situation says of one account, and how that came about."""
    seen = account_seen(db.session, scope=current_scope(), crm_id=account_id)
    standings = overlays_of(db.session, seen.account, today())
    lines = [under(each, today()) for each in standings]
    return render_template(
        "overlays/account.html",
        seen=seen,
        lines=[
            (line, each, history_of(db.session, each.overlay, seen.account))
            for line, each in zip(lines, standings, strict=True)
        ],
        level_words=in_words,
        may_begin=may_write(),
    )


@access(Permission.ACCOUNTS_WRITE)
def change(account_id: str, key: str) -> ResponseReturnValue:
    """Say how hard a situation meets one account; refused, the form keeps what was typed."""
    seen = to_change(account_id)
    overlay = overlay_named(db.session, key)
    standing = next(each for each in overlays_of(db.session, seen.account, today()) if each.overlay.key == key)
    form = ChangeForm(obj=standing.change)
    by_industry_level = standing.impact.level if standing.impact else None
    offer_levels(form, Level(by_industry_level) if by_industry_level else None, seen.currency)
    if form.is_submitted():
        try:
            is_changed = change_level(
                db.session,
                key=key,
                account=seen.account,
                typed=form.typed(),
                currency=seen.currency,
                at=now(),
                by=current_scope().user_id,
            )
            db.session.commit()
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "reason")
        else:
            flash("It stands beside the score from now on." if is_changed else "Nothing changed.")
            return redirect(url_for("overlays.account", account_id=account_id), code=303)
    page = render_template(
        "overlays/change.html", seen=seen, form=form, head=listed(overlay), line=under(standing, today())
    )
    return page, 400 if form.is_submitted() else 200


def to_change(account_id: str) -> Seen:
    """Return an account that the caller may write about; Missing where it is not theirs, 403 where only to read."""
    seen = account_seen(db.session, scope=current_scope(), crm_id=account_id)
    if not seen.may_change:
        abort(403)
    return seen


def may_write() -> bool:
    """Tell whether the caller may begin and change situations."""
    return current_scope().can(Permission.STUDIES)


def level_asked(raw: str | None) -> str | None:
    """Return the level whose accounts are asked for: blank is not assessed, None is all."""
    if raw == "not-assessed":
        return ""
    return raw if raw in list(Level) else None


def page_of(raw: str | None) -> int:
    """Return the page that the address asks for; 1 for anything that is none."""
    return int(raw) if raw and _PAGE.fullmatch(raw) else 1


def in_words(level: str | None) -> str:
    """Return a stored level in words."""
    return level_words(Level(level) if level else None)
