"""How well interviews hold: predictions against what was said, and first against second coders."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.display import Number, interval, number, percent, signed
from app.questionnaires.rules.definition import Question
from app.scoring.rules.agreement import paired_gap
from app.scoring.rules.estimates import THIN, Estimate
from app.scoring.rules.kappa import kappa

Pair = tuple[str, str]
FEW = "not estimable: fewer than two accounts with a prediction and an answer"
SAME = "not estimable: every difference is the same"
THIN_WORDS = "not estimable: fewer than ten pairs"
ONE_CATEGORY = "not estimable: only one answer was ever chosen"
TONES = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class ErrorLine:
    """The mean of predicted minus said for one question, over accounts."""

    label: str
    mean: str
    interval: str
    n: int
    why_not: str = ""


@dataclass(frozen=True)
class AgreementLine:
    """How far two coders agree on one question."""

    label: str
    method: str
    value: str
    interval: str
    exact: str
    n: int
    why_not: str = ""


def error_line(label: str, pairs: Sequence[tuple[int, float, float]]) -> ErrorLine:
    """The prediction error of one question from (account, predicted, said): each account counts once, by its means.

    Above 0 we expected better than was said. t interval over accounts (Student 1908).
    """
    grouped: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for account, predicted, said in pairs:
        grouped[account].append((predicted, said))
    means = [tuple(sum(values) / len(values) for values in zip(*each, strict=True)) for each in grouped.values()]
    gap = paired_gap([mean[0] for mean in means], [mean[1] for mean in means])
    if gap.mean is None:
        return ErrorLine(label, "", "", 0, FEW)
    if gap.lo is None or gap.hi is None:
        return ErrorLine(label, signed(gap.mean, 1), "", len(means), FEW if len(means) < 2 else SAME)
    return ErrorLine(label, signed(gap.mean, 1), interval(gap.lo, gap.hi, _signed), len(means))


def agreement_line(question: Question, pairs: Sequence[Pair], *, is_tone: bool) -> AgreementLine:
    """The agreement on one question: linear-weighted kappa where answers are ordered, plain kappa where they are not.

    (Cohen 1960, 1968; interval by Fleiss, Cohen & Everitt 1969.)
    """
    categories = TONES if is_tone else _categories(question, pairs)
    is_ordered = is_tone or _is_scale(question)
    table = _table(categories, pairs)
    found = kappa(table, weights="linear" if is_ordered else None) if len(categories) > 1 else None
    exact = sum(first == second for first, second in pairs) / len(pairs)
    label = f"{question.text} (tone)" if is_tone else question.text
    method = "linear-weighted kappa" if is_ordered else "kappa"
    why_not = _why_not(found)
    value = number(found.value, 2) if found and found.value is not None and not why_not else ""
    span = interval(found.lo, found.hi, _two) if found and not why_not else ""
    return AgreementLine(label, method, value, span, percent(exact), len(pairs), why_not)


def by_question(rows: Sequence[tuple[str, Pair]]) -> Mapping[str, list[Pair]]:
    """Pairs by the key of their question."""
    grouped: dict[str, list[Pair]] = defaultdict(list)
    for key, pair in rows:
        grouped[key].append(pair)
    return grouped


def _categories(question: Question, pairs: Sequence[Pair]) -> tuple[str, ...]:
    if _is_scale(question):
        return tuple(str(each) for each in range(int(question.minimum or 0), int(question.maximum or 0) + 1))
    return tuple(sorted({value for pair in pairs for value in pair}))


def _is_scale(question: Question) -> bool:
    return question.minimum is not None and question.maximum is not None and question.kind != "yes_no"


def _table(categories: Sequence[str], pairs: Sequence[Pair]) -> list[list[int]]:
    place = {value: index for index, value in enumerate(categories)}
    table = [[0] * len(categories) for _ in categories]
    for first, second in pairs:
        if first in place and second in place:
            table[place[first]][place[second]] += 1
    return table


def _why_not(found: Estimate | None) -> str:
    if found is None:
        return ONE_CATEGORY
    if THIN in found.warnings:
        return THIN_WORDS
    return ONE_CATEGORY if found.value is None else ""


def _signed(value: Number) -> str:
    return signed(value, 1)


def _two(value: Number) -> str:
    return number(value, 2)
