"""Weights against non-response: classes in order, merging, raking, cutting, and what blocks them."""

import numpy as np
import pytest

from app.scoring.rules.adjusting import arr_bands, cells_in_order, class_weights, raked_weights


def test_thirds_by_arr() -> None:
    bands, cuts = arr_bands(np.array([10.0, 20, 30, 40, 50, 60, np.nan]))
    assert bands == ["low", "low", "middle", "middle", "high", "high", "unknown"]
    assert len(cuts) == 2


@pytest.mark.parametrize("arr", [[5.0, 5.0], [5.0]])
def test_without_spread_all_are_in_the_middle(arr: list[float]) -> None:
    assert arr_bands(np.array([*arr, np.nan])) == (["middle"] * len(arr) + ["unknown"], [])


def test_neighbours_are_alike() -> None:
    health, arr = ["red", "green", "green", "red", "amber"], ["low", "low", "middle", "middle", "high"]
    assert cells_in_order(health, arr) == ["red|low", "green|low", "green|middle", "red|middle", "amber|high"]


def test_class_factors_bring_the_sums_back() -> None:
    heard = np.array([True] * 6 + [False] * 6 + [True] * 9 + [False])
    health, arr = ["red"] * 12 + ["green"] * 10, ["low"] * 22
    found = class_weights(np.full(22, 2.0), heard, health, arr)
    assert [(each.asked, each.heard, each.factor) for each in found.classes] == [(12, 6, 2.0), (10, 9, 10 / 9)]
    assert found.weights is not None
    assert found.weights[:6] == pytest.approx(4.0)
    assert found.weights.sum() == pytest.approx(44)


def test_thin_classes_are_merged() -> None:
    heard = np.array([True] * 2 + [False] * 10 + [True] * 10)
    found = class_weights(np.ones(22), heard, ["red"] * 12 + ["green"] * 10, ["low"] * 22)
    assert [each.cells for each in found.classes] == [["red|low", "green|low"]]
    assert found.classes[0].factor == pytest.approx(22 / 12)


def test_nobody_heard_gives_no_weights() -> None:
    found = class_weights(np.ones(3), np.zeros(3, dtype=np.bool_), ["red"] * 3, ["low"] * 3)
    assert (found.weights, found.warnings) == (None, ["EMPTY"])
    assert raked_weights(np.ones(3), np.zeros(3, dtype=np.bool_), {}) is None


def margins(n: int, seed: int) -> dict[str, tuple[list[str], list[str]]]:
    rng = np.random.default_rng(seed)
    names = {"health": ["red", "amber", "green"], "arr": ["low", "middle", "high"], "stratum": ["a", "b"]}
    return {name: (rng.choice(order, n).tolist(), order) for name, order in names.items()}


def test_raking_meets_every_margin() -> None:
    rng = np.random.default_rng(5)
    sides = margins(200, 5)
    heard = rng.random(200) < np.where(np.array(sides["health"][0]) == "red", 0.4, 0.8)
    found = raked_weights(np.full(200, 3.0), heard, sides)
    assert found is not None
    assert found.weights is not None
    for labels, order in sides.values():
        for label in order:
            inside = np.array(labels) == label
            assert found.weights[inside[heard]].sum() == pytest.approx(3 * inside.sum(), rel=1e-5)


def test_two_margins_are_too_few_to_rake() -> None:
    sides = margins(200, 5)
    sides["stratum"] = (["a"] * 200, ["a"])
    assert raked_weights(np.ones(200), np.ones(200, dtype=np.bool_), sides) is None


def test_weights_that_do_not_settle_are_not_given() -> None:
    # Two margins are the same for those heard and differ for all, so that no weights can meet both.
    n = 60
    first = ["x"] * 30 + ["y"] * 30
    second = ["x"] * 20 + ["y"] * 10 + ["y"] * 30
    heard = np.array([True] * 20 + [False] * 10 + [True] * 30)
    third = ["p", "q"] * 30
    found = raked_weights(
        np.ones(n), heard, {"a": (first, ["x", "y"]), "b": (second, ["x", "y"]), "c": (third, ["p", "q"])}
    )
    assert found is not None
    assert found.weights is None
    assert found.warnings == ["NOT_CONVERGED"]
