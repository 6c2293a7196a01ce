"""Survey against interview: differences, what short questions foretell, and what is proposed."""

import numpy as np
import pytest

from app.scoring.rules.analyses.modes import (
    account_means,
    arm_differences,
    paired_differences,
    predictions,
    proposals,
    with_voice,
)
from app.scoring.rules.plain import plain

NOBODY = np.full(20, np.nan)


def columns(n: int, *, seed: int = 3) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Short questions and long topics of one mood; `fresh` has a mind of its own that `company` shares."""
    rng = np.random.default_rng(seed)
    mood, own = rng.normal(60, 15, n), rng.normal(0, 15, n)
    short = {"recommend": mood + rng.normal(0, 5, n), "idle": rng.normal(50, 10, n)}
    long = {
        "fresh": mood + own + rng.normal(0, 4, n),
        "company": mood + own + rng.normal(0, 4, n),
        "plain": short["recommend"] + rng.normal(0, 5, n),
    }
    return short, long


def test_account_means_leave_out_who_said_nothing() -> None:
    means = account_means(np.array([0, 0, 1, 2]), np.array([10.0, 30, np.nan, 50]), 4)
    assert plain(means) == [20.0, None, 50.0, None]


def test_nobody_is_no_difference_and_no_nan() -> None:
    found = plain(arm_differences({"a": NOBODY}, {"a": NOBODY}, ["x"] * 20))[0]
    assert found["difference"] is None
    assert found["warnings"] == ["EMPTY"]
    assert found["p_adjusted"] is None


def test_differences_are_adjusted_over_the_questions_alone() -> None:
    rng = np.random.default_rng(2)
    a = {"one": rng.normal(70, 10, 30), "two": rng.normal(60, 10, 30)}
    b = {"one": rng.normal(50, 10, 30), "two": rng.normal(60, 10, 30)}
    found = {row["question"]: row for row in arm_differences(with_voice(a), with_voice(b), ["x", "y"] * 15)}
    assert found["voice"]["p_adjusted"] is None
    assert found["one"]["verdict"] == "different"
    assert found["one"]["p_adjusted"] == pytest.approx(2 * found["one"]["p"])


def test_the_same_people_are_paired() -> None:
    x = np.array([50.0, 60, 70, 40, 55, 65, 45, 75, 52, 58, 61, 49])
    found = paired_differences({"q": x + 1 + np.resize([1.0, -1.0], 12)}, {"q": x})[0]
    assert found["verdict"] in {"equivalent", "different_but_trivial"}
    assert found["difference"] == pytest.approx(1)
    assert found["pairs_needed"] == 1
    assert found["icc"] > 0.9


def test_under_ten_pairs_are_described_alone() -> None:
    x = np.array([50.0, 60, 70, np.nan])
    found = paired_differences({"q": x + 5}, {"q": x})[0]
    assert found["difference"] == pytest.approx(5)
    assert found["n"] == 3
    assert (found["verdict"], found["p"], found["lo"], found["icc"]) == (None, None, None, None)


def test_nothing_paired_is_nothing() -> None:
    found = plain(paired_differences({"q": NOBODY}, {"q": NOBODY}))[0]
    assert found["difference"] is None
    assert found["mean_first"] is None


def test_predictions_hold_every_pair_and_need_ten_accounts() -> None:
    short, long = columns(9)
    assert all(row["estimate"].value is None for row in predictions(short, long))
    short, long = columns(60)
    found = {(row["question"], row["dimension"]): row for row in predictions(short, with_voice(long))}
    assert len(found) == 2 * 4
    assert found["recommend", "voice"]["estimate"].value > 0.5
    assert found["recommend", "voice"]["p_adjusted"] < 0.05
    assert found["idle", "voice"]["p_adjusted"] > 0.05


def test_nothing_is_proposed_under_thirty_accounts() -> None:
    short, long = columns(29)
    found = proposals(short, long)
    assert not any(row["is_proposed"] for row in [*found["add"], *found["drop"]])
    assert all(row["estimate"].value is None for row in found["add"])


def test_what_adds_is_proposed_and_what_is_idle_may_go() -> None:
    short, long = columns(300)
    found = proposals(short, long)
    assert {row["key"] for row in found["add"] if row["is_proposed"]} == {"fresh", "company"}
    assert {row["key"] for row in found["drop"] if row["is_proposed"]} == {"idle"}


def test_all_alike_proposes_nothing() -> None:
    alike = np.full(40, 50.0)
    found = plain(proposals({"a": alike, "b": alike}, {"c": alike, "d": alike}))
    assert all(row["estimate"]["value"] is None and not row["is_proposed"] for row in [*found["add"], *found["drop"]])


def test_one_long_topic_alone_has_no_rest() -> None:
    short, long = columns(40)
    found = plain(proposals(short, {"fresh": long["fresh"]}))
    assert found["add"][0]["estimate"]["value"] is None
