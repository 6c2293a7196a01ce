"""The cross-section: frame, strata, certainty, weights, modes, and the record that recomputes it."""

import copy
import json
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from app.studies.rules.cross_section import (
    CERTAINTY,
    CrossSection,
    Member,
    chosen_scores,
    cross_section,
    label,
    recomputed,
)
from app.studies.rules.plan import Design, Method, design_of
from app.studies.rules.spreads import Scores, ScoreSource

DESIGN: dict[str, Any] = {
    "mode": "survey",
    "strata": ["segment"],
    "method": "proportional",
    "size": 6,
    "seed": 360,
    "wave": "w1",
    "roles": {"champion": 1},
}


def design(**changes: Any) -> Design:
    return design_of({**DESIGN, **changes})


def member(account_id: str, segment: Any = "A", arr: float | None = 1.0, status: str = "active") -> Member:
    return Member(account_id, status, arr, (segment,))


def portfolio(**sizes: int) -> list[Member]:
    return [member(f"{segment}{i:03d}", segment, 100.0 + i) for segment, size in sizes.items() for i in range(size)]


def drawn_ids(section: CrossSection) -> set[str]:
    return {drawn.account_id for drawn in section.drawn}


def test_a_census_takes_everyone_in_the_frame_with_weight_1() -> None:
    people = [*portfolio(A=3, B=2), member("X", status="Churned"), member("Y", status=" inactive ")]
    section = cross_section(people, design(method="census", size=1, certainty={"top_arr": 1}))
    assert drawn_ids(section) == {"A000", "A001", "A002", "B000", "B001"}
    assert {drawn.weight for drawn in section.drawn} == {1.0}
    assert not any(drawn.is_certainty for drawn in section.drawn)
    assert (section.allocation, section.frame_size) == ({"A": 3, "B": 2}, 5)


def test_a_proportional_draw_keeps_the_minimum() -> None:
    section = cross_section(portfolio(A=90, B=8, C=2, D=1), design(size=20))
    assert section.allocation == {"A": 15, "B": 2, "C": 2, "D": 1}


@pytest.mark.parametrize(
    ("allowed", "ids"),
    [
        pytest.param(["A"], {"1"}, id="one value"),
        pytest.param(["A", "B"], {"1", "2"}, id="either value"),
        pytest.param([None], {"3"}, id="missing"),
        pytest.param(["t1"], {"4"}, id="a tag"),
    ],
)
def test_the_filter_lets_through_what_it_names(allowed: list[str | None], ids: set[str]) -> None:
    people = [member("1", "A"), member("2", "B"), member("3", None), member("4", ["t1", "t2"])]
    section = cross_section(people, design(method="census", strata=[], filter={"segment": allowed}))
    assert drawn_ids(section) == ids
    assert section.allocation == {"all": len(ids)}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        pytest.param(("Gold", "US"), "Gold | US", id="two values"),
        pytest.param((None, "US"), "(none) | US", id="a missing value"),
        pytest.param(("a | b", "c"), "a \\| b | c", id="a bar inside"),
        pytest.param((["x", "y"], "c"), "x; y | c", id="tags"),
    ],
)
def test_a_stratum_is_named_by_its_values(values: tuple[Any, ...], name: str) -> None:
    assert label(Member("1", "active", None, values), design(strata=["a", "b"])) == name


def test_a_segment_called_certainty_is_kept_apart_from_the_certain() -> None:
    people = [member("1", CERTAINTY, 9.0), *(member(f"{i}", CERTAINTY) for i in range(2, 6))]
    section = cross_section(people, design(size=3, certainty={"accounts": ["1"]}))
    assert section.allocation == {CERTAINTY: 1, "\\certainty": 2}


