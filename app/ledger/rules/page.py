"""The ledger of one account as finished values; templates only place them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from app.core.display import count, day, money, percent
from app.core.words import capital, counted, in_words, label, listed, lower_first, plural
from app.customers.rules import Aspect
from app.ledger.rules.items import (
    Answer,
    Entry,
    Item,
    Measure,
    Realised,
    Word,
    delivered_by,
    flags_of,
    not_counted,
    realised,
    summed,
    to_come,
    units_of,
)
from app.ledger.rules.series import Series, percent_of, series_of, unit_name
from app.ledger.rules.typed import Side

SHORT = 160
SAID = {Word.YES: "Yes, it has reached us", Word.PARTLY: "Partly", Word.NO: "No, it has not"}
ACKNOWLEDGED_BY_WHOM = "Only the customer’s own answer sets it"
_FIELDS = {
    "amount": "the amount",
    "aspect": "the kind of value",
    "currency": "the currency",
    "delivered_on": "the day of delivery",
    "due_on": "the day it is due",
    "evidence": "the evidence",
    "promised_on": "the day of the promise",
    "quantity": "the count",
    "source": "who promised it",
    "text": "the words",
    "unit": "the unit",
}


@dataclass(frozen=True)
class Tile:
    """A figure with its basis."""

    label: str
    value: str
    basis: str


@dataclass(frozen=True)
class GridRow:
    """One kind of value: what was promised, delivered and is to come, each as lines."""

    name: str
    promised: list[str]
    delivered: list[str]
    to_come: list[str]


@dataclass(frozen=True)
class Flag:
    """One of the three flags: `state` is yes, partly, no or open."""

    name: str
    state: str
    words: str


@dataclass(frozen=True)
class AnswerLine:
    """What one person said, and where it stands for those who may read it."""

    words: str
    about: str
    study_key: str | None
    external_id: str | None


@dataclass(frozen=True)
class HistoryLine:
    """One thing on record; `link` is the evidence where it is an address, `entry_id` what can be withdrawn."""

    what: str
    about: str
    evidence: str
    link: str | None
    entry_id: int | None
    is_withdrawn: bool


@dataclass(frozen=True)
class ItemLine:
    """One promise as it stands."""

    id: int
    text: str
    about: str
    due: str
    is_late: bool
    is_counted: bool
    promised: str
    delivered: str
    to_come: str
    flags: list[Flag]
    answers: list[AnswerLine]
    evidence: str
    link: str | None
    history: list[HistoryLine]


@dataclass(frozen=True)
class LedgerPage:
    """The page of one account."""

    title: str
    lede: str
    tiles: list[Tile]
    grid: list[GridRow]
    series: list[Series]
    note: str


@dataclass(frozen=True)
class Summary:
    """The ledger in a few words, for the page of the account."""

    title: str
    lines: list[str]


@dataclass(frozen=True)
class Money:
    """What else is known of the money of an account, in one currency."""

    arr: Decimal | None
    cost: Decimal | None
    incentives: Decimal | None
    pipeline: Decimal | None
    currency: str | None


def ledger_page(name: str, items: Sequence[Item], beside: Money, today: date) -> LedgerPage:
    """The ledger of an account: what was promised, delivered and acknowledged, and how much of it is realised."""
    units = units_of(items)
    return LedgerPage(
        title=_title(name, items, today),
        lede=_lede(items, today),
        tiles=[
            *(_realised_tile(realised(items, unit, today)) for unit in units),
            *_flag_tiles(items, today),
            *_money_tiles(beside),
        ],
        grid=[_grid_row(aspect, items, today) for aspect in Aspect],
        series=[series_of(items, unit, today) for unit in units],
        note=not_counted(items),
    )


def summary(items: Sequence[Item], today: date) -> Summary:
    """The ledger in a few words: how many promises are delivered and acknowledged, and what is realised."""
    if not items:
        return Summary("No promise is on record", [])
    lines = [_share_words(realised(items, unit, today)) for unit in units_of(items)]
    return Summary(_counts(items, today), [each for each in lines if each])


def item_lines(items: Sequence[Item], versions: Mapping[int, Sequence[Any]], today: date) -> list[ItemLine]:
    """Promises as lines, in their order; `versions` are what each said before."""
    return [_line(item, versions.get(item.id, ()), today) for item in items]


def short_lines(items: Sequence[Item], today: date) -> list[tuple[str, str]]:
    """Promises in short: the words, then who made each, what of it can be counted, and what has become of it."""
    return [(shortened(each.text), _short_about(each, today)) for each in items]


def shortened(text: str) -> str:
    """The words of a promise in one line, cut where they are long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else f"{plain[: SHORT - 1].rstrip()}…"


