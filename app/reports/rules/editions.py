"""Published editions: what is frozen of a report, what each reader sees of it, and what another edition changes."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from app.core.display import interval, money, number, signed
from app.core.words import counted
from app.reports.rules.document import Document, flagged_low
from app.reports.rules.estimates import has_interval, value_of

OPEN_LEVELS = frozenset({"without_name", "with_name"})
"""The consent levels of words that may leave the house; what was never asked may not."""

MOST_NAMED = 5

DAYS, USUAL_DAYS = (7, 30, 90), 30
"""For how many days a link may be made, and what the form proposes."""

Show = Callable[[Any], str]


def frozen(document: Document) -> str:
    """Return the report's data as the text that is kept: the same for the same figures, and without anybody's words."""
    accounts = [
        {**account, "evidence": [{**each, "text": None} for each in account["evidence"]]}
        for account in document["accounts"]
    ]
    whole = {**document, "accounts": accounts}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """Return the hash of a kept text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def statements_of(document: Document) -> set[int]:
    """Return the ids of all words that the report quotes."""
    told = (each for account in document["accounts"] for each in account["evidence"])
    return {each["statement"] for each in told if each["statement"] is not None}


def may_read(choice: Mapping[str, str] | None, reader: str | None) -> bool:
    """Tell whether a reader may see an edition: a CSM sees those of the whole study, and those of their own accounts.

    Of other parts, the figures would tell of a colleague's few accounts.
    """
    return reader is None or not choice or choice.get("csm") == reader


def told_again(
    document: Document,
    words: Mapping[int, tuple[str, str | None]],
    *,
    only: Collection[str] | None = None,
    is_outside: bool = False,
) -> Document:
    """Return a kept report as a reader sees it: with the words, and how each may be used, as they stand now.

    `only` are the accounts that the reader may see, None is all. Outside the house no member of the team is named, and
    words stand only where their speaker allowed it. What was taken away since is not there.
    """
    seen = (account for account in document["accounts"] if only is None or account["account_id"] in only)
    accounts = [_account_again(account, words, is_outside=is_outside) for account in seen]
    again = {**document, "accounts": accounts, "is_restricted": document["is_restricted"] or only is not None}
    return _without_team(again) if is_outside else again


def _without_team(document: Document) -> Document:
    """The document whose head names no member of the team."""
    filters, words = (dict(document.get(name) or {}) for name in ("filters", "filter_words"))
    if "csm" in filters:
        filters["csm"], words["csm"] = "one", "accounts of one CSM"
    return {**document, "filters": filters, "filter_words": words}


def _account_again(
    account: Mapping[str, Any], words: Mapping[int, tuple[str, str | None]], *, is_outside: bool
) -> dict[str, Any]:
    evidence = list(_evidence(account, words, is_outside=is_outside))
    is_withheld = account.get("is_withheld", False) or len(evidence) < len(account["evidence"])
    again = {**account, "evidence": evidence, "is_withheld": is_withheld}
    return again | {"csm": None} if is_outside else again


def _evidence(
    account: Mapping[str, Any], words: Mapping[int, tuple[str, str | None]], *, is_outside: bool
) -> Iterator[dict[str, Any]]:
    for each in account["evidence"]:
        if each["statement"] is None:
            yield {**each}
            continue
        text, permission = words.get(each["statement"], (None, None))
        if text and (not is_outside or permission in OPEN_LEVELS):
            yield {**each, "text": text, "permission": permission}


def changes(before: Document, now: Document) -> list[str]:
    """Return in sentences what differs between two editions of a study's report, the portfolio first.

    They state both figures with their intervals and claim no trend: the two rest on many of the same answers.
    """
    return [*_versions(before, now), *_portfolio(before, now), *_accounts(before, now)]


_ESTIMATES: tuple[tuple[str, tuple[str, ...], Show], ...] = (
    ("The mean voice", ("voice", "mean"), number),
    ("NPS", ("voice", "nps"), signed),
    ("Renewal intent", ("voice", "renewal_intent"), number),
)


def _versions(before: Document, now: Document) -> Iterator[str]:
    for name, key in (("scorecard", "scorecard"), ("questionnaire", "questionnaire")):
        old, new = before[key], now[key]
        if (old["key"], old["version"]) != (new["key"], new["version"]):
            version, earlier = (f"{each['key']} version {each['version']}" for each in (new, old))
            yield f"Another {name}: {version}, before {earlier}."
    if before["as_of"] != now["as_of"]:
        yield f"Health is of {now['as_of']}, before of {before['as_of']}."


def _portfolio(before: Document, now: Document) -> Iterator[str]:
    old, new = before["sample"].get("responded") or 0, now["sample"].get("responded") or 0
    if old != new:
        yield f"{counted(new, 'account')} answered, before {number(old)}."
    for name, path, show in _ESTIMATES:
        old_text, new_text = (_shown(_at(document, path), show) for document in (before, now))
        if old_text != new_text:
            yield f"{name} is {new_text}, before {old_text}."
    for name, key in (("Hidden risk", "hidden_risk"), ("Hidden strength", "hidden_strength")):
        old_text, new_text = (_counted(document, key) for document in (before, now))
        if old_text != new_text:
            yield f"{name}: {new_text}; before {old_text}."


def _at(document: Document, path: tuple[str, ...]) -> Mapping[str, Any]:
    part: Any = document
    for key in path:
        part = part.get(key) or {}
    found: Mapping[str, Any] = part
    return found


def _shown(estimate: Mapping[str, Any], show: Show) -> str:
    value = value_of(estimate)
    if value is None:
        return "not estimable"
    between = f" ({interval(estimate['lo'], estimate['hi'], show)})" if has_interval(estimate) else ""
    return f"{show(value)}{between}"


def _counted(document: Document, key: str) -> str:
    risk = document[key]
    return f"{counted(risk['accounts'], 'account')} with {money(risk['arr'], document['currency'])} a year"


def _accounts(before: Document, now: Document) -> Iterator[str]:
    old, new = _called(before), _called(now)
    if came := [name for key, name in new.items() if key not in old]:
        yield f"Newly below its health for sure or probably: {_named(came)}."
    if went := [name for key, name in old.items() if key not in new]:
        yield f"No longer so: {_named(went)}."


def _called(document: Document) -> dict[str, str]:
    low = (account for account in document["accounts"] if flagged_low(account, "confirmed", "probable"))
    return {account["account_id"]: account["name"] for account in low}


def _named(names: list[str]) -> str:
    more = f" and {number(len(names) - MOST_NAMED)} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
