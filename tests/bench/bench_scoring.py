"""Scoring and gaps of 20,000 accounts × 3 respondents, against a hand-written SQL aggregate of the same answers."""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, insert, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account, Contact
from app.health.models import Telemetry
from app.health.services import load_scorecard
from app.questionnaires.models import Question
from app.questionnaires.services import publish_built_ins
from app.responses.models import Answer, Response
from app.scoring.services import score_study
from app.studies.models import Respondent, Study
from app.studies.services import create_study, draw_study
from tests.conftest import settings_for

ACCOUNTS, PEOPLE = 20_000, 3
ROLES = ["decision_maker", "champion", "power_user"]
SCALES = {
    "recommend": (0, 10),
    "satisfaction": (1, 5),
    "effort": (1, 7),
    "value_promised": (1, 5),
    "value_delivered": (1, 5),
    "renewal_intent": (1, 5),
    "contact_again": (0, 1),
}
SCORECARD = {
    "key": "default",
    "measures": [{"key": "usage", "metric": "usage", "points": [[0, 0], [100, 100]], "weight": 1}],
}
STUDY = {
    "key": "bench",
    "name": "Bench",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": ["segment"],
    "method": "census",
    "seed": 1,
    "roles": {"decision_maker": 0.4, "champion": 0.3, "power_user": 0.3},
    "opens_on": "2026-01-01",
    "closes_on": "2026-01-31",
}
# What an analyst would write by hand for the heart of it: each role's mean voice per account, weighted by role.
BY_HAND = """
SELECT account_id, sum(weight * voice) / sum(weight) AS voice, sum(weight) AS coverage, sum(people) AS people
FROM (
  SELECT account_id, role, avg(voice) AS voice, count(*) AS people,
         CASE role WHEN 'decision_maker' THEN 0.4 ELSE 0.3 END AS weight
  FROM (
    SELECT r.account_id, r.id, r.role, avg(
      CASE q.key WHEN 'recommend' THEN 10 * a.value_number WHEN 'effort' THEN 100 * (a.value_number - 1) / 6
      ELSE 100 * (a.value_number - 1) / 4 END) AS voice
    FROM answer a
    JOIN response s ON s.id = a.response_id JOIN respondent r ON r.id = s.respondent_id
    JOIN question q ON q.id = a.question_id
    WHERE s.study_id = :study AND a.superseded_at IS NULL
      AND q.key IN ('recommend', 'satisfaction', 'effort', 'value_delivered', 'renewal_intent')
    GROUP BY r.account_id, r.id, r.role
  ) GROUP BY account_id, role
) GROUP BY account_id
"""


def main() -> None:
    """Build the portfolio, score it, run the hand-written aggregate, print both times and their ratio."""
    with TemporaryDirectory() as folder:
        application = create_app(settings_for(Path(folder), f"sqlite:///{folder}/bench.db"))
        upgrade_schema(application)
        with application.app_context():
            study = build(db.session)
            bare = timed(lambda: db.session.execute(text(BY_HAND), {"study": study.id}).all())
            ours = timed(lambda: score_study(db.session, study=study))
            db.session.commit()
    sys.stdout.write(
        f"  {ACCOUNTS:,} accounts × {PEOPLE} respondents × {len(SCALES)} answers: ours {ours:.2f} s (health, scores, "
        f"gaps, figures, stored), aggregate alone {bare:.2f} s, ratio {ours / bare:.1f} ×\n"
    )


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds the work took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def build(session: Session) -> Study:
    """Return a drawn census study in which everybody has answered everything."""
    dice = random.Random(7)  # noqa: S311  (answers of nobody, the same on each run)
    publish_built_ins(session)
    put(session, Account, [account(i) for i in range(1, ACCOUNTS + 1)])
    put(session, Contact, [contact(i, j) for i in range(1, ACCOUNTS + 1) for j in range(PEOPLE)])
    put(session, Telemetry, [usage(i, dice) for i in range(1, ACCOUNTS + 1)])
    load_scorecard(session, document=SCORECARD)
    study = create_study(session, document=STUDY)
    draw_study(session, study=study)
    people = session.scalars(select(Respondent.id).where(Respondent.study_id == study.id).order_by(Respondent.id)).all()
    at = datetime(2026, 1, 15, tzinfo=UTC)
    put(session, Response, [response(study, person, at) for person in people])
    questions = {row.key: row.id for row in session.execute(select(Question.key, Question.id))}
    answers = [
        {"response_id": person, "question_id": questions[key], "value_number": dice.randint(*scale), "recorded_at": at}
        for person in people
        for key, scale in SCALES.items()
    ]
    put(session, Answer, answers)
    session.commit()
    return study


def put(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows in bulk."""
    table: Table = model.__table__
    session.execute(insert(table), rows)


def account(i: int) -> dict[str, Any]:
    """Return an account row."""
    segment = ("Small", "Mid-market", "Enterprise")[i % 3]
    return {
        "id": i,
        "crm_id": f"A{i}",
        "name": f"Account {i}",
        "status": "active",
        "segment": segment,
        "arr": 1000 + i % 977,
    }


def contact(i: int, j: int) -> dict[str, Any]:
    """Return a contact row of account i."""
    return {"crm_id": f"A{i}-{j}", "account_id": i, "name": f"Person {i}-{j}", "role": ROLES[j], "consent": "yes"}


def usage(i: int, dice: random.Random) -> dict[str, Any]:
    """Return a telemetry row of account i."""
    return {"account_id": i, "metric": "usage", "period_end": date(2026, 1, 31), "value": dice.uniform(0, 100)}


def response(study: Study, person: int, at: datetime) -> dict[str, Any]:
    """Return a submitted response of a respondent, with the same id."""
    return {
        "id": person,
        "study_id": study.id,
        "respondent_id": person,
        "external_id": f"R{person}",
        "version_id": study.version_id,
        "mode": "survey",
        "source": "import",
        "submitted_at": at,
        "changed_at": at,
    }


if __name__ == "__main__":
    main()
