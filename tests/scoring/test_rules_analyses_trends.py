"""Change from wave to wave: the same people apart from who came and who went."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.scoring.rules.accounts import Drawn
from app.scoring.rules.analyses.trends import Wave, account_changes, changes, who
from app.scoring.rules.plain import plain

NAMES = ["support", "value"]


def wave(people: Sequence[tuple[int, int, float]], accounts: int = 12, *, weights: Any = None) -> Wave:
    """A wave of accounts 1…n in two strata, from (contact, account, score); all dimensions and the answer follow it."""
    ids = list(range(1, accounts + 1))
    score = np.array([row[2] for row in people], dtype=np.float64)
    return Wave(
        drawn=Drawn(
            account_ids=ids,
            strata=["a" if i % 2 else "b" for i in ids],
            stratum_sizes={"a": 40, "b": 20},
            arr=np.full(accounts, 1000.0),
            health=np.full(accounts, 50.0),
            health_bands=["amber"] * accounts,
            weights=weights,
        ),
        contacts=np.array([row[0] for row in people], dtype=np.int64),
        account=np.array([row[1] - 1 for row in people], dtype=np.int64),
        role=np.zeros(len(people), dtype=np.int64),
        role_weights=np.array([1.0]),
        names=NAMES,
        dimensions=np.column_stack([score, score]) if len(people) else np.empty((0, 2)),
        recommend=np.round(score / 10),
    )


def change(before: Wave, now: Wave, figure: str = "voice") -> dict[str, Any]:
    """One figure's change as a file holds it."""
    found: dict[str, Any] = {row["figure"]: row for row in plain(changes(before, now, NAMES, NAMES))}
    return found[figure]


def test_the_same_people_who_moved_alike_are_the_whole_change() -> None:
    before = wave([(i, i, 40.0 + i) for i in range(1, 13)])
    now = wave([(i, i, 45.0 + i) for i in range(1, 13)])
    found = change(before, now)
    assert found["total"]["value"] == pytest.approx(5)
    assert found["same"]["value"] == pytest.approx(5)
    assert found["mix"]["value"] == pytest.approx(0)
    assert who(before, now) == {"same": 12, "came": 0, "went": 0}


def test_others_at_the_same_accounts_are_the_mix_alone() -> None:
    stay = [(i, i, 50.0 + i) for i in range(1, 7)]
    before = wave([*stay, *((100 + i, i, 40.0 + i) for i in range(7, 13))])
    now = wave([*stay, *((200 + i, i, 80.0 + i) for i in range(7, 13))])
    found = change(before, now)
    assert found["same"]["value"] == pytest.approx(0)
    assert found["total"]["value"] == pytest.approx(20)
    assert found["mix"]["value"] == pytest.approx(20)
    assert who(before, now) == {"same": 6, "came": 6, "went": 6}


@pytest.mark.parametrize("figure", ["voice", "nps", "support"])
def test_the_parts_add_up_to_the_difference_of_both_estimates(figure: str) -> None:
    rng = np.random.default_rng(4)
    before = wave([(i, 1 + i % 12, rng.uniform(20, 100)) for i in range(40)])
    now = wave([(i, 1 + i % 11, rng.uniform(20, 100)) for i in range(20, 70)])
    found = change(before, now, figure)
    assert found["total"]["value"] == pytest.approx(found["now"]["value"] - found["before"]["value"])
    assert found["same"]["value"] + found["mix"]["value"] == pytest.approx(found["total"]["value"])
    assert found["people"] == 20
    for part in ("total", "same", "mix"):
        assert found[part]["lo"] < found[part]["value"] < found[part]["hi"]


def test_with_equal_weights_the_same_peoples_interval_is_the_paired_one() -> None:
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(5)
    old, new = rng.uniform(30, 90, 12), rng.uniform(30, 90, 12)
    ones = np.full(12, 5.0)
    before = wave([(i, i, old[i - 1]) for i in range(1, 13)], weights=ones)
    now = wave([(i, i, new[i - 1]) for i in range(1, 13)], weights=ones)
    found, expected = change(before, now)["same"], ttest_rel(new, old)
    assert found["p"] == pytest.approx(expected.pvalue)
    assert found["lo"] == pytest.approx(expected.confidence_interval().low)


def test_the_order_of_people_does_not_matter() -> None:
    rng = np.random.default_rng(6)
    first = [(i, 1 + i % 12, rng.uniform(20, 100)) for i in range(30)]
    second = [(i, 1 + i % 12, rng.uniform(20, 100)) for i in range(10, 40)]
    one, other = change(wave(first), wave(second)), change(wave(first[::-1]), wave(second[::-1]))
    for part in ("total", "same", "mix"):
        assert one[part]["value"] == pytest.approx(other[part]["value"])
        assert one[part]["se"] == pytest.approx(other[part]["se"])


def test_adding_a_constant_to_both_waves_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    people = [(i, 1 + i % 12, rng.uniform(20, 60)) for i in range(30)]
    later = [(i, 1 + i % 12, rng.uniform(20, 60)) for i in range(30)]
    raised = [[(c, a, score + 30) for c, a, score in rows] for rows in (people, later)]
    one, other = change(wave(people), wave(later)), change(wave(raised[0]), wave(raised[1]))
    assert one["same"]["value"] == pytest.approx(other["same"]["value"])
    assert one["same"]["se"] == pytest.approx(other["same"]["se"])


@pytest.mark.parametrize(
    ("before", "now", "same", "total"),
    [
        pytest.param([], [], "EMPTY", "EMPTY", id="nobody at all"),
        pytest.param([], [(1, 1, 50.0)], "EMPTY", "EMPTY", id="nobody before"),
        pytest.param([(1, 1, 50.0)], [(2, 1, 60.0)], "EMPTY", "SINGLETON", id="nobody twice, one account"),
        pytest.param([(1, 1, 50.0)], [(1, 1, 60.0)], "SINGLETON", "SINGLETON", id="one person"),
        pytest.param(
            [(i, i, 50.0 + i) for i in range(1, 5)],
            [(i, i, 55.0 + 2 * i) for i in range(1, 5)],
            "THIN",
            "THIN",
            id="four accounts",
        ),
        pytest.param(
            [(i, i, 50.0) for i in range(1, 9)], [(i, i, 50.0) for i in range(1, 9)], "ZERO_VAR", "ZERO_VAR", id="alike"
        ),
    ],
)
def test_what_cannot_be_told_says_why(
    before: list[tuple[int, int, float]], now: list[tuple[int, int, float]], same: str, total: str
) -> None:
    found = change(wave(before), wave(now))
    assert found["same"]["warnings"] == [same]
    assert found["total"]["warnings"] == [total]
    assert found["same"]["p"] is None


def test_the_same_people_are_held_to_what_they_answered_both_times() -> None:
    before = wave([(i, i, 40.0) for i in range(1, 13)])
    asked_more = dataclasses.replace(before, dimensions=np.column_stack([np.full(12, 40.0), np.full(12, 100.0)]))
    asked_less = dataclasses.replace(before, dimensions=np.column_stack([np.full(12, 40.0), np.full(12, np.nan)]))
    found = change(asked_less, asked_more)
    assert found["same"]["value"] == pytest.approx(0)
    assert found["mix"]["value"] == pytest.approx(30)


def test_accounts_show_the_same_people_alone() -> None:
    before = wave([(1, 1, 40.0), (2, 2, 50.0)])
    now = wave([(1, 1, 60.0), (3, 1, 0.0), (4, 2, 90.0)])
    assert account_changes(before, now, NAMES) == [{"position": 0, "before": 40.0, "now": 60.0, "people": 1}]
