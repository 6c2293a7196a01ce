"""The report's tables with finished values: sums, calls, cross-table, the accounts that matter most, response rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.display import MISSING, NBSP, count, day, money, number, percent, signed
from app.core.words import name_in_address, topic
from app.reports.rules.charts.gaps import gap_colour, gap_interval
from app.reports.rules.document import BANDS, Document, flagged_low, is_low, urgency
from app.reports.rules.estimates import clipped, interval_text, value_of
from app.reports.rules.findings import counted_number
from app.reports.rules.part import is_of_people, is_part, nouns
from app.reports.rules.theme import HEALTH
from app.reports.rules.words import capital, counted, in_words, label, plural, shortened

Row = Mapping[str, Any]

MOST_CALLS = 5
MOST_LISTED = 50
_NOTHING_COMPARED = "no account could be compared"
_BAR_START, _BAR_POINT = 26.0, 1.1


@dataclass(frozen=True)
class Stat:
    """One labelled figure with its basis; figures without an interval or an n do not stand alone."""

    label: str
    value: str
    small: str
    basis: str


@dataclass(frozen=True)
class GapBar:
    """Where ring, dot and their figures stand on the small bar of a table row; None where a score is missing."""

    x_health: float | None
    x_voice: float | None
    colour: str
    health: str
    voice: str
    health_is_left: bool
    label: str


@dataclass(frozen=True)
class Tier:
    """A flag as its chip: letter for the style, dots and word."""

    style: str
    dots: str
    word: str


@dataclass(frozen=True)
class AccountLine:
    """One account as a row: finished texts only. `response_id` names the response that `words` come from."""

    account_id: str
    name: str
    about: str
    arr: str
    people: str
    health: str
    health_band: str
    voice: str
    voice_band: str
    bar: GapBar
    gap: str
    interval: str
    probability: str
    tier: Tier | None
    words: str
    is_quote: bool
    response_id: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of the cross-table; `kind` names the corner: hr, hs, same or nothing."""

    accounts: str
    arr: str
    kind: str


def sums(document: Document) -> list[Stat]:
    """The three readings of revenue at risk, low voices only; they are never added."""
    risk, currency = document["arr_at_risk"], document["currency"]
    population, portfolio = document["population"], risk["portfolio"]
    n = risk.get("confirmed_accounts") or 0
    sure = (
        "no account is confirmed"
        if not n
        else f"{counted_number(n, 'account')}, {'each ' if n > 1 else ''}80{NBSP}% sure or more"
    )
    asked = " asked" if document["draw"].get("trigger") else ""
    total = f"of {money(population['arr'], currency)}" if value_of(portfolio) is not None else ""
    return [
        Stat(
            "Confirmed at risk",
            money(risk["confirmed"], currency),
            "",
            sure if risk["confirmed"] is not None else _NOTHING_COMPARED,
        ),
        Stat(
            "Expected in the sample",
            money(risk["expected"], currency),
            "",
            "every account, times its probability" if risk["expected"] is not None else _NOTHING_COMPARED,
        ),
        Stat(
            f"Estimated for all {number(population['accounts'])}{NBSP}{nouns(document, population['accounts'])}{asked}"
            if population["accounts"] != 1
            else "Estimated for the one account",
            money(value_of(portfolio), currency),
            total,
            _NOTHING_COMPARED
            if not document["agreement"]["n"]
            else interval_text(clipped(portfolio, 0.0, population["arr"]), lambda v: money(v, currency)),
        ),
    ]


def calls(document: Document) -> list[Row]:
    """The accounts to call first: confirmed, then probable, else those worth watching; by tier and revenue at stake."""
    for tiers in (("confirmed", "probable"), ("watch",)):
        # Of thousands of accounts most have no flag: who has one is looked at first.
        found = [a for a in document["accounts"] if a["tier"] in tiers and flagged_low(a, *tiers)]
        if found:
            return sorted(found, key=urgency)[:MOST_CALLS]
    return []


