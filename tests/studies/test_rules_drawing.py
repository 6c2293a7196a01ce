"""The draw: recomputable, independent of row order, and honest about its weights."""

import hashlib
import json
import math
import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studies.rules.drawing import Unit, audit_sha256, draw, frame_sha256, is_genuine, random_number, recompute

FRAME = [Unit(f"A{i:03}", "large" if i % 4 == 0 else "small", 1000.0 * i) for i in range(60)]
ALLOCATION = {"large": 5, "small": 9}


def u_by_hand(account_id: str) -> float:
    return int.from_bytes(hashlib.sha256(f"360|q3|{account_id}".encode()).digest()[:8], "big") / 2**64


def test_the_smallest_u_of_each_stratum_are_drawn() -> None:
    drawn = draw(FRAME, ALLOCATION, seed=360, wave="q3")
    for stratum, n in ALLOCATION.items():
        by_u = sorted((u.account_id for u in FRAME if u.stratum == stratum), key=u_by_hand)
        assert [a for a in drawn.selected if a in by_u] == by_u[:n]
        assert drawn.reserves[stratum] == by_u[n:]


def test_weights_add_up_to_the_stratum_exactly() -> None:
    drawn = draw(FRAME, ALLOCATION, seed=360, wave="q3")
    assert set(drawn.weights) == set(drawn.selected)
    strata = {unit.account_id: unit.stratum for unit in FRAME}
    for stratum, size in (("large", 15), ("small", 45)):
        weights = [w for a, w in drawn.weights.items() if strata[a] == stratum]
        assert weights == [size / ALLOCATION[stratum]] * ALLOCATION[stratum]


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        pytest.param({"seed": 360, "wave": "q3"}, True, id="same seed and wave"),
        pytest.param({"seed": 361, "wave": "q3"}, False, id="another seed"),
        pytest.param({"seed": 360, "wave": "q4"}, False, id="another wave"),
    ],
)
def test_seed_and_wave_decide(other: dict[str, object], is_same: bool) -> None:
    first = draw(FRAME, ALLOCATION, seed=360, wave="q3").selected
    assert (draw(FRAME, ALLOCATION, **other).selected == first) is is_same


@given(seed=st.integers(), order=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_row_order_changes_nothing(seed: int, order: random.Random) -> None:
    shuffled = list(FRAME)
    order.shuffle(shuffled)
    assert draw(shuffled, ALLOCATION, seed=seed, wave="q3") == draw(FRAME, ALLOCATION, seed=seed, wave="q3")


def test_a_larger_sample_keeps_the_smaller_one() -> None:
    few = draw(FRAME, {"large": 2, "small": 3}, seed=1, wave="w").selected
    assert set(few) <= set(draw(FRAME, ALLOCATION, seed=1, wave="w").selected)


@pytest.mark.parametrize(
    ("frame", "allocation"),
    [
        pytest.param([*FRAME, FRAME[7]], ALLOCATION, id="an account twice"),
        pytest.param(FRAME, {**ALLOCATION, "huge": 1}, id="an unknown stratum"),
        pytest.param(FRAME, {"large": 5}, id="a stratum without n"),
        pytest.param(FRAME, {"large": 16, "small": 9}, id="more than the stratum has"),
        pytest.param(FRAME, {"large": -1, "small": 9}, id="a negative n"),
        pytest.param(FRAME, {"large": 1.5, "small": 9}, id="half an account"),
        pytest.param([*FRAME, Unit("B", "small", math.inf)], ALLOCATION, id="infinite ARR"),
    ],
)
def test_draw_refuses(frame: list[Unit], allocation: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        draw(frame, allocation, seed=1, wave="w")


def test_an_empty_frame_draws_nobody() -> None:
    assert draw([], {}, seed=1, wave="w").selected == []


def test_a_stratum_taken_whole_has_weight_one_and_no_reserve() -> None:
    drawn = draw(FRAME, {"large": 15, "small": 0}, seed=1, wave="w")
    assert set(drawn.weights.values()) == {1.0}
    assert drawn.reserves["large"] == []
    assert len(drawn.reserves["small"]) == 45


def test_the_record_alone_gives_the_draw_again() -> None:
    drawn = draw(FRAME, ALLOCATION, seed=360, wave="q3", raw_allocation={"large": 5.25, "small": 8.75})
    travelled = json.loads(json.dumps(drawn.audit))
    assert recompute(travelled) == drawn
    assert audit_sha256(travelled) == audit_sha256(drawn.audit)
    assert travelled["frame_sha256"] == frame_sha256(reversed(FRAME))
    assert is_genuine(travelled)


def test_the_record_shows_u_pi_and_weights() -> None:
    audit = draw(FRAME, ALLOCATION, seed=360, wave="q3", raw_allocation={"large": 5.25}).audit
    assert {row[0]: row[3] for row in audit["frame"]} == {u.account_id: u_by_hand(u.account_id) for u in FRAME}
    assert all(row["pi"] * row["weight"] == pytest.approx(1) for row in audit["selected"])
    assert [(s["stratum"], s["size"], s["n"], s["raw"]) for s in audit["allocation"]] == [
        ("large", 15, 5, 5.25),
        ("small", 45, 9, None),
    ]


@pytest.mark.parametrize("forged", ["selected", "frame", "seed", "frame_sha256"])
def test_a_forged_record_is_found_out(forged: str) -> None:
    audit = json.loads(json.dumps(draw(FRAME, ALLOCATION, seed=360, wave="q3").audit))
    changes = {
        "selected": [*audit["selected"][1:], {**audit["selected"][0], "account_id": "A001"}],
        "frame": audit["frame"][:-1],
        "seed": 7,
        "frame_sha256": "0" * 64,
    }
    assert not is_genuine({**audit, forged: changes[forged]})
    assert not is_genuine({key: value for key, value in audit.items() if key != forged})


def test_every_field_of_the_frame_enters_its_hash() -> None:
    for change in ({"account_id": "Z"}, {"stratum": "small"}, {"arr": 1.0}, {"arr": None}):
        assert frame_sha256([*FRAME[1:], replace(FRAME[0], **change)]) != frame_sha256(FRAME)


def test_u_is_read_big_endian() -> None:
    digest = hashlib.sha256(b"7|w|A").hexdigest()
    assert random_number("A", 7, "w") == int(digest[:16], 16) / 2**64


def test_seventy_thousand_accounts_are_drawn_at_once() -> None:
    frame = [Unit(str(i), f"s{i % 20}", float(i)) for i in range(70_000)]
    started = time.perf_counter()
    drawn = draw(frame, {f"s{h}": 20 for h in range(20)}, seed=360, wave="q3")
    assert len(drawn.selected) == 400
    # About half a second on a slow machine; ten leave room for a busy one and still catch anything quadratic.
    assert time.perf_counter() - started < 10


def test_inclusion_is_even_over_seeds() -> None:
    counts = dict.fromkeys((u.account_id for u in FRAME), 0)
    for seed in range(400):
        for account in draw(FRAME, {"large": 5, "small": 15}, seed=seed, wave="q3").selected:
            counts[account] += 1
    # Each account's π is 1/3: 133 of 400 draws with a standard deviation of 9.4, so five of them either side.
    assert all(86 <= count <= 181 for count in counts.values())
