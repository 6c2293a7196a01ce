"""Which accounts show a sign, each sign by one statement over all accounts, with the figures that tell it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.actions.models import Action
from app.customers.models import Account, Interaction, Promise
from app.customers.rules import Channel
from app.customers.scope import accounts_within, still_customers
from app.health.models import HealthComputation, HealthScore, Telemetry
from app.health.queries.choice import present_health
from app.ledger.queries.arrived import is_owed
from app.plans.models import PlanOutcome, SuccessPlan
from app.playbooks.queries.scores import computations_before, newest_voices
from app.playbooks.rules.definition import Definition
from app.playbooks.rules.signs import Numbers, SignKey
from app.responses.models import Response
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.scope import visible_accounts
from app.users.rules import Scope

USERS = "active_users"
"""The metric that counts who uses the product, as the sample's telemetry and the scorecard templates call it."""
WINDOW = timedelta(days=92)
"""How old the last count of users may be."""


@dataclass(frozen=True)
class Looking:
    """Who looks, on which day, at the accounts of which tiers; no tier is all of them."""

    session: Session
    scope: Scope
    today: date
    tiers: Sequence[str] = ()

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on Account for those that are looked at: customers still, and the caller's to see."""
        of_tier = [Account.tier.in_(self.tiers)] if self.tiers else []
        return [accounts_within(self.scope), still_customers(), *of_tier]

    def rows(self, wanted: Any) -> Mapping[int, Any]:
        """The rows of a statement that names account_id and joins Account, by account."""
        return {row.account_id: row for row in self.session.execute(wanted.where(*self.conditions))}


Find = Mapping[int, Any]


def found_signs(looking: Looking, definition: Definition) -> list[Find]:
    """What each sign of a playbook is found at, in the definition's order: rows with figures by account id."""
    return [_QUERIES[each.key](looking, each.numbers) for each in definition.signs]


def _voice(looking: Looking, condition: Callable[[Any], sa.ColumnElement[bool]]) -> Find:
    voice = newest_voices(looking.scope)
    columns = (voice.c.account_id, voice.c.respondents, voice.c.voice, voice.c.health, voice.c.gap, voice.c.tier)
    wanted = sa.select(*columns, voice.c.study).join(Account, Account.id == voice.c.account_id)
    return looking.rows(wanted.where(condition(voice)))


def _hidden_risk(looking: Looking, _numbers: Numbers) -> Find:
    return _voice(looking, lambda voice: voice.c.quadrant == "hidden_risk")


def _voice_red(looking: Looking, _numbers: Numbers) -> Find:
    return _voice(looking, lambda voice: voice.c.voice_band == "red")


