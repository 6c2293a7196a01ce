"""Publishing a report: an edition stays as it was, its words follow consent, and links open it outside."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.reports.models import Edition, EditionLink
from app.reports.publishing import (
    changes_since,
    edition_document,
    publish_edition,
    revoke_link,
    share_edition,
)
from app.reports.queries.editions import edition_of, opened_by
from app.reports.rules.editions import sha256_of
from app.responses.models import Answer
from app.scoring.services import score_study
from app.studies.models import Study
from app.users.rules.sign_ins import token_sha256
from tests.conftest import Fill
from tests.reports.studies import add_alices_study, drawn_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, sign_in, token_in

LIST = "/studies/q1/gaps/editions"
FIRST = f"{LIST}/1"


@pytest.fixture
def study(session: Session) -> Study:
    """Alice's study, scored."""
    add_alices_study(session)
    session.flush()
    return session.scalars(select(Study)).one()


def published(session: Session, study: Study) -> Edition:
    return publish_edition(session, study=study, at=now(), by=study.owner_id)


def test_an_edition_stays_while_the_report_goes_on(session: Session, study: Study) -> None:
    first = published(session, study)
    before = edition_document(session, edition=first)
    session.execute(update(Answer).where(Answer.value_number.is_not(None)).values(value_number=1))
    score_study(session, study=study)
    second = published(session, study)
    assert (first.number, second.number) == (1, 2)
    assert edition_document(session, edition=first)["voice"] == before["voice"]
    assert edition_document(session, edition=second)["voice"] != before["voice"]
    assert changes_since(session, study=study, edition=first) is None
    told = changes_since(session, study=study, edition=second)
    assert told is not None
    assert told.number == 1
    assert any(each.startswith("The mean voice is ") for each in told.sentences)


def test_the_same_figures_are_published_once(session: Session, study: Study) -> None:
    published(session, study)
    score_study(session, study=study)
    with pytest.raises(Refusal, match="Edition 1 holds the same figures"):
        published(session, study)


def test_a_study_without_a_report_has_none_to_publish(session: Session) -> None:
    with pytest.raises(Refusal, match="has not been scored"):
        publish_edition(session, study=drawn_study(session), at=now(), by=None)


def test_words_that_are_taken_away_are_gone_from_every_edition(session: Session, study: Study) -> None:
    edition = published(session, study)
    quoted = [e["text"] for a in edition_document(session, edition=edition)["accounts"] for e in a["evidence"]]
    assert any(quoted)
    session.execute(update(Answer).values(value_text=None))
    told = [e["text"] for a in edition_document(session, edition=edition)["accounts"] for e in a["evidence"]]
    assert told
    assert not any(told)
    session.expire_all()
    kept = edition_of(session, study, 1)
    assert sha256_of(kept.document) == kept.sha256


def test_an_edition_that_was_meddled_with_is_not_shown(session: Session, study: Study) -> None:
    edition = published(session, study)
    edition.document = edition.document.replace("Account 7", "Account 8")
    session.flush()
    with pytest.raises(Refusal, match="not what was published"):
        edition_document(session, edition=edition)


def test_a_link_opens_its_edition_until_it_expires_or_is_closed(session: Session, study: Study) -> None:
    edition, at = published(session, study), now()
    token = share_edition(session, study=study, edition=edition, made_for=" The  board ", days=7, at=at, by=None)
    link = session.scalars(select(EditionLink)).one()
    assert link.made_for == "The board"
    assert token not in link.token_sha256
    hashed = token_sha256(token)
    assert opened_by(session, hashed, at + timedelta(days=6)) is not None
    assert opened_by(session, hashed, at + timedelta(days=7)) is None
    assert opened_by(session, token_sha256("other"), at) is None
    for _ in range(2):
        revoke_link(session, study=study, edition=edition, link_id=link.id, at=at, by=None)
    assert opened_by(session, hashed, at) is None
    with pytest.raises(Missing):
        revoke_link(session, study=study, edition=edition, link_id=link.id + 1, at=at, by=None)


