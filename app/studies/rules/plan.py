"""What a study plans: study.json checked, with defaults filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.documents import Fields, first_doubled
from app.studies.rules.triggers import Trigger, read_trigger, trigger_document

_FIELDS = {
    "key", "name", "questionnaire", "mode", "strata", "filter", "size", "minimum_per_stratum", "method", "certainty",
    "seed", "wave", "roles", "scorecard", "owner", "opens_on", "closes_on", "health_as_of", "quotas", "anonymous",
    "trigger",
}  # fmt: skip
_OF_A_DRAW = ("size", "minimum_per_stratum", "method", "certainty")
_LARGEST_COUNT = 10_000_000
_LARGEST_SEED = 2**63 - 1
_MOST_FIELDS = 20
_MOST_VALUES = 10_000
_MOST_ROLES = 100
_MOST_QUOTAS = 1_000


class Mode(StrEnum):
    """The door by which people are asked; both means randomised within strata."""

    SURVEY = "survey"
    INTERVIEW = "interview"
    BOTH = "both"


class Method(StrEnum):
    """How the cross-section is drawn.

    census takes everyone; proportional and Neyman share the size out between strata by N_h and by N_h·S_h; PPS draws
    by ARR, inside strata where there are some.
    """

    CENSUS = "census"
    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"
    PPS = "pps"


@dataclass(frozen=True)
class Design:
    """What the draw needs.

    `size` is None for a census; `filter` maps a field to the texts that it lets through, None for a missing value.
    `quotas` maps a stratum, as the draw names it, to the accounts heard after which nobody else there is invited.
    With a `trigger` nothing is drawn: everybody is taken, when something happens at their account.
    `is_anonymous` says that answers are tied to a stratum alone, and to nobody.
    """

    mode: Mode
    strata: tuple[str, ...]
    filter: Mapping[str, tuple[str | None, ...]]
    size: int | None
    minimum_per_stratum: int
    method: Method
    top_arr: int
    certain_accounts: tuple[str, ...]
    seed: int
    wave: str
    roles: Mapping[str, float]
    quotas: Mapping[str, int] = field(default_factory=dict)
    trigger: Trigger | None = None
    is_anonymous: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The account fields that filter and strata read, sorted."""
        return tuple(sorted({*self.strata, *self.filter}))


@dataclass(frozen=True)
class Plan:
    """A study as planned; `owner` is an e-mail address, `health_as_of` the date of the health to compare with."""

    key: str
    name: str
    questionnaire: str
    scorecard: str
    owner: str | None
    opens_on: date
    closes_on: date
    health_as_of: date
    design: Design


def parse_plan(document: Mapping[str, Any]) -> Plan:
    """The plan that a study.json describes; FieldError (a ValueError) with a sentence naming the field at fault.

    `scorecard` defaults to default, `minimum_per_stratum` to 2, `wave` to the key and `health_as_of` to `closes_on`;
    `filter`, `certainty`, `owner`, `quotas`, `anonymous` and, for a census, `size` may be left out. More listed
    certainty accounts than the size are refused; whether the minimums fit is for the draw to say, which knows the
    frame. Next to a `trigger`, what a draw needs is refused, and so are interviews and anonymity; seed and wave may be
    left out.
    """
    fields = Fields(document, "The study")
    fields.only(_FIELDS)
    key = fields.key("key")
    opens_on, closes_on = fields.day("opens_on"), fields.day("closes_on")
    if closes_on < opens_on:
        raise fields.refuse("closes_on", "lies before “opens_on”.")
    return Plan(
        key=key,
        name=fields.text("name"),
        questionnaire=fields.key("questionnaire"),
        scorecard=fields.key("scorecard", default="default"),
        owner=fields.text("owner", longest=254) if fields.has("owner") else None,
        opens_on=opens_on,
        closes_on=closes_on,
        health_as_of=fields.day("health_as_of", default=closes_on),
        design=_design(fields, key),
    )


def design_document(design: Design) -> dict[str, Any]:
    """The design as a plain document with every default filled in; `design_of` reads it back."""
    document = {
        "mode": str(design.mode),
        "strata": list(design.strata),
        "filter": {field: list(values) for field, values in design.filter.items()},
        "size": design.size,
        "minimum_per_stratum": design.minimum_per_stratum,
        "method": str(design.method),
        "certainty": {"top_arr": design.top_arr, "accounts": list(design.certain_accounts)},
        "seed": design.seed,
        "wave": design.wave,
        "roles": dict(design.roles),
        # A plan without quotas, or not anonymous, stays the document, and the hash, that it was before there were any.
        **({"quotas": dict(design.quotas)} if design.quotas else {}),
        **({"anonymous": True} if design.is_anonymous else {}),
    }
    if design.trigger is None:
        return document
    kept = {name: value for name, value in document.items() if name not in _OF_A_DRAW}
    return {**kept, "trigger": trigger_document(design.trigger)}


def design_of(document: Mapping[str, Any]) -> Design:
    """The design that `design_document` wrote; FieldError (a ValueError) for anything else."""
    fields = Fields(document, "The study's plan")
    return _design(fields, "")


