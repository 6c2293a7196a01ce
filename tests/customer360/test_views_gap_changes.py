"""Why voice and gap changed: as owner, admin, viewer, colleague and stranger, and where one study is all there is."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import event

from app.core.database import db
from tests.conftest import Fill
from tests.customer360.again import add_again
from tests.customer360.workspace import add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, sign_in


@pytest.fixture
def again(application: Flask, fill: Fill) -> Flask:
    """Everyone, and ten accounts of which nine were heard by two studies."""
    fill(add_again)
    return application


def page(application: Flask, email: str, address: str) -> str:
    reply = sign_in(application, email).get(address)
    assert reply.status_code == 200, reply.text
    return " ".join(reply.text.replace("\u00a0", " ").replace("&#39;", "'").split())


@pytest.mark.parametrize("email", [ADMIN, LEADER, VIEWER])
def test_who_sees_the_studies_sees_all_that_moved(again: Flask, email: str) -> None:
    text = page(again, email, "/gaps/changes")
    assert "Nine accounts were heard again between 31 March 2026 and 30 April 2026; " in text
    assert "more than chance gives" in text
    assert "One account was not heard in between." in text
    assert "The same two people answered, one person more and one person not again." in text
    assert "<script>alert" not in text


def test_a_csm_sees_their_own_accounts_alone(again: Flask) -> None:
    text = page(again, CSM, "/gaps/changes")
    assert "Two accounts of yours were heard again" in text
    assert "Account 3" not in text
    browser = sign_in(again, CSM)
    assert browser.get("/accounts/A2/gap").status_code == 200
    assert browser.get("/accounts/A3/gap").status_code == 404


def test_a_leader_of_other_studies_sees_no_move(again: Flask) -> None:
    assert "No study was scored yet" in page(again, STRANGER, "/gaps/changes")
    assert "No study that you may see has heard Account 2" in page(again, STRANGER, "/accounts/A2/gap")
    assert again.test_client().get("/gaps/changes").status_code == 302


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        pytest.param("show=fell", ["Account 2<", "/accounts/A2/gap?"], ["Account 3<", "Account 4<"], id="voice fell"),
        pytest.param("show=rose", ["Account 9<"], ["Account 2<", "Account 4<"], id="voice rose"),
        pytest.param("segment=Large", ["Account 2<"], ["Account 7<"], id="segment"),
        pytest.param(f"owner={CSM.upper()}", ["Account 2<", "Account 4<"], ["Account 3<"], id="csm"),
        pytest.param(
            "segment=Nothing", ["Nobody was heard on both days", "Show everybody"], ["Account 2<"], id="nobody"
        ),
        pytest.param("from=2026-04-30&to=2026-03-31", ["read the other way round", "Account 2<"], [], id="swapped"),
        pytest.param(
            "from=%C3%B8&to=x&show=y&page=z", ["No study of yours ends on", "was left out"], [], id="nonsense"
        ),
    ],
)
def test_the_list_is_narrowed(again: Flask, query: str, shown: list[str], hidden: list[str]) -> None:
    text = page(again, LEADER, f"/gaps/changes?{query}")
    assert [words for words in shown if words not in text] == []
    assert [words for words in hidden if words in text] == []


def test_one_account_opens_to_parts_that_sum_up(again: Flask) -> None:
    text = page(again, LEADER, "/accounts/A2/gap")
    assert "Voice of Account 2 fell to" in text
    for words in (
        "The gap, and what moved it",
        "Voice, by topic",
        "Voice, by who answered",
        "Health by telemetry, by measure",
    ):
        assert words in text
    assert "What was stored does not tell" not in text
    assert "Version 2 of the scorecard stands where version 1 stood: it alone moved nothing" in text
    assert "How it is computed" in text
    assert "/studies/q2/responses/R2-A2-champion" in text
    assert "Champion, answered now only" in page(again, LEADER, "/accounts/A3/gap")


def test_the_file_sums_up_too(again: Flask) -> None:
    rows = list(csv.DictReader(io.StringIO(sign_in(again, LEADER).get("/gaps/changes.csv").text)))
    assert {row["account_id"] for row in rows} == {f"A{number}" for number in range(1, 10)}
    for row in rows:
        parts = [float(row[name]) for name in ("by_voice", "by_health", "by_scale", "by_drawing_in") if row[name]]
        assert not parts or sum(parts) == pytest.approx(float(row["gap_moved"]))
        assert (row["voice_exceeds"] == "True") is (abs(float(row["voice_moved"])) > float(row["voice_within"]))
    second = next(row for row in rows if row["account_id"] == "A2")
    assert (second["study_from"], second["study_to"], second["people_both"]) == (
        "First quarter",
        "Second quarter",
        "3",
    )


def test_one_study_teaches_what_comes_next(application: Flask, fill: Fill) -> None:
    fill(add_workspace)
    assert "One study was scored so far" in page(application, LEADER, "/gaps/changes")
    text = page(application, CSM, "/accounts/A2/gap")
    assert "Account 2 was heard by one study" in text
    assert "What is missing is a second study" in text
    assert len(list(csv.reader(io.StringIO(sign_in(application, CSM).get("/gaps/changes.csv").text)))) == 1


def test_no_study_says_so(application: Flask, fill: Fill) -> None:
    fill(add_people)
    assert "No study was scored yet" in page(application, CSM, "/gaps/changes")


def test_pages_lead_there_and_ask_a_few_times(again: Flask) -> None:
    browser, seen = sign_in(again, LEADER), []
    with again.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *facts: seen.append(facts[2]))
    assert browser.get("/gaps/changes").status_code == 200
    assert len(seen) <= 14
    assert 'href="/gaps/changes' in browser.get("/renewals").text
    assert 'href="/gaps/changes"' in browser.get("/health").text
    assert 'href="/accounts/A2/gap"' in browser.get("/accounts/A2/section-more").text
