"""Whom an account should have: how templates are written, read and chosen."""

import pytest

from app.core.errors import Refusal
from app.stakeholders.rules.templates import (
    BUILT_IN,
    OTHERS,
    Seat,
    read_seats,
    restored,
    role_key,
    role_words,
    same,
    seats_of,
    stored,
    template_lines,
    tier_key,
    written,
)


@pytest.mark.parametrize(
    ("role", "key"),
    [
        ("power_user", "power_user"),
        ("Power Users", "power_user"),
        ("power-user", "power_user"),
        ("  POWER   user ", "power_user"),
        ("Ｐｏｗｅｒ user", "power_user"),
        ("Operations", "operation"),
        ("boss", "boss"),
        ("IT", "it"),
        ("", ""),
        (None, ""),
        ("___", ""),
    ],
)
def test_roles_are_compared_by_a_plain_key(role: str | None, key: str) -> None:
    assert role_key(role) == key


@pytest.mark.parametrize(
    ("tier", "key"), [("Tier 2", "2"), ("tier-2", "2"), ("2", "2"), ("Gold", "gold"), (None, ""), ("tier", "tier")]
)
def test_tiers_are_compared_by_a_plain_key(tier: str | None, key: str) -> None:
    assert tier_key(tier) == key


def test_the_second_tier_wants_whom_its_plan_names() -> None:
    assert written(BUILT_IN["2"]).splitlines() == [
        "1 decision maker or budget holder",
        "1 champion",
        "1 admin",
        "5 power users",
        "1 technical person",
        "1 operations person",
    ]


@pytest.mark.parametrize(
    ("tier", "seats"), [("Tier 2", BUILT_IN["2"]), ("Iron", BUILT_IN[OTHERS]), (None, BUILT_IN[OTHERS])]
)
def test_an_unknown_tier_gets_the_template_of_all_others(tier: str | None, seats: tuple[Seat, ...]) -> None:
    assert seats_of(tier, {}) == seats


def test_a_workspaces_own_template_comes_first() -> None:
    own = (Seat(("champion",), 3),)
    assert seats_of("Tier 2", {"2": own}) == own
    assert seats_of("Gold", {OTHERS: own}) == own
    assert seats_of("Tier 1", {OTHERS: own}) == BUILT_IN["1"]


def test_what_was_written_is_read_back() -> None:
    for seats in BUILT_IN.values():
        assert restored(stored(seats)) == seats
        assert same(read_seats(written(seats)), seats)
    assert not same(BUILT_IN["1"], BUILT_IN["2"])


@pytest.mark.parametrize(
    ("role", "number", "words"),
    [
        ("power_user", 1, "power user"),
        ("power_user", 2, "power users"),
        ("power_users", 2, "power users"),
        ("technical", 1, "technical person"),
        ("technical", 2, "technical people"),
        ("operations", 1, "operations person"),
    ],
)
def test_roles_are_said_for_so_many_people(role: str, number: int, words: str) -> None:
    assert role_words(role, number) == words
    assert role_key(words) == role_key(role)


def test_alternatives_stand_in_one_line() -> None:
    found = read_seats("1 Decision Maker / Budget holder\n\n 2 x champions \r\n")
    assert found == (Seat(("decision_maker", "budget_holder"), 1), Seat(("champions",), 2))
    assert [seat.name for seat in found] == ["Decision maker or budget holder", "Champions"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at least one line"),
        ("champion", "begin with how many"),
        ("0 champions", "number from 1 to 99"),
        ("100 champions", "number from 1 to 99"),
        ("1 !!!", "name one role"),
        ("1 champion or", "“1 champion or”"),
        (f"1 {'x' * 81}", "name one role"),
        ("1 champion\n2 champions", "stands in two places"),
        ("\n".join(f"1 role {'abcdefghijklmno'[n]}" for n in range(13)), "at most 12 lines"),
        ("1 \0", "name one role"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_seats(text)
    assert sentence in refusal.value.sentence
    assert refusal.value.field == "seats"


def test_the_page_of_templates_knows_every_tier() -> None:
    lines = template_lines([("Tier 2", 40), ("tier 2", 2), (None, 3), ("Gold", 5)], {"gold": (Seat(("champion",), 1),)})
    assert [(line.tier, line.accounts, line.is_own) for line in lines] == [
        ("Tier 1", 0, False),
        ("Tier 2", 42, False),
        ("Tier 3", 0, False),
        ("Gold", 5, True),
        ("Not named", 3, False),
    ]
    assert lines[-1].is_others
