"""The report's tables as rows of numbers: each table and figure of the page as a file, all of them as one workbook."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.sheets import Sheet
from app.core.words import topic
from app.reports.rules.advice import steps
from app.reports.rules.charts.gaps import gap_ends
from app.reports.rules.document import BANDS, Document
from app.reports.rules.tables import calls
from app.reports.rules.workings import workings
from app.scoring.rules.choice import FIELDS

Row = Mapping[str, Any]
Rows = Iterator[Sequence[Any]]

ESTIMATE = ("value", "lo", "hi", "level", "n", "n_eff", "se", "df", "p", "method", "warnings")
"""The columns of a figure with its interval; scores 0–100, rates and shares 0–1, as in gaps.json."""

ACCOUNT = (
    "account_id",
    "name",
    "arr",
    "currency",
    "renewal_on",
    "csm",
    "stratum",
    "health",
    "health_band",
    "equated_health",
    "voice",
    "voice_se",
    "voice_band",
    "respondents",
    "role_coverage",
    "role_range",
    "gap",
    "shrunken_gap",
    "se",
    "gap_lo",
    "gap_hi",
    "p_low",
    "p_high",
    "tier",
    "quadrant",
)
EVIDENCE = ("response_id", "role", "mode", "question", "dimension", "score", "text", "permission")


@dataclass(frozen=True)
class Table:
    """One table of the report: its name in addresses, its title, its columns, and how its rows come about."""

    name: str
    title: str
    header: Sequence[str]
    rows: Callable[[Document], Rows]


@dataclass(frozen=True)
class Origin:
    """What a file says of itself beside the document: when the figures were made, their hash, and which edition."""

    scored_at: str
    sha256: str
    edition: int | None = None


def workbook(document: Document, origin: Origin, *names: str) -> list[Sheet]:
    """Return the sheets of a workbook: what it is about, then the tables of these names, or without any all of them."""
    chosen = [TABLES[name] for name in names or TABLES]
    return [Sheet("About", ("what", "value"), _about(document, origin)), *(sheet_of(each, document) for each in chosen)]


def sheet_of(table: Table, document: Document) -> Sheet:
    """Return one table of the report with its rows."""
    return Sheet(table.title, table.header, table.rows(document))


def _about(document: Document, origin: Origin) -> Rows:
    card, questionnaire, draw = document["scorecard"], document["questionnaire"], document["draw"]
    yield "study", document["study"]
    yield "name", document["name"]
    yield "edition", origin.edition
    yield "scored_at", origin.scored_at
    yield "sha256", origin.sha256
    yield "health_as_of", document["as_of"]
    yield "opens_on", document["opens_on"]
    yield "closes_on", document["closes_on"]
    yield "scorecard", f"{card['key']} version {card['version']}"
    yield "questionnaire", f"{questionnaire['key']} version {questionnaire['version']}"
    yield "draw", draw.get("method")
    yield "seed", draw.get("seed")
    yield "audit_sha256", draw.get("audit_sha256")
    yield "currency", document["currency"]
    yield "accounts_in_frame", document["population"]["accounts"]
    yield "accounts_drawn", document["sample"]["drawn"]
    yield "accounts_here", len(document["accounts"])
    for field in FIELDS:
        yield f"filter_{field}", document.get("filter_words", {}).get(field) or "all"
    yield "only_assigned_accounts", "yes" if document["is_restricted"] else "no"
    yield "sample_data", "yes" if document["is_sample"] else "no"


def _crosstab(document: Document) -> Rows:
    for health in BANDS:
        for voice in BANDS:
            cell = document["crosstab"][health][voice]
            yield health, voice, cell["accounts"], cell["arr"], document["currency"]


def _agreement(document: Document) -> Rows:
    found = document["agreement"]
    for key in ("spearman", "kendall", "pearson", "kappa", "ccc", "bias"):
        yield key, *_estimate(found.get(key))
    limits = found["limits"] or (None, None)
    yield "limits", *_estimate({"lo": limits[0], "hi": limits[1], "n": found["n"]})
    yield "percent_agreement", *_estimate({"value": found.get("percent_agreement"), "n": found["n"]})


def _response_rates(document: Document) -> Rows:
    sample = document["sample"]
    rates, people = sample["response_rates"], sample.get("people") or {}
    for counted, by, found, drawn in (
        ("accounts", "heads", rates, sample["drawn"]),
        ("accounts", "revenue", rates.get("accounts_by_arr"), sample["drawn"]),
        ("people", "heads", rates.get("people"), people.get("drawn")),
        ("people", "revenue", rates.get("people_by_arr"), people.get("drawn")),
    ):
        yield counted, by, (found or {}).get("rr1"), (found or {}).get("rr3"), drawn


def _roles(document: Document) -> Rows:
    for row in document["sample"].get("by_role") or []:
        yield row["role"], row["drawn"], row["responded"], _share(row), row["accounts"]


def _modes(document: Document) -> Rows:
    for row in document["sample"].get("by_mode") or []:
        yield row["mode"], row["drawn"], row["responded"], _share(row)


def _strata(document: Document) -> Rows:
    for row in document["sample"]["by_stratum"]:
        yield row["stratum"], row["size"], row["drawn"], row["responded"], _share(row)


def _voice(document: Document) -> Rows:
    voice = document["voice"]
    for key in ("mean", "nps", "csat_top2", "renewal_intent"):
        yield key, *_estimate(voice[key])
    yield "sentiment", *_estimate((voice.get("sentiment") or {}).get("mean"))


def _dimensions(document: Document) -> Rows:
    for key, estimate in sorted(document["voice"]["dimensions"].items()):
        yield key, topic(key), *_estimate(estimate)


def _value(document: Document) -> Rows:
    for key in ("promised", "delivered", "gap"):
        yield key, *_estimate(document["value"][key])


def _revenue(document: Document) -> Rows:
    risk, currency = document["arr_at_risk"], document["currency"]
    confirmed = {"value": risk["confirmed"], "n": risk.get("confirmed_accounts") or 0}
    expected = {"value": risk["expected"], "n": document["agreement"]["n"]}
    for key, found in (("confirmed", confirmed), ("expected", expected), ("portfolio", risk["portfolio"])):
        yield key, currency, *_estimate(found)


def _accounts(document: Document) -> Rows:
    return (_account(account) for account in document["accounts"])


def _calls(document: Document) -> Rows:
    return (_account(account) for account in calls(document))


def _evidence(document: Document) -> Rows:
    for account in document["accounts"]:
        for each in account["evidence"]:
            yield account["account_id"], account["name"], *(each[name] for name in EVIDENCE)


def _steps(document: Document) -> Rows:
    return ((place, step.what, step.who, step.when, step.why) for place, step in enumerate(steps(document), start=1))


def _workings(document: Document) -> Rows:
    for row in workings(document):
        exact = row.exact
        yield row.name, exact.get("value"), exact.get("lo"), exact.get("hi"), exact.get("n"), row.how


def _account(account: Row) -> Sequence[Any]:
    lo, hi = gap_ends(account)
    whole = {**account, "gap_lo": lo, "gap_hi": hi}
    return [whole[name] for name in ACCOUNT]


def _estimate(found: Row | None) -> Sequence[Any]:
    known = found or {}
    return [*(known.get(name) for name in ESTIMATE[:-1]), "; ".join(known.get("warnings") or []) or None]


def _share(row: Row) -> float | None:
    return row["responded"] / row["drawn"] if row["drawn"] else None


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table("calls", "Accounts to call first", ACCOUNT, _calls),
        Table("revenue", "Revenue at risk", ("reading", "currency", *ESTIMATE), _revenue),
        Table("crosstab", "Health by voice", ("health_band", "voice_band", "accounts", "arr", "currency"), _crosstab),
        Table("agreement", "Measures of agreement", ("measure", *ESTIMATE), _agreement),
        Table("response-rates", "Response rates", ("counted", "by", "rr1", "rr3", "drawn"), _response_rates),
        Table("roles", "People by role", ("role", "drawn", "responded", "share", "accounts"), _roles),
        Table("modes", "People by mode", ("mode", "drawn", "responded", "share"), _modes),
        Table("strata", "Accounts by stratum", ("stratum", "size", "drawn", "responded", "share"), _strata),
        Table("voice", "Voice, NPS and CSAT", ("measure", *ESTIMATE), _voice),
        Table("dimensions", "Voice by topic", ("dimension", "name", *ESTIMATE), _dimensions),
        Table("value", "Value promised and received", ("measure", *ESTIMATE), _value),
        Table("accounts", "Accounts", ACCOUNT, _accounts),
        Table("evidence", "Words and answers", ("account_id", "name", *EVIDENCE), _evidence),
        Table("steps", "Next steps", ("place", "what", "who", "when", "why"), _steps),
        Table("workings", "How it was computed", ("figure", "value", "lo", "hi", "n", "how"), _workings),
    )
}
"""Every table of the report by its name, in the order of the page."""
