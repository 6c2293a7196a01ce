"""Files that say more of relationships: what stands above what, fields of their type, and telemetry of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from sqlalchemy.orm import Session

from app.customers.models import Relationship
from app.health.models import HealthChange, RelationshipTelemetry, Telemetry
from app.relationships.models import RelationshipChange
from app.relationships.services import save_type
from app.transfer.services import Options, import_file
from app.transfer.services.declared import known_format
from app.transfer.services.mapping import look_at

pytestmark = pytest.mark.usefixtures("world")

Run = Callable[..., Any]

TREE = (
    "relationship_id,account_id,type,name,parent_id\n"
    "P-3,A-1,product,Capture,P-1\n"
    "P-1,A-1,product,Atlas,\n"
    "S-2,A-2,service,Care,\n"
)
MEASURED = (
    "account_id,period_end,metric,value,unit,relationship_id\n"
    "A-1,2026-03-31,active_users,40,users,\n"
    "A-1,2026-03-31,active_users,30,users,P-1\n"
    "A-1,2026-03-31,active_users,10,,P-3\n"
    "A-2,2026-03-31,active_users,7,,S-2\n"
)


def parents(session: Session) -> dict[str, str | None]:
    rows = session.execute(sa.select(Relationship.crm_id, Relationship.parent_crm_id))
    return {row[0]: row[1] for row in rows}


def test_a_parent_may_stand_in_any_row_of_the_file(run: Run, world: Session) -> None:
    assert run("relationships", TREE).counts == (3, 3, 0, 0)
    assert parents(world) == {"P-1": None, "P-3": "P-1", "S-2": None}
    assert run("relationships", TREE).counts == (3, 0, 0, 3)
    # A file without the column leaves what stands above as it is; an empty cell takes it away.
    assert run("relationships", "relationship_id,account_id,type\nP-3,A-1,service\n").counts == (1, 0, 1, 0)
    assert parents(world)["P-3"] == "P-1"
    assert run("relationships", "relationship_id,account_id,type,parent_id\nP-3,A-1,service,\n").counts == (1, 0, 1, 0)
    world.rollback()
    assert parents(world)["P-3"] is None
    assert world.scalar(sa.select(Relationship.searched).where(Relationship.crm_id == "P-3")) == "capture\np-3\nservice"


@pytest.mark.parametrize(
    ("rows", "places", "reason"),
    [
        (["P-4,A-1,product,P-404"], [(2, "parent_id")], "No relationship has the id “P-404”"),
        (["P-4,A-1,product,S-2"], [(2, "parent_id")], "Relationship “S-2” is one of account “A-2”"),
        (["P-4,A-1,product,S-9", "S-9,A-2,service,"], [(2, "parent_id")], "Relationship “S-9” is one of account “A-2”"),
        (["P-4,A-1,product,P-4"], [(2, "parent_id")], "P-4 stands above itself"),
        (
            ["P-9,A-1,product,P-8", "P-7,A-1,product,", "P-8,A-1,product,P-9"],
            [(2, "parent_id")],
            "P-8 and P-9 stand above each other",
        ),
        (["P-1,A-1,product,P-3"], [(2, "parent_id")], "P-1 and P-3 stand above each other"),
    ],
    ids=["nowhere", "of another account", "of another here", "itself", "a cycle in the file", "with what is stored"],
)  # fmt: skip
def test_a_parent_that_cannot_be_is_named_by_its_row_and_nothing_is_stored(
    run: Run, world: Session, rows: list[str], places: list[tuple[int, str]], reason: str
) -> None:
    run("relationships", TREE)
    before = parents(world)
    world.rollback()
    outcome = run("relationships", "\n".join(["relationship_id,account_id,type,parent_id", *rows]) + "\n")
    assert outcome.status == 1
    assert outcome.places == places
    assert reason in outcome.reasons
    assert parents(world) == before


def test_what_a_type_declares_is_taken_as_a_field_and_nothing_else(run: Run, world: Session) -> None:
    fields = [{"key": "Edition", "label": "Edition"}, {"key": "seats sold", "label": "Seats"}]
    save_type(world, actor_id=None, type_="product", definition={"fields": fields}, based_on=0)
    world.commit()
    content = "relationship_id,account_id,type,edition,Seats Sold\nP-1,A-1,product,Gold,12\nP-2,A-1,product,,\n"
    assert run("relationships", content).counts == (2, 2, 0, 0)
    stored = world.execute(sa.select(Relationship.crm_id, Relationship.custom).order_by(Relationship.crm_id)).all()
    assert [tuple(row) for row in stored] == [("P-1", {"Edition": "Gold", "seats sold": "12"}), ("P-2", {})]
    assert run("relationships", content).counts == (2, 0, 0, 2)
    changed = "relationship_id,account_id,type,Edition\nP-1,A-1,product,Platinum\n"
    assert run("relationships", changed).counts == (1, 0, 1, 0)
    world.rollback()
    kept = world.scalar(sa.select(Relationship.custom).where(Relationship.crm_id == "P-1"))
    assert kept == {"Edition": "Platinum", "seats sold": "12"}
    refused = run("relationships", "relationship_id,account_id,type,colour\nP-5,A-1,product,blue\n")
    assert refused.status == 1
    assert refused.places == [(1, "colour")]


def test_telemetry_of_a_relationship_is_kept_apart_from_its_account(run: Run, world: Session) -> None:
    run("relationships", TREE)
    assert run("telemetry", MEASURED).counts == (4, 4, 0, 0)
    assert [row.value for row in world.scalars(sa.select(Telemetry))] == [40]
    kept = world.execute(
        sa.select(Relationship.crm_id, RelationshipTelemetry.value, RelationshipTelemetry.unit)
        .join(Relationship, Relationship.id == RelationshipTelemetry.relationship_id)
        .order_by(Relationship.crm_id)
    ).all()
    assert [tuple(row) for row in kept] == [("P-1", 30, "users"), ("P-3", 10, None), ("S-2", 7, None)]
    # Of accounts only the one that was measured itself has changed.
    assert len(world.scalars(sa.select(HealthChange)).all()) == 1
    noted = len(world.scalars(sa.select(RelationshipChange)).all())
    assert noted
    world.rollback()
    assert run("telemetry", MEASURED).counts == (4, 0, 0, 4)
    changed = MEASURED.replace(",30,users,P-1", ",31,users,P-1")
    assert run("telemetry", changed).counts == (4, 0, 1, 3)
    world.rollback()
    assert len(world.scalars(sa.select(RelationshipChange)).all()) == noted + 1


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ("A-1,2026-03-31,logins,1,,P-404", (6, "relationship_id"), "No relationship has the id “P-404”"),
        ("A-2,2026-03-31,logins,1,,P-1", (6, "relationship_id"), "“P-1” is one of account “A-1”, not of “A-2”"),
        ("A-1,2026-03-31,active_users,9,,P-1", (6, "account_id"), "stands in row 3 already"),
        ("A-1,2026-03-31,active_users,9,,", (6, "account_id"), "stands in row 2 already"),
    ],
    ids=["unknown", "of another account", "twice", "twice without one"],
)  # fmt: skip
def test_telemetry_that_cannot_be_kept_is_named_by_its_row_and_nothing_is_stored(
    run: Run, world: Session, row: str, place: tuple[int, str], reason: str
) -> None:
    run("relationships", TREE)
    outcome = run("telemetry", MEASURED + row + "\n")
    assert (outcome.status, outcome.places) == (1, [place])
    assert reason in outcome.reasons
    assert world.scalar(sa.select(sa.func.count()).select_from(RelationshipTelemetry)) == 0
    assert world.scalar(sa.select(sa.func.count()).select_from(Telemetry)) == 0


def test_a_workbook_with_columns_of_other_names_is_previewed_and_imported(
    run: Run, world: Session, tmp_path: Path
) -> None:
    run("relationships", TREE)
    book = Workbook()
    sheet: Any = book.active
    rows = [line.split(",") for line in MEASURED.replace("relationship_id", "Product Key").splitlines()]
    for cells in rows:
        sheet.append(cells)
    path = tmp_path / "measured.xlsx"
    book.save(path)
    look = look_at(path, known=known_format(world, "telemetry"), options=Options())
    assert look is not None
    chosen = {"Product Key": "relationship_id"}
    tried = import_file(
        world, kind="telemetry", path=path, options=Options(columns=chosen, is_dry_run=True, has_preview=True)
    )
    assert tried.created == 4
    assert tried.preview is not None
    assert {"relationship_id", "account_id", "value"} <= set(tried.preview.columns)
    assert len(tried.preview.rows) == 4
    done = import_file(world, kind="telemetry", path=path, options=Options(columns=chosen))
    world.commit()
    assert (done.created, done.updated) == (4, 0)
    assert world.scalar(sa.select(sa.func.count()).select_from(RelationshipTelemetry)) == 3
