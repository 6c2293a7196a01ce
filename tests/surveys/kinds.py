"""A questionnaire with every kind of question, and a study that asks it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Relationship
from app.questionnaires.services import publish_questionnaire
from app.studies.models import SampledAccount, Study
from tests.surveys.asked import add_survey

ALL_OUTS = ["not_applicable", "dont_know", "refused"]
LIKED = [{"key": "speed", "label": "Speed"}, {"key": "price", "label": "Price"}, {"key": "people", "label": "People"}]
TRANSLATED = {
    "de": {"question.liked.text": "Was mögen Sie?", "question.liked.options.speed": "Tempo"},
    "ar": {"question.liked.text": "ماذا يعجبكم؟"},
}
"""A few words in other languages; all others stay English."""


def question(key: str, kind: str, section: str = "first", **facts: Any) -> dict[str, Any]:
    """Return a question whose text begins with its key."""
    return {"key": key, "kind": kind, "section": section, "text": f"{key.capitalize()}?", **facts}


def every_kind(**facts: Any) -> dict[str, Any]:
    """Return the questionnaire: all kinds, a matrix, opt-outs, a branch, a constraint, a loop over products."""
    return {
        "key": "kinds",
        "name": "Every kind",
        "language": "en",
        "sections": [
            {"key": "first", "title": "First of all"},
            {"key": "second", "title": "Your products: ${relationship.name}", "per": "product"},
        ],
        "questions": [
            question("recommend", "scale_0_10", anchors={"low": "not at all likely", "high": "extremely likely"}),
            question("care", "scale_1_5", opt_outs=ALL_OUTS),
            question("works", "yes_no", required=True),
            question("missing", "text", relevant="${works} = 'no'", opt_outs=["refused"]),
            question("terms", "consent"),
            question("tier", "single_choice", options=[{"key": "a", "label": "Gold"}, {"key": "b", "label": "Silver"}]),
            question("liked", "multiple_choice", options=LIKED, opt_outs=["dont_know"]),
            question("order", "ranking", options=LIKED, opt_outs=["not_applicable"]),
            question("seats", "number", whole=True, constraint=". <= 500", constraint_message="At most 500, please."),
            question("spend", "number"),
            question("since", "date"),
            question("pause", "note", text="Nearly there: the rest is quick."),
            question("rating", "matrix", text="How good are these?"),
            question("docs", "scale_1_5", matrix="rating", anchors={"low": "poor", "high": "excellent"}),
            question("help", "scale_1_5", matrix="rating", anchors={"low": "poor", "high": "excellent"}),
            question("total", "calculated", calculation="${seats} * 2"),
            question("use", "scale_1_5", "second", text="How well does ${relationship.name} work?"),
        ],
        "translations": TRANSLATED,
        **facts,
    }


def without_loop(**facts: Any) -> dict[str, Any]:
    """Return the same questionnaire with a second section that everybody is asked once."""
    plain = every_kind(**facts)
    first, _ = plain["sections"]
    asked = [each for each in plain["questions"] if each["section"] == "first"]
    second = {"key": "second", "title": "And last"}
    return plain | {"sections": [first, second], "questions": [*asked, question("last", "text", "second")]}


def add_kinds(session: Session, *, products: int = 2, document: dict[str, Any] | None = None, **facts: Any) -> Study:
    """Add a study that asks every kind of question, of an account with so many products."""
    study = add_survey(session, **facts)
    study.version_id = publish_questionnaire(session, document=document or every_kind()).id
    session.flush()
    account = session.scalars(select(SampledAccount.account_id).where(SampledAccount.study_id == study.id)).one()
    session.add_all(
        Relationship(account_id=account, crm_id=f"P/{n}", type="product", name=f"Product {n}")
        for n in range(1, products + 1)
    )
    session.flush()
    return study
