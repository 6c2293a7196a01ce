"""Draw after draw from one population whose truth is known: how often each interval holds it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.estimates import (
    Estimate,
    cluster_mean,
    nps_code,
    nps_from_scores,
    stratified_mean,
    stratified_nps,
    stratified_proportion,
    stratified_total,
    wilson,
)
from app.studies.rules.drawing import Unit, draw

LOWEST, HIGHEST = 0.93, 0.97
Method = Callable[["Population", "Sample"], Estimate]


@dataclass(frozen=True)
class Population:
    """Accounts by stratum; each has people with a score 0–100 and an answer 0–10."""

    frame: list[Unit]
    people: dict[str, list[float]]
    answers: dict[str, int]
    allocation: dict[str, int]

    @property
    def sizes(self) -> dict[str, int]:
        """N_h of every stratum."""
        return {h: sum(unit.stratum == h for unit in self.frame) for h in self.allocation}

    def voice(self, account: str) -> float:
        """The account's true score: the mean of its people."""
        return float(np.mean(self.people[account]))


@dataclass(frozen=True)
class Sample:
    """What one draw brought: the accounts with their strata and weights."""

    accounts: list[str]
    strata: list[str]
    weights: list[float]


@dataclass(frozen=True)
class Coverage:
    """How many intervals of one figure held the truth, in how many draws, and how wide they were on average."""

    name: str
    share: float
    draws: int
    width: float


def a_population(seed: int, accounts: int, drawn: int) -> Population:
    """Skewed ARR bands: few large accounts that think lower and differ more, many small ones that are content."""
    random = np.random.default_rng(seed)
    bands = {"large": (0.15, 48.0, 18.0), "middle": (0.30, 60.0, 14.0), "small": (0.55, 72.0, 10.0)}
    frame, people, answers = [], {}, {}
    for band, (share, mean, spread) in bands.items():
        for i in range(round(share * accounts)):
            account = f"{band}-{i}"
            truth = random.normal(mean, spread)
            frame.append(Unit(account, band, None))
            size = int(random.integers(1, 6))
            people[account] = np.clip(truth + random.normal(0, 20, size), 0, 100).tolist()
            answers[account] = int(np.clip(round(truth / 10 + random.normal(1, 2)), 0, 10))
    return Population(frame, people, answers, {band: drawn // len(bands) for band in bands})


def samples(population: Population, draws: int) -> Iterator[Sample]:
    """One sample per seed, by the product's own draw."""
    stratum = {unit.account_id: unit.stratum for unit in population.frame}
    for seed in range(draws):
        drawn = draw(population.frame, population.allocation, seed=seed, wave="simulation")
        weights = [drawn.weights[account] for account in drawn.selected]
        yield Sample(drawn.selected, [stratum[account] for account in drawn.selected], weights)


def mean_voice(population: Population, sample: Sample) -> Estimate:
    """Mean voice of the accounts."""
    return stratified_mean([population.voice(a) for a in sample.accounts], sample.strata, population.sizes)


def mean_by_weights(population: Population, sample: Sample) -> Estimate:
    """The same from weights alone, without the finite population correction."""
    voices = [population.voice(a) for a in sample.accounts]
    return stratified_mean(voices, sample.strata, None, weights=sample.weights)


def total_voice(population: Population, sample: Sample) -> Estimate:
    """Total of the voices."""
    return stratified_total([population.voice(a) for a in sample.accounts], sample.strata, population.sizes)


def share_red(population: Population, sample: Sample) -> Estimate:
    """Share of accounts below 50."""
    return stratified_proportion([population.voice(a) < 50 for a in sample.accounts], sample.strata, population.sizes)


def net_promoters(population: Population, sample: Sample) -> Estimate:
    """NPS of the accounts."""
    return stratified_nps([population.answers[a] for a in sample.accounts], sample.strata, population.sizes)


STRATIFIED: dict[str, Method] = {
    "stratified mean": mean_voice,
    "stratified mean, no fpc": mean_by_weights,
    "stratified total": total_voice,
    "stratified share": share_red,
    "stratified NPS": net_promoters,
}


def truths(population: Population) -> dict[str, float]:
    """What each figure is in the whole population."""
    voices = [population.voice(unit.account_id) for unit in population.frame]
    mean = float(np.mean(voices))
    return {
        "stratified mean": mean,
        "stratified mean, no fpc": mean,
        "stratified total": float(np.sum(voices)),
        "stratified share": float(np.mean(np.array(voices) < 50)),
        "stratified NPS": 100 * float(np.mean([nps_code(answer) for answer in population.answers.values()])),
        "people in accounts": float(np.mean([score for scores in population.people.values() for score in scores])),
    }


def stratified_coverage(population: Population, draws: int) -> list[Coverage]:
    """How often the stratified intervals hold the truth."""
    truth, found = truths(population), {name: [] for name in STRATIFIED}
    for sample in samples(population, draws):
        for name, method in STRATIFIED.items():
            found[name].append(method(population, sample))
    return [covered(name, truth[name], estimates) for name, estimates in found.items()]


def clustered_coverage(population: Population, draws: int, drawn: int) -> list[Coverage]:
    """The mean over people, accounts drawn without strata: between accounts, and as if people were drawn one by one."""
    flat = [Unit(unit.account_id, "all") for unit in population.frame]
    plain = Population(flat, population.people, population.answers, {"all": drawn})
    right, wrong = [], []
    for sample in samples(plain, draws):
        rows = [(score, a) for a in sample.accounts for score in population.people[a]]
        scores, accounts = [score for score, _ in rows], [account for _, account in rows]
        right.append(cluster_mean(scores, accounts, [1.0] * len(rows), clusters_in_population=len(flat)))
        wrong.append(stratified_mean(scores, ["all"] * len(rows), None, weights=[1.0] * len(rows)))
    truth = truths(population)["people in accounts"]
    return [covered("people in accounts", truth, right), covered("people as if independent", truth, wrong)]


def unweighted_coverage(draws: int, n: int, *, seed: int) -> list[Coverage]:
    """NPS and a share from n answers of an endless population."""
    random, shares = np.random.default_rng(seed), [0.02] * 5 + [0.05, 0.10, 0.20, 0.25, 0.15, 0.15]
    answers = random.choice(11, size=(draws, n), p=shares)
    top = sum(shares[9:])
    net = 100 * (top - sum(shares[:7]))
    scores = [nps_from_scores(row) for row in answers]
    tops = [wilson(int((row >= 9).sum()), n) for row in answers]
    return [covered("NPS, adjusted Wald", net, scores), covered("share, Wilson", top, tops)]


def covered(name: str, truth: float, estimates: list[Any]) -> Coverage:
    """The share of intervals that hold the truth."""
    hits = [estimate.lo <= truth <= estimate.hi for estimate in estimates]
    return Coverage(name, float(np.mean(hits)), len(hits), float(np.mean([e.hi - e.lo for e in estimates])))
