"""Editions: what is frozen, what each reader sees of it, and what another edition changes."""

from typing import Any

import pytest

from app.reports.rules.editions import changes, frozen, sha256_of, statements_of, told_again


def entry(**facts: Any) -> dict[str, Any]:
    return {"response_id": "R1", "text": None, "score": None, "permission": None, "statement": None} | facts


def account(name: str, **facts: Any) -> dict[str, Any]:
    low = {"tier": "none", "p_low": 0.1, "p_high": 0.2}
    return low | {"account_id": name, "name": f"Account {name}", "csm": "Carl", "evidence": []} | facts


def document(**facts: Any) -> dict[str, Any]:
    mean = {"value": 61.0, "lo": 55.0, "hi": 67.0, "warnings": []}
    whole = {
        "as_of": "2026-03-31",
        "currency": "EUR",
        "is_restricted": False,
        "scorecard": {"key": "default", "version": 1},
        "questionnaire": {"key": "relationship", "version": 2},
        "sample": {"responded": 30},
        "voice": {"mean": mean, "nps": {"value": None, "warnings": ["EMPTY"]}},
        "hidden_risk": {"accounts": 2, "arr": 655_000.0},
        "hidden_strength": {"accounts": 1, "arr": 10_000.0},
        "accounts": [],
    }
    return whole | facts


QUOTED = [entry(text="It fails.", statement=5), entry(text="Good.", statement=-3), entry(score=20.0)]


def test_what_is_frozen_holds_no_words_and_one_hash_for_the_same_figures() -> None:
    one = document(accounts=[account("A1", evidence=QUOTED)])
    other = document(accounts=[account("A1", evidence=[{**each, "text": "Other."} for each in QUOTED])])
    assert "fails" not in frozen(one)
    assert sha256_of(frozen(one)) == sha256_of(frozen(other))
    assert sha256_of(frozen(one)) != sha256_of(frozen(document()))
    assert statements_of(one) == {5, -3}


@pytest.mark.parametrize(
    ("permission", "outside"),
    [("with_name", True), ("without_name", True), ("internal", False), (None, False)],
)
def test_words_stand_as_long_as_they_may_and_leave_the_house_by_consent(
    permission: str | None, *, outside: bool
) -> None:
    kept = document(accounts=[account("A1", evidence=QUOTED), account("A2")])
    words: dict[int, tuple[str, str | None]] = {5: ("It fails.", permission)}
    inside = told_again(kept, words)["accounts"]
    assert [each["text"] for each in inside[0]["evidence"]] == ["It fails.", None]
    assert inside[0]["csm"] == "Carl"
    assert [each["is_withheld"] for each in inside] == [True, False], "what statement -3 said was taken away"
    away = told_again(kept, words, is_outside=True)["accounts"]
    assert [each["text"] for each in away[0]["evidence"]] == (["It fails.", None] if outside else [None])
    assert {each["csm"] for each in away} == {None}


def test_what_was_withheld_stays_known_when_it_is_told_once_more() -> None:
    once = told_again(document(accounts=[account("A1", evidence=QUOTED)]), {})
    assert told_again(once, {}) == once
    assert once["accounts"][0]["is_withheld"]


def test_a_reader_of_some_accounts_sees_those() -> None:
    kept = document(accounts=[account("A1"), account("A2")])
    seen = told_again(kept, {}, only={"A2"})
    assert [each["account_id"] for each in seen["accounts"]] == ["A2"]
    assert seen["is_restricted"]
    assert not told_again(kept, {})["is_restricted"]


def test_nothing_changed_is_no_sentence() -> None:
    assert changes(document(), document()) == []


LOW = {"tier": "confirmed", "p_low": 0.99, "p_high": 0.0}
MEAN = {"value": 64.0, "lo": 58.0, "hi": 70.0, "warnings": []}
BARE = {"value": 12.0, "lo": None, "hi": None, "warnings": ["THIN"]}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        pytest.param({"sample": {"responded": 31}}, "31 accounts answered, before 30.", id="answers"),
        pytest.param(
            {"voice": {"mean": MEAN}}, "The mean voice is 64 (58 to 70), before 61 (55 to 67).", id="with intervals"
        ),
        pytest.param(
            {"voice": document()["voice"] | {"nps": BARE}}, "NPS is +12, before not estimable.", id="not estimable"
        ),
        pytest.param(
            {"hidden_risk": {"accounts": 1, "arr": 0}},
            "Hidden risk: one account with €0 a year; before two accounts with €655 k a year.",
            id="money",
        ),
        pytest.param(
            {"scorecard": {"key": "default", "version": 3}},
            "Another scorecard: default version 3, before default version 1.",
            id="versions",
        ),
        pytest.param({"as_of": "2026-06-30"}, "Health is of 2026-06-30, before of 2026-03-31.", id="the day"),
        pytest.param(
            {"accounts": [account(f"A{i}", **LOW) for i in range(7)]},
            "Newly below its health for sure or probably: "
            "Account A0, Account A1, Account A2, Account A3, Account A4 and 2 more.",
            id="flags",
        ),
    ],
)
def test_what_changed_is_told_with_both_figures(facts: dict[str, Any], sentence: str) -> None:
    assert [each.replace("\u00a0", " ") for each in changes(document(), document(**facts))] == [sentence]


def test_an_account_that_is_flagged_no_more_is_named() -> None:
    before = document(accounts=[account("A1", **LOW)])
    assert changes(before, document(accounts=[account("A1")])) == ["No longer so: Account A1."]
