"""The page of one account: its health and what people think beside it, and the forms to say so."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Refusal
from app.customers.models import Account
from app.customers.scope import account_within, may_write_to
from app.health.queries.sealing import open_seal, sees_judgement
from app.pulse.queries import calculated, interactions_of, lights_of, overrides_of, pulse_settings, sentiments_of
from app.pulse.rules.page import expiry_bounds, told
from app.pulse.rules.rounds import sealed_words
from app.pulse.rules.words import STEPS, Colour, Occasion
from app.pulse.services.saying import end_override, say_light, say_sentiment, set_override
from app.users.policy import Permission, access, current_scope
from app.users.rules import Reach

KEY_BYTES = 16


@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show what is thought of an account beside its calculated health."""
    return page(account_within(db.session, scope=current_scope(), crm_id=account_id))


@access(Permission.ACCOUNTS_WRITE)
def sentiment(account_id: str) -> ResponseReturnValue:
    """Store a sentiment with its reason, or show the form again with what is wrong."""
    form = request.form
    return said(
        to_change(account_id),
        "Your sentiment is stored.",
        lambda found: say_sentiment(
            db.session,
            account=found,
            value=form.get("value", ""),
            reason=form.get("reason", ""),
            form_key=form.get("form_key", ""),
            at=now(),
            by=current_scope().user_id,
        ),
    )


@access(Permission.ACCOUNTS_WRITE)
def light(account_id: str) -> ResponseReturnValue:
    """Store a colour at an interaction, or show the form again with what is wrong."""
    return said(
        to_change(account_id),
        "The colour is stored.",
        lambda found: say_light(
            db.session,
            account=found,
            typed=request.form,
            form_key=request.form.get("form_key", ""),
            at=now(),
            by=current_scope().user_id,
        ),
    )


@access(Permission.ACCOUNTS_WRITE)
def override(account_id: str) -> ResponseReturnValue:
    """Set a band beside the calculated one, or show the form again with what is wrong."""
    return said(
        to_change(account_id),
        "The override stands beside the calculated score.",
        lambda found: set_override(
            db.session,
            account=found,
            typed=request.form,
            form_key=request.form.get("form_key", ""),
            at=now(),
            by=current_scope().user_id,
        ),
    )


@access(Permission.ACCOUNTS_WRITE)
def end(account_id: str) -> ResponseReturnValue:
    """End the override that stands."""
    return said(
        to_change(account_id),
        "The override is ended; the calculated score stands alone again.",
        lambda found: end_override(db.session, account=found, at=now(), by=current_scope().user_id),
    )


def hidden_page(found: Account) -> str | None:
    """Return the page that says what is hidden and until when; None where the caller sees judgement."""
    seal = open_seal(db.session)
    if seal is None or sees_judgement(db.session, current_scope()):
        return None
    return render_template("pulse/hidden.html", account=found, words=sealed_words(seal), key=seal.scorecard_key)


def to_change(account_id: str) -> Account:
    """Return an account that the caller may write to; Missing where it is not theirs to see, 403 where only to read.

    Who may not see judgement now does not write it either: the pages would show it.
    """
    found = account_within(db.session, scope=current_scope(), crm_id=account_id)
    if not may_write_to(current_scope(), found) or not sees_judgement(db.session, current_scope()):
        abort(403)
    return found


def said(found: Account, sentence: str, store: Callable[[Account], object]) -> ResponseReturnValue:
    """Store and go back to the page; refused, the page keeps what was typed."""
    crm_id = found.crm_id
    try:
        store(found)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        again = account_within(db.session, scope=current_scope(), crm_id=crm_id)
        return page(again, {refusal.field or "value": refusal.sentence}), 400
    flash(sentence)
    return redirect(url_for("pulse.account", account_id=crm_id), code=303)


def page(found: Account, problems: dict[str, str] | None = None) -> str:
    """Return the page of an account, with what is wrong about what was typed."""
    if hidden := hidden_page(found):
        return hidden
    scope, on, settings = current_scope(), today(), pulse_settings(db.session)
    return render_template(
        "pulse/account.html",
        account=found,
        settings=settings,
        told=told(
            found,
            settings,
            on,
            health=calculated(db.session, found),
            sentiments=sentiments_of(db.session, found),
            lights=lights_of(db.session, found),
            overrides=overrides_of(db.session, found),
            has_notes=knows_people(),
        ),
        interactions=interactions_of(db.session, found),
        may_change=may_write_to(scope, found),
        takes_sentiment=settings.takes_sentiment(found),
        problems=problems or {},
        typed=request.form if problems else {},
        form_key=secrets.token_hex(KEY_BYTES),
        steps=STEPS,
        colours=[each.value for each in Colour],
        occasions=[each.value for each in Occasion],
        bounds=expiry_bounds(on),
        today=on.isoformat(),
        runs_studies=scope.can(Permission.STUDIES),
    )


def knows_people() -> bool:
    """Tell whether the caller may know who the people at the accounts are that they see."""
    return bool(current_scope().reaches(Permission.ACCOUNTS) & {Reach.ALL, Reach.ASSIGNED})


_AT = "/accounts/<text:account_id>/pulse"
PAGES: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    (_AT, "account", account, "GET"),
    (f"{_AT}/sentiment", "sentiment", sentiment, "POST"),
    (f"{_AT}/light", "light", light, "POST"),
    (f"{_AT}/override", "override", override, "POST"),
    (f"{_AT}/override/end", "end", end, "POST"),
)
