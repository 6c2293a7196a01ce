"""What to do next: concrete steps by account, CSM and date; each follows from figures of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import money, number, percent
from app.core.words import lower_first
from app.reports.rules.document import Document, flagged_low
from app.reports.rules.findings import counted_number, names
from app.reports.rules.part import is_of_people
from app.reports.rules.tables import calls, csm_name, short_day, tier_chip
from app.reports.rules.words import capital, counted, in_words, label, plural

Row = Mapping[str, Any]

LOW_COVERAGE = 0.5


@dataclass(frozen=True)
class Step:
    """One thing to do: what, who, until when, and the figures behind it."""

    what: str
    who: str
    when: str
    why: str


def steps(document: Document) -> list[Step]:
    """The steps in the order in which they pay: calls, the silent, unheard roles, missing health, hidden strength."""
    found = [_call(account, document) for account in calls(document)]
    # Where some people alone were chosen, others may have been heard at the same accounts.
    found += [] if is_of_people(document) else [*_silent(document), *_unheard_role(document), *_thin(document)]
    found += [
        *_without_health(document),
        *_strength(document),
    ]
    return found or [Step("Wait for answers, then score the study again", "", "", "There is nothing yet to act on.")]


def steps_title(document: Document) -> str:
    """How many calls come first, and how much else there is to do."""
    calling = len(calls(document))
    others = len(steps(document)) - calling
    if not calling:
        return f"No call is urgent; {counted(others, 'step')} would make the next report surer"
    first = f"{capital(counted(calling, 'call'))} first"
    return f"{first}, then {in_words(others)} more {plural(others, 'step')}" if others else first


def _call(account: Row, document: Document) -> Step:
    chip = tier_chip(account)
    sure = chip.word if chip else ""
    verb = "Call" if account["tier"] in {"confirmed", "probable"} else "Ask more people at"
    return Step(
        what=f"{verb} {account['name']}",
        who=csm_name(account) or "no CSM given",
        when=_before(account, document),
        why=f"{sure}: voice {number(account['voice'])} against health {number(account['health'])}, "
        f"{counted_number(account['respondents'], 'person')} heard, "
        f"{money(account['arr'], account['currency'])} a year.",
    )


def _before(account: Row, document: Document) -> str:
    renewal = account["renewal_on"]
    if renewal is None:
        return "no renewal date given"
    return (
        f"before {short_day(renewal)}" if renewal >= document["as_of"] else f"now: renewal was due {short_day(renewal)}"
    )


def _while_open(document: Document) -> str:
    """By when more people can be heard: while the fieldwork lasts, else in the next study."""
    closes_on = document["closes_on"]
    return f"by {short_day(closes_on)}" if closes_on > document["as_of"] else "next study"


def _silent(document: Document) -> list[Step]:
    silent = sorted(
        (a for a in document["accounts"] if not a["respondents"]), key=lambda a: (-(a["arr"] or 0), a["account_id"])
    )
    if not silent:
        return []
    paid = sum(a["arr"] or 0.0 for a in silent if a["currency"] == document["currency"])
    pays = f" Together they pay {money(paid, document['currency'])} a year." if paid and len(silent) > 1 else ""
    return [
        Step(
            what=f"Ask again where nobody answered: {names(silent)}",
            who=_csms(silent[:3]),
            when=_while_open(document),
            why=f"{capital(counted(len(silent), 'account'))} {plural(len(silent), 'is')} silent.{pays}",
        )
    ]


def _unheard_role(document: Document) -> list[Step]:
    answered = document["sample"]["responded"]
    roles = [r for r in document["sample"]["by_role"] if answered and r["accounts"] / answered < LOW_COVERAGE]
    if not roles:
        return []
    least = min(roles, key=lambda r: (r["accounts"], r["role"]))
    name = lower_first(label(least["role"]))
    return [
        Step(
            what=f"Start the next study with the {name}",
            who="study owner",
            when="next study",
            why=f"Heard in {percent(least['accounts'] / answered)} of the accounts that answered "
            f"({number(least['accounts'])} of {number(answered)}).",
        )
    ]


def _thin(document: Document) -> list[Step]:
    thin = [a for a in document["accounts"] if a["voice"] is not None and a["voice_band"] is None]
    if not thin:
        return []
    return [
        Step(
            what=f"Hear one more role at {names(thin)}",
            who=_csms(thin[:3]),
            when=_while_open(document),
            why=f"{capital(counted(len(thin), 'account'))} answered with fewer than half of the roles: no band, "
            "never flagged.",
        )
    ]


def _without_health(document: Document) -> list[Step]:
    missing = [a for a in document["accounts"] if a["voice"] is not None and a["health"] is None]
    if not missing:
        return []
    return [
        Step(
            what=f"Bring in telemetry for {names(missing)}",
            who="whoever keeps the scorecard",
            when="before scoring again",
            why=f"{capital(counted(len(missing), 'account'))} answered and "
            f"{plural(len(missing), 'has')} no health score.",
        )
    ]


def _strength(document: Document) -> list[Step]:
    rows = [a for a in document["accounts"] if a["quadrant"] == "hidden_strength"]
    sure = [a for a in rows if a["tier"] in {"confirmed", "probable"} and not flagged_low(a, a["tier"])]
    if not rows:
        return []
    chosen = sure or rows
    return [
        Step(
            what=f"Talk to {names(chosen)} before acting on the health score",
            who=_csms(chosen[:3]),
            when="next review",
            why=f"Voice 75 or more while health is below green, in {counted(len(rows), 'account')}; "
            f"{in_words(len(sure)) if sure else 'none'} of them probable or confirmed.",
        )
    ]


def _csms(rows: Sequence[Row]) -> str:
    found = list(dict.fromkeys(name for name in (csm_name(row) for row in rows) if name))
    return ", ".join(found) or "no CSM given"