@pytest.mark.parametrize(("made_for", "days"), [("", 7), ("x" * 201, 7), ("The board", 8)])
def test_a_link_for_nobody_or_for_ever_is_refused(session: Session, study: Study, made_for: str, days: int) -> None:
    edition = published(session, study)
    with pytest.raises(Refusal):
        share_edition(session, study=study, edition=edition, made_for=made_for, days=days, at=now(), by=None)


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def post(browser: FlaskClient, page: str, address: str, **fields: str) -> tuple[int, str]:
    token = token_in(browser.get(page).text)
    reply = browser.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)
    return reply.status_code, reply.text.replace("\u00a0", " ")


def test_from_the_report_to_the_forwarded_link(scored: Flask) -> None:
    leader = sign_in(scored, LEADER)
    assert LIST in leader.get("/studies/q1/gaps").text
    assert "Nothing is published yet" in leader.get(LIST).text
    status, page = post(leader, LIST, LIST)
    assert status == 200
    assert "Edition 1 is published" in page
    assert "Words of" in page
    status, page = post(leader, LIST, LIST)
    assert status == 400
    assert "Edition 1 holds the same figures" in page
    status, page = post(leader, FIRST, f"{FIRST}/links", made_for="", days="30")
    assert status == 400
    assert "for whom the link is" in page
    status, page = post(leader, FIRST, f"{FIRST}/links", made_for="The board", days="7")
    assert status == 200
    address = page.split('readonly size="64" value="')[1].split('"')[0]
    path = address[address.index("/r/") :]
    assert path not in leader.get(FIRST).text
    outside = scored.test_client()
    reply = outside.get(path)
    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers
    assert "Account 7" in reply.text
    assert "Words of" not in reply.text, "nobody was asked whether their words may leave the house"
    assert "/accounts/" not in reply.text
    assert "No words were left" not in reply.text, "there are words, which stay in the house"
    assert "No words to show" in reply.text
    assert "Carl" not in reply.text
    assert outside.get(f"{path}/report.pdf").data.startswith(b"%PDF")
    one_page = PdfReader(io.BytesIO(outside.get(f"{path}/one-page.pdf?paper=letter").data))
    assert len(one_page.pages) == 1
    assert "Words of" not in one_page.pages[0].extract_text()
    number = page.split("/links/")[1].split("/")[0]
    assert post(leader, FIRST, f"{FIRST}/links/{number}/close")[0] == 200
    closed = outside.get(path)
    assert closed.status_code == 404
    assert "Ask the person who sent it" in closed.text


@pytest.mark.parametrize(("person", "can_publish"), [(ADMIN, True), (LEADER, True), (VIEWER, False), (CSM, False)])
def test_who_may_publish_and_who_reads(scored: Flask, person: str, *, can_publish: bool) -> None:
    assert post(sign_in(scored, LEADER), LIST, LIST)[0] == 200
    browser = sign_in(scored, person)
    page = browser.get(FIRST).text
    assert ("Make a link" in page) is can_publish
    assert ("Publish edition 2" in browser.get(LIST).text) is can_publish
    assert ("Account 7" in page) is (person != CSM), "a CSM reads the accounts that are theirs"
    assert "Account 4" in page
    for address in (f"{FIRST}.pdf", f"{FIRST}/one-page.pdf"):
        assert browser.get(address).data.startswith(b"%PDF")


@pytest.mark.parametrize("path", [LIST, FIRST, f"{FIRST}.pdf", f"{FIRST}/one-page.pdf"])
def test_a_stranger_finds_nothing(scored: Flask, path: str) -> None:
    assert post(sign_in(scored, LEADER), LIST, LIST)[0] == 200
    assert sign_in(scored, STRANGER).get(path).status_code == 404
    assert scored.test_client().get(path).status_code == 302
