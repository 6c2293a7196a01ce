"""Addresses of the list, its sentences, its bars."""

from datetime import date

import pytest

from app.customer360.rules.bars import colour_of, gap_bar, interval, voice_bar
from app.customer360.rules.lines import list_title, paging, renewal_in
from app.customer360.rules.listing import Asked, Order, Show, Sort, asked, last_page


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        pytest.param({}, Asked(), id="nothing"),
        pytest.param({"q": "  two   words "}, Asked(words="two words"), id="spaces"),
        pytest.param({"sort": "gap"}, Asked(sort=Sort.GAP, order=Order.RISING), id="worst-first"),
        pytest.param({"sort": "arr"}, Asked(), id="money-from-the-top"),
        pytest.param({"show": "silent", "page": "3"}, Asked(show=Show.SILENT, page=3), id="page"),
        pytest.param({"owner": "A@B.test"}, Asked(owner="a@b.test"), id="owner-in-any-case"),
    ],
)
def test_an_address_is_read(values: dict[str, str], wanted: Asked) -> None:
    assert asked(values) == wanted


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "٣", "1" * 10, "x"])
def test_a_page_that_is_none_is_the_first(value: str) -> None:
    found = asked({"page": value})
    assert found.page == 1
    assert len(found.ignored) == 1


def test_addresses_leave_out_what_is_usual() -> None:
    assert Asked().address() == {}
    assert Asked().address(page=1) == {}
    assert Asked(words="x").address(page=2) == {"q": "x", "page": 2}


def test_a_column_is_sorted_the_other_way_the_second_time() -> None:
    assert Asked().sorted_by(Sort.GAP) == {"sort": "gap", "order": "asc"}
    assert Asked(sort=Sort.GAP, order=Order.RISING).sorted_by(Sort.GAP) == {"sort": "gap", "order": "desc"}
    assert Asked().sorted_by(Sort.ARR) == {"sort": "arr", "order": "asc"}


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (14, 1), (15, 2), (214, 16)])
def test_pages(total: int, pages: int) -> None:
    assert last_page(total) == pages


def test_paging_in_words() -> None:
    assert paging(1, 214).replace("\u00a0", " ") == "1 to 14 of 214"
    assert paging(16, 214).replace("\u00a0", " ") == "211 to 214 of 214"


@pytest.mark.parametrize(
    ("total", "heard", "risk", "title"),
    [
        (214, 46, 9, "214 accounts: 46 heard, nine of them a hidden risk"),
        (2, 2, 0, "Two accounts: all heard, none of them a hidden risk"),
        (1, 1, 1, "One account, heard, a hidden risk"),
        (5, 0, 0, "Five accounts, none heard yet"),
        (0, 0, 0, "No account matches what was asked for"),
    ],
)
def test_the_title_is_a_finding(total: int, heard: int, risk: int, title: str) -> None:
    counts = dict.fromkeys(Show, 0) | {Show.ALL: total, Show.HEARD: heard, Show.HIDDEN_RISK: risk}
    assert list_title(Asked(), counts, sees_all=True) == title


@pytest.mark.parametrize(
    ("renewal", "words"),
    [
        (None, ("", "not given")),
        (date(2026, 1, 10), ("today", "")),
        (date(2026, 1, 11), ("1", "day")),
        (date(2026, 1, 1), ("9", "days ago")),
        (date(2029, 1, 10), ("1,096", "days")),
    ],
)
def test_renewals(renewal: date | None, words: tuple[str, str]) -> None:
    assert renewal_in(renewal, date(2026, 1, 10)) == words


@pytest.mark.parametrize(("gap", "colour"), [(None, "rest"), (-14.9, "rest"), (-15, "risk"), (15, "strength")])
def test_gaps_are_coloured_from_fifteen_points(gap: float | None, colour: str) -> None:
    assert colour_of(gap) == colour


def test_bars_stay_on_the_scale() -> None:
    bar = voice_bar(98, 20)
    assert bar
    assert bar.high == "95.0%"
    assert voice_bar(None, 3) is None
    assert interval(3, 10).replace("\u00a0", " ") == "0 to 23"
    assert gap_bar(None, 20, None).ring is None
    assert gap_bar(80, 20, -60).is_dot_left
    assert gap_bar(20, 80, 60).label == "Health 20, voice 80"
