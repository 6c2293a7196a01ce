"""What is typed into the ledger, and what it adds up to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import Refusal
from app.ledger.rules.items import (
    Answer,
    Entry,
    Item,
    Measure,
    Unit,
    Word,
    delivered_by,
    flags_of,
    over_time,
    realised,
    to_come,
    units_of,
)
from app.ledger.rules.page import Money, item_lines, ledger_page, summary, web_address
from app.ledger.rules.typed import Side, TypedEntry, Value, checked_entry, checked_value

TODAY, PROMISED = date(2026, 11, 28), date(2026, 1, 5)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
EUR, USD, HOURS = Unit(is_money=True, name="EUR"), Unit(is_money=True, name="USD"), Unit(is_money=False, name="hours")
GOOD = TypedEntry(
    "delivered", "sales", "2026-11-20", amount="12,500.50", currency="eur", evidence="https://a.example/x"
)


def test_an_entry_is_read() -> None:
    found = checked_entry(GOOD, promised_on=PROMISED, today=TODAY)
    assert (found.side, found.happens_on, found.value) == (
        Side.DELIVERED,
        date(2026, 11, 20),
        Value(Decimal("12500.50"), "EUR"),
    )
    to_be = checked_entry(TypedEntry("to_be_delivered", "sales", "2027-01-01"), promised_on=None, today=TODAY)
    assert (to_be.value, to_be.evidence, to_be.completes) == (Value(), None, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"side": ""}, "side"),
        ({"side": "acknowledged"}, "side"),
        ({"source": "nobody"}, "source"),
        ({"happens_on": ""}, "happens_on"),
        ({"happens_on": "2026-02-30"}, "happens_on"),
        ({"happens_on": "2026-11-29"}, "happens_on"),
        ({"happens_on": "1066-10-14"}, "happens_on"),
        ({"happens_on": "2026-01-04"}, "happens_on"),
        ({"side": "to_be_delivered", "happens_on": "2026-11-27"}, "happens_on"),
        ({"amount": "a lot"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "nan"}, "amount"),
        ({"currency": "euros"}, "currency"),
        ({"quantity": "3", "unit": "hours"}, "quantity"),
        ({"amount": "", "quantity": "3"}, "unit"),
        ({"amount": "", "unit": "hours"}, "quantity"),
        ({"evidence": " "}, "evidence"),
        ({"evidence": "a\x00b"}, "evidence"),
        ({"side": "articulated"}, "amount"),
        ({"side": "to_be_delivered", "happens_on": "2026-12-24", "completes": "1"}, "completes"),
    ],
    ids=str,
)
def test_an_entry_that_cannot_be_kept_names_its_field(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_entry(replace(GOOD, **wrong), promised_on=PROMISED, today=TODAY)
    assert refused.value.field == field


def test_a_currency_without_an_amount_is_nothing() -> None:
    assert checked_value("", "EUR", "", "") == Value()


def entry(side: Side, on: date, measure: Measure | None = None, **more: object) -> Entry:
    facts: dict[str, Any] = {
        "id": 1,
        "source": "sales",
        "completes": False,
        "evidence": None,
        "recorded_at": NOON,
        "who": "Carl",
        "withdrawn_at": None,
        "withdrawn_because": None,
    }
    return Entry(side=side, on=on, measure=measure, **facts | more)


def item(promised: Measure | None = None, *entries: Entry, **more: object) -> Item:
    facts: dict[str, Any] = {
        "id": 1,
        "text": "Faster",
        "aspect": "economic",
        "source": "sales",
        "since": PROMISED,
        "promised_on": PROMISED,
        "due_on": None,
        "delivered_on": None,
        "evidence": None,
        "answers": (),
    }
    return Item(promised=promised, entries=entries, **facts | more)


def euros(value: int) -> Measure:
    return Measure(Decimal(value), EUR)


def said(word: Word, day: int = 1) -> Answer:
    return Answer(word, datetime(2026, 11, day, 12, tzinfo=UTC), 1, "champion", None, None, None)


PART = entry(Side.DELIVERED, date(2026, 2, 1), euros(40))
TAKEN_BACK = entry(Side.DELIVERED, date(2026, 2, 1), euros(40), withdrawn_at=NOON)


@pytest.mark.parametrize(
    ("it", "delivered", "rest"),
    [
        (item(euros(100)), [], [euros(100)]),
        (item(euros(100), delivered_on=date(2026, 3, 1)), [euros(100)], []),
        (item(euros(100), delivered_on=date(2027, 3, 1)), [], [euros(100)]),
        (item(euros(100), PART), [euros(40)], [euros(60)]),
        (item(euros(100), PART, delivered_on=date(2026, 3, 1)), [euros(40)], []),
        (item(euros(100), entry(Side.DELIVERED, date(2027, 2, 1), euros(40))), [], [euros(100)]),
        (item(euros(100), PART, entry(Side.TO_COME, date(2027, 2, 1), euros(10))), [euros(40)], [euros(10)]),
        (item(euros(30), PART), [euros(40)], []),
        (
            item(euros(100), PART, entry(Side.DELIVERED, date(2026, 2, 1), Measure(Decimal(7), USD))),
            [euros(40), Measure(Decimal(7), USD)],
            [euros(60)],
        ),
        (item(None), [], []),
        (item(None, PART), [euros(40)], []),
    ],
    ids=[
        "nothing", "whole", "whole, but later", "a part", "done by less", "a part, but later", "rest is said",
        "more than promised", "another currency", "bare", "bare, but something came",
    ],
)  # fmt: skip
def test_what_arrived_and_what_is_to_come(it: Item, delivered: list[Measure], rest: list[Measure]) -> None:
    assert (delivered_by(it, TODAY), to_come(it, TODAY)) == (delivered, rest)


def test_what_was_withdrawn_counts_no_longer() -> None:
    assert delivered_by(item(euros(100), TAKEN_BACK), TODAY) == []


@pytest.mark.parametrize(
    ("answers", "acknowledged"),
    [
        ((), False),
        ((said(Word.YES),), True),
        ((said(Word.PARTLY),), False),
        ((said(Word.NO, 9), said(Word.YES, 1)), False),
        ((said(Word.YES, 9), said(Word.NO, 1)), True),
    ],
    ids=["nobody", "yes", "partly", "no after yes", "yes after no"],
)
def test_only_the_customers_newest_yes_acknowledges(answers: tuple[Answer, ...], *, acknowledged: bool) -> None:
    told = entry(Side.TOLD, date(2026, 5, 1))
    flags = flags_of(item(euros(1), told, delivered_on=date(2026, 3, 1), answers=answers), TODAY)
    assert (flags.delivered, flags.told) == (date(2026, 3, 1), date(2026, 5, 1))
    assert (flags.acknowledged is not None) is acknowledged


ITEMS = [
    item(euros(100), PART),
    item(euros(60), delivered_on=date(2026, 5, 31)),
    item(Measure(Decimal(500), USD), delivered_on=date(2026, 3, 1)),
    item(Measure(Decimal(300), HOURS)),
    item(euros(1_000), since=date(2027, 1, 1), promised_on=date(2027, 1, 1)),
    item(None),
]


def test_each_unit_is_realised_on_its_own() -> None:
    assert units_of(ITEMS) == [EUR, USD, HOURS]
    found = {unit.name: realised(ITEMS, unit, TODAY) for unit in units_of(ITEMS)}
    assert found["EUR"].percent == pytest.approx(100 * 100 / 160)
    assert found["EUR"].sentence == "€100 of €160, two promises"
    assert (found["USD"].percent, found["hours"].percent) == (100, 0)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [([], "No promise had a value in it by then."), ([item(euros(0))], "Only promises of zero: they have no share.")],
    ids=["none", "zero"],
)
def test_what_cannot_be_said_is_none_with_a_sentence(items: list[Item], sentence: str) -> None:
    found = realised(items, EUR, TODAY)
    assert (found.percent, found.sentence) == (None, sentence)


def test_realisation_over_time_grows_with_what_arrived() -> None:
    found = over_time(ITEMS, EUR, TODAY)
    assert [on for on, _ in found][:2] == [date(2026, 1, 31), date(2026, 2, 28)]
    assert found[-1][0] == TODAY
    shares = [None if each.percent is None else round(each.percent, 1) for _, each in found]
    assert shares == [0, 25, 25, 25, *[62.5] * 7]


@pytest.mark.parametrize(
    ("evidence", "address"),
    [
        ("https://files.example/qbr?x=1", "https://files.example/qbr?x=1"),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        ("see the mail of May", None),
        ("https://a.example/x and more", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(evidence: str | None, address: str | None) -> None:
    assert web_address(evidence) == address


def test_the_page_says_what_it_knows_and_no_more() -> None:
    page = ledger_page("Haskelby", ITEMS, Money(Decimal(100), Decimal(30), None, None, "EUR"), TODAY)
    assert page.title == "Haskelby: two of six promises delivered, none acknowledged by the customer"
    values = [tile.value.replace("\N{NBSP}", " ") for tile in page.tiles]
    assert values == ["62 %", "100 %", "0 %", "0 of 6", "0 of 6", "70 %"]
    assert page.grid[0].promised == ["six promises", "€1,160", "$500", "300 hours"]
    assert page.grid[1].promised == page.grid[1].to_come == []
    assert page.note == "One promise has no amount and no count."
    assert summary([], TODAY).title == "No promise is on record"
    bare = ledger_page("Nobody", [], Money(None, None, None, None, None), TODAY)
    assert (bare.title, bare.tiles, bare.series) == ("No promise to Nobody is on record", [], [])


def test_history_keeps_what_was_withdrawn_and_what_was_changed() -> None:
    class Former:
        former = {"amount": "90.00", "due_on": None, "source": "sales"}  # noqa: RUF012  (a row that is read)
        replaced_at, who = datetime(2026, 12, 1, tzinfo=UTC), None

    withdrawn = replace(TAKEN_BACK, withdrawn_because="wrong account")
    [line] = item_lines([item(euros(100), PART, withdrawn)], {1: [Former]}, TODAY)
    assert (
        line.history[0].what
        == "Changed: the amount was “90.00”; the day it is due was empty; who promised it was sales"
    )
    assert [each.is_withdrawn for each in line.history] == [False, False, True]
    assert "wrong account" in line.history[2].about
    assert [flag.state for flag in line.flags] == ["partly", "open", "open"]