def calls_title(document: Document, when: str = "first") -> str:
    """What the list of calls is, as sure as its surest row; `when` says how soon to call."""
    rows = calls(document)
    if not rows:
        return "No account stands out clearly enough to be called first"
    these = "this one" if len(rows) == 1 else f"these {in_words(len(rows))}"
    if rows[0]["tier"] == "confirmed":
        return f"Call {these} {when}"
    if rows[0]["tier"] == "probable":
        return f"Call {these} {when}: probable, not confirmed"
    return f"Nothing is probable; {these} {'is' if len(rows) == 1 else 'are'} worth watching"


def calls_empty(document: Document) -> str:
    """What stands where there is nobody to call."""
    if not document["agreement"]["n"]:
        return (
            "A gap needs an account with a health score and answers from at least half of the roles. There is none yet."
        )
    return (
        "In every account that could be compared, the gap is small or rests on too few voices to tell it from chance."
    )


def account_line(account: Row, document: Document, *, words: int = 62) -> AccountLine:
    """One account as finished texts; `words` is the longest quote that fits."""
    told = next((e for e in account["evidence"] if e["text"]), None)
    quote = told and told["text"]
    probability = max(account["p_low"] or 0.0, account["p_high"] or 0.0)
    return AccountLine(
        account_id=account["account_id"],
        name=account["name"],
        about=about(account, document),
        arr=money(account["arr"], account["currency"]),
        people=counted_number(account["respondents"], "person") if account["respondents"] else _unheard(document),
        health=number(account["health"]),
        health_band=account["health_band"] or "none",
        voice=number(account["voice"]),
        voice_band=account["voice_band"] or "none",
        bar=gap_bar(account),
        gap=signed(account["shrunken_gap"]),
        interval=gap_interval(account),
        probability=percent(probability) if account["p_low"] is not None else MISSING,
        tier=tier_chip(account),
        words=shortened(quote, words) if quote else _lowest(account),
        is_quote=told is not None,
        response_id=told["response_id"] if told else "",
    )


def about(account: Row, document: Document) -> str:
    """Who looks after the account and when its contract renews."""
    renewal = account["renewal_on"]
    when = (
        "" if renewal is None else f"{'renews' if renewal >= document['as_of'] else 'renewal due'} {short_day(renewal)}"
    )
    return " · ".join(part for part in (csm_name(account), when) if part) or "no CSM or renewal date given"


def csm_name(account: Row) -> str:
    """The CSM's name; where only an address is known, what stands before its @, as a name."""
    return name_in_address(account["csm"] or "")


def short_day(value: str) -> str:
    """A date with the month in three letters, for narrow places."""
    d, month, year = day(value).replace(NBSP, " ").split(" ")
    return f"{d}{NBSP}{month[:3]}{NBSP}{year}"


def gap_bar(account: Row) -> GapBar:
    """The small bar of a row: ring at health, dot at voice."""
    health, voice = account["health"], account["voice"]
    return GapBar(
        x_health=None if health is None else round(_BAR_START + health * _BAR_POINT, 1),
        x_voice=None if voice is None else round(_BAR_START + voice * _BAR_POINT, 1),
        colour=gap_colour(account["shrunken_gap"]) if None not in (health, voice) else HEALTH,
        health=number(health),
        voice=number(voice),
        health_is_left=health is not None and voice is not None and health < voice,
        label=f"Health {_or_missing(health)}, voice {_or_missing(voice)}",
    )


def tier_chip(account: Row) -> Tier | None:
    """The chip of the account's flag; teal where the voice lies above health, none without a flag."""
    dots = {"confirmed": "●●●", "probable": "●●○", "watch": "●○○"}.get(account["tier"])
    if dots is None:
        return None
    return Tier(account["tier"][0] if is_low(account) else "s", dots, label(account["tier"]))


def listed_accounts(document: Document) -> list[AccountLine]:
    """The fifty accounts that matter most, in the order of the document."""
    return [account_line(account, document) for account in document["accounts"][:MOST_LISTED]]