def test_certainty_accounts_have_weight_1_and_a_stratum_of_their_own() -> None:
    section = cross_section(portfolio(A=10, B=10), design(size=8, certainty={"top_arr": 2, "accounts": ["A000"]}))
    certain = {drawn.account_id: drawn for drawn in section.drawn if drawn.is_certainty}
    assert set(certain) == {"A000", "A009", "B009"}
    assert {(d.stratum, d.stratum_size, d.weight) for d in certain.values()} == {(CERTAINTY, 3, 1.0)}
    assert section.allocation == {"A": 2, "B": 3, CERTAINTY: 3}
    assert sum(Fraction(n) for n in section.allocation.values()) == 8


def test_ties_of_arr_go_to_the_smaller_id_and_unknown_arr_is_never_on_top() -> None:
    people = [member("c", arr=5.0), member("b", arr=5.0), member("a", arr=None), member("d", arr=1.0)]
    section = cross_section(people, design(size=3, certainty={"top_arr": 1}))
    assert [drawn.account_id for drawn in section.drawn if drawn.is_certainty] == ["b"]


@pytest.mark.parametrize(
    ("people", "changes", "sentence"),
    [
        pytest.param([], {}, "No account is in the frame", id="nobody"),
        pytest.param(
            portfolio(A=5), {"filter": {"segment": ["Z"]}}, "No account is in the frame", id="filter too strict"
        ),
        pytest.param(portfolio(A=5), {}, "size 6 is more than the 5", id="size above the frame"),
        pytest.param(portfolio(A=9, B=9, C=9, D=9), {}, "less than the 8", id="minimums above the size"),
        pytest.param(
            portfolio(A=9, B=9),
            {"certainty": {"top_arr": 4}},
            "less than the 8 accounts",
            id="no room beside certainty",
        ),
        pytest.param(portfolio(A=9), {"certainty": {"top_arr": 7}}, "7 certainty accounts are more", id="too certain"),
        pytest.param(portfolio(A=9), {"certainty": {"accounts": ["Z"]}}, "“Z” is not in the frame", id="not in frame"),
        pytest.param([member("1"), member("1")] * 4, {}, "twice", id="an account twice"),
        pytest.param([member("1", "x" * 401)] * 1, {"size": 1}, "longer than 400", id="label too long"),
    ],
)
def test_what_cannot_be_drawn_is_refused(people: list[Member], changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        cross_section(people, design(**changes))


populations = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.none() | st.floats(0, 1e6), st.sampled_from(["active", "churned", "trial"])),
    min_size=1,
    max_size=60,
).map(lambda rows: [member(f"id{i}", *row) for i, row in enumerate(rows)])
designs = st.builds(
    design,
    size=st.integers(1, 40),
    seed=st.integers(0, 10**6),
    mode=st.sampled_from(["survey", "interview", "both"]),
    method=st.sampled_from(["census", "proportional", "neyman", "pps"]),
    minimum_per_stratum=st.integers(1, 3),
    certainty=st.fixed_dictionaries({"top_arr": st.integers(0, 4)}),
)


def points(people: list[Member]) -> Scores:
    """A score for most accounts, so that Neyman sometimes has enough of them and sometimes not."""
    known = {p.account_id: (int(p.account_id[2:]) * 37) % 101 for p in people if int(p.account_id[2:]) % 7}
    return Scores(ScoreSource.HEALTH, {account_id: float(score) for account_id, score in known.items()})


def drawable(people: list[Member], plan: Design) -> CrossSection:
    try:
        return cross_section(people, plan, scores=points(people))
    except ValueError:
        reject()


@given(populations, designs)
def test_weights_add_up_to_the_frame_exactly(people: list[Member], plan: Design) -> None:
    section = drawable(people, plan)
    assert section.frame_size == sum(person.status != "churned" for person in people)
    if plan.size is not None:
        assert len(section.drawn) == plan.size
    sizes = {drawn.stratum: drawn.stratum_size for drawn in section.drawn}
    assert sum(sizes.values()) == section.frame_size
    counts = Counter(drawn.stratum for drawn in section.drawn)
    assert counts == section.allocation
    if plan.method is Method.PPS:
        return
    assert all(drawn.weight == drawn.stratum_size / counts[drawn.stratum] for drawn in section.drawn)
    exact = sum(Fraction(drawn.stratum_size, counts[drawn.stratum]) for drawn in section.drawn)
    assert exact == section.frame_size


