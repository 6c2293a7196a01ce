"""What is worth asking in a meeting, and what stands on the page where little is known."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.customer360.rules.bars import gap_bar
from app.customer360.rules.workings import DimensionLine
from app.meetings.rules import ALWAYS, LONGEST, asks, meeting_of

ON = date(2026, 11, 28)


@dataclass(frozen=True)
class Promise:
    text: str
    promised_on: date | None = None
    delivered_on: date | None = None


def line(name: str, health: float | None, voice: float) -> DimensionLine:
    bar = gap_bar(health, voice, None if health is None else voice - health)
    return DimensionLine(name, bar, f"{voice:.0f}", "" if health is not None else "no telemetry", "3 people")


def page(*lines: DimensionLine) -> Any:
    return SimpleNamespace(crm_id="A1", name="One", title="One", lede="", owner="", quotes=[], dimensions=list(lines))


LOW, HIGH, SAME = line("Support", 90.0, 40.0), line("Adoption", 30.0, 70.0), line("Value", 60.0, 62.0)
OWED = Promise("Two days on site", date(2026, 3, 1))


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
    lines: list[DimensionLine], owed: list[Promise], unheard: list[str], renewal: date | None, words: list[str]
) -> None:
    found = asks(page(*lines), owed=owed, unheard=unheard, renewal=renewal, on=ON)
    assert len(found) == 3
    for question, part in zip(found, words, strict=True):
        assert part in question.words
        assert question.why.endswith(".")


def test_only_what_is_owed_and_open_stands_there() -> None:
    kept = Promise("Kept", date(2026, 1, 1), date(2026, 2, 1))
    done, todo = SimpleNamespace(done_at=ON), SimpleNamespace(done_at=None)
    found = meeting_of(
        page(SAME), figures=[], promises=[OWED, kept], steps=[done, todo], unheard=[], renewal=None, on=ON
    )
    assert [each.text for each in found.owed] == ["Two days on site"]
    assert found.owed_title == "One promise is still owed"
    assert found.steps == [todo]
    assert found.differences_title == "Health and voice agree on each topic that both know"


@pytest.mark.parametrize(
    ("promises", "title"),
    [([], "No promise is on record"), ([Promise("x", None, ON)], "All that was promised is delivered")],
)
def test_nothing_owed_is_said(promises: list[Promise], title: str) -> None:
    found = meeting_of(page(), figures=[], promises=promises, steps=[], unheard=[], renewal=None, on=ON)
    assert found.owed_title == title
    assert found.steps_title == "No follow-up is open"
    assert found.quotes_title == "Nobody has said anything that may be quoted"


def test_words_without_end_are_cut() -> None:
    found = asks(page(), owed=[Promise("word " * 5_000)], unheard=[], renewal=None, on=ON)
    assert len(found[0].words) < LONGEST + 80
