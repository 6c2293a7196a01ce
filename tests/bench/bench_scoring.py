"""Scoring and gaps against what an analyst would write by hand in SQL for the same answers, in the same run.

`ACCOUNTS` (20,000), `PEOPLE` at each (3) and `DATABASE` (an own SQLite file) choose the size and the place: 50 people
make the million responses of eight answers.
"""

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, delete, insert, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account
from app.health.models import HealthComputation, Telemetry
from app.health.services import load_scorecard
from app.questionnaires.models import Question
from app.questionnaires.services import publish_built_ins
from app.responses.models import Response, ResponseChange
from app.responses.services import note_change
from app.scoring.services import score_study
from app.scoring.services.loading import load_statistics
from app.scoring.tasks import score_accounts_first
from app.studies.models import Study
from app.studies.services import create_study, draw_study
from tests.conftest import settings_for

ACCOUNTS, PEOPLE = int(os.environ.get("ACCOUNTS", "20000")), int(os.environ.get("PEOPLE", "3"))
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
CONTACTS = """
INSERT INTO contact (crm_id, account_id, name, role, is_primary, consent, custom, created_at)
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < :people)
SELECT a.crm_id || '-' || k.i, a.id, 'Person ' || a.id || '-' || k.i,
  CASE k.i % 3 WHEN 0 THEN 'power_user' WHEN 1 THEN 'decision_maker' ELSE 'champion' END,
  :is_primary, 'yes', '{}', :at FROM account a, k
"""
RESPONSES = """
INSERT INTO response
  (study_id, respondent_id, external_id, version_id, mode, source, submitted_at, created_at, changed_at)
SELECT r.study_id, r.id, 'R' || r.id, :version, 'survey', 'survey', :at, :at, :at FROM respondent r
WHERE r.id % 40 = :turn
"""
# Half of an answer is the account's, half the person's; spread by numbers that have nothing to do with each other.
NUMBERS = """
INSERT INTO answer (response_id, question_id, item, mode, value_number, is_counted, recorded_at)
SELECT p.id, q.id, '', 'survey', q.low + CAST(floor(q.span * (
    (r.account_id * 7919 % 1000) / 1000.0
    + ((p.id * 613 + (p.id / 7) * q.id * 37 + (p.id % 97) * q.id * q.id + q.id * 3571) % 1009) / 1009.0
  ) / 2 + 0.5) AS integer), :is_counted, :at
FROM response p JOIN respondent r ON r.id = p.respondent_id, ({questions}) q ORDER BY p.id, q.id
"""
WORDS = """
INSERT INTO answer (response_id, question_id, item, mode, value_text, is_counted, recorded_at)
SELECT p.id, :reason, '', 'survey', 'Their support team answered within ' || (p.id % 53) || ' hours and the export of '
  || (p.id * 7 % 100003) || ' reports still fails every ' || (p.id % 31) || ' days.', :is_counted, :at
FROM response p ORDER BY p.id
"""
# The heart of it: each role's mean voice per account, weighted by role.
HEART = """
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
  ) AS person GROUP BY account_id, role
) AS of_role GROUP BY account_id
"""
# And what a scoring keeps: people, accounts with dimensions, health and gap, and the portfolio's figures by stratum.
BY_HAND = (
    """
CREATE TEMPORARY TABLE hand_person AS
SELECT r.id AS respondent_id, r.account_id, r.role,
  avg(CASE q.key WHEN 'recommend' THEN 10 * a.value_number END) AS loyalty,
  avg(CASE q.key WHEN 'satisfaction' THEN 25 * (a.value_number - 1) END) AS satisfaction,
  avg(CASE q.key WHEN 'effort' THEN 100 * (a.value_number - 1) / 6 END) AS effort,
  avg(CASE q.key WHEN 'value_delivered' THEN 25 * (a.value_number - 1) END) AS delivered,
  avg(CASE q.key WHEN 'value_promised' THEN 25 * (a.value_number - 1) END) AS promised,
  avg(CASE q.key WHEN 'renewal_intent' THEN 25 * (a.value_number - 1) END) AS renewal,
  avg(CASE q.key WHEN 'recommend' THEN CASE WHEN a.value_number >= 9 THEN 1 WHEN a.value_number >= 7 THEN 0 ELSE -1 END
    END) AS code,
  count(*) / 8.0 AS core_share, avg(w.compound) AS compound
FROM response s JOIN respondent r ON r.id = s.respondent_id
JOIN answer a ON a.response_id = s.id JOIN question q ON q.id = a.question_id
LEFT JOIN verbatim_sentiment w ON w.answer_id = a.id
WHERE s.study_id = :study AND s.submitted_at IS NOT NULL AND a.superseded_at IS NULL AND a.absence IS NULL
GROUP BY r.id, r.account_id, r.role
""",
    """
CREATE TEMPORARY TABLE hand_account AS
SELECT v.*, z.stratum, h.score AS health, h.band, v.voice - h.score AS gap
FROM (
  SELECT account_id, sum(people) AS people, sum(weight) AS coverage, sum(weight * voice) / sum(weight) AS voice,
    sum(weight * loyalty) / sum(weight) AS loyalty, sum(weight * satisfaction) / sum(weight) AS satisfaction,
    sum(weight * effort) / sum(weight) AS effort, sum(weight * delivered) / sum(weight) AS delivered,
    sum(weight * promised) / sum(weight) AS promised, sum(weight * renewal) / sum(weight) AS renewal,
    avg(code) AS code, avg(compound) AS compound, max(voice) - min(voice) AS role_range
  FROM (
    SELECT account_id, role, count(*) AS people, CASE role WHEN 'decision_maker' THEN 0.4 ELSE 0.3 END AS weight,
      avg((loyalty + satisfaction + effort + delivered + renewal) / 5) AS voice, avg(loyalty) AS loyalty,
      avg(satisfaction) AS satisfaction, avg(effort) AS effort, avg(delivered) AS delivered, avg(promised) AS promised,
      avg(renewal) AS renewal, avg(code) AS code, avg(compound) AS compound
    FROM hand_person GROUP BY account_id, role
  ) AS of_role GROUP BY account_id
) AS v
JOIN sampled_account z ON z.account_id = v.account_id AND z.study_id = :study
LEFT JOIN health_score h ON h.account_id = v.account_id AND h.computation_id = :health
""",
    """
SELECT stratum, band, CASE WHEN voice >= 75 THEN 'green' WHEN voice >= 50 THEN 'amber' ELSE 'red' END AS voice_band,
  count(*), avg(voice), avg(voice * voice), avg(gap), avg(gap * gap), avg(code), avg(promised - delivered),
  avg(compound), avg(renewal), sum(people)
FROM hand_account GROUP BY 1, 2, 3
""",
)


