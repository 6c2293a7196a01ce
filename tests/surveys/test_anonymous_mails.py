"""Mails of anonymous studies: the link of the stratum, the promise, and a reminder to everybody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.studies.models import Invitation, Link
from app.studies.services.open_links import open_tokens, revoke_open_link
from app.surveys.rules.invitations import anonymous, languages
from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import checked_wording
from app.surveys.services.invitations import outlooks, queue_invitations, queue_reminders
from app.surveys.services.mail_texts import save_text
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.surveys.anonymous import Somebody, add_anonymous
from tests.surveys.asked import SECRET
from tests.surveys.mailed import PLACE, send_due, with_settings
from tests.users.people import LEADER, add_people, sign_in

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=6)
PROMISE = anonymous.ENGLISH.promise


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        yield office


def test_everybody_of_a_stratum_gets_its_link_and_a_way_out_of_their_own(
    application: Flask, session: Session, office: PostOffice, client: FlaskClient
) -> None:
    study = add_anonymous(session, strata={"Large": 2, "Small": 1}, owner=add_people(session)[LEADER])
    assert queue_invitations(session, study=study, at=NOW, place=PLACE).links == 2
    session.commit()
    tokens = open_tokens(session, study=study, secret=SECRET)
    session.close()
    assert send_due(application) == ["sent"] * 3
    for address, mail in office.took:
        token = tokens["Large" if "large" in address else "Small"]
        for part in parts_of(mail).values():
            assert f"http://localhost/a/{token}" in part
            assert "/s/" not in part
            assert PROMISE in part
            assert "with your name" not in part
    assert len({mail["List-Unsubscribe"] for mail in office.mails}) == 3
    leave = office.mails[0]["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert client.get(leave).status_code == 200
    assert set(session.scalars(sa.select(Link.purpose))) == {"unsubscribe"}


def test_reminders_go_to_everybody_invited_and_thank_who_has_answered(
    application: Flask, session: Session, office: PostOffice
) -> None:
    study = add_anonymous(session, strata={"Large": 2}, owner=add_people(session)[LEADER])
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    session.commit()
    token = open_tokens(session, study=study, secret=SECRET)["Large"]
    session.close()
    assert send_due(application) == ["sent"] * 2
    assert Somebody(application.test_client(), f"/a/{token}").send().status_code == 200
    look = outlooks(session, study=study, at=LATER, place=PLACE)[Kind.REMINDER]
    assert [each.held for each in look.people] == [None, None]
    assert queue_reminders(session, study=study, at=LATER, place=PLACE).mails == 2
    session.execute(sa.update(Invitation).where(Invitation.number == 1).values(due_at=NOW))
    session.commit()
    session.close()
    assert send_due(application) == ["sent"] * 2
    assert "if you have already answered, thank you" in " ".join(parts_of(office.mails[-1])["text/plain"].split())


def test_a_mail_whose_link_was_withdrawn_is_not_sent(application: Flask, session: Session, office: PostOffice) -> None:
    study = add_anonymous(session, strata={"Large": 1, "Small": 1}, owner=add_people(session)[LEADER])
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    revoke_open_link(session, study=study, stratum="Large")
    session.commit()
    session.close()
    assert sorted(send_due(application)) == ["sent", "unwanted"]
    assert [address for address, _ in office.took] == ["quiet.small0@acme.test"]


def test_the_promise_stands_below_the_owners_own_words(
    application: Flask, session: Session, office: PostOffice
) -> None:
    study = add_anonymous(session, strata={"Large": 1}, owner=add_people(session)[LEADER])
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    save_text(session, study=study, kind=Kind.INVITATION, language="en", subject="Hi", body="Our own words.", at=NOW)
    session.commit()
    session.close()
    assert send_due(application) == ["sent"]
    for part in parts_of(office.mails[0]).values():
        assert part.index("Our own words.") < part.index(PROMISE)


def test_every_language_of_mails_has_words_for_anonymous_studies() -> None:
    assert anonymous.LANGUAGES.keys() == languages.LANGUAGES.keys()
    for words in anonymous.LANGUAGES.values():
        assert words.promise
        for wording in words.wordings.values():
            assert checked_wording(wording.subject, wording.body) == wording
            named = {name for _, name, _, _ in Formatter().parse(wording.body) if name}
            assert "account" not in named
    fallback = languages.default_wording("pt-BR", Kind.REMINDER, is_anonymous=True)
    assert fallback == anonymous.ENGLISH.wordings[Kind.REMINDER]


def test_the_page_of_invitations_names_no_silent(application: Flask, session: Session) -> None:
    study = add_anonymous(session, owner=add_people(session)[LEADER])
    queue_invitations(session, study=study, at=NOW, place=PLACE)
    session.execute(sa.update(Invitation).values(sent_at=NOW - timedelta(days=6)))
    session.commit()
    session.close()
    alice = sign_in(application, LEADER)
    page = alice.get("/studies/quiet/invitations?kind=reminder").text
    assert "Remind all 13 invited" in page
    assert "silent" not in page
    text = alice.get("/studies/quiet/invitations/texts/reminder/en").text
    assert PROMISE in text
