"""A second study of the same ten accounts, four weeks after the first, with other health and other people."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.health.models import Telemetry
from app.health.services import load_scorecard
from app.scoring.services import score_study
from app.studies.models import Study
from app.studies.services import create_study, draw_study
from tests.customer360.workspace import add_workspace, the_study
from tests.factories.answers import answer
from tests.reports.studies import PLAN, ROLES, SCORECARD

DAY = date(2026, 4, 30)
SECOND: dict[str, Any] = PLAN | {
    "key": "q2",
    "name": "Second quarter",
    "opens_on": "2026-04-01",
    "closes_on": "2026-04-30",
}
CARD: dict[str, Any] = SCORECARD | {
    "measures": [
        *SCORECARD["measures"],
        {"key": "logins", "metric": "logins", "points": [[0, 0], [10, 100]], "weight": 1},
    ]
}


def add_again(session: Session) -> None:
    """Add both studies: A2 falls far, A3 rises far and is another person's, A4 stays; A10 is not heard again."""
    add_workspace(session)
    first = the_study(session)
    load_scorecard(session, document=CARD)
    for account in session.scalars(sa.select(Account).where(Account.crm_id.like("A%"))):
        session.add_all(
            Telemetry(account_id=account.id, metric=metric, period_end=DAY, value=value)
            for metric, value in (("use", 50), ("logins", 8))
        )
    newcomer = sa.select(Account.id).where(Account.crm_id == "A3").scalar_subquery()
    session.add(Contact(crm_id="A3-new", account_id=newcomer, name="Nora Newcomer", role="champion"))
    session.flush()
    study = create_study(session, document=SECOND)
    study.owner_id = first.owner_id
    draw_study(session, study=study)
    for number in range(1, 10):
        for off, role in enumerate(ROLES):
            if f"A{number}-{role}" != "A3-champion":
                say(session, study, f"A{number}-{role}", {2: 0, 3: 8, 4: 1}.get(number, 5) + off)
    say(session, study, "A3-new", 10)
    score_study(session, study=study)


def say(session: Session, study: Study, contact: str, recommend: int) -> None:
    """Store what somebody says the second time; nobody is asked what was promised."""
    half = 1 + round(recommend * 0.4)
    response = answer(
        session,
        study,
        contact,
        recommend=recommend,
        satisfaction=half,
        effort=1 + round(recommend * 0.6),
        renewal_intent=half,
    )
    response.external_id = f"R2-{contact}"
    session.flush()
