"""Reads of mails with the page of an account: what one depends on, what was told last, and what became of them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.core.database import Document
from app.core.workspace import ONLY, Workspace
from app.customers.models import Account
from app.customers.scope import accounts_within
from app.subscriptions.models import PageMail, PageSubscription
from app.subscriptions.queries.subscriptions import MOST_SHOWN
from app.users.models import User
from app.users.rules import Scope


def mail_facts(session: Session, mail_id: int) -> Any:
    """Return what a mail depends on, in one row: (PageMail, PageSubscription, Account, User, ordered_by, …)."""
    orderer = aliased(User)
    return session.execute(
        sa.select(
            PageMail,
            PageSubscription,
            Account,
            User,
            sa.func.coalesce(sa.func.nullif(orderer.name, ""), orderer.email).label("ordered_by"),
            Workspace.organisation,
        )
        .join(PageSubscription, PageSubscription.id == PageMail.subscription_id)
        .join(Account, Account.id == PageSubscription.account_id)
        .join(User, User.id == PageSubscription.user_id)
        .join(orderer, orderer.id == PageSubscription.made_by)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .where(PageMail.id == mail_id)
        .execution_options(populate_existing=True)
    ).one()


def is_within(session: Session, *, scope: Scope, account_id: int) -> bool:
    """Tell whether somebody may see an account now."""
    wanted = sa.select(Account.id).where(Account.id == account_id, accounts_within(scope))
    return session.scalar(wanted) is not None


def figures_told(session: Session, subscription_id: int) -> Document | None:
    """Return the figures of the last mail that went out for a subscription; None before the first."""
    mail = PageMail
    return session.scalar(
        sa.select(mail.figures)
        .where(mail.subscription_id == subscription_id, mail.sent_at.is_not(None))
        .order_by(mail.sent_at.desc(), mail.id.desc())
        .limit(1)
    )


def mails_to(session: Session, *, user_id: int, scope: Scope, account: Account | None = None) -> Sequence[Any]:
    """Return rows (PageMail, crm_id, name) of the last mails to a person, the newest first.

    Of an account that the caller, by `scope`, may not see any more the name is null.
    """
    kept = PageSubscription
    wanted = (
        sa.select(PageMail, Account.crm_id, Account.name)
        .join(kept, kept.id == PageMail.subscription_id)
        .outerjoin(Account, sa.and_(Account.id == kept.account_id, accounts_within(scope)))
        .where(kept.user_id == user_id)
        .order_by(PageMail.id.desc())
        .limit(MOST_SHOWN)
    )
    return session.execute(wanted if account is None else wanted.where(kept.account_id == account.id)).all()
