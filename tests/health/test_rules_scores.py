"""From values to points, scores and bands."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health.rules.scorecard import Bands, Measure, Per, Scorecard, Tier
from app.health.rules.scores import HealthScores, explanations, points_of, score_accounts, scores_sha256

NAN = float("nan")
LINE = ((0.0, 0.0), (100.0, 100.0))


def line(key: str, weight: float = 1.0, tier: Tier = Tier.PRIMARY, per: Per | None = None) -> Measure:
    return Measure(key=key, name=key.title(), metric=key, points=LINE, weight=weight, tier=tier, per=per)


def scored(
    measures: list[Measure], values: list[list[float]], seats: list[float] | None = None, **bands: Bands
) -> HealthScores:
    card = Scorecard(
        "default", "Default", tuple(measures), lifecycle={k: v for k, v in bands.items() if k != "general"}
    )
    columns = np.array(values, dtype=float).reshape(len(values), len(measures))
    stages = [None if stage == "general" else stage for stage in (bands or {"general": Bands()})]
    return score_accounts(card, columns, np.array(seats or [1.0] * len(values)), stages * len(values))


@pytest.mark.parametrize(
    ("value", "worth"),
    [
        pytest.param(-1.0, 10.0, id="held below"),
        pytest.param(0.0, 10.0, id="first point"),
        pytest.param(0.25, 30.0, id="on a line"),
        pytest.param(0.5, 50.0, id="middle point"),
        pytest.param(0.7, 75.0, id="on the next line"),
        pytest.param(9.0, 100.0, id="held above"),
        pytest.param(NAN, NAN, id="missing"),
    ],
)
def test_points_are_joined_by_straight_lines(value: float, worth: float) -> None:
    measure = Measure(key="m", name="m", metric="m", points=((0.0, 10.0), (0.5, 50.0), (0.9, 100.0)), weight=1)
    assert points_of(np.array([value]), measure)[0] == pytest.approx(worth, nan_ok=True)


def test_a_single_point_is_worth_the_same_everywhere() -> None:
    measure = Measure(key="m", name="m", metric="m", points=((5.0, 40.0),), weight=1)
    assert points_of(np.array([-1e9, 5.0, 1e9]), measure).tolist() == [40.0, 40.0, 40.0]


@pytest.mark.parametrize(
    ("values", "score"),
    [
        pytest.param([80.0, 20.0, 50.0], (3 * 80 + 1 * 20 + 1 * 50) / 5, id="all there"),
        pytest.param([80.0, NAN, 50.0], (3 * 80 + 1 * 50) / 4, id="one gives its weight to the others"),
        pytest.param([NAN, NAN, 50.0], 50.0, id="only the secondary one"),
        pytest.param([0.0, NAN, NAN], 0.0, id="a true zero"),
        pytest.param([NAN, NAN, NAN], NAN, id="none"),
    ],
)
def test_missing_measures_give_their_weight_to_the_others(values: list[float], score: float) -> None:
    measures = [line("a", 3), line("b", 1), line("c", 2, Tier.SECONDARY)]
    assert scored(measures, [values]).scores[0] == pytest.approx(score, nan_ok=True)


@pytest.mark.parametrize(
    ("score", "band"),
    [
        pytest.param(49.999, "red", id="just below amber"),
        pytest.param(50.0, "amber", id="amber from"),
        pytest.param(74.999, "amber", id="just below green"),
        pytest.param(75.0, "green", id="green from"),
        pytest.param(NAN, None, id="no score"),
    ],
)
def test_a_band_includes_its_lower_end(score: float, band: str | None) -> None:
    assert scored([line("a")], [[score]]).bands == [band]


def test_the_noise_of_sums_moves_nobody_across_a_cut() -> None:
    measures = [line(key, weight) for key, weight in zip("abc", (0.1, 0.2, 0.7), strict=True)]
    assert scored(measures, [[75.0, 75.0, 75.0]]).bands == ["green"]


def test_a_lifecycle_stage_has_bands_of_its_own() -> None:
    assert scored([line("a")], [[40.0]], onboarding=Bands(30, 40)).bands == ["green"]
    card = Scorecard("d", "D", (line("a"),), lifecycle={"onboarding": Bands(30, 40)})
    ours = score_accounts(card, np.array([[40.0]] * 3), np.ones(3), [" Onboarding ", "renewal", None])
    assert ours.bands == ["green", "red", "red"]


@pytest.mark.parametrize(
    ("seats", "value"),
    [
        pytest.param(4.0, 20.0, id="divided"),
        pytest.param(NAN, NAN, id="seats unknown"),
        pytest.param(0.0, NAN, id="no seats"),
    ],
)
def test_per_seats_divides_or_is_missing(seats: float, value: float) -> None:
    health = scored([line("a", per=Per.SEATS)], [[80.0]], [seats])
    assert health.values[0, 0] == pytest.approx(value, nan_ok=True)
    assert health.scores[0] == pytest.approx(value, nan_ok=True)


def test_a_score_explains_itself_measure_by_measure() -> None:
    measures = [line("a", 3), line("b", 1), line("c", 1)]
    card = Scorecard("d", "D", tuple(measures))
    [(lines, missing)] = explanations(card, scored(measures, [[80.0, NAN, 20.0]]))
    assert lines == [
        {"key": "a", "value": 80.0, "points": 80.0, "weight": 0.75},
        {"key": "c", "value": 20.0, "points": 20.0, "weight": 0.25},
    ]
    assert missing == ["b"]


values_of_accounts = st.lists(
    st.lists(st.floats(-1e12, 1e12) | st.just(NAN), min_size=3, max_size=3), min_size=1, max_size=8
)


@given(values_of_accounts)
def test_a_score_is_the_sum_of_its_explanation(values: list[list[float]]) -> None:
    measures = [line("a", 3), line("b", 0.1), line("c", 7, Tier.SECONDARY)]
    health = scored(measures, values)
    for score, (lines, missing) in zip(
        health.scores, explanations(Scorecard("d", "D", tuple(measures)), health), strict=True
    ):
        assert len(lines) + len(missing) == 3
        if lines:
            assert sum(each["weight"] for each in lines) == pytest.approx(1)
            assert score == pytest.approx(sum(each["weight"] * each["points"] for each in lines), abs=1e-6)
            assert 0 <= score <= 100
        else:
            assert np.isnan(score)


@given(values_of_accounts, st.randoms())
def test_the_order_of_accounts_does_not_matter(values: list[list[float]], random: object) -> None:
    measures = [line("a", 3), line("b", 0.1), line("c", 7)]
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight, shuffled = scored(measures, values), scored(measures, [values[i] for i in order])
    assert [straight.bands[i] for i in order] == shuffled.bands
    np.testing.assert_array_equal(straight.scores[order], shuffled.scores)


def test_the_hash_overlooks_the_order_of_additions_and_nothing_else() -> None:
    def digest(value: float, ids: list[int], day: date) -> str:
        return scores_sha256(scored([line("a")], [[value]]), ids, "definition", day)

    day = date(2026, 1, 1)
    assert digest(0.1 + 0.2, [1], day) == digest(0.3, [1], day)
    assert digest(0.3, [1], day) != digest(0.3001, [1], day)
    assert digest(0.3, [1], day) != digest(NAN, [1], day)
    assert digest(0.3, [1], day) != digest(0.3, [2], day)
    assert digest(0.3, [1], day) != digest(0.3, [1], date(2026, 1, 2))


def test_columns_of_other_lengths_are_refused() -> None:
    card = Scorecard("d", "D", (line("a"),))
    with pytest.raises(ValueError, match="differ in length"):
        score_accounts(card, np.zeros((2, 1)), np.ones(3), [None] * 3)
