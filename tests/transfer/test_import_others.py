"""Contacts, relationships, promises, telemetry, cases, interactions and outcomes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact, Interaction, Outcome, Promise, Relationship
from app.health.models import HealthChange, SupportCase, Telemetry
from app.ledger.models import PromiseVersion
from app.transfer.rules.cells import LONGEST_TEXT
from app.transfer.services import ImportRefused, import_file

pytestmark = pytest.mark.usefixtures("world")

Run = Callable[..., Any]
Contents = Callable[[Session], list[tuple[Any, ...]]]


def test_contacts(run: Run, world: Session) -> None:
    content = (
        "contact_id,account_id,name,email,phone,role,is_primary,language,timezone,consent,Hobby\n"
        "C-8,A-1,Nora,nora@mail.example,+49 30,champion,yes,de,Europe/Berlin,no,Chess\n"
        "C-9,A-2,Nils,,,,,,,,\n"
    )
    assert run("contacts", content).counts == (2, 2, 0, 0)
    nora, nils = world.scalars(sa.select(Contact).where(Contact.crm_id.in_(["C-8", "C-9"])).order_by(Contact.crm_id))
    assert (nora.email, nora.is_primary, nora.consent) == ("nora@mail.example", True, "no")
    assert nora.custom == {"Hobby": "Chess"}
    assert (nils.email, nils.is_primary, nils.consent, nils.custom) == (None, False, "unknown", {})


def test_a_contact_may_move_to_another_account(run: Run, world: Session) -> None:
    assert run("contacts", "contact_id,account_id,name\nC-3,A-1,Contact 3\n").counts == (1, 0, 1, 0)
    moved = world.scalars(sa.select(Account).join(Contact).where(Contact.crm_id == "C-3")).one()
    assert moved.crm_id == "A-1"


RELATIONSHIPS = (
    "relationship_id,account_id,type,name,arr,owner_email\n"
    "P-1,A-1,product,Atlas,1200.50,owner@us.example\n"
    "P-2,A-1,product,,,\n"
    "S-1,A-2,service,Care,,\n"
)


def test_relationships(run: Run, world: Session) -> None:
    assert run("relationships", RELATIONSHIPS).counts == (3, 3, 0, 0)
    atlas, plain, care = world.scalars(sa.select(Relationship).order_by(Relationship.crm_id))
    assert (atlas.type, atlas.name, atlas.arr) == ("product", "Atlas", Decimal("1200.50"))
    assert atlas.owner_email == "owner@us.example"
    assert (plain.name, plain.arr, plain.owner_email) == (None, None, None)
    assert atlas.account_id == plain.account_id != care.account_id
    assert atlas.created_at.tzinfo is not None


def test_the_same_relationships_again_change_nothing(run: Run) -> None:
    run("relationships", RELATIONSHIPS)
    assert run("relationships", RELATIONSHIPS).counts == (3, 0, 0, 3)


def test_a_relationship_with_a_known_key_updates(run: Run, world: Session) -> None:
    run("relationships", RELATIONSHIPS)
    changed = "relationship_id,account_id,type,name\nP-1,A-2,product,Atlas Pro\n"
    assert run("relationships", changed).counts == (1, 0, 1, 0)
    moved = world.scalars(sa.select(Relationship).where(Relationship.crm_id == "P-1")).one()
    owner = world.get_one(Account, moved.account_id)
    assert (moved.name, moved.arr, owner.crm_id) == ("Atlas Pro", Decimal("1200.50"), "A-2")


def test_relationships_of_an_unknown_account_name_their_rows(run: Run, world: Session) -> None:
    outcome = run("relationships", f"{RELATIONSHIPS}X-1,A-404,product,,,\nX-2,A-1,,,,\n")
    assert outcome.places == [(5, "account_id"), (6, "type")]
    assert world.scalar(sa.select(sa.func.count()).select_from(Relationship)) == 0


PROMISES = (
    "promise_id,account_id,source,aspect,text,promised_on,amount,delivered_on,evidence\n"
    'W-1,A-1,Sales,economic,"Twice\nas fast",2026-01-31,1200.50,2026-03-01,A slide\n'
    "W-2,A-1,customer_success,community,A seat on the council,,,,\n"
)


def test_promises(run: Run, world: Session) -> None:
    assert run("promises", PROMISES).counts == (2, 2, 0, 0)
    fast, seat = world.scalars(sa.select(Promise).order_by(Promise.crm_id))
    assert (fast.source, fast.aspect, fast.text) == ("sales", "economic", "Twice\nas fast")
    assert (fast.promised_on, fast.amount) == (date(2026, 1, 31), Decimal("1200.50"))
    assert (fast.delivered_on, fast.evidence) == (date(2026, 3, 1), "A slide")
    assert (seat.source, seat.aspect, seat.promised_on, seat.amount) == ("customer_success", "community", None, None)
    world.rollback()
    assert run("promises", PROMISES).counts == (2, 0, 0, 2)


def test_a_promise_with_a_known_key_updates(run: Run, world: Session) -> None:
    run("promises", PROMISES)
    changed = "promise_id,account_id,source,aspect,text,delivered_on\nW-2,A-1,sales,community,A seat,2026-04-01\n"
    assert run("promises", changed).counts == (1, 0, 1, 0)
    seat = world.scalars(sa.select(Promise).where(Promise.crm_id == "W-2")).one()
    assert (seat.source, seat.text, seat.delivered_on) == ("sales", "A seat", date(2026, 4, 1))
    [kept] = world.scalars(sa.select(PromiseVersion))
    before = {"source": "customer_success", "text": "A seat on the council", "delivered_on": None}
    assert (kept.promise_id, kept.former, kept.replaced_by) == (seat.id, before, None)


def test_a_promise_is_counted_in_its_own_currency_or_unit(run: Run, world: Session) -> None:
    run(
        "promises",
        "promise_id,account_id,source,aspect,text,due_on,amount,currency,quantity,unit\n"
        "W-1,A-1,sales,economic,Cheaper,2026-12-31,500,usd,,\nW-2,A-1,sales,emotional,Less typing,,,,300,hours\n",
    )
    cheaper, less = world.scalars(sa.select(Promise).order_by(Promise.crm_id))
    assert (cheaper.due_on, cheaper.amount, cheaper.currency) == (date(2026, 12, 31), Decimal(500), "USD")
    assert (less.amount, less.quantity, less.unit) == (None, Decimal(300), "hours")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("W-1,A-404,sales,economic,Faster,,,", "account_id"),
        ("W-1,A-1,legal,economic,Faster,,,", "source"),
        ("W-1,A-1,sales,spiritual,Faster,,,", "aspect"),
        ("W-1,A-1,sales,economic,,,,", "text"),
        (f"W-1,A-1,sales,economic,{'x' * 2001},,,", "text"),
        ("W-1,A-1,sales,economic,Fas\0ter,,,", "text"),
        ("W-1,A-1,sales,economic,Faster,2026-02-30,,", "promised_on"),
        ("W-1,A-1,sales,economic,Faster,,nan,", "amount"),
        ("W-1,A-1,sales,economic,Faster,,,soon", "delivered_on"),
    ],
)
def test_a_promise_that_cannot_be_one_names_its_cell(run: Run, world: Session, row: str, column: str) -> None:
    header = "promise_id,account_id,source,aspect,text,promised_on,amount,delivered_on\n"
    assert run("promises", f"{header}W-0,A-1,sales,economic,Good,,,\n{row}\n").places == [(3, column)]
    assert world.scalar(sa.select(sa.func.count()).select_from(Promise)) == 0


def test_telemetry(run: Run, world: Session) -> None:
    content = "account_id,period_end,metric,value,unit\nA-1,2026-01-31,logins,5.5,count\nA-1,2026-02-28,logins,-1e3,\n"
    assert run("telemetry", content).counts == (2, 2, 0, 0)
    rows = world.execute(
        sa.select(Telemetry.period_end, Telemetry.value, Telemetry.unit).order_by(Telemetry.period_end)
    )
    assert [tuple(row) for row in rows] == [(date(2026, 1, 31), 5.5, "count"), (date(2026, 2, 28), -1000.0, None)]


def test_telemetry_with_a_known_key_updates(run: Run, world: Session) -> None:
    run("telemetry", "account_id,period_end,metric,value,unit\nA-1,2026-01-31,logins,5,count\n")
    assert run("telemetry", "account_id,period_end,metric,value\nA-1,2026-01-31,logins,6\n").counts == (1, 0, 1, 0)
    assert tuple(world.execute(sa.select(Telemetry.value, Telemetry.unit)).one()) == (6.0, "count")


@pytest.mark.parametrize(
    ("kind", "content", "noted"),
    [
        pytest.param("telemetry", "account_id,period_end,metric,value\nA-1,2026-01-31,m,5\n", ["A-1"], id="telemetry"),
        pytest.param("cases", "case_id,account_id,opened_at\nk,A-2,2026-01-31\n", ["A-2"], id="cases"),
        pytest.param("accounts", "account_id,name,seats\nA-2,Two,77\n", ["A-2"], id="facts"),
        pytest.param("relationships", "relationship_id,account_id,type\nr,A-1,product\n", [], id="not for health"),
    ],
)
def test_accounts_whose_health_is_due_again_are_noted(
    run: Run, world: Session, kind: str, content: str, noted: list[str]
) -> None:
    world.execute(sa.delete(HealthChange))
    world.commit()
    run(kind, content)
    found = sa.select(Account.crm_id).join(HealthChange, HealthChange.account_id == Account.id)
    assert list(world.scalars(found.order_by(Account.crm_id))) == noted


def test_cases(run: Run, world: Session) -> None:
    content = (
        "case_id,account_id,opened_at,closed_at,priority,status,csat\n"
        "K-1,A-1,2026-01-31,2026-02-01T12:00:00+02:00,high,closed,4.5\nK-2,A-1,2026-02-01T08:15:30.25Z,,,,\n"
    )
    assert run("cases", content).counts == (2, 2, 0, 0)
    first, second = world.scalars(sa.select(SupportCase).order_by(SupportCase.crm_id))
    assert first.opened_at == datetime(2026, 1, 31, tzinfo=UTC)
    assert first.closed_at == datetime(2026, 2, 1, 10, 0, tzinfo=UTC)
    assert first.csat == 4.5
    assert second.opened_at == datetime(2026, 2, 1, 8, 15, 30, 250_000, tzinfo=UTC)
    assert second.closed_at is None
    world.rollback()
    assert run("cases", content).counts == (2, 0, 0, 2)


def test_outcomes_without_reasons(run: Run, world: Session) -> None:
    content = "account_id,outcome_date,outcome\nA-1,2026-01-31,churned\n"
    assert run("outcomes", content).counts == (1, 1, 0, 0)
    assert run("outcomes", content).counts == (1, 0, 0, 1)
    assert world.scalars(sa.select(Outcome.outcome)).all() == ["churned"]


INTERACTIONS = (
    "interaction_id,account_id,occurred_at,channel,started_by,contact_id,participated,summary\n"
    'I-1,A-1,2026-01-31T10:00:00+01:00,Call,US,C-1,no,"Asked\nfor a date"\n'
    "I-2,A-1,2026-01-31,support,them,,,\n"
)


def test_interactions(run: Run, world: Session) -> None:
    assert run("interactions", INTERACTIONS).counts == (2, 2, 0, 0)
    asked, help_ = world.scalars(sa.select(Interaction).order_by(Interaction.crm_id))
    assert (asked.channel, asked.started_by, asked.participated) == ("call", "us", False)
    assert (asked.occurred_at, asked.summary) == (datetime(2026, 1, 31, 9, tzinfo=UTC), "Asked\nfor a date")
    assert world.get_one(Contact, asked.contact_id).crm_id == "C-1"
    assert (help_.started_by, help_.contact_id, help_.participated, help_.summary) == ("them", None, None, None)
    world.rollback()
    assert run("interactions", INTERACTIONS).counts == (2, 0, 0, 2)


def test_an_interaction_with_a_known_key_updates_and_an_empty_cell_clears(run: Run, world: Session) -> None:
    run("interactions", INTERACTIONS)
    header = "interaction_id,account_id,occurred_at,channel,contact_id,participated\n"
    assert run("interactions", f"{header}I-1,A-1,2026-01-31T09:00:00Z,call,,yes\n").counts == (1, 0, 1, 0)
    asked = world.scalars(sa.select(Interaction).where(Interaction.crm_id == "I-1")).one()
    assert (asked.participated, asked.contact_id, asked.summary) == (True, None, "Asked\nfor a date")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("I-1,A-404,2026-01-31,call,us,,,", "account_id"),
        ("I-1,A-1,2026-02-30,call,us,,,", "occurred_at"),
        ("I-1,A-1,,call,us,,,", "occurred_at"),
        ("I-1,A-1,2026-01-31,fax,us,,,", "channel"),
        ("I-1,A-1,2026-01-31,,us,,,", "channel"),
        ("I-1,A-1,2026-01-31,call,nobody,,,", "started_by"),
        ("I-1,A-1,2026-01-31,call,us,C-404,,", "contact_id"),
        ("I-1,A-1,2026-01-31,call,us,,perhaps,", "participated"),
        (f"I-1,A-1,2026-01-31,call,us,,,{'x' * (LONGEST_TEXT + 1)}", "summary"),
        ("I-0,A-1,2026-01-31,call,us,,,", "interaction_id"),
    ],
)
def test_an_interaction_that_cannot_be_one_names_its_cell(run: Run, world: Session, row: str, column: str) -> None:
    header = "interaction_id,account_id,occurred_at,channel,started_by,contact_id,participated,summary\n"
    assert run("interactions", f"{header}I-0,A-1,2026-01-31,call,,,,\n{row}\n").places == [(3, column)]
    assert world.scalar(sa.select(sa.func.count()).select_from(Interaction)) == 0


def test_outcomes(run: Run, world: Session) -> None:
    content = 'account_id,outcome_date,outcome,reason_category,reason\nA-1,2026-01-31,Churned,Price,"too\r\nmuch"\n'
    assert run("outcomes", content).counts == (1, 1, 0, 0)
    stored = world.scalars(sa.select(Outcome)).one()
    assert (stored.outcome, stored.reason_category, stored.reason) == ("churned", "Price", "too\nmuch")


def test_the_same_outcome_in_two_spellings_is_one_key(run: Run) -> None:
    outcome = run("outcomes", "account_id,outcome_date,outcome\nA-1,2026-01-31,churned\nA-1,2026-01-31,Churned\n")
    assert outcome.places == [(3, "account_id")]


def test_a_break_between_staging_and_writing_leaves_nothing(
    world: Session, write_file: Any, contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(world)

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.transfer.services.importing._record", stop)
    path = write_file("account_id,period_end,metric,value\nA-1,2026-01-31,logins,5\n")
    with pytest.raises(KeyboardInterrupt):
        import_file(world, kind="telemetry", path=path)
    assert contents(world) == before
    monkeypatch.undo()
    assert import_file(world, kind="telemetry", path=path).created == 1


def test_a_refused_import_does_not_stand_in_the_way_of_the_next(world: Session, write_file: Any) -> None:
    header = "account_id,period_end,metric,value"
    with pytest.raises(ImportRefused):
        import_file(world, kind="telemetry", path=write_file(f"{header}\nA-1,2026-01-31,logins,x\n"))
    world.rollback()
    good = write_file(f"{header}\nA-1,2026-01-31,logins,1\n")
    assert import_file(world, kind="telemetry", path=good).created == 1
    assert import_file(world, kind="telemetry", path=good).unchanged == 1
