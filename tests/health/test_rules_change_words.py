"""A change of health in words, its line as a drawing, and who moved between two days."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.health.rules.change_words import Versions, change_line, head_of, is_worth_telling, most_moved, why_of
from app.health.rules.changes import Line, Standing, change_between
from app.health.rules.days import month_before
from app.health.rules.moves import Move, Show, asked_moves, counts_of, moves_lede, moves_title
from app.health.rules.scorecard import parse_scorecard
from app.health.rules.trend import NARROW, WIDE, trend_drawing
from app.health.rules.trend_page import trend_page

DAY = date(2026, 3, 31)
LINE = [[0, 0], [100, 100]]
CARD = parse_scorecard(
    {
        "key": "default",
        "measures": [
            {"key": "use", "name": "Usage", "metric": "use", "points": LINE, "weight": 3, "per": "seats"},
            *({"key": key, "name": key.title(), "metric": key, "points": LINE, "weight": 1} for key in "abcd"),
        ],
        "lifecycle": {"onboarding": {"bands": {"amber_from": 20, "green_from": 40}}},
    }
)
VERSIONS = Versions({1: 1, 2: 2}, {1: CARD, 2: CARD})


def stands(day: int, score: float | None, band: str | None, version: int = 1, **extra: Any) -> Standing:
    lines = {} if score is None else {"use": Line(score / 100, score, 1.0)}
    return Standing(day + 1, DAY + timedelta(days=day), version, score, band, lines, **extra)


@pytest.mark.parametrize(
    ("before", "after", "head", "why"),
    [
        pytest.param(
            (71, "amber"), (58, "amber"), "71 → 58 (amber)", "Usage gave 13 less (0.71 → 0.58 a seat).", id="same"
        ),
        pytest.param(
            (80, "green"),
            (58, "amber"),
            "80 → 58 (green → amber)",
            "Usage gave 22 less (0.8 → 0.58 a seat).",
            id="band",
        ),
        pytest.param(
            (75.2, "green"),
            (74.9, "amber"),
            "75.2 → 74.9 (green → amber)",
            "Usage gave 0.3 less.",
            id="another colour for less than a point",
        ),
        pytest.param(
            (75, "green"),
            (75, "amber"),
            "75 → 75 (green → amber)",
            "No measure moved by a tenth of a point.",
            id="bands",
        ),
        pytest.param(
            (75, "green"),
            (None, None),
            "75 → – (green → too little signal)",
            "No measure had a value any more.",
            id="gone",
        ),
        pytest.param(
            (None, None),
            (75, "green"),
            "– → 75 (too little signal → green)",
            "A measure had a value for the first time since.",
            id="come",
        ),
    ],
)
def test_a_change_is_told(
    before: tuple[float | None, str | None], after: tuple[float | None, str | None], head: str, why: str
) -> None:
    change = change_between(stands(0, *before), stands(1, *after), VERSIONS.scorecards)
    assert (head_of(change), why_of(change, VERSIONS)) == (head, why)
    assert is_worth_telling(change)


def test_the_three_largest_parts_are_named_and_the_others_summed() -> None:
    keys = ("use", "a", "b", "c", "d")
    one, other = (
        {key: Line(value, value, 0.2) for key, value in zip(keys, values, strict=True)}
        for values in ((50, 50, 50, 50, 50), (10, 20, 80, 45, 40))
    )
    before = Standing(1, DAY, 1, 50.0, "amber", one)
    after = Standing(2, DAY, 1, 39.0, "red", other)
    change = change_between(before, after, VERSIONS.scorecards)
    assert why_of(change, VERSIONS) == (
        "Usage gave 8 less (50 → 10 a seat), A gave 6 less (50 → 20), B gave 6 more (50 → 80), "
        "two other parts together 3 less."
    )
    assert most_moved(change, VERSIONS) == "Usage gave 8 less (50 → 10 a seat)"
    assert [part.moved for part in change_line(change, VERSIONS).parts] == ["−8.0", "−6.0", "+6.0", "−2.0", "−1.0"]


def test_a_cap_is_told() -> None:
    capped = stands(
        1,
        80,
        "amber",
        calculated_band="green",
        capped_by={"group": "support", "is": "red", "cap": "amber", "measure": "use"},
    )
    line = change_line(change_between(stands(0, 80, "green"), capped, VERSIONS.scorecards), VERSIONS)
    assert (
        "Usage is red, and any red in support caps the colour at amber; by the score alone it would be green."
        in line.notes
    )


def test_a_tenth_of_a_point_is_no_change_worth_a_line() -> None:
    change = change_between(stands(0, 60, "amber"), stands(1, 60.1, "amber"), VERSIONS.scorecards)
    assert not is_worth_telling(change)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("days", [[0, 1], [0, 30, 61], list(range(400))], ids=["two", "three", "a year and more"])
def test_a_line_stays_inside_its_drawing(size: tuple[int, int], days: list[int]) -> None:
    standings = [stands(day, (day * 7) % 101, "amber", version=1 + (day > 1)) for day in days]
    drawing = trend_drawing(standings, VERSIONS, stage=None, size=size)
    points = [tuple(map(float, pair.split(","))) for line in drawing.lines for pair in line.split()]
    assert len(points) == len(days)
    left, top, right, bottom = drawing.plot
    assert all(left <= x <= right and top <= y <= bottom for x, y in points)
    assert all(zone.x + zone.width <= right + 0.2 for zone in drawing.zones)
    words = [(each.x, each.words) for each in drawing.days]
    assert words == sorted(words)
    assert len(drawing.days) <= size[0] // 50


@pytest.mark.parametrize(
    ("days", "written"),
    [
        pytest.param((0, 90, 180), ["0", "90", "180"], id="far apart"),
        pytest.param((0, 90, 177, 180), ["0", "90", "180"], id="of two that would touch the later"),
        pytest.param((0, 1, 180), ["1", "180"], id="also at the beginning"),
    ],
)
def test_figures_at_the_line_do_not_touch(days: tuple[int, ...], written: list[str]) -> None:
    standings = [Standing(day + 1, DAY + timedelta(days=day), 1, float(day), "red", {}) for day in days]
    drawing = trend_drawing(standings, VERSIONS, stage=None)
    assert [ring.figure for ring in drawing.rings if ring.figure] == written
    assert len(drawing.rings) == len(days)


def test_the_bands_of_a_stage_lie_behind_its_line() -> None:
    plain, own = (
        trend_drawing([stands(0, 30, "red"), stands(1, 30, "red")], VERSIONS, stage=stage)
        for stage in (None, "Onboarding")
    )
    assert [tick.words for tick in plain.ticks] == ["0", "50", "75", "100"]
    assert [tick.words for tick in own.ticks] == ["0", "20", "40", "100"]


def test_days_without_a_score_at_all_are_no_line() -> None:
    page = trend_page("A", [stands(0, None, None), stands(1, None, None)], VERSIONS, stage=None)
    assert page.wide is None
    assert page.title == "Too little signal to say how A is"


@pytest.mark.parametrize(
    ("days", "place"),
    [
        pytest.param([0], 0, id="one day"),
        pytest.param([0, 1], 0, id="two days"),
        pytest.param([0, 20, 31, 61], 2, id="thirty days before"),
        pytest.param([0, 56, 81], 1, id="the nearest"),
        pytest.param([0, 100], 0, id="long ago"),
    ],
)
def test_a_month_before_is_the_nearest_day(days: list[int], place: int) -> None:
    assert month_before([DAY + timedelta(days=day) for day in days]) == place


MOVES = [
    Move("green", "amber", 3, Decimal(300_000), 1),
    Move("amber", "green", 2, Decimal(50_000), 0),
    Move("green", None, 1, None, 0),
    Move(None, "red", 1, Decimal(1), 0),
]


def test_moves_are_counted_and_told() -> None:
    asked = asked_moves({}, [DAY, DAY + timedelta(days=30)])
    assert counts_of(MOVES) == {Show.ALL: 7, Show.WORSE: 3, Show.SILENT: 1, Show.BETTER: 2, Show.HEARD: 1}
    title = moves_title(MOVES, asked, sees_all=True).replace("\u00a0", " ")
    assert title == "Seven accounts changed colour between 31 March 2026 and 30 April 2026, three for the worse"
    lede = moves_lede(MOVES, "EUR").replace("\u00a0", " ")
    assert lede == (
        "€300 k a year turned worse, €50 k a year turned better. "
        "One account in another currency is counted, not summed."
    )
    assert moves_lede([], "EUR") == ""
