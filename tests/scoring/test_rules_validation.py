"""Is the health score right: verdicts, suggested weights, the happy path, and when nothing can be said."""

import json
from typing import Any

import numpy as np
import pytest

from app.reports.rules.validity import finding, validity_lines, validity_page
from app.scoring.rules.plain import plain
from app.scoring.rules.validation import Factor, Trial, happy_path, judged, validation_figures
from app.scoring.rules.validation.factors import Kind, binned
from app.scoring.rules.validation.reweighting import fitted, suggestion

SEED = 7


def outcomes(renewals: int, losses: int) -> Any:
    return np.array([True] * renewals + [False] * losses, dtype=np.bool_)


def factor(key: str, scores: Any, weight: float = 0.5, **facts: Any) -> Factor:
    column = np.array(scores, dtype=np.float64)
    late = facts.pop("late", np.zeros(len(column), dtype=np.bool_))
    return Factor(key, facts.pop("name", key), facts.pop("kind", Kind.MEASURE), weight, column, late)


def telling(kept: Any, strength: float, seed: int = 1) -> Any:
    noise = np.random.default_rng(seed).normal(50, 15, len(kept))
    return np.clip(noise + strength * kept, 0, 100)


KEPT = outcomes(80, 40)


@pytest.mark.parametrize(
    ("scores", "weight", "verdict"),
    [
        pytest.param(telling(KEPT, 25), 0.5, "signal", id="tells them apart"),
        pytest.param(telling(KEPT, -25), 0.5, "wrong_way", id="the lost are higher"),
        pytest.param(telling(outcomes(900, 400), 0), 0.5, "vanity", id="tells nothing and carries weight"),
        pytest.param(telling(outcomes(900, 400), 0), 0.04, "unproven", id="tells nothing and carries little"),
        pytest.param(telling(KEPT, 5, seed=4), 0.5, "unproven", id="not significant alone is no vanity"),
    ],
)
def test_the_verdict_on_a_factor(scores: Any, weight: float, verdict: str) -> None:
    kept = KEPT if len(scores) == len(KEPT) else outcomes(900, 400)
    (line,) = judged([factor("a", scores, weight)], kept, seed=SEED)
    assert line["verdict"] == verdict
    assert line["auc"].lo <= line["auc"].value <= line["auc"].hi
    assert 0 <= line["bits"] <= 1


@pytest.mark.parametrize(
    ("scores", "late", "said"),
    [
        pytest.param([np.nan] * 120, False, "Not measured", id="never measured"),
        pytest.param([np.nan] * 120, True, "Measured too late", id="measured too late"),
        pytest.param([50.0] * 120, False, "No relation found", id="all alike"),
        pytest.param([float(i) for i in range(85)] + [np.nan] * 35, False, "Too few outcomes", id="five losses"),
        pytest.param([float(i) for i in range(80)] + [np.nan] * 40, False, "Too few outcomes", id="no loss"),
    ],
)
def test_what_cannot_be_judged_says_why(scores: list[float], late: bool, said: str) -> None:
    (line,) = plain(judged([factor("a", scores, 0.04, late=np.full(120, late))], KEPT, seed=SEED))
    assert (line["verdict"], finding(line)) == ("unproven", said)
    assert line["late"] == (120 if late else 0)
    json.dumps(line, allow_nan=False)


def test_p_is_adjusted_over_all_factors() -> None:
    alone = judged([factor("a", telling(KEPT, 8))], KEPT, seed=SEED)[0]["p_adjusted"]
    many = [factor("a", telling(KEPT, 8)), *(factor(f"n{i}", telling(KEPT, 0, seed=i)) for i in range(9))]
    assert judged(many, KEPT, seed=SEED)[0]["p_adjusted"] > alone


def test_equal_scores_share_a_bin() -> None:
    assert binned(np.array([1.0] * 9 + [2.0])) == [0] * 9 + [4]


def test_weights_move_towards_what_tells_and_keep_their_sum() -> None:
    factors = [factor("good", telling(KEPT, 25), 0.2), factor("noise", telling(KEPT, 0, seed=9), 0.8)]
    found = suggestion(factors, KEPT, seed=SEED)
    assert found["refused"] is None
    assert found["weights"]["good"] > 0.2
    assert sum(found["weights"].values()) == pytest.approx(1)
    assert found["trust"] == pytest.approx(40 / 90)
    assert found["checked"]["auc"].value > 0.8
    assert found["checked"]["skill"] > 0
    assert sum(each.observed.n for each in found["checked"]["reliability"]) == 120


def test_a_factor_of_the_wrong_sign_has_no_coefficient() -> None:
    columns = np.column_stack([telling(KEPT, 20), telling(KEPT, -20, seed=2), np.full(120, 3.0)])
    model = fitted(columns, KEPT, seed=SEED)
    assert model.coefficients[0] > 0
    assert model.coefficients[1:] == [0.0, 0.0]


