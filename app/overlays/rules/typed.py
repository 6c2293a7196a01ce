"""What was typed about an overlay, an industry or an account, and what of it can be kept."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from app.core.display import SYMBOLS, day
from app.core.errors import Refusal
from app.core.typed import typed_day, typed_line, typed_lines
from app.overlays.rules.levels import Level

LONGEST_NAME, LONGEST_KEY, LONGEST_WORDS, LONGEST_DESCRIPTION = 120, 60, 500, 4_000
MOST_MONEY = Decimal("999999999999.99")
RESERVED = frozenset({"new"})
"""Keys that are addresses of their own."""

_AMOUNT = re.compile(r"(?P<before>[^\d\s.,+-]{0,4})\s*(?P<number>-?[0-9][0-9.,\s]{0,24})\s*(?P<after>[^\d\s.,+-]{0,4})")


@dataclass(frozen=True)
class TypedOverlay:
    """An overlay as a form sends it."""

    name: str = ""
    description: str = ""
    starts_on: str = ""
    ends_on: str = ""


@dataclass(frozen=True)
class Situation:
    """An overlay that can be kept; without `ends_on` it applies until somebody ends it."""

    name: str
    description: str | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class TypedChange:
    """What a CSM says of one account, as a form sends it; an empty level is that of the industry."""

    level: str = ""
    reason: str = ""
    concessions: str = ""
    amount: str = ""
    billing: str = ""


@dataclass(frozen=True)
class Change:
    """What a CSM says of one account: its level with the reason, and what was granted and billed otherwise."""

    level: Level | None
    reason: str
    concessions: str | None
    amount: Decimal | None
    billing: str | None


@dataclass(frozen=True)
class Impact:
    """How hard a situation meets an industry, and in which words; None is not assessed."""

    industry: str
    level: Level | None
    words: str | None


def checked_overlay(typed: TypedOverlay) -> Situation:
    """What was typed, read; Refusal with the remedy and the field where it cannot be kept. Days may lie ahead."""
    name = typed_line(typed.name, "name", LONGEST_NAME)
    if not name:
        raise Refusal("Give it a name that everybody knows it by, such as “Pandemic”.", "name")
    starts_on = typed_day(typed.starts_on, "starts_on")
    if starts_on is None:
        raise Refusal("Choose the day on which it began or will begin.", "starts_on")
    ends_on = typed_day(typed.ends_on, "ends_on")
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(f"It cannot end before it begins on {day(starts_on)}; check the two days.", "ends_on")
    description = typed_lines(typed.description, "description", LONGEST_DESCRIPTION)
    return Situation(name, description or None, starts_on, ends_on)


def checked_impacts(
    industries: Sequence[str], levels: Sequence[str], words: Sequence[str], *, known: Collection[str]
) -> list[Impact]:
    """The impacts by industry that were typed in rows; Refusal for an industry that no account has."""
    found = []
    for industry, level, said in zip(industries, levels, words, strict=False):
        if industry not in known:
            raise Refusal(f"No account is of the industry “{industry[:80]}”.", "industry")
        text = typed_lines(said, "words", LONGEST_WORDS) or None
        chosen = _level(level)
        if text and chosen is None:
            raise Refusal(f"Choose a level for {industry}, or empty its words.", "level")
        found.append(Impact(industry, chosen, text))
    return found


def checked_change(typed: TypedChange, *, currency: str | None) -> Change:
    """What was typed of an account; Refusal without a reason, and for an amount in another currency."""
    reason = typed_lines(typed.reason, "reason", LONGEST_WORDS)
    if not reason:
        raise Refusal("Write the reason: others see it beside the level.", "reason")
    return Change(
        level=_level(typed.level),
        reason=reason,
        concessions=typed_lines(typed.concessions, "concessions", LONGEST_WORDS) or None,
        amount=checked_amount(typed.amount, currency),
        billing=typed_lines(typed.billing, "billing", LONGEST_WORDS) or None,
    )


def checked_amount(raw: str, currency: str | None) -> Decimal | None:
    """An amount in the workspace's currency, or None where nothing was typed; Refusal for any other currency."""
    text = " ".join(raw.split())
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Refusal("Write the amount as a number, such as 12500 or 12500.50.", "amount")
    for sign in filter(None, (found["before"], found["after"])):
        if currency is None or sign.upper() not in {currency.upper(), SYMBOLS.get(currency.upper())}:
            here = f" in {currency}, the currency of this workspace" if currency else " without a currency"
            raise Refusal(f"Write the amount{here}.", "amount")
    return _money(found["number"])


def key_of(name: str, taken: Collection[str]) -> str:
    """A key for addresses and studies, made of the name, that no other overlay has."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY].strip("-") or "overlay"
    key, number = stem, 2
    while key in taken or key in RESERVED:
        key, number = f"{stem}-{number}", number + 1
    return key


def _level(raw: str) -> Level | None:
    if raw and raw not in list(Level):
        raise Refusal("Choose a level from the list.", "level")
    return Level(raw) if raw else None


def _money(number: str) -> Decimal:
    try:
        found = Decimal(number.replace(",", "").replace(" ", ""))
        cents = found.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Refusal("Write the amount as a number, such as 12500 or 12500.50.", "amount") from None
    if cents != found or not 0 <= found <= MOST_MONEY:
        raise Refusal("Write the amount as a number with at most two decimals, such as 12500.50.", "amount")
    return cents
