"""Lone strata are collapsed before estimation."""

from hypothesis import given
from hypothesis import strategies as st

from app.scoring.rules.strata import collapse_lone_strata


def test_a_lone_account_joins_the_nearest_stratum_of_its_arr_band() -> None:
    labels = ["large", "large", "big", "small", "small"]
    sizes = {"large": 10, "big": 8, "small": 20}
    strata = collapse_lone_strata(labels, sizes, {"large": 90.0, "big": 85.0, "small": 10.0})
    assert strata.labels == ["large", "large", "large", "small", "small"]
    assert strata.sizes == {"large": 18, "small": 20}
    assert strata.merged == {"big": "large"}


def test_a_stratum_taken_whole_stays_alone() -> None:
    strata = collapse_lone_strata(["whole", "rest", "rest"], {"whole": 1, "rest": 9}, {"whole": 5.0, "rest": 1.0})
    assert strata.labels == ["whole", "rest", "rest"]
    assert strata.merged == {}


def test_an_only_account_has_nobody_to_join() -> None:
    strata = collapse_lone_strata(["only"], {"only": 7}, {"only": None})
    assert strata.labels == ["only"]
    assert strata.sizes == {"only": 7}


def test_a_silent_stratum_keeps_its_size_apart() -> None:
    strata = collapse_lone_strata(["a", "a"], {"a": 5, "silent": 4}, {"a": 1.0, "silent": 2.0})
    assert strata.sizes == {"a": 5, "silent": 4}


@given(st.lists(st.sampled_from("abcde"), max_size=20))
def test_no_account_is_lost_and_none_left_alone_beside_others(labels: list[str]) -> None:
    sizes = {label: labels.count(label) + 2 for label in "abcde"}
    strata = collapse_lone_strata(labels, sizes, {label: float(ord(label)) for label in "abcde"})
    assert sum(strata.sizes.values()) == sum(sizes.values())
    assert len(strata.labels) == len(labels)
    if len(labels) > 1:
        assert all(strata.labels.count(label) > 1 for label in strata.labels)
