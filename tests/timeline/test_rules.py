"""The place from which a page of a timeline goes on, as it stands in an address."""

from datetime import UTC, datetime

import pytest

from app.timeline.rules.kinds import Kind, Place, kind_asked, place_asked, place_words

AT = datetime(2026, 4, 1, 9, 30, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("place", [Place(AT, 1, 7), Place(datetime(999, 1, 1, tzinfo=UTC), 23, 2_000_000_000)])
def test_a_place_is_read_back(place: Place) -> None:
    assert place_asked(place_words(place)) == place


@pytest.mark.parametrize(
    "raw",
    ["", "x", "20260401093000123456-1", "20261301093000123456-1-7", "20260401093000123456-1-٧", "1-1-1", "a" * 500],
)
def test_anything_else_is_no_place(raw: str) -> None:
    assert place_asked(raw) is None


def test_an_unknown_kind_is_everything() -> None:
    assert [kind_asked(raw) for raw in ("mail", "", "nonsense")] == [Kind.MAIL, None, None]
