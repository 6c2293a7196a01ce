"""Suppression: what is shown tells nothing of fewer than five people, not even by subtraction."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.rules.suppression import Hidden, shown_groups

SMALL, ONE, SUB = Hidden.SMALL, Hidden.ONE_ACCOUNT, Hidden.SUBTRACTION


@pytest.mark.parametrize(
    ("counts", "hidden", "has_total"),
    [
        pytest.param({}, {}, False, id="no-group"),
        pytest.param({"a": 9}, {}, True, id="one-large-group"),
        pytest.param({"a": 5, "b": 5}, {}, True, id="five-is-enough"),
        pytest.param({"a": 4}, {"a": SMALL}, False, id="one-small-group-shows-nothing"),
        pytest.param({"a": 4, "b": 8, "c": 9}, {"a": SMALL, "b": SUB}, True, id="the-next-smallest-hides-the-one"),
        pytest.param({"a": 2, "b": 2, "c": 9, "d": 10}, {"a": SMALL, "b": SMALL, "c": SUB}, True, id="two-under-five"),
        pytest.param({"a": 2, "b": 3, "c": 9}, {"a": SMALL, "b": SMALL}, True, id="two-that-are-five-together"),
        pytest.param({"a": 4, "b": 8}, {"a": SMALL, "b": SUB}, True, id="only-the-total-is-left"),
        pytest.param({"a": 1, "b": 2}, {"a": SMALL, "b": SMALL}, False, id="nothing-is-left"),
        pytest.param({"a": 0, "b": 8, "c": 9}, {"a": SMALL, "b": SUB}, True, id="nobody-is-few-too"),
        pytest.param({"a": 0, "b": 0, "c": 9}, {"a": SMALL, "b": SMALL, "c": SUB}, True, id="twice-nobody"),
        pytest.param({"a": 7, "b": 7, "c": 1}, {"a": SUB, "c": SMALL}, True, id="equal-groups-by-their-name"),
    ],
)
def test_what_is_hidden(counts: dict[str, int], hidden: dict[str, Hidden], has_total: bool) -> None:
    shown = shown_groups(counts)
    assert shown.hidden == hidden
    assert shown.groups == tuple(group for group in counts if group not in hidden)
    assert shown.has_total == has_total


def test_groups_that_are_never_shown_count_among_the_hidden() -> None:
    shown = shown_groups({"a": 30, "b": 8, "c": 9, "gone": 9}, never={"a": ONE, "elsewhere": SMALL})
    assert shown.hidden == {"a": ONE, "b": SUB}
    assert shown_groups({"a": 3, "b": 9, "c": 9}, never={"a": ONE}).hidden == {"a": ONE, "b": SUB}


def test_one_account_is_not_told_of_through_what_is_left() -> None:
    assert not shown_groups({"a": 30}, never={"a": ONE}).has_total
    assert not shown_groups({"a": 30, "b": 2}, never={"a": ONE}).has_total
    assert shown_groups({"a": 30, "b": 2, "c": 9}, never={"a": ONE}).hidden == {"a": ONE, "b": SMALL, "c": SUB}
    assert shown_groups({"a": 30, "b": 6, "c": 9}, never={"a": ONE}).has_total


COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 12), max_size=9)


@given(counts=COUNTS, never=st.sets(st.text("abcdefgh", min_size=1, max_size=2), max_size=3))
def test_nothing_hidden_can_be_computed(counts: dict[str, int], never: set[str]) -> None:
    shown = shown_groups(counts, never=dict.fromkeys(never, ONE))
    assert set(shown.groups) | shown.hidden.keys() == counts.keys()
    assert not set(shown.groups) & shown.hidden.keys()
    assert all(counts[group] >= 5 for group in shown.groups)
    if shown.groups:
        assert shown.has_total
    if shown.has_total:
        assert sum(counts.values()) >= 5
        # Whatever parts are taken off the total, what is left is shown itself, or comes to five people or more.
        for size in range(len(shown.groups) + 1):
            for taken in combinations(shown.groups, size):
                left = {group: n for group, n in counts.items() if group not in taken}
                assert not left or sum(left.values()) >= 5
                hidden = [group for group in left if group in shown.hidden]
                assert len(hidden) != 1 or not shown.groups


@given(counts=COUNTS)
def test_no_more_is_hidden_than_must_be(counts: dict[str, int]) -> None:
    shown = shown_groups(counts)
    spared = [group for group, reason in shown.hidden.items() if reason is SUB]
    if spared:
        largest = max(spared, key=lambda group: (counts[group], group))
        rest = {group: n for group, n in counts.items() if group in shown.hidden and group != largest}
        assert len(rest) == 1 or sum(rest.values()) < 5
