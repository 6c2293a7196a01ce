"""The numbers of gaps.json, read back out of the HTML and out of the PDF's text: formatted here, not by the report."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from app.core.display import money, money_full
from app.core.words import topic
from app.reports.rendering import pdf_bytes, standalone_html
from app.reports.rules.words import label, stratum_label
from tests.reports.portfolios import document_of

Document = dict[str, Any]


def whole(value: float | None) -> str:
    """Return a figure in whole units as a reader knows it: halves to even, a true minus, a dash where there is none."""
    return "–" if value is None else f"{round(value):,}".replace("-", "−")


def signed(value: float | None) -> str:
    if value is None:
        return "–"
    text = whole(value)
    return text if text.startswith("−") or text == "0" else f"+{text}"


def percent(share: float | None) -> str:
    if share is None:
        return "–"
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 < share < 1 else f"{round(100 * share)} %"


def two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


@pytest.fixture(scope="module")
def document() -> Document:
    """A typical report's data."""
    return document_of(60, 120)


@pytest.fixture
def shown(application: Flask, document: Document) -> Iterator[dict[str, str]]:
    """The texts of both forms, spaces made plain; the PDF's as it is written, and line by line as it is seen."""
    with application.test_request_context("/"):
        html = re.sub(r"<style.*?</style>|<[^>]+>", " ", standalone_html(document), flags=re.DOTALL)
        pages = PdfReader(io.BytesIO(pdf_bytes(document))).pages
        lines = " ".join(page.extract_text(extraction_mode="layout") for page in pages)
        yield {"html": flat(html), "pdf": flat(" ".join(page.extract_text() for page in pages)), "lines": flat(lines)}


def headlines(document: Document) -> Iterator[str]:
    risk, currency = document["arr_at_risk"], document["currency"]
    sums = (risk["confirmed"], risk["expected"], risk["portfolio"]["value"], document["hidden_risk"]["arr"])
    yield from (money(value, currency) for value in sums)
    yield from (money(risk["portfolio"][end], currency) for end in ("lo", "hi"))
    yield f"{whole(risk['confirmed_accounts'])} accounts"
    yield money_full(document["population"]["arr"], currency)


def estimates(document: Document) -> Iterator[str]:
    """Each portfolio figure beside its n, as the workings print them."""
    voice = document["voice"]
    yield f"Voice, 0 to 100 {whole(voice['mean']['value'])} {between(voice['mean'])} {voice['mean']['n']}"
    yield f"NPS {signed(voice['nps']['value'])} "
    yield f"CSAT, top two {percent(voice['csat_top2']['value'])} "
    for key, each in voice["dimensions"].items():
        if key not in {"renewal_intent", "value"}:
            yield f"{topic(key)}, 0 to 100 {whole(each['value'])} {between(each)} {each['n']}"
    for key, name in (("promised", "Value promised"), ("delivered", "Value received")):
        each = document["value"][key]
        yield f"{name}, 0 to 100 {whole(each['value'])} {between(each)} {each['n']}"


def between(estimate: dict[str, Any]) -> str:
    if estimate["value"] is None:
        return ""
    return f"{whole(estimate['lo'])} to {whole(estimate['hi'])}"


def agreement(document: Document) -> Iterator[str]:
    names = {"spearman": "Spearman ρ", "kendall": "Kendall τ", "pearson": "Pearson r", "kappa": "weighted κ"}
    for key, name in {**names, "ccc": "Lin’s ρc"}.items():
        each = document["agreement"][key]
        yield f"{name} {two(each['value'])} {two(each['lo'])} to {two(each['hi'])} {each['n']}"
    low, high = document["agreement"]["limits"]
    yield f"{signed(low)} to {signed(high)}"
    yield f"Same colour {percent(document['agreement']['percent_agreement'])}"


