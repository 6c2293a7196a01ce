"""Customer, prediction and telemetry: distances, bands and Brier scores, and no claim on few accounts."""

import numpy as np
import pytest

from app.scoring.rules.analyses.three_ways import Said, adjusted, by_account, closeness, renewal_came, renewal_said
from app.scoring.rules.inputs import FloatArray
from app.scoring.rules.plain import plain


def column(*values: float) -> FloatArray:
    return np.array(values, dtype=np.float64)


def test_an_account_counts_once_by_the_means_of_its_people() -> None:
    rows = [
        Said(7, "renewal_intent", 1, 3),
        Said(7, "renewal_intent", 5, 5),
        Said(9, "renewal_intent", 4, 1),
        Said(9, "recommend", 10, 0),
    ]
    ids, said, predicted = by_account(rows, "renewal_intent")
    assert ids == [7, 9]
    assert said.tolist() == [50.0, 75.0]
    assert predicted.tolist() == [75.0, 0.0]
    assert by_account(rows, "satisfaction")[0] == []


def test_distances_are_compared_account_by_account() -> None:
    said = np.linspace(20, 90, 12)
    sealed, health = said + np.tile([4.0, -6.0], 6), said + np.tile([20.0, -30.0], 6)
    found = plain(closeness(said, sealed, health))
    assert found["prediction"]["off"] == pytest.approx(5)
    assert found["telemetry"]["off"] == pytest.approx(25)
    assert found["prediction"]["bias"] == pytest.approx(-1)
    assert found["closer"]["mean"] == pytest.approx(-20)
    assert found["closer"]["hi"] < 0
    assert found["prediction"]["bands"]["kappa"]["value"] > found["telemetry"]["bands"]["kappa"]["value"]


@pytest.mark.parametrize("n", [0, 1, 9])
def test_under_ten_accounts_nothing_is_claimed(n: int) -> None:
    said = np.linspace(0, 100, n)
    found = plain(closeness(said, said, said[::-1].copy()))
    assert found["n"] == n
    assert found["closer"] is None
    assert found["prediction"]["bands"]["kappa"]["value"] is None
    assert (found["prediction"]["off"] is None) is (n == 0)


def test_accounts_without_health_are_counted_and_left_out() -> None:
    found = plain(closeness(column(50, 60), column(50, 60), column(np.nan, 40)))
    assert (found["n"], found["without_health"]) == (1, 1)


def test_distances_that_are_all_alike_have_no_test() -> None:
    said = np.full(12, 50.0)
    found = adjusted({"recommend": closeness(said, said + 10, said + 20)})["recommend"]
    assert found["closer"].mean == -10
    assert found["closer"].p is None
    assert found["p_adjusted"] is None


def test_brier_is_the_mean_square_from_what_was_said() -> None:
    found = plain(renewal_said(column(75, 100, 50, 0), column(80, 90, 40, 30), column(50, 50, 50, 50)))
    assert (found["n"], found["events"]) == (4, 2)
    assert found["brier"]["prediction"] == pytest.approx((0.04 + 0.01 + 0.16 + 0.09) / 4)
    assert found["brier"]["telemetry"] == pytest.approx(0.25)
    assert found["against"] == {"telemetry": None}


def test_what_came_is_foretold_by_all_three() -> None:
    stayed = [True] * 8 + [False] * 4
    sure = np.where(stayed, 90.0, 20.0)
    forecasts = {"prediction": sure, "telemetry": np.linspace(30, 70, 12), "customer": sure - 5}
    found = plain(renewal_came(stayed, forecasts))
    assert found["events"] == 8
    assert found["against"]["telemetry"]["hi"] < 0
    assert set(found["brier"]) == {"prediction", "telemetry", "customer"}


def test_without_outcomes_or_answers_there_is_no_forecast() -> None:
    nothing = column()
    assert renewal_came([], {"prediction": nothing, "telemetry": nothing, "customer": nothing}) is None
    assert renewal_said(nothing, nothing, nothing) is None
    assert renewal_said(column(50), column(50), column(np.nan)) is None


def test_one_outcome_class_has_a_score_and_no_more() -> None:
    found = plain(renewal_came([True] * 3, {"prediction": column(100, 100, 100), "telemetry": column(0, 0, 0)}))
    assert found["brier"] == {"prediction": 0.0, "telemetry": 1.0}
    assert found["against"]["telemetry"] is None
