"""The voice of a relationship stands on its page: what people said of each product in a looped questionnaire."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Relationship
from app.health.services import compute_health, load_scorecard
from app.interviews.rules.slots import slot_named
from app.interviews.services import save_answer, submit_interview
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.rules import ItemContent
from app.scoring.models import Scoring
from app.studies.models import Study
from tests.conftest import Fill
from tests.interviews.kinds import FIRST, SECOND, add_kinds_world, spoken
from tests.interviews.talks import ANNA, World
from tests.interviews.test_services import line, talk
from tests.reports.studies import SCORECARD
from tests.users.people import LEADER, VIEWER, changing, sign_in


def add_rated_world(session: Session) -> World:
    """Add Alice's study, in which how well a product works is a topic."""
    document = spoken()
    rated = [
        each | ({"dimension": "product_quality"} if each["key"] == "use" else {}) for each in document["questions"]
    ]
    return add_kinds_world(session, document=document | {"questions": rated})


def test_what_was_said_of_each_product_stands_on_its_page(application: Flask, fill: Fill) -> None:
    world: World = fill(add_rated_world)
    with changing(application) as session:
        for name, value in {FIRST: 4.0, SECOND: 1.0}.items():
            slot = slot_named(name)
            here, content = line(session, world, slot.key), ItemContent(ParsedAnswer(value, None))
            save_answer(
                session, line=here, item=slot.item, revision=0, content=content, at=now(), by=world.people[ANNA]
            )
        submit_interview(session, talk=talk(session, world), at=now(), by=world.people[ANNA])
        health = compute_health(session, version=load_scorecard(session, document=SCORECARD), as_of=today())
        study = session.scalars(sa.select(Study.id).where(Study.key == "talks")).one()
        session.add(Scoring(study_id=study, health_computation_id=health.id, figures={}))
        first, second = (slot_named(name).item for name in (FIRST, SECOND))
        names = {each.crm_id: each.name for each in session.scalars(sa.select(Relationship))}
    browser = sign_in(application, LEADER)
    page = browser.get(f"/accounts/Haskelby/relationships/{first}").text
    for words in (f"{names[first]} has voice 75", "One person gave it voice 75", "no interval: one person in", "talks"):
        assert words in page
    assert f"{names[second]} has voice 0" in browser.get(f"/accounts/Haskelby/relationships/{second}").text
    section = browser.get("/accounts/Haskelby/section-relationships").text
    assert "the worst of 2" in section
    assert "none of 2 has a score" in section
    assert "gave it voice 75" in sign_in(application, VIEWER).get(f"/accounts/Haskelby/relationships/{first}").text
