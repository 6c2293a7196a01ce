"""Which scorecard scores whom."""

from typing import Any

import pytest

from app.health.rules.choice import ChoiceField, Chosen, choice_document, choose, parse_choice

LARGE = {"field": "segment", "values": ["Enterprise", "Strategic"], "scorecard": "large"}
PARTNER = {"field": "relationship_type", "values": ["partner"], "scorecard": "partners"}


def test_a_choice_is_read_and_written_back() -> None:
    document = {"rules": [LARGE, PARTNER], "default": "everybody"}
    choice = parse_choice(document)
    assert choice.scorecards == ("large", "partners", "everybody")
    assert choice_document(choice) == document


def test_without_anything_the_default_scores_everybody() -> None:
    choice = parse_choice({})
    assert (choice.rules, choice.default) == ((), "default")
    assert choose(choice, {}, 2) == Chosen(["default", "default"], [2])


def test_the_first_rule_that_is_met_counts() -> None:
    columns = {
        ChoiceField.SEGMENT: [("enterprise",), ("Small",), ("STRATEGIC",), ()],
        ChoiceField.RELATIONSHIP_TYPE: [("Partner",), ("product", "partner"), (), ("product",)],
    }
    found = choose(parse_choice({"rules": [LARGE, PARTNER], "default": "d"}), columns, 4)
    assert found.scorecards == ["large", "partners", "large", "d"]
    assert (found.counts, found.idle) == ([2, 1, 1], [])


def test_a_rule_that_nobody_meets_is_told() -> None:
    columns = {ChoiceField.SEGMENT: [("Enterprise",)], ChoiceField.RELATIONSHIP_TYPE: [("partner",)]}
    assert choose(parse_choice({"rules": [LARGE, PARTNER]}), columns, 1).idle == [1]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        pytest.param([], "must be an object", id="a list"),
        pytest.param({"rules": "all"}, "“rules” must be a list", id="rules as text"),
        pytest.param({"rules": [{**LARGE, "field": "arr"}]}, "Rule 1: “field” is “arr”", id="unknown field"),
        pytest.param({"rules": [{**LARGE, "values": []}]}, "Rule 1: “values” is empty", id="no value"),
        pytest.param({"rules": [LARGE, {**LARGE, "values": [1]}]}, "Rule 2: “values” must be", id="a number"),
        pytest.param({"rules": [{**LARGE, "values": ["a", "a"]}]}, "“a” twice", id="a value twice"),
        pytest.param({"rules": [{**LARGE, "scorecard": ""}]}, "“scorecard” must be a text", id="no scorecard"),
        pytest.param({"rules": [{**LARGE, "if": 1}]}, "is unknown", id="unknown part of a rule"),
        pytest.param({"fallback": "a"}, "is unknown", id="unknown part of a choice"),
    ],
)
def test_a_bad_choice_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_choice(document)
