"""Prediction error over accounts and agreement of coders, with what cannot be estimated said in words."""

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.reading import parse_definition
from app.reports.rules.interviewing import FEW, ONE_CATEGORY, SAME, THIN_WORDS, agreement_line, error_line
from app.scoring.rules.agreement import paired_gap
from app.scoring.rules.kappa import kappa


def question(key: str) -> Question:
    found = parse_definition(built_in_documents()["relationship"]).question(key)
    assert found
    return found


def test_each_account_counts_once() -> None:
    pairs = [(1, 9.0, 7.0), (1, 7.0, 7.0), (2, 5.0, 8.0), (3, 8.0, 6.0)]
    line = error_line("x", pairs)
    gap = paired_gap([8.0, 5.0, 8.0], [7.0, 8.0, 6.0])
    assert gap.lo is not None
    assert (line.mean, line.n, line.why_not) == ("0.0", 3, "")
    assert line.interval.startswith(f"\N{MINUS SIGN}{abs(gap.lo):.1f}")


NOT_ESTIMABLE = {
    "nothing": ([], "", 0, FEW),
    "one account": ([(1, 9.0, 7.0)], "+2.0", 1, FEW),
    "no spread": ([(1, 9.0, 7.0), (2, 8.0, 6.0)], "+2.0", 2, SAME),
}


@pytest.mark.parametrize("case", NOT_ESTIMABLE)
def test_an_error_that_is_not_estimable_says_why(case: str) -> None:
    pairs, mean, n, why = NOT_ESTIMABLE[case]
    line = error_line("x", pairs)
    assert (line.mean, line.interval, line.n, line.why_not) == (mean, "", n, why)


def test_scales_agree_by_linear_weights() -> None:
    pairs = [("5", "5"), ("5", "4"), ("4", "4"), ("3", "3"), ("2", "3"), ("1", "1")] * 2
    line = agreement_line(question("satisfaction"), pairs, is_tone=False)
    table = [[0] * 5 for _ in range(5)]
    for first, second in pairs:
        table[int(first) - 1][int(second) - 1] += 1
    expected = kappa(table, weights="linear").value
    assert line.value == f"{expected:.2f}"
    assert (line.method, line.n, line.exact) == ("linear-weighted kappa", 12, "67\N{NO-BREAK SPACE}%")
    assert line.interval


def test_fewer_than_ten_pairs_are_not_estimable() -> None:
    line = agreement_line(question("satisfaction"), [("5", "5"), ("4", "3")], is_tone=False)
    assert (line.value, line.why_not, line.n) == ("", THIN_WORDS, 2)


def test_one_answer_only_is_not_estimable() -> None:
    line = agreement_line(question("contact_again"), [("yes", "yes")] * 12, is_tone=False)
    assert (line.value, line.why_not) == ("", ONE_CATEGORY)


def test_yes_and_no_have_no_order() -> None:
    pairs = [("yes", "yes")] * 6 + [("no", "no")] * 4 + [("yes", "no")] * 2
    line = agreement_line(question("contact_again"), pairs, is_tone=False)
    assert line.method == "kappa"
    assert line.value == f"{kappa([[4, 0], [2, 6]]).value:.2f}"


def test_the_tone_of_words_is_ordered() -> None:
    pairs = [("positive", "positive")] * 8 + [("negative", "neutral")] * 4
    line = agreement_line(question("reason"), pairs, is_tone=True)
    assert line.label.endswith("(tone)")
    assert line.method == "linear-weighted kappa"
