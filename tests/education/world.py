"""Two accounts that were interviewed about skills, of two CSMs, and everybody who may look at them."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.workspace import Workspace
from app.customers.models import Account
from app.questionnaires.models import Question
from app.responses.models import Answer, Remark, Response
from app.studies.models import Respondent, Study
from app.users.models import User
from tests.interviews.talks import ANNA, add_account, add_interview_study, add_interviewers, add_person
from tests.users.people import CSM, LEADER, add_people

QUOTE = "Only one of us knows how to build a report."


@dataclass
class World:
    """The ids of what was made."""

    study: int
    people: dict[str, int]
    respondents: dict[str, int]
    accounts: dict[str, int]


def add_world(session: Session) -> World:
    """Add Lumen of Carl, where Nora cannot and Omar can; and Brand of Anna, where Pia names what is missing."""
    people = add_people(session)
    add_interviewers(session, people)
    session.add(Workspace(currency="EUR"))
    study = add_interview_study(session, owner=people[LEADER], questionnaire="interview-value")
    lumen, brand = (add_account(session, study, name, email) for name, email in (("Lumen", CSM), ("Brand", ANNA)))
    lumen.arr, brand.arr = Decimal(40_000), Decimal(9_000)
    told: dict[str, tuple[Account, dict[str, Any]]] = {
        "nora": (
            lumen,
            {"skills": 2.0, "skills_missing": "Nobody builds reports alone", "quote_permission": "internal"},
        ),
        "omar": (lumen, {"skills": 4.0, "skills_missing": "None."}),
        "pia": (brand, {"skills_missing": "Analysis", "quote_permission": "none"}),
    }
    respondents = {name: add_person(session, study, name, account=account) for name, (account, _) in told.items()}
    for name, (_, said) in told.items():
        answer(session, study, respondents[name], **said)
    return World(
        study=study.id,
        people={email: user.id for email, user in people.items()},
        respondents={name: each.id for name, each in respondents.items()},
        accounts={"Lumen": lumen.id, "Brand": brand.id},
    )


def answer(session: Session, study: Study, respondent: Respondent, *, days: int = 20, **said: Any) -> Response:
    """Store a response that was submitted so many days ago: texts as words, everything else as numbers."""
    response = Response(
        study_id=study.id,
        respondent_id=respondent.id,
        external_id=f"r-{respondent.id}",
        version_id=study.version_id,
        mode="interview",
        source="interview",
        submitted_at=now() - timedelta(days=days),
    )
    session.add(response)
    session.flush()
    for key, value in said.items():
        number, words = (None, value) if isinstance(value, str) else (value, None)
        question = question_id(session, key)
        session.add(Answer(response_id=response.id, question_id=question, value_number=number, value_text=words))
    session.flush()
    return response


def remark(session: Session, respondent_id: int, **facts: Any) -> None:
    """Write down a sentence around the question about skills."""
    response = session.scalars(select(Response).where(Response.respondent_id == respondent_id)).one()
    session.add(
        Remark(response_id=response.id, question_id=question_id(session, "skills"), revision=1, quote=QUOTE, **facts)
    )
    session.flush()


def question_id(session: Session, key: str) -> int:
    """Return the id of a question."""
    return session.scalars(select(Question.id).where(Question.key == key)).one()


def user_id(session: Session, email: str) -> int:
    """Return the id of a login."""
    return session.scalars(select(User.id).where(User.email == email)).one()
