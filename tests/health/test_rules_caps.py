"""Exceptions cap bands, and telemetry alone is another score where CSMs have a say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.health.rules.bands import Band, Bands
from app.health.rules.caps import BANDS, cap_bands
from app.health.rules.groups import Exemption
from app.health.rules.scorecard import Measure, Scorecard
from app.health.rules.scores import explanations, score_accounts

NAN = float("nan")
LINE = ((0.0, 0.0), (100.0, 100.0))
SUPPORT_RED = Exemption(Band.RED, Band.AMBER, group="support")
USAGE_AMBER = Exemption(Band.AMBER, Band.RED, measure="usage")


def measure(key: str, weight: float = 1, **more: object) -> Measure:
    return Measure(key, key, str(more.pop("metric", key)), LINE, weight, **more)  # type: ignore[arg-type]


CARD = Scorecard(
    "d",
    "D",
    (measure("usage", 8), measure("tickets", group="support"), measure("speed", group="support")),
    exceptions=(SUPPORT_RED, USAGE_AMBER),
)


@pytest.mark.parametrize(
    ("points", "calculated", "band", "measure", "exception"),
    [
        pytest.param([90, 90, 90], "green", "green", None, None, id="nothing is red"),
        pytest.param([90, 90, 40], "green", "amber", "speed", SUPPORT_RED, id="any red in support caps at amber"),
        pytest.param([90, 30, 40], "green", "amber", "tickets", SUPPORT_RED, id="the worst is named"),
        pytest.param([90, 50, 90], "green", "green", None, None, id="amber is not red"),
        pytest.param([90, NAN, NAN], "green", "green", None, None, id="what is missing caps nothing"),
        pytest.param([60, 40, 90], "amber", "red", "usage", USAGE_AMBER, id="the lower cap counts"),
        pytest.param([20, 90, 90], "amber", "red", "usage", USAGE_AMBER, id="worse than amber holds as well"),
        pytest.param([10, 10, 10], "red", "red", None, None, id="it was red already"),
        pytest.param([NAN, 10, 10], None, None, None, None, id="no score, no band"),
    ],
)
def test_exceptions_cap_the_band(
    points: list[float], calculated: str | None, band: str | None, measure: str | None, exception: Exemption | None
) -> None:
    [found], [capped] = cap_bands(CARD, np.array([points], dtype=float), [calculated])
    assert found == band
    assert (capped and capped.measure, capped and capped.exception) == (measure, exception)


def test_what_capped_is_told_in_the_words_of_the_exception() -> None:
    _, [capped] = cap_bands(CARD, np.array([[90.0, 40.0, 90.0]]), ["green"])
    assert capped is not None
    assert capped.document() == {"group": "support", "measure": "tickets", "is": "red", "cap": "amber"}


exceptions = st.builds(
    Exemption,
    st.sampled_from([Band.RED, Band.AMBER]),
    st.sampled_from([Band.RED, Band.AMBER]),
    group=st.just("support"),
)


@given(
    st.lists(st.floats(0, 100) | st.just(NAN), min_size=3, max_size=3),
    st.sampled_from([*BANDS, None]),
    st.lists(exceptions, max_size=4),
)
def test_a_cap_never_raises_a_band(points: list[float], band: str | None, rules: list[Exemption]) -> None:
    card = replace(CARD, exceptions=(*rules, USAGE_AMBER))
    [found], [capped] = cap_bands(card, np.array([points]), [band])
    if band is None:
        assert (found, capped) == (None, None)
    else:
        assert found is not None
        assert BANDS.index(found) <= BANDS.index(band)
        assert (capped is None) == (found == band)


def test_the_score_is_kept_and_a_colour_is_by_the_base_bands() -> None:
    card = replace(CARD, lifecycle={"new": Bands(10, 20)})
    health = score_accounts(card, np.array([[90.0, 40.0, 40.0]]), np.ones(1), ["new"])
    assert health.scores[0] == pytest.approx(80)
    assert (health.calculated_bands, health.bands) == (["green"], ["amber"])


def test_telemetry_alone_leaves_out_what_csms_think() -> None:
    card = Scorecard("d", "D", (measure("usage", 3), measure("mood", 1, metric="csm.sentiment")))
    health = score_accounts(card, np.array([[80.0, 0.0], [NAN, 90.0], [40.0, NAN]]), np.ones(3), [None] * 3)
    assert health.scores.tolist() == [60.0, 90.0, 40.0]
    assert (health.telemetry_scores[0], health.telemetry_scores[2]) == (80.0, 40.0)
    assert np.isnan(health.telemetry_scores[1])
    assert health.bands == ["amber", "green", "red"]
    assert health.telemetry_bands == ["green", None, "red"]


def test_judgement_caps_no_telemetry() -> None:
    mood = Exemption(Band.RED, Band.RED, measure="mood")
    card = Scorecard("d", "D", (measure("usage", 9), measure("mood", metric="csm.sentiment")), exceptions=(mood,))
    health = score_accounts(card, np.array([[100.0, 0.0]]), np.ones(1), [None])
    assert (health.bands, health.telemetry_bands) == (["red"], ["green"])


def test_without_judgement_telemetry_alone_is_the_score_itself() -> None:
    health = score_accounts(CARD, np.array([[90.0, 40.0, 70.0]]), np.ones(1), [None])
    assert health.telemetry_scores is health.scores
    assert health.telemetry_bands == health.bands


def test_what_decays_says_how_old_it_is() -> None:
    card = Scorecard("d", "D", (measure("usage", half_life_days=30), measure("seats")))
    health = score_accounts(card, np.array([[0.0, 90.0]]), np.ones(1), [None], np.array([[30.0, NAN]]))
    [(lines, _)] = explanations(card, health)
    assert health.scores[0] == pytest.approx(60)
    assert [line.get("age_days") for line in lines] == [30.0, None]
    assert [line["weight"] for line in lines] == pytest.approx([1 / 3, 2 / 3])
