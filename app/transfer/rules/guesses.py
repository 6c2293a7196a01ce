"""What the columns of another system's file mean to us: guessed by their names, chosen by a person, held to rules."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.transfer.rules.cells import Shape, check_characters, in_format, plain_number, shown
from app.transfer.rules.headers import LONGEST_NAME, MOST_COLUMNS, Expected

CUSTOM = "~custom"
OUT = "~out"
"""Choices that are no field: a custom field under the file's own name, and not imported at all."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "account_id": (
        "account id",
        "account",
        "customer id",
        "company id",
        "crm id",
        "account number",
        "parent account id",
    ),
    "name": ("account name", "company name", "customer name", "company", "full name", "contact name"),
    "arr": ("annual revenue", "annual recurring revenue", "arr amount", "acv", "contract value", "revenue"),
    "segment": ("customer segment", "account segment", "market segment"),
    "tier": ("account tier", "customer tier", "support tier"),
    "status": ("account status", "customer status", "case status"),
    "lifecycle_stage": ("lifecycle", "life cycle stage", "customer stage"),
    "country": ("billing country", "country code", "shipping country"),
    "state": ("billing state", "billing state province", "region state", "province"),
    "city": ("billing city", "town", "shipping city"),
    "postal_code": ("billing postal code", "billing zip postal code", "zip", "zip code", "postcode"),
    "currency": ("currency iso code", "account currency", "currency code"),
    "seats": ("number of seats", "licenses", "licences", "number of licenses", "users"),
    "start_date": ("contract start date", "customer since", "subscription start date", "start"),
    "renewal_date": ("contract end date", "next renewal date", "renewal", "end date", "contract renewal date"),
    "term_months": ("contract term", "contract term months", "term"),
    "plan": ("subscription plan", "edition", "package"),
    "csm_email": ("csm", "customer success manager email", "csm e mail", "owner email", "account owner email"),
    "email": ("email address", "e mail", "mail"),
    "phone": ("phone number", "business phone", "mobile"),
    "role": ("title", "job title", "contact role"),
    "owner_email": ("owner email", "opportunity owner email", "owner e mail", "owner"),
    "amount": ("deal value", "opportunity amount", "value amount", "deal amount"),
    "stage": ("stage name", "deal stage", "opportunity stage"),
    "close_date": ("closing date", "expected close date", "closed date"),
    "created_on": ("created date", "create date", "date created", "creation date"),
    "product": ("product name", "product family"),
    "opened_at": ("created date", "date time opened", "opened date", "create date"),
    "closed_at": ("closed date", "date time closed"),
    "occurred_at": ("activity date", "date", "due date", "start date time"),
    "channel": ("type", "activity type", "task subtype"),
    "summary": ("description", "comments", "subject"),
    "text": ("promise", "description"),
    "value": ("amount", "measure value"),
    "period_end": ("date", "period", "day"),
    "metric": ("metric name", "measure", "event"),
    "outcome_date": ("date", "effective date"),
    "included": ("education included", "training included", "education in deal", "enablement included"),
    "what": ("education", "training", "courses", "package", "programme", "program"),
    "hours": ("training hours", "education hours", "hours included"),
    "taken_on": ("training date", "completion date", "completed on", "last training", "trained on"),
    "takers": ("teams", "departments", "attendees", "audience"),
    "people": ("people trained", "participants", "learners", "number of participants"),
    "share_percent": ("share", "completion rate", "completion", "percent trained", "share trained"),
    "opportunity_id": ("deal id",),
    "case_id": ("case number", "ticket id"),
}
"""Names under which customer systems keep our fields, in small letters and single spaces."""

DATE_FORMATS = (None, "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9][0-9.]*,[0-9]{1,2}")


@dataclass(frozen=True)
class Guess:
    """What a column may be: a field, CUSTOM or OUT, and in words why."""

    choice: str
    why: str


