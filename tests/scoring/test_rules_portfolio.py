"""Portfolio figures from columns of accounts."""

import dataclasses
import json

import numpy as np
import pytest

from app.scoring.rules import agreement, portfolio
from app.scoring.rules.accounts import Drawn, answering_weights, compare
from app.scoring.rules.estimates import stratified_mean, stratified_total
from app.scoring.rules.gaps import band
from app.scoring.rules.rollup import Within
from app.scoring.rules.rollup_arrays import account_voices
from app.studies.rules.pps import sized_shares

VOICE = np.array([10.0, 60.0, 90.0, 40.0, np.nan, 80.0])
DRAWN = Drawn(
    account_ids=[1, 2, 3, 4, 5, 6],
    strata=["a", "a", "a", "b", "b", "b"],
    stratum_sizes={"a": 30, "b": 12},
    arr=np.array([100.0, 200.0, 300.0, np.nan, 500.0, 600.0]),
    health=np.array([90.0, 55.0, 30.0, 60.0, 80.0, np.nan]),
    health_bands=["green", "amber", "red", "amber", "green", None],
)
SAID = ~np.isnan(VOICE)
VOICES = account_voices(np.flatnonzero(SAID), np.zeros(5, dtype=np.int64), VOICE[SAID], np.array([1.0]), 6)
COMPARED = compare(DRAWN, VOICES, Within(25.0, assumed=False))


def test_the_mean_weighs_strata_by_their_size() -> None:
    mean = portfolio.mean_of(DRAWN, VOICE)
    expected = stratified_mean(VOICE[SAID], ["a", "a", "a", "b", "b"], {"a": 30, "b": 12})
    assert mean == expected
    assert mean.value == pytest.approx((30 * 160 / 3 + 12 * 60) / 42)


def test_the_cross_table_counts_exactly_the_accounts_with_both_bands() -> None:
    table = portfolio.crosstab(DRAWN, COMPARED)
    assert table["green"]["red"] == {"accounts": 1, "arr": 100.0}
    assert table["amber"]["amber"] == {"accounts": 1, "arr": 200.0}
    assert table["red"]["green"] == {"accounts": 1, "arr": 300.0}
    assert table["amber"]["red"] == {"accounts": 1, "arr": 0.0}
    assert sum(cell["accounts"] for row in table.values() for cell in row.values()) == 4


def test_hidden_risk_and_strength() -> None:
    assert portfolio.quadrant_figures(DRAWN, COMPARED, "hidden_risk") == {"accounts": 2, "arr": 100.0}
    assert portfolio.quadrant_figures(DRAWN, COMPARED, "hidden_strength") == {"accounts": 1, "arr": 300.0}


def test_revenue_at_risk_reads_three_ways() -> None:
    risk = portfolio.arr_at_risk(DRAWN, COMPARED)
    known = ~np.isnan(DRAWN.arr * COMPARED.p_low)
    assert risk["expected"] == pytest.approx(float((DRAWN.arr * COMPARED.p_low)[known].sum()), abs=0.01)
    assert risk["confirmed"] == 100.0
    assert risk["confirmed_accounts"] == 2
    assert risk["portfolio"]["value"] >= risk["expected"]


def test_agreement_counts_accounts_with_both_scores_and_needs_ten() -> None:
    figures = portfolio.agreement_figures(DRAWN, VOICE, COMPARED)
    assert figures["n"] == 4
    assert figures["percent_agreement"] == 0.25
    for name in ("spearman", "kendall", "pearson", "ccc", "kappa", "bias"):
        assert figures[name]["value"] is None
        assert "THIN" in figures[name]["warnings"]
    assert figures["limits"] == [None, None]


