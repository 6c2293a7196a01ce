"""Footprint, engagement and sentiment: every account as one bubble."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.display import MISSING, count, money, percent
from app.core.words import capital, counted, label, plural
from app.reports.rules.charts.bubbles import LOOKS, MOST_BUBBLES, Bubble, bubbles_chart
from app.reports.rules.topics.page import Cell, Figures, Page, Section, Setting, Table
from app.reports.rules.workings import Working
from app.stakeholders.rules.coverage import footprint
from app.stakeholders.rules.templates import Seat, role_key, seats_of

HALF = 50.0
_CLASSES = ("promoter", "passive", "detractor", "silent", "unsaid", "not_asked")
_MEANS = {
    "promoter": "mean code of its respondents ⅓ or more (9–10 counts 1, 7–8 counts 0, 0–6 counts −1)",
    "passive": "between −⅓ and ⅓",
    "detractor": "−⅓ or less",
    "silent": "asked, and nobody there answered",
    "unsaid": "heard, and not on whether they would recommend us",
    "not_asked": "nobody there was asked",
}
_FOOTPRINT = "Σ min(known, wanted) ÷ Σ wanted over the seats that the template of its tier asks for."
_ENGAGEMENT = (
    "100 × (conversations that we began in which they took part + people who answered) ÷ (conversations that we began, "
    "as far as that is known, in the year before the health date + people asked in this study). Nothing asked: none."
)


def page(figures: Figures, setting: Setting) -> Page:
    """Every account by how many of its people are known, how much it takes part, what it says and what it pays."""
    accounts = [{**row, "footprint": 100 * known_share(row, setting)} for row in figures["accounts"]]
    placed = [row for row in accounts if row["engagement"] is not None]
    low = [row for row in placed if row["engagement"] < HALF]
    return Page(
        title=_title(len(low), len(placed)),
        lede=_lede(low, accounts, setting),
        sections=[_chart(placed, len(accounts), setting), _classes(accounts, setting), _list(placed, setting)],
    )


def known_share(row: Mapping[str, Any], setting: Setting) -> float:
    """The account's footprint 0–1 by the present template of its tier."""
    known: dict[str, int] = {}
    for role, number_ in row["known"].items():
        known[_key(role)] = known.get(_key(role), 0) + number_
    seats: Sequence[Seat] = seats_of(row["tier"], setting.facts.get("seats", {}))
    return footprint([(sum(known.get(key, 0) for key in _keys(seat)), seat.wanted) for seat in seats])


_key = functools.lru_cache(1024)(role_key)


@functools.lru_cache(1024)
def _keys(seat: Seat) -> tuple[str, ...]:
    return seat.keys


def _title(low: int, placed: int) -> str:
    if not placed:
        return "Nothing was asked of any account yet"
    if not low:
        return f"All {counted(placed, 'account')} take part in half or more of what is asked of them"
    takes = "takes" if low == 1 else "take"
    return f"{capital(counted(low, 'account'))} of {count(placed)} {takes} part in less than half of what is asked"


def _lede(low: Sequence[Mapping[str, Any]], accounts: Sequence[Mapping[str, Any]], setting: Setting) -> list[str]:
    if not low:
        return []
    known = [row for row in low if row["footprint"] >= HALF]
    pay = money(_arr(low), setting.currency)
    return [
        f"They pay {pay} a year of {money(_arr(accounts), setting.currency)}.",
        f"At {count(len(known))} of them half or more of the wanted people are known: names are not what is missing.",
    ]


def _arr(rows: Sequence[Mapping[str, Any]]) -> float:
    return sum(row["arr"] or 0.0 for row in rows)


