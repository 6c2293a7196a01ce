"""Voice against health for columns of accounts."""

import numpy as np

from app.scoring.rules.accounts import Compared, Drawn, compare, design_weights
from app.scoring.rules.gaps import account_gaps, equate
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import account_voices

WEIGHTS = np.array([0.5, 0.3, 0.2])


def drawn(health: list[float], bands: list[str | None], strata: list[str] | None = None) -> Drawn:
    n = len(health)
    labels = strata or ["all"] * n
    sizes = {label: 2 * labels.count(label) for label in labels}
    return Drawn(list(range(n)), labels, sizes, np.full(n, 100.0), np.array(health), bands)


def compared(frame: Drawn, people: list[tuple[int, int, float]]) -> Compared:
    account, role, score = (np.array(column) for column in zip(*people, strict=True))
    voices = account_voices(account, role, score.astype(float), WEIGHTS, len(frame.account_ids))
    return compare(frame, voices, Within(400.0, assumed=True))


def test_a_thin_account_has_no_band_and_is_never_flagged() -> None:
    result = compared(drawn([90, 90], ["green", "green"]), [(0, 0, 10), (1, 1, 10)])
    assert result.voice_bands == ["red", None]
    assert result.quadrants == ["hidden_risk", "insufficient"]
    assert result.tiers[1] == "none"
    assert np.isnan(result.p_low[1])


def test_missing_health_is_no_gap() -> None:
    result = compared(drawn([np.nan, 20], [None, "red"]), [(0, 0, 80), (1, 0, 80)])
    assert result.quadrants == ["insufficient", "hidden_strength"]
    assert np.isnan(result.gap[0])
    assert result.gap[1] == 60


def test_a_silent_account_stays_empty() -> None:
    result = compared(drawn([50, 50], ["amber", "amber"]), [(1, 0, 60)])
    assert np.isnan(result.voice_se[0])
    assert result.voice_bands[0] is None


def test_from_thirty_accounts_health_is_equated_with_design_weights() -> None:
    generator = np.random.default_rng(7)
    health = generator.uniform(20, 100, 40)
    voice = np.clip(0.5 * health + 20 + generator.normal(0, 8, 40), 0, 100)
    frame = drawn(health.tolist(), ["amber"] * 40, ["a"] * 10 + ["b"] * 30)
    result = compared(frame, [(i, 0, v) for i, v in enumerate(voice)])
    variances = np.full(40, 400.0)
    expected = equate(health, voice, variances, weights=np.full(40, 2.0))
    gaps = account_gaps(voice, variances, expected)
    assert result.was_equated
    assert np.allclose(result.equated_health, expected)
    assert result.tiers == [gap.tier for gap in gaps]
    assert np.allclose(result.gap_shrunken, [gap.shrunken for gap in gaps])


def test_design_weights_expand_to_the_frame() -> None:
    weights = design_weights(["a", "a", "b"], {"a": 10, "b": 7})
    assert weights.tolist() == [5, 5, 7]
    assert weights.sum() == 17


def test_voices_shrink_towards_their_stratum_where_it_is_large_enough() -> None:
    people = [(i, 0, 20.0) for i in range(6)] + [(i, 0, 80.0 + i) for i in range(6, 8)]
    result = compared(drawn([50] * 8, ["amber"] * 8, ["low"] * 6 + ["high"] * 2), people)
    assert np.allclose(result.voice_shrunken[:6], 20)
    assert (result.voice_shrunken[6:] < 80).all()
