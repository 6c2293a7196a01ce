"""The survey behind an open link: the same questions, and nothing kept that tells who answered."""

import html
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.core.logs import redacted
from app.questionnaires.rules.kinds import ABSENT, ParsedAnswer
from app.responses.models import AnonymousAnswer, AnonymousResponse
from app.responses.rules import Place
from app.responses.services import OpenDoor, submit_anonymously
from app.studies.models import OpenLink, Study
from app.studies.services import close_study
from app.studies.services.links import issue_links
from app.studies.services.open_links import issue_open_links, revoke_open_link
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.surveys.anonymous import (
    ANONYMOUS_TABLES,
    NAMED_TABLES,
    STRATA,
    Somebody,
    add_anonymous,
    answer_as,
    hidden_fields,
    open_addresses,
    rows_of,
)
from tests.surveys.asked import BASE, GOOD, SECRET, STORED, TODAY, add_survey, chosen, form_key, tokens_of
from tests.surveys.kinds import question, without_loop
from tests.surveys.test_hostile import FORMS
from tests.users.people import LEADER, add_people

RESPONSE_COLUMNS = {"id", "study_id", "stratum", "version_id", "language", "answered_on", "form_sha256"}
ANSWER_COLUMNS = {"response_id", "question_id", "item", "value_number", "value_text", "absence", "is_counted"}


def add_quiet(session: Session) -> str:
    """Add an anonymous study that Alice owns, and return the address of its large customers."""
    study = add_anonymous(session, owner=add_people(session)[LEADER])
    return open_addresses(session, study)["Large"]


@pytest.fixture
def somebody(client: FlaskClient, fill: Fill) -> Somebody:
    """Somebody with the open link of the large customers."""
    return Somebody(client, fill(add_quiet))


def answers_of(session: Session) -> dict[str, Any]:
    """Return the answers of all anonymous responses by question key."""
    names = {identity: key for key, identity in question_ids(session).items()}
    rows = session.scalars(sa.select(AnonymousAnswer)).all()
    session.rollback()
    return {names[row.question_id]: row.value_text or row.value_number for row in rows}


def test_the_form_greets_nobody_by_name_and_says_what_is_kept(somebody: Somebody) -> None:
    page = somebody.browser.get(f"{somebody.address}?score=9")
    assert page.status_code == 200
    assert "Dalia" not in page.text
    assert "Hello" not in page.text
    assert "Nobody sees who answered" in page.text
    assert "leave out names" in page.text
    assert "with your name" not in page.text
    assert "is removed after 24 months." in page.text
    assert chosen(page.text) == {"recommend": "9"}
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text


def test_reading_stores_nothing(somebody: Somebody, session: Session) -> None:
    before = rows_of(session, *ANONYMOUS_TABLES, *NAMED_TABLES, "open_link", "audit_event")
    assert somebody.browser.get(f"{somebody.address}?score=9").status_code == 200
    assert somebody.browser.head(somebody.address).status_code == 200
    assert rows_of(session, *before) == before


def test_what_was_sent_is_stored_without_anything_that_tells_who_sent_it(somebody: Somebody, session: Session) -> None:
    named = rows_of(session, *NAMED_TABLES, "audit_event", "sign_in_attempt")
    reply = somebody.send()
    assert reply.status_code == 200
    assert "Thank you. Your answers have arrived." in reply.text
    assert "Dalia" not in reply.text
    assert answers_of(session) == STORED
    (row,) = session.execute(sa.text("SELECT * FROM anonymous_response")).mappings()
    assert set(row) == RESPONSE_COLUMNS
    assert row["stratum"] == "Large"
    assert str(row["answered_on"]) == TODAY.isoformat()
    assert len(row["id"]) == 32
    for answer in session.execute(sa.text("SELECT * FROM anonymous_answer")).mappings():
        assert set(answer) == ANSWER_COLUMNS
    session.rollback()
    assert rows_of(session, *named) == named


def test_no_key_of_a_form_names_a_time(somebody: Somebody) -> None:
    keys = {form_key(somebody.browser.get(somebody.address).text) for _ in range(3)}
    assert len(keys) == 3
    assert not any(key.split("-")[0].isdigit() and len(key.split("-")[0]) > 8 for key in keys)


