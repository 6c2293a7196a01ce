"""Relationships on real sessions: health by the scorecard of their type, types and rules in revisions, what is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.customers.models import Account, Relationship
from app.health.models import RelationshipHealth
from app.health.services import load_scorecard
from app.relationships.models import RelationshipChange, RelationshipType
from app.relationships.queries.account import RelationshipNow, relationship_now, relationships_now
from app.relationships.queries.tile import RolledNow, rolled_of, tile_columns
from app.relationships.queries.types import all_types, roll_up, type_definition
from app.relationships.rules.rollup import RollUp
from app.relationships.services import Stale, save_roll_up, save_type
from app.relationships.services.computing import compute_relationships
from app.relationships.tasks import relationships
from app.users.models import AuditEvent
from app.users.rules import Role, Scope
from tests.relationships.world import DAY, USAGE, account, add_world, measure, measure_on, score_products
from tests.users.people import ADMIN, CSM, LEADER

EVERYTHING = Scope(0, "", "", frozenset({Role.ADMIN}))


@contextmanager
def counting() -> Iterator[list[str]]:
    """Note every statement."""
    said: list[str] = []

    def note(*facts: object) -> None:
        said.append(str(facts[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield said
    event.remove(db.engine, "before_cursor_execute", note)


def read(session: Session, crm_id: str = "A-1", day: date = DAY) -> dict[str, RelationshipNow]:
    found = relationships_now(session, scope=EVERYTHING, account=account(session, crm_id), today=day)
    return {each.crm_id: each for each in found}


def test_health_is_that_of_what_a_relationship_can_know(session: Session) -> None:
    add_world(session)
    measure(session, "P-1", d0=80, d40=10, d100=99)
    measure(session, "P-1", metric="logins", d1=2, d2=4)
    measure(session, "P-2", d200=50)
    score_products(session)
    assert compute_relationships(session, DAY) == 1
    session.commit()
    found = read(session)
    health = found["P-1"].health
    assert health is not None
    # Usage 80 bears 60 of 80, logins (the mean of 2 and 4 is 3, worth 30) the rest: 80·.75 + 30·.25 = 67.5.
    assert (health.score, health.band, health.as_of) == (67.5, "amber", DAY)
    assert [(line["key"], line["value"], line["weight"]) for line in health.lines] == [
        ("usage", 80, 0.75),
        ("logins", 3, 0.25),
    ]
    assert [line["key"] for line in health.missing_lines] == ["cases", "pulse", "seated"]
    assert (health.scorecard_key, health.scorecard_version, health.scorecard_name) == ("products", 1, "Products")
    nothing = found["P-2"].health
    assert nothing is not None
    assert nothing.score is None
    assert len(nothing.missing) == len(USAGE["measures"])
    assert found["S-1"].health is None, "a type without scorecard has no health"
    assert found["P-1"].trend == [(DAY, 67.5)]


def test_computing_again_replaces_the_day_and_the_trend_goes_on(session: Session) -> None:
    add_world(session)
    measure(session, "P-1", d10=50, d0=90)
    score_products(session)
    compute_relationships(session, DAY - timedelta(days=5))
    compute_relationships(session, DAY)
    compute_relationships(session, DAY)
    session.commit()
    assert read(session)["P-1"].trend == [(DAY - timedelta(days=5), 50.0), (DAY, 90.0)]
    assert read(session, day=DAY - timedelta(days=1))["P-1"].score == 50.0
    load_scorecard(session, document={**USAGE, "measures": USAGE["measures"][:1]})
    measure(session, "P-1", metric="other", d0=1)
    compute_relationships(session, DAY)
    session.commit()
    health = read(session)["P-1"].health
    assert health is not None
    assert health.scorecard_version == 2, "the newest version holds"
    assert read(session)["P-1"].trend[-1] == (DAY, 90.0)


def test_the_worker_computes_what_is_due_and_then_rests(session: Session) -> None:
    add_world(session)
    measure_on(session, "P-1", "active_users", {today(): 40})
    score_products(session)
    session.commit()
    assert relationships() == 1
    assert set(session.scalars(select(RelationshipHealth.as_of))) == {today()}
    assert session.scalar(select(func.count()).select_from(RelationshipChange)) == 0
    session.rollback()
    with counting() as said:
        assert relationships() == 0
    assert not [statement for statement in said if "INSERT" in statement or "DELETE" in statement]


def test_a_portfolio_of_years_ago_keeps_the_health_of_its_own_day(session: Session) -> None:
    add_world(session)
    measure(session, "P-1", d900=40)
    score_products(session)
    session.commit()
    assert relationships() == 1
    assert set(session.scalars(select(RelationshipHealth.as_of))) == {DAY - timedelta(days=900)}
    session.rollback()
    assert relationships() == 0


def rolled_now(session: Session, *, account: Account, today: date) -> RolledNow:
    """Return what the relationships of an account come to, as the statement of its tiles reads it."""
    columns = tile_columns(account, today)
    return rolled_of(*session.execute(select(*columns.values())).one())


def test_an_account_comes_to_the_rule_of_the_workspace(session: Session) -> None:
    people = add_world(session)
    measure(session, "P-1", d0=80)
    measure(session, "P-2", d0=20)
    measure(session, "P-3", d0=95)
    score_products(session)
    compute_relationships(session, DAY)
    session.commit()
    worst = rolled_now(session, account=account(session), today=DAY)
    assert (worst.rule, worst.relationships, worst.health.value) == (RollUp.WORST, 4, 20.0)
    assert worst.health.sentence == "the worst of 3; 1 has no score"
    save_roll_up(session, actor_id=people[ADMIN], rule="arr")
    session.commit()
    assert roll_up(session) is RollUp.ARR
    weighted = rolled_now(session, account=account(session), today=DAY)
    assert weighted.health.value == pytest.approx((80 * 60_000 + 20 * 30_000) / 90_000)
    assert weighted.health.sentence == "the mean of 2, weighted by ARR; 1 has no score; 1 has no ARR"
    assert rolled_now(session, account=account(session, "A-2"), today=DAY).health.value is None


def test_a_type_is_saved_once_and_the_second_is_told_who_was_first(session: Session) -> None:
    people = add_world(session)
    load_scorecard(session, document=USAGE)
    wanted = {"scorecard": "products", "survey": "", "fields": [{"key": "edition", "label": "Edition"}]}
    first = save_type(session, actor_id=people[LEADER], type_="Product ", definition=wanted, based_on=0)
    assert first is not None
    assert (first.key, first.revision) == ("product", 1)
    again = save_type(session, actor_id=people[ADMIN], type_="product", definition=wanted, based_on=0)
    assert again is not None
    assert again.id == first.id, "the same again is no revision"
    with pytest.raises(Stale, match=r"Alice Owner saved this type on .*UTC"):
        save_type(session, actor_id=people[ADMIN], type_="PRODUCT", definition={"survey": ""}, based_on=0)
    save_type(session, actor_id=people[ADMIN], type_="PRODUCT", definition={}, based_on=1)
    now = type_definition(session, "pRoduct")
    assert (now.revision, now.definition.fields, now.author) == (2, (), "Ada Min")
    assert session.scalar(select(func.count()).select_from(RelationshipType)) == 2
    assert [(each.key, each.name, each.relationships) for each in all_types(session)] == [
        ("product", "Product", 4),
        ("service", "service", 1),
    ]
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "relationships.type")).all()
    assert [(each.actor_id, each.object_id) for each in events] == [
        (people[LEADER], "product"),
        (people[ADMIN], "product"),
    ]


@pytest.mark.parametrize(
    ("type_", "definition", "field"),
    [
        ("product", {"scorecard": "nowhere"}, "scorecard"),
        ("product", {"survey": "nowhere"}, "survey"),
        ("product", {"fields": [{"key": "ARR"}]}, "key"),
        ("product", {"fields": [{"key": "a"}, {"key": "A"}]}, "fields"),
        ("product", {"fields": [{"key": f"f{n}"} for n in range(13)]}, "fields"),
        ("product", {"colour": "blue"}, "“colour”"),
        (" ", {}, "type"),
    ],
    ids=["no scorecard", "no survey", "a column's name", "twice", "too many", "unknown", "no name"],
)
def test_what_is_no_type_is_refused(session: Session, type_: str, definition: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        save_type(session, actor_id=None, type_=type_, definition=definition, based_on=0)
    assert refused.value.field == field


def test_no_other_rule_is_taken(session: Session) -> None:
    with pytest.raises(Refusal):
        save_roll_up(session, actor_id=None, rule="best")
    assert save_roll_up(session, actor_id=None, rule=RollUp.WORST) is None


def open_action(session: Session, people: dict[str, int], crm_id: str, kind: str) -> None:
    about = session.scalars(select(Relationship).where(Relationship.crm_id == crm_id)).one()
    session.add(
        Action(
            account_id=about.account_id,
            relationship_id=about.id,
            owner_id=people[LEADER],
            created_by=people[LEADER],
            kind=kind,
            title="Ask",
            due_on=DAY,
            is_promised=False,
        )
    )


def test_what_is_open_is_counted_as_far_as_the_reader_sees(session: Session) -> None:
    people = add_world(session)
    for kind in ("risk", "risk", "opportunity"):
        open_action(session, people, "P-1", kind)
    session.commit()
    assert read(session)["P-1"].open_actions == {"risk": 2, "opportunity": 1}
    assert read(session)["P-2"].open_actions == {}
    for email, role, seen in ((CSM, Role.CSM, 3), ("x@else.test", Role.CSM, 0), ("v@else.test", Role.VIEWER, 0)):
        scope = Scope(people.get(email, 0), email, email, frozenset({role}))
        found = relationship_now(session, scope=scope, account=account(session), crm_id="P-1", today=DAY)
        assert sum(found.open_actions.values()) == seen, email


@pytest.mark.parametrize("crm_id", ["P-9", "nobody", "P\0"], ids=["of another account", "unknown", "nul"])
def test_a_relationship_of_another_account_is_missing(session: Session, crm_id: str) -> None:
    add_world(session)
    with pytest.raises(Missing):
        relationship_now(session, scope=EVERYTHING, account=account(session), crm_id=crm_id, today=DAY)


def test_hundreds_are_read_by_five_statements(session: Session) -> None:
    add_world(session)
    owner = account(session)
    session.add_all(
        Relationship(crm_id=f"X-{n}", account_id=owner.id, type="product", name=f"Product {n}", custom={"n": n})
        for n in range(400)
    )
    measure(session, "P-1", d0=80)
    score_products(session)
    compute_relationships(session, DAY)
    session.commit()
    owner = account(session)
    assert owner.id
    with counting() as said:
        found = relationships_now(session, scope=EVERYTHING, account=owner, today=DAY)
    assert len(found) == 404
    assert len(said) <= 5
    with counting() as said:
        rolled_now(session, account=owner, today=DAY)
    assert len(said) == 1


def test_none_is_read_by_one_statement(session: Session) -> None:
    add_world(session)
    session.execute(delete(Relationship))
    session.commit()
    owner = account(session)
    assert owner.id
    with counting() as said:
        assert relationships_now(session, scope=EVERYTHING, account=owner, today=DAY) == []
    assert len(said) == 1
