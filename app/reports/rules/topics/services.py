"""Service gaps named as such: what customers say of a service against what their health leads to expect."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.core.display import NBSP, count, interval, number, signed
from app.core.words import capital, counted, in_words, label, listed, topic
from app.questionnaires.rules.quoting import LEVELS
from app.reports.rules.evidence import Told
from app.reports.rules.topics.page import Cell, Figures, Link, Quote, Section, Setting, Table
from app.reports.rules.words import shortened
from app.reports.rules.workings import Working

SHOWN = 10
"""Accounts listed per service, those furthest below first."""

SERVICES = {
    "support": "Support",
    "implementation_readiness": "Implementation",
    "education": "Education",
}
_MOST_QUOTES = 4
_MOST_AGAINST = 2
_LONGEST = 320
_HOW = (
    "Account score of the service less health on the scale of voice; paired t over accounts; a service gap is named "
    "where the interval and p after Benjamini and Hochberg over all topics leave no zero."
)

Row = Mapping[str, Any]


def service_words(figures: Figures, setting: Setting) -> tuple[Collection[str], Collection[int]]:
    """The questions whose words tell of services, and the accounts at either end that the page speaks of."""
    questions = {key for keys in figures["stories"].values() for key in keys}
    chosen = [row for service in figures["stories"] for side in _sides(figures, service, setting) for row in side]
    return questions, {row["id"] for row in chosen}


def service_sections(figures: Figures, setting: Setting) -> list[Section]:
    """One section per service that was asked about; one alone says so where none was."""
    found = {row["dimension"]: row for row in figures["services"]}
    asked = [service for service in SERVICES if service in found]
    if not asked:
        names = listed([name.lower() for name in SERVICES.values()])
        return [Section("services", "Service gaps", empty=f"Nobody has answered a question about {names}.")]
    return [_section(found[service], figures, setting) for service in asked]


def _sides(figures: Figures, service: str, setting: Setting) -> tuple[list[Row], list[Row]]:
    """The shown accounts that rate a service lower than expected, and those that rate it higher; the furthest first."""
    rows = [r for r in figures["accounts"] if r["dimension"] == service and r["id"] in setting.accounts]
    low, high = [r for r in rows if r["gap"] < 0], [r for r in rows if r["gap"] > 0]
    return low[:SHOWN], sorted(high, key=lambda r: (-r["gap"], r["id"]))[:SHOWN]


def _section(row: Row, figures: Figures, setting: Setting) -> Section:
    service = row["dimension"]
    name, key = SERVICES[service], f"service-{service.replace('_', '-')}"
    if row["mean"] is None:
        return Section(key, f"{name}: no service gap can be told", empty="No account has both scores yet.")
    low, high = _sides(figures, service, setting)
    return Section(
        key,
        f"{name}: a service gap" if row["is_gap"] else f"{name}: no service gap is shown",
        text=_sentences(row, name),
        tables=[_table(name, low, row, setting)] if low else [],
        quotes=_quotes(low, figures["stories"][service], setting, is_low=True)[:_MOST_QUOTES],
        against=_quotes(high, figures["stories"][service], setting, is_low=False)[:_MOST_AGAINST],
        workings=[
            Working(
                f"{topic(service)}, said minus expected",
                signed(row["mean"], 1),
                interval(row["lo"], row["hi"], lambda v: signed(v, 1)) or "–",
                count(row["n"]),
                _HOW,
            )
        ],
    )


def _sentences(row: Row, name: str) -> list[str]:
    ends = interval(row["lo"], row["hi"], signed)
    sure = f"95{NBSP}% interval {ends}" if ends else "too few accounts for an interval"
    off = abs(round(row["mean"]))
    side = f"{counted(off, 'point')} {'below' if row['mean'] < 0 else 'above'}" if off else "just as"
    said = f"On average {name.lower()} is rated {side} what health leads to expect"
    return [
        f"{said} ({sure}; {counted(row['n'], 'account')}).",
        f"{capital(_many(row))} 15 points or more below; one account alone can lie so by chance.",
    ]


def _many(row: Row) -> str:
    verb = "lies" if row["large"] == 1 else "lie"
    return f"{in_words(row['large'])} of {in_words(row['n'])} {verb}"


def _table(name: str, rows: Sequence[Row], row: Row, setting: Setting) -> Table:
    cells = [
        [
            setting.accounts[r["id"]].cell,
            Cell(number(r["expected"])),
            Cell(number(r["said"])),
            Cell(signed(r["gap"])),
            Cell(count(r["people"])),
        ]
        for r in rows
    ]
    note = f"The {in_words(len(rows))} furthest below of {in_words(row['large'])}." if len(rows) < row["large"] else ""
    columns = ["Account", "Expected", "Said", "Gap", "People"]
    return Table(f"{name}: accounts below what to expect", columns, cells, numeric=frozenset({1, 2, 3, 4}), note=note)


def _quotes(rows: Sequence[Row], questions: Collection[str], setting: Setting, *, is_low: bool) -> list[Quote]:
    """Words about the service from these accounts, one of each account, those most in the same direction first."""
    best = []
    for account in (setting.accounts[row["id"]] for row in rows):
        told = [t for t in setting.told.get(account.crm_id, ()) if t.text and t.question in questions]
        fitting = [t for t in told if _fits(t, is_low=is_low)]
        best += [(t, account.name) for t in sorted(fitting, key=lambda t: (_mood(t, is_low=is_low), t.response_id))[:1]]
    return [_quote(t, name, setting) for t, name in sorted(best, key=lambda pair: _mood(pair[0], is_low=is_low))]


def _fits(told: Told, *, is_low: bool) -> bool:
    return (told.compound or 0.0) <= 0 if is_low else (told.compound or 0.0) >= 0


def _mood(told: Told, *, is_low: bool) -> float:
    return (told.compound or 0.0) * (1 if is_low else -1)


def _quote(told: Told, account: str, setting: Setting) -> Quote:
    who = [label(told.role), account, label(told.mode).lower(), LEVELS.get(told.permission or "", "")]
    return Quote(
        shortened(told.text or "", _LONGEST),
        " · ".join(part for part in who if part),
        Link("customer360.response", {"key": setting.study, "external_id": told.response_id}),
    )
