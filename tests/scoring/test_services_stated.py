"""What people say matters, on a real database: by points, by ratings and by an order, with its grid."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.questionnaires.services import publish_questionnaire
from app.responses.models import Answer, Response
from app.scoring.queries import analysis_of
from app.scoring.services import score_study
from app.studies.models import Study
from tests.factories.answers import answer, question_ids
from tests.reports.studies import drawn_study, scored_study

TOPICS = ("support", "company", "education", "adoption")
ORDER = "company support adoption education"


def pulse(*asked: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire that rates four topics, and asks this of what matters."""
    rated = [{"key": topic, "kind": "scale_1_5", "dimension": topic} for topic in TOPICS]
    intent = {"key": "renewal_intent", "kind": "scale_1_5", "dimension": "renewal_intent"}
    questions = [{"text": "Well?", "section": "main", **each} for each in [intent, *rated, *asked]]
    sections = [{"key": "main", "title": "Main"}]
    return {"key": "pulse", "name": "Pulse", "language": "en", "sections": sections, "questions": questions}


def points(kind: str, **more: Any) -> list[dict[str, Any]]:
    """A question of importance per topic."""
    return [{"key": f"how_{topic}", "kind": kind, "importance": topic, **more} for topic in TOPICS]


def stated(session: Session, document: dict[str, Any], said: dict[str, Any], accounts: int = 10) -> dict[str, Any]:
    """The drivers of a study in which one person per account says the same."""
    publish_questionnaire(session, document=document)
    study = drawn_study(session, questionnaire="pulse")
    for i in range(1, accounts + 1):
        rated = {topic: 1 + (i + place) % 5 for place, topic in enumerate(TOPICS)}
        answer(session, study, f"A{i}-champion", renewal_intent=1 + i % 5, **rated, **said)
    return drivers(session, study)


def drivers(session: Session, study: Study) -> dict[str, Any]:
    """What the topic comes to when the study is scored now."""
    score_study(session, study=study)
    session.flush()
    found = analysis_of(session, study.id, "drivers")
    assert found is not None
    return found


OPTIONS = [{"key": topic, "label": topic.title()} for topic in TOPICS]
RANKING = {"key": "order", "kind": "ranking", "importance": "ranked", "options": OPTIONS}


@pytest.mark.parametrize(
    ("asked", "said", "way", "shares"),
    [
        pytest.param(
            points("number"),
            {"how_support": 30, "how_company": 20, "how_education": 0, "how_adoption": -50},
            "points",
            {"support": 60, "company": 40, "education": 0, "adoption": None},
            id="points",
        ),
        pytest.param(
            points("scale_1_5"),
            {"how_support": 5, "how_company": 3, "how_education": 3, "how_adoption": 1},
            "ratings",
            {"support": 50, "company": 25, "education": 25, "adoption": 0},
            id="ratings count from the low end",
        ),
        pytest.param(
            [RANKING],
            {"order": ORDER},
            "ranking",
            {"company": 52.083, "support": 27.083, "adoption": 14.583, "education": 6.25},
            id="an order",
        ),
        pytest.param(
            [{"key": f"importance_{topic}", "kind": "number"} for topic in TOPICS],
            dict.fromkeys((f"importance_{topic}" for topic in TOPICS), 25),
            "points",
            dict.fromkeys(TOPICS, 25),
            id="points by their keys",
        ),
        pytest.param([], {}, None, {}, id="not asked"),
    ],
)
def test_each_way_to_ask_gives_shares_of_a_hundred(
    session: Session, asked: list[dict[str, Any]], said: dict[str, Any], way: str | None, shares: dict[str, Any]
) -> None:
    found = stated(session, pulse(*asked), said)
    assert found["stated_as"] == way
    values = {topic: each["value"] for topic, each in found["stated"].items()}
    assert values == {
        topic: share if share is None else pytest.approx(share, abs=0.01) for topic, share in shares.items()
    }
    placed = {place["dimension"] for place in found["stated_grid"]["places"]}
    assert placed == {topic for topic, share in shares.items() if share is not None}
    if way:
        assert [place["dimension"] for place in found["grid"]["places"]] != []


def test_questions_of_importance_are_no_part_of_any_score(session: Session) -> None:
    found = stated(session, pulse(*points("scale_1_5")), {"how_support": 1, "how_company": 5})
    plain = stated_without(session)
    assert found["performance"] == plain["performance"]


def stated_without(session: Session) -> dict[str, Any]:
    """The drivers of the same study after every answer of importance was taken back."""
    ids = question_ids(session)
    asked = [ids[f"how_{topic}"] for topic in TOPICS]
    session.execute(update(Answer).where(Answer.question_id.in_(asked)).values(is_counted=False))
    found = drivers(session, session.scalars(select(Study)).one())
    assert {each["value"] for each in found["stated"].values()} == {None}
    return found


def test_few_accounts_have_shares_and_no_grid(session: Session) -> None:
    found = stated(session, pulse(RANKING), {"order": ORDER}, accounts=9)
    assert found["stated"]["company"]["n"] == 9
    assert found["stated_grid"]["places"] == []


def test_an_order_that_was_given_anew_or_not_sent_does_not_count(session: Session) -> None:
    stated(session, pulse(RANKING), {"order": ORDER})
    study = session.scalars(select(Study)).one()
    order = question_ids(session)["order"]
    responses = session.scalars(select(Response).order_by(Response.id)).all()
    first = session.scalars(
        select(Answer).where(Answer.response_id == responses[0].id, Answer.question_id == order)
    ).one()
    first.superseded_at = responses[0].submitted_at
    session.flush()
    anew = "education support adoption company"
    session.add(Answer(response_id=responses[0].id, question_id=order, value_text=anew))
    responses[1].submitted_at = None
    session.flush()
    found = drivers(session, study)["stated"]
    assert found["company"]["n"] == 9
    assert found["company"]["value"] < 52
    assert drivers(session, study)["stated"] == found


def test_the_long_interview_of_older_versions_states_nothing(session: Session) -> None:
    found = drivers(session, scored_study(session))
    assert (found["stated"], found["stated_as"]) == ({}, None)
