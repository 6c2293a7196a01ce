"""The topics of a scored study on a real database: doors, drivers and waves."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.responses.models import Response
from app.scoring.queries import analysis_of
from app.scoring.services import score_study
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.services import create_study, draw_study
from tests.factories.answers import answer
from tests.reports.studies import PLAN, ROLES, drawn_study, scored_study

SHORT = ("recommend", "satisfaction", "effort", "value_delivered", "renewal_intent")
LONG = ("product_quality", "company", "adoption", "education", "implementation_readiness")


def figures(session: Session, study: Study, topic: str) -> dict[str, Any]:
    """What a topic of the study came to at its last scoring."""
    session.flush()
    found = analysis_of(session, study.id, topic)
    assert found is not None
    return found


def interview_study(session: Session) -> Study:
    """A study by lot between both doors, every person answering by the one drawn, interviews longer."""
    study = drawn_study(session, mode="both", questionnaire="interview-360")
    rows = session.execute(
        select(Respondent, SampledAccount.mode)
        .join(SampledAccount, SampledAccount.account_id == Respondent.account_id)
        .where(Respondent.study_id == study.id, SampledAccount.study_id == study.id)
    ).all()
    for person, mode in rows:
        contact = session.get_one(Contact, person.contact_id).crm_id
        level = 2 + person.account_id % 3
        said: dict[str, Any] = {"recommend": 3 * level, "satisfaction": level, "effort": level, "renewal_intent": level}
        if mode == "interview":
            said |= dict.fromkeys(LONG, level) | {"support_story": "They answered late and the answer was wrong."}
        answer(session, study, contact, **said).mode = mode
    session.flush()
    score_study(session, study=study)
    return study


def second_wave(session: Session, **plan: Any) -> Study:
    """The same accounts and people asked again, a quarter later; nothing answered yet."""
    later = {"key": "q2", "name": "Second quarter", "opens_on": "2026-06-01", "closes_on": "2026-06-30"}
    study = create_study(session, document={**PLAN, **later, **plan})
    draw_study(session, study=study)
    return study


def test_arms_are_compared_as_drawn(session: Session) -> None:
    study = interview_study(session)
    found = figures(session, study, "modes")
    assert found["design"]["is_randomised"]
    assert found["design"]["arms"]["interview"]["accounts"] + found["design"]["arms"]["survey"]["accounts"] == 10
    assert {row["question"] for row in found["differences"]} >= {"voice", "recommend", "satisfaction", "effort"}
    assert all(row["verdict"] is None for row in found["differences"])
    assert found["interviewed"] == found["design"]["arms"]["interview"]["heard"]
    assert found["proposals"]["n"] < found["proposals"]["minimum"]


def test_who_answered_by_the_other_door_counts_as_drawn(session: Session) -> None:
    study = interview_study(session)
    one = session.scalars(select(Response).where(Response.study_id == study.id, Response.mode == "interview")).first()
    assert one is not None
    one.mode = "survey"
    session.flush()
    score_study(session, study=study)
    assert figures(session, study, "modes")["design"]["other_door"] == 1


def test_a_study_of_one_door_compares_nothing(session: Session) -> None:
    found = figures(session, scored_study(session), "modes")
    assert not found["design"]["is_randomised"]
    assert found["differences"] == []
    assert found["predictions"] == []
    assert found["paired"]["people"] == 0


def test_the_same_people_asked_by_the_other_door_in_another_study_are_paired(session: Session) -> None:
    scored_study(session)
    later = second_wave(session, mode="interview", questionnaire="interview-360")
    for i in range(1, 11):
        answer(session, later, f"A{i}-champion", recommend=i % 10, satisfaction=3).mode = "interview"
    session.execute(
        update(Response).where(Response.study_id == later.id).values(external_id=Response.external_id + "-2")
    )
    score_study(session, study=later)
    paired = figures(session, later, "modes")["paired"]
    assert (paired["people"], paired["accounts"], paired["studies"]) == (10, 10, 1)
    assert {row["question"] for row in paired["questions"]} >= {"voice", "recommend", "satisfaction"}
    assert next(row for row in paired["questions"] if row["question"] == "satisfaction")["n"] == 10


def test_drivers_are_derived_and_services_named(session: Session) -> None:
    study = interview_study(session)
    found = figures(session, study, "drivers")
    assert found["outcome"] == "renewal_intent"
    assert found["derived"]["renewal_intent"][0]["dimension"] == "support"
    assert [row["dimension"] for row in found["services"]] != []
    assert found["stories"]["support"] == ["effort", "support_story"]
    assert {each["value"] for each in found["stated"].values()} == {None}
    assert (len(found["stated"]), found["stated_as"], found["stated_grid"]["places"]) == (7, "ranking", [])
    assert all(abs(row["gap"]) >= 15 for row in found["accounts"])


def test_nobody_heard_has_no_drivers(session: Session) -> None:
    study = drawn_study(session)
    score_study(session, study=study)
    found = figures(session, study, "drivers")
    assert found["outcome"] is None
    assert found["grid"]["places"] == []
    assert all(row["mean"] is None for row in found["gaps"])
    assert figures(session, study, "modes")["differences"] == []
    assert figures(session, study, "trends")["against"] is None


def test_a_second_wave_is_held_against_the_first(session: Session) -> None:
    scored_study(session)
    later = second_wave(session)
    for i in range(1, 9):
        for role in ROLES[:2]:
            answer(session, later, f"A{i}-{role}", recommend=8, satisfaction=4, renewal_intent=4, effort=6)
    score_study(session, study=later)
    found = figures(session, later, "trends")
    assert [wave["key"] for wave in found["waves"]] == ["q1", "q2"]
    against = found["against"]
    assert (against["key"], against["same"], against["came"], against["went"]) == ("q1", 16, 0, 14)
    assert against["is_whole"]
    voice = found["changes"][0]
    assert voice["figure"] == "voice"
    assert voice["total"]["value"] == voice["same"]["value"] + voice["mix"]["value"]
    assert len(found["accounts"]) == 8


def test_scoring_twice_gives_the_same_figures(session: Session) -> None:
    scored_study(session)
    later = second_wave(session)
    answer(session, later, "A1-champion", recommend=8, satisfaction=4)
    topics = ("modes", "drivers", "trends")
    score_study(session, study=later)
    first = [figures(session, later, topic) for topic in topics]
    score_study(session, study=later)
    assert [figures(session, later, topic) for topic in topics] == first


def test_a_later_wave_is_no_earlier_one(session: Session) -> None:
    first = scored_study(session)
    score_study(session, study=second_wave(session))
    score_study(session, study=first)
    assert figures(session, first, "trends")["against"] is None
