"""The form of a study's plan: texts as they were typed, and the study.json that they make."""

import csv
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from app.core.documents import first_doubled
from app.core.errors import Refusal
from app.studies.rules.plan import Method, Mode
from app.studies.rules.triggers import START_DATE, WITHIN, Event

DEFAULT_ROLES = {"decision_maker": "0.35", "champion": "0.25", "admin": "0.15", "power_user": "0.25"}
FIELDWORK = timedelta(weeks=4)
FILTER_ROWS = 3
MOST_ROWS = 100
YES = "yes"
"""What a box sends that is ticked."""
NO_VALUE = "(none)"
"""How a filter lets accounts through that have no value."""
BY_ITSELF = "trigger"
"""What stands in place of a method where accounts join as things happen."""

TEXTS = ("key", "name", "questionnaire", "mode", "scorecard", "opens_on", "closes_on", "health_as_of", "method", "wave")
NUMBERS = ("size", "minimum_per_stratum", "seed")
TRIGGER = ("trigger_event", "trigger_days", "trigger_within", "trigger_field")
FIELDS = (*TEXTS, *NUMBERS, "top_arr", "accounts", "quotas", *TRIGGER)
LABELS = {
    "key": "Key", "name": "Name", "questionnaire": "Questionnaire", "mode": "Mode", "scorecard": "Scorecard",
    "opens_on": "First day", "closes_on": "Last day", "health_as_of": "Day of the health to compare with",
    "method": "Method", "wave": "Wave", "size": "Size", "minimum_per_stratum": "Minimum per stratum", "seed": "Seed",
    "top_arr": "Largest accounts", "accounts": "Listed accounts", "strata": "Strata", "filter": "Filter",
    "roles": "Roles", "quotas": "Quotas", "anonymous": "Anonymous", "trigger_event": "Occasion",
    "trigger_days": "Days", "trigger_within": "Days of grace", "trigger_field": "Date of the go-live",
}  # fmt: skip

_PLACE = re.compile(r"The study(?:'s \w+)?: “[^”]*” ")
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_DECIMAL = re.compile(r"[+-]?[0-9]{0,30}[.,][0-9]{1,30}")


class Typed(Protocol):
    """What was sent: the first or all of the values under one name."""

    def get(self, name: str, default: str) -> str:
        """Return the first value."""

    def getlist(self, name: str) -> list[str]:
        """Return all values."""