def _design(fields: Fields, key: str) -> Design:
    if fields.has("trigger"):
        return _triggered(fields, key)
    method = fields.choice("method", Method)
    certainty = fields.inner("certainty", "The study's certainty")
    certainty.only({"top_arr", "accounts"})
    size = None if method is Method.CENSUS else fields.whole("size", least=1, most=_LARGEST_COUNT)
    listed = tuple(certainty.texts("accounts", most=_LARGEST_COUNT))
    if size is not None and len(listed) > size:
        raise fields.refuse("certainty", f"lists {len(listed):,} accounts, more than the size {size:,}.")
    mode, quotas = fields.choice("mode", Mode), _quotas(fields)
    return Design(
        mode=mode,
        strata=_strata(fields),
        filter=_filter(fields),
        size=size,
        minimum_per_stratum=fields.whole("minimum_per_stratum", least=1, most=_LARGEST_COUNT, default=2),
        method=method,
        top_arr=certainty.whole("top_arr", least=0, most=_LARGEST_COUNT, default=0),
        certain_accounts=listed,
        seed=fields.whole("seed", least=-_LARGEST_SEED, most=_LARGEST_SEED),
        wave=fields.text("wave", default=key),
        roles=_roles(fields),
        quotas=quotas,
        is_anonymous=_anonymous(fields, mode, quotas),
    )


def _triggered(fields: Fields, key: str) -> Design:
    for name in _OF_A_DRAW:
        if fields.has(name):
            raise fields.refuse(name, "does not go with a trigger: nothing is drawn, accounts join as things happen.")
    if fields.choice("mode", Mode, default=Mode.SURVEY) is not Mode.SURVEY:
        raise fields.refuse("mode", "must be survey next to a trigger: nobody waits ready to interview.")
    if fields.flag("anonymous"):
        raise fields.refuse("anonymous", "does not go with a trigger: who has just joined would be known.")
    return Design(
        mode=Mode.SURVEY,
        strata=_strata(fields),
        filter=_filter(fields),
        size=None,
        minimum_per_stratum=1,
        method=Method.CENSUS,
        top_arr=0,
        certain_accounts=(),
        seed=fields.whole("seed", least=-_LARGEST_SEED, most=_LARGEST_SEED, default=0),
        wave=fields.text("wave", default=key),
        roles=_roles(fields),
        quotas=_quotas(fields),
        trigger=read_trigger(fields.inner("trigger", "The study's trigger")),
    )


def _anonymous(fields: Fields, mode: Mode, quotas: Mapping[str, int]) -> bool:
    """Whether the study is anonymous; refused where somebody would have to know who has answered."""
    is_anonymous = fields.flag("anonymous")
    if is_anonymous and mode is not Mode.SURVEY:
        raise fields.refuse("anonymous", "needs the mode “survey”: whoever is interviewed is known.")
    if is_anonymous and quotas:
        raise fields.refuse("quotas", "cannot be kept where “anonymous” is true: nobody knows which accounts answered.")
    return is_anonymous


def _strata(fields: Fields) -> tuple[str, ...]:
    fields.need("strata")
    return tuple(fields.texts("strata", most=_MOST_FIELDS))


def _filter(fields: Fields) -> dict[str, tuple[str | None, ...]]:
    inner = fields.inner("filter", "The study's filter")
    if len(inner.entry) > _MOST_FIELDS:
        raise fields.refuse("filter", f"has more than {_MOST_FIELDS} fields.")
    names = [str(name).strip() for name in inner.entry]
    if not all(names) or first_doubled(names):
        raise fields.refuse("filter", "must name each account field once.")
    return {name: _let_through(inner, field) for name, field in zip(names, inner.entry, strict=True)}


def _let_through(inner: Fields, field: str) -> tuple[str | None, ...]:
    if not inner.has(field) or not isinstance(inner.entry[field], list) or not inner.entry[field]:
        raise inner.refuse(field, "must be a list of the values to let through.")
    return tuple(_filter_value(inner, field, value) for value in inner.entries(field, most=_MOST_VALUES))


def _filter_value(inner: Fields, field: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    number = inner.as_number(field, value)
    return str(int(number)) if number.is_integer() else str(number)


def _roles(fields: Fields) -> dict[str, float]:
    fields.need("roles")
    inner = fields.inner("roles", "The study's roles")
    names = [str(name).strip() for name in inner.entry]
    if not 0 < len(names) <= _MOST_ROLES or any(not 0 < len(name) <= 80 for name in names) or first_doubled(names):
        raise fields.refuse("roles", f"must name 1 to {_MOST_ROLES} roles with their weights, each once.")
    weights = {name: inner.number(role) for name, role in zip(names, inner.entry, strict=True)}
    wrong = [name for name, weight in weights.items() if not 0 < weight <= 1e6]
    if wrong:
        raise inner.refuse(wrong[0], "must weigh more than 0.")
    return weights


def _quotas(fields: Fields) -> dict[str, int]:
    inner = fields.inner("quotas", "The study's quotas")
    names = [str(name).strip() for name in inner.entry]
    if len(names) > _MOST_QUOTAS or any(not 0 < len(name) <= 400 for name in names) or first_doubled(names):
        raise fields.refuse("quotas", f"must name at most {_MOST_QUOTAS:,} strata, each once, with their accounts.")
    return {
        name: inner.whole(stratum, least=1, most=_LARGEST_COUNT)
        for name, stratum in zip(names, inner.entry, strict=True)
    }