def is_late(item: Item, today: date) -> bool:
    """Whether the day named for a promise is past, and it is not delivered."""
    return item.due_on is not None and item.due_on < today and flags_of(item, today).delivered is None


def web_address(evidence: str | None) -> str | None:
    """The evidence as an address that a browser may open, None where it is words."""
    text = (evidence or "").strip()
    if not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.netloc else None


def _title(name: str, items: Sequence[Item], today: date) -> str:
    return f"{name}: {lower_first(_counts(items, today))}" if items else f"No promise to {name} is on record"


def _counts(items: Sequence[Item], today: date) -> str:
    flags = [flags_of(each, today) for each in items]
    delivered = sum(each.delivered is not None for each in flags)
    acknowledged = sum(each.acknowledged is not None for each in flags)
    return capital(
        f"{in_words(delivered)} of {counted(len(items), 'promise')} delivered, "
        f"{in_words(acknowledged) if acknowledged else 'none'} acknowledged by the customer"
    )


def _lede(items: Sequence[Item], today: date) -> str:
    if not items:
        return "A promise is what the customer heard, from marketing, sales, product or customer success."
    late = sum(is_late(each, today) for each in items)
    words = f"{capital(counted(late, 'promise'))} {plural(late, 'is')} past the day named for it. " if late else ""
    return f"{words}Delivered and told are ours to say; that it reached them, only the customer can."


def _realised_tile(it: Realised) -> Tile:
    return Tile(f"Realised, {unit_name(it)}", percent_of(it), it.sentence)


def _share_words(it: Realised) -> str:
    return "" if it.percent is None else f"{percent_of(it)} realised: {it.sentence}"


def _flag_tiles(items: Sequence[Item], today: date) -> list[Tile]:
    if not items:
        return []
    flags = [flags_of(each, today) for each in items]
    told = sum(each.told is not None for each in flags)
    asked = sum(bool(each.answers) for each in items)
    yes = sum(each.acknowledged is not None for each in flags)
    basis = f"asked about {in_words(asked)} of them" if asked else "nobody there was asked yet"
    return [
        Tile("Told to the customer", f"{count(told)} of {count(len(items))}", "with what shows it"),
        Tile("Acknowledged", f"{count(yes)} of {count(len(items))}", basis),
    ]


def _money_tiles(it: Money) -> list[Tile]:
    tiles = []
    if it.arr and (it.cost is not None or it.incentives is not None):
        spent = (it.cost or Decimal(0)) + (it.incentives or Decimal(0))
        known = listed(
            [name for name, value in (("cost", it.cost), ("incentives", it.incentives)) if value is not None]
        )
        basis = f"{money(it.arr - spent, it.currency)} a year, less {known}"
        tiles.append(Tile("Margin", percent(float((it.arr - spent) / it.arr)), basis))
    if it.pipeline is not None:
        tiles.append(Tile("Pipeline", money(it.pipeline, it.currency), "what sales sees there"))
    return tiles


def _grid_row(aspect: Aspect, items: Sequence[Item], today: date) -> GridRow:
    among = [each for each in items if each.aspect == aspect]
    delivered = [each for each in among if flags_of(each, today).delivered]
    owed = [each for each in among if each not in delivered]
    return GridRow(
        label(aspect),
        _cell(len(among), [each.promised for each in among if each.promised]),
        _cell(len(delivered), [part for each in among for part in delivered_by(each, today)]),
        _cell(len(owed), [part for each in owed for part in to_come(each, today)]),
    )


def _cell(promises: int, measures: Sequence[Measure]) -> list[str]:
    if not promises and not measures:
        return []
    return [counted(promises, "promise") if promises else "in part", *_words(measures)]


def _words(measures: Sequence[Measure]) -> list[str]:
    return [each.unit.words(each.value) for each in summed(measures)]


