"""The page of a study's mails: what its owner sees before and after, and what nobody else can do."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.studies.models import Invitation, MailText
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.surveys.asked import add_survey
from tests.surveys.mailed import invitations, people_of, send_due, with_settings
from tests.users.people import CSM, LEADER, STRANGER, VIEWER, add_people, sign_in, token_in

PAGE = "/studies/pulse/invitations"
TEXT = f"{PAGE}/texts/invitation/de"


def add_pulse(session: Session) -> None:
    """Alice's study of three people, one of whom said no."""
    study = add_survey(session, people=3, owner=add_people(session)[LEADER])
    people_of(session, study)[0].consent = "no"
    session.flush()


@pytest.fixture
def world(application: Flask, fill: Fill) -> Flask:
    fill(add_pulse)
    with_settings(application)
    return application


@pytest.fixture
def office(world: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(world, mail_url=office.url)
        yield office


@pytest.fixture
def alice(world: Flask) -> FlaskClient:
    return sign_in(world, LEADER)


def send(browser: FlaskClient, address: str, **fields: str) -> Any:
    token = token_in(browser.get(PAGE).text)
    return browser.post(address, data={"csrf_token": token, **fields})


def test_the_owner_sees_who_gets_it_and_who_does_not_before_anything_is_sent(
    alice: FlaskClient, session: Session
) -> None:
    page = alice.get(PAGE).text
    assert "2 people will get the invitation, 1 is held back" in page
    assert "Invite 2 people" in page
    assert "dalia1@acme.test" in page
    assert "dalia0@acme.test" not in page
    assert "dalia0@acme.test" in alice.get(f"{PAGE}?show=consent").text
    assert "No mail server is set" in page
    assert invitations(session) == []


def test_pressing_twice_invites_once_and_the_numbers_follow(
    world: Flask, alice: FlaskClient, session: Session, office: PostOffice
) -> None:
    assert send(alice, PAGE).status_code == 302
    assert "2 invitations queued." in alice.get(PAGE).text
    send(alice, PAGE)
    page = alice.get(PAGE).text
    assert "Nobody is left to get this invitation." in page
    assert "0 of 2 mails are sent, 2 wait" in page
    assert alice.get(f"{PAGE}/state.json").get_json()["waiting"] == 2
    session.rollback()
    assert send_due(world) == ["sent", "sent"]
    assert len(office.took) == 2
    assert alice.get(f"{PAGE}/state.json").get_json()["sent"] == 2
    assert "2 mails are sent" in alice.get(PAGE).text


def test_what_waits_can_be_stopped(alice: FlaskClient, session: Session) -> None:
    send(alice, PAGE)
    assert "Stop the 2 waiting" in alice.get(PAGE).text
    send(alice, f"{PAGE}/stop")
    page = alice.get(PAGE).text
    assert "Stopped 2 mails that waited." in page
    assert "You stopped the mails that waited." in page
    assert {mail.reason for mail in invitations(session)} == {"stopped"}


def test_the_silent_are_reminded(alice: FlaskClient, session: Session) -> None:
    send(alice, PAGE)
    session.execute(sa.text("UPDATE invitation SET sent_at = '2026-01-05 09:00:00'"))
    session.commit()
    assert "Remind the 2 silent" in alice.get(PAGE).text
    send(alice, f"{PAGE}/remind")
    assert "2 reminders queued." in alice.get(PAGE).text
    assert sorted(mail.number for mail in invitations(session)) == [0, 0, 1, 1]


@pytest.mark.parametrize(("email", "status"), [(STRANGER, 404), (CSM, 403), (VIEWER, 403)])
def test_others_can_do_nothing(world: Flask, session: Session, email: str, status: int) -> None:
    browser = sign_in(world, email)
    token = token_in(browser.get("/password").text)
    for address in (PAGE, f"{PAGE}/remind", f"{PAGE}/stop", f"{PAGE}/test", TEXT):
        assert browser.post(address, data={"csrf_token": token, "subject": "a", "body": "b"}).status_code == status
    assert invitations(session) == []
    assert session.scalars(sa.select(MailText)).all() == []


def test_a_test_mail_goes_to_who_asks_for_it_and_opens_nobody_s_survey(
    alice: FlaskClient, session: Session, office: PostOffice
) -> None:
    send(alice, f"{PAGE}/test", kind="reminder", language="fr")
    assert "A test mail is on its way to alice@parallax.test." in alice.get(PAGE).text
    address, mail = office.took[0]
    assert address == LEADER
    parts = parts_of(mail)
    assert "This is a test." in parts["text/plain"]
    assert "Bonjour Alice Owner," in parts["text/plain"]
    assert "/s/" not in parts["text/html"]
    assert "List-Unsubscribe" not in mail
    assert invitations(session) == []


def test_a_test_mail_that_is_refused_says_why(alice: FlaskClient, office: PostOffice) -> None:
    office.recipient = lambda _address: "550 5.7.1 not from you"
    send(alice, f"{PAGE}/test", kind="invitation", language="en")
    assert "The test mail was not sent. 550 5.7.1 not from you" in alice.get(PAGE).text


def test_words_are_tried_then_stored_then_mailed_then_ours_again(
    world: Flask, alice: FlaskClient, session: Session, office: PostOffice
) -> None:
    words = {"subject": "Kurz gefragt, {first_name}", "body": "Guten Tag <b>{name}</b>\n\nHier: {link}"}
    tried = send(alice, TEXT, **words, **{"try": "1"})
    assert "Not stored yet" in tried.text
    assert "Kurz gefragt, Alice" in tried.text
    assert "&lt;b&gt;Alice Owner&lt;/b&gt;" in tried.text
    assert session.scalars(sa.select(MailText)).all() == []
    assert send(alice, TEXT, **words, store="1").status_code == 302
    assert "These are your words." in alice.get(TEXT).text
    session.execute(sa.update(Contact).values(language="de"))
    session.commit()
    send(alice, PAGE)
    session.rollback()
    send_due(world)
    assert office.mails[0]["Subject"] == "Kurz gefragt, Dalia"
    assert "Guten Tag &lt;b&gt;Dalia Ferro&lt;/b&gt;" in parts_of(office.mails[0])["text/html"]
    send(alice, TEXT, forget="1")
    assert "These are our words" in alice.get(TEXT).text
    session.rollback()
    actions = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.like("mail_text.%"))).all()
    assert actions == ["mail_text.save", "mail_text.forget"]