@given(populations, designs, st.randoms())
def test_the_order_of_rows_does_not_matter(people: list[Member], plan: Design, random: Any) -> None:
    section = drawable(people, plan)
    shuffled = list(people)
    random.shuffle(shuffled)
    assert cross_section(shuffled, plan, scores=points(people)) == section


@given(populations, designs)
def test_the_record_recomputes_after_a_journey_through_json(people: list[Member], plan: Design) -> None:
    section = drawable(people, plan)
    again = recomputed(json.loads(json.dumps(section.audit)))
    assert again.audit_sha256 == section.audit_sha256
    assert again.drawn == section.drawn


@given(populations, designs)
def test_both_modes_are_as_many_within_each_stratum_and_over_all(people: list[Member], plan: Design) -> None:
    section = drawable(people, plan)
    by_stratum: dict[str, Counter[str]] = defaultdict(Counter)
    for drawn in section.drawn:
        by_stratum[drawn.stratum][drawn.mode] += 1
    if plan.mode == "both":
        for modes in [*by_stratum.values(), sum(by_stratum.values(), Counter())]:
            assert abs(modes["survey"] - modes["interview"]) <= 1
    else:
        assert {drawn.mode for drawn in section.drawn} == {plan.mode}


@pytest.mark.parametrize(
    ("changes", "digest"),
    [
        pytest.param(
            {"size": 8, "certainty": {"top_arr": 2, "accounts": ["A000"]}},
            "e29758e86dee8da325e9868eb45840f424d7f178ca383349c08bc88702c49653",
            id="proportional",
        ),
        pytest.param(
            {"method": "census"}, "7292b90888103b41bc7426daa1fd1ca8c5047edd0615f61a25b368075b8fec83", id="census"
        ),
    ],
)
def test_draws_of_the_first_release_still_have_their_hash(changes: dict[str, Any], digest: str) -> None:
    assert cross_section(portfolio(A=10, B=10), design(mode="both", **changes)).audit_sha256 == digest


def scored(source: ScoreSource = ScoreSource.HEALTH, **spread: float) -> Scores:
    """Each stratum's accounts score 50 plus or minus its spread, in turns."""
    return Scores(
        source,
        {f"{s}{i:03d}": 50 + (width if i % 2 else -width) for s, width in spread.items() for i in range(20)},
    )


def test_neyman_gives_the_places_to_where_scores_differ() -> None:
    people, plan = portfolio(A=20, B=20, C=1), design(method="neyman", size=13)
    section = cross_section(people, plan, scores=scored(A=5, B=15))
    assert section.allocation == {"A": 3, "B": 9, "C": 1}
    assert section.warnings == []
    assert section.audit["population"]["scores"]["source"] == "health"
    assert {(d.stratum, d.weight) for d in section.drawn} == {("A", 20 / 3), ("B", 20 / 9), ("C", 1.0)}


def test_neyman_takes_certain_accounts_out_first_and_keeps_the_bounds() -> None:
    plan = design(method="neyman", size=25, certainty={"top_arr": 1, "accounts": ["A000"]})
    section = cross_section(portfolio(A=20, B=20), plan, scores=scored(A=0, B=40))
    assert section.allocation == {"A": 3, "B": 20, CERTAINTY: 2}


@pytest.mark.parametrize("scores", [None, scored(A=5)], ids=["none", "of one stratum only"])
def test_neyman_without_spreads_is_proportional_and_says_so(scores: Scores | None) -> None:
    people = portfolio(A=20, B=10)
    section = cross_section(people, design(method="neyman"), scores=scores)
    assert section.allocation == cross_section(people, design()).allocation
    assert "in proportion instead" in section.warnings[0]
    assert section.audit["population"]["scores"] is None
    assert recomputed(section.audit) == section