def guessed(header: Sequence[str], expected: Expected, key: str) -> list[Guess]:
    """What each column may be, each field at most once; by our own name first, then by the names of customer systems.

    `key` is the field that a column named “Id” means.
    """
    names = [_plain(name) for name in header]
    fields: dict[int, Guess] = {}
    for meaning, why in ((_own, "its name"), (_usual, "guessed from its name")):
        taken = {guess.choice for guess in fields.values()}
        for field in (each for each in expected.known if each not in taken):
            usual = meaning(field, key)
            place = next(
                (at for name in usual for at, each in enumerate(names) if each == name and at not in fields), None
            )
            if place is not None:
                fields[place] = Guess(field, why)
    rest = Guess(CUSTOM, "no field of ours") if expected.takes_custom else Guess(OUT, "no field of ours")
    return [fields.get(place, rest) for place in range(len(header))]


def guessed_format(samples: Sequence[str]) -> str | None:
    """The first shape of dates by which all samples can be read; None is YYYY-MM-DD, also where none fits."""
    if not samples or all(re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) for text in samples):
        return None
    fits = (each for each in DATE_FORMATS if each and all(in_format(text, each) for text in samples))
    return next(fits, None)


def has_guessed_comma(samples: Sequence[str]) -> bool:
    """Whether the numbers are written 1.234,56: some can be read in no other way."""
    return any(_DECIMAL_COMMA.fullmatch(text) for text in samples) and all(_reads_with_comma(text) for text in samples)


def is_mappable(header: Sequence[str]) -> bool:
    """Whether the columns can be told apart, so that a person may say what they are."""
    names = [name.strip() for name in header]
    if not names or len(names) > MOST_COLUMNS or len({name.casefold() for name in names}) < len(names):
        return False
    return all(name and len(name) <= LONGEST_NAME and _is_clean(name) for name in names)


def fits(names: Sequence[str], expected: Expected) -> bool:
    """Whether a recognised header can be imported as it is."""
    has_all = all(name in names for name in expected.required)
    return has_all and (expected.takes_custom or all(name in expected.known for name in names))


def checked(header: Sequence[str], choices: Sequence[str], expected: Expected) -> dict[str, str]:
    """What each column is to us, by its name; empty for one that is left out.

    ValueError with a sentence where two columns are one field, a required field has none, or a choice is none of ours.
    """
    allowed = {*expected.known, OUT, *([CUSTOM] if expected.takes_custom else [])}
    for name, choice in zip(header, choices, strict=True):
        if choice not in allowed:
            raise ValueError(f"Choose what the column {shown(name)} is.")
    for field, count in Counter(each for each in choices if each not in {OUT, CUSTOM}).items():
        if count > 1:
            both = [shown(name) for name, choice in zip(header, choices, strict=True) if choice == field]
            raise ValueError(f"{' and '.join(both)} are both {field}; leave out all but one of them.")
    missing = [field for field in expected.required if field not in choices]
    if missing:
        raise ValueError(
            f"No column is {' or '.join(missing)}, and the file needs it; choose the column that holds it."
        )
    named = {name: _meaning(name, choice) for name, choice in zip(header, choices, strict=True)}
    return _without_clashes(named, expected)


def _without_clashes(named: Mapping[str, str], expected: Expected) -> dict[str, str]:
    for name, meaning in named.items():
        if meaning == name and name.casefold() in expected.known and list(named.values()).count(name.casefold()) != 1:
            raise ValueError(f"A custom field cannot be called {shown(name)}, as a field of ours is; leave it out.")
    return dict(named)


def _meaning(name: str, choice: str) -> str:
    return {OUT: "", CUSTOM: name}.get(choice, choice)


def _own(field: str, _key: str) -> tuple[str, ...]:
    return (_plain(field),)


def _usual(field: str, key: str) -> tuple[str, ...]:
    return (*SYNONYMS.get(field, ()), *(("id", "record id") if field == key else ()))


def _plain(name: str) -> str:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.strip().removesuffix("__c"))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", parted.casefold()).split())


def _is_clean(name: str) -> bool:
    try:
        check_characters(name)
    except ValueError:
        return False
    return True


def _reads_with_comma(text: str) -> bool:
    try:
        plain_number(Shape(None, has_decimal_comma=True))(text)
    except ValueError:
        return False
    return True
