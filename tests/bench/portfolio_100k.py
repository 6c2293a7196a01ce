"""A workspace of 100,000 accounts with contacts, health and a scored study, written straight into the tables."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from app.core.workspace import Workspace
from app.customers.models import Account, Contact, Opportunity, Promise, Relationship
from app.customers.services import note_searched
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, SupportCase, Telemetry
from app.questionnaires.queries import newest_version
from app.questionnaires.services import publish_built_ins
from app.scoring.models import AccountScore, Scoring
from app.studies.models import SampledAccount, Study

ACCOUNTS, CONTACTS = 100_000, 2
STUDIES = {"census": ACCOUNTS}
"""Studies, the older first, and how many accounts each drew: all of them, which is more than any study will."""
SEGMENTS = ("Enterprise", "Mid-market", "Small", "Public sector", "Start-up")
OWNERS = [f"owner{i}@bench.test" for i in range(40)]
SYLLABLES = (
    "bar",
    "wick",
    "hol",
    "men",
    "tor",
    "vane",
    "øst",
    "quill",
    "mere",
    "ros",
    "vik",
    "ard",
    "en",
    "sal",
    "dun",
)
FAMILY = ("Ashdown", "Oskjold", "Quist", "Varga", "Haddad", "Renforth", "Tallgren", "Ruwani", "Øverby", "Temmink")
DAY = date(2026, 11, 1)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def build(session: Session, *, accounts: int = ACCOUNTS) -> None:
    """Fill a migrated, empty workspace; the same rows on each run."""
    dice = random.Random(11)  # noqa: S311  (customers of nobody)
    publish_built_ins(session)
    session.merge(Workspace(id=1, currency="EUR"))
    card = ScorecardVersion(
        key="default", version=1, name="Default", definition=SCORECARD, content_sha256="0", is_circular=False
    )
    session.add(card)
    session.flush()
    computation = HealthComputation(scorecard_version_id=card.id, as_of=DAY, content_sha256="0")
    session.add(computation)
    session.flush()
    put(session, Account, (account(i, dice) for i in range(1, accounts + 1)))
    put(session, Contact, (contact(i, j, dice) for i in range(1, accounts + 1) for j in range(CONTACTS)))
    note_searched(session)
    put(session, HealthScore, (health(computation.id, i, dice) for i in range(1, accounts + 1)))
    for (key, drawn), months in zip(STUDIES.items(), count(1), strict=False):
        drawn_here = min(drawn, accounts)
        add_scored_study(session, dice, key=key, drawn=drawn_here, computation=computation, months=months)


SCORECARD: dict[str, Any] = {
    "key": "default",
    "name": "Default",
    "measures": [
        {"key": key, "name": key, "metric": key, "group": "adoption", "weight": 1, "points": [[0, 0], [100, 100]]}
        for key in ("usage", "breadth", "momentum", "backlog", "resolution", "payment")
    ],
    "bands": {"amber_from": 50, "green_from": 75},
}


def add_scored_study(
    session: Session, dice: random.Random, *, key: str, drawn: int, computation: HealthComputation, months: int
) -> None:
    """Add a study that drew the first so many accounts and heard three in ten of them."""
    study = Study(
        key=key,
        name=f"Study {key}",
        version_id=newest_version(session, "relationship").id,
        scorecard_key="default",
        plan={"mode": "survey", "roles": {"champion": 1.0}},
        opens_on=DAY + timedelta(days=30 * months),
        closes_on=DAY + timedelta(days=30 * months + 20),
        health_as_of=DAY,
        drawn_at=NOON,
    )
    session.add(study)
    session.flush()
    scoring = Scoring(study_id=study.id, health_computation_id=computation.id, figures={})
    session.add(scoring)
    session.flush()
    put(session, SampledAccount, (sampled(study.id, i) for i in range(1, drawn + 1)))
    put(session, AccountScore, (score(scoring.id, i, dice) for i in range(1, drawn + 1)))


def put(session: Session, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows in bulk."""
    table: Table = model.__table__
    while some := list(islice(rows, 20_000)):
        session.execute(insert(table), some)


LIVED_IN = range(331, ACCOUNTS, 331)
"""Accounts with a year behind them: telemetry and health of each day, cases, deals and promises."""
DAYS, PRODUCTS = 365, 8


def lived_in(session: Session) -> None:
    """Give every account two relationships, and those of `LIVED_IN` a year of days."""
    dice = random.Random(12)  # noqa: S311  (customers of nobody)
    put(session, Relationship, (relationship(i, j, dice) for i in range(1, ACCOUNTS + 1) for j in range(2)))
    note_searched(session)
    days = [DAY - timedelta(days=n) for n in range(1, DAYS + 1)]
    card = session.query(ScorecardVersion.id).scalar()
    computations = [HealthComputation(scorecard_version_id=card, as_of=on, content_sha256="0") for on in days]
    session.add_all(computations)
    session.flush()
    put(session, HealthScore, (health(each.id, i, dice) for each in computations for i in LIVED_IN))
    metrics = ("active_users", "logins", "features_used")
    put(
        session,
        Telemetry,
        (
            {"account_id": i, "metric": metric, "period_end": on, "value": 12.5}
            for i in LIVED_IN
            for metric in metrics
            for on in days
        ),
    )
    put(
        session,
        SupportCase,
        ({"crm_id": f"500{i}{n}", "account_id": i, "opened_at": NOON} for i in LIVED_IN for n in range(20)),
    )
    put(
        session,
        Opportunity,
        (
            {"crm_id": f"006{i}{n}", "account_id": i, "stage": "Proposal", "amount": 1000, "created_at": NOON}
            for i in LIVED_IN
            for n in range(5)
        ),
    )
    put(
        session,
        Promise,
        (
            {
                "crm_id": f"p{i}{n}",
                "account_id": i,
                "source": "sales",
                "aspect": "economic",
                "text": "x",
                "created_at": NOON,
            }
            for i in LIVED_IN
            for n in range(5)
        ),
    )


