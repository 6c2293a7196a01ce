"""A study on a real database: ten accounts, three people each, some answers, scored by the product itself."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Account, Contact
from app.health.models import Telemetry
from app.health.services import load_scorecard
from app.questionnaires.services import publish_built_ins
from app.responses.models import Answer
from app.scoring.services import score_study
from app.studies.models import Study
from app.studies.services import create_study, draw_study
from tests.factories.answers import answer, question_ids
from tests.users.people import CSM, LEADER, add_people

DAY = date(2026, 3, 31)
ROLES = ("decision_maker", "champion", "power_user")
HEALTH = (95, 90, 85, 80, 70, 60, 55, 40, 20, None)
VOICE = (1, 9, 8, 2, 7, 6, 9, 10, 3, 5)
HOSTILE_NAME = "<script>alert('name')</script> & Co"
HOSTILE_WORDS = (
    '<img src=x onerror="alert(1)"> They promised two days a month & it costs us Fridays. </q><style>*{}</style>'
)
SCORECARD: dict[str, Any] = {
    "key": "default",
    "measures": [{"key": "use", "metric": "use", "points": [[0, 0], [100, 100]], "weight": 1}],
}
PLAN: dict[str, Any] = {
    "key": "q1",
    "name": "First quarter",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": ["segment"],
    "method": "census",
    "seed": 1,
    "roles": {"decision_maker": 0.5, "champion": 0.3, "power_user": 0.2},
    "opens_on": "2026-03-01",
    "closes_on": "2026-03-31",
}


def drawn_study(session: Session, **plan: Any) -> Study:
    """A study of ten accounts that nobody has answered."""
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    session.merge(Workspace(id=1, currency="EUR", is_sample=True))
    for i, health in enumerate(HEALTH, start=1):
        account = Account(
            crm_id=f"A{i}",
            name=HOSTILE_NAME if i == 1 else f"Account {i}",
            segment="Large" if i <= 4 else "Small",
            arr=10_000 * i,
            currency="EUR",
            renewal_date=date(2026, 7, i),
            csm_email=f"csm{i % 2}@example.test",
        )
        session.add(account)
        session.flush()
        for role in ROLES:
            session.add(Contact(crm_id=f"A{i}-{role}", account_id=account.id, name=f"Person {i} {role}", role=role))
        if health is not None:
            session.add(Telemetry(account_id=account.id, metric="use", period_end=DAY, value=health))
    session.flush()
    study = create_study(session, document={**PLAN, **plan})
    draw_study(session, study=study)
    return study


def scored_study(session: Session, *, people: int = 3, accounts: int = 10, **plan: Any) -> Study:
    """The same with answers of some people at some accounts, scored."""
    study = drawn_study(session, **plan)
    for i in range(1, accounts + 1):
        for role in ROLES[:people]:
            say(session, study, f"A{i}-{role}", VOICE[i - 1])
    score_study(session, study=study)
    return study


def add_scored(session: Session, **facts: Any) -> int:
    """Add a scored study and return its id."""
    return scored_study(session, **facts).id


def say(session: Session, study: Study, contact: str, recommend: int) -> None:
    """Store a person's submitted answers: a number for every scale, words beside them, and one that was superseded."""
    half = 1 + round(recommend * 0.4)
    response = answer(
        session,
        study,
        contact,
        recommend=recommend,
        satisfaction=half,
        effort=1 + round(recommend * 0.6),
        value_promised=5,
        value_delivered=half,
        renewal_intent=half,
        reason=HOSTILE_WORDS if recommend < 4 else f"Words of {contact}, long enough to tell something.",
    )
    taken_back = Answer(
        response_id=response.id,
        question_id=question_ids(session)["reason"],
        value_text="What was taken back must never be quoted.",
        superseded_at=datetime(2026, 3, 16, tzinfo=UTC),
    )
    session.add(taken_back)
    session.flush()


def add_alices_study(session: Session) -> None:
    """Everyone, and Alice's study, scored; two of its accounts are Carl's."""
    owner = add_people(session)[LEADER]
    study = scored_study(session)
    study.owner_id = owner.id
    for account in session.scalars(select(Account).where(Account.crm_id.in_(["A2", "A4"]))):
        account.csm_email = CSM.upper()
