"""Relationships as a forest: children by name, cycles side by side, every relationship once."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.relationships.rules.rollup import RollUp
from app.relationships.rules.tree import Forest, forest_of, with_below


@dataclass(frozen=True)
class Known:
    """A relationship as a tree needs it."""

    crm_id: str
    parent_crm_id: str | None = None
    name: str | None = None
    type: str = "product"
    value: float | None = None


def of(*pairs: tuple[str, str | None]) -> list[Known]:
    """Relationships that are called as their ids, in the order given."""
    return [Known(key, parent, name=key) for key, parent in pairs]


def drawn(forest: Forest[Known]) -> str:
    """A forest as one line: a dot for each step down."""
    return " ".join("." * branch.depth + branch.item.crm_id for branch in forest.branches)


@pytest.mark.parametrize(
    ("items", "line", "broken"),
    [
        ([], "", []),
        (of(("b", None), ("A", None), ("c", None)), "A b c", []),
        (of(("leaf", "twig"), ("twig", "root"), ("root", None), ("ash", "root")), "root .ash .twig ..leaf", []),
        (of(("a", "elsewhere"), ("b", None)), "a b", []),
        (
            of(("B", "A"), ("A", "B"), ("c", "B")),
            "A B .c",
            ["A and B stand above each other: shown side by side until the CRM says which is above."],
        ),
        (
            of(("a", "a"), ("b", "a")),
            "a .b",
            ["a stands above itself: shown with nothing above it until the CRM says which is above."],
        ),
        (
            of(("a", "b"), ("b", "a"), ("x", "y"), ("y", "z"), ("z", "x"), ("w", "x")),
            "a b x .w y z",
            [
                "a and b stand above each other: shown side by side until the CRM says which is above.",
                "x, y and z stand above each other: shown side by side until the CRM says which is above.",
            ],
        ),
    ],
    ids=["none", "by name", "two deep", "a parent that is not here", "a cycle of two", "its own parent", "two cycles"],
)
def test_a_forest_is_drawn_and_tells_of_its_cycles(items: list[Known], line: str, broken: list[str]) -> None:
    forest = forest_of(items)
    assert drawn(forest) == line
    assert forest.broken == broken


def test_relationships_without_a_name_are_told_apart_by_their_ids() -> None:
    forest = forest_of([Known("R-1", "R-2"), Known("R-2", "R-1", type="managed_services")])
    assert forest.broken[0].startswith("Product R-1 and Managed services R-2 stand above each other")


def test_the_family_of_a_branch() -> None:
    forest = forest_of(of(("root", None), ("twig", "root"), ("leaf", "twig"), ("other", "root")))
    place = forest.place_of("leaf")
    assert place is not None
    assert [each.crm_id for each in forest.above(place)] == ["root", "twig"]
    assert [each.crm_id for each in forest.children(0)] == ["other", "twig"]
    assert [each.crm_id for each in forest.below(0)] == ["other", "twig", "leaf"]
    assert forest.place_of("nobody") is None


def test_a_parent_comes_to_the_rule_over_itself_and_all_below_each_once() -> None:
    root, twig = Known("root", value=90.0), Known("twig", "root", value=None)
    leaf, other = Known("leaf", "twig", value=30.0), Known("other", value=10.0)
    forest = forest_of([root, twig, leaf, other])
    found = with_below(RollUp.MEAN, forest, lambda each: (each.value, None))
    by_key = dict(zip([branch.item.crm_id for branch in forest.branches], found, strict=True))
    assert by_key["root"] is not None
    assert (by_key["root"].value, by_key["root"].sentence) == (60.0, "the mean of 2; 1 has no score")
    assert by_key["twig"] is not None
    assert by_key["twig"].value == 30.0
    assert by_key["leaf"] is None
    assert by_key["other"] is None


def test_a_chain_of_ten_thousand_is_walked() -> None:
    chain = [Known(f"{n:05}", f"{n - 1:05}" if n else None) for n in range(10_000)]
    forest = forest_of(chain)
    assert forest.branches[-1].depth == 9_999
    assert forest.branches[0].below == 9_999


keys = st.sampled_from("abcdefgh")


@given(st.dictionaries(keys, keys | st.none()))
def test_whatever_the_parents_each_stands_there_once_and_below_what_is_above_it(parents: dict[str, str | None]) -> None:
    forest = forest_of(of(*parents.items()))
    found = [branch.item.crm_id for branch in forest.branches]
    assert sorted(found) == sorted(parents)
    for place, branch in enumerate(forest.branches):
        above = forest.above(place)
        assert len(above) == branch.depth
        if above:
            assert branch.item.parent_crm_id == above[-1].crm_id