def _chart(placed: Sequence[Mapping[str, Any]], everyone: int, setting: Setting) -> Section:
    title = "Every account at a glance"
    seen = [row for row in placed if row["id"] in setting.accounts and row["sentiment"] in LOOKS]
    if not seen:
        return Section(
            "bubbles",
            title,
            empty="Nobody at the accounts that you may see was asked in this study yet; the chart shows who was.",
        )
    bubbles = [_bubble(row, setting) for row in seen]
    return Section(
        "bubbles",
        title,
        text=["Far right and low: well known, and not taking part. A click opens the account."],
        chart=bubbles_chart(
            bubbles,
            title="Footprint, engagement and sentiment",
            currency=setting.currency,
            source=_left_out(len(seen), len(placed), everyone, setting),
        ),
        workings=[
            Working("Footprint", MISSING, MISSING, count(everyone), _FOOTPRINT),
            Working("Engagement", MISSING, MISSING, count(len(placed)), _ENGAGEMENT),
            *(
                Working(
                    label(name),
                    MISSING,
                    MISSING,
                    count(sum(row["sentiment"] == name for row in placed)),
                    capital(_MEANS[name]),
                )
                for name in LOOKS
            ),
        ],
    )


def _bubble(row: Mapping[str, Any], setting: Setting) -> Bubble:
    seen = setting.accounts[row["id"]]
    return Bubble(seen.id, seen.crm_id, seen.name, row["footprint"], row["engagement"], row["sentiment"], row["arr"])


def _left_out(seen: int, placed: int, everyone: int, setting: Setting) -> str:
    parts = ["Accounts of one footprint stand side by side, at most five points off."]
    if seen > MOST_BUBBLES:
        left = count(seen - MOST_BUBBLES)
        parts.append(f"The {MOST_BUBBLES} largest by ARR of {count(seen)} accounts are drawn; {left} are not.")
    if everyone > placed:
        n = everyone - placed
        parts.append(
            f"{capital(counted(n, 'account'))} {plural(n, 'was')} asked nothing and {plural(n, 'has')} no place."
        )
    if setting.is_restricted:
        parts.append("Bubbles: the accounts assigned to you; figures: the whole study.")
    return " ".join(parts)


def _classes(accounts: Sequence[Mapping[str, Any]], setting: Setting) -> Section:
    rows = []
    for name in _CLASSES:
        some = [row for row in accounts if row["sentiment"] == name]
        if some:
            engaged = [row["engagement"] for row in some if row["engagement"] is not None]
            rows.append(
                [
                    Cell(label(name), _MEANS[name]),
                    Cell(count(len(some))),
                    Cell(money(_arr(some), setting.currency)),
                    Cell(percent(sum(row["footprint"] for row in some) / len(some) / 100)),
                    Cell(percent(sum(engaged) / len(engaged) / 100) if engaged else MISSING),
                ]
            )
    title = "By what they say"
    if not rows:
        return Section("classes", title, empty="No account was drawn.")
    columns = ["Class", "Accounts", "ARR", "Footprint, mean", "Engagement, mean"]
    note = "Means over accounts, as a description. An answer is part of engagement, so that silent accounts have less."
    return Section("classes", title, tables=[Table(title, columns, rows, frozenset({1, 2, 3, 4}), note)])


def _list(placed: Sequence[Mapping[str, Any]], setting: Setting) -> Section:
    title = "Account by account"
    seen = [row for row in placed if row["id"] in setting.accounts]
    if not seen:
        return Section("accounts", title, empty="None of the accounts that you may see has a place.")
    ordered = sorted(seen, key=lambda row: (-(row["arr"] or 0.0), row["id"]))[:MOST_BUBBLES]
    cells = [
        [
            setting.accounts[row["id"]].cell,
            Cell(money(row["arr"], setting.currency)),
            Cell(percent(row["footprint"] / 100)),
            Cell(percent(row["engagement"] / 100)),
            Cell(label(row["sentiment"])),
        ]
        for row in ordered
    ]
    columns = ["Account", "ARR", "Footprint", "Engagement", "Says"]
    note = f"The {MOST_BUBBLES} largest of {count(len(seen))}." if len(seen) > MOST_BUBBLES else ""
    return Section("accounts", title, tables=[Table(title, columns, cells, frozenset({1, 2, 3}), note, is_long=True)])
