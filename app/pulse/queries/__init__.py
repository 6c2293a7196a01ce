"""Reads of what the workspace chose and of what is thought of one account, beside its calculated health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.customers.models import Account, Contact, Interaction
from app.health.models import HealthComputation, HealthScore
from app.health.queries.choice import present_health
from app.health.queries.sealing import is_sealed
from app.pulse.models import PulseJudgement, PulseLight, PulseOverride, PulseRound, PulseSentiment, PulseSetting
from app.pulse.rules.overrides import Said, is_standing
from app.pulse.rules.settings import PulseSettings, restored
from app.users.models import User
from app.users.rules import Permission, Scope

ONLY = 1
RECENT = 20
"""How many rows of a history a page shows."""

Rows = Sequence[Row[Any]]


def rows_of(session: Session, statement: Any) -> Rows:
    """The rows of a statement, whatever their columns."""
    found: Rows = session.execute(statement).all()
    return found


def pulse_settings(session: Session) -> PulseSettings:
    """What the workspace chose; as usual where it chose nothing."""
    stored = session.scalar(select(PulseSetting.definition).where(PulseSetting.id == ONLY))
    return restored(stored or {})


def author_name(author: Any = User) -> ColumnElement[str]:
    """The name of a person, or their address where they have none."""
    found: ColumnElement[str] = func.coalesce(func.nullif(author.name, ""), author.email)
    return found


def newest_computation_id(session: Session, on: date, *, version_id: int | None = None) -> int | None:
    """The computation of health that is the newest on a day, by a scorecard version if asked; or None."""
    is_by = true() if version_id is None else HealthComputation.scorecard_version_id == version_id
    return session.scalar(
        select(HealthComputation.id)
        .where(HealthComputation.as_of <= on, is_by)
        .order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
        .limit(1)
    )


def calculated(session: Session, account: Account) -> tuple[float | None, str | None]:
    """The health of an account by telemetry alone as pages show it, and its band; None and None where there is none."""
    row = session.execute(
        select(HealthScore.telemetry_score, HealthScore.telemetry_band)
        .join(Account, Account.id == HealthScore.account_id)
        .where(Account.id == account.id, HealthScore.computation_id == present_health(session).computation)
    ).first()
    return (row.telemetry_score, row.telemetry_band) if row else (None, None)


def sentiments_of(session: Session, account: Account) -> Rows:
    """What was thought of an account (value, reason, given_at, is_blind, author), the newest first.

    What was said in a round is left out until that closes, so that it steers nobody.
    """
    return rows_of(
        session,
        select(
            PulseSentiment.value,
            PulseSentiment.reason,
            PulseSentiment.given_at,
            PulseSentiment.round_id.is_not(None).label("is_blind"),
            author_name().label("author"),
        )
        .join(User, User.id == PulseSentiment.author_id)
        .outerjoin(PulseRound, PulseRound.id == PulseSentiment.round_id)
        .where(
            PulseSentiment.account_id == account.id,
            or_(PulseSentiment.round_id.is_(None), PulseRound.closed_at.is_not(None)),
        )
        .order_by(PulseSentiment.given_at.desc(), PulseSentiment.id.desc())
        .limit(RECENT),
    )


def lights_of(session: Session, account: Account) -> Rows:
    """The colours at interactions (colour, occasion, happened_on, note, given_at, author), the last one first."""
    return rows_of(
        session,
        select(
            PulseLight.colour,
            PulseLight.occasion,
            PulseLight.happened_on,
            PulseLight.note,
            PulseLight.given_at,
            author_name().label("author"),
        )
        .join(User, User.id == PulseLight.author_id)
        .where(PulseLight.account_id == account.id)
        .order_by(PulseLight.happened_on.desc(), PulseLight.id.desc())
        .limit(RECENT),
    )


def interactions_of(session: Session, account: Account) -> Rows:
    """The last conversations on record with an account (id, occurred_at, channel), the newest first; no words."""
    return rows_of(
        session,
        select(Interaction.id, Interaction.occurred_at, Interaction.channel)
        .where(Interaction.account_id == account.id)
        .order_by(Interaction.occurred_at.desc(), Interaction.id.desc())
        .limit(RECENT),
    )


def overrides_of(session: Session, account: Account) -> list[Said]:
    """Every override of an account with who set and who ended it, the newest first."""
    ender = aliased(User)
    rows = session.execute(
        select(PulseOverride, author_name(), author_name(ender))
        .join(User, User.id == PulseOverride.author_id)
        .outerjoin(ender, ender.id == PulseOverride.ended_by)
        .where(PulseOverride.account_id == account.id)
        .order_by(PulseOverride.id.desc())
    )
    return [_said(row, author, ended_by) for row, author, ended_by in rows]


@dataclass(frozen=True)
class JudgementNow:
    """What is thought of an account now: settings, the last sentiment with its instant, the override that holds.

    `is_hidden` where the reader may not see any of it now, which is not the same as nothing.
    """

    settings: PulseSettings
    value: int | None
    given_at: datetime | None
    override: Said | None
    is_hidden: bool = False


def judgement_now(session: Session, account: Account, on: date, *, scope: Scope) -> JudgementNow:
    """What is thought of an account on a day; one statement. What was said blind is left out until its round closes.

    Nothing of it for a caller who may not see judgement now (`sees_judgement`).
    """
    sealed, stored, value, given_at, override, author = session.execute(
        _judgement_statement(), {"account": account.id, "on": on}
    ).one()
    settings = restored(stored or {})
    if sealed and scope.can(Permission.STUDIES):
        return JudgementNow(settings, None, None, None, is_hidden=True)
    holds = override is not None and settings.overrides
    return JudgementNow(settings, value, given_at, _said(override, author, None) if holds else None)


@cache
def _judgement_statement() -> Select[*tuple[Any, ...]]:
    """What is thought of any account on any day, written down once."""
    account, on = bindparam("account", type_=Integer), bindparam("on", type_=Date)
    last = (
        select(PulseSentiment.value)
        .outerjoin(PulseRound, PulseRound.id == PulseSentiment.round_id)
        .where(
            PulseSentiment.account_id == account,
            or_(PulseSentiment.round_id.is_(None), PulseRound.closed_at.is_not(None)),
        )
        .order_by(PulseSentiment.given_at.desc(), PulseSentiment.id.desc())
        .limit(1)
    )
    standing_ones = and_(
        PulseOverride.account_id == Account.id, PulseOverride.ended_at.is_(None), PulseOverride.expires_on >= on
    )
    return (
        select(
            is_sealed(),
            select(PulseSetting.definition).where(PulseSetting.id == ONLY).scalar_subquery(),
            last.scalar_subquery(),
            last.with_only_columns(PulseSentiment.given_at).scalar_subquery(),
            PulseOverride,
            author_name(),
        )
        .select_from(Account)
        .outerjoin(PulseOverride, standing_ones)
        .outerjoin(User, User.id == PulseOverride.author_id)
        .where(Account.id == account)
        .order_by(PulseOverride.id.desc())
        .limit(1)
    )


def standing_override(session: Session, account: Account, on: date) -> Said | None:
    """The override that holds on a day, or None."""
    return next((each for each in overrides_of(session, account) if standing(each, on)), None)


def standing(said: Said, on: date) -> bool:
    """Whether an override holds on a day."""
    return is_standing(said.expires_on, said.ended_at, on)


def people_at(session: Session, account: Account) -> Rows:
    """Everybody on record at an account (id, name, role), by name; who was erased is nobody."""
    return rows_of(
        session,
        select(Contact.id, Contact.name, Contact.role)
        .where(Contact.account_id == account.id, Contact.erased_at.is_(None))
        .order_by(Contact.is_primary.desc(), func.lower(Contact.name), Contact.id),
    )


def present_cells(session: Session, account: Account) -> Rows:
    """The newest row of each cell of people on record.

    Rows (id, contact_id, dimension, value, reason, given_at, author_id, author).
    """
    newest = (
        _cells(func.max(PulseJudgement.id))
        .where(PulseJudgement.account_id == account.id, Contact.erased_at.is_(None))
        .group_by(PulseJudgement.contact_id, PulseJudgement.dimension)
    )
    return rows_of(
        session,
        select(
            PulseJudgement.id,
            PulseJudgement.contact_id,
            PulseJudgement.dimension,
            PulseJudgement.value,
            PulseJudgement.reason,
            PulseJudgement.given_at,
            PulseJudgement.author_id,
            author_name().label("author"),
        )
        .join(User, User.id == PulseJudgement.author_id)
        .where(PulseJudgement.id.in_(newest))
        .order_by(PulseJudgement.id),
    )


def cells_seen(session: Session, account: Account, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """What rows of the matrix of an account said (value, reason), by id."""
    rows = session.execute(
        select(PulseJudgement.id, PulseJudgement.value, PulseJudgement.reason).where(
            PulseJudgement.account_id == account.id, PulseJudgement.id.in_(ids)
        )
    )
    return {row.id: (row.value, row.reason or "") for row in rows}


def _cells(column: Any) -> Select[Any]:
    return select(column).join(Contact, Contact.id == PulseJudgement.contact_id)


def _said(row: PulseOverride, author: str, ended_by: str | None) -> Said:
    return Said(
        band=row.band,
        author=author,
        reason=row.reason,
        set_at=row.set_at,
        expires_on=row.expires_on,
        score=row.calculated_score,
        calculated=row.calculated_band,
        ended_at=row.ended_at,
        ended_by=ended_by,
    )
