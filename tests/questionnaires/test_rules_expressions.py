"""Expressions: what they come to, what is refused, and that none of them takes long."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.rules.expressions import DEEPEST, LONGEST, Value, evaluated, names_in, parsed, text, truth

ANSWERS: dict[str, Value] = {
    "score": 5.0, "areas": "support price", "none": "", "day": "2026-01-02", "choice": "yes", "account.tier": "gold"
}  # fmt: skip

VALUES = [
    ("${score} > 3 and selected(${areas}, 'price')", True),
    ("${score} > 3 and selected(${areas}, 'pri')", False),
    ("${none} = ''", True),
    ("${none} > 1", False),
    ("${none} < 1", False),
    ("1 + 2 * 3", 7.0),
    ("(1 + 2) * 3", 9.0),
    ("2 - 1 - 1", 0.0),
    ("-${score} div 2", -2.5),
    ("7 mod 4", 3.0),
    ("not(${score} = 5) or true()", True),
    ("true() or false() and false()", True),
    ("coalesce(${none}, ${areas})", "support price"),
    ("if(${score} >= 9, 'promoter', 'other')", "other"),
    ("${day} >= '2026-01-01'", True),
    ("${day} < '2025-12-31'", False),
    ("${choice} != 'no'", True),
    ("${account.tier} = 'gold'", True),
    ("count-selected(${areas})", 2.0),
    ("string-length('abc')", 3.0),
    ("round(2.345, 2)", 2.35),
    ("int(2.9)", 2.0),
    ("min(3, ${score}) + max(1, 2)", 5.0),
    ("concat('a', 1, true())", "a1true"),
    ("contains(${areas}, 'port') and starts-with(${areas}, 'supp')", True),
    (". >= 0 and . <= 10", True),
    ('"it\'s"', "it's"),
]


@pytest.mark.parametrize(("expression", "value"), VALUES, ids=[each[0] for each in VALUES])
def test_an_expression_comes_to_its_value(expression: str, value: Value) -> None:
    assert evaluated(parsed(expression), lambda name: ANSWERS[name], 7.0) == value


@pytest.mark.parametrize("expression", ["1 div 0", "${areas} + 1", "number('')", "round('x')", "1 mod 0"])
def test_what_is_no_number_is_neither_shown_nor_true(expression: str) -> None:
    value = evaluated(parsed(expression), lambda name: ANSWERS[name])
    assert isinstance(value, float)
    assert math.isnan(value)
    assert text(value) == ""
    assert not truth(value)


REFUSED = [
    ("", "ends too early"),
    ("${score} >", "ends too early"),
    ("9**9**9", "cannot be read"),
    ("(a+)+$", "cannot be read"),
    ("__import__('os')", "cannot be read"),
    ("system('ls')", "“system()” is not supported"),
    ("pulldata('file', 'a')", "“pulldata()” is not supported"),
    ("if(1)", "takes 3"),
    ("selected('a', 'b')", "must be a question"),
    ("-" * 500 + "1", f"nested more than {DEEPEST} deep"),
    ("not(" * 200 + "1" + ")" * 200, f"nested more than {DEEPEST} deep"),
    ("1+" * LONGEST + "1", f"{LONGEST:,} are the most"),
    ("(" * 10_000 + ")" * 10_000, "20,000 characters"),
]


@pytest.mark.parametrize(("expression", "sentence"), REFUSED, ids=[each[0][:30] for each in REFUSED])
def test_what_cannot_be_read_is_refused_with_the_place(expression: str, sentence: str) -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match=r".") as refusal:
        parsed(expression)
    assert sentence in str(refusal.value)
    assert time.process_time() - started < 2


@given(st.text(alphabet="${}()'\" .,+-*<>=!09azselectd_", max_size=60))
def test_any_text_is_read_or_refused(expression: str) -> None:
    try:
        node = parsed(expression)
    except ValueError:
        return
    list(names_in(node))
    assert isinstance(evaluated(node, lambda _name: "9"), float | str | bool)
