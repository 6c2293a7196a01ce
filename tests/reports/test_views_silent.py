"""Silent people are drawn from the page, assigned, heard, and then correct the estimate; and the bubbles lead on."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.clock import now
from app.customers.models import Account, Contact, Interaction
from app.reports.rules.charts.bubbles import MOST_BUBBLES
from app.reports.rules.topics import footprint, silence
from app.reports.rules.topics.page import Seen, Setting
from app.scoring.queries import analysis_of
from app.scoring.services import score_study
from app.studies.models import Respondent, SilentUnit, Study
from tests.conftest import Fill
from tests.reports.studies import DAY, drawn_study, say
from tests.studies.test_services_silent_draw import OPEN
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in

ADDRESS = "/studies/q1/gaps/{}".format
DRAW = ADDRESS("silence/draw")
FORM = {"number": "3", "seed": "7"}


def add_open_study(session: Session) -> None:
    """Alice's study, still open and scored: five accounts were heard; we began conversations with all."""
    owner = add_people(session)[LEADER]
    study = drawn_study(session, **OPEN)
    study.owner_id = owner.id
    for i in range(1, 6):
        say(session, study, f"A{i}-champion", 9)
    for account in session.scalars(sa.select(Account)):
        number = int(account.crm_id[1:])
        if number in {2, 7}:
            account.csm_email = CSM
        session.add_all(
            Interaction(
                crm_id=f"{account.crm_id}-{i}", account_id=account.id, channel="call", started_by="us",
                occurred_at=now().replace(year=2026, month=3, day=1 + i), participated=number <= 5 or i == 0,
            )
            for i in range(4)
        )  # fmt: skip
    session.flush()
    score_study(session, study=study)