def test_rows_lie_in_no_order_of_arrival(session: Session) -> None:
    study = add_anonymous(session)
    ids = [answer_as(session, study, "Large", f"form-{n}", recommend="9") for n in range(12)]
    close_study(session, study=study)
    session.commit()
    laid_down = list(session.scalars(sa.text("SELECT id FROM anonymous_response")))
    assert laid_down == sorted(ids) != ids


def test_the_same_form_again_edits_the_same_response(somebody: Somebody, session: Session) -> None:
    key = form_key(somebody.browser.get(somebody.address).text)
    for answers in (GOOD, GOOD, {**GOOD, "recommend": "2"}, {"recommend": "3"}):
        assert somebody.send(answers, key).status_code == 200
    assert rows_of(session, *ANONYMOUS_TABLES) == {"anonymous_response": 1, "anonymous_answer": 1}
    assert answers_of(session) == {"recommend": 3.0}
    assert somebody.send().status_code == 200
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 2}


def test_the_thanks_lead_back_to_the_same_response(somebody: Somebody, session: Session) -> None:
    thanks = somebody.send()
    fields = {name: html.unescape(value) for name, value in hidden_fields(thanks.text).items()}
    assert fields["reason"].splitlines() == GOOD["reason"].splitlines()
    again = somebody.browser.post(somebody.address, data={**fields, "go": "change"})
    assert again.status_code == 200
    assert chosen(again.text) == {key: value for key, value in GOOD.items() if key != "reason"}
    assert form_key(again.text) == fields["form_key"]
    assert somebody.send({"recommend": "1"}, fields["form_key"]).status_code == 200
    assert answers_of(session) == {"recommend": 1.0}
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 1}


def test_what_is_wrong_is_shown_with_what_was_typed(somebody: Somebody, session: Session) -> None:
    reply = somebody.send({**GOOD, "recommend": "11"})
    assert reply.status_code == 400
    assert "Nothing is stored yet" in reply.text
    assert "Support is slow." in reply.text
    assert somebody.send({}).status_code == 400
    assert rows_of(session, *ANONYMOUS_TABLES) == dict.fromkeys(ANONYMOUS_TABLES, 0)


@pytest.mark.parametrize("fields", [GOOD, GOOD | {"form_key": "<>"}, GOOD | {"form_key": "x" * 65}], ids=len)
def test_a_form_without_its_key_comes_back_with_one(
    somebody: Somebody, session: Session, fields: dict[str, str]
) -> None:
    reply = somebody.browser.post(somebody.address, data=fields)
    assert reply.status_code == 400
    assert "This form is not as we sent it" in reply.text
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 0}
    assert somebody.send(GOOD, form_key(reply.text)).status_code == 200


def test_a_form_of_another_site_is_refused(somebody: Somebody, session: Session) -> None:
    for headers in ({"Origin": "https://evil.test"}, {"Origin": "null"}, {"Referer": "https://evil.test/a/"}):
        assert somebody.send(**headers).status_code == 400
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 0}
    assert somebody.send(Origin=BASE).status_code == 200


def test_the_page_speaks_the_language_of_the_browser(somebody: Somebody) -> None:
    page = somebody.browser.get(somebody.address, headers={"Accept-Language": "de"})
    assert "Niemand sieht, wer geantwortet hat" in page.text
    other = somebody.browser.post(
        somebody.address, data={"recommend": "7", "go": "in:ar", "form_key": form_key(page.text)}
    )
    assert 'dir="rtl"' in other.text
    assert chosen(other.text) == {"recommend": "7"}
    assert form_key(other.text) == form_key(page.text)


def test_the_same_form_at_once_is_one_response(application: Flask, session: Session) -> None:
    address = open_addresses(session, add_anonymous(session))["Large"]
    session.commit()
    session.close()
    gate = threading.Barrier(8)

    def send(_: int) -> tuple[int, str]:
        gate.wait()
        reply = application.test_client().post(address, data={**GOOD, "form_key": "the-same"})
        return reply.status_code, reply.text

    with ThreadPoolExecutor(8) as threads:
        replies = set(threads.map(send, range(8)))
    assert [status for status, _ in replies] == [200]
    assert rows_of(session, *ANONYMOUS_TABLES) == {"anonymous_response": 1, "anonymous_answer": len(GOOD)}


