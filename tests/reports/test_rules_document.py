"""The document: its keys, its order, its evidence, and nothing that JSON cannot say."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from app.reports.rules.document import importance
from app.reports.rules.evidence import Told, evidence_of
from app.scoring.rules.plain import plain
from tests.reports.portfolios import document_of

KEYS = {
    "study", "as_of", "scorecard", "questionnaire", "population", "sample", "voice", "value", "agreement", "crosstab",
    "hidden_risk", "hidden_strength", "arr_at_risk", "accounts", "warnings",
}  # fmt: skip
ACCOUNT_KEYS = {
    "account_id", "name", "arr", "health", "health_band", "voice", "voice_band", "respondents", "role_coverage",
    "equated_health", "gap", "shrunken_gap", "se", "p_low", "p_high", "tier", "quadrant", "evidence",
}  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"drawn": 60, "population": 120}, id="typical"),
        pytest.param({"drawn": 10, "population": 40, "answering": 0}, id="silent"),
        pytest.param({"drawn": 30, "population": 90, "has_health": False}, id="no health"),
    ],
)
def test_every_promised_key_is_there_and_all_is_json(options: dict[str, Any]) -> None:
    document = document_of(**options)
    assert set(document) >= KEYS
    assert all(set(account) >= ACCOUNT_KEYS for account in document["accounts"])
    assert len(document["accounts"]) == document["sample"]["drawn"]
    json.dumps(document, allow_nan=False)


def account(**facts: Any) -> dict[str, Any]:
    plain = {"account_id": "A", "arr": 100.0, "p_low": 0.0, "p_high": 0.0, "tier": "none", "quadrant": "agree"}
    return plain | facts


def test_what_matters_most_comes_first() -> None:
    ranked = [
        account(account_id="confirmed risk", quadrant="hidden_risk", tier="confirmed", p_low=0.9, arr=10.0),
        account(account_id="large probable risk", quadrant="hidden_risk", tier="probable", p_low=0.6, arr=900.0),
        account(account_id="small probable risk", quadrant="hidden_risk", tier="probable", p_low=0.6, arr=90.0),
        account(account_id="risk by score alone", quadrant="hidden_risk", p_low=0.2),
        account(account_id="low but red on both", quadrant="agree", tier="confirmed", p_low=0.9),
        account(account_id="strength", quadrant="hidden_strength", tier="confirmed", p_high=0.9),
        account(account_id="as expected", arr=None),
        account(account_id="silent", quadrant="insufficient", arr=1e9, p_low=None, p_high=None),
    ]
    assert sorted(ranked[4:] + ranked[:4], key=importance) == ranked


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(math.nan, None, id="nan"),
        pytest.param([1, math.inf], [1, None], id="in a list"),
        pytest.param({"a": {"b": (math.nan, "x")}}, {"a": {"b": [None, "x"]}}, id="deep inside"),
        pytest.param({"a": 0.0, "b": True}, {"a": 0.0, "b": True}, id="zero and truth stay"),
    ],
)
def test_numbers_that_json_cannot_write_become_null(value: Any, written: Any) -> None:
    assert plain(value) == written


def said(response: str, text: str | None = None, score: float | None = None, mood: float | None = None) -> Told:
    return Told(response, "champion", "survey", "q", "support", text, score, mood)


LONG = "It costs us two days every single month. "


def test_evidence_names_the_lowest_answers_and_the_sourest_words_first() -> None:
    told = [
        said("R1", LONG + "1", mood=0.8),
        said("R2", LONG + "2", mood=-0.9),
        said("R3", score=75),
        said("R4", score=0),
    ]
    found = evidence_of(told, is_low=True)
    assert [(e["response_id"], e["score"]) for e in found] == [("R2", None), ("R1", None), ("R4", 0), ("R3", 75)]
    assert [e["response_id"] for e in evidence_of(told, is_low=False)] == ["R1", "R2", "R3", "R4"]


def test_one_person_is_quoted_once_before_anyone_is_quoted_twice() -> None:
    told = [said("R1", LONG + "a", mood=-0.9), said("R1", LONG + "b", mood=-0.8), said("R2", LONG + "c", mood=0.5)]
    assert [e["response_id"] for e in evidence_of(told, is_low=True)] == ["R1", "R2", "R1"]


def test_each_topic_stands_once_before_one_stands_twice() -> None:
    told = [said("R1", score=0), said("R2", score=0), replace(said("R3", score=25), dimension="value")]
    assert [e["response_id"] for e in evidence_of(told, is_low=True)] == ["R1", "R3", "R2"]


def test_short_words_come_after_telling_ones() -> None:
    told = [said("R1", "bad", mood=-1.0), said("R2", LONG, mood=0.9)]
    assert [e["response_id"] for e in evidence_of(told, is_low=True)] == ["R2", "R1"]


def test_evidence_does_not_depend_on_the_order_of_rows() -> None:
    told = [said(f"R{i}", LONG + str(i), mood=0.1) for i in range(6)] + [said(f"R{i}", score=50) for i in range(6)]
    assert evidence_of(told, is_low=True) == evidence_of(told[::-1], is_low=True)


def test_evidence_never_carries_a_person() -> None:
    entry = evidence_of([said("R1", LONG)], is_low=True)[0]
    known = {"response_id", "role", "mode", "question", "dimension", "text", "score", "permission", "statement"}
    assert set(entry) == known
