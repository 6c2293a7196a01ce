"""What moved a gap: parts that sum to the move, claims that stay inside their interval, and the words for both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.customer360.rules.gap_asked import Counts, Show, asked_gaps, gaps_lede, gaps_title
from app.customer360.rules.gap_changes import (
    Moved,
    Origin,
    Said,
    Side,
    by_telemetry,
    gap_change,
    moved,
    rounded_parts,
    weights_of,
)
from app.customer360.rules.gap_words import gap_page, people_counts, verdict, why_of
from app.health.rules.change_words import Versions
from app.health.rules.changes import Kind, Line, Standing
from app.health.rules.scorecard import parse_scorecard

NONE = Versions({}, {})
ROLES = {"champion": 0.6, "admin": 0.4}
DAYS = [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def side(people: Sequence[Said], **facts: object) -> Side:
    """A side whose voice is that of its people."""
    made = Side("Spring", DAYS[0], "Relationship, version 1", 1, 0.0, people=people, roles=ROLES)
    shares = weights_of(made)
    voice = sum(shares.get(each.contact_id, 0) * (each.voice or 0) for each in people if each.voice is not None)
    return replace(made, **{"voice": voice, "voice_se": 4.0, "asked": frozenset({"support", "product"})} | facts)  # type: ignore[arg-type]


def said(who: int, role: str, **topics: float) -> Said:
    return Said(who, role, sum(topics.values()) / len(topics), topics)


BEFORE = side(
    [said(1, "champion", support=60, product=80), said(2, "admin", support=50)],
    health=70.0, equated=72.0, gap=-10.0, shrunken=-5.0, gap_se=3.0,
)  # fmt: skip
AFTER = side(
    [said(1, "champion", support=40, product=70), said(3, "champion", support=20), said(4, "admin", product=90)],
    study="Autumn", on=DAYS[1], health=75.0, equated=76.0, gap=-17.5, shrunken=-14.0, gap_se=2.0,
)  # fmt: skip


def test_the_parts_of_a_gap_sum_to_its_move() -> None:
    change = gap_change(BEFORE, AFTER, {})
    found = {part.origin: pytest.approx(part.moved) for part in change.parts}
    assert found == {Origin.VOICE: -3.5, Origin.HEALTH: -5.0, Origin.SCALE: 1.0, Origin.DRAWN: -1.5}
    assert sum(part.moved for part in change.parts) == pytest.approx(-9.0)


def test_the_parts_of_voice_sum_to_its_move_by_topic_and_by_person() -> None:
    change = gap_change(BEFORE, AFTER, {})
    for each in (change.topics, change.people):
        assert sum(part.moved for part in each.parts) == pytest.approx(AFTER.voice - BEFORE.voice)
        assert Kind.REST not in {part.kind for part in each.parts}
    assert {part.key: part.kind for part in change.people.parts if part.key} == {
        "1": Kind.MEASURE, "2": Kind.MISSING, "3": Kind.RETURNED, "4": Kind.RETURNED
    }  # fmt: skip
    assert people_counts(change) == (1, 1, 2)


@pytest.mark.parametrize(
    ("people", "shares"),
    [
        pytest.param([said(1, "champion", a=1), said(2, "admin", a=1)], {1: 0.6, 2: 0.4}, id="one of each"),
        pytest.param([said(1, "champion", a=1), said(2, "champion", a=1)], {1: 0.5, 2: 0.5}, id="a role alone"),
        pytest.param([said(1, "champion", a=1), Said(2, "admin", None)], {1: 1.0}, id="who said too little"),
        pytest.param([said(1, "guest", a=1)], {}, id="a role without weight"),
        pytest.param([], {}, id="nobody"),
    ],
)
def test_people_count_by_their_role(people: Sequence[Said], shares: Mapping[int, float]) -> None:
    assert weights_of(side(people)) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("by", "ses", "is_claim", "words"),
    [
        pytest.param(9.8, (3.0, 4.0), False, "within what chance gives", id="on the edge"),
        pytest.param(9.81, (3.0, 4.0), True, "more than chance gives", id="over it"),
        pytest.param(-9.81, (3.0, 4.0), True, "more than chance gives", id="downwards"),
        pytest.param(50.0, (None, 4.0), False, "how sure is not known", id="no standard error"),
        pytest.param(0.0, (3.0, 4.0), False, "within what chance gives", id="nothing"),
    ],
)
def test_a_claim_never_exceeds_its_interval(
    by: float, ses: tuple[float | None, float], *, is_claim: bool, words: str
) -> None:
    found = moved(0.0, ses[0], by, ses[1])
    assert (found.exceeds, verdict(found).is_claim, verdict(found).words) == (is_claim, is_claim, words)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=8))
def test_rounded_parts_sum_to_the_rounded_total(parts: list[float]) -> None:
    found = rounded_parts(parts, sum(parts))
    assert abs(sum(found) - sum(parts)) < 0.05 + 1e-9
    assert max(abs(one - other) for one, other in zip(parts, found, strict=True)) < 0.1 + 1e-9


def test_what_csms_think_is_no_health_that_voice_is_held_against() -> None:
    card = parse_scorecard(
        {
            "key": "default",
            "measures": [
                {"key": "use", "metric": "use", "points": [[0, 0], [100, 100]], "weight": 1},
                {"key": "mood", "metric": "csm.sentiment", "points": [[0, 0], [100, 100]], "weight": 3},
            ],
        }
    )
    standing = Standing(1, DAYS[0], 1, 40.0, "red", {"use": Line(70, 70, 0.25), "mood": Line(30, 30, 0.75)})
    found = by_telemetry(standing, 70.0, card)
    assert (found.score, dict(found.lines)) == (70.0, {"use": Line(70, 70, 1.0)})


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param(
            BEFORE,
            AFTER,
            ["The gap moved with health by −5, voice by −4,", "one person not again", "two people more"],
            id="all",
        ),
        pytest.param(BEFORE, replace(BEFORE, shrunken=-5.2), ["Nothing moved the gap by half a point."], id="nothing"),
        pytest.param(BEFORE, side([said(9, "champion", support=1)]), ["other people speak"], id="others"),
        pytest.param(BEFORE, replace(AFTER, version_id=2), ["The questionnaire changed."], id="questionnaire"),
    ],
)
def test_a_move_is_told_without_a_cause(before: Side, after: Side, words: list[str]) -> None:
    told = why_of(gap_change(before, after, {}), NONE)
    assert [each for each in words if each not in told] == []
    assert "because" not in told


def test_a_page_says_what_is_missing_and_what_is_measured_otherwise() -> None:
    after = replace(
        AFTER, shrunken=None, version_id=2, questionnaire="Value, version 1", asked=frozenset({"product", "price"})
    )
    page = gap_page("Ash", gap_change(BEFORE, after, {}), NONE)
    assert page.gap is None
    assert page.missing[0].startswith("The gap is not known in Autumn")
    assert page.definitions == (
        "Value, version 1 followed Relationship, version 1: it asks newly about price, no longer about support.",
    )
    for each in page.parts:
        rows = [float(row.moved.replace("−", "-")) for row in each.rows]
        assert sum(rows) == pytest.approx(float(each.total.replace("−", "-")))


@pytest.mark.parametrize(
    ("values", "days", "ignored"),
    [
        ({}, (1, 2), 0),
        ({"from": "2026-03-31"}, (0, 2), 0),
        ({"from": "2026-05-31", "to": "2026-03-31"}, (0, 2), 1),
        ({"to": "2026-04-30", "show": "x"}, (0, 1), 1),
        ({"from": "ø", "to": "2020-01-01"}, (1, 2), 2),
    ],
)
def test_days_are_those_of_studies(values: Mapping[str, str], days: tuple[int, int], ignored: int) -> None:
    asked = asked_gaps(values, DAYS)
    assert (asked.before, asked.after, len(asked.ignored)) == (DAYS[days[0]], DAYS[days[1]], ignored)


def test_titles_are_findings_and_say_what_chance_gives() -> None:
    asked, nothing = asked_gaps({}, DAYS), dict.fromkeys(Show, 0)
    counts = Counts(nothing | {Show.ALL: 40}, moved=3, gaps=40, once=1, again=2)
    title = gaps_title(counts, asked, sees_all=True).replace("\u00a0", " ")
    assert (
        title
        == "40 accounts were heard again between 30 April 2026 and 31 May 2026; three moved by more than chance gives"
    )
    assert "about four would leave their 95 % interval by chance alone" in gaps_lede(counts)
    assert "One account was heard by one study only" in gaps_lede(counts)
    assert gaps_title(Counts(nothing), asked, sees_all=False).startswith("No account of yours was heard by two studies")
    assert not Moved(50.0).exceeds