def _line(item: Item, versions: Sequence[Any], today: date) -> ItemLine:
    since = f"promised {day(item.promised_on)}" if item.promised_on else "day of the promise not known"
    if item.promised_on and item.promised_on > today:
        since = f"to be promised {day(item.promised_on)}, which is still to come"
    return ItemLine(
        id=item.id,
        text=item.text,
        about=f"{label(item.source)} · {label(item.aspect)} · {since}",
        due=f"due {day(item.due_on)}" if item.due_on else "",
        is_late=is_late(item, today),
        is_counted=bool(item.promised or delivered_by(item, today) or to_come(item, today)),
        promised=_told([item.promised] if item.promised else []) or "not counted",
        delivered=_told(delivered_by(item, today)),
        to_come=_told(to_come(item, today)),
        flags=_flags(item, today),
        answers=[_answer(each) for each in item.answers],
        evidence=item.evidence or "",
        link=web_address(item.evidence),
        history=_history(item, versions),
    )


def _short_about(item: Item, today: date) -> str:
    flags, arrived = flags_of(item, today), _told(delivered_by(item, today))
    value = _told([item.promised] if item.promised else [])
    if flags.delivered:
        state = f"delivered {day(flags.delivered)}"
    else:
        state = f"{arrived} of it has arrived" if arrived else "still owed"
    due = f"due {day(item.due_on)}" if item.due_on and not flags.delivered else ""
    past = f"{due}, which is past" if is_late(item, today) else due
    said = f"the customer says {item.answers[0].said.value}" if item.answers else ""
    return " · ".join(part for part in (label(item.source), value, state, past, said) if part)


def _told(measures: Sequence[Measure]) -> str:
    return listed(_words(measures))


def _flags(item: Item, today: date) -> list[Flag]:
    flags = flags_of(item, today)
    part = flags.delivered is None and bool(item.standing(Side.DELIVERED))
    newest = item.answers[0] if item.answers else None
    announced = item.delivered_on if item.delivered_on and item.delivered_on > today else None
    open_words = f"on {day(announced)}, which is still to come" if announced else "still owed"
    return [
        Flag(
            "Delivered",
            "yes" if flags.delivered else "partly" if part else "open",
            day(flags.delivered) if flags.delivered else "in part" if part else open_words,
        ),
        Flag("Told to the customer", "yes" if flags.told else "open", day(flags.told) if flags.told else "not yet"),
        Flag("Acknowledged", newest.said.value if newest else "open", _acknowledged(newest)),
    ]


def _acknowledged(newest: Answer | None) -> str:
    if newest is None:
        return "not asked yet"
    return f"{newest.said.value}, {day(newest.at.date())}"


def _answer(it: Answer) -> AnswerLine:
    who = it.name or (label(it.role) if it.role else "Somebody there")
    return AnswerLine(SAID[it.said], f"{who}, {day(it.at.date())}", it.study_key, it.external_id)


def _history(item: Item, versions: Sequence[Any]) -> list[HistoryLine]:
    rows = [(each.recorded_at, _entry_line(each)) for each in item.entries]
    rows += [(each.replaced_at, _version_line(each)) for each in versions]
    return [line for _, line in sorted(rows, key=lambda row: row[0], reverse=True)]


def _entry_line(it: Entry) -> HistoryLine:
    what = {Side.DELIVERED: "Delivered", Side.TO_COME: "Still to come", Side.TOLD: "Told to the customer"}[it.side]
    amount = f": {it.measure.unit.words(it.measure.value)}" if it.measure else ""
    when = f"by {day(it.on)}" if it.side is Side.TO_COME else day(it.on)
    whole = ", all of it with this" if it.completes else ""
    about = f"{label(it.source)}; recorded {day(it.recorded_at.date())}{f' by {it.who}' if it.who else ''}"
    if it.withdrawn_at is not None:
        because = it.withdrawn_because or "the reason was taken away"
        about = f"{about}; withdrawn {day(it.withdrawn_at.date())}: {because}"
    link = web_address(it.evidence)
    return HistoryLine(f"{what}{amount}, {when}{whole}", about, it.evidence or "", link, it.id, not it.stands)


def _version_line(row: Any) -> HistoryLine:
    parts = [f"{_FIELDS.get(name, name)} was {_former(name, value)}" for name, value in sorted(row.former.items())]
    about = f"{day(row.replaced_at.date())}{f' by {row.who}' if row.who else ', by an import'}"
    return HistoryLine(f"Changed: {'; '.join(parts)}", about, "", None, None, is_withdrawn=False)


def _former(name: str, value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if name.endswith("_on"):
        return day(str(value))
    if name in {"source", "aspect"}:
        return label(str(value)).lower()
    return f"“{value}”"