def main() -> None:
    """Build the portfolio, score it, run what is written by hand, score single accounts, and print all of it."""
    with TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE", f"sqlite:///{folder}/bench.db")
        application = create_app(settings_for(Path(folder), url))
        upgrade_schema(application)
        load_statistics()
        with application.app_context(), memory_watched() as most:
            study = build(db.session)
            reading = timed(lambda: score_study(db.session, study=study))
            db.session.commit()
            health = db.session.scalars(select(HealthComputation.id)).one()
            heart = timed(lambda: db.session.execute(text(HEART), {"study": study.id}).all())
            by_hand = timed(lambda: written_by_hand(db.session, study.id, health))
            db.session.rollback()
            again = timed(lambda: score_study(db.session, study=study))
            db.session.commit()
            single = rescored(db.session, study)
    n = ACCOUNTS * PEOPLE
    sys.stdout.write(
        f"  {ACCOUNTS:,} accounts × {PEOPLE} people, {n:,} responses × 8 answers, {url.split(':')[0]}:\n"
        f"  with the words read for the first time {reading}\n"
        f"  scored {again}; by hand, the same tables {by_hand}, ratio {again.wall / by_hand.wall:.2f} "
        f"(CPU of this process {again.cpu / max(by_hand.cpu, 0.01):.2f}); the heart of it alone {heart}, "
        f"ratio {again.wall / heart.wall:.2f}\n"
        f"  most memory of this process {most[0]:.0f} MB, pages of the database's file apart\n"
        f"  one account scored anew, 100 times: {single[50]:.1f} ms of CPU at the median, {single[95]:.1f} at p95\n"
    )