def test_closing_makes_answers_final(application: Flask, session: Session) -> None:
    study = add_anonymous(session)
    address = open_addresses(session, study)["Small"]
    session.commit()
    somebody = Somebody(application.test_client(), address)
    key = form_key(somebody.browser.get(address).text)
    assert somebody.send(GOOD, key).status_code == 200
    close_study(session, study=study)
    session.commit()
    assert somebody.send({"recommend": "1"}, key).status_code == 410
    assert answers_of(session) == STORED
    assert session.scalars(sa.select(AnonymousResponse.form_sha256)).all() == [None]


KINDS = {
    "recommend": "3", "care": f"{ABSENT}dont_know", "works": "yes", "terms": "yes", "tier": "a",
    "liked": ["speed", "people"], "order/speed": "2", "order/price": "1", "order/people": "3", "seats": "12",
    "spend": "1200.50", "since": "2020-02-29", "docs": "4", "last": "The end.",
}  # fmt: skip


@pytest.mark.parametrize("is_paged", [False, True], ids=["one-page", "planned-in-pages"])
def test_every_kind_is_asked_on_one_page(client: FlaskClient, session: Session, is_paged: bool) -> None:
    study = add_anonymous(session, document=without_loop(is_paged=is_paged))
    somebody = Somebody(client, open_addresses(session, study)["Large"])
    session.commit()
    page = somebody.browser.get(somebody.address).text
    assert 'name="last"' in page
    assert 'name="page"' not in page
    thanks = somebody.send(KINDS)
    assert thanks.status_code == 200, thanks.text
    stored = answers_of(session)
    assert stored["liked"] == "speed people"
    assert stored["order"] == "price speed people"
    assert stored["last"] == "The end."
    fields = {name: html.unescape(value) for name, value in hidden_fields(thanks.text).items()}
    assert somebody.browser.post(somebody.address, data=fields).status_code == 200
    assert answers_of(session) == stored
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 1}


def test_a_branch_that_opens_is_asked_once_more_of_the_same_response(client: FlaskClient, session: Session) -> None:
    questions = [
        question("seats", "number", whole=True),
        question("many", "text", relevant="${seats} > 9"),
        question("few", "text", relevant="${seats} < 3"),
    ]
    sections = [{"key": "first", "title": "First"}]
    document = {"key": "branch", "name": "B", "language": "en", "sections": sections, "questions": questions}
    study = add_anonymous(session, document=document)
    somebody = Somebody(client, open_addresses(session, study)["Large"])
    session.commit()
    more = somebody.send({"seats": "12"})
    assert "1 more question follows from them" in more.text
    key = form_key(more.text)
    assert 'value="12"' in more.text
    thanks = somebody.send({"seats": "12", "many": "All of us"}, key)
    assert "Thank you" in thanks.text
    assert answers_of(session) == {"seats": 12.0, "many": "All of us"}
    assert "Thank you" in somebody.send({"seats": "12"}, key).text
    assert "1 more question follows" in somebody.send({"seats": "1", "many": "All of us"}, key).text
    counted = sa.select(AnonymousAnswer.is_counted).where(AnonymousAnswer.value_text == "All of us")
    assert session.scalars(counted).all() == [False]
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 1}


def dead(session: Session, how: str) -> str:
    """Return the address of an open link that does not open."""
    days = {"early": (5, 30), "over": (-30, -1)}.get(how, (-3, 30))
    opens_on, closes_on = (TODAY + timedelta(day) for day in days)
    study = add_anonymous(session, owner=add_people(session)[LEADER], opens_on=opens_on, closes_on=closes_on)
    address = open_addresses(session, study)["Large"]
    if how == "closed":
        session.execute(sa.update(Study).values(closed_at=datetime.now(UTC)))
    if how == "revoked":
        revoke_open_link(session, study=study, stratum="Large")
    if how == "named":
        session.execute(sa.update(Study).values(is_anonymous=False))
    session.commit()
    return address


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        pytest.param("early", 403, "This survey opens on", id="not-yet-open"),
        pytest.param("over", 410, "This survey closed on", id="over"),
        pytest.param("closed", 410, "This survey closed on", id="closed"),
        pytest.param("revoked", 410, "This link was withdrawn", id="revoked"),
        pytest.param("named", 404, "This link does not open a survey", id="of-a-study-that-is-not-anonymous"),
    ],
)
def test_a_dead_open_link_says_kindly_why(
    session: Session, client: FlaskClient, how: str, status: int, words: str
) -> None:
    address = dead(session, how)
    for reply in (client.get(address), client.post(address, data=GOOD | {"form_key": "k"})):
        assert reply.status_code == status
        assert words in reply.text
    assert rows_of(session, "anonymous_response") == {"anonymous_response": 0}