def test_agreement_of_ten_accounts_is_what_the_functions_say() -> None:
    health, voice = np.arange(10, 101, 10.0), np.array([20.0, 10, 50, 30, 40, 80, 60, 70, 100, 90])
    bands = [band(value) for value in health.tolist()]
    frame = Drawn(list(range(10)), ["a"] * 10, {"a": 20}, np.full(10, 1.0), health, bands)
    voices = account_voices(np.arange(10), np.zeros(10, dtype=np.int64), voice, np.array([1.0]), 10)
    figures = portfolio.agreement_figures(frame, voice, compare(frame, voices, Within(100.0, assumed=False)))
    assert figures["spearman"] == portfolio.as_dict(agreement.spearman(voice, health))
    assert figures["bias"]["value"] == pytest.approx((voice - health).mean())
    assert figures["limits"][0] == pytest.approx(agreement.bland_altman(voice, health).lower)


def test_under_five_accounts_a_mean_has_no_interval() -> None:
    mean = portfolio.mean_of(DRAWN, np.array([10.0, 20.0, 30.0, 40.0, np.nan, np.nan]))
    assert mean.value is not None
    assert (mean.lo, mean.hi) == (None, None)
    assert "THIN" in mean.warnings


def test_the_value_gap_is_delivered_minus_promised() -> None:
    promised = np.array([100.0, 75.0, 50.0, np.nan, 50.0, 25.0])
    delivered = np.array([50.0, 75.0, 25.0, 50.0, np.nan, 25.0])
    value = portfolio.value_figures(DRAWN, promised, delivered)
    assert value["gap"]["value"] == pytest.approx(value["delivered"]["value"] - value["promised"]["value"])
    assert value["gap"]["n"] == 4
    assert value["paired"]["mean"] == pytest.approx(np.mean([-50, 0, -25, 0]))


def test_nps_counts_each_account_once() -> None:
    nps = portfolio.nps_of(DRAWN, np.array([1.0, -1.0, 0.0, 0.5, 0.5, np.nan]))
    assert nps.value == pytest.approx(100 * 12 * 0.5 / 42)


def test_a_share_at_its_end_still_has_an_interval() -> None:
    share = portfolio.share_of(DRAWN, np.array([1.0, 1.0, 0.5, 1.0, 1.0, 1.0]))
    assert share.lo is not None
    assert share.hi is not None
    assert 0 < share.lo < share.value < share.hi <= 1


def test_a_share_of_nobody_is_not_certain_in_a_sample() -> None:
    share = portfolio.share_of(DRAWN, np.zeros(6))
    assert share.value == 0
    assert share.lo == 0
    assert share.hi is not None
    assert share.hi > 0.2


def test_non_response_is_measured_in_standard_deviations() -> None:
    answered = np.array([True, True, False, False])
    health = np.array([80.0, 60.0, 40.0, 20.0])
    figures = portfolio.non_response(answered, {"health": health, "arr": np.full(4, 5.0)})
    assert figures["mean_health_respondents"] == 70
    assert figures["mean_health_sample"] == 50
    assert figures["largest"] == {
        "variable": "health",
        "standardised_difference": pytest.approx(20 / health.std(ddof=1)),
    }
    assert figures["differences"]["arr"] is None


def test_nothing_answered_is_null_everywhere_and_never_nan() -> None:
    nobody = np.full(6, np.nan)
    voices = account_voices(np.array([], dtype=np.int64), np.array([], dtype=np.int64), [], np.array([1.0]), 6)
    silent = compare(DRAWN, voices, Within(400.0, assumed=True))
    figures = {
        "mean": portfolio.as_dict(portfolio.mean_of(DRAWN, nobody)),
        "share": portfolio.as_dict(portfolio.share_of(DRAWN, nobody)),
        "value": portfolio.value_figures(DRAWN, nobody, nobody),
        "agreement": portfolio.agreement_figures(DRAWN, nobody, silent),
        "risk": portfolio.arr_at_risk(DRAWN, silent),
        "crosstab": portfolio.crosstab(DRAWN, silent),
    }
    json.dumps(figures, allow_nan=False)
    assert figures["mean"]["value"] is None
    assert figures["risk"]["confirmed"] is None
    assert figures["agreement"]["kappa"]["value"] is None