def _silent(looking: Looking, _numbers: Numbers) -> Find:
    is_over = sa.or_(Study.closed_at.is_not(None), Study.closes_on < looking.today)
    order = (Study.closes_on.desc(), Study.id.desc())
    ranked = (
        sa.select(
            SampledAccount.account_id,
            SampledAccount.study_id,
            Study.name.label("study"),
            sa.func.row_number().over(partition_by=SampledAccount.account_id, order_by=order).label("place"),
        )
        .join(Study, Study.id == SampledAccount.study_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(is_over, ~Study.is_anonymous, visible_accounts(looking.scope))
        .subquery()
    )
    people = (
        sa.select(
            Respondent.study_id,
            Respondent.account_id,
            sa.func.count().label("asked"),
            sa.func.count(Response.submitted_at).label("heard"),
        )
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .group_by(Respondent.study_id, Respondent.account_id)
        .subquery()
    )
    same = sa.and_(people.c.study_id == ranked.c.study_id, people.c.account_id == ranked.c.account_id)
    wanted = (
        sa.select(ranked.c.account_id, ranked.c.study, people.c.asked)
        .join(people, same)
        .join(Account, Account.id == ranked.c.account_id)
        .where(ranked.c.place == 1, people.c.heard == 0)
    )
    return looking.rows(wanted)


def _healths(looking: Looking) -> Any:
    present = present_health(looking.session)
    return (
        sa.select(HealthScore.account_id, HealthScore.score, HealthComputation.as_of)
        .join(Account, Account.id == HealthScore.account_id)
        .join(HealthComputation, HealthComputation.id == HealthScore.computation_id)
        .where(HealthScore.computation_id == present.computation)
    )


def _health_red(looking: Looking, _numbers: Numbers) -> Find:
    return looking.rows(_healths(looking).where(HealthScore.band == "red"))


def _health_fell(looking: Looking, numbers: Numbers) -> Find:
    pairs = computations_before(looking.session, days=numbers["days"])
    if not pairs:
        return {}
    before, computed = aliased(HealthScore), aliased(HealthComputation)
    earlier = sa.case(pairs, value=HealthScore.computation_id, else_=0)
    wanted = (
        _healths(looking)
        .add_columns(before.score.label("before"), computed.as_of.label("before_on"))
        .join(before, sa.and_(before.account_id == HealthScore.account_id, before.computation_id == earlier))
        .join(computed, computed.id == before.computation_id)
        .where(before.score - HealthScore.score >= numbers["points"])
    )
    return looking.rows(wanted)


def _renewal(looking: Looking, numbers: Numbers) -> Find:
    until = looking.today + timedelta(days=numbers["days"])
    wanted = sa.select(Account.id.label("account_id"), Account.renewal_date)
    return looking.rows(wanted.where(Account.renewal_date.between(looking.today, until)))


def _promise_late(looking: Looking, numbers: Numbers) -> Find:
    until = looking.today - timedelta(days=numbers["days"])
    given = sa.select(Action.account_id, Action.due_on).where(
        Action.is_promised, Action.done_at.is_(None), Action.due_on <= until
    )
    agreed = (
        sa.select(SuccessPlan.account_id, PlanOutcome.due_on)
        .join(PlanOutcome, PlanOutcome.plan_id == SuccessPlan.id)
        .where(
            SuccessPlan.closed_at.is_(None),
            PlanOutcome.done_on.is_(None),
            PlanOutcome.dropped_on.is_(None),
            PlanOutcome.due_on <= until,
        )
    )
    promised = sa.select(Promise.account_id, Promise.due_on).where(Promise.due_on <= until, is_owed(looking.today))
    every = sa.union_all(given, agreed, promised).subquery()
    late = (
        sa.select(every.c.account_id, sa.func.count().label("late"), sa.func.min(every.c.due_on).label("oldest"))
        .group_by(every.c.account_id)
        .subquery()
    )
    return looking.rows(
        sa.select(late.c.account_id, late.c.late, late.c.oldest).join(Account, Account.id == late.c.account_id)
    )


def _no_contact(looking: Looking, numbers: Numbers) -> Find:
    """Those whose last conversation is too long ago, or who never had one: only where conversations are kept at all.

    A mention in public is no conversation.
    """
    if looking.session.scalar(sa.select(Interaction.id).limit(1)) is None:
        return {}
    since = datetime.combine(looking.today - timedelta(days=numbers["days"]), time(), UTC)
    spoken = (
        sa.select(Interaction.account_id, sa.func.max(Interaction.occurred_at).label("last"))
        .where(sa.func.coalesce(Interaction.participated, sa.true()), Interaction.channel != Channel.SOCIAL.value)
        .group_by(Interaction.account_id)
        .subquery()
    )
    # Who became a customer later than that cannot have been silent for so long.
    began_late = sa.case(
        (Account.start_date.is_not(None), Account.start_date > since.date()), else_=Account.created_at > since
    )
    is_new = sa.and_(spoken.c.last.is_(None), began_late)
    wanted = (
        sa.select(Account.id.label("account_id"), spoken.c.last)
        .outerjoin(spoken, spoken.c.account_id == Account.id)
        .where(sa.or_(spoken.c.last.is_(None), spoken.c.last < since), ~is_new)
    )
    return looking.rows(wanted)


def _seats_full(looking: Looking, numbers: Numbers) -> Find:
    return seats_used(looking, above=numbers["percent"] / 100)


def seats_used(looking: Looking, *, above: float) -> Find:
    """The accounts whose last count of users lies above a share of their seats: rows with users, seats and the day."""
    last = (
        sa.select(Telemetry.account_id, sa.func.max(Telemetry.period_end).label("period_end"))
        .where(Telemetry.metric == USERS, Telemetry.period_end >= looking.today - WINDOW)
        .group_by(Telemetry.account_id)
        .subquery()
    )
    counted = aliased(Telemetry)
    same = sa.and_(
        counted.account_id == last.c.account_id, counted.metric == USERS, counted.period_end == last.c.period_end
    )
    wanted = (
        sa.select(Account.id.label("account_id"), counted.value.label("users"), Account.seats, last.c.period_end)
        .join(last, last.c.account_id == Account.id)
        .join(counted, same)
        .where(Account.seats > 0, counted.value > Account.seats * above)
    )
    return looking.rows(wanted)


_QUERIES: Mapping[SignKey, Callable[[Looking, Numbers], Find]] = {
    SignKey.HIDDEN_RISK: _hidden_risk,
    SignKey.VOICE_RED: _voice_red,
    SignKey.SILENT: _silent,
    SignKey.HEALTH_RED: _health_red,
    SignKey.HEALTH_FELL: _health_fell,
    SignKey.RENEWAL: _renewal,
    SignKey.PROMISE_LATE: _promise_late,
    SignKey.NO_CONTACT: _no_contact,
    SignKey.SEATS_FULL: _seats_full,
}