def listed_title(document: Document) -> str:
    """What the list is."""
    n = min(len(document["accounts"]), MOST_LISTED)
    if n < 2:
        return "The one account" if n else "No account was drawn"
    return (
        f"The {counted_number(n, 'account')} that matter most"
        if n < len(document["accounts"])
        else f"All {counted_number(n, 'account')}"
    )


def listed_note(document: Document) -> str:
    """What the list leaves out."""
    total = len(document["accounts"])
    whose = "chosen" if is_part(document) else "assigned to you" if document["is_restricted"] else "drawn"
    if total <= MOST_LISTED:
        return f"Every account {whose}, in the order of what matters most." if total else ""
    return (
        f"{MOST_LISTED} of {counted_number(total, 'account')} {whose}; hidden risk first, then by revenue times the "
        "probability of a low voice. The data file lists all of them."
    )


def crosstab(document: Document) -> list[tuple[str, list[Cell]]]:
    """The cross-table from green to red: health bands as rows, each with the cells of voice red, amber, green."""
    table = document["crosstab"]
    return [(h, [_cell(table[h][v], _corner(h, v), document["currency"]) for v in BANDS]) for h in reversed(BANDS)]


def response_rates(document: Document) -> list[tuple[str, str, str, str, str]]:
    """RR1 and RR3 of accounts and people, counted by heads and by revenue."""
    rates = document["sample"]["response_rates"]
    pairs = (
        ("Accounts", rates, rates.get("accounts_by_arr")),
        ("People", rates.get("people"), rates.get("people_by_arr")),
    )
    return [
        (name, *(percent((by or {}).get(rr)) for by in (heads, revenue) for rr in ("rr1", "rr3")))  # type: ignore[misc]
        for name, heads, revenue in pairs
    ]


def modes(document: Document) -> list[tuple[str, str, str, str]]:
    """People drawn and heard by mode."""
    rows = document["sample"].get("by_mode") or []
    return [
        (label(r["mode"]), count(r["drawn"]), count(r["responded"]), _rate(r["responded"], r["drawn"])) for r in rows
    ]


def roles(document: Document) -> list[tuple[str, str, str, str]]:
    """People drawn and heard by role."""
    rows = document["sample"].get("by_role") or []
    return [
        (label(r["role"]), count(r["drawn"]), count(r["responded"]), _rate(r["responded"], r["drawn"])) for r in rows
    ]


def band_counts(document: Document) -> str:
    """How many drawn accounts stand outside the cross-table, in one sentence; empty where none do."""
    outside = document["sample"]["drawn"] - document["agreement"]["n"]
    if outside <= 0:
        return ""
    return (
        f"{capital(counted(outside, 'account'))} of those drawn {plural(outside, 'is')} not in the cross-table: "
        "no answer, no health score, or fewer than half of the roles heard."
    )


def _unheard(document: Document) -> str:
    return "none of them heard" if is_of_people(document) else "silent"


def _or_missing(score: float | None) -> str:
    return "missing" if score is None else number(score)


def _rate(part: int, whole: int) -> str:
    return percent(part / whole) if whole else MISSING


def _lowest(account: Row) -> str:
    scored = next((e for e in account["evidence"] if e["score"] is not None), None)
    # Of an edition, words may be kept from this reader, or have been taken away since.
    silence = "No words to show." if account.get("is_withheld") else "No words were left."
    if scored is None:
        return silence if account["respondents"] else "Nobody has answered."
    extreme = "Lowest" if is_low(account) else "Highest"
    named = topic(scored["dimension"]) if scored["dimension"] else label(scored["question"])
    return f"{silence} {extreme} answer: {named}, {number(scored['score'])} of 100."


def _cell(cell: Row, kind: str, currency: str | None) -> Cell:
    return Cell(count(cell["accounts"]), money(cell["arr"], currency) if cell["accounts"] else MISSING, kind)


def _corner(health: str, voice: str) -> str:
    if health == voice:
        return "same"
    if voice == "red":
        return "hr"
    return "hs" if voice == "green" else ""
