"""Survey against interview: what the way of asking changes, and what a short question says about the long talk."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.scoring.rules.agreement import benjamini_hochberg, bland_altman, paired_t, spearman
from app.scoring.rules.arms import Arms, tost_arms
from app.scoring.rules.correlations import MINIMUM_PAIRS
from app.scoring.rules.inputs import FloatArray, IntArray
from app.scoring.rules.modes import icc, pairs_for_power, tost_paired
from app.scoring.rules.partial import MINIMUM_PARTIAL, partial_spearman
from app.scoring.rules.portfolio import firm
from app.scoring.rules.scales import mean_of_present

BOUND = 10.0
"""Points within which two ways of asking count as the same (methods h)."""

NEGLIGIBLE = 0.3
"""A partial correlation that lies wholly inside ± this adds little to what the other questions say."""

VOICE = "voice"
"""In place of a question: the mean of all compared questions, or of all long dimensions."""

_LEVEL = 0.05

Columns = Mapping[str, FloatArray]
Figures = dict[str, Any]


def account_means(account: IntArray, values: FloatArray, accounts: int) -> FloatArray:
    """Return each account's plain mean over the people with a value; NaN where there is none."""
    said = ~np.isnan(values)
    n = np.bincount(account[said], minlength=accounts)
    sums = np.bincount(account[said], values[said], minlength=accounts)
    means: FloatArray = np.divide(sums, n, out=np.full(accounts, np.nan), where=n > 0)
    return means


def with_voice(columns: Columns) -> dict[str, FloatArray]:
    """Return the columns and before them their mean, over what is present, where there are several."""
    if len(columns) < 2:
        return dict(columns)
    return {VOICE: mean_of_present(np.column_stack(list(columns.values()))), **columns}


def arm_differences(interview: Columns, survey: Columns, strata: Sequence[str]) -> list[Figures]:
    """Return per question what interviewed accounts say minus what surveyed ones say, in points (methods h, unpaired).

    The columns hold account means 0-100, NaN where nobody answered by that door. Each entry is `Arms` with `question`
    and `p_adjusted` (Benjamini & Hochberg over the questions; the mean over all of them is no test of its own).
    """
    labels = np.array(strata, dtype=object)
    found = {key: _arms(interview[key], survey[key], labels) for key in interview}
    adjusted = _adjusted({key: each.p for key, each in found.items() if key != VOICE})
    return [
        {"question": key, "p_adjusted": adjusted.get(key), **vars(each), "n": each.n} for key, each in found.items()
    ]


def _arms(interview: FloatArray, survey: FloatArray, labels: Any) -> Arms:
    a, b = ~np.isnan(interview), ~np.isnan(survey)
    return tost_arms(interview[a], survey[b], labels[a], labels[b], bound=BOUND)


def paired_differences(interview: Columns, survey: Columns) -> list[Figures]:
    """Return per question interview minus survey of accounts where both were asked, in points (methods h, paired).

    Each entry holds `question`, the fields of `Tost` with the 95 % interval, `p_adjusted`, `icc` (ICC(2,1)),
    `limits` of agreement (Bland & Altman) and `pairs_needed` for 90 % power to show equivalence at this spread.
    """
    pairs = {key: ~np.isnan(interview[key]) & ~np.isnan(survey[key]) for key in interview}
    found = [_paired(key, interview[key][both], survey[key][both]) for key, both in pairs.items()]
    adjusted = _adjusted({each["question"]: each["p"] for each in found if each["question"] != VOICE})
    return [{**each, "p_adjusted": adjusted.get(each["question"])} for each in found]


def _paired(key: str, x: FloatArray, y: FloatArray) -> Figures:
    tost, gap = tost_paired(x, y, BOUND), paired_t(x, y)
    is_thin, limits = len(x) < MINIMUM_PAIRS, bland_altman(x, y)
    sd = float(np.std(x - y, ddof=1)) if len(x) > 1 else None
    figures = {
        "question": key,
        **vars(tost),
        "lo": gap.lo,
        "hi": gap.hi,
        "mean_first": float(x.mean()) if len(x) else None,
        "mean_second": float(y.mean()) if len(x) else None,
        "icc": icc(np.column_stack([x, y])).icc_2_1 if not is_thin else None,
        "limits": None if is_thin else [limits.lower, limits.upper],
        "pairs_needed": pairs_for_power(sd, BOUND) if sd else None,
    }
    tests = ("lo", "hi", "lo90", "hi90", "p", "p_lower", "p_upper", "t_lower", "t_upper", "verdict")
    return {**figures, **dict.fromkeys(tests)} if is_thin else figures


