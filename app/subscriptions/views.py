"""What comes to somebody by mail, in the browser: about one account, all of it, and the way out of a mail."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.alerts.queries.subscriptions import own_subscriptions as own_alerts
from app.alerts.rules.wishes import Extent
from app.alerts.views import line_of as alert_line
from app.alerts.views import proposed
from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.fates import fate_words
from app.core.forgery import csrf
from app.customers.models import Account
from app.customers.scope import account_within
from app.reports.rules.delivery import MONTH_DAYS, WEEKDAYS
from app.subscriptions.queries.mails import mails_to
from app.subscriptions.queries.reports import reports_of
from app.subscriptions.queries.subscriptions import (
    own_subscriptions,
    readers_of,
    subscription_by_id,
    subscriptions_to,
    wish_of,
)
from app.subscriptions.rules.wishes import Rhythm, checked_wish, next_before_renewal
from app.subscriptions.services.subscribing import end, go_on, pause, subscribe, subscription_of_link
from app.surveys.here import place
from app.surveys.leaving import FIELD, ONE_CLICK, is_meant, no_such_link, refuse_other_posts
from app.users.policy import Permission, access, current_scope, public

blueprint = Blueprint("subscriptions", __name__)

PROPOSED = {"rhythm": Rhythm.WEEKLY.value, "weekday": "0", "month_day": "1", "person": ""}


@blueprint.get("/subscriptions")
@access(Permission.ACCOUNTS)
def index() -> ResponseReturnValue:
    """Show all that comes to the caller by mail: pages of accounts, alerts, reports."""
    scope = current_scope()
    return render_template(
        "subscriptions/index.html",
        pages=[page_line(row) for row in own_subscriptions(db.session, scope=scope)],
        alerts=[alert_line(*row) for row in own_alerts(db.session, scope=scope)],
        reports=reports_of(db.session, scope=scope),
        mails=[(mail, crm_id, name, fate_words(mail)) for mail, crm_id, name in last_mails(None)],
        address=scope.email,
    )


@blueprint.post("/subscriptions/<int:subscription_id>/end")
@access(Permission.ACCOUNTS)
def stop_own(subscription_id: int) -> ResponseReturnValue:
    """End one of the caller's subscriptions, also to an account that they do not see any more."""
    me = current_scope().user_id
    found = subscription_by_id(db.session, subscription_id)
    if found is None or found[0].user_id != me:
        raise Missing("There is no such subscription.", "subscription_id")
    end(db.session, account=found[1], user_id=me, at=now(), by=me)
    db.session.commit()
    flash("The page is not sent any more.")
    return redirect(url_for("subscriptions.index"), code=303)


@blueprint.get("/accounts/<text:account_id>/subscribe", merge_slashes=False)
@access(Permission.ACCOUNTS)
def account(account_id: str) -> ResponseReturnValue:
    """Show what comes to the caller by mail about one account, and let them choose."""
    return account_page(asked_account(account_id))


@blueprint.post("/accounts/<text:account_id>/subscribe", merge_slashes=False)
@access(Permission.ACCOUNTS)
def order(account_id: str) -> ResponseReturnValue:
    """Have the page of an account sent to oneself, or to a colleague where one runs studies."""
    found, me = asked_account(account_id), current_scope().user_id
    typed = {name: request.form.get(name, "") for name in PROPOSED}
    try:
        user_id = chosen_person(typed["person"])
        wish, any_hour = checked_wish(typed), place().at_any_hour
        subscribe(db.session, account=found, user_id=user_id, wish=wish, at=now(), by=me, at_any_hour=any_hour)
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return account_page(asked_account(account_id), typed, refusal), 400
    flash(f"The page goes {'to you' if user_id == me else 'to your colleague'} {wish.words}.")
    return back_to(account_id)


@blueprint.post("/accounts/<text:account_id>/subscribe/pause", merge_slashes=False)
@access(Permission.ACCOUNTS)
def rest(account_id: str) -> ResponseReturnValue:
    """Let no mail with the page of an account come to the caller until they go on."""
    pause(db.session, account=asked_account(account_id), user_id=current_scope().user_id, at=now())
    db.session.commit()
    flash("The page rests. No mail comes until you let it go on.")
    return back_to(account_id)


@blueprint.post("/accounts/<text:account_id>/subscribe/go-on", merge_slashes=False)
@access(Permission.ACCOUNTS)
def resume(account_id: str) -> ResponseReturnValue:
    """Let mails with the page of an account come to the caller again."""
    found, any_hour = asked_account(account_id), place().at_any_hour
    go_on(db.session, account=found, user_id=current_scope().user_id, at=now(), at_any_hour=any_hour)
    db.session.commit()
    flash("The page comes to you again.")
    return back_to(account_id)


@blueprint.post("/accounts/<text:account_id>/subscribe/<int:user_id>/end", merge_slashes=False)
@access(Permission.ACCOUNTS)
def stop(account_id: str, user_id: int) -> ResponseReturnValue:
    """End the mails to oneself, or to a colleague where one runs studies."""
    found, scope = asked_account(account_id), current_scope()
    if user_id != scope.user_id and not scope.can(Permission.STUDIES):
        raise Missing("There is no such subscription.", "person")
    end(db.session, account=found, user_id=user_id, at=now(), by=scope.user_id)
    db.session.commit()
    flash("The page is not sent any more.")
    return back_to(account_id)


