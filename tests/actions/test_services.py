"""Actions added, given to somebody, done and opened again on a real database, and the mail to a new owner."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.queries import (
    action_in_scope,
    action_owners,
    actions_listed,
    actions_of_account,
    kind_counts,
)
from app.actions.rules import REMOVED, Wish
from app.actions.services import (
    Doer,
    add_action,
    change_action,
    erase_actions,
    finish_action,
    reopen_action,
)
from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.interviews.models import Interview
from app.studies.models import Letter, Respondent
from app.studies.tasks import letters
from app.users.models import AuditEvent, User
from tests.actions.follow_ups import ROADMAP, add_follow_up
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_services import scope_for
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.surveys.mailed import with_settings
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing

BASE = "http://localhost"
SOON = today() + timedelta(days=9)


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        yield office


def doer(world: World, email: str = ANNA) -> Doer:
    return Doer(world.people[email], now(), BASE)


def wish(world: World, email: str = CSM, title: str = ROADMAP) -> Wish:
    return Wish(title, world.people[email], SOON, is_promised=True)


def account(session: Session) -> int:
    return session.scalars(sa.select(Account.id).where(Account.crm_id == "Haskelby")).one()


def add(session: Session, world: World, email: str = CSM, key: str | None = None) -> Action:
    person = session.get_one(Respondent, world.respondents["nora"])
    return add_action(
        session,
        account_id=account(session),
        respondent_id=person.id,
        wish=wish(world, email),
        doer=doer(world),
        form_key=key,
    )


def count(session: Session, model: type[Action | Letter | AuditEvent]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_action_is_added_and_audited_without_words(session: Session, world: World) -> None:
    action = add(session, world)
    event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event
    assert (event.action, event.object_id) == ("action.add", str(action.id))
    assert ROADMAP not in str(event.fields)


def test_the_same_form_makes_one_action(session: Session, world: World) -> None:
    assert add(session, world, key="k").id == add(session, world, key="k").id
    assert count(session, Action) == 1
    assert count(session, Letter) == 1


def test_eight_sendings_at_once_make_one_action(application: Flask, world: World) -> None:
    def send(_number: int) -> int:
        with changing(application) as session:
            return add(session, world, key="same").id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    with changing(application) as session:
        assert count(session, Action) == 1


def test_the_owner_is_told_once_by_mail(application: Flask, session: Session, world: World, office: PostOffice) -> None:
    action = add(session, world)
    identity = action.id
    change_action(session, action_id=identity, wish=wish(world, BEN), doer=doer(world))
    change_action(session, action_id=identity, wish=wish(world, CSM), doer=doer(world))
    session.commit()
    session.close()
    with application.app_context():
        assert letters() == 2
        assert letters() == 0
    assert sorted(address for address, _ in office.took) == [BEN, CSM]
    mail = next(mail for address, mail in office.took if address == CSM)
    assert mail["Reply-To"] == f"Anna Asker <{ANNA}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert ROADMAP in mail["Subject"]
    assert f"{BASE}/actions/{identity}" in parts_of(mail)["text/plain"]


def test_who_gives_it_to_themselves_gets_no_mail(session: Session, world: World) -> None:
    add(session, world, ANNA)
    assert count(session, Letter) == 0


def test_a_login_that_was_shut_out_gets_no_mail(
    application: Flask, session: Session, world: World, office: PostOffice
) -> None:
    add(session, world)
    session.get_one(User, world.people[CSM]).active = False
    session.commit()
    session.close()
    with application.app_context():
        assert letters() == 0
    assert office.took == []


def test_a_server_that_does_not_answer_loses_no_mail(application: Flask, session: Session, world: World) -> None:
    add(session, world)
    session.commit()
    session.close()
    with_settings(application, mail_url="smtp://127.0.0.1:9")
    with application.app_context():
        assert letters() == 0
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        with application.app_context():
            assert letters() == 1
        assert len(office.took) == 1


def test_it_is_done_with_a_note_and_opened_again(session: Session, world: World) -> None:
    action = add(session, world)
    assert finish_action(session, action_id=action.id, note="Sent", doer=doer(world, CSM))
    assert not finish_action(session, action_id=action.id, note="Sent twice", doer=doer(world, CSM))
    assert action.note == "Sent"
    with pytest.raises(Refusal, match="open it again"):
        change_action(session, action_id=action.id, wish=wish(world), doer=doer(world))
    assert reopen_action(session, action_id=action.id, doer=doer(world))
    assert not reopen_action(session, action_id=action.id, doer=doer(world))
    assert action.done_at is None


def test_what_did_not_change_is_no_event(session: Session, world: World) -> None:
    action = add(session, world)
    events = count(session, AuditEvent)
    assert change_action(session, action_id=action.id, wish=wish(world), doer=doer(world)) == []
    assert count(session, AuditEvent) == events


SEES = {ADMIN: "all", LEADER: "all", CSM: "all", ANNA: "all", STRANGER: "outline", BEN: "", VIEWER: ""}
"""Who reads all of an action that came from an interview, and who that something is done for their account."""


@pytest.mark.parametrize("email", SEES)
def test_who_sees_the_account_sees_its_actions_and_some_may_work_on_them(
    session: Session, world: World, email: str
) -> None:
    interview = session.get_one(Interview, world.interviews["nora"])
    action = add_follow_up(session, interview)
    action.reason = "In their words"
    session.flush()
    scope = scope_for(session, email)
    everywhere = [
        actions_listed(session, scope=scope, is_mine=False),
        actions_of_account(session, scope=scope, account_id=action.account_id),
    ]
    expected = [(action.id, ROADMAP, "Anna Asker", SEES[email] == "all")] if SEES[email] else []
    for rows in everywhere:
        assert [(row.id, row.title, row.owner, row.is_workable) for row in rows] == expected
        told = "In their words" if SEES[email] == "all" else None
        assert [(row.reason, row.person is not None) for row in rows] == [(told, told is not None)] * len(expected)
    assert sum(kind_counts(session, scope=scope, is_mine=False).values()) == len(expected)
    if SEES[email] != "all":
        with pytest.raises(Missing):
            action_in_scope(session, scope=scope, action_id=action.id)


def test_whoever_gets_it_may_see_it_and_no_viewer_can(session: Session, world: World) -> None:
    action = add(session, world, BEN)
    assert action_in_scope(session, scope=scope_for(session, BEN), action_id=action.id).owner == "Ben Bystander"
    assert world.people[VIEWER] not in action_owners(session)
    with pytest.raises(Missing):
        action_in_scope(session, scope=scope_for(session, BEN), action_id=2**40)


def test_erasing_the_person_takes_the_words_away(session: Session, world: World) -> None:
    action = add(session, world)
    finish_action(session, action_id=action.id, note="Nora was glad", doer=doer(world))
    contact = session.get_one(Respondent, world.respondents["nora"]).contact_id
    assert erase_actions(session, contact_ids=[contact], at=now()) == 1
    session.refresh(action)
    assert (action.title, action.note) == (REMOVED, None)
    assert count(session, Letter) == 0
