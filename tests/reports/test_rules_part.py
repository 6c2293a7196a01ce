"""What the report of a part says, and what it never says: anything about the accounts that were left out."""

import dataclasses
import json
from typing import Any

import pytest

from app.reports.rules.document import Document
from app.reports.rules.part import part_notes, part_words
from app.reports.rules.report import charts, report
from tests.reports.portfolios import document_of

PARTS: dict[str, dict[str, tuple[str, str]]] = {
    "accounts": {"segment": ("Enterprise", "Enterprise"), "renewal": ("90", "renews within 90 days")},
    "people": {"role": ("decision_maker", "decision makers")},
    "one-mode": {"role": ("champion", "champions"), "mode": ("interview", "interviews only")},
    "both": {"tier": ("Gold", "Gold"), "mode": ("survey", "surveys only")},
}


def part(name: str, **facts: Any) -> Document:
    chosen = PARTS[name]
    document = document_of(40, 300, **facts)
    return {
        **document,
        "filters": {field: value for field, (value, _) in chosen.items()},
        "filter_words": {field: words for field, (_, words) in chosen.items()},
    }


def said(document: Document) -> str:
    told = {**dataclasses.asdict(report(document)), "charts": [chart.subtitle for chart in charts(document).values()]}
    return json.dumps(told, ensure_ascii=False).replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["accounts", "both"])
@pytest.mark.parametrize(
    "facts", [{}, {"answering": 0}, {"sour": 0}, {"has_health": False}], ids=["whole", "silent", "sweet", "no-health"]
)
def test_no_sentence_speaks_for_accounts_that_were_left_out(name: str, facts: dict[str, Any]) -> None:
    text = said(part(name, **facts))
    assert "all accounts" not in text.replace("all accounts chosen", "").replace("all accounts answered", "")
    assert "All accounts" not in text
    made = report(part(name, **facts))
    assert "accounts chosen" in made.headline
    assert "accounts chosen" in made.lede[0]


@pytest.mark.parametrize("name", list(PARTS))
def test_the_choice_stands_in_head_and_foot(name: str) -> None:
    made = report(part(name))
    words = " · ".join(words for _, words in PARTS[name].values())
    assert made.chosen == words
    assert words in made.foot


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("accounts", "Among the 40 accounts chosen, "),
        ("people", "Heard from decision makers alone, "),
        ("one-mode", "Heard from champions in interviews alone, "),
        ("both", "Among the 40 accounts chosen, heard from people in surveys alone, "),
    ],
)
def test_the_headline_is_led_by_the_part(name: str, lead: str) -> None:
    assert report(part(name)).headline.startswith(lead)


def test_people_who_speak_alone_call_nobody_silent() -> None:
    document = part("people")
    made = report(document)
    assert not [step for step in made.steps if step.what.startswith(("Ask again", "Hear one more", "Start the next"))]
    assert "silent" not in {line.people for line in made.accounts}
    assert len(part_notes(document)) == 1


def test_the_whole_report_is_led_by_nothing() -> None:
    document = document_of(40, 300)
    assert part_words(document) == ""
    assert part_notes(document) == []
    assert "accounts chosen" not in said(document)