def test_factors_are_restricted_to_one_for_ten_losses_the_heaviest_first() -> None:
    kept = outcomes(40, 21)
    factors = [factor(str(i), telling(kept, 10, seed=i), weight) for i, weight in enumerate((0.1, 0.5, 0.4))]
    found = suggestion(factors, kept, seed=SEED)
    assert (found["factors"], found["left_out"]) == (["1", "2"], ["0"])
    assert found.get("weights", {"0": 0.1})["0"] == 0.1


@pytest.mark.parametrize(
    ("factors", "kept", "refused"),
    [
        pytest.param([factor("a", telling(outcomes(20, 5), 9))], outcomes(20, 5), "few", id="five losses"),
        pytest.param([factor("a", [np.nan] * 120)], KEPT, "no_factor", id="nothing measured"),
        pytest.param([factor("a", telling(KEPT, 9), kind=Kind.VOICE)], KEPT, "no_factor", id="voice only"),
        pytest.param([factor("a", telling(KEPT, -40))], KEPT, "no_sign", id="only the wrong way"),
        pytest.param([factor("a", [5.0] * 120)], KEPT, "no_sign", id="all alike"),
    ],
)
def test_no_weights_are_suggested(factors: list[Factor], kept: Any, refused: str) -> None:
    found = suggestion(factors, kept, seed=SEED)
    assert found["refused"] == refused
    assert "weights" not in found


def test_complete_separation_is_held_by_the_ridge() -> None:
    found = suggestion([factor("a", [90.0] * 80 + [10.0] * 40)], KEPT, seed=SEED)
    assert found["checked"]["auc"].value == 1
    assert found["coefficients"]["a"] > 0
    assert found["refused"] == "one_factor"


def test_the_happy_path_proposes_what_the_best_had_reached() -> None:
    kept, voice = outcomes(60, 20), np.array([90.0] * 30 + [40.0] * 20 + [np.nan] * 10 + [30.0] * 20)
    use = np.where(voice >= 75, 8.0, 3.0) + np.arange(80) % 3
    dull = np.arange(80) % 7.0
    found = happy_path(["use", "dull"], np.column_stack([use, dull]), np.column_stack([use, dull]), kept, voice)
    assert (found["best"], found["others"], found["unheard"]) == (30, 40, 10)
    assert [line["is_proposed"] for line in found["measures"]] == [True, False]
    assert found["measures"][0]["best"] == {"n": 30, "median": 9.0, "low": 8.0, "high": 10.0}


def test_the_happy_path_is_refused_below_ten() -> None:
    kept, voice = outcomes(60, 20), np.array([90.0] * 9 + [40.0] * 71)
    found = happy_path(["use"], np.ones((80, 1)), np.ones((80, 1)), kept, voice)
    assert (found["is_refused"], found["measures"]) == (True, [])


def trial(kept: Any, scores: Any) -> Trial:
    column = np.array(scores, dtype=np.float64)
    return Trial(
        kept=kept,
        health=column,
        factors=[factor("use", column, 1.0, name="Use")],
        measures=["use"],
        values=column[:, None],
        points=column[:, None],
        voice=np.full(len(kept), np.nan),
    )


HEAD = {"scorecard": {"key": "default", "version": 1, "circular": False}, "as_of": "2026-03-31", "lead_days": 90}


@pytest.mark.parametrize(
    ("kept", "scores", "title"),
    [
        pytest.param(outcomes(0, 0), [], "Too few outcomes", id="nobody"),
        pytest.param(outcomes(1, 0), [5.0], "Too few outcomes", id="one"),
        pytest.param(outcomes(99, 0), [5.0] * 99, "Too few outcomes", id="one outcome class"),
        pytest.param(outcomes(20, 9), [5.0] * 29, "Too few outcomes", id="nine losses"),
        pytest.param(KEPT, [50.0] * 120, "No relation found", id="constant health"),
        pytest.param(KEPT, [np.nan] * 120, "No health score was there", id="no health"),
        pytest.param(KEPT, telling(KEPT, 0), "No relation found", id="no relation"),
        pytest.param(KEPT, telling(KEPT, 30), "The health score tells", id="a good score"),
        pytest.param(KEPT, telling(KEPT, -30), "The health score points the wrong way", id="a bad score"),
    ],
)
def test_the_page_claims_no_more_than_the_interval(kept: Any, scores: Any, title: str) -> None:
    figures = HEAD | plain(validation_figures(trial(kept, scores), seed=SEED))
    json.dumps(figures, allow_nan=False)
    page = validity_page(figures)
    assert page.title.startswith(title)
    assert "nan" not in " ".join([*validity_lines(figures), *page.lede]).lower().split()
