"""What a scorecard document may say."""

from typing import Any

import pytest

from app.health.rules.scorecard import Aggregate, Bands, Per, Tier, parse_scorecard, to_document

MEASURE = {"key": "usage", "metric": "active_users", "points": [[0, 0], [1, 100]], "weight": 30}


def scorecard(**changes: Any) -> dict[str, Any]:
    return {"key": "default", "measures": [MEASURE], **changes}


def measure(**changes: Any) -> dict[str, Any]:
    return scorecard(measures=[{**MEASURE, **changes}])


def without(field: str) -> dict[str, Any]:
    return scorecard(measures=[{key: value for key, value in MEASURE.items() if key != field}])


def test_only_four_fields_of_a_measure_are_required() -> None:
    [only] = parse_scorecard(scorecard()).measures
    assert (only.name, only.aggregate, only.window_days, only.per) == ("usage", Aggregate.LAST, 90, None)
    assert (only.group, only.tier) == (None, Tier.PRIMARY)


def test_the_documented_example_is_read_whole() -> None:
    document = {
        "key": "default", "name": "Default scorecard",
        "measures": [{"key": "usage", "name": "Usage", "metric": "active_users", "aggregate": "last", "window_days": 90,
                      "per": "seats", "points": [[0, 0], [0.5, 50], [0.9, 100]], "weight": 30, "group": "adoption",
                      "tier": "primary"}],
        "bands": {"amber_from": 50, "green_from": 75},
        "lifecycle": {"onboarding": {"bands": {"amber_from": 30, "green_from": 50}}},
    }  # fmt: skip
    parsed = parse_scorecard(document)
    assert parsed.measures[0].per is Per.SEATS
    assert parsed.lifecycle == {"onboarding": Bands(30, 50)}
    assert to_document(parsed) == document
    assert parse_scorecard(to_document(parsed)) == parsed


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        pytest.param(measure(points=[[0, 0], [0, 100]]), "“usage”: “points” must have rising", id="x equal"),
        pytest.param(measure(points=[[1, 0], [0, 100]]), "“usage”: “points” must have rising", id="x falling"),
        pytest.param(measure(points=[]), "“usage”: “points” is empty", id="no points"),
        pytest.param(without("points"), "“usage”: “points” is empty or missing", id="points missing"),
        pytest.param(measure(points=[[0]]), "pairs", id="half a point"),
        pytest.param(measure(points="0,0"), "must be a list", id="points as text"),
        pytest.param(measure(points=[[0, 101]]), "0 to 100 points", id="points above 100"),
        pytest.param(measure(points=[[0, -1]]), "0 to 100 points", id="points below 0"),
        pytest.param(measure(points=[[0, float("nan")]]), "finite", id="NaN"),
        pytest.param(measure(points=[[float("inf"), 0]]), "finite", id="infinite"),
        pytest.param(measure(points=[[10**400, 0]]), "finite", id="integer beyond floats"),
        pytest.param(measure(points=[[1e16, 0]]), "at most", id="astronomical x"),
        pytest.param(measure(points=[[x, 0] for x in range(201)]), "more than 200", id="absurdly many points"),
        pytest.param(measure(weight=0), "“usage”: “weight” must be above 0", id="weight 0"),
        pytest.param(measure(weight=-1), "“weight” must be above 0", id="negative weight"),
        pytest.param(measure(weight=float("nan")), "finite", id="weight NaN"),
        pytest.param(measure(weight=True), "must be a number", id="weight true"),
        pytest.param(measure(weight="30"), "must be a number", id="weight as text"),
        pytest.param(without("weight"), "“usage”: “weight” is missing", id="weight missing"),
        pytest.param(without("metric"), "“usage”: “metric” is missing", id="metric missing"),
        pytest.param(without("key"), "Measure 1: “key” is missing", id="key missing"),
        pytest.param(measure(key="a;b"), "Measure 1: “key” is “a;b”", id="separator in a key"),
        pytest.param(measure(aggregate="median"), "last, sum, mean, slope", id="unknown aggregate"),
        pytest.param(measure(aggregate=["last"]), "“aggregate” is a list", id="aggregate as a list"),
        pytest.param(measure(window_days=0), "whole number from 1", id="window 0"),
        pytest.param(measure(window_days=1.5), "whole number from 1", id="window of a day and a half"),
        pytest.param(measure(window_days=10**9), "whole number from 1", id="window of geological length"),
        pytest.param(measure(per="users"), "use one of: seats", id="bad per"),
        pytest.param(measure(tier="third"), "primary, secondary", id="bad tier"),
        pytest.param(measure(pionts=[]), "pionts", id="misspelt field"),
        pytest.param(measure(metric="cases.opne"), "cases.open, cases.opened", id="misspelt case metric"),
        pytest.param(measure(metric="cases.opened", aggregate="mean"), "a count already", id="mean of a count"),
        pytest.param(scorecard(measures=[MEASURE, MEASURE]), "“usage” stands there twice", id="measure twice"),
        pytest.param(scorecard(measures=[]), "at least one measure", id="no measures"),
        pytest.param(scorecard(measures=["usage"]), "Measure 1 must be an object", id="measure as text"),
        pytest.param({"measures": [MEASURE]}, "“key” is missing", id="scorecard without key"),
        pytest.param(scorecard(bands={"amber_from": 75, "green_from": 75}), "below “green_from”", id="equal cuts"),
        pytest.param(scorecard(bands={"amber_from": 50, "green_from": 101}), "within 0 to 100", id="cut above 100"),
        pytest.param(scorecard(bands={"amber_from": -1, "green_from": 75}), "within 0 to 100", id="cut below 0"),
        pytest.param(scorecard(bands={"amber_from": 50}), "“green_from” is missing", id="one cut"),
        pytest.param(scorecard(lifecycle={"new": {}}), "“new”: “bands” is missing", id="stage without bands"),
        pytest.param(
            scorecard(lifecycle={"new": {"bands": {"amber_from": 9, "green_from": 1}}}), "“new”", id="stage, bad bands"
        ),
        pytest.param(
            scorecard(lifecycle={"New": {"bands": {}}, "new": {"bands": {}}}), "“new” twice", id="stage twice"
        ),
        pytest.param(scorecard(lifecycle=[]), "must be an object", id="lifecycle as a list"),
        pytest.param(scorecard(extra=1), "extra", id="unknown field"),
        pytest.param([], "must be an object", id="a list"),
    ],
)
def test_a_bad_scorecard_is_refused_with_a_sentence(document: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_scorecard(document)


@pytest.mark.parametrize(
    ("metric", "is_circular"),
    [
        pytest.param("active_users", False, id="telemetry"),
        pytest.param("cases.open", False, id="open cases"),
        pytest.param("cases.days_to_close", False, id="days to close"),
        pytest.param("cases.csat", True, id="CSAT of cases"),
        pytest.param("nps.latest", True, id="NPS"),
        pytest.param("survey.effort", True, id="survey"),
        pytest.param("csm.pulse", True, id="CSM pulse"),
        pytest.param("npsish", False, id="only looks like NPS"),
    ],
)
def test_voice_measures_make_a_scorecard_circular(metric: str, is_circular: bool) -> None:
    assert parse_scorecard(measure(metric=metric)).is_circular is is_circular


def test_a_secondary_measure_counts_half() -> None:
    [secondary] = parse_scorecard(measure(tier="secondary")).measures
    assert secondary.effective_weight == 15