@dataclass
class PlanForm:
    """What stands in the form; `filters` are pairs of field and values, `roles` pairs of role and weight."""

    texts: dict[str, str]
    strata: list[str] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    roles: list[tuple[str, str]] = field(default_factory=list)
    is_anonymous: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the study.json that was typed; refused is only what no such document could say.

        Numbers that are none stay texts: the plan's own rules refuse them, as they would in a file.
        """
        self._refuse_nul()
        texts = {name: self.texts[name].strip() for name in FIELDS if self.texts.get(name, "").strip()}
        return {
            **{name: texts[name] for name in TEXTS if name in texts},
            "strata": self.strata,
            "filter": self._filter(),
            **_how_accounts_enter(texts),
            "roles": self._roles(),
            **({"quotas": quotas_typed(texts["quotas"])} if "quotas" in texts else {}),
            **({"anonymous": True} if self.is_anonymous else {}),
        }

    def show(self, refusal: Refusal) -> None:
        """Put a refusal above the field that it is about, in that field's own words."""
        place = self._place(refusal.field or "")
        self.errors[place] = in_words(refusal.sentence, LABELS.get(refusal.field or "", f"“{refusal.field}”"))

    def padded(self) -> "PlanForm":
        """Return the form with empty rows to fill in."""
        filters = [*self.filters, *[("", "")] * max(FILTER_ROWS - len(self.filters), 0)]
        roles = self.roles if self.roles and not self.roles[-1][0] else [*self.roles, ("", "")]
        return PlanForm(self.texts, self.strata, filters, roles, self.is_anonymous, self.errors)

    def _refuse_nul(self) -> None:
        rows = {"strata": self.strata, "filter": _flat(self.filters), "roles": _flat(self.roles)}
        for name, values in [*((name, [value]) for name, value in self.texts.items()), *rows.items()]:
            if any("\0" in value for value in values):
                raise Refusal(f"{LABELS[name]} holds a character that cannot be stored.", name)

    def _filter(self) -> dict[str, list[str | None]]:
        rows = [(name.strip(), values) for name, values in self.filters if name.strip() or values.strip()]
        if any(not name for name, _ in rows):
            raise Refusal("Choose the field of each filter, or empty its values.", "filter")
        if doubled := first_doubled(name for name, _ in rows):
            raise Refusal(f"Filter by “{doubled}” once, with all its values in one row.", "filter")
        return {
            name: [None if value == NO_VALUE else value for value in split_values("filter", values)]
            for name, values in rows
        }

    def _roles(self) -> dict[str, Any]:
        rows = [(role.strip(), weight.strip()) for role, weight in self.roles if weight.strip()]
        if doubled := first_doubled(role for role, _ in rows):
            raise Refusal(f"Give “{doubled}” one weight only.", "roles")
        return {role: number_typed(weight) for role, weight in rows}

    def _place(self, name: str) -> str:
        if name in LABELS or not name:
            return name
        if name in {role.strip() for role, _ in self.roles}:
            return "roles"
        if name in {chosen.strip() for chosen, _ in self.filters}:
            return "filter"
        return "quotas" if name and name in self.texts.get("quotas", "") else ""


def typed_plan(sent: Typed) -> PlanForm:
    """Return the form as it was sent; rows beyond the hundredth are not looked at."""
    filters = zip(sent.getlist("filter_field"), sent.getlist("filter_values"), strict=False)
    roles = zip(sent.getlist("role"), sent.getlist("weight"), strict=False)
    return PlanForm(
        texts={name: sent.get(name, "") for name in FIELDS},
        strata=sent.getlist("strata")[:MOST_ROWS],
        filters=list(filters)[:MOST_ROWS],
        roles=[(role, weight) for role, weight in roles if role.strip() or weight.strip()][:MOST_ROWS],
        is_anonymous=sent.get("anonymous", "") == YES,
    )


def fresh_plan(today: date, roles: Iterable[str]) -> PlanForm:
    """Return the form of a new study: four weeks from today, the usual roles, and a seed drawn by lot."""
    others = [(role, "") for role in roles if role not in DEFAULT_ROLES]
    return PlanForm(
        texts={
            "questionnaire": "relationship",
            "mode": Mode.SURVEY,
            "scorecard": "default",
            "opens_on": today.isoformat(),
            "closes_on": (today + FIELDWORK).isoformat(),
            "method": Method.PROPORTIONAL,
            "size": "60",
            "minimum_per_stratum": "2",
            "top_arr": "0",
            "seed": str(secrets.randbelow(1_000_000)),
            **_NO_TRIGGER,
        },
        roles=[*DEFAULT_ROLES.items(), *others],
    )


def stored_plan(facts: Mapping[str, str], plan: Mapping[str, Any], roles: Iterable[str]) -> PlanForm:
    """Return the form of a planned study: `facts` are its texts, `plan` its design as a document."""
    others = [(role, "") for role in roles if role not in plan["roles"]]
    return PlanForm(
        texts={
            **facts,
            "mode": plan["mode"],
            "wave": plan["wave"],
            "seed": str(plan["seed"]),
            **(_trigger_texts(plan["trigger"]) if "trigger" in plan else _draw_texts(plan)),
            "quotas": "\n".join(f"{name} = {most}" for name, most in plan.get("quotas", {}).items()),
        },
        strata=list(plan["strata"]),
        filters=[(name, joined_values(values)) for name, values in plan["filter"].items()],
        roles=[*((role, str(weight)) for role, weight in plan["roles"].items()), *others],
        is_anonymous=plan.get("anonymous", False),
    )


