"""The sample's CSMs say what they think: each kind of judgement, a round of blind rating, and who wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alerts.rules.wishes import Extent, Wish
from app.alerts.services.subscribing import subscribe
from app.customers.models import Account, Contact
from app.pulse.rules.matrix import Typed
from app.pulse.rules.settings import SWITCHES
from app.pulse.services.rounds import begin_round, change_pulse_settings, close_round, rate_blind
from app.pulse.services.saying import end_override, say_cells, say_light, say_sentiment, set_override
from app.sample.rules import judgements
from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio
from app.sample.rules.telemetry import month_ends
from app.scoring.rules.kappa import kappa
from app.users.models import User
from app.users.queries import scope_of
from app.users.rules import Scope

_MONTHS = 6


@dataclass(frozen=True)
class _Cast:
    """Who says something, and of what: accounts by CRM id, and logins by address."""

    accounts: Mapping[str, Account]
    scopes: Mapping[str, Scope]

    def csm_of(self, account: Account) -> int:
        return self.scopes[account.csm_email or ""].user_id


def judge_accounts(session: Session, portfolio: Portfolio, on: date) -> None:
    """Have each CSM say what they think of their accounts; what becomes a measure at month ends, as all telemetry."""
    cast = _cast(session)
    leader = cast.scopes["leader@sample.parallax.test"].user_id
    at = _at(on - timedelta(days=200))
    change_pulse_settings(session, typed=_settings(), at=at, by=leader)
    _feel(session, cast, portfolio, on)
    _rate_blind(session, cast, portfolio, on)
    _fill_matrices(session, cast, portfolio, on)
    _override(session, cast, portfolio, on)


def ask_for_alerts(session: Session, on: date) -> None:
    """Have the leader ask to be told of every account, and a CSM of their own and of one account beside."""
    cast, at = _cast(session), _at(on)
    leader, csm = (cast.scopes[f"{key}@sample.parallax.test"] for key in ("leader", "csm"))
    own = next(each for _, each in sorted(cast.accounts.items()) if each.csm_email == csm.email)
    told = partial(Wish, colour=True, silence=True)
    subscribe(session, scope=leader, wish=told(Extent.ALL, falls_by=15), account=None, at=at)
    subscribe(session, scope=csm, wish=told(Extent.MINE, falls_by=10), account=None, at=at)
    subscribe(session, scope=csm, wish=told(Extent.ACCOUNT, falls_by=5), account=own, at=at)


def _feel(session: Session, cast: _Cast, portfolio: Portfolio, on: date) -> None:
    for each in judgements.sentiments(portfolio.accounts, SAMPLE_SEED, month_ends(on, _MONTHS)):
        account = cast.accounts[each.account_id]
        said = {"value": str(each.value), "reason": each.reason, "form_key": f"{each.account_id}-{each.on}"}
        say_sentiment(session, account=account, **said, at=_at(each.on), by=cast.csm_of(account))
    for light in judgements.lights(portfolio.accounts, SAMPLE_SEED, on):
        account = cast.accounts[light.account_id]
        typed = {"colour": light.colour, "occasion": light.occasion, "happened_on": str(light.on), "note": light.note}
        key = f"light-{light.account_id}"
        say_light(session, account=account, typed=typed, form_key=key, at=_at(light.on), by=cast.csm_of(account))


def _rate_blind(session: Session, cast: _Cast, portfolio: Portfolio, on: date) -> None:
    """A round that closes at the end of a month, so that its sentiments are measured with all else."""
    closed = month_ends(on)[-1]
    leader = cast.scopes["leader@sample.parallax.test"].user_id
    opened = _at(closed - timedelta(days=judgements.ROUND_DAYS))
    raters = sorted({account.csm_email or "" for account in cast.accounts.values()})
    round_ = begin_round(session, name=judgements.ROUND, raters=raters, at=opened, by=leader)
    for place, (crm_id, (value, reason)) in enumerate(judgements.blind(portfolio.accounts, SAMPLE_SEED).items()):
        scope = cast.scopes[cast.accounts[crm_id].csm_email or ""]
        at = opened + timedelta(days=1 + place % 14)
        said = {"value": str(value), "reason": reason, "form_key": f"blind-{crm_id}"}
        rate_blind(session, scope=scope, crm_id=crm_id, **said, at=at)
    close_round(session, round_id=round_.id, judge=partial(kappa, weights="linear"), at=_at(closed), by=leader)


def _fill_matrices(session: Session, cast: _Cast, portfolio: Portfolio, on: date) -> None:
    ids = {row.crm_id: row.id for row in session.execute(select(Contact.crm_id, Contact.id))}
    for each in judgements.matrices(portfolio.accounts, portfolio.people, SAMPLE_SEED, on):
        account = cast.accounts[each.account_id]
        typed = [Typed(ids[who], topic, str(value), reason) for who, topic, value, reason in each.said]
        say_cells(session, account=account, typed=typed, at=_at(each.on), by=cast.csm_of(account))


def _override(session: Session, cast: _Cast, portfolio: Portfolio, on: date) -> None:
    for each in judgements.overrides(portfolio.accounts, on):
        account = cast.accounts[each.account_id]
        by, key = cast.csm_of(account), f"override-{each.account_id}"
        typed = {"band": each.band, "reason": each.reason, "expires_on": str(each.expires_on)}
        set_override(session, account=account, typed=typed, form_key=key, at=_at(each.set_on), by=by)
        if each.ended_on is not None:
            end_override(session, account=account, at=_at(each.ended_on), by=by)


def _settings() -> dict[str, str]:
    """All kinds of judgement, but no field beside the score of accounts that look after themselves."""
    days = {"half_life_days": "90", "stale_days": "60", "attribute": "segment", "without": judgements.WITHOUT}
    return days | dict.fromkeys(SWITCHES, "on")


def _cast(session: Session) -> _Cast:
    accounts = {account.crm_id: account for account in session.scalars(select(Account))}
    return _Cast(accounts, {user.email: scope_of(user) for user in session.scalars(select(User))})


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