def relationship(i: int, j: int, dice: random.Random) -> dict[str, Any]:
    """Return a relationship row of account i."""
    return {
        "crm_id": f"0r{i:07d}{j}",
        "account_id": i,
        "type": ("product", "service")[j],
        "name": f"Product {dice.randrange(PRODUCTS)}",
        "created_at": NOON,
    }


def crm_id(i: int) -> str:
    """Return the CRM id of account i."""
    return f"001{i:07d}"


def account(i: int, dice: random.Random) -> dict[str, Any]:
    """Return an account row; one in forty is in dollars, one in twenty has no renewal date."""
    name = "".join(dice.choice(SYLLABLES) for _ in range(3)).capitalize()
    return {
        "id": i,
        "crm_id": crm_id(i),
        "name": f"{name} {dice.choice(('Ltd', 'AG', 'Foods', 'Energy', 'Clinics'))} {i}",
        "status": "active",
        "segment": dice.choice(SEGMENTS),
        "arr": round(dice.lognormvariate(10, 1), 2),
        "currency": "USD" if i % 40 == 0 else "EUR",
        "renewal_date": None if i % 20 == 0 else DAY + timedelta(days=dice.randrange(730)),
        "csm_email": dice.choice(OWNERS),
        "tags": dice.sample(["beta", "reference", "board", "pilot"], k=dice.randrange(3)),
        "custom": {"region": "north", "contract": f"C-{i}"},
        "created_at": NOON,
    }


def contact(i: int, j: int, dice: random.Random) -> dict[str, Any]:
    """Return a contact row of account i."""
    name = f"{chr(65 + dice.randrange(26))}. {dice.choice(FAMILY)} {i}"
    return {
        "crm_id": f"003{i:07d}{j}",
        "account_id": i,
        "name": name,
        "email": f"p{i}.{j}@bench.test",
        "role": ("champion", "decision_maker")[j % 2],
        "is_primary": j == 0,
        "consent": "yes",
        "custom": {},
        "created_at": NOON,
    }


def health(computation_id: int, i: int, dice: random.Random) -> dict[str, Any]:
    """Return a health row with its explanation; one account in fifty has none."""
    value = None if i % 50 == 0 else round(dice.betavariate(5, 2) * 100, 2)
    measures = [
        {"key": key, "value": 12.5, "points": value, "weight": 1 / 6}
        for key in ("usage", "breadth", "momentum", "backlog", "resolution", "payment")
    ]
    return {
        "computation_id": computation_id,
        "account_id": i,
        "score": value,
        "band": band(value),
        "measures": measures if value is not None else [],
        "missing": [] if value is not None else [measure["key"] for measure in measures],
    }


def sampled(study_id: int, i: int) -> dict[str, Any]:
    """Return the draw of account i."""
    return {
        "study_id": study_id,
        "account_id": i,
        "stratum": "all",
        "stratum_size": ACCOUNTS,
        "weight": 1.0,
        "is_certainty": False,
        "mode": "survey",
    }


def score(scoring_id: int, i: int, dice: random.Random) -> dict[str, Any]:
    """Return the score of account i; three accounts in ten were heard."""
    is_heard = dice.random() < 0.3
    voice = round(dice.betavariate(3, 2) * 100, 2) if is_heard else None
    known = round(dice.betavariate(5, 2) * 100, 2)
    gap = voice - known if voice is not None else None
    quadrant = "insufficient" if voice is None else "hidden_risk" if voice < 50 <= known else "agree"
    return {
        "scoring_id": scoring_id,
        "account_id": i,
        "respondents": 2 if is_heard else 0,
        "voice": voice,
        "voice_se": 9.0 if is_heard else None,
        "voice_band": band(voice),
        "role_coverage": 0.6 if is_heard else 0.0,
        "health": known,
        "health_band": band(known),
        "gap": gap,
        "gap_shrunken": None if gap is None else gap * 0.8,
        "gap_se": 8.0 if is_heard else None,
        "p_low": 0.3 if is_heard else None,
        "p_high": 0.1 if is_heard else None,
        "tier": "watch" if gap is not None and gap < -30 else "none",
        "quadrant": "hidden_strength" if quadrant == "agree" and voice is not None and voice > 90 else quadrant,
        "dimensions": {"support": voice, "value": voice, "recommendation": voice} if is_heard else {},
    }


def band(value: float | None) -> str | None:
    """Return the band of a score."""
    return None if value is None else "green" if value >= 75 else "amber" if value >= 50 else "red"
