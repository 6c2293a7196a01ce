"""Reads of deliveries: who gets a report when, which mail is due, what it depends on, and what became of the last."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.core.workspace import ONLY, Workspace
from app.customers.models import Account
from app.reports.models import Edition, ReportMail, ReportSubscription
from app.reports.rules.delivery import Rhythm
from app.studies.models import SampledAccount, Study
from app.studies.scope import may_see_all
from app.users.models import User
from app.users.queries import scope_of
from app.users.rules import Permission, Reach, Scope

MOST_SHOWN = 20


def mail_facts(session: Session, mail_id: int) -> Any:
    """All that a mail depends on, in one row: (ReportMail, ReportSubscription, Study, Edition, User, ordered_by, …)."""
    orderer = aliased(User)
    return session.execute(
        sa.select(
            ReportMail,
            ReportSubscription,
            Study,
            Edition,
            User,
            sa.func.coalesce(sa.func.nullif(orderer.name, ""), orderer.email).label("ordered_by"),
            Workspace.organisation,
        )
        .join(ReportSubscription, ReportSubscription.id == ReportMail.subscription_id)
        .join(Study, Study.id == ReportSubscription.study_id)
        .join(User, User.id == ReportSubscription.user_id)
        .join(orderer, orderer.id == ReportSubscription.made_by)
        .outerjoin(Edition, Edition.id == ReportMail.edition_id)
        .outerjoin(Workspace, Workspace.id == ONLY)
        .where(ReportMail.id == mail_id)
        .execution_options(populate_existing=True)
    ).one()


def due_subscriptions(session: Session, *, at: datetime) -> Sequence[Any]:
    """Rows (id, rhythm, day, next_at) of those whose next mail is due, locked where the database can."""
    each = ReportSubscription
    return session.execute(
        sa.select(each.id, each.rhythm, each.day, each.next_at)
        .where(each.next_at <= at, each.ended_at.is_(None))
        .order_by(each.id)
        .with_for_update(skip_locked=True)
    ).all()


def unsent_editions(session: Session) -> Sequence[Any]:
    """Rows (id, edition_id, number, published_at): editions published since somebody asked for them, not yet queued."""
    each = ReportSubscription
    queued = sa.select(ReportMail.id).where(ReportMail.subscription_id == each.id, ReportMail.edition_id == Edition.id)
    return session.execute(
        sa.select(each.id, Edition.id.label("edition_id"), Edition.number, Edition.published_at)
        .join(Edition, Edition.study_id == each.study_id)
        .where(
            each.rhythm == Rhythm.EDITION.value,
            each.ended_at.is_(None),
            Edition.published_at >= each.made_at,
            ~queued.exists(),
        )
        .order_by(Edition.id, each.id)
    ).all()


def subscription_of(session: Session, study: Study, user_id: int) -> ReportSubscription | None:
    """A person's delivery of a study's report, also where it has ended; locked. None where there never was one."""
    each = ReportSubscription
    wanted = sa.select(each).where(each.study_id == study.id, each.user_id == user_id)
    return session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def subscription_by_id(session: Session, subscription_id: int) -> tuple[ReportSubscription, Study] | None:
    """A delivery and its study by its id; None where there is none."""
    row = session.execute(
        sa.select(ReportSubscription, Study)
        .join(Study, Study.id == ReportSubscription.study_id)
        .where(ReportSubscription.id == subscription_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def subscriptions_of(session: Session, study: Study, *, only: int | None = None) -> Sequence[Any]:
    """Rows (id, user_id, who, rhythm, day, next_at, made_by, ordered_by) of living deliveries, by name.

    `only` is the person who asks, where they may see no others.
    """
    each, orderer = ReportSubscription, aliased(User)
    wanted = (
        sa.select(
            each.id,
            each.user_id,
            _named(User).label("who"),
            each.rhythm,
            each.day,
            each.next_at,
            each.made_by,
            _named(orderer).label("ordered_by"),
        )
        .join(User, User.id == each.user_id)
        .join(orderer, orderer.id == each.made_by)
        .where(each.study_id == study.id, each.ended_at.is_(None))
        .order_by(sa.func.lower(_named(User)), each.id)
    )
    return session.execute(wanted if only is None else wanted.where(each.user_id == only)).all()


def last_mails(session: Session, study: Study, *, only: int | None = None) -> Sequence[Any]:
    """Rows (who, number, due_at, sent_at, failed_at, cancelled_at, tries, reason) of the last mails, newest first."""
    mail = ReportMail
    wanted = (
        sa.select(
            _named(User).label("who"),
            Edition.number,
            mail.due_at,
            mail.sent_at,
            mail.failed_at,
            mail.cancelled_at,
            mail.tries,
            mail.reason,
        )
        .join(ReportSubscription, ReportSubscription.id == mail.subscription_id)
        .join(User, User.id == ReportSubscription.user_id)
        .outerjoin(Edition, Edition.id == mail.edition_id)
        .where(ReportSubscription.study_id == study.id)
        .order_by(mail.id.desc())
        .limit(MOST_SHOWN)
    )
    return session.execute(wanted if only is None else wanted.where(ReportSubscription.user_id == only)).all()


def readers_of(session: Session, study: Study) -> list[Scope]:
    """Everybody who may sign in and see this study, by name."""
    people = session.scalars(sa.select(User).where(User.active).order_by(sa.func.lower(User.name), User.email))
    scopes = [scope_of(person) for person in people]
    assigned = _assigned_addresses(session, study)
    return [scope for scope in scopes if may_see_all(scope, study) or _is_assigned(scope, assigned)]


def _is_assigned(scope: Scope, addresses: set[str]) -> bool:
    return Reach.ASSIGNED in scope.reaches(Permission.REPORTS) and scope.email in addresses


def _assigned_addresses(session: Session, study: Study) -> set[str]:
    statement = (
        sa.select(sa.func.lower(Account.csm_email))
        .distinct()
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .where(SampledAccount.study_id == study.id, Account.csm_email.is_not(None))
    )
    return set(session.scalars(statement))


def _named(person: Any) -> sa.ColumnElement[str]:
    return cast("sa.ColumnElement[str]", sa.func.coalesce(sa.func.nullif(person.name, ""), person.email))
