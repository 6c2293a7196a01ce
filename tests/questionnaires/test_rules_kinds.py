"""What each kind of question takes for an answer, and what it refuses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.kinds import KINDS, LONGEST_TEXT, Option, ParsedAnswer, kind_named

OPTIONS = (Option("north", "The North"), Option("south", "The South"))


def asked(kind: str) -> Question:
    return Question(key="q", kind=kind, text="?", section="s", options=OPTIONS if kind == "single_choice" else ())


GOOD = [
    pytest.param("scale_0_10", "9", ParsedAnswer(9, None), id="0-10-nine"),
    pytest.param("scale_0_10", "9.0", ParsedAnswer(9, None), id="0-10-spreadsheet-nine"),
    pytest.param("scale_0_10", " 0 ", ParsedAnswer(0, None), id="0-10-lowest-with-spaces"),
    pytest.param("scale_0_10", "10", ParsedAnswer(10, None), id="0-10-highest"),
    pytest.param("scale_1_5", "1", ParsedAnswer(1, None), id="1-5-lowest"),
    pytest.param("scale_1_5", "5.00", ParsedAnswer(5, None), id="1-5-highest"),
    pytest.param("scale_1_7", "7", ParsedAnswer(7, None), id="1-7-highest"),
    pytest.param("yes_no", "Yes", ParsedAnswer(1, "yes"), id="yes"),
    pytest.param("yes_no", "TRUE", ParsedAnswer(1, "yes"), id="true"),
    pytest.param("yes_no", "1.0", ParsedAnswer(1, "yes"), id="one-of-a-spreadsheet"),
    pytest.param("yes_no", "no", ParsedAnswer(0, "no"), id="no"),
    pytest.param("yes_no", "0", ParsedAnswer(0, "no"), id="nought"),
    pytest.param("yes_no", "Partly", ParsedAnswer(0.5, "partly"), id="partly"),
    pytest.param("single_choice", "south", ParsedAnswer(None, "south"), id="choice-by-key"),
    pytest.param("single_choice", " the north ", ParsedAnswer(None, "north"), id="choice-by-label"),
    pytest.param("text", "  Fine.\r\nThank you.\t", ParsedAnswer(None, "Fine.\nThank you."), id="text-from-a-browser"),
    pytest.param("text", "one\rtwo", ParsedAnswer(None, "one\ntwo"), id="text-with-lone-cr"),
    pytest.param("text", "x" * LONGEST_TEXT, ParsedAnswer(None, "x" * LONGEST_TEXT), id="text-at-the-limit"),
    pytest.param("text", "نعم\u200f، جيد", ParsedAnswer(None, "نعم\u200f، جيد"), id="text-right-to-left"),
]

BAD = [
    pytest.param("scale_0_10", "11", "Enter a whole number from 0 to 10.", id="0-10-above"),
    pytest.param("scale_0_10", "-1", "Enter a whole number from 0 to 10.", id="0-10-below"),
    pytest.param("scale_0_10", "9.5", "Enter a whole number from 0 to 10.", id="0-10-half"),
    pytest.param("scale_0_10", "inf", "Enter a whole number from 0 to 10.", id="0-10-infinite"),
    pytest.param("scale_0_10", "nan", "Enter a whole number from 0 to 10.", id="0-10-nan"),
    pytest.param("scale_0_10", "1e1", "Enter a whole number from 0 to 10.", id="0-10-exponent"),
    pytest.param("scale_0_10", "1_0", "Enter a whole number from 0 to 10.", id="0-10-underscore"),
    pytest.param("scale_0_10", "9" * 5000, "Enter a whole number from 0 to 10.", id="0-10-five-thousand-digits"),
    pytest.param("scale_0_10", "5." + "0" * 5000, "Enter a whole number from 0 to 10.", id="0-10-long-fraction"),
    pytest.param("scale_0_10", "٩", "Enter a whole number from 0 to 10.", id="0-10-other-digits"),
    pytest.param("scale_0_10", "", "Enter a whole number from 0 to 10.", id="0-10-empty"),
    pytest.param("scale_0_10", "9\x00", "Enter a whole number from 0 to 10.", id="0-10-nul"),
    pytest.param("scale_1_5", "0", "Enter a whole number from 1 to 5.", id="1-5-below"),
    pytest.param("scale_1_5", "good", "Enter a whole number from 1 to 5.", id="1-5-word"),
    pytest.param("scale_1_7", "8", "Enter a whole number from 1 to 7.", id="1-7-above"),
    pytest.param("yes_no", "maybe", "Answer yes, no or partly.", id="maybe"),
    pytest.param("yes_no", "", "Answer yes, no or partly.", id="yes-no-empty"),
    pytest.param("single_choice", "east", "Choose one of: The North, The South.", id="choice-unknown"),
    pytest.param("single_choice", "", "Choose one of: The North, The South.", id="choice-empty"),
    pytest.param("text", " \n\t ", "Write a few words, or leave the question out.", id="text-blank"),
    pytest.param("text", "a\x00b", "Remove the control characters", id="text-nul"),
    pytest.param("text", "a\x1b[31mb", "Remove the control characters", id="text-escape"),
    pytest.param("text", "a\x85b", "Remove the control characters", id="text-c1-control"),
    pytest.param("text", "a\ud800b", "Remove the control characters", id="text-lone-surrogate"),
    pytest.param("text", "x" * 10_001, "Shorten the text to 10,000 characters; it has 10,001.", id="text-too-long"),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), GOOD)
def test_good_answers_are_stored(kind: str, raw: str, expected: ParsedAnswer) -> None:
    assert asked(kind).parse(raw) == expected


@pytest.mark.parametrize(("kind", "raw", "sentence"), BAD)
def test_bad_answers_are_refused_with_the_remedy(kind: str, raw: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + sentence.replace(".", r"\.")):
        asked(kind).parse(raw)


@pytest.mark.parametrize(
    ("kind", "span"),
    [
        pytest.param("scale_0_10", (0, 10), id="0-10"),
        pytest.param("scale_1_5", (1, 5), id="1-5"),
        pytest.param("scale_1_7", (1, 7), id="1-7"),
        pytest.param("yes_no", (0, 1), id="yes-no"),
        pytest.param("single_choice", (None, None), id="choice"),
        pytest.param("text", (None, None), id="text"),
    ],
)
def test_a_kind_knows_its_range(kind: str, span: tuple[float | None, float | None]) -> None:
    rules = kind_named(kind)
    assert (rules.minimum, rules.maximum) == span
    assert rules.is_numeric == (span[0] is not None)
    assert (asked(kind).minimum, asked(kind).maximum) == span


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="Unknown kind “stars”; use one of: scale_0_10, scale_1_5"):
        kind_named("stars")


@pytest.mark.parametrize("kind", KINDS)
@given(raw=st.text(max_size=60))
def test_any_text_is_either_stored_soundly_or_refused(kind: str, raw: str) -> None:
    rules = KINDS[kind]
    try:
        parsed = asked(kind).parse(raw)
    except ValueError as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017  (both outcomes are right; the law is about each of them)
        return
    if rules.minimum is not None and rules.maximum is not None:
        assert parsed.value_number is not None
        assert rules.minimum <= parsed.value_number <= rules.maximum
    elif kind == "number":
        assert parsed.value_number is not None
        assert math.isfinite(parsed.value_number)
    else:
        assert parsed.value_text


@pytest.mark.parametrize("kind", ["scale_0_10", "scale_1_5", "scale_1_7"])
@given(number=st.integers(-50, 50))
def test_exactly_the_whole_numbers_on_the_scale_are_taken(kind: str, number: int) -> None:
    rules = KINDS[kind]
    assert rules.minimum is not None
    assert rules.maximum is not None
    if rules.minimum <= number <= rules.maximum:
        assert asked(kind).parse(str(number)).value_number == number
    else:
        with pytest.raises(ValueError, match="whole number"):
            asked(kind).parse(str(number))
