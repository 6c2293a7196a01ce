"""The line of an account's health and the list of who changed colour: as owner, colleague, viewer and stranger."""

import csv
import io
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.core.database import db
from app.customers.models import Account
from app.health.services import load_scorecard
from tests.alerts.world import CARD, DAY, add_world, computed
from tests.conftest import Fill
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in

CEDAR = f"/accounts/{quote('C/1 ø')}/health"


def add_moves(session: Session) -> None:
    """Add four days of health: A falls to amber, B to red, C loses its signal and has it back."""
    add_world(session)
    computed(session, 30, A=(77, 81), B=(60, 60), C=None)
    computed(session, 58, A=(60, 72), B=(60, 60), C=(90, 90))
    computed(session, 60, A=(60, 72), B=(20, 60), C=(90, 90))


def add_one_day(session: Session) -> None:
    add_world(session)


@pytest.fixture
def moved(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone and three accounts, two of them Carl's, whose health moved."""
    fill(add_moves)
    return application


def page(application: Flask, email: str, address: str) -> str:
    reply = sign_in(application, email).get(address)
    assert reply.status_code == 200, reply.text
    return " ".join(reply.text.replace("\u00a0", " ").replace("&#39;", "'").split())


@pytest.mark.parametrize("email", [ADMIN, LEADER, STRANGER, CSM, VIEWER])
def test_an_account_tells_what_moved_it(moved: Flask, email: str) -> None:
    text = page(moved, email, "/accounts/A/health")
    assert "Health of Haskelby fell to 63, −15 since 30 April 2026" in text
    assert '<b class="strong">28 May 2026</b> <span class="nowrap">78 → 63 (green → amber)</span>' in text
    assert "Usage gave 13 less (77 → 60), Logins gave 2 less (81 → 72)." in text
    assert 'role="img" aria-label="Health of Haskelby from 2026-03-31, 80, to 2026-05-30, 63; lowest 63' in text
    assert "Two changes worth a look" in text
    assert "/health/alerts?account=A" in text


def test_what_has_no_signal_is_a_hole_in_the_line(moved: Flask) -> None:
    text = page(moved, LEADER, CEDAR)
    assert "No measure had a value any more." in text
    assert "A measure had a value for the first time since." in text
    assert "90 → – (green → too little signal)" in text
    assert text.count("<polyline") == 2, "the two last days alone are joined, in the wide drawing and in the narrow one"


def test_another_version_is_marked_and_told(moved: Flask) -> None:
    with changing(moved) as session:
        load_scorecard(session, document={**CARD, "measures": [{**each, "weight": 1} for each in CARD["measures"]]})  # type: ignore[dict-item]  # They are objects.
        computed(session, 61, A=(50, 72), B=(20, 60), C=(90, 90))
    text = page(moved, LEADER, "/accounts/A/health")
    assert "Version 2 of the scorecard followed version 1" in text
    assert ">version 2</text>" in text
    assert "The scorecard changed</td>" in text


@pytest.mark.parametrize("address", [CEDAR, "/accounts/nothing/health"])
def test_a_csm_finds_their_own_accounts_alone(moved: Flask, address: str) -> None:
    browser = sign_in(moved, CSM)
    assert browser.get(address).status_code == 404
    assert browser.get("/accounts/A/health").status_code == 200


def test_who_is_not_signed_in_sees_nothing(moved: Flask) -> None:
    for address in ("/accounts/A/health", "/health/changes", "/health/changes.csv"):
        assert moved.test_client().get(address).status_code == 302


def test_one_day_teaches_what_comes_next(application: Flask, fill: Fill) -> None:
    fill(add_one_day)
    text = page(application, LEADER, "/accounts/A/health")
    assert "Health of Haskelby is 80, on its first day" in text
    assert "With the second day the line begins" in text
    assert "<polyline" not in text
    assert "Health was computed on one day only" in page(application, CSM, "/health/changes")


def test_no_day_teaches_what_comes_first(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
        session.add(Account(crm_id="A", name="Haskelby", csm_email=CSM))
    assert "Publish a scorecard" in page(application, LEADER, "/accounts/A/health")
    text = page(application, CSM, "/accounts/A/health")
    assert "A leader can publish a scorecard" in text
    assert "No health of Haskelby was computed yet" in text
    assert "No health was computed yet" in page(application, LEADER, "/health/changes")


@pytest.mark.parametrize("email", [ADMIN, LEADER, STRANGER, VIEWER])
def test_who_sees_all_sees_all_that_moved(moved: Flask, email: str) -> None:
    text = page(moved, email, "/health/changes")
    assert "Three accounts changed colour between 30 April 2026 and 30 May 2026, two for the worse" in text
    assert "170 k a year turned worse." in text
    assert "One account in another currency is counted, not summed." in text
    assert "Usage gave 30 less (60 → 20)" in text
    assert "Cedar" in text
    assert "<script>alert" not in text


def test_a_csm_sees_their_own_accounts_that_moved(moved: Flask) -> None:
    text = page(moved, CSM, "/health/changes")
    assert "Two accounts of yours changed colour between 30 April 2026 and 30 May 2026, all for the worse" in text
    assert "Cedar" not in text
    assert "Every CSM" not in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        pytest.param("show=worse", ["Haskelby", "&amp; Co"], ["Cedar"], id="for the worse"),
        pytest.param("show=heard", ["Cedar"], ["Haskelby</a>"], id="signal again"),
        pytest.param("show=better", ["No account moved that way"], ["Haskelby</a>"], id="for the better"),
        pytest.param("from=2026-03-31&to=2026-04-30&show=silent", ["Cedar"], ["Haskelby</a>"], id="no signal"),
        pytest.param("segment=Large", ["Haskelby"], ["Cedar</a>"], id="segment"),
        pytest.param(f"owner={CSM.upper()}", ["Haskelby"], ["Cedar</a>"], id="csm"),
        pytest.param("segment=None", ["Every account kept its colour"], ["Haskelby</a>"], id="nobody"),
        pytest.param("from=2026-05-30&to=2026-04-30", ["read the other way round", "Haskelby"], [], id="days swapped"),
        pytest.param("from=2026-01-01", ["On “2026-01-01” no health was computed"], [], id="a day without health"),
        pytest.param("from=x&to=%C3%B8&show=y&page=z", ["is not a known value of"], [], id="nonsense"),
        pytest.param("scorecard=other", ["Haskelby"], [], id="a scorecard that is none"),
    ],
)
def test_the_list_is_narrowed(moved: Flask, query: str, shown: list[str], hidden: list[str]) -> None:
    text = page(moved, LEADER, f"/health/changes?{query}")
    for words in shown:
        assert words in text
    for words in hidden:
        assert words not in text


