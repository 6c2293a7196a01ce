"""Statements for and against a finding: whose words bear it out, in which order, and which of them are quotes."""

import numpy as np
import pytest

from app.scoring.rules.agreement import PairedGap
from app.scoring.rules.analyses.dimensions import side_of
from app.scoring.rules.analyses.words import word_figures
from app.scoring.rules.plain import plain
from app.scoring.rules.statements import KEPT, Said, both_sides, is_quote, remark_id

NAN = float("nan")


def said(*rows: tuple[int, int, float]) -> Said:
    """Statements given as (id, account, compound)."""
    ids, account, compound = zip(*rows, strict=True) if rows else ((), (), ())
    return Said(np.array(ids, np.int64), np.array(account, np.int64), np.array(compound, np.float64))


@pytest.mark.parametrize(
    ("rows", "score", "is_of_low", "sides"),
    [
        pytest.param([(1, 0, -0.5), (2, 1, 0.8)], [20.0, 90.0], True, ([1], [2]), id="low complains, high praises"),
        pytest.param([(1, 0, -0.5), (2, 1, 0.8)], [20.0, 90.0], False, ([2], [1]), id="the other way round"),
        pytest.param([(1, 0, 0.8), (2, 1, 0.0)], [20.0, 20.0], True, ([2], [1]), id="who scores low may praise"),
        pytest.param([(1, 0, 0.04), (2, 1, 0.05)], [49.9, 49.9], True, ([1], [2]), id="praise begins at .05"),
        pytest.param(
            [(1, 0, -0.5), (2, 1, -0.5)], [50.0, NAN], True, ([], [1]), id="50 is not low, nothing is nothing"
        ),
        pytest.param(
            [(-3, 0, -0.2), (1, 1, -0.9)], [10.0, 10.0], True, ([1, -3], []), id="the strongest first, of both"
        ),
        pytest.param(
            [(1, 0, -0.9), (2, 0, -0.8), (3, 1, -0.1)],
            [10.0] * 3,
            True,
            ([1, 3, 2], []),
            id="each account before twice",
        ),
        pytest.param([(1, 0, NAN)], [10.0], True, ([1], []), id="unknown sentiment is neither"),
        pytest.param([], [], True, ([], []), id="nobody"),
    ],
)
def test_whose_words_bear_a_finding_out(
    rows: list[tuple[int, int, float]], score: list[float], *, is_of_low: bool, sides: tuple[list[int], list[int]]
) -> None:
    assert both_sides(said(*rows), np.array(score, np.float64), is_of_low=is_of_low) == sides


def test_no_more_are_kept_than_anybody_reads() -> None:
    many = said(*((i, i, -0.5) for i in range(1, KEPT + 20)))
    speak, against = both_sides(many, np.full(KEPT + 19, 10.0), is_of_low=True)
    assert (len(speak), against) == (KEPT, [])


def test_quotes_are_counted_apart() -> None:
    assert [is_quote(each) for each in (-4, 4)] == [True, False]
    assert remark_id(-4) == 4
    rows = said((1, 0, NAN), (2, 1, NAN), (3, 2, NAN), (-1, 0, NAN), (-2, 3, NAN), (4, 4, NAN))
    texts = ["the invoice"] * 5 + ["nothing to add"]
    found = plain(word_figures(texts, rows, np.full(5, 60.0), {}))
    assert (found["texts"], found["quotes"], found["accounts"]) == (6, 2, 5)
    (theme,) = found["themes"]
    assert (theme["mentions"], theme["quotes"], theme["accounts"]) == (5, 2, 4)


def gap(mean: float) -> PairedGap:
    """A gap of so many points."""
    return PairedGap(mean, 2.0, 11, 0.01, mean - 3, mean + 3, 1.0, None, 12)


@pytest.mark.parametrize(
    ("mean", "p", "sure", "side"),
    [
        pytest.param(-12.0, 0.01, (0, 0), True, id="the mean lies below"),
        pytest.param(9.0, 0.04, (5, 0), False, id="the mean lies above, whatever accounts do"),
        pytest.param(-12.0, 0.2, (0, 0), None, id="chance"),
        pytest.param(-12.0, 0.2, (3, 1), True, id="more accounts surely below"),
        pytest.param(-12.0, 0.2, (1, 3), False, id="more accounts surely above"),
        pytest.param(-12.0, None, (0, 2), False, id="all differ alike"),
        pytest.param(None, None, (0, 0), None, id="too few"),
        pytest.param(None, None, None, None, id="nobody asked"),
    ],
)
def test_which_way_a_topic_parts(
    mean: float | None, p: float | None, sure: tuple[int, int] | None, *, side: bool | None
) -> None:
    flags = {} if sure is None else {"flags": {"confirmed": {"low": sure[0], "high": sure[1]}}}
    assert side_of({"gap": None if mean is None else gap(mean), "p_adjusted": p, **flags}) is side
