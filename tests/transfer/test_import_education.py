"""Education comes in by command and by the browser: what the deal included and what was taken, with its history."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import today
from app.education.models import EducationRecord
from app.education.rules.records import METRIC
from app.health.models import HealthChange, Telemetry
from tests.conftest import Fill
from tests.transfer.conftest import build_world
from tests.transfer.uploading import press, send_file
from tests.users.people import CSM, LEADER, add_people, sign_in

Run = Callable[..., Any]

HEADER = "account_id,included,what,hours,seats,taken_on,takers,people,share_percent"
FILE = f"{HEADER}\nA-1,yes,Two courses,16.5,20,2026-01-15,Planners,15,\nA-2,yes,,,,,,,\n"


def records(session: Session) -> list[tuple[Any, ...]]:
    """What is on record, oldest first."""
    shown = ("included", "what", "hours", "seats", "people", "share")
    rows = session.scalars(sa.select(EducationRecord).order_by(EducationRecord.id))
    return [tuple(getattr(row, name) for name in shown) for row in rows]


def shares(session: Session) -> list[float]:
    rows = session.scalars(sa.select(Telemetry).where(Telemetry.metric == METRIC).order_by(Telemetry.account_id))
    return [row.value for row in rows if row.period_end == today()]


@pytest.mark.usefixtures("world")
def test_what_a_file_tells_is_kept_with_its_share_and_the_same_file_changes_nothing(run: Run, session: Session) -> None:
    assert run("education", FILE, "--dry-run").counts == (2, 2, 0, 0)
    assert records(session) == []
    assert run("education", FILE).counts == (2, 2, 0, 0)
    assert records(session) == [("yes", "Two courses", 16.5, 20, 15, 0.75), ("yes", None, None, None, None, None)]
    assert shares(session) == [0.75, 0.0]
    assert session.scalar(sa.select(sa.func.count()).select_from(HealthChange)) == 2
    assert run("education", FILE).counts == (2, 0, 0, 2)
    assert len(records(session)) == 2


@pytest.mark.usefixtures("world")
def test_columns_that_the_file_lacks_stay_and_what_was_known_is_history(run: Run, session: Session) -> None:
    run("education", FILE)
    assert run("education", "account_id,included,people\nA-1,yes,10\nA-2,yes,\n").counts == (2, 0, 1, 1)
    assert records(session)[2:] == [("yes", "Two courses", 16.5, 20, 10, 0.5)]
    assert run("education", f"{HEADER}\nA-1,unknown,,,,,,,\n").counts == (1, 0, 1, 0)
    assert records(session)[3:] == [("unknown", None, None, None, None, None)]
    assert shares(session) == [0.0]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        pytest.param("A-404,yes,,,,,,,", (2, "account_id"), "No account has the id “A-404”", id="account"),
        pytest.param("A-1,,,,,,,,", (2, "included"), "write yes, no or unknown", id="nothing said"),
        pytest.param("A-1,perhaps,,,,,,,", (2, "included"), "use one of: yes, no, unknown", id="another word"),
        pytest.param("A-1,no,Courses,,,,,,", (2, "included"), "so choose “Yes”", id="not included, and what it was"),
        pytest.param("A-1,yes,,,20,,,5,", (2, "taken_on"), "Choose the day", id="people without a day"),
        pytest.param("A-1,yes,,,,2026-01-15,,,101", (2, "share_percent"), "from 0 to 100", id="more than all"),
        pytest.param("A-1,yes,,-1,,,,,", (2, "hours"), "from 0 to 100,000", id="hours below 0"),
        pytest.param("A-1,yes,,,0,,,,", (2, "seats"), "from 1 to", id="no seats"),
        pytest.param(
            f"A-1,yes,,,,{today() + timedelta(days=400)},,,", (2, "taken_on"), "still to come", id="a day to come"
        ),
        pytest.param("A-1,yes,,,,,,,\nA-1,no,,,,,,,", (3, "account_id"), "stands in row 2 already", id="twice"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    run: Run, session: Session, *, row: str, place: tuple[int, str], words: str
) -> None:
    said = run("education", f"{HEADER}\n{row}\n")
    assert (said.status, said.places) == (1, [place])
    assert words in said.reasons
    assert records(session) == []


def add_workspace(session: Session) -> None:
    """The small world with people."""
    build_world(session)
    add_people(session)


def test_a_workbook_with_other_names_is_mapped_shown_and_imported(application: Flask, fill: Fill) -> None:
    from openpyxl import Workbook

    fill(add_workspace)
    book = Workbook()
    for row in (
        ["Customer ID", "Education included", "Training date", "Completion rate"],
        ["A-1", True, today() - timedelta(days=9), 62.5],
        ["A-2", "no", None, None],
    ):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    browser = sign_in(application, LEADER)
    address = send_file(browser, "education", content.getvalue(), filename="education.xlsx").location
    page = browser.get(f"{address}/columns")
    fields = {"column-0": "account_id", "column-1": "included", "column-2": "taken_on", "column-3": "share_percent"}
    for name, field in fields.items():
        place = page.text.index(f'name="{name}"')
        assert f'<option value="{field}" selected' in page.text[place : page.text.index("</select>", place)]
    token = page.text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    assert browser.post(f"{address}/columns", data={"csrf_token": token, **fields}).location == address
    preview = browser.get(address).text
    assert "62.5" in preview
    press(browser, address, "confirm")
    told = browser.get("/accounts/A-1/education").text
    assert "62" in told
    assert sign_in(application, CSM).get("/imports").status_code == 403