@pytest.mark.parametrize("store", ["store", "try"])
def test_a_header_in_the_subject_is_refused_and_nothing_typed_is_lost(
    alice: FlaskClient, session: Session, store: str
) -> None:
    reply = send(alice, TEXT, subject="Hello\r\nBcc: all@mail.example", body="Words that I typed", **{store: "1"})
    assert reply.status_code == 400
    assert "remove line breaks" in reply.text
    assert "Words that I typed" in reply.text
    assert session.scalars(sa.select(MailText)).all() == []


def test_a_name_with_a_line_break_begins_no_header(
    world: Flask, alice: FlaskClient, session: Session, office: PostOffice
) -> None:
    session.execute(sa.update(Contact).values(name="Dalia\r\nBcc: all@mail.example"))
    session.commit()
    send(alice, PAGE)
    session.rollback()
    assert send_due(world) == ["sent", "sent"]
    assert office.mails[0]["Bcc"] is None
    assert len(office.took) == 2


def test_an_address_with_a_line_break_is_mailed_to_nobody(
    world: Flask, alice: FlaskClient, session: Session, office: PostOffice
) -> None:
    session.execute(sa.update(Contact).values(email="dalia@acme.test\r\nBcc: all@mail.example"))
    session.commit()
    send(alice, PAGE)
    session.rollback()
    assert send_due(world) == ["returned", "returned"]
    assert office.took == []


@pytest.mark.parametrize(
    "address", [f"{PAGE}/texts/nothing/de", f"{PAGE}/texts/invitation/D%0AE", f"{PAGE}/texts/invitation/../x"]
)
def test_there_are_no_other_texts(alice: FlaskClient, address: str) -> None:
    assert alice.get(address).status_code == 404


def test_the_whole_mail_is_shown_under_a_policy_that_runs_nothing(alice: FlaskClient) -> None:
    reply = alice.get(f"{TEXT}/mail")
    assert reply.status_code == 200
    assert "script-src" not in reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "Fragen beantworten" in reply.text


def test_a_closed_study_invites_nobody(alice: FlaskClient, session: Session) -> None:
    session.execute(sa.text("UPDATE study SET closed_at = '2026-01-01 00:00:00'"))
    session.commit()
    assert "Invite" not in alice.get(PAGE).text.split("btn-row")[0].replace("Invitations", "")
    send(alice, PAGE)
    assert "is over" in alice.get(PAGE).text
    assert session.scalars(sa.select(Invitation)).all() == []
