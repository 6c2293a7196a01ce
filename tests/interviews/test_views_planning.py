"""Pages of planning: appointments, calls, the day and the next call, as owner, colleague and stranger."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.clock import now
from app.interviews.models import Appointment, AppointmentMail
from app.studies.models import CallAttempt, Study
from app.studies.rules.hours import next_working, zone_of
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.interviews.planned import add_reachable, appointment_form, contact_of, rows, soon
from tests.interviews.talks import ANNA, BEN, World
from tests.users.people import CSM, LEADER, STRANGER, changing, sign_in, token_in


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_reachable)
    return found


def address(world: World, tail: str, name: str = "nora") -> str:
    return f"/interviews/{world.interviews[name]}/{tail}"


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    token = token_in(browser.get("/password").text)
    return browser.post(path, data={"csrf_token": token, **fields})


def agree(browser: FlaskClient, world: World, **changes: object) -> TestResponse:
    return send(browser, address(world, "appointment"), **appointment_form(soon(), **changes))


def test_an_appointment_is_agreed_moved_and_called_off(application: Flask, world: World) -> None:
    client = sign_in(application, ANNA)
    assert "No appointment with Nora yet" in client.get(address(world, "appointment")).text
    assert agree(client, world).status_code == 303
    first = rows(application, Appointment)[0]
    page = client.get(address(world, "appointment")).text
    assert "You meet Nora by phone" in page
    assert "Europe/Berlin" in page
    assert agree(client, world, replaces=first.id).status_code == 303
    assert len(rows(application, Appointment)) == 1, "the same again is no change"
    moved = send(
        client, address(world, "appointment"), **appointment_form(soon(4), replaces=first.id, way="video",
                                                                  place="https://meet.test/x"),
    )  # fmt: skip
    assert moved.status_code == 303
    stale = agree(client, world, replaces=first.id)
    assert stale.status_code == 400
    assert "changed meanwhile" in stale.text
    second = rows(application, Appointment)[1]
    assert (second.uid, second.sequence) == (first.uid, 1)
    off = send(client, address(world, "appointment/cancel"), replaces=second.id)
    assert off.status_code == 303
    page = client.get(address(world, "appointment")).text
    assert "Called off" in page
    assert "No appointment with Nora yet" in page
    third = rows(application, Appointment)[2]
    assert (third.sequence, third.is_cancelled) == (2, True)
    assert agree(client, world, replaces=third.id).status_code == 303
    again = rows(application, Appointment)[3]
    assert (again.uid != first.uid, again.sequence) == (True, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"day": "2026-13-01"}, "Enter the day as", id="no-day"),
        pytest.param({"time": "25:00"}, "Enter the time as", id="no-time"),
        pytest.param({"timezone": "Mars/Base"}, "Choose their time zone", id="unknown-zone"),
        pytest.param({"timezone": "../etc/passwd"}, "Choose their time zone", id="a-path-is-no-zone"),
        pytest.param({"minutes": "0"}, "Enter a number of minutes", id="no-minutes"),
        pytest.param({"way": "carrier pigeon"}, "Choose how you will meet", id="no-way"),
        pytest.param({"place": " "}, "Enter the number", id="no-place"),
        pytest.param({"day": "2020-01-01"}, "This time is over", id="past"),
        pytest.param({"day": "2099-01-01"}, "The fieldwork runs from", id="after-the-fieldwork"),
    ],
)
def test_what_cannot_be_agreed_keeps_what_was_typed(
    application: Flask, world: World, changes: dict[str, str], words: str
) -> None:
    client = sign_in(application, ANNA)
    answer = agree(client, world, **{"place": "Room 7 <b>", **changes})
    assert answer.status_code == 400
    assert words in answer.text
    if changes.get("place") is None:
        assert "Room 7 &lt;b&gt;" in answer.text
    assert rows(application, Appointment) == []


@pytest.mark.parametrize(
    ("zone", "time", "words", "picked"),
    [
        pytest.param("Europe/London", "2027-03-28 01:30", "there is no 01:30", "2027-03-28T01:30Z", id="gap"),
        pytest.param("America/New_York", "2027-11-07 01:30", "show 01:30 twice", "2027-11-07T06:30Z", id="doubled"),
        pytest.param("Australia/Lord_Howe", "2027-04-04 01:45", "show 01:45 twice", "2027-04-03T15:15Z", id="half"),
    ],
)
def test_hours_of_a_change_of_clocks_are_asked_about(
    application: Flask, world: World, *, zone: str, time: str, words: str, picked: str
) -> None:
    with changing(application) as session:
        session.execute(sa.update(Study).values(closes_on=now().date() + timedelta(days=900)))
        session.commit()
    client = sign_in(application, ANNA)
    day, hour = time.split()
    typed = {"day": day, "time": hour, "timezone": zone, "place": "Room 7"}
    asked = agree(client, world, **typed)
    assert asked.status_code == 400
    assert words in asked.text
    assert picked in asked.text
    assert "Room 7" in asked.text
    assert rows(application, Appointment) == []
    assert agree(client, world, **typed, reading="2027-01-01T00:00Z").status_code == 400
    assert agree(client, world, **typed, reading=picked).status_code == 303
    found = rows(application, Appointment)[0]
    assert f"{found.starts_at:%Y-%m-%dT%H:%MZ}" == picked
    assert found.timezone == zone


def test_an_unknown_zone_is_asked_for_and_kept(application: Flask, world: World) -> None:
    with changing(application) as session:
        contact_of(session, world.respondents["nora"]).timezone = None
        session.commit()
    client = sign_in(application, ANNA)
    assert "We do not know it for certain" in client.get(address(world, "appointment")).text
    assert agree(client, world, timezone="").status_code == 400
    assert agree(client, world, timezone="America/New York").status_code == 303
    with changing(application) as session:
        assert contact_of(session, world.respondents["nora"]).timezone == "America/New_York"


def test_nobody_is_promised_two_places_at_once(application: Flask, world: World) -> None:
    with changing(application) as session:
        session.execute(sa.text("UPDATE interview SET interviewer_id = :anna"), {"anna": world.people[ANNA]})
        session.commit()
    client = sign_in(application, ANNA)
    assert agree(client, world).status_code == 303
    path = address(world, "appointment", "pia")
    clash = send(client, path, **appointment_form(soon() + timedelta(minutes=44)))
    assert clash.status_code == 400
    assert "meets Nora at that time" in clash.text
    assert send(client, path, **appointment_form(soon() + timedelta(minutes=45))).status_code == 303


@pytest.mark.parametrize(
    ("caller", "read", "write"),
    [
        pytest.param(ANNA, 200, 303, id="holder"),
        pytest.param(CSM, 200, 403, id="csm-of-the-account"),
        pytest.param(LEADER, 200, 403, id="owner-of-the-study"),
        pytest.param(BEN, 404, 404, id="colleague"),
        pytest.param(STRANGER, 404, 404, id="stranger"),
    ],
)
def test_who_may_plan(application: Flask, world: World, caller: str, read: int, write: int) -> None:
    client = sign_in(application, caller)
    assert client.get(address(world, "appointment")).status_code == read
    assert client.get(address(world, "call")).status_code == read
    assert agree(client, world).status_code == write
    entered = send(client, address(world, "call"), outcome="no_answer", channel="phone")
    assert entered.status_code == write


def enter(browser: FlaskClient, world: World, outcome: str, name: str = "nora", **fields: object) -> TestResponse:
    return send(browser, address(world, "call", name), outcome=outcome, channel="phone", **fields)


def test_calls_are_entered_and_taken_back(application: Flask, world: World) -> None:
    client = sign_in(application, ANNA)
    page = client.get(address(world, "call")).text
    assert "Hello Nora, this is Anna Asker" in page
    assert "Nobody has called yet" in page
    assert enter(client, world, "no_answer").status_code == 303
    assert "Write down in a few words why" in enter(client, world, "not_now").text
    assert "Choose what the call came to" in enter(client, world, "lunch").text
    assert enter(client, world, "not_now", note="busy <quarter>").status_code == 303
    call = rows(application, CallAttempt)[1]
    page = client.get(address(world, "call")).text
    assert "busy &lt;quarter&gt;" in page
    assert "AAPOR 2.112a" in page
    assert send(client, address(world, f"calls/{call.id}/undo"), reason=" ").status_code == 400
    assert send(client, address(world, f"calls/{call.id}/undo"), reason="wrong person").status_code == 303
    assert send(client, address(world, f"calls/{call.id}/undo"), reason="again").status_code == 404
    assert "Taken back" in client.get(address(world, "call")).text
    assert send(client, address(world, f"calls/{call.id}/undo", "pia"), reason="x").status_code in {403, 404}


LEADS_ON = {"no_answer": "call", "appointment": "appointment", "online": "hand-over"}


@pytest.mark.parametrize("outcome", LEADS_ON)
def test_a_call_leads_on_to_what_comes_next(application: Flask, world: World, outcome: str) -> None:
    client = sign_in(application, ANNA)
    assert f'href="{address(world, "").rstrip("/")}"' in client.get(address(world, "call")).text
    assert enter(client, world, outcome).location == address(world, LEADS_ON[outcome])


def test_a_refusal_ends_every_way_of_asking(application: Flask, world: World) -> None:
    client = sign_in(application, ANNA)
    agree(client, world)
    assert enter(client, world, "do_not_contact", note="said so").status_code == 303
    with changing(application) as session:
        assert contact_of(session, world.respondents["nora"]).consent == "no"
        actions = set(session.scalars(sa.select(AuditEvent.action)))
    assert {"call.record", "contact.consent_no"} <= actions
    assert rows(application, Appointment)[-1].is_cancelled
    assert all(mail.cancelled_at for mail in rows(application, AppointmentMail))
    assert "is not called any more" in client.get(address(world, "call")).text
    assert "earlier call ended the asking" in enter(client, world, "no_answer").text
    last = rows(application, Appointment)[-1]
    assert agree(client, world, replaces=last.id).status_code == 400
    assert client.get("/interviews/next").location.endswith("/interviews/day?nobody=1")
    call = rows(application, CallAttempt)[-1]
    send(client, address(world, f"calls/{call.id}/undo"), reason="it was somebody else")
    with changing(application) as session:
        assert contact_of(session, world.respondents["nora"]).consent == "yes"
    assert agree(client, world, replaces=last.id).status_code == 303


def test_the_day_and_the_next_call(application: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(application, ANNA)
    with changing(application) as session:
        contact_of(session, world.respondents["nora"]).timezone = "Europe/Berlin"
        session.commit()
    # On a weekend nobody in the world is at work: what is best to do is asked of the next working hour.
    at_work = next_working(now(), zone_of("Europe/Berlin", None))
    monkeypatch.setattr("app.interviews.views.calls.now", lambda: at_work)
    page = client.get("/interviews/day").text
    assert "Nora" in page
    assert "Pia" not in page
    assert "so your times are UTC" in page
    assert client.get("/interviews/next").location.endswith(address(world, "call"))
    assert send(client, "/interviews/own-zone", timezone="Moon").status_code == 400
    assert send(client, "/interviews/own-zone", timezone="Asia/Kolkata").status_code == 303
    assert "those of Asia/Kolkata" in client.get("/interviews/day").text
    agree(client, world)
    on = client.get(f"/interviews/day?on={soon():%Y-%m-%d}").text
    assert "UTC+0" in on
    assert "+49 30 1234" in on
    assert "Nobody is left to call" in client.get("/interviews/day?on=nonsense").text