@pytest.fixture
def opened(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone and Alice's open study."""
    fill(add_open_study)
    return application


def draw(browser: FlaskClient, form: Mapping[str, str]) -> TestResponse:
    return browser.post(DRAW, data={"csrf_token": token_in(browser.get("/password").text), **form})


def figures_of(application: Flask, topic: str) -> Mapping[str, Any]:
    with changing(application) as session:
        study = session.scalars(sa.select(Study)).one()
        return analysis_of(session, study.id, topic) or {}


def test_the_page_names_silence_and_offers_the_draw_to_who_runs_the_study(opened: Flask) -> None:
    page = sign_in(opened, LEADER).get(ADDRESS("silence")).text
    assert "Five accounts of 10 asked were never heard" in page
    assert "took part less often" in page
    assert "Draw silent people to interview" in page
    for person in (VIEWER, CSM):
        assert "Draw silent people" not in sign_in(opened, person).get(ADDRESS("silence")).text


def test_drawn_people_are_assigned_heard_and_correct_the_estimate(opened: Flask) -> None:
    leader = sign_in(opened, LEADER)
    form = leader.get(DRAW)
    assert "5 silent accounts could be interviewed" in form.text
    done = draw(leader, FORM)
    assert (done.status_code, done.location) == (303, "/studies/q1/interviews")
    page = leader.get("/studies/q1/interviews").text
    assert page.count("drawn from the silent") == 3
    with changing(opened) as session:
        study = session.scalars(sa.select(Study)).one()
        drawn = session.scalars(
            sa.select(Contact.crm_id)
            .join(Respondent, Respondent.contact_id == Contact.id)
            .join(SilentUnit, SilentUnit.respondent_id == Respondent.id)
            .where(SilentUnit.drawn_at.is_not(None))
            .order_by(SilentUnit.place)
        ).all()
        for person, recommend in zip(drawn, (1, 2, 3), strict=True):
            say(session, study, person, recommend)
        score_study(session, study=study)
    found = figures_of(opened, "silence")
    voice = found["follow_up"]["voice"]
    assert (found["follow_up"]["frame"], found["follow_up"]["drawn"], found["follow_up"]["heard"]) == (5, 3, 3)
    assert voice["share_silent"] == pytest.approx(0.5)
    expected = 0.5 * voice["mean_responding"] + 0.5 * voice["mean_silent"]
    assert voice["estimate"]["value"] == pytest.approx(expected)
    assert voice["estimate"]["se"] > 0
    assert voice["estimate"]["value"] < found["adjusted"]["voice"]["unadjusted"]["value"]
    assert found["follow_up"]["nps"]["estimate"]["value"] == pytest.approx(0)
    page = leader.get(ADDRESS("silence")).text
    assert "Interviews with three accounts of the silent put it at" in page
    assert "Silent ones heard too" in page
    assert "Three accounts of 5 silent were drawn by chance (seed 7" in page
    assert "2 silent accounts are left to draw" in leader.get(DRAW).text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"number": "0", "seed": "7"}, "a number from 1 to 500"),
        ({"number": "three", "seed": "7"}, "a number from 1 to 500"),
        ({"number": "", "seed": "7"}, "a number from 1 to 500"),
        ({"number": "3", "seed": "<script>"}, "whole number of at most nine digits"),
        ({"number": "٣", "seed": "7"}, "a number from 1 to 500"),
        ({"number": "9" * 5000, "seed": "7"}, "a number from 1 to 500"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_kept(opened: Flask, form: dict[str, str], said: str) -> None:
    answer = draw(sign_in(opened, LEADER), form)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>" not in re.sub(r"<script nonce.*?</script>|<script src[^>]*></script>", "", answer.text)
    with changing(opened) as session:
        assert session.scalars(sa.select(SilentUnit)).all() == []


@pytest.mark.parametrize(("person", "status"), [(ADMIN, 303), (VIEWER, 403), (CSM, 403), (STRANGER, 404)])
def test_only_who_runs_the_study_draws(opened: Flask, person: str, status: int) -> None:
    assert draw(sign_in(opened, person), FORM).status_code == status


def test_after_the_fieldwork_nobody_is_drawn(opened: Flask) -> None:
    with changing(opened) as session:
        session.scalars(sa.select(Study)).one().closes_on = DAY
    leader = sign_in(opened, LEADER)
    assert "Nobody is drawn any more" in leader.get(DRAW).text
    assert draw(leader, FORM).status_code == 400


def test_bubbles_lead_to_their_accounts(opened: Flask) -> None:
    page = sign_in(opened, LEADER).get(ADDRESS("footprint")).text
    assert "take part in less than half of what is asked" in page
    assert re.search(r'<svg [^>]*role="group"', page)
    assert 'href="/accounts/A7" tabindex="-1" aria-label="Account 7, silent"' in page
    assert "mark.invalid" not in page
    assert "<title>&lt;script&gt;" in page


def test_a_csms_bubbles_are_the_assigned_accounts(opened: Flask) -> None:
    page = sign_in(opened, CSM).get(ADDRESS("footprint")).text
    assert set(re.findall(r'href="/accounts/(A\d+)" tabindex', page)) == {"A2", "A7"}


def many(n: int, **changes: Any) -> tuple[dict[str, Any], Setting]:
    accounts = [
        {"id": i, "arr": float(i), "tier": None, "known": {"champion": 1}, "engagement": float(i % 101), "requests": 3,
         "sentiment": ("promoter", "passive", "detractor", "silent")[i % 4]} | changes
        for i in range(n)
    ]  # fmt: skip
    seen = {
        i: Seen(i, f"A/{i}", f"Account {i}", float(i), None, None, None, None, "none", "insufficient") for i in range(n)
    }
    return {"accounts": accounts}, Setting("q1", "First", DAY, "EUR", is_restricted=False, accounts=seen)


def test_of_many_accounts_the_largest_are_drawn_and_the_rest_counted() -> None:
    page = footprint.page(*many(20_000))
    chart = page.charts["bubbles"]
    assert len(chart.rows) == len(chart.links) == MOST_BUBBLES
    assert chart.links["19999"] == ("/accounts/A%2F19999", "Account 19999, silent")
    assert "19,700 are not" in chart.source


def test_a_footprint_counts_no_more_than_are_wanted() -> None:
    figures, setting = many(1, known={"Power Users": 9, "champion": 1})
    # The other accounts' template wants one decision maker, one champion, one admin and two power users.
    assert footprint.known_share(figures["accounts"][0], setting) == pytest.approx(3 / 5)


@pytest.mark.parametrize(
    ("n", "changes", "title"),
    [
        pytest.param(0, {}, "Nothing was asked", id="no accounts"),
        pytest.param(3, {"engagement": None}, "Nothing was asked", id="nothing asked"),
        pytest.param(3, {"arr": None}, "Three accounts of 3 take part", id="no ARR"),
        pytest.param(1, {"engagement": 100.0, "sentiment": "unsaid"}, "All one account", id="one account"),
        pytest.param(2, {"sentiment": "not_asked"}, "Two accounts of 2", id="only conversations"),
    ],
)
def test_poor_figures_still_make_a_page(n: int, changes: dict[str, Any], title: str) -> None:
    page = footprint.page(*many(n, **changes))
    assert page.title.startswith(title)
    assert "nan" not in repr(page).lower()


@pytest.mark.parametrize("heard", [0, 1, 10])
def test_silence_has_a_page_however_many_were_heard(session: Session, heard: int) -> None:
    study = drawn_study(session)
    for i in range(1, heard + 1):
        say(session, study, f"A{i}-champion", 7)
    score_study(session, study=study)
    figures = analysis_of(session, study.id, "silence")
    assert figures is not None
    page = silence.page(figures, Setting("q1", "First", DAY, "EUR", is_restricted=False))
    assert (
        page.title
        == {
            0: "Nobody was asked yet, so nobody is silent",
            1: "Nine accounts of 10 asked were never heard",
            10: "Nobody is silent: 10 accounts were asked and heard",
        }[heard]
    )
    assert "nan" not in repr(page).lower()
