"""Charts: every account drawn, every interval drawn, nine names at most, and two widths."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.rules.charts.bars import roles_chart, strata_chart
from app.reports.rules.charts.base import MOST_ROWS, NARROW, WIDE, Chart, Spec
from app.reports.rules.charts.crowds import CELL, MANY, per_mark, thinned
from app.reports.rules.charts.quadrant import CROWD, MOST_NAMED, label_heights, named_accounts, quadrant_chart
from app.reports.rules.document import Document
from app.reports.rules.report import charts
from tests.reports.portfolios import document_of


@pytest.fixture(scope="module")
def document() -> Document:
    """Sixty of 120 accounts."""
    return document_of(60, 120)


def rows_of(spec: Spec, *fields: str) -> list[dict[str, Any]]:
    rows = [row for layer in spec["layer"] for row in layer["data"]["values"]]
    return [row for row in rows if set(row) == set(fields)]


def outer_width(spec: Spec) -> int:
    return int(spec["width"] + spec["padding"]["left"] + spec["padding"]["right"])


def test_the_quadrant_has_a_mark_for_every_account_with_both_scores(document: Document) -> None:
    both = [a for a in document["accounts"] if a["quadrant"] != "insufficient"]
    wanted = sorted((round(a["health"], 2), round(a["voice"], 2)) for a in both)
    chart = quadrant_chart(document)
    for spec in (chart.wide, chart.narrow):
        assert spec is not None
        marks = rows_of(spec, "health", "voice", "to")
        assert sorted((row["health"], row["voice"]) for row in marks) == wanted
        assert {row["to"].rpartition("/")[2] for row in marks} == set(chart.links) == {a["account_id"] for a in both}
    assert len(wanted) == document["agreement"]["n"]


def test_differences_have_a_ring_for_every_account(document: Document) -> None:
    chart = charts(document)["differences"]
    assert chart.wide is not None
    assert len(rows_of(chart.wide, "x", "y")) == document["agreement"]["n"]


def test_at_most_nine_are_named() -> None:
    rows = [{"quadrant": "hidden_risk", "tier": "none", "p_low": 0.1, "p_high": 0.0}] * 30
    assert len(named_accounts(rows)) == MOST_NAMED


def test_a_crowd_is_drawn_small_and_still_whole() -> None:
    crowd = document_of(700, 700, answering=1, people=(2, 2), words=0)
    assert crowd["agreement"]["n"] > CROWD
    chart = quadrant_chart(crowd)
    assert chart.wide is not None
    assert len(rows_of(chart.wide, "health", "voice")) == crowd["agreement"]["n"]
    assert chart.links == {}
    assert len(chart.rows) + chart.more_rows == crowd["agreement"]["n"]
    assert len(chart.shown_rows) == MOST_ROWS
    assert "more rows" in chart.rows_note


@pytest.mark.parametrize("key", ["quadrant", "differences", "dimensions", "value", "gaps"])
def test_wide_charts_have_a_drawing_for_phones(document: Document, key: str) -> None:
    chart = charts(document)[key]
    assert chart.wide is not None
    assert chart.narrow is not None
    assert (outer_width(chart.wide), outer_width(chart.narrow)) == (WIDE, NARROW)


@pytest.mark.parametrize("key", ["agreement", "dimensions", "value", "gaps"])
def test_intervals_are_drawn(document: Document, key: str) -> None:
    spec = charts(document)[key].wide
    assert spec is not None
    bars = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rule" and "x2" in layer["encoding"]]
    assert [layer for layer in bars if layer["encoding"]["x2"] == {"field": "hi"}]


def test_every_chart_says_what_it_shows_and_has_its_numbers(document: Document) -> None:
    for chart in charts(document).values():
        assert chart.title
        assert chart.subtitle
        assert chart.label
        assert chart.rows
        assert all(len(row) == len(chart.columns) for row in chart.rows)


def test_specifications_are_plain_json(document: Document) -> None:
    for chart in charts(document).values():
        json.dumps([chart.wide, chart.narrow], allow_nan=False)


def test_names_reach_specifications_as_values_only(document: Document) -> None:
    name = "datum['x'] <script>"
    hostile = {**document, "accounts": [{**a, "name": name} for a in document["accounts"]]}
    for chart in charts(hostile).values():
        for spec in (chart.wide, chart.narrow):
            stripped = json.dumps([{**layer, "data": None} for layer in spec["layer"]] if spec else [])
            assert "script" not in stripped


def test_an_empty_chart_says_why() -> None:
    for chart in charts(document_of(10, 40, answering=0)).values():
        if chart.wide is None:
            assert chart.empty.endswith(".")


def test_many_strata_show_those_that_answered_least(document: Document) -> None:
    strata = [{"stratum": f"S{i:02d}", "size": 9, "drawn": 50, "responded": i} for i in range(40)]
    chart: Chart = charts({**document, "sample": {**document["sample"], "by_stratum": strata}})["strata"]
    assert "The 12 of 40 strata" in chart.subtitle
    assert len(chart.rows) == 40
    assert "S00" in json.dumps(chart.wide)
    assert "S39" not in json.dumps(chart.wide)


@given(st.lists(st.floats(0, 266), max_size=9).map(sorted))
def test_labels_never_overlap_and_stay_inside(wanted: list[float]) -> None:
    placed = label_heights(wanted, 6, 260)
    assert all(after - before >= 15 - 1e-9 for before, after in pairwise(placed))
    assert all(6 - 1e-9 <= height <= 260 + 1e-9 for height in placed)


def test_marks_of_thousands_become_one_per_cell_and_the_subtitle_says_so() -> None:
    points = [{"x": i / 100, "y": (i * 7 % 1000) / 10} for i in range(10_000)]
    kept = thinned(points, "x", "y")
    assert len(kept) <= 34 * 34
    cells = {(point["x"] // CELL, point["y"] // CELL) for point in points}
    assert {(point["x"] // CELL, point["y"] // CELL) for point in kept} == cells, "no cell is empty that was not"
    assert thinned(points[:MANY], "x", "y") == points[:MANY]
    assert per_mark(MANY) == "one mark per account"
    assert per_mark(MANY + 1, "ring") == "one ring where accounts lie within 5 points"


def test_bars_lead_to_the_report_of_their_part_within_what_is_shown() -> None:
    document = document_of(20, 40) | {"filters": {"tier": "Gold & more"}}
    document["draw"] = document["draw"] | {"strata": ["segment"]}
    named = [("Large & old", 3), ("Small", 2), ("certainty", 1), ("", 1)]
    document["sample"]["by_stratum"] = [
        {"stratum": name, "size": 9, "drawn": 9, "responded": heard} for name, heard in named
    ]
    strata, roles = strata_chart(document), roles_chart(document)
    prefix = f"/studies/{document['study']}/gaps?tier=Gold+%26+more&"
    assert strata.links == {
        "0": (f"{prefix}segment=Large+%26+old", "Large & old: show this part"),
        "1": (f"{prefix}segment=Small", "Small: show this part"),
    }
    assert {address.rpartition("&")[2] for address, _ in roles.links.values()} == {
        f"role={each['role']}" for each in document["sample"]["by_role"]
    }
    linked = {row["to"] for one in strata.wide["layer"] if "href" in one["encoding"] for row in one["data"]["values"]}
    assert {address.rpartition("/")[2] for address in linked} == {"0", "1"}


@pytest.mark.parametrize("strata", [[], ["industry"], ["segment", "tier"]], ids=str)
def test_strata_that_no_filter_can_show_lead_nowhere(strata: list[str]) -> None:
    document = document_of(20, 40)
    document["draw"] = document["draw"] | {"strata": strata}
    assert strata_chart(document).links == {}
