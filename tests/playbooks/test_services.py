"""Playbooks that look at a real database: what each sign finds, what a run raises, for whom, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.rules import Wish
from app.actions.services import Doer, add_action, finish_action
from app.core.clock import now, today
from app.customers.models import Account, Interaction, Promise
from app.health.models import HealthComputation
from app.playbooks.models import Playbook
from app.playbooks.queries import due_playbooks
from app.playbooks.queries.signs import Looking, found_signs
from app.playbooks.rules.definition import checked_definition
from app.playbooks.services.running import run_playbook
from app.playbooks.services.writing import begin_playbook, change_playbook, end_playbook, switch_playbook
from app.playbooks.tasks import playbooks
from app.studies.models import Letter
from app.users.models import User
from app.users.queries import scope_of
from tests.conftest import Fill
from tests.playbooks.world import World, add_playbook, add_world, typed
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, changing

BASE = "http://localhost"


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def run(session: Session, playbook: Playbook, *, days: int = 0) -> int:
    return run_playbook(session, playbook_id=playbook.id, at=now() + timedelta(days=days), base_url=BASE).actions


def raised(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        sa.select(Account.crm_id, User.email)
        .join(Action, Action.account_id == Account.id)
        .join(User, User.id == Action.owner_id)
        .order_by(Account.crm_id, Action.id)
    )
    return [(row[0], row[1]) for row in rows]


SHOWN = {
    "hidden_risk": "Alder Birch Cedar",
    "voice_red": "Alder Birch Cedar",
    "silent": "Alder Birch Cedar Dogwood",
    "health_red": "",
    "health_fell": "Birch",
    "renewal": "Alder Cedar",
    "promise_late": "Alder Birch",
    "no_contact": "Alder Birch Cedar",
    "seats_full": "Dogwood",
}


def promise_value(session: Session, world: World) -> None:
    """Promise value to three accounts, late to Alder alone; Alder was also mentioned in public, which is no contact."""
    late, of = today() - timedelta(days=5), {"source": "sales", "aspect": "economic", "text": "Faster", "amount": 10}
    session.add_all(
        [
            Promise(crm_id="late", account_id=world.accounts["Alder"], due_on=late, **of),
            Promise(crm_id="kept", account_id=world.accounts["Cedar"], due_on=late, delivered_on=late, **of),
            Promise(crm_id="soon", account_id=world.accounts["Dogwood"], due_on=today(), **of),
            Interaction(crm_id="m", account_id=world.accounts["Alder"], occurred_at=now(), channel="social"),
        ]
    )
    session.flush()


@pytest.mark.parametrize("sign", SHOWN)
def test_each_sign_finds_its_accounts(session: Session, world: World, sign: str) -> None:
    alice = session.get_one(User, world.people[LEADER])
    doer = Doer(alice.id, now(), BASE)
    wish = Wish("The roadmap", alice.id, today() - timedelta(days=3), is_promised=True)
    add_action(session, account_id=world.accounts["Birch"], wish=wish, doer=doer)
    promise_value(session, world)
    looking = Looking(session, scope_of(alice), today())
    found = found_signs(looking, checked_definition(typed(sign), tiers=[]))[0]
    ids = {number: name for name, number in world.accounts.items()}
    assert " ".join(sorted(ids[each] for each in found)) == SHOWN[sign]


def test_who_may_not_see_the_study_catches_nothing_by_voice(session: Session, world: World) -> None:
    definition = checked_definition(typed("hidden_risk"), tiers=[])
    for email, number in ((ADMIN, 3), (CSM, 2), (STRANGER, 0)):
        scope = scope_of(session.get_one(User, world.people[email]))
        assert len(found_signs(Looking(session, scope, today()), definition)[0]) == number


def test_a_run_raises_once_for_the_csm_with_the_figures(session: Session, world: World) -> None:
    playbook = add_playbook(session, world, "hidden_risk", "renewal")
    assert run(session, playbook) == 2
    # Cedar has no CSM who signs in: it is Alice's, who switched the playbook on.
    assert raised(session) == [("Alder", CSM), ("Cedar", LEADER)]
    assert run(session, playbook) == 0
    action = session.scalars(sa.select(Action).where(Action.account_id == world.accounts["Alder"])).one()
    assert (action.kind, action.title, action.due_on) == ("risk", "Call them", today() + timedelta(days=7))
    assert action.reason == "Hidden risk and renewal within 120 days."
    assert action.evidence is not None
    assert dict(action.evidence["facts"])["Gap"] == "−41 points, confirmed"
    letters = session.scalars(sa.select(Letter).order_by(Letter.user_id)).all()
    assert [letter.subject for letter in letters] == ["One account for you: Call them"] * 2
    assert f"{BASE}/actions/{action.id}" in "".join(letter.body for letter in letters)


def test_after_closing_it_rests(session: Session, world: World) -> None:
    playbook = add_playbook(session, world, "hidden_risk", tiers=["Top"], cool_down_days="30")
    assert run(session, playbook) == 2
    action = session.scalars(sa.select(Action).where(Action.account_id == world.accounts["Alder"])).one()
    doer = Doer(world.people[CSM], now(), BASE)
    finish_action(session, action_id=action.id, note="", outcome="avoided", doer=doer)
    assert run(session, playbook, days=29) == 0
    assert run(session, playbook, days=31) == 1
    assert [crm_id for crm_id, _ in raised(session)] == ["Alder", "Alder", "Birch"]


def test_off_or_shut_out_raises_nothing(session: Session, world: World) -> None:
    playbook = add_playbook(session, world, "hidden_risk", is_on=False)
    assert run(session, playbook) == 0
    switch_playbook(session, playbook_id=playbook.id, is_on=True, user_id=world.people[LEADER])
    session.get_one(User, world.people[LEADER]).active = False
    assert run(session, playbook) == 0
    assert playbook.matched is None
    session.get_one(User, world.people[LEADER]).active = True
    end_playbook(session, playbook_id=playbook.id, user_id=world.people[LEADER], at=now())
    assert due_playbooks(session, at=now()) == []


def test_it_is_due_once_a_day_and_after_each_scoring(session: Session, world: World) -> None:
    playbook = add_playbook(session, world, "renewal")
    noon = now().replace(hour=12, minute=0)
    session.execute(sa.update(HealthComputation).values(computed_at=noon - timedelta(days=2)))
    assert due_playbooks(session, at=noon) == [playbook.id]
    playbook.ran_at = noon - timedelta(hours=3)
    session.flush()
    assert due_playbooks(session, at=noon) == []
    session.execute(sa.update(HealthComputation).values(computed_at=noon - timedelta(minutes=20)))
    assert due_playbooks(session, at=noon) == [playbook.id]
    assert due_playbooks(session, at=noon + timedelta(days=1)) == [playbook.id]


def test_eight_runs_at_once_raise_once(application: Flask, world: World) -> None:
    with changing(application) as session:
        number = add_playbook(session, world, "renewal").id

    def run_once(_: int) -> int:
        with changing(application) as session:
            return run_playbook(session, playbook_id=number, at=now(), base_url=BASE).actions

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(run_once, range(8))) == [0] * 7 + [2]


def test_the_job_runs_what_is_due(application: Flask, world: World) -> None:
    with changing(application) as session:
        add_playbook(session, world, "renewal")
    with application.app_context():
        assert playbooks() == 2
        assert playbooks() == 0


def test_the_same_form_keeps_one_playbook_and_a_change_is_run_as_its_writer(session: Session, world: World) -> None:
    definition = checked_definition(typed("renewal"), tiers=[])
    both = [
        begin_playbook(session, definition=definition, form_key="k", user_id=world.people[LEADER], at=now()).id
        for _ in range(2)
    ]
    assert both[0] == both[1]
    other = checked_definition(typed("silent"), tiers=[])
    facts = {"playbook_id": both[0], "user_id": world.people[STRANGER], "at": now()}
    assert change_playbook(session, definition=other, **facts)
    assert not change_playbook(session, definition=other, **facts)
    assert session.get_one(Playbook, both[0]).runs_as == world.people[STRANGER]
