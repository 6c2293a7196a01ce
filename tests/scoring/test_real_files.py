"""Our figures on two files of other origin, against pandas, scipy, scikit-learn and statsmodels on the same rows."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import brier_score_loss, cohen_kappa_score, mutual_info_score, roc_auc_score
from statsmodels.discrete.discrete_model import Logit as StatsmodelsLogit
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from app.scoring.rules import validity
from app.scoring.rules.agreement import bland_altman, icc, kappa, kendall, lin_ccc, paired_gap, pearson, spearman
from app.scoring.rules.estimates import (
    cluster_mean,
    nps,
    nps_from_scores,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
    wilson,
)
from app.studies.rules.response_rates import chi_square
from tests.conftest import leave_out

BANDS = [-math.inf, 50, 75, math.inf]
FACTORS = ["Tenure in Months", "Monthly Charge", "Number of Referrals", "Avg Monthly GB Download", "Age"]


def read(shared: Path, *path: str, **options: Any) -> pd.DataFrame:
    file = shared.joinpath("data", *path)
    if not file.is_file():
        leave_out(f"The file {'/'.join(path)} is not among the real files on this machine.")
    return pd.read_csv(file, **options)


@pytest.fixture(scope="module")
def telco(shared: Path) -> pd.DataFrame:
    """Voice from the satisfaction score, health from the vendor's churn score, and whether the customer stayed."""
    source = read(shared, "telco", "telco_dev.csv", keep_default_na=False)
    return source.assign(
        voice=25.0 * (source["Satisfaction Score"] - 1),
        health=100.0 - source["Churn Score"],
        stayed=1 - source["Churn Value"],
    )


@pytest.fixture(scope="module")
def botanic(shared: Path) -> pd.Series:
    """The answers 0–10 to the question whether one would recommend."""
    return read(shared, "botanic_nps", "nps_utf8.csv")["nps"].dropna()


@pytest.mark.parametrize("column", ["Contract", "Gender", "Internet Type", "Offer"])
def test_the_mean_of_every_group_is_that_of_pandas(telco: pd.DataFrame, column: str) -> None:
    groups = telco.groupby(column)["voice"].agg(["mean", "sem", "size"])
    assert len(groups) > 1
    for name, part in telco.groupby(column)["voice"]:
        ours = stratified_mean(part, ["all"] * len(part), None, weights=[1.0] * len(part))
        theirs = groups.loc[name]
        assert (ours.value, ours.se, ours.n) == pytest.approx((theirs["mean"], theirs["sem"], theirs["size"]))
        assert (ours.lo, ours.hi) == pytest.approx(stats.t.interval(0.95, ours.n - 1, theirs["mean"], theirs["sem"]))


def test_the_stratified_mean_is_the_groups_means_by_their_size(telco: pd.DataFrame) -> None:
    sample = telco.groupby("Contract").sample(80, random_state=1)
    sizes = telco["Contract"].value_counts()
    groups = sample.groupby("Contract")["voice"].agg(["mean", "var"])
    share, left = sizes / sizes.sum(), 1 - 80 / sizes
    ours = stratified_mean(sample["voice"].tolist(), sample["Contract"].tolist(), sizes.to_dict())
    assert ours.value == pytest.approx((share * groups["mean"]).sum())
    assert ours.se == pytest.approx(math.sqrt((share**2 * left * groups["var"] / 80).sum()))
    low = stratified_proportion(sample["voice"] < 50, sample["Contract"].tolist(), sizes.to_dict())
    red = sample.assign(red=sample["voice"] < 50).groupby("Contract")["red"].mean()
    assert low.value == pytest.approx((share * red).sum())


def test_correlations_are_scipys(telco: pd.DataFrame) -> None:
    voice, health = telco["voice"], telco["health"]
    r, rho, tau = pearson(voice, health), spearman(voice, health), kendall(voice, health)
    theirs = stats.pearsonr(voice, health)
    interval = theirs.confidence_interval(0.95)
    assert (r.value, r.lo, r.hi) == pytest.approx((theirs.statistic, interval.low, interval.high))
    assert rho.value == pytest.approx(stats.spearmanr(voice, health).statistic)
    assert tau.value == pytest.approx(stats.kendalltau(voice, health).statistic)
    assert r.value == pytest.approx(voice.corr(health))
    assert rho.value == pytest.approx(voice.corr(health, method="spearman"))


def test_agreement_is_that_of_pandas_and_scikit_learn(telco: pd.DataFrame) -> None:
    voice, health = telco["voice"], telco["health"]
    rows, columns = (pd.cut(score, BANDS, labels=[0, 1, 2], right=False).astype(int) for score in (health, voice))
    counts = pd.crosstab(rows, columns).to_numpy()
    assert kappa(counts, weights="linear").value == pytest.approx(cohen_kappa_score(rows, columns, weights="linear"))
    assert kappa(counts).value == pytest.approx(cohen_kappa_score(rows, columns))
    difference = voice - health
    limits, gap = bland_altman(voice, health), paired_gap(voice, health)
    assert (limits.bias, limits.sd) == pytest.approx((difference.mean(), difference.std()))
    assert limits.slope == pytest.approx(stats.linregress((voice + health) / 2, difference).slope)
    assert gap.t == pytest.approx(stats.ttest_rel(voice, health).statistic)
    moments = np.cov(voice, health, bias=True)
    concordance = 2 * moments[0, 1] / (np.trace(moments) + difference.mean() ** 2)
    assert lin_ccc(voice, health).value == pytest.approx(concordance)
    # With two raters ICC(2,1) is Lin's coefficient but for divisors of n − 1.
    assert icc(np.column_stack((voice, health))).icc_2_1 == pytest.approx(concordance, abs=1e-3)


