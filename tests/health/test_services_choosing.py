"""A choice of scorecards, published, and the health that is shown by it, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account, Relationship
from app.health.models import HealthScore, Telemetry
from app.health.queries import newest_scorecard
from app.health.queries.choice import chosen_scorecards, newest_choice, present_health
from app.health.rules.choice import parse_choice
from app.health.services import compute_health, load_scorecard
from app.health.services.choosing import publish_choice
from app.users.models import AuditEvent

DAY = date(2026, 3, 31)
LARGE = {"field": "segment", "values": ["enterprise"], "scorecard": "large"}
CHOICE = {
    "rules": [
        LARGE,
        {"field": "relationship_type", "values": ["Partner"], "scorecard": "partners"},
        {"field": "tier", "values": ["none of ours"], "scorecard": "large"},
    ],
    "default": "default",
}


def load(session: Session, *keys: str) -> None:
    """Scorecards that give the value, and half of it, and so on: who was scored by which shows in the score."""
    for place, key in enumerate(keys, start=1):
        points = [[0, 0], [100, 100 / place]]
        load_scorecard(
            session, document={"key": key, "measures": [{"key": "m", "metric": "m", "points": points, "weight": 1}]}
        )


def accounts(session: Session) -> None:
    for crm_id, segment, types in (
        ("A", "Enterprise", ["partner"]),
        ("B", "Small", ["product", "partner"]),
        ("C", None, ["product"]),
        ("D", None, []),
    ):
        row = Account(crm_id=crm_id, name=crm_id, segment=segment)
        session.add(row)
        session.flush()
        session.add_all(Relationship(crm_id=f"{crm_id} {kind}", account_id=row.id, type=kind) for kind in types)
        session.add(Telemetry(account_id=row.id, metric="m", period_end=DAY, value=60))
    session.flush()


def shown(session: Session) -> dict[str, float | None]:
    present = present_health(session)
    rows = session.execute(
        select(Account.crm_id, HealthScore.score).outerjoin(
            HealthScore,
            (HealthScore.account_id == Account.id) & (HealthScore.computation_id == present.computation),
        )
    )
    return {row.crm_id: row.score for row in rows}


def compute(session: Session, *keys: str, days: int = 0) -> None:
    for key in keys:
        compute_health(session, version=newest_scorecard(session, key), as_of=DAY + timedelta(days=days))


def test_a_choice_is_published_once_and_is_logged(session: Session) -> None:
    load(session, "default", "large", "partners")
    first = publish_choice(session, document=CHOICE)
    assert publish_choice(session, document=CHOICE) is first
    second = publish_choice(session, document={"default": "large"})
    assert (first.version, second.version) == (1, 2)
    assert newest_choice(session) is second
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "scorecard.choose")).all()
    assert [event.fields["scorecards"] for event in events] == [["large", "partners", "default"], ["large"]]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        pytest.param({"default": "nowhere"}, "no scorecard “nowhere”", id="unknown default"),
        pytest.param(
            {"rules": [{**LARGE, "scorecard": "x"}]},
            "no scorecard “x”",
            id="unknown scorecard",
        ),
        pytest.param({"rules": [{"field": "size"}]}, "Rule 1", id="unknown field"),
    ],
)
def test_a_bad_choice_is_refused_and_nothing_is_stored(
    session: Session, document: dict[str, Any], sentence: str
) -> None:
    load(session, "default")
    with pytest.raises(Refusal, match=sentence):
        publish_choice(session, document=document)
    assert newest_choice(session) is None


def test_without_a_choice_the_newest_health_is_shown(session: Session) -> None:
    load(session, "default", "large")
    accounts(session)
    assert shown(session) == {"A": None, "B": None, "C": None, "D": None}
    compute(session, "default", "large")
    assert set(shown(session).values()) == {30.0}
    compute(session, "default", days=-1)
    assert set(shown(session).values()) == {30.0}


def test_each_account_is_shown_by_its_own_scorecard(session: Session) -> None:
    load(session, "default", "large", "partners")
    accounts(session)
    publish_choice(session, document=CHOICE)
    compute(session, "default", "large")
    compute(session, "large", days=1)
    assert shown(session) == {"A": 30.0, "B": None, "C": 60.0, "D": 60.0}
    compute(session, "partners", days=1)
    assert shown(session) == {"A": 30.0, "B": 20.0, "C": 60.0, "D": 60.0}


def test_the_database_chooses_as_the_rules_do_and_idle_rules_are_told(session: Session) -> None:
    load(session, "default", "large", "partners")
    accounts(session)
    publish_choice(session, document=CHOICE)
    compute(session, "default", "large", "partners")
    chosen = chosen_scorecards(session, parse_choice(CHOICE))
    assert (chosen.counts, chosen.idle) == ([1, 1, 0, 2], [2])
    by_score = {60.0: "default", 30.0: "large", 20.0: "partners"}
    assert chosen.scorecards == [by_score[score or 0] for _, score in sorted(shown(session).items())]


def test_a_default_alone_holds_for_all(session: Session) -> None:
    load(session, "default", "large")
    accounts(session)
    compute(session, "default", "large")
    publish_choice(session, document={"default": "default"})
    assert set(shown(session).values()) == {60.0}
    assert present_health(session).is_by_account is False
