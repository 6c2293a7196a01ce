"""Plans as they are written: once, by facts, with each former date kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.plans.models import PlanBlocker, PlanMove, PlanOutcome, SuccessPlan
from app.plans.queries import plan_colours, plans_seen, standing_still
from app.plans.queries.one import (
    agreed_name,
    blocker_owners,
    blockers_of,
    closed_plans,
    moves_of,
    open_plan,
    outcomes_of,
)
from app.plans.services import (
    add_blocker,
    add_outcome,
    begin_plan,
    change_blocker,
    change_outcome,
    change_plan,
    close_plan,
    forget_agreements,
    reach_outcome,
    resolve_blocker,
)
from app.subjects.services.erasing import copy_of, erase_person
from app.users.models import AuditEvent, User
from app.users.queries import scope_of
from tests.interviews.talks import BEN
from tests.plans.world import (
    NORA,
    account,
    add_accounts,
    add_plan,
    blocker_wish,
    contact,
    outcome_wish,
    plan_wish,
    writer,
)
from tests.users.people import CSM, LEADER, VIEWER


def colour(session: Session) -> str:
    of = account(session).id
    return plan_colours(session, [of])[of].colour.value


def test_the_same_form_twice_stays_once(session: Session) -> None:
    plan = add_plan(session)
    of, who = account(session), writer(session)
    again = begin_plan(session, account=of, wish=plan_wish(title="x"), agreed_with="", form_key="plan", writer=who)
    outcome = add_outcome(session, account=of, wish=outcome_wish(title="x"), form_key="outcome", writer=who)
    blocker = add_blocker(session, account=of, wish=blocker_wish(title="x"), form_key="blocker", writer=who)
    assert (again.id, outcome.title, blocker.title) == (plan.id, "First invoices", "No SSO")
    for model in (SuccessPlan, PlanOutcome, PlanBlocker):
        assert session.scalar(select(func.count()).select_from(model)) == 1


def test_an_account_has_one_plan_at_a_time(session: Session) -> None:
    add_plan(session)
    of, who = account(session), writer(session)
    with pytest.raises(Refusal, match="close it before"):
        begin_plan(session, account=of, wish=plan_wish(), agreed_with="", form_key="two", writer=who)
    close_plan(session, account=of, writer=who)
    assert plan_colours(session, [of.id]) == {}
    with pytest.raises(Missing):
        add_outcome(session, account=of, wish=outcome_wish(), form_key="late", writer=who)
    begin_plan(session, account=of, wish=plan_wish(title="Next"), agreed_with="", form_key="two", writer=who)
    assert [each.title for each in closed_plans(session, of)] == ["Go live"]
    assert colour(session) == "none"


def test_a_blocker_turns_it_yellow_a_critical_one_red_and_gone_it_is_green(session: Session) -> None:
    plan = add_plan(session)
    of, who = account(session), writer(session)
    assert colour(session) == "yellow"
    blocker = blockers_of(session, plan)[0][0].id
    owner = next(iter(blocker_owners(session)))
    changed = change_blocker(
        session, account=of, blocker_id=blocker, wish=blocker_wish(is_critical=True, owner_id=owner), writer=who
    )
    assert changed == ["is_critical", "owner_id"]
    assert colour(session) == "red"
    assert "No SSO" in standing_still(session, [of.id], today())[of.id]
    assert resolve_blocker(session, account=of, blocker_id=blocker, writer=who)
    assert not resolve_blocker(session, account=of, blocker_id=blocker, writer=who)
    assert colour(session) == "green"
    assert standing_still(session, [of.id], today()) == {}
    assert standing_still(session, [of.id], today() + timedelta(days=29)) == {}
    assert "late" in standing_still(session, [of.id], today() + timedelta(days=61))[of.id]


def test_a_date_that_moves_keeps_the_former_one_with_its_reason(session: Session) -> None:
    plan = add_plan(session)
    of, who = account(session), writer(session)
    outcome = outcomes_of(session, plan)[0][0].id
    later = outcome_wish(due_on=today() + timedelta(days=60), reason="Their release moved")
    assert change_outcome(session, account=of, outcome_id=outcome, wish=later, writer=who) == ["due_on"]
    assert change_outcome(session, account=of, outcome_id=outcome, wish=later, writer=who) == []
    earlier = outcome_wish(due_on=today() + timedelta(days=50), reason="Ready before")
    change_outcome(session, account=of, outcome_id=outcome, wish=earlier, writer=who)
    change_plan(
        session,
        account=of,
        wish=plan_wish(due_on=today() + timedelta(days=120), reason="All of it"),
        agreed_with=contact(session),
        writer=who,
    )
    assert [(each.title, each.reason) for each in moves_of(session, plan)] == [
        (None, "All of it"),
        ("First invoices", "Ready before"),
        ("First invoices", "Their release moved"),
    ]
    assert outcomes_of(session, plan)[0][1] == 1
    leader = scope_of(session.scalars(select(User).where(User.email == LEADER)).one())
    assert {row.crm_id: row.slips for row in plans_seen(session, scope=leader)} == {"Haskelby": 2, "Ostrava": 0}
    with pytest.raises(Refusal) as refused:
        change_plan(session, account=of, wish=plan_wish(), agreed_with="", writer=who)
    assert refused.value.field == "reason"


def test_what_is_given_up_counts_for_nothing_and_can_come_back(session: Session) -> None:
    plan = add_plan(session)
    of, who = account(session), writer(session)
    outcome, blocker = outcomes_of(session, plan)[0][0].id, blockers_of(session, plan)[0][0].id
    resolve_blocker(session, account=of, blocker_id=blocker, writer=who)
    change_outcome(session, account=of, outcome_id=outcome, wish=outcome_wish(is_dropped=True), writer=who)
    assert colour(session) == "none"
    assert reach_outcome(session, account=of, outcome_id=outcome, writer=who)
    assert not reach_outcome(session, account=of, outcome_id=outcome, writer=who)
    assert colour(session) == "green"
    with pytest.raises(Missing):
        reach_outcome(session, account=account(session, "Ostrava"), outcome_id=outcome, writer=who)


@pytest.mark.parametrize("crm_id", ["pia", "gone"])
def test_only_somebody_of_the_account_agrees(session: Session, crm_id: str) -> None:
    add_accounts(session)
    with pytest.raises(Refusal) as refused:
        begin_plan(
            session,
            account=account(session),
            wish=plan_wish(),
            agreed_with=contact(session, crm_id),
            form_key="one",
            writer=writer(session),
        )
    assert refused.value.field == "agreed_with"


def test_who_is_forgotten_agreed_to_nothing_and_the_plan_stays(session: Session) -> None:
    plan = add_plan(session)
    assert agreed_name(session, plan) == NORA
    forget_agreements(session, contact_ids=[int(contact(session))])
    session.expire_all()
    assert open_plan(session, account(session)) is plan
    assert (plan.agreed_with, agreed_name(session, plan)) == (None, None)


def test_each_reader_sees_the_plans_of_their_accounts(session: Session) -> None:
    add_plan(session)
    seen = {
        email: [row.crm_id for row in plans_seen(session, scope=scope_of(user))]
        for email in (LEADER, VIEWER, CSM, BEN)
        for user in session.scalars(select(User).where(User.email == email))
    }
    assert seen[CSM] == ["Haskelby"]
    assert seen[BEN] == ["Ostrava"]
    assert sorted(seen[LEADER]) == sorted(seen[VIEWER]) == ["Haskelby", "Ostrava"]


def test_what_is_written_is_in_the_audit_log_without_words(session: Session) -> None:
    add_plan(session)
    told = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "success_plan")).all()
    assert [event.action for event in told] == ["plan.begun", "plan.outcome_added", "plan.blocker_added"]
    assert not any("SSO" in str(event.fields) for event in told)


def test_the_number_of_queries_does_not_grow_with_the_accounts(session: Session) -> None:
    add_plan(session)
    more = [Account(crm_id=f"n{n}", name=f"n{n}") for n in range(40)]
    session.add_all(more)
    session.flush()
    for each in more:
        who = writer(session)
        begin_plan(session, account=each, wish=plan_wish(), agreed_with="", form_key=each.crm_id, writer=who)
    leader = scope_of(session.scalars(select(User).where(User.email == LEADER)).one())
    asked: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert len(plan_colours(session, [each.id for each in more])) == 40
    assert len(plans_seen(session, scope=leader)) == 42
    assert len(asked) == 8
    assert session.scalar(select(func.count()).select_from(PlanMove)) == 0


def test_an_erased_person_agreed_to_nothing_and_their_copy_named_the_plan(session: Session, tmp_path: Path) -> None:
    plan = add_plan(session)
    plan.title = f"As {NORA} said"
    session.flush()
    asked: dict[str, Any] = {"address": "nora@haskelby.example", "outbox": tmp_path}
    document = copy_of(session, **asked, at=now())
    assert [each["title"] for each in document["plans_agreed"]] == [plan.title]
    assert document["mentioned_by_others"] == {"plans": 1}
    erase_person(session, **asked, at=now())
    assert (plan.agreed_with, colour(session)) == (None, "yellow")
