"""Judgement in rules: steps, ages, decay, expiry, settings, and how far two sets of colours agree."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.core.errors import Refusal
from app.pulse.rules.matrix import Cell, Mean, Typed, mean_of, means_of, read_cells, weight
from app.pulse.rules.overrides import Said, how_it_ended, is_standing, override_line, read_expiry
from app.pulse.rules.page import beside_words, mean_words
from app.pulse.rules.rounds import Rated, agreement_words, differing, finding, missing_words, order_words, result_of
from app.pulse.rules.settings import PulseSettings, read_settings, restored
from app.pulse.rules.words import age_words, colour_of, read_colour, read_past_day, read_reason, read_step

TODAY = date(2026, 11, 28)
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Fixed:
    value: float | None
    lo: float | None
    hi: float | None


@pytest.mark.parametrize(
    ("value", "colour"), [(0, "red"), (25, "red"), (50, "amber"), (75, "green"), (100, "green")], ids=str
)
def test_a_sentiment_stands_for_a_colour(value: int, colour: str) -> None:
    assert colour_of(value) == colour
    assert read_step(str(value)) == value


@pytest.mark.parametrize("raw", ["", "60", "-25", "101", "²5", "1e2", "9" * 5000], ids=lambda raw: raw[:5] or "nothing")
def test_what_is_no_step_is_refused(raw: str) -> None:
    with pytest.raises(Refusal, match="five steps"):
        read_step(raw)


@pytest.mark.parametrize("raw", ["", "  \n ", "x" * 1001, "a\0b"], ids=["nothing", "blank", "long", "nul"])
def test_a_reason_that_cannot_be_kept_is_refused(raw: str) -> None:
    with pytest.raises(Refusal):
        read_reason(raw)


def test_colours_and_days_are_read_or_refused() -> None:
    assert read_colour("amber") == "amber"
    with pytest.raises(Refusal, match="red, amber or green"):
        read_colour("purple")
    assert read_past_day("2026-11-28", TODAY, "day") == TODAY
    for raw in ("2026-11-29", "1999-12-31", "soon", ""):
        with pytest.raises(Refusal, match="Enter a day"):
            read_past_day(raw, TODAY, "day")


@pytest.mark.parametrize(
    ("days", "words", "is_stale"),
    [
        pytest.param(0, "last said today", False, id="today"),
        pytest.param(1, "last said yesterday", False, id="yesterday"),
        pytest.param(60, "last said 60 days ago", False, id="the-last-fresh-day"),
        pytest.param(74, "last said 74 days ago", True, id="stale"),
    ],
)
def test_a_colour_says_how_old_it_is(days: int, words: str, *, is_stale: bool) -> None:
    assert age_words(TODAY - timedelta(days=days), TODAY, 60) == (words, is_stale)


@pytest.mark.parametrize(("age", "share"), [(0, 1.0), (90, 0.5), (180, 0.25), (-5, 1.0)], ids=str)
def test_a_word_counts_half_after_each_half_life(age: int, share: float) -> None:
    assert weight(age, 90) == share


def test_means_are_weighted_and_none_where_nothing_was_said() -> None:
    old, new = TODAY - timedelta(days=90), TODAY
    cells = [Cell(1, "support", 5, new), Cell(2, "support", 2, old), Cell(1, "value", 3, new)]
    means = means_of(cells, TODAY, 90)
    assert means.by_dimension["support"] == Mean((5 + 0.5 * 2) / 1.5, 2, old)
    assert means.by_contact[1] == Mean(4.0, 2, new)
    assert means.whole.value == pytest.approx((5 + 3 + 0.5 * 2) / 2.5)
    assert mean_of([], TODAY, 90) == Mean(None, 0, None)
    assert mean_words(None) == "none"


def test_very_old_cells_keep_their_mean() -> None:
    ancient = date(1900, 1, 1)
    assert mean_of([Cell(1, "value", 4, ancient), Cell(2, "value", 2, ancient)], TODAY, 1).value == 3.0


def test_cells_need_number_and_reason_and_empty_ones_say_nothing() -> None:
    typed = [
        Typed(1, "value", "4", "ok"),
        Typed(1, "support", "", " "),
        Typed(2, "value", "4", ""),
        Typed(3, "value", "6", "x"),
    ]
    said, faults = read_cells(typed)
    assert [(cell.name, value, reason) for cell, value, reason in said] == [("1-value", 4, "ok")]
    assert set(faults) == {"2-value", "3-value"}


@pytest.mark.parametrize(
    ("days", "is_fine"),
    [(-1, False), (0, False), (1, True), (180, True), (181, False)],
    ids=["yesterday", "today", "tomorrow", "the-last-day", "too-far"],
)
def test_an_override_ends_between_tomorrow_and_180_days(days: int, *, is_fine: bool) -> None:
    wanted = TODAY + timedelta(days=days)
    if is_fine:
        assert read_expiry(wanted.isoformat(), TODAY) == wanted
        return
    with pytest.raises(Refusal):
        read_expiry(wanted.isoformat(), TODAY)


def test_an_override_keeps_both_values_and_says_how_it_ended() -> None:
    said = Said("red", "Dana", "Sponsor left", AT, date(2027, 1, 3), 62.0, "amber")
    line = override_line(said, 62.4, "amber")
    assert line.startswith("Health 62 amber by telemetry; set to red by Dana until")
    assert line.endswith("Sponsor left")
    assert "Health none by telemetry" in override_line(said, None, None)
    assert is_standing(said.expires_on, None, date(2027, 1, 3))
    assert not is_standing(said.expires_on, None, date(2027, 1, 4))
    assert not is_standing(said.expires_on, AT, TODAY)
    assert how_it_ended(said, date(2027, 1, 4)).startswith("ran out on")
    assert how_it_ended(said, TODAY).startswith("stands until")


def test_settings_come_back_as_they_were_stored() -> None:
    typed = {
        "sentiment": "on", "half_life_days": "30", "stale_days": "14", "attribute": "plan",
        "without": "Free\n\nfree\nFree",
        "rubric-support-5": "They praise us unasked",
    }  # fmt: skip
    settings = read_settings(typed)
    assert restored(settings.document()) == settings
    assert (settings.lights, settings.half_life_days, settings.without) == (False, 30, ("Free", "free"))
    assert settings.meaning("support", 5) == "They praise us unasked"
    assert settings.meaning("value", 5) == PulseSettings().meaning("value", 5)
    for name, raw in (("half_life_days", "0"), ("stale_days", "x"), ("attribute", "password")):
        with pytest.raises(Refusal):
            read_settings(typed | {name: raw})


def test_accounts_without_the_field_have_none_which_is_not_0() -> None:
    settings = PulseSettings(without=("Self-serve",))
    account = SimpleNamespace(segment="self-serve ", plan=None, tier=None)
    assert beside_words(account, settings, []) == "none, as for every account of this segment"
    assert beside_words(SimpleNamespace(segment=None), settings, []) == "none yet"
    assert beside_words(account, PulseSettings(beside=False), []) is None


def rated(band: str | None, value: int | None, name: str = "A") -> Rated:
    return Rated(name, name, 50.0 if band else None, band, value, "why", "Carl")


def test_the_report_says_how_many_differ() -> None:
    rows = [rated("green", 75)] * 138 + [
        rated("red", 100, "Far off"),
        rated("amber", 0, "Near"),
        rated(None, 0),
        rated("red", None),
    ]
    result = result_of(rows, lambda _: Fixed(0.5, 0.1, 0.9))
    assert finding(result) == "2 of 140 differ"
    assert result["table"] == [[0, 0, 1], [1, 0, 0], [0, 0, 138]]
    assert (
        missing_words(result)
        == "Left out: one account without a sentiment and one account without a score. None is not 0."
    )
    assert "0.50, 95 % interval 0.10 to 0.90" in agreement_words(result).replace("\u202f", " ").replace("\xa0", " ")
    assert [each.name for each in differing(rows)] == ["Far off", "Near"]


def test_a_report_of_nothing_says_so() -> None:
    result = result_of([rated(None, 0)], lambda _: Fixed(None, None, None))
    assert finding(result) == "No account has both a score and a sentiment"
    assert result["agreement"] is None


def test_the_order_of_weights_and_sentiments_is_said() -> None:
    before = AT - timedelta(days=9)
    assert "No sentiment had been given by then" in order_words(before, AT, 0)
    assert "two sentiments had been given" in order_words(before, AT, 2)
    assert "younger than the round" in order_words(AT, before, 0)
