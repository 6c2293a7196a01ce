"""What addresses choose, which accounts that takes, and how it is said."""

from datetime import date, timedelta

import pytest

from app.scoring.rules.choice import NOT_GIVEN, Choice, Traits, choice_of, chosen, facets, renews, words_of

DAY = date(2026, 3, 31)
KNOWN = {"segment": ["Enterprise", "Small"], "csm": ["carl@x.test"], "renewal": ["30", "90"], "role": ["champion"]}


@pytest.mark.parametrize(
    ("days", "window", "expected"),
    [
        (0, "30", True),
        (30, "30", True),
        (31, "30", False),
        (31, "90", True),
        (-1, "365", False),
        (-1, "overdue", True),
        (0, "overdue", False),
        (0, NOT_GIVEN, False),
    ],
)
def test_windows_count_from_the_health_date(days: int, window: str, *, expected: bool) -> None:
    assert renews(DAY + timedelta(days=days), DAY, window) is expected


@pytest.mark.parametrize("window", ["30", "overdue", "365"])
def test_an_account_without_a_renewal_date_is_in_no_window(window: str) -> None:
    assert not renews(None, DAY, window)
    assert renews(None, DAY, NOT_GIVEN)


@pytest.mark.parametrize(
    ("values", "query", "ignored"),
    [
        ({}, {}, 0),
        ({"segment": ""}, {}, 0),
        ({"segment": "Enterprise", "role": "champion"}, {"segment": "Enterprise", "role": "champion"}, 0),
        ({"csm": " Carl@X.test "}, {"csm": "carl@x.test"}, 0),
        ({"segment": "enterprise"}, {}, 1),
        ({"renewal": "31", "mode": "telepathy", "segment": "Small"}, {"segment": "Small"}, 2),
        ({"page": "3"}, {}, 0),
    ],
    ids=["nothing", "empty", "two", "letters", "unknown", "some-unknown", "other"],
)
def test_addresses(values: dict[str, str], query: dict[str, str], ignored: int) -> None:
    choice, sentences = chosen(values, KNOWN)
    assert choice.query == query
    assert len(sentences) == ignored
    assert choice_of(query) == choice


def test_what_is_left_out_is_shown_short() -> None:
    _, (sentence,) = chosen({"segment": "x" * 300}, KNOWN)
    assert len(sentence) < 100


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), True),
        (Choice(segment="Enterprise", tier=NOT_GIVEN), True),
        (Choice(segment="Small"), False),
        (Choice(product="Billing", csm="carl@x.test"), True),
        (Choice(product=NOT_GIVEN), False),
        (Choice(role="champion"), True),
    ],
)
def test_which_accounts_are_taken(choice: Choice, *, expected: bool) -> None:
    traits = Traits(segment="Enterprise", csm="carl@x.test", renewal_on=DAY, products=frozenset({"Billing", "Field"}))
    assert choice.takes(traits, DAY) is expected


def test_a_key_tells_choices_apart_and_is_empty_for_all() -> None:
    keys = {Choice(segment="A").key, Choice(tier="A").key, Choice(segment="A", tier="A").key}
    assert len(keys) == 3
    assert Choice().key == ""


def test_words_stand_in_the_head() -> None:
    choice = Choice(segment="Enterprise", renewal="90", role="decision_maker", mode="interview", csm="carl@x.test")
    assert list(words_of(choice, {"carl@x.test": "Carl"}).values()) == [
        "Enterprise",
        "Carl",
        "renews within 90 days",
        "decision makers",
        "interviews only",
    ]


def test_counts_beside_options_keep_the_other_filters() -> None:
    accounts = [Traits("Large", "Gold"), Traits("Large", "Silver"), Traits("Small", "Gold"), Traits()]
    counts = facets(Choice(segment="Large"), accounts, DAY)
    assert counts["segment"] == {"Large": 2, "Small": 1, NOT_GIVEN: 1}
    assert counts["tier"] == {"Gold": 1, "Silver": 1}
