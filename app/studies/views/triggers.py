"""Studies that start by themselves: whom they would ask, whom they could not ask yet, and who was never asked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template
from sqlalchemy import ColumnElement, Row, and_, select

from app.core.clock import now, today
from app.core.database import db
from app.customers.models import Account
from app.studies.models import Respondent, Study
from app.studies.queries.budget import budget_of, people_to_mail
from app.studies.queries.triggers import open_occasions, passed_occasions, people_to_ask, waits_for_invitation
from app.studies.rules.budget import held_back, held_words
from app.studies.rules.triggers import HORIZON, Event, trigger_words
from app.studies.scope import assigned_accounts, may_run, may_see_all
from app.studies.services.triggers import Joining, accounts_lately, accounts_to_come, trigger_of
from app.users.policy import current_scope

ROWS = 25
EVENTS = {Event.RENEWAL: "Renewal", Event.GO_LIVE: "Go-live", Event.CASE_CLOSED: "Case closed"}


@dataclass(frozen=True)
class Coming:
    """The accounts whose occasion is due by a day: all of them counted, the first of them with the people there.

    `first_days` says that the study opens later and these are its first days. `lately` counts the accounts with a case
    closed in the days before today: cases that come are not known, so these say what to expect; None for other events.
    """

    accounts: int
    until: date
    first_days: bool
    rows: Sequence[Joining]
    people: Mapping[int, int]
    lately: int | None


@dataclass(frozen=True)
class HeldAccount:
    """An account whose occasion is not over where somebody is not invited, and why, in sentences with how many."""

    account_id: str
    name: str
    due_on: date
    last_on: date
    people: int
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Occasions:
    """What comes, who is held back (all counted, the first told), and which occasions passed without a mail."""

    words: str
    event: str
    coming: Coming | None
    held: Sequence[HeldAccount]
    held_count: int
    passed: Sequence[Row[Any]]
    passed_count: int


def unstarted_page(study: Study, refused: str | None = None) -> str:
    """Return the page of a study with a trigger before its start."""
    design, trigger = trigger_of(study)
    return render_template(
        "studies/unstarted.html",
        study=study,
        design=design,
        words=trigger_words(trigger),
        within=trigger.within,
        event=trigger.event,
        event_name=EVENTS[trigger.event],
        coming=coming_of(study),
        today=today(),
        rows=ROWS,
        refused=refused,
        runs=may_run(current_scope(), study),
    )


def occasions_of(study: Study) -> Occasions | None:
    """Return what the page of a started study tells of its occasions; None for a study that was drawn."""
    if "trigger" not in study.plan:
        return None
    _, trigger = trigger_of(study)
    only, on = accounts_shown(study), today()
    is_running = study.closed_at is None and on <= study.closes_on
    held = held_accounts(study, only, now()) if is_running else []
    passed_count, passed = passed_occasions(db.session, study, on, limit=ROWS, only=only)
    return Occasions(
        words=trigger_words(trigger),
        event=EVENTS[trigger.event],
        coming=coming_of(study) if is_running else None,
        held=held[:ROWS],
        held_count=len(held),
        passed=passed,
        passed_count=passed_count,
    )


def coming_of(study: Study) -> Coming | None:
    """Return who joins in the next days, or in the first days of a study that opens later; None after its end."""
    first = max(today(), study.opens_on)
    until = min(first + HORIZON, study.closes_on)
    if until < first:
        return None
    accounts = accounts_to_come(db.session, study, first, until, accounts_shown(study))
    shown = accounts[:ROWS]
    people = people_to_ask(db.session, [each.candidate.id for each in shown], study.plan["roles"])
    return Coming(len(accounts), until, first > today(), shown, people, closed_lately(study))


def closed_lately(study: Study) -> int | None:
    """Return at how many accounts a case was closed in the last days; None where the study does not go by cases."""
    if study.plan["trigger"]["event"] != Event.CASE_CLOSED:
        return None
    return accounts_lately(db.session, study, today() - HORIZON, today(), accounts_shown(study))


def held_accounts(study: Study, only: ColumnElement[bool] | None, at: datetime) -> list[HeldAccount]:
    """Return the accounts with somebody who is not invited yet or with nobody to invite, those soonest over first."""
    budget = budget_of(db.session)
    reasons: dict[str, Counter[str]] = {}
    for person in people_to_mail(db.session, study, budget=budget, at=at, only=people_shown(study, only, at.date())):
        held = held_back(person.facts, budget)
        words = held_words(held, budget) if held else "They are invited within the hour."
        reasons.setdefault(person.account_id, Counter())[words] += 1
    return [
        HeldAccount(
            account_id=row.crm_id,
            name=row.name,
            due_on=row.due_on,
            last_on=row.last_on,
            people=row.people,
            reasons=reasons[row.crm_id].most_common()
            if row.people
            else [("Nobody there is in a role of the study.", 0)],
        )
        for row in open_occasions(db.session, study, at.date(), only)
        if row.crm_id in reasons or not row.people
    ]


def people_shown(study: Study, only: ColumnElement[bool] | None, on: date) -> ColumnElement[bool]:
    """Return the condition on Respondent for those not invited yet at the accounts that the caller sees."""
    waits = waits_for_invitation(study, on)
    return waits if only is None else and_(waits, Respondent.account_id.in_(select(Account.id).where(only)))


def accounts_shown(study: Study) -> ColumnElement[bool] | None:
    """Return the condition on Account for those of a study that the caller sees; None where they see all."""
    scope = current_scope()
    return None if may_see_all(scope, study) else assigned_accounts(scope)