def test_the_better_source_that_is_enough_is_chosen() -> None:
    people, plan = portfolio(A=20, B=10), design(method="neyman")
    voice, health = scored(ScoreSource.LAST_VOICE, A=1), scored(A=5, B=5)
    assert chosen_scores(people, plan, [voice, health]) is health
    assert chosen_scores(people, design(method="neyman", certainty={"top_arr": 9}, size=15), [voice]) is None
    assert chosen_scores(people, design(method="neyman", filter={"segment": ["A"]}), [voice, health]) is voice


def test_modes_hang_on_the_seed_and_not_on_the_draw() -> None:
    def interviewed(seed: int) -> set[str]:
        section = cross_section(portfolio(A=40), design(method="census", mode="both", seed=seed))
        return {drawn.account_id for drawn in section.drawn if drawn.mode == "interview"}

    assert interviewed(1) == interviewed(1)
    assert len({frozenset(interviewed(seed)) for seed in range(5)}) == 5
    halves = sum("A000" in interviewed(seed) for seed in range(200))
    assert 70 < halves < 130


def tampered_seed(audit: dict[str, Any]) -> None:
    audit["plan"]["seed"] += 1


def tampered_frame(audit: dict[str, Any]) -> None:
    audit["population"]["rows"].pop()


def tampered_status(audit: dict[str, Any]) -> None:
    audit["population"]["rows"][0][1] = "churned"


def tampered_stratum(audit: dict[str, Any]) -> None:
    audit["population"]["rows"][0][3] = "B"


def tampered_certainty(audit: dict[str, Any]) -> None:
    audit["certainty"] = ["A000"]


def tampered_selection(audit: dict[str, Any]) -> None:
    audit["draw"]["selected"].reverse()


def tampered_score(audit: dict[str, Any]) -> None:
    audit["population"]["scores"]["by_account"]["A000"] = 100.0


def tampered_mode(audit: dict[str, Any]) -> None:
    first = next(iter(audit["modes"]))
    audit["modes"][first] = "survey" if audit["modes"][first] == "interview" else "interview"


@pytest.mark.parametrize(
    "tamper",
    [tampered_seed, tampered_frame, tampered_status, tampered_stratum, tampered_certainty, tampered_selection,
     tampered_mode],
)  # fmt: skip
def test_a_record_that_was_tampered_with_recomputes_to_another(tamper: Any) -> None:
    section = cross_section(portfolio(A=10, B=10), design(mode="both", certainty={"top_arr": 1}))
    audit = copy.deepcopy(section.audit)
    tamper(audit)
    assert cross_hash(audit) != audit_hash(audit)
    assert cross_hash(section.audit) == audit_hash(section.audit)


@pytest.mark.parametrize("tamper", [tampered_score, tampered_frame, tampered_selection, tampered_mode])
def test_the_scores_behind_neyman_cannot_be_changed_unseen(tamper: Any) -> None:
    section = cross_section(portfolio(A=20, B=20), design(method="neyman", mode="both"), scores=scored(A=5, B=15))
    audit = copy.deepcopy(section.audit)
    tamper(audit)
    assert cross_hash(section.audit) == audit_hash(section.audit)
    assert cross_hash(audit) != audit_hash(audit)


def cross_hash(audit: dict[str, Any]) -> str:
    return recomputed(audit).audit_sha256


def audit_hash(audit: dict[str, Any]) -> str:
    return CrossSection([], {}, 0, audit).audit_sha256


@pytest.mark.parametrize("audit", [{}, {"population": {"rows": [[]]}, "plan": {}}, {"population": []}])
def test_a_record_that_cannot_be_read_is_refused(audit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"record|plan"):
        recomputed(audit)
