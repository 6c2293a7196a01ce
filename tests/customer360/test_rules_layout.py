"""What a page shows, and what it refuses to be: layouts, fields of the summary, figures of widgets."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from app.core.errors import Refusal
from app.customer360.rules.arranging import arrange_page
from app.customer360.rules.layout import (
    SECTIONS,
    USUAL,
    WIDGETS,
    Part,
    added,
    checked_layout,
    layout_document,
    layout_of,
    lost_fields,
    moved,
    placed,
    role_of,
)
from app.customer360.rules.summary import FIELDS, Known, field_value, months_between
from app.customer360.rules.widgets import cases_condition, recommending, trend_line, widgets_of

ON = date(2026, 11, 28)
DOCUMENT = layout_document(USUAL)


def with_summary(*keys: str) -> dict[str, Any]:
    """Return a document with these fields in its summary."""
    return {**DOCUMENT, "summary": [{"field": key, "label": "", "shows": "account"} for key in keys]}


def test_the_usual_layout_is_read_back_as_it_was_written() -> None:
    assert layout_of(DOCUMENT) == USUAL == layout_of(None)
    assert [each.name for each in USUAL.summary] == [
        "Status",
        "Industry",
        "ARR",
        "Original contract date",
        "Renewal date",
        "Lifetime",
    ]


def test_six_fields_and_the_seventh_is_refused_by_its_name() -> None:
    with pytest.raises(Refusal, match=r"at most six fields.*“MRR”") as refused:
        added(DOCUMENT, "mrr")
    assert refused.value.field == "add"
    with pytest.raises(Refusal, match="at most six fields"):
        checked_layout(with_summary(*list(FIELDS)[:7]))
    five = with_summary(*list(FIELDS)[:5])
    assert [each["field"] for each in added(five, "custom.region")["summary"]][-1] == "custom.region"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (with_summary("arr", "arr"), "“ARR” stands in the summary twice"),
        ({**DOCUMENT, "summary": [{"field": "arr", "label": "x" * 41}]}, "at most 40 letters"),
        ({**DOCUMENT, "summary": [{"field": "arr", "label": "a\u0007b"}]}, "at most 40 letters"),
        ({**DOCUMENT, "summary": [{"field": "arr", "shows": "moon"}]}, "where “ARR” shows"),
        ({**DOCUMENT, "widgets": [{"key": "cases", "days": "soon"}]}, "whole number of days"),
        ({**DOCUMENT, "widgets": [{"key": "cases", "days": "٣"}]}, "whole number of days"),
        ({**DOCUMENT, "widgets": [{"key": "cases", "days": "99999"}]}, "whole number of days"),
        ({**DOCUMENT, "sections": [{"key": key, "shown": False} for key in SECTIONS]}, "at least one section"),
    ],
)
def test_what_is_no_layout_is_refused_with_a_sentence(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        checked_layout(document)


def test_what_is_there_no_longer_is_left_out_and_told() -> None:
    found = layout_of(
        {
            "summary": [{"field": "fax", "label": "Fax number"}, {"field": "arr", "label": "Revenue"}],
            "widgets": [{"key": "weather"}, {"key": "gap", "shown": False}],
            "sections": [{"key": "horoscope"}, {"key": "more"}],
        }
    )
    assert [each.name for each in found.summary] == ["Revenue"]
    assert found.gone == ("the field “Fax number”", "the widget “weather”", "the section “horoscope”")
    assert [each.key for each in found.widgets][:2] == ["gap", "health"], "what came later stands at the end"
    assert {each.key for each in found.widgets} == set(WIDGETS)
    assert found.sections[0].key == "more"
    assert lost_fields(layout_of(with_summary("custom.region", "custom.fax")).summary, ["region"]) == ["Fax"]
    page = arrange_page(with_summary("custom.fax"), own=["region"], gone=found.gone[:1])
    assert page.notes[0].startswith("The field “Fax number” is there no longer")
    assert page.notes[1].startswith("No account has “Fax” any more")
    assert ("custom.region", "Region") in page.free


@pytest.mark.parametrize(
    ("deed", "key", "order"),
    [
        ("up", "b", "bac"),
        ("up", "a", "abc"),
        ("down", "b", "acb"),
        ("down", "c", "abc"),
        ("out", "b", "ac"),
        ("fly", "b", "abc"),
        ("up", "z", "abc"),
    ],
)
def test_rows_move(deed: str, key: str, order: str) -> None:
    document = {"summary": [{"field": each} for each in "abc"], "widgets": [], "sections": []}
    assert "".join(each["field"] for each in moved(document, deed, "summary", key)["summary"]) == order


def test_widgets_are_hidden_never_taken_out() -> None:
    assert moved(DOCUMENT, "out", "widgets", "gap") == DOCUMENT


@pytest.mark.parametrize(
    ("keys", "wide"),
    [
        (["actions", "promises"], [False, False]),
        (["actions"], [True]),
        (["actions", "voice", "promises"], [True, True, True]),
        (["actions", "promises", "cases"], [False, False, True]),
        (["voice", "actions", "promises", "cases", "studies"], [True, False, False, False, False]),
    ],
)
def test_a_narrow_section_alone_takes_the_whole_width(keys: list[str], wide: list[bool]) -> None:
    assert [each.is_wide for each in placed([Part(key) for key in keys])] == wide


def test_who_has_several_roles_sees_the_layout_of_the_widest() -> None:
    assert role_of({"csm", "leader"}) == "leader"
    assert role_of(set()) == "viewer"


def known(**facts: Any) -> Known:
    """Return an account with these facts and nothing else."""
    names = ("status", "industry", "tier", "segment", "plan", "country", "lifecycle_stage", "csm_email", "custom")
    nothing = dict.fromkeys((*names, "arr", "seats", "start_date", "renewal_date", "term_months"))
    return Known(SimpleNamespace(**{**nothing, **facts}), "EUR", ON, left_on=date(2026, 3, 1))


def test_a_field_without_data_says_none_and_never_0() -> None:
    empty = known()
    assert {field_value(key, empty) for key in [*FIELDS, "custom.region"]} == {"none"}


@pytest.mark.parametrize(
    ("key", "facts", "said"),
    [
        ("arr", {"arr": 120_000}, "€120 k"),
        ("arr", {"arr": 0}, "€0"),
        ("mrr", {"arr": 120_000}, "€10 k"),
        ("arpu", {"arr": 120_000, "seats": 100}, "€100.00 a month"),
        ("arpu", {"arr": 120_000, "seats": 0}, "none"),
        ("users", {"seats": 1000}, "1,000"),
        ("lifetime", {"start_date": date(2025, 5, 29)}, "17 months"),
        ("lifetime", {"start_date": date(2025, 5, 28)}, "18 months"),
        ("lifetime", {"start_date": date(2026, 12, 1)}, "none"),
        ("lifetime", {"start_date": date(2025, 2, 1), "status": "churned"}, "13 months"),
        ("days_to_renew", {"renewal_date": date(2026, 12, 8)}, "10 days"),
        ("days_to_renew", {"renewal_date": date(2026, 11, 27)}, "1 day ago"),
        ("days_to_renew", {"renewal_date": ON}, "today"),
        ("one_time_revenue", {"custom": {"one_time_revenue": "2500"}}, "€2,500"),
        ("one_time_revenue", {"custom": {"one_time_revenue": "see file"}}, "see file"),
        ("comments", {"custom": {"comments": "Ask for Ada"}}, "Ask for Ada"),
        ("custom.live", {"custom": {"live": False}}, "No"),
        ("custom.live", {"custom": {"live": []}}, "none"),
    ],
)
def test_what_a_field_says(key: str, facts: dict[str, Any], said: str) -> None:
    assert field_value(key, known(**facts)).replace("\N{NO-BREAK SPACE}", " ") == said


def test_months_count_whole() -> None:
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert months_between(date(2024, 2, 29), date(2026, 2, 28)) == 23
    assert months_between(date(2026, 5, 1), date(2026, 4, 1)) == 0


@pytest.mark.parametrize(
    ("value", "seats", "said", "why"),
    [
        (900, 1000, "90 %", ""),
        (1000, 1000, "100 %", ""),
        (1100, 1000, "110 %", "More people use it than the CRM has users"),
        (900, None, "900", ""),
        (900, 0, "900", ""),
        (None, 1000, "none", ""),
        (0, 1000, "0 %", ""),
    ],
)
def test_active_users(value: float | None, seats: int | None, said: str, why: str) -> None:
    beside: Any = SimpleNamespace(
        figures=SimpleNamespace(users_value=value, users_on=ON),
        facts=SimpleNamespace(account=SimpleNamespace(seats=seats)),
        options={"users": {"metric": "active_users"}},
    )
    (widget,) = widgets_of([Part("users")], beside)
    assert widget.value.replace("\N{NO-BREAK SPACE}", " ") == said
    assert why in " ".join(widget.more)
    assert bool(widget.more) is bool(why)


def test_the_rating_and_the_true_nps_are_two_figures() -> None:
    studies: Any = [SimpleNamespace(study=SimpleNamespace(id=n, name=f"S{n}")) for n in (2, 1, 3)]
    people: Any = [
        SimpleNamespace(study_id=study, submitted_at=at, recommend=said)
        for study, at, said in [
            (2, ON, 10),
            (2, ON, 9),
            (2, ON, 7),
            (2, ON, 2),
            (2, None, 1),
            (1, ON, 6),
            (3, ON, None),
        ]
    ]
    found = recommending(studies, people)
    assert [(each.study, each.mean, each.net) for each in found] == [("S2", 7.0, 25.0), ("S1", 6.0, -100.0)]


def test_a_trend_needs_two_scores() -> None:
    assert trend_line([50]) == ""
    assert trend_line([0, 100]) == "0.0,22.0 100.0,2.0"


def test_the_condition_of_open_cases_in_words() -> None:
    assert cases_condition({}) == ""
    assert cases_condition({"priority": "HIGH", "days": "30"}) == "priority HIGH and open for over 30 days"
    assert cases_condition({"days": "1"}) == "open for over 1 day"
