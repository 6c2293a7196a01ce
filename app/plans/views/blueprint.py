"""The blueprint that the pages of plans share, and which accounts they write to."""

from flask import Blueprint, abort

from app.core.clock import now
from app.core.database import db
from app.customers.models import Account
from app.customers.scope import account_within, may_write_to
from app.plans.services import Writer
from app.users.policy import current_scope

blueprint = Blueprint("plans", __name__)
PLAN = "/accounts/<text:account_id>/plan"


def to_write(account_id: str) -> Account:
    """Return an account whose plan the caller may write; Missing where they do not see it, 403 where they only read."""
    account = account_within(db.session, scope=current_scope(), crm_id=account_id)
    if not may_write_to(current_scope(), account):
        abort(403)
    return account


def writer() -> Writer:
    """Return who writes now."""
    return Writer(current_scope().user_id, now())