_NO_TRIGGER = {
    "trigger_event": Event.RENEWAL.value,
    "trigger_days": "",
    "trigger_within": str(WITHIN),
    "trigger_field": START_DATE,
}


def _how_accounts_enter(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return how accounts enter: by a draw, or as things happen; then only what was typed for a draw is left out.

    Size, minimum and seed stand in every fresh form; accounts listed for certain were typed, so they are refused.
    """
    certainty = {
        "top_arr": number_typed(texts.get("top_arr", "0")),
        "accounts": split_values("accounts", texts.get("accounts", "")),
    }
    if texts.get("method") != BY_ITSELF:
        numbers = {name: number_typed(texts[name]) for name in NUMBERS if name in texts}
        return {**numbers, "certainty": certainty}
    return {
        "method": None,
        **({"certainty": certainty} if certainty["top_arr"] or certainty["accounts"] else {}),
        "trigger": {
            "event": texts.get("trigger_event", ""),
            **{
                name: number_typed(texts[f"trigger_{name}"])
                for name in ("days", "within")
                if f"trigger_{name}" in texts
            },
            **({"field": texts.get("trigger_field")} if texts.get("trigger_event") == Event.GO_LIVE else {}),
        },
    }


def _draw_texts(plan: Mapping[str, Any]) -> dict[str, str]:
    return {
        "method": plan["method"],
        "size": "" if plan["size"] is None else str(plan["size"]),
        "minimum_per_stratum": str(plan["minimum_per_stratum"]),
        "top_arr": str(plan["certainty"]["top_arr"]),
        "accounts": joined_values(plan["certainty"]["accounts"]),
        **_NO_TRIGGER,
    }


def _trigger_texts(trigger: Mapping[str, Any]) -> dict[str, str]:
    told = {f"trigger_{name}": str(value) for name, value in trigger.items()}
    return {"method": BY_ITSELF, "minimum_per_stratum": "2", "top_arr": "0", **_NO_TRIGGER, **told}


def number_typed(text: str) -> int | float | str:
    """Return a typed number, with a comma or a point before its decimals; other text is returned as it stands."""
    plain = text.strip()
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain.replace(",", ".")) if _DECIMAL.fullmatch(plain) else plain


def quotas_typed(text: str) -> dict[str, int | float | str]:
    """Return the quotas of lines such as `Enterprise = 40`; the plan's own rules look at the numbers."""
    quotas: dict[str, int | float | str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        stratum, sign, most = (part.strip() for part in line.rpartition("="))
        if not (stratum and sign):
            raise Refusal(f"Write each quota as a stratum, “=” and a number, not “{line[:80]}”.", "quotas")
        if stratum in quotas:
            raise Refusal(f"Give “{stratum[:80]}” one quota only.", "quotas")
        quotas[stratum] = number_typed(most)
    return quotas


def split_values(name: str, text: str) -> list[str]:
    """Return the values that `;` or line ends separate; a value that holds one itself stands in quotes."""
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=";", skipinitialspace=True))
    except csv.Error:
        raise Refusal(f"{LABELS[name]} could not be read; write values with “;” between them.", name) from None
    return [value.strip() for row in rows for value in row if value.strip()]


def joined_values(values: Iterable[str | None]) -> str:
    """Return values as `split_values` reads them."""
    return "; ".join(NO_VALUE if value is None else _quoted(value) for value in values)


def in_words(sentence: str, label: str) -> str:
    """Return a sentence about a document's field as one about the field of this form."""
    return _PLACE.sub(f"{label} ", sentence, count=1)


def _quoted(value: str) -> str:
    if ";" not in value and not value.startswith('"'):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def _flat(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [text for pair in pairs for text in pair]
