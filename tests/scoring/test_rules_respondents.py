"""From answers to dimension scores, voices, value pairs and completeness."""

import numpy as np
import pytest

from app.scoring.rules.respondents import Answers, Heard, Item, applicable_items, heard, put_by_door

ITEMS = [
    Item(
        "recommend", 0, 10, reverse=False, dimension="recommendation", value_side=None, value_aspect=None, is_core=True
    ),
    Item("effort", 1, 7, reverse=False, dimension="support", value_side=None, value_aspect=None, is_core=True),
    Item("waiting", 1, 5, reverse=True, dimension="support", value_side=None, value_aspect=None, is_core=True),
    Item("promised", 1, 5, reverse=False, dimension="value", value_side="promised", value_aspect=None, is_core=True),
    Item("delivered", 1, 5, reverse=False, dimension="value", value_side="delivered", value_aspect=None, is_core=True),
    Item("budget", 1, 5, reverse=False, dimension="commercial", value_side=None, value_aspect=None, is_core=False),
    Item("reason", None, None, reverse=False, dimension=None, value_side=None, value_aspect=None, is_core=False),
]
KEYS = [item.key for item in ITEMS]


def score(*people: dict[str, float | None], modes: list[int] | None = None) -> Heard:
    cells = [(i, KEYS.index(key), value) for i, said in enumerate(people) for key, value in said.items()]
    answers = Answers.none(len(people), len(ITEMS))
    answers.add(
        person=np.array([cell[0] for cell in cells], dtype=np.int64),
        item=np.array([cell[1] for cell in cells], dtype=np.int64),
        number=np.array([np.nan if cell[2] is None else cell[2] for cell in cells]),
    )
    group = np.array(modes or [0] * len(people), dtype=np.int64)
    return heard(answers, ITEMS, applicable_items(answers, group))


def test_voice_is_the_mean_of_the_dimensions_heard() -> None:
    said = score({"recommend": 8, "effort": 4, "waiting": 2})
    by_name = dict(zip(said.names, said.dimensions[0].tolist(), strict=True))
    assert by_name["recommendation"] == 80
    assert by_name["support"] == pytest.approx((50 + 75) / 2)
    assert said.voice[0] == pytest.approx((80 + 62.5) / 2)


def test_of_value_only_what_was_delivered_enters_the_voice() -> None:
    said = score({"promised": 5, "delivered": 2})
    assert said.voice[0] == 25
    assert (said.promised[0], said.delivered[0]) == (100, 25)


def test_a_one_sided_pair_gives_no_gap() -> None:
    said = score({"promised": 5}, {"promised": 4, "delivered": 4})
    assert np.isnan(said.promised[0])
    assert np.isnan(said.delivered[0])


def test_circumstances_never_enter_the_voice() -> None:
    said = score({"budget": 1})
    assert np.isnan(said.voice[0])


def test_the_half_rule_counts_what_was_put_to_the_respondent() -> None:
    interviewee, surveyed = {"effort": 7, "waiting": 5, "recommend": 0}, {"effort": 7, "recommend": 0}
    said = score(interviewee, surveyed, modes=[0, 1])
    support = said.names.index("support")
    assert said.dimensions[0, support] == 50
    assert said.dimensions[1, support] == 100


def test_a_voice_that_lacks_a_dimension_is_marked() -> None:
    said = score({"recommend": 9, "effort": 7, "waiting": 1}, {"recommend": 9}, {})
    assert said.is_partial.tolist() == [False, True, False]


def test_completeness_is_the_share_of_core_items() -> None:
    said = score(
        {"recommend": 9, "effort": 7, "waiting": 1, "promised": 3, "delivered": 3}, {"recommend": 9, "reason": None}
    )
    assert said.core_share.tolist() == [1.0, 0.2]


def test_nobody_is_no_voice() -> None:
    said = score()
    assert said.voice.tolist() == []


def test_a_door_puts_all_that_it_asks_however_little_is_answered() -> None:
    answers = Answers.none(2, len(ITEMS))
    answers.add(np.array([0, 1]), np.array([0, 0]), np.array([9.0, 9.0]))
    seen = applicable_items(answers, np.array([0, 0]))
    nothing = (np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    put = put_by_door(seen, np.array(["survey", "import"]), {"survey": np.ones(len(ITEMS), dtype=np.bool_)}, nothing)
    assert heard(answers, ITEMS, put).core_share.tolist() == [0.2, 1.0]


def test_what_does_not_apply_was_not_put() -> None:
    answers = Answers.none(1, len(ITEMS))
    answers.add(np.array([0]), np.array([1]), np.array([7.0]))
    everything = np.ones((1, len(ITEMS)), dtype=np.bool_)
    waiting = (np.array([0]), np.array([KEYS.index("waiting")]))
    put = put_by_door(everything, np.array(["interview"]), {"interview": everything[0]}, waiting)
    assert put.sum() == len(ITEMS) - 1
    assert heard(answers, ITEMS, put).core_share.tolist() == [1 / 4]
