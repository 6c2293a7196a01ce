"""What goes wrong on our side: a busy or lost database and errors of ours give back what was typed."""

import logging

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.logs import JsonLines
from app.responses.models import Response
from app.surveys.views import survey as views
from tests.surveys.asked import (
    GOOD,
    STORED,
    Customer,
    chosen,
    form_key,
    responses,
    stored,
    written,
)


def busy(*_args: object, **_more: object) -> None:
    raise OperationalError("INSERT", {"x": "private"}, Exception("database is locked"))


def test_a_busy_database_gives_the_form_back(
    customer: Customer, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(views, "submit_answers", busy)
    with caplog.at_level(logging.ERROR):
        reply = customer.send()
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) >= 1
    assert written(reply.text, "reason") == "The reports are clear.\r\nSupport is slow."
    assert chosen(reply.text)["recommend"] == "9"
    assert responses(session) == []
    assert "private" not in caplog.text
    monkeypatch.undo()
    again = customer.browser.post(customer.address, data={**GOOD, "form_key": form_key(reply.text)})
    assert again.status_code == 200
    assert stored(session) == STORED


def test_a_database_out_of_reach_gives_the_text_back_and_a_button(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "door_of", busy)
    reply = customer.browser.post(customer.address, data={**GOOD, "form_key": "abc"})
    assert reply.status_code == 503
    assert "Support is slow." in reply.text
    assert 'name="form_key" value="abc"' in reply.text
    assert "Send again" in reply.text
    assert customer.browser.get(customer.address).status_code == 503


def test_what_breaks_is_said_in_the_survey_s_look(
    application: Flask, customer: Customer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("private details")

    monkeypatch.setattr(views, "submit_answers", broken)
    application.testing = False
    application.config["PROPAGATE_EXCEPTIONS"] = False
    reply = customer.send()
    assert reply.status_code == 500
    assert "Something broke on our side" in reply.text
    assert "private" not in reply.text
    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("RuntimeError" in line for line in lines)
    assert customer.address.removeprefix("/s/") not in "".join(lines)


def test_answers_ring_the_bell_after_the_commit(
    application: Flask, customer: Customer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    count = sa.select(sa.func.count()).select_from(Response)
    monkeypatch.setattr(application.extensions["bell"], "ring_soon", lambda _: rung.append(session.scalar(count) or 0))
    customer.send({"recommend": "99"})
    assert rung == []
    customer.send()
    assert rung == [1]