@pytest.mark.parametrize("factor", [*FACTORS, "health"])
def test_a_factors_validity_is_scikit_learns_and_scipys(telco: pd.DataFrame, factor: str) -> None:
    scores, stayed = telco[factor], telco["stayed"]
    area = validity.auc(scores, stayed)
    assert area.value == pytest.approx(roc_auc_score(stayed, scores))
    assert area.p == pytest.approx(stats.mannwhitneyu(scores[stayed == 1], scores[stayed == 0]).pvalue)
    assert validity.point_biserial(scores, stayed).value == pytest.approx(
        stats.pointbiserialr(stayed, scores).statistic
    )
    thirds = pd.qcut(scores.rank(method="first"), 3, labels=False)
    bits = mutual_info_score(thirds, stayed) / math.log(2)
    assert validity.mutual_information(thirds, stayed) == pytest.approx(bits)
    drawn = validity.bootstrap_auc(scores, stayed, seed=1, replicates=400)
    assert (drawn.lo, drawn.hi) == pytest.approx((area.lo, area.hi), abs=0.005)


def test_a_plain_logit_is_statsmodels_and_its_brier_scikit_learns(telco: pd.DataFrame) -> None:
    z = (telco[FACTORS] - telco[FACTORS].mean()) / telco[FACTORS].std(ddof=0)
    theirs = StatsmodelsLogit(telco["stayed"], np.column_stack((np.ones(len(z)), z))).fit(disp=False)
    columns = [telco[name] for name in FACTORS]
    ours = validity.fit_logit(columns, telco["stayed"], C=math.inf)
    assert [ours.intercept, *ours.coefficients] == pytest.approx(list(theirs.params), abs=1e-5)
    p = validity.predict(ours, columns)
    assert p == pytest.approx(list(theirs.predict()), abs=1e-6)
    assert validity.brier(p, telco["stayed"]) == pytest.approx(brier_score_loss(telco["stayed"], p))


def test_the_sources_label_leak_shows_as_a_perfect_factor(telco: pd.DataFrame) -> None:
    # Scores 1–2 always left and 4–5 never did, as the origin's README says.
    clear = telco[telco["Satisfaction Score"] != 3]
    assert validity.auc(clear["voice"], clear["stayed"]).value == 1.0
    assert validity.fit_logit([clear["voice"]], clear["stayed"], C=math.inf).warnings == ["NOT_CONVERGED"]


def test_classes_of_customers_by_chi_square(telco: pd.DataFrame) -> None:
    table = pd.crosstab(telco["stayed"], telco["Contract"])
    theirs = stats.chi2_contingency(table, correction=False)
    ours = chi_square(table.to_numpy().tolist())
    assert (ours.chi2, ours.df, ours.p) == pytest.approx((theirs.statistic, theirs.dof, theirs.pvalue))


def test_botanics_nps_and_its_interval_are_those_of_statsmodels(botanic: pd.Series) -> None:
    code = (botanic >= 9).astype(int) - (botanic <= 6).astype(int)
    n, theirs = len(code), DescrStatsW(code.to_numpy(dtype=float))
    everyone = ["all"] * n
    mean = stratified_nps(botanic, everyone, None, weights=[1.0] * n)
    assert (mean.value, mean.se) == pytest.approx((100 * theirs.mean, 100 * theirs.std_mean))
    assert (mean.lo, mean.hi) == pytest.approx(tuple(100 * limit for limit in theirs.tconfint_mean()))
    plain = nps_from_scores(botanic)
    # statsmodels' standard error has n − 1 under it, the one of counts has n.
    assert (plain.value, plain.se) == pytest.approx((100 * theirs.mean, 100 * theirs.std_mean * math.sqrt((n - 1) / n)))
    people = cluster_mean(code.to_numpy(), range(n), [1.0] * n)
    assert (people.value, people.se) == pytest.approx((theirs.mean, theirs.std_mean))


def test_botanics_adjusted_wald_is_statsmodels_on_raised_counts(botanic: pd.Series) -> None:
    counts = [int((botanic >= 9).sum()), int(botanic.between(7, 8).sum()), int((botanic <= 6).sum())]
    raised = np.add(counts, [0.75, 1.5, 0.75])
    theirs = DescrStatsW(np.array([1.0, 0.0, -1.0]), weights=raised)
    stretch = math.sqrt((raised.sum() - 1) / raised.sum())
    low, high = theirs.zconfint_mean()
    ours = nps(*counts)
    assert ours.lo == pytest.approx(100 * (theirs.mean - stretch * (theirs.mean - low)))
    assert ours.hi == pytest.approx(100 * (theirs.mean + stretch * (high - theirs.mean)))
    share = wilson(counts[0], len(botanic))
    assert (share.lo, share.hi) == pytest.approx(proportion_confint(counts[0], len(botanic), method="wilson"))