@pytest.mark.parametrize(("email", "ids"), [(LEADER, ["A", "B", "C/1 ø"]), (CSM, ["A", "B"])])
def test_the_file_holds_what_the_reader_may_see(moved: Flask, email: str, ids: list[str]) -> None:
    with changing(moved) as session:
        session.execute(update(Account).where(Account.crm_id == "A").values(name="=1+1"))
    reply = sign_in(moved, email).get("/health/changes.csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["account_id"] for row in rows] == ids
    first = rows[0]
    assert (first["account"], first["segment"], first["arr"]) == ("'=1+1", "Large", "120000.00")
    assert (first["from"], first["health_from"], first["band_from"]) == ("2026-04-30", "78.0", "green")
    assert (first["to"], first["health_to"], first["band_to"]) == ("2026-05-30", "63.0", "amber")
    assert first["moved_most"] == "Usage gave 13 less (77 → 60)"


def test_a_page_asks_as_often_for_many_days_as_for_few(moved: Flask) -> None:
    def statements(address: str) -> int:
        browser, seen = sign_in(moved, LEADER), []
        with moved.app_context():
            engine = db.engine

        def note(*facts: object) -> None:
            seen.append(facts[2])

        event.listen(engine, "before_cursor_execute", note)
        assert browser.get(address).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    before = [statements(address) for address in ("/accounts/A/health", "/health/changes")]
    with changing(moved) as session:
        for day in range(61, 75):
            computed(session, day, A=(day, 72), B=(20, 60), C=(90, 90))
    after = [statements(address) for address in ("/accounts/A/health", "/health/changes")]
    assert after == before
    assert max(after) <= 12


def test_the_account_leads_to_its_line(moved: Flask) -> None:
    text = page(moved, CSM, "/accounts/A")
    assert "More about this account" in text
    assert 'href="/accounts/A/health"' in text
    assert str(DAY.year) in text
