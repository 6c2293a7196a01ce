"""What people type into forms: tidied, and refused with a remedy where it cannot be kept."""

from datetime import date

from app.core.errors import Refusal

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
"""The days that a form takes where it does not say otherwise."""

_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def can_be_seen(text: str) -> bool:
    """Whether each character shows, or joins those beside it as Persian words and some emoji are written."""
    return all(each.isprintable() or each in _JOINERS for each in text)


def typed_line(raw: str, field: str, longest: int) -> str:
    """A text on one line; Refusal where it is too long or holds what cannot be seen."""
    return _kept(" ".join(raw.split()), field, longest)


def typed_lines(raw: str, field: str, longest: int) -> str:
    """A text of several lines, tidied; Refusal where it is too long or holds what cannot be seen."""
    return _kept(raw.replace("\r\n", "\n").replace("\r", "\n").strip(), field, longest)


def typed_day(raw: str, field: str, *, earliest: date = EARLIEST, latest: date = LATEST) -> date | None:
    """A day as a date field sends it, None where none was; Refusal where it cannot be read or lies too far away."""
    text = raw.strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Refusal("Write the day as 2026-03-31, or leave it empty.", field) from None
    if not earliest <= found <= latest:
        raise Refusal(f"Choose a day between {earliest.year} and {latest.year}.", field)
    return found


def _kept(text: str, field: str, longest: int) -> str:
    if not can_be_seen(text.replace("\n", "").replace("\t", "")):
        raise Refusal("Remove the characters that cannot be seen.", field)
    if len(text) > longest:
        raise Refusal(f"Shorten it to {longest:,} characters; it has {len(text):,}.", field)
    return text