@contextmanager
def memory_watched() -> Iterator[list[float]]:
    """Yield the most megabytes that this process had of its own, told twenty times a second."""
    most, is_over = [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.05):
            own = next(
                line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon")
            )
            most[0] = max(most[0], int(own.split()[1]) / 1024)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        is_over.set()
        thread.join()


class Taken:
    """How long something took: seconds by the clock, and of this process's CPU."""

    def __init__(self, wall: float, cpu: float) -> None:
        """Keep both."""
        self.wall, self.cpu = wall, cpu

    def __str__(self) -> str:
        """Return both in words."""
        return f"{self.wall:.1f} s ({self.cpu:.1f} s of CPU)"


def timed(work: Callable[[], Any]) -> Taken:
    """Return how long the work took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def written_by_hand(session: Session, study: int, health: int) -> None:
    """Run what an analyst would write for the tables of a scoring and its portfolio's figures."""
    people, accounts, portfolio = map(text, BY_HAND)
    session.execute(people, {"study": study})
    session.execute(accounts, {"study": study, "health": health})
    session.execute(portfolio).all()


def rescored(session: Session, study: Study) -> list[float]:
    """Return the milliseconds of CPU of scoring one account anew, over a hundred accounts, sorted."""
    taken, key, number = [], study.key, study.id
    responses = session.scalars(select(Response.id).order_by(Response.respondent_id).limit(120 * PEOPLE)).all()
    for response in responses[::PEOPLE]:
        session.execute(delete(ResponseChange))
        note_change(session, number, datetime.now(UTC), response_id=response)
        session.commit()
        start = time.process_time()
        if score_accounts_first(key) != 1:
            raise RuntimeError("The account was not scored.")
        taken.append(1000 * (time.process_time() - start))
    return sorted(taken[20:])


def build(session: Session) -> Study:
    """Return a drawn census study in which everybody has answered everything."""
    dice = random.Random(7)  # noqa: S311  (health of nobody, the same on each run)
    publish_built_ins(session)
    put(session, Account, [account(i) for i in range(1, ACCOUNTS + 1)])
    put(session, Telemetry, [usage(i, dice) for i in range(1, ACCOUNTS + 1)])
    at = instant(session, 0)
    session.execute(text(CONTACTS), {"people": PEOPLE, "is_primary": False, "at": at})
    load_scorecard(session, document=SCORECARD)
    study = create_study(session, document=STUDY)
    draw_study(session, study=study)
    for turn in range(40):
        sent = {"version": study.version_id, "at": instant(session, turn), "turn": turn}
        session.execute(text(RESPONSES), sent)
    questions = {row.key: row.id for row in session.execute(select(Question.key, Question.id))}
    places = " UNION ALL ".join(
        f"SELECT {questions[key]} AS id, {low} AS low, {high - low} AS span" for key, (low, high) in SCALES.items()
    )
    session.execute(text(NUMBERS.format(questions=places)), {"is_counted": True, "at": at})
    session.execute(text(WORDS), {"reason": questions["reason"], "is_counted": True, "at": at})
    session.commit()
    if session.get_bind().dialect.name != "sqlite":
        # PostgreSQL would look at its new tables by itself some minutes later.
        session.execute(text("ANALYZE"))
        session.commit()
    return session.scalars(select(Study)).one()


def instant(session: Session, turn: int) -> Any:
    """Return an instant as the database's driver takes it: twice a day for twenty days."""
    at = datetime(2026, 1, 5 + turn // 2, 8 + turn % 2 * 6, tzinfo=UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S.000000") if session.get_bind().dialect.name == "sqlite" else at


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


def usage(i: int, dice: random.Random) -> dict[str, Any]:
    """Return a telemetry row of account i."""
    return {"account_id": i, "metric": "usage", "period_end": date(2026, 1, 31), "value": dice.uniform(0, 100)}


if __name__ == "__main__":
    main()
