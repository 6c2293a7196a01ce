"""What is worth asking in a meeting, and what stands on the page where little is known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.customer360.rules.bars import gap_bar
from app.customer360.rules.workings import DimensionLine
from app.ledger.rules.items import Entry, Item, Measure, Unit
from app.ledger.rules.typed import Side
from app.meetings.rules import ALWAYS, LONGEST, asks, meeting_of

ON = date(2026, 11, 28)


def promise(text: str, promised_on: date | None = None, delivered_on: date | None = None, **more: Any) -> Item:
    usual: dict[str, Any] = dict.fromkeys(("due_on", "promised", "evidence")) | {"entries": (), "answers": ()}
    of: dict[str, Any] = {"id": 1, "aspect": "economic", "source": "sales", "since": promised_on or ON}
    return Item(text=text, promised_on=promised_on, delivered_on=delivered_on, **of | usual | more)


def line(name: str, health: float | None, voice: float) -> DimensionLine:
    bar = gap_bar(health, voice, None if health is None else voice - health)
    return DimensionLine(name, bar, f"{voice:.0f}", "" if health is not None else "no telemetry", "3 people")


def page(*lines: DimensionLine) -> Any:
    return SimpleNamespace(crm_id="A1", name="One", title="One", lede="", owner="", quotes=[], dimensions=list(lines))


LOW, HIGH, SAME = line("Support", 90.0, 40.0), line("Adoption", 30.0, 70.0), line("Value", 60.0, 62.0)
OWED = promise("Two days on site", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("lines", "owed", "unheard", "renewal", "words"),
    [
        pytest.param(
            [SAME, HIGH, LOW],
            [OWED],
            ["Champion"],
            None,
            [
                "Support: what would have to change",
                "We promised you “Two days on site”",
                "Whom of those we have not heard",
            ],
            id="one of each kind, what is worse first",
        ),
        pytest.param(
            [HIGH],
            [],
            [],
            ON + timedelta(days=30),
            ["Adoption: what makes it work", "before you decide about renewing", ALWAYS[0].words],
            id="better than the figures, and soon to decide",
        ),
        pytest.param(
            [LOW, HIGH],
            [],
            [],
            ON - timedelta(days=1),
            ["Support: what would have to change", "Adoption: what makes it work", ALWAYS[0].words],
            id="a renewal that is over is not asked about",
        ),
        pytest.param([line("Skills", None, 10.0)], [], [], None, [each.words for each in ALWAYS], id="nothing known"),
    ],
)
def test_three_questions_are_asked(
    lines: list[DimensionLine], owed: list[Item], unheard: list[str], renewal: date | None, words: list[str]
) -> None:
    found = asks(page(*lines), owed=owed, unheard=unheard, renewal=renewal, on=ON)
    assert len(found) == 3
    for question, part in zip(found, words, strict=True):
        assert part in question.words
        assert question.why.endswith(".")


def test_only_what_is_owed_and_open_stands_there() -> None:
    kept = promise("Kept", date(2026, 1, 1), date(2026, 2, 1))
    done, todo = SimpleNamespace(done_at=ON), SimpleNamespace(done_at=None)
    found = meeting_of(
        page(SAME), figures=[], promises=[OWED, kept], steps=[done, todo], unheard=[], renewal=None, on=ON
    )
    assert [each.text for each in found.owed] == ["Two days on site"]
    assert found.owed_title == "One promise is still owed"
    assert found.steps == [todo]
    assert found.differences_title == "Health and voice agree on each topic that both know"


def test_what_is_owed_says_what_the_ledger_says_of_it() -> None:
    dollars = Measure(Decimal(300), Unit(is_money=True, name="USD"))
    when = datetime(2026, 5, 1, tzinfo=UTC)
    part = Entry(
        1, Side.DELIVERED, "sales", date(2026, 4, 1), dollars, completes=False, evidence=None,
        recorded_at=when, who=None, withdrawn_at=None, withdrawn_because=None,
    )  # fmt: skip
    coming = promise("Coming", date(2026, 3, 1), ON + timedelta(days=9), due_on=date(2026, 6, 1), entries=(part,))
    found = meeting_of(page(), figures=[], promises=[coming], steps=[], unheard=[], renewal=None, on=ON)
    assert found.owed_title == "One promise is still owed", "a day that is still to come has not come"
    about = found.owed[0].about.replace("\N{NO-BREAK SPACE}", " ")
    assert about == "promised 1 March 2026, 272 days ago; due 1 June 2026, which is past; $300 of it has arrived"


@pytest.mark.parametrize(
    ("promises", "title"),
    [([], "No promise is on record"), ([promise("x", None, ON)], "All that was promised is delivered")],
)
def test_nothing_owed_is_said(promises: list[Item], title: str) -> None:
    found = meeting_of(page(), figures=[], promises=promises, steps=[], unheard=[], renewal=None, on=ON)
    assert found.owed_title == title
    assert found.steps_title == "No follow-up is open"
    assert found.quotes_title == "Nobody has said anything that may be quoted"


def test_words_without_end_are_cut() -> None:
    found = asks(page(), owed=[promise("word " * 5_000)], unheard=[], renewal=None, on=ON)
    assert len(found[0].words) < LONGEST + 80
