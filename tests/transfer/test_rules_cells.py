"""What cells may hold."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transfer.rules.cells import (
    Address,
    Amount,
    Cell,
    Consent,
    Currency,
    Day,
    Moment,
    Number,
    OneOf,
    Shape,
    Tags,
    Truth,
    Whole,
    Words,
    is_date_format,
)

COMMA = Shape(has_decimal_comma=True)
GERMAN = Shape(date_format="%d.%m.%Y")

READ = [
    pytest.param(Number(), Shape(), "1234.56", 1234.56, id="number"),
    pytest.param(Number(), Shape(), "-1e-05", -1e-05, id="exponent"),
    pytest.param(Number(), Shape(), ".5", 0.5, id="no leading zero"),
    pytest.param(Number(), COMMA, "1.234,56", 1234.56, id="decimal comma"),
    pytest.param(Number(), COMMA, "1234,56", 1234.56, id="decimal comma without groups"),
    pytest.param(Amount(), Shape(), "2725919.40", Decimal("2725919.40"), id="money"),
    pytest.param(Amount(), Shape(), "-0.10", Decimal("-0.10"), id="negative money"),
    pytest.param(Amount(), Shape(), "999999999999.99", Decimal("999999999999.99"), id="largest money"),
    pytest.param(Amount(), Shape(), "5.5000", Decimal("5.50"), id="zeros behind the cents"),
    pytest.param(Amount(), COMMA, "1.234.567,8", Decimal("1234567.80"), id="money with comma"),
    pytest.param(Whole(), Shape(), "12.0", 12, id="whole written as float"),
    pytest.param(Whole(), Shape(), "2147483647", 2147483647, id="largest whole"),
    pytest.param(Day(), Shape(), "2024-02-29", date(2024, 2, 29), id="leap day"),
    pytest.param(Day(), GERMAN, "31.01.2026", date(2026, 1, 31), id="own date format"),
    pytest.param(Moment(), Shape(), "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC), id="date as instant"),
    pytest.param(Moment(), Shape(), "2026-01-31T10:30:00+02:00", datetime(2026, 1, 31, 8, 30, tzinfo=UTC), id="offset"),
    pytest.param(Moment(), Shape(), "2026-01-31 10:30", datetime(2026, 1, 31, 10, 30, tzinfo=UTC), id="no zone is UTC"),
    pytest.param(Moment(), Shape(), "2026-01-31T10:30:00Z", datetime(2026, 1, 31, 10, 30, tzinfo=UTC), id="Z"),
    pytest.param(Moment(), GERMAN, "31.01.2026", datetime(2026, 1, 31, tzinfo=UTC), id="instant in own format"),
    pytest.param(
        Moment(), GERMAN, "2026-01-31T10:30:00Z", datetime(2026, 1, 31, 10, 30, tzinfo=UTC), id="full instant"
    ),
    pytest.param(OneOf(("renewed",)), Shape(), "Renewed", "renewed", id="any case"),
    pytest.param(OneOf(("active",), others=Words(10)), Shape(), "On Hold", "On Hold", id="another word"),
    pytest.param(Truth(), Shape(), "TRUE", True, id="true"),
    pytest.param(Truth(), Shape(), "0", False, id="zero is false"),
    pytest.param(Consent(), Shape(), "Yes", "yes", id="consent"),
    pytest.param(Consent(), Shape(), "0", "no", id="consent as boolean"),
    pytest.param(Address(), Shape(), "a.b+c@mail.example.invalid", "a.b+c@mail.example.invalid", id="address"),
    pytest.param(Currency(), Shape(), "usd", "USD", id="currency"),
    pytest.param(Tags(), Shape(), "a; b;a;", ["a", "b"], id="tags once each"),
    pytest.param(Words(20, has_lines=True), Shape(), "two\r\nlines", "two\nlines", id="line feeds only"),
    pytest.param(Words(), Shape(), "Škoda – “ok” 👍", "Škoda – “ok” 👍", id="any script"),
]
REFUSED = [
    pytest.param(Number(), Shape(), "1,5", "decimal point", id="comma"),
    pytest.param(Number(), Shape(), "1 000", "not a number", id="space"),
    pytest.param(Number(), Shape(), "--1", "not a number", id="two signs"),
    pytest.param(Number(), COMMA, "1.5", "decimal comma", id="point where commas are"),
    pytest.param(Number(), COMMA, "12.34,5", "decimal comma", id="wrong groups"),
    pytest.param(Amount(), Shape(), "1000000000000", "more money", id="too much"),
    pytest.param(Amount(), Shape(), "1.005", "two decimals", id="fractions of cents"),
    pytest.param(Amount(), Shape(), "1e400", "", id="absurd exponent"),
    pytest.param(Whole(), Shape(), "2147483648", "whole number", id="beyond the column"),
    pytest.param(Whole(), Shape(), "-1", "whole number", id="negative"),
    pytest.param(Whole(), Shape(), "1.5", "whole number", id="fraction"),
    pytest.param(Whole(), Shape(), "1e999", "whole number", id="huge exponent"),
    pytest.param(Day(), Shape(), "2026-01-31T00:00:00", "not a date", id="time in a date"),
    pytest.param(Day(), GERMAN, "2026-01-31", "%d.%m.%Y", id="ISO where another format was named"),
    pytest.param(Moment(), GERMAN, "2026-01-31", "point in time", id="bare ISO date where another format was named"),
    pytest.param(Moment(), Shape(), "0001-01-01T00:00:00+14:00", "point in time", id="before time"),
    pytest.param(OneOf(("renewed", "churned")), Shape(), "lost", "renewed, churned", id="unknown word"),
    pytest.param(Truth(), Shape(), "maybe", "yes/no", id="no truth"),
    pytest.param(Consent(), Shape(), "perhaps", "unknown", id="no consent"),
    pytest.param(Address(), Shape(), "no-at.example", "shape", id="no at"),
    pytest.param(Address(), Shape(), "a@localhost", "shape", id="no dot"),
    pytest.param(Address(), Shape(), "a@b.example\nBcc: x@y.example", "", id="header injection"),
    pytest.param(Address(), Shape(), "a@" + "b" * 260 + ".example", "shape", id="too long"),
    pytest.param(Currency(), Shape(), "$", "three letters", id="sign"),
    pytest.param(Words(), Shape(), "two\nlines", "line break", id="line break in a name"),
    pytest.param(Words(3), Shape(), "four", "at most 3", id="too long text"),
    pytest.param(Words(9, has_lines=True), Shape(), "a\rb", "carriage return", id="lone carriage return"),
]


@pytest.mark.parametrize(("cell", "shape", "text", "value"), READ)
def test_a_cell_is_read(cell: Cell, shape: Shape, text: str, value: Any) -> None:
    assert cell.reader(shape)(text) == value


@pytest.mark.parametrize(("cell", "shape", "text", "reason"), REFUSED)
def test_a_cell_is_refused(cell: Cell, shape: Shape, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"[A-Z“].*\.$") as refusal:
        cell.reader(shape)(text)
    assert reason in str(refusal.value)


@pytest.mark.parametrize("shape", [Shape(), COMMA, GERMAN, Shape(date_format="%m/%d/%y")], ids=repr)
@given(text=st.text(min_size=1, max_size=60))
def test_any_text_is_read_or_refused(shape: Shape, text: str) -> None:
    cells = [Number(), Amount(), Whole(), Day(), Moment(), Truth(), Consent(), Address(), Currency(), Tags(), Words(30)]
    for cell in cells:
        try:
            cell.reader(shape)(text)
        except ValueError as refusal:
            assert len(str(refusal)) < 400  # noqa: PT017  (whether it raises at all is the text's affair)


@given(amount=st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_money_survives_as_it_is_written(amount: Decimal) -> None:
    assert Amount().reader(Shape())(f"{amount:.2f}") == amount
    assert Amount().reader(COMMA)(f"{amount:.2f}".replace(".", ",")) == amount


@given(day=st.dates(), date_format=st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y%m%d"]))
def test_a_date_survives_in_its_format(day: date, date_format: str) -> None:
    written = (
        date_format.replace("%Y", f"{day.year:04}").replace("%m", f"{day.month:02}").replace("%d", f"{day.day:02}")
    )
    assert Day().reader(Shape(date_format=date_format))(written) == day


@pytest.mark.parametrize(
    ("date_format", "is_one"),
    [("%d.%m.%Y", True), ("%d %b %y", True), ("%Y-%j", True), ("%m.%Y", False), ("%H:%M", False), ("", False),
     ("%", False), ("%Q", False), ("dd.mm.yyyy", False)],
)  # fmt: skip
def test_a_date_format_gives_whole_dates(date_format: str, is_one: bool) -> None:
    assert is_date_format(date_format) is is_one
