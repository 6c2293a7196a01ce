"""What people type: kept as they meant it, refused with the place and the remedy."""

from datetime import date

import pytest

from app.core.errors import Refusal
from app.core.typed import typed_day, typed_line, typed_lines

PERSIAN = "می\N{ZERO WIDTH NON-JOINER}خواهم"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


@pytest.mark.parametrize(
    ("raw", "line", "lines"),
    [
        pytest.param("  a  b ", "a b", "a  b", id="spaces"),
        pytest.param("a\r\nb\rc\n", "a b c", "a\nb\nc", id="line ends of any system"),
        pytest.param("a\tb", "a b", "a\tb", id="a tab"),
        pytest.param(PERSIAN, PERSIAN, PERSIAN, id="a joiner within a Persian word"),
        pytest.param(FAMILY, FAMILY, FAMILY, id="joiners within an emoji"),
        pytest.param(" \n ", "", "", id="nothing"),
    ],
)
def test_words_are_kept_as_they_were_meant(raw: str, line: str, lines: str) -> None:
    assert (typed_line(raw, "what", 40), typed_lines(raw, "what", 40)) == (line, lines)


@pytest.mark.parametrize("character", ["\0", "\a", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}"])
def test_what_cannot_be_seen_is_refused(character: str) -> None:
    for read in (typed_line, typed_lines):
        with pytest.raises(Refusal, match="cannot be seen") as refused:
            read(f"a{character}b", "what", 40)
        assert refused.value.field == "what"


def test_what_is_too_long_is_refused_with_both_numbers() -> None:
    assert typed_line("a" * 1_000, "what", 1_000)
    with pytest.raises(Refusal, match=r"Shorten it to 1,000 characters; it has 1,001\."):
        typed_line("a" * 1_001, "what", 1_000)


@pytest.mark.parametrize(
    ("raw", "found"),
    [(" 2026-03-31 ", date(2026, 3, 31)), ("", None), ("1990-01-01", date(1990, 1, 1))],
)
def test_days(raw: str, found: date | None) -> None:
    assert typed_day(raw, "due_on") == found


@pytest.mark.parametrize("raw", ["31.3.2026", "2026-02-30", "1989-12-31", "2100-01-01", "soon"])
def test_days_that_are_none(raw: str) -> None:
    with pytest.raises(Refusal) as refused:
        typed_day(raw, "due_on")
    assert refused.value.field == "due_on"
