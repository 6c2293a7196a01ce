"""The sample's scorecard gives the sample's telemetry a believable spread of health, by an independent reckoning."""

from collections import Counter, defaultdict
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
import pytest

from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio, build_portfolio
from app.sample.rules.scorecard import BACKLOG, USAGE, Points, value_earning
from app.sample.rules.stories import Archetype

TODAY = date(2026, 11, 22)
Series = list[tuple[int, float]]


@cache
def portfolio(seed: int = SAMPLE_SEED) -> Portfolio:
    return build_portfolio(seed=seed, today=TODAY)


def series(built: Portfolio, as_of: date) -> dict[tuple[str, str], Series]:
    """Days before `as_of` (0 or less) and value, per account and metric; cases count as metrics."""
    found: dict[tuple[str, str], Series] = defaultdict(list)
    for record in built.tables["telemetry"].records():
        days = (date.fromisoformat(record["period_end"]) - as_of).days
        found[record["account_id"], record["metric"]].append((days, float(record["value"])))
    open_cases = Counter(case["account_id"] for case in built.tables["cases"].records() if not case["closed_at"])
    for account in built.accounts:
        found[account.account_id, "cases.open"] = [(0, float(open_cases[account.account_id]))]
    for case in built.tables["cases"].records():
        if case["closed_at"]:
            closed = datetime.fromisoformat(case["closed_at"])
            lasted = (closed - datetime.fromisoformat(case["opened_at"])).total_seconds() / 86_400
            found[case["account_id"], "cases.days_to_close"].append(((closed.date() - as_of).days, lasted))
    return found


def measured(points: Series, measure: dict[str, Any], seats: int) -> float | None:
    window = sorted((day, value) for day, value in points if -measure["window_days"] < day <= 0)
    if not window:
        return None
    days, values = np.array(window).T
    if measure["aggregate"] == "slope":
        value = float(np.polyfit(days, values, 1)[0]) * 30
    else:
        value = float(values[-1] if measure["aggregate"] == "last" else np.mean(values))
    return value / seats if measure.get("per") else value


def sub_score(value: float, points: Points) -> float:
    return float(np.interp(value, [x for x, _ in points], [y for _, y in points]))


@cache
def health(seed: int = SAMPLE_SEED) -> dict[str, float]:
    """The weighted mean of the sub-scores, secondary measures at half weight, missing ones left out."""
    built = portfolio(seed)
    figures = series(built, date.fromisoformat(built.study["health_as_of"]))
    scores = {}
    for account in built.accounts:
        total = weights = 0.0
        for measure in built.scorecard["measures"]:
            value = measured(figures[account.account_id, measure["metric"]], measure, account.seats)
            if value is not None:
                weight = measure["weight"] * (0.5 if measure["tier"] == "secondary" else 1)
                total += weight * sub_score(value, measure["points"])
                weights += weight
        scores[account.account_id] = total / weights
    return scores


def band(score: float) -> str:
    return "green" if score >= 75 else "amber" if score >= 50 else "red"


@pytest.mark.parametrize("seed", [1, 2, SAMPLE_SEED], ids="seed-{}".format)
def test_health_spreads_over_the_bands(seed: int) -> None:
    bands = Counter(band(score) for score in health(seed).values())
    assert 0.39 <= bands["green"] / 120 <= 0.51
    assert 0.28 <= bands["amber"] / 120 <= 0.42
    assert 0.14 <= bands["red"] / 120 <= 0.26


@pytest.mark.parametrize("seed", [1, 2, SAMPLE_SEED], ids="seed-{}".format)
def test_the_hidden_ones_look_as_they_should_not(seed: int) -> None:
    scores = health(seed)
    by_archetype = defaultdict(list)
    for account in portfolio(seed).accounts:
        by_archetype[account.archetype].append((scores[account.account_id], account.voice))
    assert all(score >= 70 and voice < 45 for score, voice in by_archetype[Archetype.HIDDEN_RISK])
    assert all(score < 50 and voice > 75 for score, voice in by_archetype[Archetype.HIDDEN_STRENGTH])
    ordinary = np.array(by_archetype[Archetype.ALIGNED])
    assert 0.4 < np.corrcoef(ordinary.T)[0, 1] < 0.95


def test_the_scorecard_is_well_formed_and_not_circular() -> None:
    scorecard = portfolio().scorecard
    assert scorecard["bands"] == {"amber_from": 50, "green_from": 75}
    assert len({measure["key"] for measure in scorecard["measures"]}) == len(scorecard["measures"]) == 6
    for measure in scorecard["measures"]:
        assert not measure["metric"].startswith(("nps.", "survey.", "csm.", "cases.csat"))
        across = [x for x, _ in measure["points"]]
        assert across == sorted(set(across))
        assert measure["weight"] > 0


@pytest.mark.parametrize(
    ("score", "points", "value"),
    [
        pytest.param(40, USAGE, 0.3, id="at-a-point"),
        pytest.param(57.5, USAGE, 0.45, id="between-points"),
        pytest.param(-5, USAGE, 0.0, id="below-the-lowest"),
        pytest.param(120, USAGE, 0.9, id="above-the-highest"),
        pytest.param(70, BACKLOG, 2.0, id="falling-line"),
        pytest.param(100, BACKLOG, 0.0, id="falling-line-best"),
    ],
)
def test_a_score_leads_back_to_its_value(score: float, points: Points, value: float) -> None:
    assert value_earning(score, points) == pytest.approx(value)


@pytest.mark.parametrize("points", [USAGE, BACKLOG], ids=["rising", "falling"])
@pytest.mark.parametrize("score", [3, 25, 50, 75, 99])
def test_the_way_back_undoes_the_way_there(score: float, points: Points) -> None:
    assert sub_score(value_earning(score, points), points) == pytest.approx(score)
