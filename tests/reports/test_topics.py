"""The topics behind a gap report in the browser: who sees what of each, and what stands there before it exists."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.reports.rules.topics.registry import TOPICS
from app.scoring.models import Analysis
from app.scoring.services import score_study
from app.scoring.services.analyses import ANALYSES
from tests.conftest import Fill
from tests.reports.studies import add_alices_study, drawn_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in

ADDRESS = "/studies/q1/gaps/{}".format


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def test_every_topic_is_computed_with_a_scoring() -> None:
    assert TOPICS.keys() == ANALYSES.keys()


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("person", [ADMIN, LEADER, VIEWER, CSM])
def test_those_who_may_see_the_report_see_its_topics(scored: Flask, person: str, topic: str) -> None:
    page = sign_in(scored, person).get(ADDRESS(topic))
    assert page.status_code == 200
    assert f'aria-current="page">{TOPICS[topic].name}</a>' in page.text
    assert page.text.count("<h1") == 1
    assert "alert('name')</script>" not in page.text
    assert " style=" not in page.text


@pytest.mark.parametrize("topic", TOPICS)
def test_a_csm_sees_assigned_accounts_only(scored: Flask, topic: str) -> None:
    page = sign_in(scored, CSM).get(ADDRESS(topic)).text
    assert "Account 7" not in page
    assert "R-A7" not in page


@pytest.mark.parametrize("topic", TOPICS)
def test_no_contact_stands_on_a_topics_page(scored: Flask, topic: str) -> None:
    assert "Person " not in sign_in(scored, VIEWER).get(ADDRESS(topic)).text


@pytest.mark.parametrize("topic", [*TOPICS, "none"])
def test_a_strangers_topics_are_not_there(scored: Flask, topic: str) -> None:
    assert sign_in(scored, STRANGER).get(ADDRESS(topic)).status_code == 404
    assert scored.test_client().get(ADDRESS(topic)).status_code == 302


def test_an_unknown_topic_is_not_there(scored: Flask) -> None:
    assert sign_in(scored, LEADER).get(ADDRESS("none")).status_code == 404


@pytest.mark.parametrize("topic", TOPICS)
def test_before_scoring_a_topic_leads_to_the_report(application: Flask, topic: str) -> None:
    with changing(application) as session:
        drawn_study(session).owner_id = add_people(session)[LEADER].id
    assert sign_in(application, LEADER).get(ADDRESS(topic)).location == "/studies/q1/gaps"


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_that_an_older_scoring_does_not_have_says_so(scored: Flask, topic: str) -> None:
    with changing(scored) as session:
        session.execute(delete(Analysis))
    assert "was not computed yet" in sign_in(scored, LEADER).get(ADDRESS(topic)).text


@pytest.mark.parametrize("topic", TOPICS)
def test_a_study_that_nobody_has_answered_leads_to_who_can_be_invited(application: Flask, topic: str) -> None:
    with changing(application) as session:
        owner, study = add_people(session)[LEADER], drawn_study(session)
        score_study(session, study=study)
        study.owner_id = owner.id
    page = sign_in(application, LEADER).get(ADDRESS(topic)).text
    assert "Nobody has answered this study yet" in page
    assert 'href="/studies/q1">To the study, to invite or to interview' in page
    assert "NaN" not in page


def test_a_study_with_answers_does_not(scored: Flask) -> None:
    assert "Nobody has answered this study yet" not in sign_in(scored, LEADER).get(ADDRESS("silence")).text


def test_agreement_shows_places_and_margins(scored: Flask) -> None:
    page = sign_in(scored, LEADER).get(ADDRESS("agreement")).text
    assert "into different colours" in page
    assert "Stuart–Maxwell" in page
    assert "Account 7" in page


def test_bands_that_are_cut_alike_are_shown_once(scored: Flask) -> None:
    with changing(scored) as session:
        row = session.scalars(select(Analysis).where(Analysis.topic == "agreement")).one()
        alike = {**row.figures, "same_cuts": row.figures["printed"]}
        apart = {**row.figures, "same_cuts": {**row.figures["printed"], "agree": -1}}
        row.figures = apart
    assert "An extra: both cut at 50 and 75" in sign_in(scored, LEADER).get(ADDRESS("agreement")).text
    with changing(scored) as session:
        session.scalars(select(Analysis).where(Analysis.topic == "agreement")).one().figures = alike
    assert "An extra: both cut at 50 and 75" not in sign_in(scored, LEADER).get(ADDRESS("agreement")).text
