"""Reads of rounds of blind rating: who rates what, what was said, and what a caller may see of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.core.ids import LARGEST_ID
from app.customers.models import Account
from app.customers.scope import accounts_within, own_accounts, still_customers
from app.health.models import HealthScore, JudgementSeal, ScorecardVersion
from app.pulse.models import PulseOverride, PulseRound, PulseRoundAccount, PulseSentiment
from app.pulse.queries import Rows, author_name, rows_of
from app.pulse.rules.rounds import Rated
from app.users.models import User
from app.users.rules import Permission, Scope


def rounds_known(session: Session) -> Sequence[PulseRound]:
    """Every round, the newest first."""
    return session.scalars(select(PulseRound).order_by(PulseRound.id.desc())).all()


def open_round(session: Session) -> PulseRound | None:
    """The round that is open, or None; there is one at a time."""
    return session.scalar(select(PulseRound).where(PulseRound.closed_at.is_(None)).order_by(PulseRound.id).limit(1))


def round_of(session: Session, round_id: int, *, is_locked: bool = False) -> PulseRound:
    """A round by its id, locked until the transaction ends if asked; Missing where there is none."""
    wanted = select(PulseRound).where(PulseRound.id == min(round_id, LARGEST_ID))
    found = session.scalar(wanted.with_for_update() if is_locked else wanted)
    if found is None:
        raise Missing("There is no such round.", "round")
    return found


def csms(session: Session) -> Sequence[tuple[str, int]]:
    """The addresses of those who look after accounts that are still customers, in small letters, with how many."""
    address = func.lower(Account.csm_email)
    rows = session.execute(
        select(address, func.count())
        .where(Account.csm_email.is_not(None), Account.csm_email != "", still_customers())
        .group_by(address)
        .order_by(address)
    )
    return [(email, number) for email, number in rows]


def accounts_to_rate(session: Session, computation_id: int, raters: Sequence[str]) -> Rows:
    """The accounts (account_id, rater, score, band) of these people in a computation, by telemetry alone."""
    rater = func.lower(Account.csm_email)
    return rows_of(
        session,
        select(
            Account.id.label("account_id"),
            rater.label("rater"),
            HealthScore.telemetry_score.label("score"),
            HealthScore.telemetry_band.label("band"),
        )
        .outerjoin(
            HealthScore, and_(HealthScore.account_id == Account.id, HealthScore.computation_id == computation_id)
        )
        .where(rater.in_(raters), still_customers())
        .order_by(Account.id),
    )


def queue_of(session: Session, *, round_: PulseRound, scope: Scope, crm_id: str | None = None) -> Sequence[Account]:
    """The accounts that the caller has yet to rate in a round, by name, or one of them; no health is read."""
    return session.scalars(
        select(Account)
        .join(PulseRoundAccount, PulseRoundAccount.account_id == Account.id)
        .outerjoin(
            PulseSentiment,
            and_(PulseSentiment.account_id == Account.id, PulseSentiment.round_id == PulseRoundAccount.round_id),
        )
        .where(
            PulseRoundAccount.round_id == round_.id,
            PulseRoundAccount.rater == scope.email,
            own_accounts(scope),
            true() if crm_id is None else Account.crm_id == crm_id,
            PulseSentiment.id.is_(None),
        )
        .order_by(func.lower(Account.name), Account.id)
    ).all()


def progress(session: Session, round_: PulseRound) -> Sequence[tuple[str, int, int]]:
    """Who rates how many accounts in a round, and how many of them are done: no sentiment is read."""
    rows = session.execute(
        select(PulseRoundAccount.rater, func.count(), func.count(PulseSentiment.id))
        .outerjoin(
            PulseSentiment,
            and_(
                PulseSentiment.round_id == PulseRoundAccount.round_id,
                PulseSentiment.account_id == PulseRoundAccount.account_id,
            ),
        )
        .where(PulseRoundAccount.round_id == round_.id)
        .group_by(PulseRoundAccount.rater)
        .order_by(PulseRoundAccount.rater)
    )
    return [(rater, of, done) for rater, of, done in rows]


def rated_in(session: Session, round_: PulseRound, scope: Scope | None = None) -> list[Rated]:
    """What was frozen and what was said in a round, by name; of the accounts that the caller may see, or of all."""
    wanted = (
        select(
            Account.crm_id,
            Account.name,
            PulseRoundAccount.score,
            PulseRoundAccount.band,
            PulseSentiment.value,
            PulseSentiment.reason,
            author_name().label("author"),
        )
        .join(Account, Account.id == PulseRoundAccount.account_id)
        .outerjoin(
            PulseSentiment,
            and_(
                PulseSentiment.round_id == PulseRoundAccount.round_id,
                PulseSentiment.account_id == PulseRoundAccount.account_id,
            ),
        )
        .outerjoin(User, User.id == PulseSentiment.author_id)
        .where(PulseRoundAccount.round_id == round_.id)
        .order_by(func.lower(Account.name), Account.id)
    )
    if scope is not None:
        wanted = wanted.where(accounts_within(scope, Permission.ACCOUNTS))
    return [Rated(*row) for row in session.execute(wanted)]


def scorecard_of(session: Session, round_: PulseRound) -> ScorecardVersion | None:
    """The scorecard version by which the scores of a round are frozen; None before they are."""
    return session.get(ScorecardVersion, round_.scorecard_version_id) if round_.scorecard_version_id else None


def seal_of(session: Session, round_: PulseRound) -> JudgementSeal | None:
    """By what judgement was hidden for the weights of a round; None where weights do not come first."""
    return session.get(JudgementSeal, round_.seal_id) if round_.seal_id else None


def sentiments_before(session: Session, version: ScorecardVersion) -> int:
    """How many sentiments had been given when a scorecard version was published."""
    given = select(func.count()).select_from(PulseSentiment).where(PulseSentiment.given_at < version.created_at)
    return session.scalar(given) or 0


def overrides_standing(session: Session, *, scope: Scope, on: date) -> Rows:
    """The overrides that hold on a day, the next to end first.

    Rows (crm_id, name, band, score, calculated, expires_on, reason, author).
    """
    return rows_of(
        session,
        select(
            Account.crm_id,
            Account.name,
            PulseOverride.band,
            PulseOverride.calculated_score.label("score"),
            PulseOverride.calculated_band.label("calculated"),
            PulseOverride.expires_on,
            PulseOverride.reason,
            author_name().label("author"),
        )
        .join(Account, Account.id == PulseOverride.account_id)
        .join(User, User.id == PulseOverride.author_id)
        .where(
            PulseOverride.ended_at.is_(None),
            PulseOverride.expires_on >= on,
            accounts_within(scope, Permission.ACCOUNTS),
        )
        .order_by(PulseOverride.expires_on, PulseOverride.id),
    )
