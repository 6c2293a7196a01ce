"""What a question tells beyond others."""

import math

import numpy as np
import pytest
from scipy.stats import rankdata

from app.scoring.rules.partial import partial_spearman

RNG = np.random.default_rng(11)
BASE = RNG.normal(size=(50, 3))


def test_it_is_the_entry_of_the_inverse_correlation_matrix_of_ranks() -> None:
    x, y = BASE[:, 0] + RNG.normal(size=50), BASE[:, 0] + BASE[:, 1] + RNG.normal(size=50)
    ranks = np.column_stack([rankdata(column) for column in (x, y, BASE[:, 0], BASE[:, 1])])
    inverse = np.linalg.inv(np.corrcoef(ranks, rowvar=False))
    found = partial_spearman(x, y, [BASE[:, 0], BASE[:, 1]])
    assert found.value == pytest.approx(-inverse[0, 1] / math.sqrt(inverse[0, 0] * inverse[1, 1]))
    assert found.lo is not None
    assert found.hi is not None
    assert found.lo < found.value < found.hi
    assert found.df == 50 - 2 - 2


def test_with_nothing_given_it_is_spearman() -> None:
    from scipy.stats import spearmanr

    expected = spearmanr(BASE[:, 0], BASE[:, 1])
    found = partial_spearman(BASE[:, 0], BASE[:, 1], [])
    assert found.value == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)


@pytest.mark.parametrize(
    ("n", "given", "code"),
    [
        pytest.param(0, 1, "EMPTY", id="nobody"),
        pytest.param(1, 1, "THIN", id="one"),
        pytest.param(4, 2, "THIN", id="fewer than it takes"),
    ],
)
def test_too_few_have_no_value(n: int, given: int, code: str) -> None:
    found = partial_spearman(BASE[:n, 0], BASE[:n, 1], [BASE[:n, 2]] * given)
    assert found.value is None
    assert found.warnings == [code]


def test_what_the_others_tell_completely_has_no_value() -> None:
    found = partial_spearman(BASE[:, 0], BASE[:, 1], [2 * BASE[:, 0]])
    assert found.value is None
    assert "ZERO_VAR" in found.warnings


def test_under_thirty_is_an_indication_alone() -> None:
    assert partial_spearman(BASE[:20, 0], BASE[:20, 1], [BASE[:20, 2]]).warnings == ["THIN"]


@pytest.mark.parametrize("given", [[[1.0]], [[math.nan, 1.0]]], ids=["unequal lengths", "no number"])
def test_bad_input_is_refused(given: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        partial_spearman([1.0, 2.0], [2.0, 1.0], given)
