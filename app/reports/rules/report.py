"""The whole report as finished values: what the web page, the PDF and the file all show."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.display import day
from app.reports.rules import certainty, findings, tables
from app.reports.rules.advice import Step, steps, steps_title
from app.reports.rules.beyond import Entry, action_rows
from app.reports.rules.charts.bars import roles_chart, strata_chart
from app.reports.rules.charts.base import Chart
from app.reports.rules.charts.differences import differences_chart
from app.reports.rules.charts.gaps import gaps_chart
from app.reports.rules.charts.quadrant import quadrant_chart
from app.reports.rules.charts.ranges import agreement_chart, dimensions_chart, value_chart
from app.reports.rules.document import Document
from app.reports.rules.glossary import GLOSSARY
from app.reports.rules.origin import not_drawn
from app.reports.rules.part import is_part, part_notes, part_words, restricted_sentence
from app.reports.rules.tables import AccountLine, Cell, Stat
from app.reports.rules.voice_sentence import voice_sentence
from app.reports.rules.voices import Voices, voices, voices_title
from app.reports.rules.words import shortened
from app.reports.rules.workings import Working, workings

LONGEST_NAME = 80
"""Characters from which on a name is cut: longer ones would fill pages."""

SHORT = 12
"""Accounts up to which their gaps and their list share a sheet."""


@dataclass(frozen=True)
class Report:
    """Finished texts, tables and charts; templates only place them."""

    study: str
    name: str
    as_of: str
    foot: str
    chosen: str
    is_sample: bool
    notes: list[str]
    headline: str
    lede: list[str]
    sums: list[Stat]
    calls_title: str
    calls: list[AccountLine]
    calls_empty: str
    charts: Mapping[str, Chart]
    agreement_title: str
    crosstab_title: str
    crosstab: list[tuple[str, list[Cell]]]
    crosstab_note: str
    heard_title: str
    heard_sentence: str
    quality_sentence: str
    rates: list[tuple[str, str, str, str, str]]
    roles: list[tuple[str, str, str, str]]
    modes: list[tuple[str, str, str, str]]
    voice_sentence: str
    accounts_title: str
    accounts_heading: str
    accounts_note: str
    accounts: list[AccountLine]
    is_short: bool
    voices_title: str
    voices: list[Voices]
    beyond: list[Entry]
    beyond_counts: list[tuple[str, str, str, str]]
    steps_title: str
    steps: list[Step]
    how_sure: list[str]
    workings: list[Working]
    account_method: str
    provenance: list[tuple[str, str]]
    glossary: Mapping[str, str]


def report(document: Document) -> Report:
    """The report that the document says; the same document always gives the same report."""
    document = presentable(document)
    return Report(
        study=document["study"],
        name=document["name"],
        as_of=day(document["as_of"]),
        foot=foot(document),
        chosen=part_words(document),
        is_sample=document["is_sample"],
        notes=notes(document),
        headline=findings.headline(document),
        lede=findings.lede(document),
        sums=tables.sums(document),
        calls_title=tables.calls_title(document),
        calls=[tables.account_line(account, document) for account in tables.calls(document)],
        calls_empty=tables.calls_empty(document),
        charts=charts(document),
        agreement_title=findings.agreement_title(document),
        crosstab_title=findings.crosstab_title(document),
        crosstab=tables.crosstab(document),
        crosstab_note=tables.band_counts(document),
        heard_title=findings.heard_title(document),
        heard_sentence=certainty.heard_sentence(document),
        quality_sentence=certainty.quality_sentence(document),
        rates=tables.response_rates(document),
        roles=tables.roles(document),
        modes=tables.modes(document),
        voice_sentence=voice_sentence(document),
        accounts_title=findings.accounts_title(document),
        accounts_heading=tables.listed_title(document),
        accounts_note=tables.listed_note(document),
        accounts=tables.listed_accounts(document),
        is_short=len(document["accounts"]) <= SHORT,
        voices_title=voices_title(document),
        voices=voices(document),
        beyond=document.get("beyond", []),
        beyond_counts=action_rows(document.get("beyond", [])),
        steps_title=steps_title(document),
        steps=steps(document),
        how_sure=certainty.how_sure(document),
        workings=workings(document),
        account_method=certainty.account_method(document),
        provenance=certainty.provenance(document),
        glossary=GLOSSARY,
    )


def presentable(document: Document) -> Document:
    """The document with names that fit on a page; the data file keeps them whole."""
    accounts = [
        account
        if len(account["name"]) <= LONGEST_NAME and len(account["csm"] or "") <= LONGEST_NAME
        else {**account, "name": _fitting(account["name"]), "csm": account["csm"] and _fitting(account["csm"])}
        for account in document["accounts"]
    ]
    return {**document, "name": _fitting(document["name"]), "accounts": accounts}


def _fitting(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else shortened(name, LONGEST_NAME)


def charts(document: Document) -> dict[str, Chart]:
    """Every chart of the report by its key."""
    made = (
        quadrant_chart,
        agreement_chart,
        differences_chart,
        roles_chart,
        strata_chart,
        dimensions_chart,
        value_chart,
        gaps_chart,
    )
    return {chart.key: chart for chart in (make(document) for make in made)}


def foot(document: Document) -> str:
    """The line at the foot of every page: what was computed from what."""
    card, questionnaire, seed = document["scorecard"], document["questionnaire"], document["draw"].get("seed")
    parts = [
        f"Gap report · {document['name']}",
        *([part_words(document)] if is_part(document) else []),
        f"scorecard “{card['key']}” v{card['version']}",
        f"questionnaire “{questionnaire['key']}” v{questionnaire['version']}",
    ]
    return " · ".join(parts if seed is None else [*parts, f"seed {seed}"])


def notes(document: Document) -> list[str]:
    """What a reader must know before the figures: accounts that were not drawn, a list cut to one's own, a circle."""
    circular = (
        "The scorecard behind this report uses what customers say: health and voice agree in part by design."
        if document["scorecard"]["circular"]
        else ""
    )
    return [
        note for note in (*part_notes(document), *not_drawn(document), restricted_sentence(document), circular) if note
    ]
