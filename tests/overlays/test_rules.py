"""Levels, days, what is typed, and how overlays read, as tables of cases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.core.errors import Refusal
from app.overlays.rules.levels import (
    Level,
    State,
    assessed_on,
    level_of,
    level_words,
    mean_by_level,
    overlay_keys,
    state_on,
    stratum_value,
)
from app.overlays.rules.page import Told, dashboard, lines_now, period_words, under
from app.overlays.rules.typed import (
    TypedChange,
    TypedOverlay,
    checked_amount,
    checked_change,
    checked_impacts,
    checked_overlay,
    key_of,
)

MARCH, MAY = date(2026, 3, 3), date(2026, 5, 31)


@pytest.mark.parametrize(
    ("change", "industry", "level"),
    [
        pytest.param("slight", "severe", Level.SLIGHT, id="the CSM comes before the industry"),
        pytest.param(None, "severe", Level.SEVERE, id="the industry where nobody changed it"),
        pytest.param("none", "severe", Level.NONE, id="not affected is a judgement of its own"),
        pytest.param(None, None, None, id="nobody judged it: not assessed, never none"),
    ],
)
def test_the_level_is_the_csms_else_the_industrys(
    change: str | None, industry: str | None, level: Level | None
) -> None:
    assert level_of(change, industry) is level


def test_what_nobody_assessed_is_never_called_unaffected() -> None:
    assert level_words(None) == "not assessed"
    assert level_words(Level.NONE) == "not affected"


@pytest.mark.parametrize(
    ("on", "ends_on", "state", "words"),
    [
        pytest.param(
            date(2026, 3, 2), MAY, State.PLANNED, "begins 3\u00a0March 2026, until 31\u00a0May 2026", id="before"
        ),
        pytest.param(MARCH, MAY, State.IN_FORCE, "since 3\u00a0March 2026, until 31\u00a0May 2026", id="its first day"),
        pytest.param(MAY, MAY, State.IN_FORCE, "since 3\u00a0March 2026, until 31\u00a0May 2026", id="its last day"),
        pytest.param(date(2026, 6, 1), MAY, State.ENDED, "3\u00a0March 2026 to 31\u00a0May 2026, over", id="after"),
        pytest.param(date(2030, 6, 1), None, State.IN_FORCE, "since 3\u00a0March 2026, no last day yet", id="open end"),
    ],
)
def test_an_overlay_applies_from_its_first_to_its_last_day(
    on: date, ends_on: date | None, state: State, words: str
) -> None:
    assert state_on(MARCH, ends_on, on) is state
    assert period_words(MARCH, ends_on, on) == words


def test_what_is_over_is_read_as_of_its_last_day() -> None:
    assert assessed_on(MAY, date(2026, 8, 1)) == MAY
    assert assessed_on(MAY, MARCH) == MARCH
    assert assessed_on(None, MAY) == MAY


def test_a_study_writes_down_the_level_only_while_the_overlay_applies() -> None:
    assert stratum_value(Level.SEVERE, State.IN_FORCE) == "severe"
    assert stratum_value(None, State.IN_FORCE) == "not assessed"
    assert {stratum_value(Level.SEVERE, each) for each in (State.PLANNED, State.ENDED)} == {"not in force"}
    assert overlay_keys(["segment", "overlay:pandemic", "tier"]) == ["pandemic"]


def test_voices_are_averaged_by_level_and_not_invented() -> None:
    levels = {1: Level.SEVERE, 2: Level.SEVERE, 3: None, 4: Level.HELPED}
    assert mean_by_level(levels, {1: 40.0, 2: 60.0, 3: 10.0, 9: 99.0}) == {Level.SEVERE: (50.0, 2), None: (10.0, 1)}


@pytest.mark.parametrize(
    ("typed", "field", "part"),
    [
        pytest.param(TypedOverlay("", "", "2026-03-03"), "name", "Give it a name", id="no name"),
        pytest.param(TypedOverlay("x" * 121, "", "2026-03-03"), "name", "Shorten it", id="long name"),
        pytest.param(TypedOverlay("A\x07b", "", "2026-03-03"), "name", "cannot be seen", id="a bell in the name"),
        pytest.param(TypedOverlay("Pandemic"), "starts_on", "Choose the day", id="no first day"),
        pytest.param(TypedOverlay("Pandemic", "", "3.3.2026"), "starts_on", "Write the day", id="another way of dates"),
        pytest.param(TypedOverlay("Pandemic", "", "0001-01-01"), "starts_on", "between 1990 and 2099", id="far away"),
        pytest.param(
            TypedOverlay("Pandemic", "", "2026-03-03", "2026-03-02"), "ends_on", "cannot end before", id="ends first"
        ),
    ],
)
def test_an_overlay_that_cannot_be_kept_is_refused(typed: TypedOverlay, field: str, part: str) -> None:
    with pytest.raises(Refusal, match=part) as refused:
        checked_overlay(typed)
    assert refused.value.field == field


def test_an_overlay_is_read_also_for_days_ahead_and_without_an_end() -> None:
    found = checked_overlay(TypedOverlay("  Chip   shortage ", " Chips\r\nare rare ", "2031-01-02", ""))
    assert (found.name, found.description) == ("Chip shortage", "Chips\nare rare")
    assert (found.starts_on, found.ends_on) == (date(2031, 1, 2), None)


@pytest.mark.parametrize(
    ("raw", "currency", "amount"),
    [
        pytest.param("", "EUR", None, id="nothing"),
        pytest.param("12,500.50", "EUR", Decimal("12500.50"), id="grouped"),
        pytest.param("€ 12500", "EUR", Decimal(12500), id="its sign"),
        pytest.param("12500 eur", "EUR", Decimal(12500), id="its code"),
        pytest.param("12500", None, Decimal(12500), id="no currency known"),
    ],
)
def test_amounts_are_read_in_the_workspaces_currency(raw: str, currency: str | None, amount: Decimal | None) -> None:
    assert checked_amount(raw, currency) == amount


@pytest.mark.parametrize(
    ("raw", "currency", "part"),
    [
        pytest.param("USD 12500", "EUR", "in EUR, the currency of this workspace", id="another code"),
        pytest.param("$12500", "EUR", "in EUR", id="another sign"),
        pytest.param("12500 EUR", None, "without a currency", id="a code where none is known"),
        pytest.param("-5", "EUR", "at most two decimals", id="below nothing"),
        pytest.param("1.234", "EUR", "at most two decimals", id="three decimals"),
        pytest.param("a lot", "EUR", "as a number", id="words"),
        pytest.param("9" * 20, "EUR", "at most two decimals", id="more than there is"),
        pytest.param("١٢", "EUR", "as a number", id="other digits"),
    ],
)
def test_other_amounts_are_refused(raw: str, currency: str | None, part: str) -> None:
    with pytest.raises(Refusal, match=part) as refused:
        checked_amount(raw, currency)
    assert refused.value.field == "amount"


def test_a_change_needs_its_reason_and_a_level_of_the_list() -> None:
    with pytest.raises(Refusal, match="Write the reason"):
        checked_change(TypedChange("severe", "  "), currency=None)
    with pytest.raises(Refusal, match="from the list"):
        checked_change(TypedChange("terrible", "They closed"), currency=None)
    kept = checked_change(TypedChange("", "Back to normal"), currency=None)
    assert (kept.level, kept.reason, kept.concessions, kept.amount) == (None, "Back to normal", None, None)


def test_industries_are_judged_by_rows() -> None:
    rows = (["Retail", "Energy"], ["severe", ""], ["Shops closed", ""])
    found = checked_impacts(*rows, known={"Retail", "Energy"})
    assert [(each.industry, each.level, each.words) for each in found] == [
        ("Retail", Level.SEVERE, "Shops closed"),
        ("Energy", None, None),
    ]
    with pytest.raises(Refusal, match="No account is of the industry"):
        checked_impacts(*rows, known={"Retail"})
    with pytest.raises(Refusal, match="Choose a level for Energy"):
        checked_impacts(["Energy"], [""], ["words alone"], known={"Energy"})


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        pytest.param("Pandemic", [], "pandemic", id="plain"),
        pytest.param("Über-Krise 2026!", [], "uber-krise-2026", id="marks"),
        pytest.param("Pandemic", ["pandemic", "pandemic-2"], "pandemic-3", id="taken twice"),
        pytest.param("New", [], "new-2", id="an address of its own"),
        pytest.param("危機", [], "overlay", id="no latin letter"),
    ],
)
def test_keys_are_made_of_names(name: str, taken: list[str], key: str) -> None:
    assert key_of(name, taken) == key


def standing(**facts: Any) -> Any:
    overlay = SimpleNamespace(key="pandemic", name="Pandemic", starts_on=MARCH, ends_on=facts.pop("ends_on", None))
    return SimpleNamespace(overlay=overlay, change=facts.get("change"), impact=facts.get("impact"))


DANA = SimpleNamespace(level="severe", who="Dana", reason="Two plants\nclosed")
RETAIL = SimpleNamespace(level="moderate", words="Shops closed")


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        pytest.param(
            standing(change=DANA, impact=RETAIL),
            "Under “Pandemic” since 3\u00a0March 2026: severe (by Dana: Two plants closed)",
            id="the CSM",
        ),
        pytest.param(
            standing(impact=RETAIL),
            "Under “Pandemic” since 3\u00a0March 2026: moderate (as its industry: Shops closed)",
            id="the industry",
        ),
        pytest.param(standing(), "Under “Pandemic” since 3\u00a0March 2026: not assessed", id="nobody"),
    ],
)
def test_an_account_says_in_one_line_what_it_is_under(found: Any, sentence: str) -> None:
    assert under(found, MAY).sentence == sentence


def test_only_what_applies_stands_on_the_account() -> None:
    over, planned = standing(ends_on=date(2026, 4, 1), impact=RETAIL), standing(impact=RETAIL)
    assert lines_now([over], MAY) == []
    assert lines_now([planned], date(2026, 3, 1)) == []
    assert len(lines_now([planned], MAY)) == 1


def row(level: str | None, industry: str | None, band: str | None, accounts: int, arr: int | None) -> Any:
    amount = None if arr is None else Decimal(arr)
    return SimpleNamespace(
        level=level, industry=industry, band=band, accounts=accounts, arr=amount, without_arr=0 if arr else accounts
    )


def test_a_dashboard_counts_accounts_money_and_bands_by_level_and_industry() -> None:
    rows = [
        row("severe", "Retail", "red", 2, 300_000),
        row("severe", "Retail", None, 1, None),
        row("none", "Retail", "green", 1, 50_000),
        row(None, None, "amber", 4, 0),
    ]
    said = SimpleNamespace(
        industry="Retail", level="severe", words="Shops", who="Lea", set_at=datetime(2026, 3, 4, tzinfo=UTC)
    )
    own = SimpleNamespace(industry="Retail", level="none", amount=Decimal(1200))
    page = dashboard("Pandemic", "since March", Told(rows, [said], [own], {Level.SEVERE: (41.6, 2)}, "EUR"))
    assert page.title == "Pandemic: three accounts severe, €300\u00a0k a year"
    assert [(line.words, line.accounts, line.arr, line.unknown, line.voice) for line in page.levels] == [
        ("severe", 3, "€300\u00a0k", 1, "42"),
        ("not affected", 1, "€50\u00a0k", 0, "–"),
        ("not assessed", 4, "€0", 0, "–"),
    ]
    assert page.levels[0].bands == {"red": 2, "amber": 0, "green": 0}
    assert [(line.name, line.level, line.accounts, line.changed) for line in page.industries] == [
        ("Retail", "severe", 4, 1),
        ("Industry not known", "not assessed", 4, 0),
    ]
    assert page.concessions == "Concessions of €1,200 to one account."
    assert page.without_arr == "Five accounts without comparable ARR are not in the sums."


def test_a_dashboard_says_that_nobody_judged_anything() -> None:
    page = dashboard("Pandemic", "since March", Told([row(None, "Retail", None, 3, 5)], [], [], {}, None))
    assert page.title == "Pandemic: no account is assessed yet"
    assert not page.is_assessed
