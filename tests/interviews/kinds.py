"""An interview by a questionnaire with every kind of question, a branch, and a loop over two products."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Promise, Relationship
from app.questionnaires.models import Question
from app.questionnaires.services import publish_questionnaire
from app.studies.models import Respondent, Study
from tests.interviews.talks import World, add_world
from tests.surveys.kinds import every_kind, question

FIRST, SECOND = "use@P%2F1", "use@P%2F2"


def spoken(**facts: Any) -> dict[str, Any]:
    """Return the questionnaire with words that repeat what was said."""
    document = every_kind(**facts)
    said = question("why", "text", text="You said ${care|nothing}. Why?", probes=["Since when, ${contact.first_name}?"])
    return document | {"questions": [*document["questions"], said]}


def add_kinds_world(session: Session, *, document: dict[str, Any] | None = None, products: int = 2) -> World:
    """Add Alice's study by that questionnaire; Nora's account has so many products."""
    world = add_world(session)
    study = session.get_one(Study, world.study)
    study.version_id = publish_questionnaire(session, document=document or spoken()).id
    account = session.get_one(Respondent, world.respondents["nora"]).account_id
    session.add_all(
        Relationship(account_id=account, crm_id=f"P/{n}", type="product", name=f"Product {n}")
        for n in range(1, products + 1)
    )
    session.flush()
    world.questions = {row.key: row.id for row in session.execute(sa.select(Question.key, Question.id))}
    return world


def add_core_world(session: Session) -> World:
    """Add the same study, in which one question and what hangs on it are core ones."""
    document = spoken()
    core = [{**each, "core": each["key"] in {"missing", "works"}} for each in document["questions"]]
    return add_kinds_world(session, document=document | {"questions": core})


def add_value_world(session: Session) -> World:
    """Add Alice's study by the value interview; Nora's account was promised two things and has one product."""
    world = add_world(session, questionnaire="interview-value")
    account = session.get_one(Respondent, world.respondents["nora"]).account_id
    said = {"source": "sales", "aspect": "economic", "account_id": account}
    session.add_all(
        (
            Promise(crm_id="close", text="Books closed in three days", promised_on=date(2026, 3, 2), **said),
            Promise(crm_id="audit", text="One file for the auditors", promised_on=date(2026, 5, 4), **said),
            Relationship(account_id=account, crm_id="L", type="product", name="Ledger"),
        )
    )
    session.flush()
    return world
