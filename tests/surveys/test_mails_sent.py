"""Mails on their way: who gets one, what it holds, and what becomes of it when the server will not have it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.reading import parse_definition
from app.responses.models import Response
from app.studies.models import MailStop, Study
from app.studies.services import close_study
from app.studies.services.links import revoke_links
from app.surveys.services.invitations import queue_invitations, queue_reminders, stop_mails
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.surveys.asked import add_survey
from tests.surveys.mailed import PLACE, invitations, people_of, send_due, with_settings
from tests.users.people import LEADER, add_people

NOW = datetime.now(UTC)


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        yield office


def queued_study(session: Session, people: int = 3) -> Study:
    study = add_survey(session, people=people, owner=add_people(session)[LEADER])
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    session.commit()
    return study


def test_a_mail_arrives_whole(application: Flask, session: Session, office: PostOffice, client: FlaskClient) -> None:
    queued_study(session, people=1)
    session.close()
    assert send_due(application) == ["sent"]
    address, mail = office.took[0]
    assert address == "dalia0@acme.test"
    assert mail["To"] == "Dalia Ferro <dalia0@acme.test>"
    assert mail["From"] == "Fernhollow Software <surveys@localhost>"
    assert mail["Reply-To"] == f"Alice Owner <{LEADER}>"
    assert mail["Subject"] == "Dalia, how are things going for Acme?"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == invitations(session)[0].message_id
    parts = parts_of(mail)
    assert list(parts) == ["text/plain", "text/html"]
    link = parts["text/plain"].split("Answer the questions: ")[1].split()[0]
    assert client.get(link.removeprefix("http://localhost")).status_code == 200
    assert all(f'href="{link}?score={number}"' in parts["text/html"] for number in range(11))
    leave = mail["List-Unsubscribe"].strip("<>")
    assert leave in parts["text/plain"]
    assert leave in parts["text/html"]
    assert client.get(leave.removeprefix("http://localhost")).status_code == 200


def test_pressing_twice_queues_nobody_twice(application: Flask, session: Session, office: PostOffice) -> None:
    study = queued_study(session)
    assert queue_invitations(session, study=study, at=NOW, place=PLACE).mails == 0
    session.commit()
    session.close()
    assert send_due(application) == ["sent"] * 3
    assert send_due(application) == []
    assert len({address for address, _ in office.took}) == 3


def answer_first(session: Session, study: Study) -> None:
    add_response(session, study, "pulse-00000")


def add_response(session: Session, study: Study, contact_id: str) -> None:
    respondent = session.execute(
        sa.text("SELECT r.id FROM respondent r JOIN contact c ON c.id = r.contact_id WHERE c.crm_id = :it"),
        {"it": contact_id},
    ).scalar_one()
    session.add(Response(
        study_id=study.id, respondent_id=respondent, external_id=contact_id, version_id=study.version_id,
        mode="survey", source="survey", submitted_at=NOW,
    ))  # fmt: skip


CHANGES: dict[str, Callable[[Session, Study], object]] = {
    "answered": answer_first,
    "consent": lambda session, _study: session.execute(sa.update(Contact).values(consent="no")),
    "unsubscribed": lambda session, study: session.add(
        MailStop(contact_id=people_of(session, study)[0].id, reason="unsubscribed")
    ),
    "no_address": lambda session, _study: session.execute(sa.update(Contact).values(email=None)),
    "closed": lambda session, study: close_study(session, study=study),
    "no_link": lambda session, study: revoke_links(session, study=study, contact_id="pulse-00000"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_since_is_looked_at_before_sending(
    application: Flask, session: Session, office: PostOffice, change: str
) -> None:
    study = queued_study(session, people=1)
    CHANGES[change](session, study)
    session.commit()
    session.close()
    assert send_due(application) == ["unwanted"]
    assert office.took == []
    mail = invitations(session)[0]
    assert (mail.reason, mail.sent_at) == (change, None)
    assert mail.cancelled_at is not None


def test_a_refusal_for_now_is_tried_again_later_as_the_same_mail(
    application: Flask, session: Session, office: PostOffice
) -> None:
    queued_study(session, people=1)
    first = invitations(session)[0].message_id
    session.close()
    office.recipient = lambda _address: "451 4.7.1 greylisted, come back"
    assert send_due(application) == ["later"]
    mail = invitations(session)[0]
    assert (mail.tries, mail.claimed_at, mail.reason) == (1, None, "451 4.7.1 greylisted, come back")
    assert mail.due_at > NOW + timedelta(minutes=4)
    office.recipient = lambda _address: None
    mail.due_at = NOW
    session.commit()
    session.close()
    assert send_due(application) == ["sent"]
    assert office.mails[0]["Message-ID"] == first


def test_after_the_last_try_a_mail_is_given_up(application: Flask, session: Session, office: PostOffice) -> None:
    queued_study(session, people=1)
    session.execute(sa.text("UPDATE invitation SET tries = 7"))
    session.commit()
    session.close()
    office.data = lambda _address: "452 4.3.1 disk full"
    assert send_due(application) == ["later"]
    mail = invitations(session)[0]
    assert mail.failed_at is not None
    assert session.scalars(sa.select(MailStop)).all() == []


REPLIES = {
    "550 5.1.1 <dalia0@acme.test> unknown": ("dead", "550 5.1.1 <the address> unknown"),
    "550 no such user": ("dead", "550 no such user"),
    "550 5.7.1 we do not like you": ("returned", "550 5.7.1 we do not like you"),
    "552 5.2.2 mailbox full": ("returned", "552 5.2.2 mailbox full"),
}


@pytest.mark.parametrize("reply", REPLIES)
def test_a_refusal_for_good_stops_the_person_only_where_the_address_is_dead(
    application: Flask, session: Session, office: PostOffice, reply: str
) -> None:
    queued_study(session, people=1)
    session.close()
    office.recipient = lambda _address: reply
    fate, reason = REPLIES[reply]
    assert send_due(application) == [fate]
    mail = invitations(session)[0]
    assert mail.reason == reason
    assert mail.failed_at is not None
    assert [stop.reason for stop in session.scalars(sa.select(MailStop))] == (["bounced"] if fate == "dead" else [])


def test_a_drop_costs_a_try_and_the_next_mail_has_a_new_connection(
    application: Flask, session: Session, office: PostOffice
) -> None:
    queued_study(session)
    session.close()
    office.recipient = lambda address: "drop" if address.startswith("dalia1@") else None
    assert send_due(application) == ["sent", "later", "sent"]
    assert [address for address, _ in office.took] == ["dalia0@acme.test", "dalia2@acme.test"]


def test_a_server_that_is_away_is_no_mail_s_fault(application: Flask, session: Session) -> None:
    with_settings(application, mail_url="smtp://127.0.0.1:9?timeout=2")
    queued_study(session)
    session.close()
    assert send_due(application) == []
    assert {(mail.tries, mail.claimed_at) for mail in invitations(session)} == {(0, None)}


def test_without_a_server_mails_are_files(application: Flask, session: Session) -> None:
    with_settings(application)
    queued_study(session)
    session.close()
    assert send_due(application) == ["sent"] * 3
    assert len(list((application.config["SETTINGS"].home / "outbox").glob("*.eml"))) == 3


def test_a_stale_claim_is_sent_again_and_a_fresh_one_is_left_alone(
    application: Flask, session: Session, office: PostOffice
) -> None:
    queued_study(session, people=2)
    fresh, stale = invitations(session)
    present = datetime.now(UTC)
    fresh.claimed_at, stale.claimed_at = present, present - timedelta(minutes=3)
    session.commit()
    session.close()
    assert send_due(application) == ["sent"]
    assert [address for address, _ in office.took] == ["dalia1@acme.test"]


def test_outside_working_hours_a_mail_is_put_off(application: Flask, session: Session, office: PostOffice) -> None:
    add = queued_study(session, people=1)
    person = people_of(session, add)[0]
    # Somewhere it is night or a Sunday: the zone is chosen so that it is about three o'clock there.
    offset = (NOW.hour - 3) % 24
    person.timezone = f"Etc/GMT{offset:+d}" if offset <= 12 else f"Etc/GMT{offset - 24:+d}"
    session.commit()
    session.close()
    with_settings(application, mail_url=office.url)
    application.config["SETTINGS"] = type(application.config["SETTINGS"])(
        **{**vars(application.config["SETTINGS"]), "mails_at_any_hour": False}
    )
    assert send_due(application) == ["put_off"]
    mail = invitations(session)[0]
    assert mail.due_at > NOW
    assert (mail.tries, mail.claimed_at) == (0, None)


def test_stopped_mails_wait_for_nothing_and_are_queued_again_as_the_same(
    application: Flask, session: Session, office: PostOffice
) -> None:
    study = queued_study(session)
    ids = [mail.message_id for mail in invitations(session)]
    assert stop_mails(session, study=study, at=NOW) == 3
    assert stop_mails(session, study=study, at=NOW) == 0
    session.commit()
    assert send_due(application) == []
    assert queue_invitations(session, study=study, at=NOW, place=PLACE).mails == 3
    session.commit()
    session.close()
    assert send_due(application) == ["sent"] * 3
    assert [mail["Message-ID"] for mail in office.mails] == ids


def test_the_silent_are_reminded_twice_at_most_and_days_apart(
    application: Flask, session: Session, office: PostOffice
) -> None:
    study = queued_study(session, people=2)
    add_response(session, study, "pulse-00001")
    session.commit()
    send_due(application)
    found = []
    for days in (1, 6, 6, 6):
        session.execute(sa.text("UPDATE invitation SET sent_at = sent_at"))
        for mail in invitations(session):
            if mail.sent_at:
                mail.sent_at -= timedelta(days=days)
        session.flush()
        found.append(queue_reminders(session, study=study, at=NOW, place=PLACE).mails)
        session.commit()
        send_due(application)
    assert found == [0, 1, 1, 0]
    assert [mail["Subject"][:5] for mail in office.mails] == ["Dalia"] * 3
    assert sorted(mail.number for mail in invitations(session)) == [0, 0, 1, 2]


def test_a_mail_asks_in_the_language_of_its_reader(application: Flask, session: Session, office: PostOffice) -> None:
    study = add_survey(session, language="ar", owner=add_people(session)[LEADER])
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    session.commit()
    session.close()
    assert send_due(application) == ["sent"]
    page = parts_of(office.took[0][1])["text/html"]
    questionnaire = parse_definition(built_in_documents()["relationship"])
    assert questionnaire.translations["ar"]["question.recommend.text"] in page
    assert questionnaire.questions[0].text not in page
    assert "؟" in page
    assert 'dir="rtl"' in page
