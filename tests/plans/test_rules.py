"""The colour of a plan and the facts that it names, what can be typed, and the portfolio."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.errors import Refusal
from app.plans.rules.colours import BlockerFact, OutcomeFact, PlanColour, PlanFacts, standing, still_words
from app.plans.rules.portfolio import PlanRow, chosen, counts, csv_rows, owners, plan_lines, title
from app.plans.rules.typed import (
    BlockerTyped,
    OutcomeTyped,
    PlanTyped,
    checked_blocker,
    checked_outcome,
    checked_plan,
)

TODAY = date(2026, 6, 30)
SOON, DONE = TODAY + timedelta(days=20), TODAY - timedelta(days=10)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def plan(*outcomes: OutcomeFact, blockers: tuple[BlockerFact, ...] = (), due_on: date = SOON) -> PlanFacts:
    return PlanFacts(ago(60), due_on, outcomes, blockers)


OPEN = OutcomeFact("Go live", SOON)
REACHED = OutcomeFact("Go live", ago(50), ago(2))
LESSER, CRITICAL = BlockerFact("No test data", False, ago(9)), BlockerFact("No SSO", True, ago(5))  # noqa: FBT003


def late(days: int) -> OutcomeFact:
    return OutcomeFact("Go live", ago(days))


@pytest.mark.parametrize(
    ("facts", "colour", "sentence"),
    [
        (PlanFacts(), "none", "No plan is agreed."),
        (plan(), "none", "A plan is begun; no outcome stands in it yet."),
        (plan(OPEN), "green", "On plan: 0 of one outcome reached, the next is due 20 July 2026."),
        (plan(REACHED, OPEN), "green", "On plan: 1 of two outcomes reached, the next is due 20 July 2026."),
        (plan(REACHED), "green", "All is reached."),
        (plan(REACHED, due_on=ago(90)), "green", "All is reached."),
        (plan(late(0)), "green", "On plan: 0 of one outcome reached, the next is due 30 June 2026."),
        (plan(late(1)), "yellow", "Blocked or late: “Go live”, one day late."),
        (plan(late(30)), "yellow", "Blocked or late: “Go live”, 30 days late."),
        (plan(late(31)), "red", "Stuck: “Go live”, 31 days late."),
        (plan(late(31), late(40), OPEN), "red", "Stuck: “Go live”, 40 days late, and one more."),
        (plan(OPEN, due_on=ago(3)), "yellow", "Blocked or late: the plan, three days late."),
        (plan(OPEN, due_on=ago(31)), "red", "Stuck: the plan, 31 days late."),
        (plan(OPEN, blockers=(LESSER,)), "yellow", "Blocked or late: the blocker “No test data” since 21 June 2026."),
        (plan(blockers=(LESSER,)), "yellow", "Blocked or late: the blocker “No test data” since 21 June 2026."),
        (plan(OPEN, blockers=(CRITICAL,)), "red", "Stuck: the critical blocker “No SSO” since 25 June 2026."),
        (
            plan(late(45), blockers=(LESSER, CRITICAL, replace(CRITICAL, title="No budget", opened_on=ago(7)))),
            "red",
            "Stuck: two critical blockers, the oldest “No budget” since 23 June 2026 and “Go live”, 45 days late.",
        ),
    ],
)
def test_the_colour_comes_from_facts_and_names_them(facts: PlanFacts, colour: str, sentence: str) -> None:
    found = standing(facts, TODAY)
    assert (found.colour.value, found.sentence.replace("\u00a0", " ")) == (colour, sentence)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (PlanFacts(), ""),
        (plan(OPEN), ""),
        (PlanFacts(ago(90), SOON, (OPEN,)), ""),
        (PlanFacts(ago(91), SOON, (OPEN,)), "Nothing was reached for 91 days."),
        (PlanFacts(ago(400), SOON, (OPEN, REACHED)), ""),
        (PlanFacts(ago(400), SOON, (REACHED,)), ""),
        (
            PlanFacts(ago(400), SOON, (OutcomeFact("Old", ago(300), ago(200)), OPEN)),
            "Nothing was reached for 200 days.",
        ),
        (plan(OPEN, blockers=(CRITICAL,)), "Stuck: the critical blocker “No SSO” since 25 June 2026."),
        (plan(OPEN, blockers=(LESSER,)), ""),
    ],
)
def test_a_plan_stands_still_when_stuck_or_when_nothing_is_reached_for_90_days(facts: PlanFacts, words: str) -> None:
    assert still_words(facts, TODAY).replace("\u00a0", " ") == words


PLAN: dict[str, Any] = {"title": " Go  live ", "agreed_on": "2026-06-01", "due_on": "2026-09-30"}
OUTCOME: dict[str, Any] = {"title": "Go live", "due_on": "2026-09-30"}
BLOCKER: dict[str, Any] = {"title": "No SSO", "opened_on": "2026-06-01"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"agreed_on": "2026-07-01"}, "agreed_on"),
        ({"agreed_on": "1.6.2026"}, "agreed_on"),
        ({"due_on": "2026-05-31"}, "due_on"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_what_is_no_plan_is_refused_at_its_field(typed: dict[str, Any], field: str) -> None:
    assert checked_plan(PlanTyped(**PLAN), today=TODAY).title == "Go live"
    with pytest.raises(Refusal) as refused:
        checked_plan(PlanTyped(**PLAN | typed), today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"due_on": "soon"}, "due_on"),
        ({"done_on": "2026-07-01"}, "done_on"),
        ({"done_on": "x"}, "done_on"),
        ({"done_on": "2026-06-01", "is_dropped": True}, "done_on"),
        ({"measure": "\u202e"}, "measure"),
        ({"due_on": "2026-10-01"}, "reason"),
    ],
)
def test_what_is_no_outcome_is_refused_at_its_field(typed: dict[str, Any], field: str) -> None:
    former = date(2026, 9, 30)
    assert checked_outcome(OutcomeTyped(**OUTCOME), today=TODAY, former=former).measure is None
    with pytest.raises(Refusal) as refused:
        checked_outcome(OutcomeTyped(**OUTCOME | typed), today=TODAY, former=former)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"opened_on": "2026-07-01"}, "opened_on"),
        ({"resolved_on": "2026-05-31"}, "resolved_on"),
        ({"owner": "8"}, "owner"),
        ({"owner": "x"}, "owner"),
        ({"owner": "٧"}, "owner"),
    ],
)
def test_what_is_no_blocker_is_refused_at_its_field(typed: dict[str, Any], field: str) -> None:
    assert checked_blocker(BlockerTyped(**BLOCKER, owner="7"), today=TODAY, owners={7}).owner_id == 7
    with pytest.raises(Refusal) as refused:
        checked_blocker(BlockerTyped(**BLOCKER | typed), today=TODAY, owners={7})
    assert refused.value.field == field


ROWS = [
    PlanRow(1, "A", "A", "ann@x.test", "Plan", plan(OPEN)),
    PlanRow(2, "B", "B", "Ann@x.test", "Plan", plan(late(3)), 2),
    PlanRow(3, "C", "C", "tom.quist@x.test", "Plan", plan(late(40), blockers=(CRITICAL,)), 1),
    PlanRow(4, "D", "D", None, None, PlanFacts()),
]


def test_the_stuck_stand_first_and_each_choice_narrows() -> None:
    lines = plan_lines(ROWS, TODAY)
    assert [line.crm_id for line in lines] == ["C", "B", "A", "D"]
    assert list(counts(lines).values()) == [1, 1, 1, 1]
    assert title(counts(lines)) == "One of three plans is stuck"
    assert owners(lines) == [("ann@x.test", "Ann"), ("tom.quist@x.test", "Tom Quist")]
    pick: dict[str, Any] = {"colour": "", "owner": "", "due": "", "today": TODAY}
    found = {
        name: [line.crm_id for line in chosen(lines, **pick | more)]
        for name, more in {
            "red": {"colour": "red"},
            "odd": {"colour": "pink", "due": "never"},
            "ann": {"owner": "ANN@x.test"},
            "late": {"due": "late"},
            "soon": {"due": "soon"},
        }.items()
    }
    assert found == {"red": ["C"], "odd": ["C", "B", "A", "D"], "ann": ["B", "A"], "late": ["C", "B"], "soon": ["A"]}
    assert (lines[0].blockers, lines[0].slips, lines[3].blockers, lines[3].slips) == ("1, 1 critical", "once", "–", "–")


def test_an_account_without_a_plan_is_none_in_the_file_and_has_no_zero() -> None:
    rows = csv_rows(ROWS, TODAY)
    assert rows[1][4:] == (
        PlanColour.YELLOW,
        "Blocked or late: “Go live”, three days late.",
        "2026-06-27",
        0,
        1,
        0,
        0,
        2,
    )
    assert rows[3][3:] == (None, "none", "No plan is agreed.", None, None, None, None, None, None)


def test_without_plans_the_title_says_so() -> None:
    assert title(counts([])) == "No outcome is agreed with a customer yet"
    assert title(counts(plan_lines(ROWS[:1], TODAY))) == "None of one plan is stuck"
