"""Accounts that show signs: hidden risk, a near renewal, a fall of health, silence, full seats."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Account, Contact, Interaction, Relationship
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, Telemetry
from app.health.services import load_scorecard
from app.playbooks.models import Playbook
from app.playbooks.rules.definition import checked_definition, proposed
from app.playbooks.services.writing import begin_playbook, switch_playbook
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Study
from tests.alerts.world import CARD
from tests.interviews.talks import add_account, add_interview_study, add_interviewers, add_person
from tests.users.people import CSM, LEADER, add_people

HOSTILE = "<script>alert(1)</script> & Co"


@dataclass
class World:
    """The ids of what was made."""

    people: dict[str, int]
    accounts: dict[str, int]
    contacts: dict[str, int]
    respondents: dict[str, int]
    study: int


def add_world(session: Session) -> World:
    """Add Alder and Birch of Carl and Cedar of nobody, all of hidden risk, and Dogwood, which is well and full.

    Alder renews in 60 days, Birch in 300, Cedar in 30; all in Alice's study that is over. Health of Birch fell by 30.
    """
    people = add_people(session)
    add_interviewers(session, people)
    study = add_interview_study(session, owner=people[LEADER])
    study.opens_on, study.closes_on = today() - timedelta(days=60), today() - timedelta(days=10)
    names = {"Alder": CSM, "Birch": CSM, "Cedar": None, "Dogwood": CSM}
    accounts = {name: add_account(session, study, name, email) for name, email in names.items()}
    accounts["Cedar"].name = HOSTILE
    for name, days in (("Alder", 60), ("Birch", 300), ("Cedar", 30)):
        accounts[name].renewal_date = today() + timedelta(days=days)
        accounts[name].tier = "Top" if name != "Cedar" else "Small"
    accounts["Dogwood"].seats = 50
    drawn = {name: add_person(session, study, f"of {name}", account=account) for name, account in accounts.items()}
    _score(session, study, accounts)
    session.add_all(
        [
            Telemetry(account_id=accounts["Dogwood"].id, metric="active_users", period_end=today(), value=48),
            Interaction(
                crm_id="i", account_id=accounts["Alder"].id, occurred_at=now() - timedelta(days=100), channel="call"
            ),
            Relationship(crm_id="r1", account_id=accounts["Dogwood"].id, type="product", name="Planning"),
            Relationship(crm_id="r2", account_id=accounts["Alder"].id, type="product", name="Billing"),
            Relationship(crm_id="r3", account_id=accounts["Birch"].id, type="product", name="Billing"),
        ]
    )
    for name in ("Alder", "Birch", "Cedar"):
        accounts[name].start_date = today() - timedelta(days=900)
    session.flush()
    return World(
        {email: person.id for email, person in people.items()},
        {name: account.id for name, account in accounts.items()},
        {name: each.contact_id for name, each in drawn.items()},
        {name: each.id for name, each in drawn.items()},
        study.id,
    )


def _score(session: Session, study: Study, accounts: dict[str, Account]) -> None:
    load_scorecard(session, document=CARD)
    version = session.scalars(sa.select(ScorecardVersion)).one()
    healths = {"Alder": (82, 80), "Birch": (85, 55), "Cedar": (84, 83), "Dogwood": (90, 91)}
    computed = [
        HealthComputation(
            scorecard_version_id=version.id,
            as_of=today() - timedelta(days=ago),
            content_sha256=str(ago),
            computed_at=now() - timedelta(days=ago),
        )
        for ago in (31, 1)
    ]
    session.add_all(computed)
    session.flush()
    for name, pair in healths.items():
        for computation, score in zip(computed, pair, strict=True):
            band = "green" if score >= 75 else "amber"
            session.add(
                HealthScore(
                    computation_id=computation.id, account_id=accounts[name].id, score=score, band=band,
                    measures=[], missing=[], calculated_band=band,
                )
            )  # fmt: skip
    scoring = Scoring(
        study_id=study.id, health_computation_id=computed[0].id, scored_at=now() - timedelta(days=5), figures={}
    )
    session.add(scoring)
    session.flush()
    session.add_all(_voice(scoring, accounts[name].id, name) for name in healths)
    session.flush()


def _voice(scoring: Scoring, account_id: int, name: str) -> AccountScore:
    is_well = name == "Dogwood"
    return AccountScore(
        scoring_id=scoring.id,
        account_id=account_id,
        respondents=2,
        voice=88.0 if is_well else 31.0,
        voice_band="green" if is_well else "red",
        health=90.0,
        health_band="green",
        gap_shrunken=-2.0 if is_well else -41.0,
        tier="none" if is_well else "confirmed",
        quadrant="agree" if is_well else "hidden_risk",
        dimensions={},
    )


def typed(*signs: str, **changes: Any) -> dict[str, Any]:
    """A playbook as its form sends it."""
    return proposed() | {"name": "Before the renewal", "signs": list(signs), "title": "Call them"} | changes


def add_playbook(session: Session, world: World, *signs: str, is_on: bool = True, **changes: Any) -> Playbook:
    """Keep a playbook of Alice's, and switch it on."""
    definition = checked_definition(typed(*signs, **changes), tiers=["Top", "Small"])
    alice = world.people[LEADER]
    playbook = begin_playbook(session, definition=definition, form_key="", user_id=alice, at=now())
    if is_on:
        switch_playbook(session, playbook_id=playbook.id, is_on=True, user_id=alice)
    return playbook


def name_of(session: Session, contact_id: int) -> str:
    return session.get_one(Contact, contact_id).name