def predictions(short: Columns, long: Columns) -> list[Figures]:
    """Return the rank correlation of each short question with each long dimension, over accounts with both.

    Each entry holds `question`, `dimension`, an estimate (Bonett-Wright interval; none under ten accounts) and
    `p_adjusted` (Benjamini & Hochberg over all of them).
    """
    found = {(q, d): firm(_spearman(short[q], long[d]), MINIMUM_PAIRS) for q in short for d in long}
    adjusted = _adjusted({pair: each.p for pair, each in found.items()})
    return [
        {"question": q, "dimension": d, "estimate": each, "p_adjusted": adjusted.get((q, d))}
        for (q, d), each in found.items()
    ]


def _spearman(x: FloatArray, y: FloatArray) -> Any:
    both = ~np.isnan(x) & ~np.isnan(y)
    return spearman(x[both], y[both])


def proposals(short: Columns, long: Columns) -> Figures:
    """Return what each question adds to the others about the rest of the interview, and what follows from it.

    The rest of the interview is the mean of the long dimensions (0-100), without the dimension that is tried itself. A
    long question is worth adding where its partial rank correlation, the survey's questions taken out, lies above 0
    after Benjamini & Hochberg; a short one adds nothing where its own lies wholly inside ±.3. Under thirty accounts
    nothing is proposed. Each entry of `add` and `drop` holds `key`, `estimate`, `p_adjusted` and `is_proposed`.
    """
    add = {key: _partial(column, _rest(long, key), list(short.values())) for key, column in long.items()}
    drop = {
        key: _partial(column, _rest(long, None), [other for name, other in short.items() if name != key])
        for key, column in short.items()
    }
    p_add, p_drop = (_adjusted({key: each.p for key, each in found.items()}) for found in (add, drop))
    counts = [each.n for each in [*add.values(), *drop.values()]]
    return {
        "minimum": MINIMUM_PARTIAL,
        "n": max(counts, default=0),
        "add": [_proposal(key, each, p_add.get(key), _adds(each, p_add.get(key))) for key, each in add.items()],
        "drop": [_proposal(key, each, p_drop.get(key), _is_idle(each)) for key, each in drop.items()],
    }


def _rest(long: Columns, left_out: str | None) -> FloatArray:
    columns = [column for key, column in long.items() if key != left_out]
    if not columns:
        return np.full(len(next(iter(long.values()), np.empty(0))), np.nan)
    return mean_of_present(np.column_stack(columns))


def _partial(x: FloatArray, y: FloatArray, given: Sequence[FloatArray]) -> Any:
    if len(y) != len(x):
        return firm(partial_spearman([], [], []), MINIMUM_PARTIAL)
    known = ~np.isnan(np.column_stack([x, y, *given])).any(axis=1)
    return firm(partial_spearman(x[known], y[known], [column[known] for column in given]), MINIMUM_PARTIAL)


def _proposal(key: str, estimate: Any, p_adjusted: float | None, is_proposed: bool) -> Figures:
    return {"key": key, "estimate": estimate, "p_adjusted": p_adjusted, "is_proposed": is_proposed}


def _adds(estimate: Any, p_adjusted: float | None) -> bool:
    return estimate.lo is not None and estimate.lo > 0 and p_adjusted is not None and p_adjusted < _LEVEL


def _is_idle(estimate: Any) -> bool:
    return estimate.lo is not None and estimate.lo > -NEGLIGIBLE and estimate.hi < NEGLIGIBLE


def _adjusted(p_values: Mapping[Any, float | None]) -> dict[Any, float]:
    known = {key: p for key, p in p_values.items() if p is not None}
    return dict(zip(known, benjamini_hochberg(list(known.values())), strict=True))