def fieldwork(document: Document) -> Iterator[str]:
    sample = document["sample"]
    rates = sample["response_rates"]
    for name, heads, revenue in (
        ("Accounts", rates, rates["accounts_by_arr"]),
        ("People", rates["people"], rates["people_by_arr"]),
    ):
        yield " ".join([name, *(percent(part[rate]) for part in (heads, revenue) for rate in ("rr1", "rr3"))])
    for key, rows in (("role", sample["by_role"]), ("mode", sample["by_mode"])):
        for row in rows:
            share = percent(row["responded"] / row["drawn"])
            yield f"{label(row[key])} {whole(row['drawn'])} {whole(row['responded'])} {share}"


def accounts(document: Document) -> Iterator[str]:
    """Each listed account's row: revenue, flag, health, voice, people, gap, probability."""
    for each in document["accounts"][:50]:
        yield each["name"]
        if each["p_low"] is not None:
            yield f"{signed(each['shrunken_gap'])} "


PARTS = {
    "headline figures": headlines,
    "voice, dimensions and value": estimates,
    "agreement": agreement,
    "fieldwork": fieldwork,
    "accounts": accounts,
}


@pytest.mark.parametrize("part", PARTS)
def test_every_figure_of_the_data_stands_in_both(document: Document, shown: dict[str, str], part: str) -> None:
    wanted = [re.sub(r"\s+", " ", each.replace("\u00a0", " ")).strip() for each in PARTS[part](document)]
    assert len(wanted) > 5
    for where in ("html", "pdf"):
        missing = [each for each in wanted if each not in shown[where]]
        assert not missing, f"{where} lacks {missing}"


def test_the_cross_table_is_the_datas(document: Document, shown: dict[str, str]) -> None:
    """Rows green, amber, red; columns red, amber, green; each cell its accounts and their revenue."""
    cells = []
    for health in ("green", "amber", "red"):
        for voice in ("red", "amber", "green"):
            cell = document["crosstab"][health][voice]
            cells += [whole(cell["accounts"]), money(cell["arr"], document["currency"]) if cell["accounts"] else "–"]
    for where in ("html", "pdf"):
        text = shown[where]
        found = re.sub(r"Health|G Green|A Amber|R Red|Green|Amber|Red|\b[GAR]\b", " ", text)
        assert flat(" ".join(cells)) in flat(found), f"{where} has other cells"


def test_each_listed_account_stands_with_its_own_figures(document: Document, shown: dict[str, str]) -> None:
    """Between an account's name and the next one's, its health, voice and gap come in this order."""
    for where in ("html", "lines"):
        text = shown[where]
        start = text.index("50 accounts that matter most")
        for each in document["accounts"][:50]:
            start = text.index(each["name"], start)
            row = text[start : start + 260]
            figures = [money(each["arr"], document["currency"]).replace("\u00a0", " ")]
            figures += [whole(each["health"]), whole(each["voice"]), signed(each["shrunken_gap"])]
            place = 0
            for figure in figures:
                place = row.find(figure, place)
                assert place >= 0, f"{where}: {each['name']} lacks {figure} in {row}"


def test_the_calls_and_the_strata_stand_in_both(document: Document, shown: dict[str, str]) -> None:
    low = [a for a in document["accounts"] if a["tier"] in {"confirmed", "probable"} and a["p_low"] >= a["p_high"]]
    rank = {"confirmed": 0, "probable": 1}
    low.sort(key=lambda a: (rank[a["tier"]], a["quadrant"] != "hidden_risk", -a["arr"] * a["p_low"]))
    for where in ("html", "lines"):
        text = shown[where]
        start = text.index("Call these")
        places = [text.index(each["name"], start) for each in low[:5]]
        assert places == sorted(places)
        assert places[-1] - start < 1_500, "they stand in the list of calls"
    for row in document["sample"]["by_stratum"]:
        for where in ("html", "pdf"):
            assert f"{row['responded']} of {row['drawn']}" in shown[where]
            assert stratum_label(row["stratum"]) in shown[where]


def test_a_figure_that_is_not_the_datas_would_be_noticed(document: Document, shown: dict[str, str]) -> None:
    changed = {**document, "agreement": {**document["agreement"]}}
    changed["agreement"]["kappa"] = {**document["agreement"]["kappa"], "value": 0.98765}
    missing = [each for each in agreement(changed) if flat(each) not in shown["pdf"]]
    assert len(missing) == 1
