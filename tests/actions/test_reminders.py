"""Reminders on a real database: one mail a day for each person with something due, until they switch it off."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.actions.services import erase_actions
from app.actions.services.reminding import are_hours, choose_reminders, queue_reminders
from app.actions.tasks import reminders
from app.core.clock import now, today
from app.interviews.models import Interview
from app.studies.models import Letter, Respondent
from app.studies.rules.letters import LetterKind
from app.studies.tasks import letters
from app.users.models import User
from tests.actions.follow_ups import ROADMAP, add_follow_up
from tests.conftest import Fill
from tests.interviews.talks import ANNA, World, add_world
from tests.interviews.test_views import send
from tests.post_office import open_post_office, parts_of
from tests.surveys.mailed import with_settings
from tests.users.people import STRANGER, VIEWER, changing, sign_in

BASE = "http://localhost"


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def due(session: Session, world: World, days: int) -> int:
    interview = session.get_one(Interview, world.interviews["nora"])
    return add_follow_up(session, interview, due_on=today() + timedelta(days=days)).id


@pytest.mark.parametrize(
    ("days", "mails"),
    [
        pytest.param(-40, 1, id="long overdue"),
        pytest.param(0, 1, id="today"),
        pytest.param(1, 1, id="tomorrow"),
        pytest.param(9, 0, id="later"),
    ],
)
def test_who_has_something_due_is_reminded_once_a_day(session: Session, world: World, days: int, mails: int) -> None:
    due(session, world, days)
    assert queue_reminders(session, at=now(), base_url=BASE) == mails
    assert queue_reminders(session, at=now(), base_url=BASE) == 0
    late = now() + timedelta(days=1)
    assert queue_reminders(session, at=late, base_url=BASE) == mails


def test_nobody_is_reminded_who_switched_it_off_or_is_shut_out(session: Session, world: World) -> None:
    due(session, world, 0)
    anna = world.people[ANNA]
    assert choose_reminders(session, user_id=anna, is_wanted=False, at=now())
    assert not choose_reminders(session, user_id=anna, is_wanted=False, at=now())
    assert queue_reminders(session, at=now(), base_url=BASE) == 0
    assert choose_reminders(session, user_id=anna, is_wanted=True, at=now())
    session.get_one(User, anna).active = False
    session.flush()
    assert queue_reminders(session, at=now(), base_url=BASE) == 0


def test_reminders_keep_to_working_hours() -> None:
    noon = now().replace(year=2026, month=3, day=27, hour=12)
    assert are_hours(noon, at_any_hour=False)
    assert not are_hours(noon.replace(hour=20), at_any_hour=False)
    assert not are_hours(noon.replace(day=28), at_any_hour=False)
    assert are_hours(noon.replace(day=28), at_any_hour=True)


def test_the_mail_goes_out_and_its_words_go_with_the_person(application: Flask, world: World) -> None:
    with changing(application) as session:
        number = due(session, world, -2)
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        with application.app_context():
            assert (reminders(), reminders()) == (1, 0)
            assert letters() == 1
        mail = office.mails[0]
    assert mail["Subject"] == "One action overdue"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"/actions/{number}\r\n" in parts_of(mail)["text/plain"]
    with changing(application) as session:
        contact = session.get_one(Respondent, world.respondents["nora"]).contact_id
        assert erase_actions(session, contact_ids=[contact], at=now()) == 1
        kept = session.scalars(sa.select(Letter.body).where(Letter.kind == LetterKind.REMINDER)).one()
        assert ROADMAP not in kept


@pytest.mark.usefixtures("world")
def test_the_page_switches_them_off_and_on(application: Flask) -> None:
    browser = sign_in(application, STRANGER)
    assert "You are reminded of what is due" in browser.get("/actions/reminders").text
    assert send(browser, "/actions/reminders", wanted="0").status_code == 303
    assert "No mail reminds you" in browser.get("/actions/reminders").text
    assert sign_in(application, VIEWER).get("/actions/reminders").status_code == 403
