"""The way out of our mails: GET only shows, POST acts, for ever and at once."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.studies.models import Invitation, Link, MailStop
from app.studies.rules.links import Purpose
from app.studies.services import close_study
from app.studies.services.links import issue_tokens
from app.surveys.services.invitations import queue_invitations
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.surveys.asked import SECRET, add_survey
from tests.surveys.mailed import PLACE
from tests.surveys.test_mails_sent import NOW

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def add_invited(session: Session) -> tuple[str, str]:
    """A study with one person who is invited; returns the tokens of the survey and of the way out."""
    study = add_survey(session)
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    people = list(session.scalars(sa.select(Link.respondent_id).distinct()))
    tokens = [
        issue_tokens(session, study=study, secret=SECRET, people=people, purpose=purpose)[0][people[0]]
        for purpose in (Purpose.SURVEY, Purpose.UNSUBSCRIBE)
    ]
    return tokens[0], tokens[1]


@pytest.fixture
def tokens(fill: Fill) -> tuple[str, str]:
    found: tuple[str, str] = fill(add_invited)
    return found


def stops(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(sa.select(MailStop.reason)))


def test_getting_the_page_changes_nothing(client: FlaskClient, session: Session, tokens: tuple[str, str]) -> None:
    for method in ("GET", "HEAD"):
        reply = client.open(f"/u/{tokens[1]}", method=method)
        assert reply.status_code == 200
        assert "Set-Cookie" not in reply.headers
    page = client.get(f"/u/{tokens[1]}").text
    assert "Unsubscribe" in page
    assert "<script" not in page
    assert stops(session) == []


def test_one_click_stops_all_mails_and_again_changes_nothing(
    client: FlaskClient, session: Session, tokens: tuple[str, str]
) -> None:
    for _ in range(2):
        reply = client.post(f"/u/{tokens[1]}", data=ONE_CLICK)
        assert reply.status_code == 200
        assert "You are unsubscribed" in reply.text
    assert stops(session) == ["unsubscribed"]
    mail = session.scalars(sa.select(Invitation)).one()
    assert (mail.reason, mail.sent_at) == ("unsubscribed", None)
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "contact.unsubscribe")).all()
    assert [event.fields for event in events] == [{"study": "pulse", "cancelled": 1}]
    assert "You are unsubscribed" in client.get(f"/u/{tokens[1]}").text


def test_mail_programmes_send_it_as_a_form_of_parts_too(
    client: FlaskClient, session: Session, tokens: tuple[str, str]
) -> None:
    assert client.post(f"/u/{tokens[1]}", data=ONE_CLICK, content_type="multipart/form-data").status_code == 200
    assert stops(session) == ["unsubscribed"]


def test_it_works_long_after_the_study_was_closed(
    client: FlaskClient, session: Session, tokens: tuple[str, str]
) -> None:
    from app.studies.queries import study_named

    close_study(session, study=study_named(session, "pulse"))
    session.execute(sa.text("UPDATE study SET closes_on = '2020-01-01'"))
    session.commit()
    assert client.post(f"/u/{tokens[1]}", data=ONE_CLICK).status_code == 200
    assert stops(session) == ["unsubscribed"]


def test_who_bounced_and_unsubscribes_is_unsubscribed(
    client: FlaskClient, session: Session, tokens: tuple[str, str]
) -> None:
    session.execute(sa.text("INSERT INTO mail_stop (contact_id, reason, stopped_at) "
                            "SELECT id, 'bounced', created_at FROM contact"))  # fmt: skip
    session.commit()
    client.post(f"/u/{tokens[1]}", data=ONE_CLICK)
    assert stops(session) == ["unsubscribed"]


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"x": "1"}], ids=str)
def test_anything_else_that_is_sent_changes_nothing(
    client: FlaskClient, session: Session, tokens: tuple[str, str], body: dict[str, str]
) -> None:
    reply = client.post(f"/u/{tokens[1]}", data=body)
    assert reply.status_code == 400
    assert "Nothing was changed" in reply.text
    assert stops(session) == []


def test_a_token_of_one_purpose_opens_nothing_of_the_other(
    client: FlaskClient, session: Session, tokens: tuple[str, str]
) -> None:
    assert client.post(f"/u/{tokens[0]}", data=ONE_CLICK).status_code == 404
    assert client.get(f"/s/{tokens[1]}").status_code == 404
    assert stops(session) == []


def test_a_form_of_another_site_is_refused(client: FlaskClient, session: Session, tokens: tuple[str, str]) -> None:
    reply = client.post(f"/u/{tokens[1]}", data=ONE_CLICK, headers={"Origin": "https://evil.example"})
    assert reply.status_code == 400
    assert stops(session) == []


def test_who_tries_many_links_waits_and_links_that_exist_still_open(
    client: FlaskClient, tokens: tuple[str, str]
) -> None:
    statuses = [client.post(f"/u/{'x' * 42}{n % 10}", data=ONE_CLICK).status_code for n in range(103)]
    assert statuses[:100] == [404] * 100
    assert statuses[-1] == 429
    assert client.get(f"/u/{tokens[1]}").status_code == 200


def test_the_way_out_speaks_the_language_of_the_person(
    client: FlaskClient, session: Session, tokens: tuple[str, str]
) -> None:
    session.execute(sa.update(Contact).values(language="ar"))
    session.commit()
    page = client.get(f"/u/{tokens[1]}").text
    assert 'dir="rtl"' in page
    assert "إلغاء الاشتراك" in page
    page = client.get("/u/" + "x" * 43, headers={"Accept-Language": "fr-CH, en;q=0.5"}).text
    assert "Ce lien n’appartient à aucun de nos e-mails" in page
