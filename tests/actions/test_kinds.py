"""What can be chosen of an action, where it stands on a board, when somebody is reminded, and who is asked again."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app.actions.rules.asking import ask_title, asked_again, beside
from app.actions.rules.boards import by_day, by_owner
from app.actions.rules.kinds import (
    About,
    Evidence,
    Kind,
    Outcome,
    checked_about,
    checked_kind,
    checked_outcome,
    checked_reason,
    evidence_in,
    outcome_words,
)
from app.actions.rules.reminding import DueLine, reminded_until, reminder_wording
from app.core.errors import Refusal

FRIDAY = date(2026, 3, 27)


@dataclass(frozen=True)
class Placed:
    owner_id: int
    owner: str
    due_on: date


@pytest.mark.parametrize(
    ("raw", "kind", "outcome"),
    [
        pytest.param("", Kind.TASK, Outcome.DONE, id="a task that says nothing is done"),
        pytest.param("dropped", Kind.TASK, Outcome.DROPPED, id="a task that is not needed"),
        pytest.param("avoided", Kind.RISK, Outcome.AVOIDED, id="a risk"),
        pytest.param("called_off", Kind.EVENT, Outcome.CALLED_OFF, id="an event"),
        pytest.param("won", Kind.OPPORTUNITY, Outcome.WON, id="an opportunity"),
        pytest.param("", Kind.RISK, None, id="a risk must say"),
        pytest.param("won", Kind.RISK, None, id="nobody wins a risk"),
        pytest.param("made up", Kind.EVENT, None, id="no outcome at all"),
    ],
)
def test_each_kind_ends_in_its_own_ways(raw: str, kind: Kind, outcome: Outcome | None) -> None:
    if outcome is None:
        with pytest.raises(Refusal, match="what came of it"):
            checked_outcome(raw, kind)
    else:
        assert checked_outcome(raw, kind) is outcome
        assert outcome_words(kind.value, outcome.value)


@pytest.mark.parametrize(
    ("raw", "about"),
    [
        pytest.param("", (None, None), id="nothing"),
        pytest.param("gap", (About.GAP, None), id="the gap"),
        pytest.param("answer:7", (About.ANSWER, 7), id="an answer of the list"),
        pytest.param("answer:8", None, id="an answer of somebody else"),
        pytest.param("answer", None, id="an answer of nobody"),
        pytest.param("answer:٧", None, id="digits of another script"),
        pytest.param("gap:7", None, id="a gap of somebody"),
        pytest.param("javascript:1", None, id="no page"),
    ],
)
def test_what_shows_it_is_of_the_list(raw: str, about: tuple[About | None, int | None] | None) -> None:
    if about is None:
        with pytest.raises(Refusal):
            checked_about(raw, {7})
    else:
        assert checked_about(raw, {7}) == about


def test_a_kind_and_a_reason_are_checked() -> None:
    assert checked_reason(" They said so \r\n") == "They said so"
    for refused in (
        lambda: checked_kind("wish"),
        lambda: checked_reason("a\x00b"),
        lambda: checked_reason("a" * 2_001),
    ):
        with pytest.raises(Refusal):
            refused()


def test_evidence_is_read_as_it_was_kept() -> None:
    kept = Evidence(About.GAP, "Rule", "2026-03-27", (("Gap", "−41"),))
    assert evidence_in(kept.document) == kept
    assert Evidence().document is None
    assert evidence_in(None) == Evidence()


def test_a_board_puts_the_late_first() -> None:
    rows = [
        Placed(1, "Zoe", FRIDAY),
        Placed(2, "Abe", FRIDAY - timedelta(days=1)),
        Placed(1, "Zoe", FRIDAY + timedelta(days=7)),
        Placed(3, "Max", FRIDAY + timedelta(days=8)),
    ]
    assert [len(group.rows) for group in by_day(rows, FRIDAY)] == [1, 2, 1]
    owners = by_owner(rows, FRIDAY)
    assert [(group.name, len(group.rows), group.late) for group in owners] == [
        ("Abe", 1, 1), ("Max", 1, 0), ("Zoe", 2, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "until"),
    [
        pytest.param(date(2026, 3, 26), date(2026, 3, 27), id="thursday looks at friday"),
        pytest.param(FRIDAY, date(2026, 3, 30), id="friday looks over the weekend"),
        pytest.param(date(2026, 3, 28), date(2026, 3, 30), id="saturday looks at monday"),
    ],
)
def test_a_reminder_looks_at_the_next_working_day(today: date, until: date) -> None:
    assert reminded_until(today) == until


def test_a_reminder_counts_and_leads_to_each() -> None:
    lines = [DueLine(7, "Call", "Alder", FRIDAY - timedelta(days=2)), DueLine(8, "Write", "Birch", FRIDAY)]
    words = reminder_wording("Carl", lines, today=FRIDAY, base_url="http://here")
    assert words.subject == "One action overdue and one action due by 30\u00a0March 2026"
    assert "Call\nAlder, two days overdue\nhttp://here/actions/7\n" in words.body
    many = reminder_wording("Carl", lines * 20, today=FRIDAY, base_url="")
    assert "And 15 more." in many.body


def test_whom_to_ask_again_is_of_the_list() -> None:
    assert asked_again("3", "2026-03-30", contacts={3}, today=FRIDAY).on == date(2026, 3, 30)
    for contact, on, field in (
        ("4", "2026-03-30", "contact"),
        ("", "2026-03-30", "contact"),
        ("3", "2026-03-01", "on"),
    ):
        with pytest.raises(Refusal) as refused:
            asked_again(contact, on, contacts={3}, today=FRIDAY)
        assert refused.value.field == field
    assert ask_title("decision_maker", "Late again") == "Ask the decision maker again: Late again"


def test_answers_stand_beside_each_other() -> None:
    lines = beside(
        {"recommend": 4.0, "effort": 5.0, "only_first": 1.0},
        {"recommend": 8.0, "effort": 4.0},
        {"recommend": "Would you?"},
    )
    assert [(line.question, line.first, line.again, line.moved) for line in lines] == [
        ("Would you?", "4", "8", 4.0), ("Effort", "5", "4", -1.0),
    ]  # fmt: skip
