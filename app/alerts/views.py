"""Health alerts in the browser: what one is told of, what became of the last mails, and the way out of a mail."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.alerts.queries.mails import last_mails
from app.alerts.queries.subscriptions import own_subscriptions, subscription_of, wish_of
from app.alerts.rules.wishes import PROPOSED_POINTS, Extent, checked_wish
from app.alerts.services.subscribing import reader_of_link, stop_alert, stop_all_alerts, subscribe
from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.fates import fate_words
from app.core.forgery import csrf
from app.customers.models import Account
from app.health.queries.reach import reachable_account, sees_all_health
from app.surveys.here import place
from app.surveys.leaving import FIELD, ONE_CLICK, is_meant, no_such_link, refuse_other_posts
from app.users.policy import Permission, access, current_scope, public

blueprint = Blueprint("alerts", __name__)

FIELDS = ("extent", "account", "colour", "falls", "points", "silence")


@blueprint.get("/health/alerts")
@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show what the caller is told of, and a form to be told of more; the address may name an account."""
    account = asked_account(request.args.get("account", ""))
    return alerts_page(account, proposed(account))


@blueprint.post("/health/alerts")
@access(Permission.ACCOUNTS)
def add() -> ResponseReturnValue:
    """Have the caller told of what they chose."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    account = asked_account(typed["account"])
    try:
        wish = checked_wish(typed)
        subscribe(db.session, scope=current_scope(), wish=wish, account=account, at=now())
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return alerts_page(asked_account(typed["account"]), typed, refusal), 400
    flash(f"You are told by mail when {about(wish.extent, account.name if account else None)} {wish.words}.")
    return redirect(where_from(account), code=303)


@blueprint.post("/health/alerts/<int:subscription_id>/stop")
@access(Permission.ACCOUNTS)
def stop(subscription_id: int) -> ResponseReturnValue:
    """Stop one of the caller's alerts."""
    account = asked_account(request.form.get("account", ""))
    stop_alert(db.session, user_id=current_scope().user_id, subscription_id=subscription_id, at=now())
    db.session.commit()
    flash("You are not told of that any more.")
    return redirect(where_from(account), code=303)


@blueprint.route("/h/<int:mail_id>/<token>", methods=["GET", "POST"])
@public
def leave(mail_id: int, token: str) -> ResponseReturnValue:
    """Show the one button that a mail leads to, or stop the mails: without signing in, the link proves who asks."""
    is_done = is_meant()
    user_id = opened(mail_id, token)
    refuse_other_posts(meant=is_done)
    if is_done:
        stop_all_alerts(db.session, user_id=user_id, at=now())
        db.session.commit()
    return render_template("alerts/leave.html", is_done=is_done, field=FIELD, value=ONE_CLICK)


csrf.exempt(f"{leave.__module__}.{leave.__name__}")


def opened(mail_id: int, token: str) -> int:
    """Return whose alerts a link stops; one that does not exist is 404, and who tries many of them has to wait."""
    user_id = reader_of_link(db.session, mail_id=mail_id, token=token, secret=str(current_app.secret_key))
    if user_id is None:
        no_such_link()
    return user_id


def where_from(account: Account | None) -> str:
    """Return the page with the form that was sent: that of one account's mails, or that of all alerts."""
    if account is not None and request.form.get("from") == "account":
        return url_for("subscriptions.account", account_id=account.crm_id)
    return url_for("alerts.index")


def asked_account(crm_id: str) -> Account | None:
    """Return the account that is named, if the caller may see it; None where none is named."""
    return reachable_account(db.session, scope=current_scope(), crm_id=crm_id) if crm_id else None


def proposed(account: Account | None) -> dict[str, str]:
    """Return what the form shows first: what was chosen for these accounts, else what is proposed."""
    scope = current_scope()
    extent = Extent.ACCOUNT if account else Extent.ALL if sees_all_health(scope) else Extent.MINE
    known = subscription_of(
        db.session, user_id=scope.user_id, extent=extent, account_id=account.id if account else None
    )
    if known is None or known.ended_at is not None:
        return {"extent": extent.value, "colour": "1", "points": str(PROPOSED_POINTS), "silence": "1"}
    wish = wish_of(known)
    return {
        "extent": extent.value,
        "colour": "1" if wish.colour else "",
        "falls": "1" if wish.falls_by else "",
        "points": str(wish.falls_by or PROPOSED_POINTS),
        "silence": "1" if wish.silence else "",
    }


def alerts_page(account: Account | None, typed: dict[str, str], refusal: Refusal | None = None) -> str:
    """Return the page of the caller's alerts."""
    scope = current_scope()
    rows = own_subscriptions(db.session, scope=scope)
    return render_template(
        "alerts/index.html",
        account=account,
        typed=typed,
        refusal=refusal,
        alerts=[line_of(*row) for row in rows],
        mails=[(each, as_of, accounts, fate_words(each)) for each, as_of, accounts in mails_of(scope.user_id)],
        sees_all=sees_all_health(scope),
        address=scope.email,
        at_any_hour=place().at_any_hour,
    )


def mails_of(user_id: int) -> Any:
    """Return a person's last mails."""
    return last_mails(db.session, user_id=user_id)


def line_of(kept: Any, crm_id: str | None, name: str | None) -> dict[str, Any]:
    """Return one alert as it stands on the page."""
    wish = wish_of(kept)
    is_wide = wish.extent is not Extent.ACCOUNT
    return {"id": kept.id, "who": about(wish.extent, name), "words": wish.words, "crm_id": crm_id, "is_wide": is_wide}


def about(extent: Extent, name: str | None) -> str:
    """Return which accounts an alert is about, as they stand in a sentence."""
    if extent is Extent.ACCOUNT:
        return name or "an account that you do not see any more"
    return "an account assigned to you" if extent is Extent.MINE else "any account"