def test_tokens_open_nothing_of_another_purpose(client: FlaskClient, session: Session) -> None:
    open_token = open_addresses(session, add_anonymous(session))["Large"].rsplit("/", 1)[1]
    (own_token,) = tokens_of(session, add_survey(session))
    session.commit()
    for address in (f"/s/{open_token}", f"/u/{open_token}", f"/a/{own_token}"):
        for reply in (client.get(address), client.post(address, data=GOOD | {"form_key": "k"})):
            assert reply.status_code == 404
    assert rows_of(session, "anonymous_response", "response") == {"anonymous_response": 0, "response": 0}


def test_many_unknown_open_links_are_slowed_down_and_good_ones_still_open(somebody: Somebody) -> None:
    assert [somebody.browser.get(f"/a/{number}").status_code for number in range(102)] == [404] * 100 + [429] * 2
    assert somebody.browser.get(f"/s/{'A' * 43}").status_code == 429
    assert somebody.send().status_code == 200


@pytest.mark.parametrize("token", ["A" * 44, "../studies", "%00", "a/b", "ü" * 43, "'or'1", "A" * 5_000])
def test_an_unknown_open_link_says_what_to_do(somebody: Somebody, token: str) -> None:
    for reply in (somebody.browser.get(f"/a/{token}"), somebody.browser.post(f"/a/{token}", data=GOOD)):
        assert reply.status_code in {400, 404}
        assert "Parallax" not in reply.text


def test_tokens_stay_out_of_logs() -> None:
    assert redacted("GET /a/abc?score=9") == "GET /a/***?score=9"


def test_open_links_are_issued_once_and_listed_again(session: Session) -> None:
    study = add_anonymous(session)
    first, again = (issue_open_links(session, study=study, secret=SECRET, base_url=BASE) for _ in range(2))
    assert (first.new, again.new) == (len(STRATA), 0)
    assert first.links == again.links
    assert [(link.stratum, link.accounts, link.people) for link in first.links] == [("Large", 2, 6), ("Small", 2, 7)]
    assert revoke_open_link(session, study=study, stratum="Large") == 1
    assert revoke_open_link(session, study=study, stratum="Large") == 0
    renewed = issue_open_links(session, study=study, secret=SECRET, base_url=BASE)
    assert renewed.links[0].url != first.links[0].url
    assert renewed.links[1].url == first.links[1].url
    assert session.scalar(sa.select(sa.func.count()).select_from(OpenLink)) == 3


def test_links_are_refused_where_there_is_the_other_kind(session: Session) -> None:
    quiet, named = add_anonymous(session), add_survey(session)
    with pytest.raises(Refusal, match="flask study open-links quiet"):
        issue_links(session, study=quiet, secret=SECRET, base_url=BASE)
    with pytest.raises(Refusal, match="is not anonymous"):
        issue_open_links(session, study=named, secret=SECRET, base_url=BASE)
    with pytest.raises(Missing, match="has no stratum"):
        revoke_open_link(session, study=quiet, stratum="Middle")


def test_an_empty_response_is_refused(session: Session) -> None:
    study = add_anonymous(session)
    with pytest.raises(ValueError, match="needs an answer"):
        submit_anonymously(session, door=OpenDoor(study.id, "Large", 1), form_key="k", answers={}, on=TODAY)
    answers = {Place(question_ids(session)["recommend"]): ParsedAnswer(9.0, None)}
    door = OpenDoor(study.id, "Large", study.version_id)
    first, again = (submit_anonymously(session, door=door, form_key="k", answers=answers, on=TODAY) for _ in range(2))
    assert first == again


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=FORMS)
def test_whatever_is_sent_is_answered_and_refused_without_a_trace(
    somebody: Somebody, session: Session, fields: list[tuple[str, str]]
) -> None:
    before = rows_of(session, *ANONYMOUS_TABLES)
    data: dict[str, list[str]] = {}
    for name, value in [*fields, ("form_key", "k")]:
        data.setdefault(name.encode(errors="replace").decode(), []).append(value.encode(errors="replace").decode())
    reply = somebody.browser.post(somebody.address, data=data)
    assert reply.status_code in {200, 400}
    if reply.status_code == 400:
        assert rows_of(session, *ANONYMOUS_TABLES) == before