BY_SIZE = dataclasses.replace(DRAWN, weights=np.array([4.0, 10.0, 16.0, 4.0, 4.0, 4.0]))


def test_accounts_drawn_by_size_weigh_what_their_chance_says() -> None:
    everyone = np.array([10.0, 60.0, 90.0, 40.0, 70.0, 80.0])
    mean = portfolio.mean_of(BY_SIZE, everyone)
    assert mean == stratified_mean(everyone, DRAWN.strata, DRAWN.stratum_sizes, weights=BY_SIZE.weights)
    assert mean.value == pytest.approx((40 + 600 + 1440 + 160 + 280 + 320) / 42)


def test_the_silent_are_spoken_for_by_their_own_stratum() -> None:
    weights = answering_weights(BY_SIZE, np.flatnonzero(SAID))
    assert weights is not None
    assert weights.tolist() == [4, 10, 16, 6, 6]
    assert portfolio.mean_of(BY_SIZE, VOICE).value == pytest.approx((40 + 600 + 1440 + 240 + 480) / 42)
    assert answering_weights(DRAWN, np.flatnonzero(SAID)) is None


def test_revenue_at_risk_is_expanded_by_the_weights() -> None:
    compared = compare(BY_SIZE, VOICES, Within(25.0, assumed=False))
    exposed = BY_SIZE.arr * compared.p_low
    # Of stratum b no account has ARR, health and voice.
    assert portfolio.arr_at_risk(BY_SIZE, compared)["portfolio"]["value"] == pytest.approx(
        float(exposed[:3] @ np.array([4.0, 10.0, 16.0]))
    )


@pytest.mark.parametrize(
    ("sigma", "least", "most"),
    [pytest.param(0.4, 0.93, 0.97, id="ARR within a few times"), pytest.param(1.0, 0.90, 0.97, id="ARR 50 to 1")],
)
def test_intervals_of_a_draw_by_size_cover_what_they_say(sigma: float, least: float, most: float) -> None:
    # With very unequal weights few accounts carry a mean, and its interval holds in 91-92 %: hence the warning.
    rng = np.random.default_rng(7)
    arr = rng.lognormal(10, sigma, 400)
    ids = [f"{i:03d}" for i in range(400)]
    segment = {account_id: "L" if int(account_id) % 3 else "S" for account_id in ids}
    voice = np.clip(rng.normal(55 + 5 * np.log(arr / np.exp(10)), 20), 0, 100)
    money = arr * rng.beta(1, 4, 400)
    shares = sized_shares(dict(zip(ids, arr.tolist(), strict=True)), segment, 80, minimum=2, size=80)
    stratum = np.array(["certainty" if i in shares.certain else segment[i] for i in ids])
    pi = np.array([shares.probabilities.get(i, 1.0) for i in ids])
    sizes = {h: int((stratum == h).sum()) for h in np.unique(stratum).tolist()}
    inside = {h: np.flatnonzero(stratum == h) for h in sizes}
    counts = {h: shares.counts.get(h, len(shares.certain)) for h in sizes}
    means = totals = 0
    for _ in range(2_000):
        u = rng.random(400)
        rank = u / (1 - u) * (1 - pi) / pi
        drawn = np.concatenate([members[np.argsort(rank[members])[: counts[h]]] for h, members in inside.items()])
        weights = 1 / pi[drawn]
        mean = stratified_mean(voice[drawn], stratum[drawn], sizes, weights=weights)
        total = stratified_total(money[drawn], stratum[drawn], sizes, weights=weights)
        means += (mean.lo or 0) <= voice.mean() <= (mean.hi or 0)
        totals += (total.lo or 0) <= money.sum() <= (total.hi or 0)
    assert least <= means / 2_000 <= most
    assert 0.93 <= totals / 2_000 <= 0.975
