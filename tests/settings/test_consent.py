"""What customers are told about their data: written by admins, in versions, shown below every survey."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.responses.models import Response
from app.settings.models import ConsentText
from app.settings.queries import consent_texts, consent_version
from app.settings.rules import BUILT_IN, LANGUAGES, LONGEST, ORGANISATION, TEXTS, checked_text
from app.settings.services import change_consent
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.surveys.asked import GOOD, Customer, form_key
from tests.surveys.asked import ORGANISATION as ASKER
from tests.users.people import ADMIN, LEADER, add_people, changing, sign_in, token_in

HOSTILE = '<script>alert(1)</script> & "quotes" {months} {0} {{ 7 * 7 }} ${contact.name} %s'


def told(page: str) -> str:
    """What a survey's page tells about data, as it is read."""
    found = re.search(r'<p class="told">(.*?)</p>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def versions(application: Flask) -> list[int | None]:
    with changing(application) as session:
        return list(session.scalars(sa.select(Response.consent_version).order_by(Response.id)))


def write(application: Flask, **texts: str) -> int:
    with changing(application) as session:
        return change_consent(session, texts=texts)


def test_there_is_a_text_of_ours_in_every_language_and_it_names_who_asks() -> None:
    assert TEXTS.keys() == LANGUAGES.keys()
    assert all(text.count(ORGANISATION) == 1 and len(text) < LONGEST for text in TEXTS.values())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(" We  keep it. \r\n\r\n Ask us. ", "We keep it.\n\nAsk us.", id="spaces-and-lines"),
        pytest.param("a\rb", "a\nb", id="old-line-ends"),
        pytest.param("", TEXTS["en"], id="empty-is-ours"),
        pytest.param(" \n ", TEXTS["en"], id="blank-is-ours"),
        pytest.param("x" * LONGEST, "x" * LONGEST, id="longest"),
        pytest.param(HOSTILE, HOSTILE, id="markup-is-text"),
    ],
)
def test_a_text_is_kept_as_it_can_be_shown(raw: str, text: str) -> None:
    assert checked_text(raw, "en") == text


@pytest.mark.parametrize("raw", ["x" * (LONGEST + 1), "a\0b", "a\x1bb", "a\u202eb", "a\ud800b"])
def test_a_text_that_cannot_be_shown_is_refused_at_its_language(raw: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_text(raw, "fr")
    assert refused.value.field == "fr"


def test_a_change_is_a_version_and_earlier_ones_stay(session: Session) -> None:
    assert consent_version(session) == (BUILT_IN, None)
    assert change_consent(session, texts={"en": "First."}) == 1
    assert change_consent(session, texts={"en": "First."}) == 1
    assert change_consent(session, texts={"en": "First.", "de": "Zweitens."}) == 2
    assert change_consent(session, texts={"en": ""}) == 3
    found = [consent_texts(session, version)["en"] for version in range(4)]
    assert found == [TEXTS["en"], "First.", "First.", TEXTS["en"]]
    assert consent_texts(session, 2)["de"] == "Zweitens."
    assert session.scalar(sa.select(sa.func.count()).select_from(ConsentText)) == 15
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "consent.changed")).all()
    assert [event.fields["changed"] for event in events] == [["en"], ["de"], ["en"]]


def test_a_survey_tells_ours_with_the_name_of_who_asks_and_for_how_long(customer: Customer) -> None:
    words = told(customer.browser.get(customer.address).text)
    assert words.startswith(f"{ASKER} keeps your answers")
    assert words.endswith("is removed after 24 months.")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "wird nach 24 Monaten entfernt"),
        ("fr", "supprimé après 24 mois"),
        ("es", "después de 24 meses"),
        ("ar", "بعد ٢٤ شهرًا"),
    ],
)
def test_a_survey_tells_it_in_its_language(customer: Customer, language: str, words: str) -> None:
    page = customer.browser.get(f"{customer.address}?lang={language}").text
    assert words in told(page)
    assert ASKER in told(page)