@blueprint.route("/p/<int:subscription_id>/<token>", methods=["GET", "POST"])
@public
def leave(subscription_id: int, token: str) -> ResponseReturnValue:
    """Show the one button that a mail leads to, or end the mails: without signing in, the link proves who asks."""
    meant = is_meant()
    user_id, found, goes_on = opened(subscription_id, token)
    refuse_other_posts(meant=meant)
    if meant:
        end(db.session, account=found, user_id=user_id, at=now(), by=user_id)
        db.session.commit()
        goes_on = False
    return render_template("subscriptions/leave.html", account=found, goes_on=goes_on, field=FIELD, value=ONE_CLICK)


csrf.exempt(f"{leave.__module__}.{leave.__name__}")


def opened(subscription_id: int, token: str) -> tuple[int, Account, bool]:
    """Return whose subscription a link ends; one that does not exist is 404, and who tries many of them has to wait."""
    secret = str(current_app.secret_key)
    found = subscription_of_link(db.session, subscription_id=subscription_id, token=token, secret=secret)
    return found or no_such_link()


def asked_account(account_id: str) -> Account:
    """Return the account that the address names, if the caller may see it; else it is missing."""
    return account_within(db.session, scope=current_scope(), crm_id=account_id)


def back_to(account_id: str) -> ResponseReturnValue:
    """Return to the page of subscriptions of an account."""
    return redirect(url_for("subscriptions.account", account_id=account_id), code=303)


def chosen_person(person: str) -> int:
    """Return whom a form names; nobody is oneself, and others only who runs studies may choose."""
    scope = current_scope()
    if person in {"", str(scope.user_id)}:
        return scope.user_id
    if not scope.can(Permission.STUDIES):
        raise Missing("There is no such person.", "person")
    if not (person.isascii() and person.isdigit() and len(person) < 10):
        raise Refusal("Choose somebody who may see this account.", "person")
    return int(person)


def account_page(found: Account, typed: dict[str, str] | None = None, refusal: Refusal | None = None) -> str:
    """Return the page of what comes by mail about an account: to who runs studies all of it, to others their own."""
    scope = current_scope()
    sees_others = scope.can(Permission.STUDIES)
    only = None if sees_others else scope.user_id
    rows = [line_of(each, found) for each in subscriptions_to(db.session, found, only=only)]
    own = next((each for each in rows if each["user_id"] == scope.user_id), None)
    alerts = [alert_line(*row) for row in own_alerts(db.session, scope=scope)]
    return render_template(
        "subscriptions/account.html",
        account=found,
        own=own,
        sees_others=sees_others,
        others=[each for each in rows if each["user_id"] != scope.user_id],
        people=[each for each in readers_of(db.session, found) if each.user_id != scope.user_id] if sees_others else [],
        alerts=[each for each in alerts if each["crm_id"] == found.crm_id or each["is_wide"]],
        alert=proposed(found),
        extent=Extent.ACCOUNT.value,
        mails=[(mail, fate_words(mail)) for mail, _, _ in last_mails(found)],
        address=scope.email,
        at_any_hour=place().at_any_hour,
        weekdays=WEEKDAYS,
        month_days=MONTH_DAYS,
        typed=typed or chosen(own),
        refusal=refusal,
    )


def last_mails(found: Account | None) -> Any:
    """Return the last mails to the caller, of one account or of all."""
    scope = current_scope()
    return mails_to(db.session, user_id=scope.user_id, scope=scope, account=found)


def line_of(row: Any, found: Account) -> dict[str, Any]:
    """Return one subscription to an account as it stands on the page."""
    return {
        "user_id": row.user_id,
        "who": row.who,
        "wish": wish_of(row),
        "next": next_of(row, found.renewal_date),
        "is_paused": row.paused_at is not None,
        "ordered_by": None if row.made_by == row.user_id else row.ordered_by,
    }


def page_line(row: Any) -> dict[str, Any]:
    """Return one of the caller's subscriptions as it stands in the list of all."""
    return {
        "id": row.id,
        "crm_id": row.crm_id,
        "name": row.name,
        "words": wish_of(row).words,
        "next": next_of(row, row.renewal_date),
        "is_paused": row.paused_at is not None,
    }


def next_of(row: Any, renewal: Any) -> datetime | None:
    """Return when the next mail of a subscription comes; None in a pause, and where no milestone is to come."""
    if row.paused_at is not None:
        return None
    if row.rhythm != Rhythm.RENEWAL.value:
        found: datetime | None = row.next_at
        return found
    return next_before_renewal(renewal, today(), at_any_hour=place().at_any_hour)


def chosen(own: dict[str, Any] | None) -> dict[str, str]:
    """Return what the form shows before anything is typed: what the caller chose last, else what is proposed."""
    if own is None:
        return PROPOSED
    wish = own["wish"]
    day = {Rhythm.WEEKLY: "weekday", Rhythm.MONTHLY: "month_day"}.get(wish.rhythm)
    return PROPOSED | {"rhythm": wish.rhythm.value} | ({day: str(wish.day)} if day else {})
