"""The gap report on one page: the answer, whom to call and why, the money at stake, and the method in one line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.display import day, number, percent
from app.reports.rules import findings, tables
from app.reports.rules.document import Document
from app.reports.rules.report import foot, notes
from app.reports.rules.tables import GapBar, Stat
from app.reports.rules.words import shortened

Row = Mapping[str, Any]

LONGEST_NAME = 60
LONGEST_ABOUT = 60
LONGEST_QUOTE = 90
LONGEST_SENTENCE = 220
LONGEST_FOOT = 150
"""Characters from which on a text is cut: a page that must stay one page cannot promise room to every text."""


@dataclass(frozen=True)
class Call:
    """One account to call: how it stands, why it is on the list, and words or the answer behind it."""

    name: str
    about: str
    arr: str
    people: str
    bar: GapBar
    gap: str
    interval: str
    why: str
    words: str
    is_quote: bool


@dataclass(frozen=True)
class OnePage:
    """Finished texts of the one-page edition; the template only places them."""

    name: str
    as_of: str
    foot: str
    is_sample: bool
    note: str
    headline: str
    sentences: list[str]
    calls_title: str
    calls: list[Call]
    calls_empty: str
    sums: list[Stat]
    method: str


def one_page(document: Document) -> OnePage:
    """Return the one page that the document says; the same document always gives the same page."""
    name = shortened(document["name"], LONGEST_NAME)
    return OnePage(
        name=name,
        as_of=day(document["as_of"]),
        foot=shortened(foot({**document, "name": name}), LONGEST_FOOT),
        is_sample=document["is_sample"],
        note=" ".join(shortened(note, LONGEST_SENTENCE) for note in notes(document)),
        headline=shortened(findings.headline(document), LONGEST_SENTENCE),
        sentences=[shortened(sentence, LONGEST_SENTENCE) for sentence in findings.lede(document)],
        calls_title=tables.calls_title(document, when="this week"),
        calls=[_call(account, document) for account in tables.calls(document)],
        calls_empty=tables.calls_empty(document),
        sums=tables.sums(document),
        method=method(document),
    )


def method(document: Document) -> str:
    """Return in one line how the figures came about."""
    large = number((document.get("method") or {}).get("delta", 15))
    return (
        "Voice is the mean of what people answered, by role, from 0 to 100. The gap is voice minus health, drawn "
        "towards the average where few people spoke; sure is the probability that voice lies "
        f"{large} points or more below health."
    )


def _call(account: Row, document: Document) -> Call:
    line = tables.account_line(account, document, words=LONGEST_QUOTE)
    return Call(
        name=shortened(line.name, LONGEST_NAME),
        about=shortened(line.about, LONGEST_ABOUT),
        arr=line.arr,
        people=line.people,
        bar=line.bar,
        gap=line.gap,
        interval=line.interval,
        why=_why(account),
        words=shortened(line.words, LONGEST_QUOTE),
        is_quote=line.is_quote,
    )


def _why(account: Row) -> str:
    """How sure it is that this account's voice lies far below its health."""
    tier = tables.tier_chip(account)
    sure = f"{percent(account['p_low'])} sure"
    return f"{tier.word}: {sure}" if tier else sure
