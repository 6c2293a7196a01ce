"""Agreement in depth: equal shares of colours are no agreement, and places need no common scale."""

import numpy as np
import pytest

from app.scoring.rules.analyses.agreement import agreement_in_depth, table_figures
from app.scoring.rules.plain import plain
from app.scoring.rules.portfolio import BANDS

EQUAL_MARGINS = [[18, 7, 5], [6, 8, 4], [3, 3, 6]]


def bands_of(table: list[list[int]]) -> tuple[list[str | None], list[str | None]]:
    """The colours of every account of a cross-table, by rows and by columns."""
    cells = [(h, v) for i, h in enumerate(BANDS) for j, v in enumerate(BANDS) for _ in range(table[i][j])]
    return [h for h, _ in cells], [v for _, v in cells]


def test_margins_that_look_equal_hide_28_disagreements_of_60() -> None:
    found = table_figures(*bands_of(EQUAL_MARGINS))
    assert found["table"] == EQUAL_MARGINS
    assert (found["n"], found["disagree"]) == (60, 28)
    assert found["margins"].p == pytest.approx(0.70, abs=0.005)


def test_few_pairs_give_no_kappa() -> None:
    found = table_figures(["red", "green"], ["red", "green"])
    assert found["kappa"].value is None
    assert found["agree"] == 2


def test_nobody_heard_is_no_table_and_no_places() -> None:
    nothing = np.full(3, np.nan)
    found = plain(agreement_in_depth(nothing, np.array([1.0, 50, 90]), [None] * 3, ["red", "amber", "green"]))
    assert found["printed"]["n"] == 0
    assert found["printed"]["share"] is None
    assert found["percentiles"] == []


def test_places_are_of_accounts_with_both_scores_alone() -> None:
    voice, health = np.array([10.0, np.nan, 90, 50]), np.array([90.0, 10, 10, np.nan])
    found = agreement_in_depth(voice, health, ["red", None, "green", "amber"], ["green", "red", "red", None])
    assert found["percentiles"] == [
        {"position": 0, "health": 75.0, "voice": 25.0},
        {"position": 2, "health": 25.0, "voice": 75.0},
    ]


def test_both_cut_alike_is_another_table_than_the_scorecards() -> None:
    found = agreement_in_depth(np.array([80.0]), np.array([60.0]), ["green"], ["green"])
    assert found["printed"]["agree"] == 1
    assert found["same_cuts"]["agree"] == 0
