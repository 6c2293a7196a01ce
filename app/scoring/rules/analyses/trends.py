"""Change from wave to wave: among the same people, apart from who came and who went."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.scoring.rules.accounts import Drawn, answering_weights, design_weights
from app.scoring.rules.agreement import benjamini_hochberg
from app.scoring.rules.analyses.modes import account_means
from app.scoring.rules.estimates import EMPTY, MINIMUM_ACCOUNTS, SINGLETON, THIN, Estimate, effective_size
from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.portfolio import mean_of, strata_of
from app.scoring.rules.rollup_arrays import account_voices
from app.scoring.rules.scales import mean_of_present

VOICE, NPS = "voice", "nps"
"""The names of the figures that are no dimension."""

_LEVEL = 0.95

Figures = dict[str, Any]


@dataclass(frozen=True)
class Wave:
    """One wave as columns: people by contact, with their account and role as positions, and what they said.

    `dimensions` is people × `names` on 0-100, NaN where there is none; `recommend` the answers 0-10, NaN likewise.
    """

    drawn: Drawn
    contacts: IntArray
    account: IntArray
    role: IntArray
    role_weights: FloatArray
    names: list[str]
    dimensions: FloatArray
    recommend: FloatArray

    def column(self, name: str) -> FloatArray:
        """Return the scores of one dimension by person."""
        return self.dimensions[:, self.names.index(name)]


@dataclass(frozen=True)
class _Pair:
    """One figure of two waves by person, and what the same people said at each; NaN where there is none."""

    before: FloatArray
    now: FloatArray
    same_before: FloatArray
    same_now: FloatArray
    is_plain: bool


def changes(before: Wave, now: Wave, shared: Sequence[str], spoken: Sequence[str]) -> list[Figures]:
    """Return per figure both waves' estimates and the change between them, taken apart.

    Figures: the voice over the dimensions `spoken`, NPS, and each of the dimensions `shared` by both questionnaires.
    Change in all = change of the same people + change through who came and went. The first is the difference of the two
    stratified means; the second the mean of (now - before) over accounts, each by the same people, their roles and the
    weights of now; the third what is left. Intervals by linearisation with accounts as clusters, an account of both
    waves being one cluster; t with accounts - 1 degrees of freedom and no correction for a finite population, which
    makes them wide rather than narrow (Lohr 1999, ch. 9; Kish 1965, 12.4).
    `p_adjusted` is that of the same people's change, over the dimensions (Benjamini & Hochberg).
    """
    here, there = _matched(before, now)
    pairs = {VOICE: _voices(before, now, spoken, here, there), NPS: _codes(before, now, here, there)}
    pairs |= {name: _scores(before.column(name), now.column(name), here, there) for name in shared}
    found = [{"figure": name, **_change(before, now, pair, here)} for name, pair in pairs.items()]
    adjusted = _adjusted({row["figure"]: row["same"].p for row in found if row["figure"] not in {VOICE, NPS}})
    return [{**row, "p_adjusted": adjusted.get(row["figure"])} for row in found]


def who(before: Wave, now: Wave) -> dict[str, int]:
    """Return how many people were heard in both waves, came anew, and went."""
    here, _ = _matched(before, now)
    same = len(here)
    return {"same": same, "came": len(now.contacts) - same, "went": len(before.contacts) - same}


def account_changes(before: Wave, now: Wave, spoken: Sequence[str]) -> list[Figures]:
    """Return each account's voice by the same people then and now, 0-100, with how many they are, by position now."""
    here, there = _matched(before, now)
    pair = _voices(before, now, spoken, here, there)
    then, today = (_account(now, here, side, is_plain=False) for side in (pair.same_before, pair.same_now))
    people = np.bincount(now.account[here][~np.isnan(pair.same_now)], minlength=len(then))
    return [
        {"position": int(i), "before": float(then[i]), "now": float(today[i]), "people": int(people[i])}
        for i in np.flatnonzero(~np.isnan(today))
    ]


def _matched(before: Wave, now: Wave) -> tuple[IntArray, IntArray]:
    """Return the positions of the people heard in both waves: now, and before."""
    _, here, there = np.intersect1d(now.contacts, before.contacts, return_indices=True)
    return here, there


def _voices(before: Wave, now: Wave, spoken: Sequence[str], here: IntArray, there: IntArray) -> _Pair:
    """The voice of each person; of the same people over the dimensions that each answered both times."""
    a = np.column_stack([before.column(name) for name in spoken] or [np.empty((len(before.contacts), 0))])
    b = np.column_stack([now.column(name) for name in spoken] or [np.empty((len(now.contacts), 0))])
    both = ~np.isnan(a[there]) & ~np.isnan(b[here])
    return _Pair(
        mean_of_present(a),
        mean_of_present(b),
        mean_of_present(np.where(both, a[there], np.nan)),
        mean_of_present(np.where(both, b[here], np.nan)),
        is_plain=False,
    )


