"""The distress index: high is bad, silence is not calm, and every way in which nothing can be told."""

from typing import Any

import numpy as np
import pytest

from app.scoring.rules.distress import Band, Raised, distress, drivers, indicators, placed_in, rank_ranges, summary_of


def raised(n: int, **columns: Any) -> Raised:
    zero, none = np.zeros(n), np.full(n, np.nan)
    given = {"ever": zero, "recent": zero, "still_open": zero, "days_open": none, "days_to_close": none}
    given["seats"] = np.full(n, 100.0)
    return Raised(**{**given, **{key: np.array(value, dtype=np.float64) for key, value in columns.items()}})


def support(n: int) -> Any:
    return np.full(n, np.nan)


RISING = raised(
    12, ever=range(1, 13), recent=range(12), still_open=range(12), days_open=range(1, 13), days_to_close=range(1, 13)
)


def test_more_trouble_is_more_distress() -> None:
    found = distress(RISING, RISING, support(12), seed=1)
    assert list(found.scores) == sorted(found.scores)
    assert list(found.ranks) == list(range(12, 0, -1))
    assert found.scores == pytest.approx(found.earlier)
    assert [found.bands.count(band) for band in Band] == [3, 3, 3, 3, 0, 0]


def test_an_account_without_cases_is_silent_and_in_no_quarter() -> None:
    found = distress(raised(12, ever=[0, *range(1, 12)]), RISING, support(12), seed=1)
    assert found.bands[0] is Band.SILENT
    assert np.isnan(found.values[0, 3:]).all()
    assert not np.isnan(found.scores[0])


def test_counts_are_per_hundred_seats() -> None:
    seats = [50] + [500] * 11
    found = distress(raised(12, ever=[5] * 12, seats=seats), RISING, support(12), seed=1)
    assert found.values[:2, 0].tolist() == [10.0, 1.0]
    assert found.ranks[0] == 1


@pytest.mark.parametrize(
    ("seats", "days_open", "band", "is_told"),
    [
        pytest.param(np.nan, np.nan, Band.UNKNOWN, False, id="no seats and no times"),
        pytest.param(0.0, np.nan, Band.UNKNOWN, False, id="zero seats"),
        pytest.param(np.nan, 90.0, Band.HIGH, True, id="no seats, but an old case"),
    ],
)
def test_without_seats_the_times_alone_count(seats: float, days_open: float, band: Band, is_told: bool) -> None:
    now = raised(
        12,
        ever=range(1, 13),
        recent=[0] * 11 + [1],
        still_open=[0] * 11 + [1],
        days_open=[*range(1, 12), days_open],
        seats=[100.0] * 11 + [seats],
    )
    found = distress(now, now, support(12), seed=1)
    assert found.bands[-1] is band
    assert np.isnan(found.scores[-1]) != is_told
    assert (found.ranks[-1] > 0) == is_told


def test_few_accounts_stand_between_goalposts() -> None:
    now = raised(2, ever=[0, 400], days_open=[np.nan, 30])
    found = distress(now, now, support(2), seed=1)
    assert found.uses_goalposts
    assert found.places[1, [0, 3]].tolist() == [100.0, 50.0]
    assert found.places[0, 0] == 0


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_and_one_account(n: int) -> None:
    found = distress(raised(n), raised(n), support(n), seed=1)
    assert len(found.scores) == len(found.ranks) == n
    assert summary_of(found)["accounts"] == n


def test_all_alike_share_the_middle_and_the_first_place() -> None:
    now = raised(12, ever=[3] * 12)
    found = distress(now, now, support(12), seed=1)
    assert found.scores == pytest.approx(np.full(12, 50.0))
    assert (set(found.ranks), set(found.rank_lo), set(found.rank_hi)) == ({1}, {1}, {1})


def test_the_trend_is_measured_on_the_scale_of_now() -> None:
    before = raised(12, ever=[1] * 12)
    found = distress(RISING, before, support(12), seed=1)
    assert np.isnan(placed_in(indicators(before), indicators(RISING))).sum() == 24
    assert found.earlier[11] < found.scores[11]


def test_the_voice_is_a_quarter_of_the_second_figure() -> None:
    voices = np.array([100.0] + [np.nan] * 11)
    found = distress(RISING, RISING, voices, seed=1)
    assert found.with_voice[0] == pytest.approx(0.75 * found.scores[0])
    assert np.isnan(found.with_voice[1:]).all()


def test_ranks_move_with_the_weights_and_the_seed_decides() -> None:
    places = np.random.default_rng(5).uniform(0, 100, (40, 5))
    ranks, low, high = rank_ranges(places, seed=3)
    assert (low <= ranks).all()
    assert (ranks <= high).all()
    assert (low < high).any()
    assert all((a == b).all() for a, b in zip(rank_ranges(places, seed=3), (ranks, low, high), strict=True))


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param([90.0, 20.0, 95.0, None, 60.0], [2, 0], id="the two highest"),
        pytest.param([10.0, 20.0, None, None, 50.0], [], id="nothing above the middle"),
        pytest.param([None] * 5, [], id="nothing known"),
    ],
)
def test_the_drivers(places: list[float | None], expected: list[int]) -> None:
    assert drivers(places) == expected
