"""What stands behind the accounts that matter most: their words and their extreme answers, by response id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.display import number
from app.core.words import topic
from app.questionnaires.rules.quoting import LEVELS
from app.reports.rules.document import Document
from app.reports.rules.tables import AccountLine, account_line, calls
from app.reports.rules.words import label, shortened

Row = Mapping[str, Any]

MOST_ACCOUNTS = 6
MOST_QUOTES = 2
MOST_FACTS = 2
LONGEST_QUOTE = 320


@dataclass(frozen=True)
class Quote:
    """Words of one person, and who said them: role, mode, response id, how they may be used; never a name."""

    text: str
    who: str
    response_id: str
    permission: str | None


@dataclass(frozen=True)
class Fact:
    """One scored answer in words."""

    text: str
    score: str
    who: str
    response_id: str


@dataclass(frozen=True)
class Voices:
    """One account with what was said and answered there."""

    line: AccountLine
    quotes: list[Quote]
    facts: list[Fact]


def voices(document: Document) -> list[Voices]:
    """Words and answers of up to six accounts: those to call, then the next in the document's order."""
    first = calls(document)
    rest = [a for a in document["accounts"] if a not in first]
    chosen = [a for a in [*first, *rest] if a["evidence"]][:MOST_ACCOUNTS]
    return [_voices(account, document) for account in chosen]


def voices_title(document: Document) -> str:
    """What the page of quotes shows."""
    found = voices(document)
    if not found:
        return "Nobody has said anything yet"
    if not any(each.quotes for each in found):
        return "The answers behind the scores"
    return "In their own words"


def _voices(account: Row, document: Document) -> Voices:
    said = [e for e in account["evidence"] if e["text"]][:MOST_QUOTES]
    scored = [e for e in account["evidence"] if e["score"] is not None][:MOST_FACTS]
    return Voices(
        line=account_line(account, document),
        quotes=[_quote(entry) for entry in said],
        facts=[Fact(_asked_about(e), f"{number(e['score'])} of 100", _who(e), e["response_id"]) for e in scored],
    )


def _quote(entry: Row) -> Quote:
    permission = LEVELS.get(entry["permission"])
    return Quote(shortened(entry["text"], LONGEST_QUOTE), _who(entry), entry["response_id"], permission)


def _asked_about(entry: Row) -> str:
    return topic(entry["dimension"]) if entry["dimension"] else label(entry["question"])


def _who(entry: Row) -> str:
    return f"{label(entry['role'])} · {label(entry['mode']).lower()}"
