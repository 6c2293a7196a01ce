"""The preview: what would be drawn, and how wide the intervals would be."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from app.scoring.rules.estimates import stratified_mean
from app.studies.rules.cross_section import Member, cross_section
from app.studies.rules.plan import Design, design_of
from app.studies.rules.preview import preview
from app.studies.rules.spreads import Scores, ScoreSource

DESIGN: dict[str, Any] = {
    "mode": "both", "strata": ["segment"], "method": "proportional", "size": 20, "seed": 360, "wave": "w1",
    "roles": {"champion": 1},
}  # fmt: skip
PEOPLE = [Member(f"A{i:03d}", "active", 10.0 + i, ("Large" if i < 25 else "Small",)) for i in range(100)]


UNSPLIT = [Member(member.account_id, member.status, member.arr, ()) for member in PEOPLE]


def design(**changes: Any) -> Design:
    return design_of({**DESIGN, **changes})


@pytest.mark.parametrize("method", ["census", "proportional", "neyman", "pps"])
def test_the_preview_shows_the_accounts_of_the_draw(method: str) -> None:
    plan = design(method=method)
    shown, drawn = preview(PEOPLE, plan), cross_section(PEOPLE, plan)
    assert shown.account_ids == [account.account_id for account in drawn.drawn]
    assert {stratum.name: stratum.drawn for stratum in shown.strata} == drawn.allocation
    assert sum(stratum.size for stratum in shown.strata) == shown.frame_size == 100
    assert sum(shown.modes.values()) == shown.accounts == len(drawn.drawn)
    assert abs(shown.modes["interview"] - shown.modes["survey"]) <= 1


def test_the_margin_is_that_of_the_stratified_mean() -> None:
    shown = preview(PEOPLE, design())
    variance = (0.25**2 * (1 - 3 / 25) / 3 + 0.75**2 * (1 - 9 / 75) / 9) * 20**2
    assert shown.margin_mean == pytest.approx(t.ppf(0.975, 10) * math.sqrt(variance))
    assert shown.margin_share == pytest.approx(shown.margin_mean * 50 / 20)
    assert shown.margin_nps == pytest.approx(shown.margin_mean * 100 * math.sqrt(2 / 3) / 20)
    assert (shown.assumed_sd, shown.response_share, shown.warnings) == (20.0, 0.6, [])


def test_known_scores_take_the_place_of_the_assumption() -> None:
    scores = {member.account_id: 50.0 + (i % 2) * (4 if i < 25 else 20) for i, member in enumerate(PEOPLE)}
    shown = preview(PEOPLE, design(method="neyman"), scores=Scores(ScoreSource.HEALTH, scores))
    spread = {stratum.name: stratum.sd for stratum in shown.strata}
    assert spread["Large"] == pytest.approx(np.std([scores[m.account_id] for m in PEOPLE[:25]], ddof=1))
    assert (shown.assumed_sd, shown.warnings) == (None, [])
    assert shown.margin_mean is not None
    assert shown.margin_mean < (preview(PEOPLE, design()).margin_mean or 0)


@pytest.mark.parametrize(
    ("changes", "share", "margin"),
    [
        pytest.param({"method": "census"}, 1.0, 0.0, id="everyone answers a census"),
        pytest.param({"size": 3, "minimum_per_stratum": 1}, 0.6, None, id="too few answers"),
    ],
)
def test_the_ends_of_the_margin(changes: dict[str, Any], share: float, margin: float | None) -> None:
    shown = preview(PEOPLE, design(**changes), response_share=share)
    assert (shown.margin_mean, shown.margin_share, shown.margin_nps) == (margin, margin, margin)
    assert bool(shown.warnings) is (margin is None)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5, math.nan])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share of accounts"):
        preview(PEOPLE, design(), response_share=share)


def test_a_design_that_cannot_be_drawn_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="size 500 is more than the 100"):
        preview(PEOPLE, design(size=500))


@pytest.mark.parametrize(("method", "within"), [("proportional", 0.03), ("pps", 0.18)])
def test_the_margin_comes_true(method: str, within: float) -> None:
    rng = np.random.default_rng(1)
    reaches = []
    for seed in range(200):
        voice = dict(zip((m.account_id for m in PEOPLE), rng.normal(60, 20, 100), strict=True))
        drawn = cross_section(UNSPLIT, design(method=method, strata=[], size=30, seed=seed)).drawn
        mean = stratified_mean(
            [voice[d.account_id] for d in drawn],
            [d.stratum for d in drawn],
            {d.stratum: d.stratum_size for d in drawn},
            weights=[d.weight for d in drawn],
        )
        assert mean.hi is not None
        assert mean.value is not None
        reaches.append(mean.hi - mean.value)
    shown = preview(UNSPLIT, design(method=method, strata=[], size=30), response_share=1.0).margin_mean
    assert np.mean(reaches) == pytest.approx(shown, rel=within)