def _codes(before: Wave, now: Wave, here: IntArray, there: IntArray) -> _Pair:
    pair = _scores(_code(before.recommend), _code(now.recommend), here, there)
    return dataclasses.replace(pair, is_plain=True)


def _code(answers: FloatArray) -> FloatArray:
    code = np.where(answers >= 9, 100.0, np.where(answers >= 7, 0.0, -100.0))
    return np.where(np.isnan(answers), np.nan, code)


def _scores(before: FloatArray, now: FloatArray, here: IntArray, there: IntArray) -> _Pair:
    both = ~np.isnan(before[there]) & ~np.isnan(now[here])
    return _Pair(before, now, np.where(both, before[there], np.nan), np.where(both, now[here], np.nan), is_plain=False)


def _change(before: Wave, now: Wave, pair: _Pair, here: IntArray) -> Figures:
    everyone = np.arange(len(before.contacts)), np.arange(len(now.contacts))
    old = _account(before, everyone[0], pair.before, is_plain=pair.is_plain)
    new = _account(now, everyone[1], pair.now, is_plain=pair.is_plain)
    then, today = (_account(now, here, side, is_plain=pair.is_plain) for side in (pair.same_before, pair.same_now))
    ids = sorted({*before.drawn.account_ids, *now.drawn.account_ids})
    first, first_pull, had = _mean(before.drawn, old, ids)
    last, last_pull, has = _mean(now.drawn, new, ids)
    same, same_pull, stays = _mean(now.drawn, today - then, ids)
    total = None if first is None or last is None else last - first
    rest = None if total is None or same is None else total - same
    return {
        "before": mean_of(before.drawn, old),
        "now": mean_of(now.drawn, new),
        "total": _estimate(total, last_pull - first_pull, had | has),
        "same": _estimate(same, same_pull, stays),
        "mix": _estimate(rest, last_pull - first_pull - same_pull, had | has),
        "people": int((~np.isnan(pair.same_now)).sum()),
    }


def _account(wave: Wave, people: IntArray, scores: FloatArray, *, is_plain: bool) -> FloatArray:
    """Roll scores of some people up to the wave's accounts: by roles, or as the plain mean that NPS takes."""
    accounts = len(wave.drawn.account_ids)
    if is_plain:
        return account_means(wave.account[people], scores, accounts)
    said = ~np.isnan(scores)
    chosen = people[said]
    return account_voices(wave.account[chosen], wave.role[chosen], scores[said], wave.role_weights, accounts).voice


def _mean(drawn: Drawn, values: FloatArray, ids: Sequence[int]) -> tuple[float | None, FloatArray, BoolArray]:
    """Return the weighted mean, each account's pull w·(y - mean)/Σw on it, and which accounts have a value."""
    pull, has = np.zeros(len(ids)), np.zeros(len(ids), dtype=np.bool_)
    present = np.flatnonzero(~np.isnan(values))
    if not len(present):
        return None, pull, has
    strata = strata_of(drawn, values)
    weights = answering_weights(drawn, present, strata.merged)
    if weights is None:
        weights = design_weights(strata.labels, strata.sizes)
    mean = float(weights @ values[present] / weights.sum())
    at = np.searchsorted(np.array(ids), np.array(drawn.account_ids)[present])
    pull[at] = weights * (values[present] - mean) / weights.sum()
    has[at] = True
    return mean, pull, has


def _estimate(value: float | None, pull: FloatArray, has: BoolArray) -> Estimate:
    from scipy.special import stdtr, stdtrit

    n = int(has.sum())
    method = "change, accounts as clusters"
    if value is None or not n:
        return Estimate(None, None, None, None, _LEVEL, n, None, method, [EMPTY])
    size = effective_size(np.ones(n))
    if n < MINIMUM_ACCOUNTS:
        return Estimate(value, None, None, None, _LEVEL, n, size, method, [SINGLETON] if n == 1 else [THIN])
    se = math.sqrt(n * float(np.var(pull[has], ddof=1)))
    if se < 1e-12:
        return Estimate(value, 0.0, value, value, _LEVEL, n, size, method, ["ZERO_VAR"], df=n - 1)
    reach = float(stdtrit(n - 1, 0.975)) * se
    p = 2 * float(stdtr(n - 1, -abs(value) / se))
    return Estimate(value, se, value - reach, value + reach, _LEVEL, n, size, method, [], df=n - 1, p=p)


def _adjusted(p_values: Mapping[str, float | None]) -> dict[str, float]:
    known = {key: p for key, p in p_values.items() if p is not None}
    return dict(zip(known, benjamini_hochberg(list(known.values())), strict=True))