def test_each_response_keeps_the_version_that_stood_below_it(application: Flask, customer: Customer) -> None:
    assert customer.send().status_code == 200
    assert versions(application) == [BUILT_IN]
    write(application, en="{organisation} keeps it.")
    assert told(customer.browser.get(customer.address).text).startswith(f"{ASKER} keeps it. What you")
    assert versions(application) == [BUILT_IN]
    assert customer.send({**GOOD, "recommend": "3"}).status_code == 200
    assert versions(application) == [1]


def test_a_form_that_stood_open_while_the_text_changed_keeps_what_was_read(
    application: Flask, customer: Customer
) -> None:
    earlier = form_key(customer.browser.get(customer.address).text)
    write(application, en="Written while they were reading.")
    reply = customer.browser.post(customer.address, data={**GOOD, "effort": "99", "form_key": earlier})
    assert told(reply.text).startswith(f"{ASKER} keeps your answers")
    assert customer.browser.post(customer.address, data={**GOOD, "form_key": earlier}).status_code == 200
    assert versions(application) == [BUILT_IN]


@pytest.mark.parametrize("key", ["1-v99999-x", "1-v-1-x", "1-vx-x", "x", "1-v999999999999-x"])
def test_a_form_that_names_no_version_of_ours_keeps_the_newest(
    application: Flask, customer: Customer, key: str
) -> None:
    write(application, en="First.")
    assert customer.browser.post(customer.address, data={**GOOD, "form_key": key}).status_code == 200
    assert versions(application) == [1]


def test_markup_in_a_text_is_shown_and_does_nothing(application: Flask, customer: Customer) -> None:
    write(application, en=HOSTILE)
    page = customer.browser.get(customer.address).text
    assert "<script" not in page
    assert told(page).startswith(HOSTILE)


def test_words_kept_for_ever_are_not_said_to_be_removed(application: Flask, customer: Customer) -> None:
    with changing(application) as session:
        session.execute(sa.text("UPDATE workspace SET retention_months = NULL"))
    assert "removed" not in told(customer.browser.get(customer.address).text)


def test_a_text_costs_no_statement_of_its_own(application: Flask, customer: Customer) -> None:
    write(application, en="Ours.")
    customer.browser.get(customer.address)
    statements: list[Any] = []
    with application.app_context():
        from app.core.database import db

        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    customer.browser.get(customer.address)
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 1


@pytest.fixture
def customer(client: FlaskClient, fill: Fill) -> Customer:
    """A customer of a survey in all our languages."""
    from tests.surveys.conftest import add_alices_survey

    return Customer(client, fill(add_alices_survey))


def send(browser: FlaskClient, **texts: str) -> Any:
    page = browser.get("/settings/consent").text
    return browser.post("/settings/consent", data={"csrf_token": token_in(page), **texts})


@pytest.fixture
def ada(application: Flask, fill: Fill) -> FlaskClient:
    """The admin's browser."""
    fill(lambda session: add_people(session) and None)
    return sign_in(application, ADMIN)


def test_an_admin_writes_the_next_version(application: Flask, ada: FlaskClient) -> None:
    page = ada.get("/settings/consent").text
    assert "Our own text (version 0)" in page
    assert html.escape(TEXTS["fr"], quote=False) in html.unescape(page)
    assert send(ada, en="Hello {organisation}", ar="").location == "/settings/consent"
    assert "Version 1, since" in ada.get("/settings/consent").text
    with changing(application) as session:
        assert consent_version(session)[0] == 1
        assert session.scalars(sa.select(ConsentText.created_by).distinct()).one() is not None
        at = consent_version(session)[1]
        assert at
        assert now() - at < timedelta(minutes=5)


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "a\0b"])
def test_what_cannot_be_shown_is_given_back(application: Flask, ada: FlaskClient, text: str) -> None:
    reply = send(ada, de=text)
    assert reply.status_code == 400
    assert "error" in reply.text
    with changing(application) as session:
        assert consent_version(session)[0] == 0


def test_markup_on_the_admins_page_is_text(ada: FlaskClient) -> None:
    send(ada, en=f"</textarea>{HOSTILE}")
    page = ada.get("/settings/consent").text
    assert "<script>alert" not in page


def test_nobody_else_writes_it(application: Flask, ada: FlaskClient) -> None:
    assert ada.get("/settings/consent").status_code == 200
    assert sign_in(application, LEADER).get("/settings/consent").status_code == 403
