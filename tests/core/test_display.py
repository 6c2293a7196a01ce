"""How numbers read."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import display
from app.core.display import count, day, figure, instant, interval, money, money_full, number, percent, signed

S = "\u00a0"


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        pytest.param(655_000, "EUR", f"€655{S}k", id="thousands"),
        pytest.param(1_920_000, "EUR", f"€1.92{S}m", id="millions"),
        pytest.param(29_600_000, "EUR", f"€29.6{S}m", id="three digits"),
        pytest.param(6_100_000, "EUR", f"€6.1{S}m", id="no trailing zero"),
        pytest.param(999_999, "USD", f"$1{S}m", id="rounds into the next unit"),
        pytest.param(9_400, "GBP", "£9,400", id="small thousands stand in full"),
        pytest.param(22_300, "EUR", f"€22{S}k", id="larger thousands do not"),
        pytest.param(2.5e9, "EUR", f"€2.5{S}bn", id="billions"),
        pytest.param(655, "EUR", "€655", id="units"),
        pytest.param(999.6, "EUR", "€1,000", id="units round into thousands"),
        pytest.param(9_999.7, "EUR", f"€10{S}k", id="in full up to ten thousand"),
        pytest.param(0, "EUR", "€0", id="zero"),
        pytest.param(-0.4, "EUR", "€0", id="no negative zero"),
        pytest.param(-655_000, "EUR", f"−€655{S}k", id="true minus"),
        pytest.param(Decimal("1920000.00"), "eur", f"€1.92{S}m", id="decimal, small letters"),
        pytest.param(655_000, "CHF", f"CHF{S}655{S}k", id="code with a space"),
        pytest.param(655_000, None, f"655{S}k", id="no currency known"),
        pytest.param(None, "EUR", "–", id="missing"),
        pytest.param(math.nan, "EUR", "–", id="not a number"),
    ],
)
def test_money(value: float | None, currency: str | None, text: str) -> None:
    assert money(value, currency) == text


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        pytest.param(money_full(2_725_919, "USD"), "$2,725,919", id="money in full"),
        pytest.param(money_full(-5.4, "EUR"), "−€5", id="money in full, negative"),
        pytest.param(money_full(None, "EUR"), "–", id="money in full, missing"),
        pytest.param(count(3527), "3,527", id="counts are grouped"),
        pytest.param(figure(1957.0), "1,957", id="whole figure"),
        pytest.param(figure(24758.5), "24,758.5", id="figure with what it needs"),
        pytest.param(figure(-0.277), "−0.28", id="figure of two decimals"),
        pytest.param(figure(-0.001), "0", id="figure without negative zero"),
        pytest.param(figure(None), display.MISSING, id="no figure"),
        pytest.param(number(-0.04, 1), "0.0", id="no negative zero"),
        pytest.param(number(-0.06, 1), "−0.1", id="true minus"),
        pytest.param(signed(5.2), "+5", id="plus"),
        pytest.param(signed(-47), "−47", id="minus"),
        pytest.param(signed(0.2), "0", id="zero has no sign"),
        pytest.param(signed(None), "–", id="signed, missing"),
        pytest.param(percent(0.58), f"58{S}%", id="percent"),
        pytest.param(percent(0.001), f"<1{S}%", id="nearly nothing is not nothing"),
        pytest.param(percent(0.998), f">99{S}%", id="nearly all is not all"),
        pytest.param(percent(0), f"0{S}%", id="nothing"),
        pytest.param(percent(1), f"100{S}%", id="all"),
        pytest.param(percent(0.1234, 1), f"12.3{S}%", id="percent with a decimal"),
        pytest.param(percent(None), "–", id="percent, missing"),
        pytest.param(day(date(2026, 5, 14)), f"14{S}May 2026", id="date"),
        pytest.param(day("2026-05-04T10:00:00"), f"4{S}May 2026", id="ISO text"),
        pytest.param(day(None), "–", id="no date"),
        pytest.param(instant(datetime(2026, 5, 14, 9, 3, tzinfo=UTC)), f"14{S}May 2026, 09:03{S}UTC", id="instant"),
        pytest.param(instant(None), "–", id="no instant"),
        pytest.param(interval(46, 67), f"46 to{S}67", id="interval"),
        pytest.param(interval(-3, 4, signed), f"−3 to{S}+4", id="interval of differences"),
        pytest.param(interval(None, 4), "", id="half an interval is none"),
    ],
)
def test_texts(shown: str, text: str) -> None:
    assert shown == text


@given(st.floats(min_value=0, max_value=1e12))
def test_money_stays_within_half_of_its_last_digit(value: float) -> None:
    text = money(value, None)
    digits, _, unit = text.partition(S)
    assert float(digits.replace(",", "")) * {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9}[unit] == pytest.approx(
        value, rel=0.05, abs=0.5
    )
    assert len(digits) <= 6


@given(st.floats(min_value=-1e300, max_value=1e300) | st.sampled_from([math.nan, math.inf, -math.inf]))
def test_no_text_ever_says_nan_or_has_a_hyphen_for_minus(value: float) -> None:
    texts = [show(value) for show in (number, signed, count, percent)] + [money(value, "EUR"), money_full(value, "EUR")]
    assert not any(word in text for text in texts for word in ("nan", "inf", "-"))


def test_every_filter_is_a_function_of_this_file() -> None:
    assert all(getattr(display, name) is function for name, function in display.FILTERS.items())
