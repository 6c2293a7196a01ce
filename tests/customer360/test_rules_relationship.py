"""What the page of a relationship says, and the section of its account: tables of cases, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.customer360.rules.layout import layout_of
from app.customer360.rules.relationship import relationship_page, usual_summary
from app.customer360.rules.relationship_widgets import About, gap_of
from app.customer360.rules.relationships import place_of, relationships_part
from app.customer360.rules.summary import Known
from app.relationships.rules.rollup import RollUp
from app.relationships.rules.types import Definition, TypeField

ON = date(2026, 11, 28)
TYPE = Definition("default", "pulse", tuple(TypeField(f"f{n}", f"Field {n}") for n in range(5)))


@dataclass(frozen=True)
class Known1:
    """A relationship as the queries give it."""

    crm_id: str = "R-1"
    name: str | None = "Planning"
    score: float | None = None
    said: float | None = None
    arr: Decimal | None = None
    parent_crm_id: str | None = None
    type: str = "product"
    owner: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
    definition: Definition = TYPE
    open_actions: Mapping[str, int] = field(default_factory=dict)
    trend: Any = ()

    @property
    def health(self) -> Any:
        """Its health with its scorecard."""
        told = {"scorecard_key": "default", "scorecard_name": "Default", "scorecard_version": 2, "as_of": ON}
        head = {"key": "use", "name": "Use", "group": "Adoption"}
        line = {"key": "use", "value": 4.0, "points": self.score or 0.0, "weight": 1.0}
        measures = [] if self.score is None else [line]
        facts = {"score": self.score, "band": "green", "measures": measures, "missing": ["gone"]}
        return SimpleNamespace(**told, **facts, definition={"measures": [head]})

    @property
    def voice(self) -> Any:
        """Its voice, of four people."""
        if self.said is None:
            return None
        ends = {"low": self.said - 8, "high": self.said + 8, "n": 4}
        return SimpleNamespace(value=self.said, study_key="q1", study_name="First quarter", **ends)


def about(it: Known1, **more: Any) -> About:
    """Return what a page is made from."""
    account = SimpleNamespace(name="Acme", arr=Decimal(40_000), custom={"region": "North"}, industry="Mills")
    known = Known(SimpleNamespace(**vars(account), renewal_date=None), "EUR", ON)
    facts: dict[str, Any] = {"it": it, "known": known, "layout": None} | more
    return About(**facts)


@pytest.mark.parametrize(
    ("score", "said", "title"),
    [
        (70.0, 48.0, "Voice of Planning lies 22 points below its health"),
        (40.0, 75.0, "Voice of Planning lies 35 points above its health"),
        (70.0, 62.0, "Planning: health 70, voice 62"),
        (70.0, None, "Planning has health 70; nobody has said how it does"),
        (None, 48.0, "Planning has voice 48; nothing is measured of it"),
        (None, None, "How Planning does is not known yet"),
    ],
)
def test_the_title_is_what_was_found(score: float | None, said: float | None, title: str) -> None:
    assert relationship_page(about(Known1(score=score, said=said))).title == title


def test_voice_and_gap_have_their_interval_and_people() -> None:
    page = relationship_page(about(Known1(score=70.0, said=48.0)))
    told = {each.key: (each.value, each.basis, each.kind) for each in page.widgets}
    assert told["voice"] == ("48", "95 % interval 40 to 56 · four people in “First quarter”", "")
    assert told["gap"] == ("−22", "voice less health, −30 to −14", "risk")
    assert page.bar is not None
    assert page.bar.colour == "risk"
    assert page.voice_study == ("q1", "First quarter")
    assert page.missing == ["Gone"]
    assert gap_of(Known1(score=70.0)) is None


def test_a_figure_that_is_not_known_is_never_nought() -> None:
    page = relationship_page(about(Known1()))
    assert {each.key: each.value for each in page.widgets} == dict.fromkeys(("health", "voice", "gap"), "none")
    assert [each.value for each in page.summary] == ["none"] * 6


def test_the_usual_summary_has_at_most_six_fields() -> None:
    assert [each.field for each in usual_summary(TYPE)] == [
        "arr", "owner", "custom.f0", "custom.f1", "custom.f2", "renewal_date"
    ]  # fmt: skip


def test_a_layout_chooses_among_its_own_fields_and_those_of_the_account() -> None:
    fields = ("custom.f4", "custom.region", "custom.nowhere", "mrr", "industry")
    layout = layout_of({"summary": [{"field": each} for each in fields]})
    it = Known1(custom={"f4": "Yes"}, arr=Decimal(1200))
    page = relationship_page(about(it, layout=layout))
    assert [(each.name, each.value, each.of_account) for each in page.summary] == [
        ("Field 4", "Yes", False),
        ("Region", "North", True),
        ("MRR", "€100", False),
        ("Industry", "Mills", True),
    ]


def test_the_section_rolls_up_and_moves_in() -> None:
    rows = [
        Known1("S", "Suite", 80.0, 60.0, Decimal(100)),
        Known1("P", "Planning", 40.0, None, Decimal(300), parent_crm_id="S", open_actions={"risk": 2}),
        Known1("B", None, None, None, parent_crm_id="P"),
    ]
    part = relationships_part(rows, RollUp.ARR, "EUR")
    assert [(each.name, each.value, each.sentence) for each in part.together] == [
        ("Health", "50", "the mean of 2, weighted by ARR; 1 has no score"),
        ("Voice", "60", "the mean of 1, weighted by ARR; 2 have no voice"),
        ("Open actions", "2", "about them, added up"),
    ]
    assert [(each.name, each.depth, each.parent, each.health) for each in part.lines] == [
        ("Suite", 0, "", "80"),
        ("Planning", 1, "Suite", "40"),
        ("Product", 2, "Planning", ""),
    ]
    assert part.lines[0].below.startswith("With what is below it: health 50, the mean of 2")
    place = place_of(rows, "P", RollUp.WORST, "EUR")
    assert ([each.crm_id for each in place.lines], place.count_below) == (["S", "P", "B"], 1)
    assert place.together is not None
    assert place.together[0].value == 40.0
    with pytest.raises(ValueError, match="no relationship"):
        place_of(rows, "X", RollUp.WORST, "EUR")
