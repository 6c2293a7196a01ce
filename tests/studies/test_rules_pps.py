"""Drawing by size: who is certain, who is how likely, and that figures come out right on average."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.studies.rules.cross_section import CERTAINTY, WITHOUT_SIZE, CrossSection, Member, cross_section
from app.studies.rules.drawing import Unit, draw, is_genuine
from app.studies.rules.plan import design_of
from app.studies.rules.pps import SizedShares, sized_shares

SEEDS = 2_000
MEASURES = {f"{i:02d}": 10.0 + i * i for i in range(40)}
STRATA = {account_id: "even" if int(account_id) % 2 == 0 else "odd" for account_id in MEASURES}
ONE = dict.fromkeys(MEASURES, "all")


def section(people: list[Member], **changes: Any) -> CrossSection:
    document = {
        "mode": "both", "strata": ["segment"], "method": "pps", "size": 12, "seed": 1, "wave": "w", "roles": {"c": 1}
    }  # fmt: skip
    return cross_section(people, design_of({**document, **changes}))


def members(arr: dict[str, float | None], segment: Callable[[str], str] = lambda _: "A") -> list[Member]:
    return [Member(account_id, "active", value, (segment(account_id),)) for account_id, value in arr.items()]


def pareto(shares: SizedShares, strata: dict[str, str], seed: int, wave: str = "w") -> dict[str, float]:
    """The weights of the drawn accounts, certain ones and others."""
    frame = [Unit(account_id, strata[account_id]) for account_id in shares.probabilities]
    drawn = draw(frame, shares.counts, seed=seed, wave=wave, probabilities=shares.probabilities)
    return drawn.weights | dict.fromkeys(shares.certain, 1.0)


def test_without_strata_it_is_the_textbooks_iteration() -> None:
    shares = sized_shares({f"{i:02d}": float(i) for i in range(1, 21)}, {f"{i:02d}": "all" for i in range(1, 21)}, 12,
                          minimum=2, size=12)  # fmt: skip
    assert shares.certain == {"17", "18", "19", "20"}
    assert shares.probabilities["01"] == pytest.approx(0.05882352941176)
    assert shares.counts == {"all": 8}


@pytest.mark.parametrize("strata", [ONE, STRATA], ids=["one stratum", "two strata"])
def test_the_probabilities_of_a_stratum_add_up_to_its_places(strata: dict[str, str]) -> None:
    shares = sized_shares(MEASURES, strata, 14, minimum=2, size=14)
    assert sum(shares.counts.values()) + len(shares.certain) == 14
    for stratum, n in shares.counts.items():
        assert n >= 1
        assert math.fsum(pi for a, pi in shares.probabilities.items() if strata[a] == stratum) == pytest.approx(n)
    assert all(0 < pi < 1 for pi in shares.probabilities.values())


@pytest.mark.parametrize("strata", [ONE, STRATA], ids=["one stratum", "two strata"])
def test_over_many_seeds_inclusion_weights_and_totals_are_right(strata: dict[str, str]) -> None:
    shares = sized_shares(MEASURES, strata, 14, minimum=2, size=14)
    values = {account_id: 30 + x**0.5 * (1 + int(account_id) % 3) for account_id, x in MEASURES.items()}
    included: Counter[str] = Counter()
    sizes, totals = [], []
    for seed in range(SEEDS):
        weights = pareto(shares, strata, seed)
        included.update(list(weights))
        sizes.append(sum(weights.values()))
        totals.append(sum(w * values[account_id] for account_id, w in weights.items()))
    for account_id, pi in shares.probabilities.items():
        assert abs(included[account_id] / SEEDS - pi) <= 4 * math.sqrt(pi * (1 - pi) / SEEDS) + 0.005
    assert all(included[account_id] == SEEDS for account_id in shares.certain)
    for found, true in ((sizes, len(MEASURES)), (totals, sum(values.values()))):
        assert abs(np.mean(found) - true) <= 4 * np.std(found) / math.sqrt(SEEDS) + 0.005 * true


def test_the_same_u_lets_a_wave_rotate() -> None:
    fewer, more = (set(pareto(sized_shares(MEASURES, ONE, n, minimum=2, size=n), ONE, 5)) for n in (10, 11))
    other = set(pareto(sized_shares(MEASURES, ONE, 10, minimum=2, size=10), ONE, 5, wave="next"))
    assert len(fewer & more) >= 9
    assert len(fewer & other) < 9


def test_a_record_with_probabilities_recomputes_and_a_changed_one_does_not() -> None:
    shares = sized_shares(MEASURES, ONE, 10, minimum=2, size=10)
    audit = draw([Unit(a, "all") for a in shares.probabilities], shares.counts, seed=1, wave="w",
                 probabilities=shares.probabilities).audit  # fmt: skip
    assert is_genuine(audit)
    audit["selected"][0]["weight"] *= 2
    assert not is_genuine(audit)


@pytest.mark.parametrize(
    ("probabilities", "sentence"),
    [
        pytest.param({"a": 1.0, "b": 0.5}, "between 0 and 1", id="certain"),
        pytest.param({"a": 0.0, "b": 0.5}, "between 0 and 1", id="impossible"),
        pytest.param({"a": 0.5}, "b has no probability", id="part of a stratum"),
    ],
)
def test_bad_probabilities_are_refused(probabilities: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        draw([Unit("a", "s"), Unit("b", "s")], {"s": 1}, seed=1, wave="w", probabilities=probabilities)


def test_certain_accounts_and_those_without_arr_stand_apart() -> None:
    arr: dict[str, float | None] = {f"{i:02d}": float(10 + i) for i in range(30)}
    arr |= {"big": 1e6, "listed": 5.0, **{f"x{i}": None for i in range(6)}, "zero": 0.0, "nothing": None}
    found = section(members(arr), certainty={"accounts": ["listed"]})
    certain = {d.account_id: d.weight for d in found.drawn if d.is_certainty}
    assert certain == {"big": 1.0, "listed": 1.0}
    assert found.audit["certainty"] == ["big", "listed"]
    # 11 places beside the listed account; 8 of the 39 others have no ARR.
    assert found.allocation == {CERTAINTY: 2, WITHOUT_SIZE: 2, "A": 8}
    assert {d.weight for d in found.drawn if d.stratum == WITHOUT_SIZE} == {4.0}
    assert all(d.weight == 1 / found.audit["draw"]["probabilities"][d.account_id] for d in found.drawn
               if d.stratum == "A")  # fmt: skip
    assert found.warnings == ["Accounts without ARR to go by, drawn at random as a stratum of their own: 8."]
    assert found.audit["code_version"] == "cross-section-2"


def test_strata_share_the_places_by_their_arr_with_minimums() -> None:
    arr: dict[str, float | None] = {f"{i:02d}": 90.0 if i < 20 else 1.0 for i in range(40)}
    found = section(members(arr, lambda a: "Large" if int(a) < 20 else "Small"))
    assert found.allocation == {"Large": 10, "Small": 2}


def test_only_accounts_without_arr_are_drawn_at_random() -> None:
    found = section(members(dict.fromkeys(map(str, range(20)))))
    assert (found.allocation, {d.weight for d in found.drawn}) == ({WITHOUT_SIZE: 12}, {20 / 12})


def test_a_segment_called_without_arr_is_kept_apart() -> None:
    found = section(members({str(i): 5.0 for i in range(20)} | {"x": None, "y": None}, lambda _: WITHOUT_SIZE))
    assert set(found.allocation) == {WITHOUT_SIZE, f"\\{WITHOUT_SIZE}"}


@pytest.mark.parametrize(
    ("arr", "changes", "sentence"),
    [
        pytest.param({"a": 1.0, "b": -1.0}, {"size": 1}, "“b” has a negative ARR", id="negative"),
        pytest.param({"a": 1.0}, {"size": 2}, "size 2 is more than the 1", id="size above the frame"),
        pytest.param(
            {str(i): 1.0 for i in range(9)} | {"x": None, "y": None}, {"size": 3}, "less than the 4", id="minimums"
        ),
        pytest.param(
            {"a": 1e15, "b": 1e15} | {str(i): 1.0 for i in range(9)},
            {"size": 2, "minimum_per_stratum": 1},
            "less than the 3",
            id="certain beside minimums",
        ),
        pytest.param(
            {str(i): 1e9 for i in range(9)} | {"a": 1e-6}, {"size": 4}, "“a” is too small", id="practically never"
        ),
    ],
)
def test_what_cannot_be_drawn_by_size_is_refused(arr: Any, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        section(members(arr), **changes)
