"""What a playbook says: the signs that must all be there, for which tiers, and the action that it raises."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.actions.rules import checked_title
from app.actions.rules.kinds import Kind, checked_kind
from app.core.errors import Refusal
from app.core.mail import one_line
from app.core.words import capital, counted, listed
from app.playbooks.rules.signs import SIGNS, Number, SignKey

LONGEST_NAME = 120
MOST_DAYS = 366
MOST_COOL_DOWN = 3_650
_WHOLE = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True)
class Wanted:
    """A sign with its numbers."""

    key: SignKey
    numbers: Mapping[str, int]

    @property
    def phrase(self) -> str:
        """It in a few words: `renewal within 120 days`."""
        return SIGNS[self.key].phrase(self.numbers)


@dataclass(frozen=True)
class Definition:
    """A playbook: all signs must hold; no tier is every tier. `cool_down_days` count from the day an action closed."""

    name: str
    signs: Sequence[Wanted]
    tiers: Sequence[str]
    kind: Kind
    title: str
    due_days: int
    cool_down_days: int

    @property
    def document(self) -> dict[str, Any]:
        """It as it is kept; the name has a column of its own."""
        return {
            "signs": [{"sign": each.key.value, **each.numbers} for each in self.signs],
            "tiers": list(self.tiers),
            "kind": self.kind.value,
            "title": self.title,
            "due_days": self.due_days,
            "cool_down_days": self.cool_down_days,
        }

    @property
    def sentence(self) -> str:
        """When it raises what, in one sentence."""
        tiers = f" at {listed(self.tiers)}" if self.tiers else ""
        return capital(f"{listed([each.phrase for each in self.signs])}{tiers}")

    @property
    def what(self) -> str:
        """What it raises, in one sentence."""
        when = "the same day" if not self.due_days else f"within {counted(self.due_days, 'day')}"
        return f"Raises the {self.kind.value} “{self.title}” for the account’s CSM, to be done {when}."


def definition_of(name: str, document: Mapping[str, Any]) -> Definition:
    """A kept playbook."""
    return Definition(
        name=name,
        signs=[
            Wanted(SignKey(each["sign"]), {key: int(value) for key, value in each.items() if key != "sign"})
            for each in document["signs"]
        ],
        tiers=list(document["tiers"]),
        kind=Kind(document["kind"]),
        title=document["title"],
        due_days=int(document["due_days"]),
        cool_down_days=int(document["cool_down_days"]),
    )


def checked_definition(typed: Mapping[str, Any], *, tiers: Collection[str]) -> Definition:
    """What was typed, checked; Refusal with the remedy and the field at fault.

    `typed` has the keys name, signs, tiers, kind, title, due_days, cool_down_days, and for each number of a sign
    `SIGN-NUMBER`.
    """
    name = one_line(typed["name"])
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(f"Give the playbook a name of at most {LONGEST_NAME} characters.", "name")
    wanted = [_wanted(key, typed) for key in SignKey if key in typed["signs"]]
    if not wanted:
        raise Refusal("Choose at least one sign that an account must show.", "signs")
    if not set(typed["tiers"]) <= set(tiers):
        raise Refusal("Choose tiers of the list.", "tiers")
    return Definition(
        name=name,
        signs=wanted,
        tiers=sorted(set(typed["tiers"])),
        kind=checked_kind(typed["kind"]),
        title=checked_title(typed["title"]),
        due_days=_whole(typed["due_days"], "due_days", "in how many days it is due", 0, MOST_DAYS),
        cool_down_days=_whole(
            typed["cool_down_days"], "cool_down_days", "for how many days it rests", 0, MOST_COOL_DOWN
        ),
    )


def typed_from(definition: Definition) -> dict[str, Any]:
    """A playbook as its form shows it."""
    typed: dict[str, Any] = dict(proposed())
    typed |= {
        "name": definition.name,
        "signs": [each.key.value for each in definition.signs],
        "tiers": list(definition.tiers),
        "kind": definition.kind.value,
        "title": definition.title,
        "due_days": str(definition.due_days),
        "cool_down_days": str(definition.cool_down_days),
    }
    return typed | {
        field(each.key, name): str(value) for each in definition.signs for name, value in each.numbers.items()
    }


def proposed() -> dict[str, Any]:
    """A form that nobody has filled in yet: the usual numbers."""
    numbers = {field(sign.key, each.name): str(each.proposed) for sign in SIGNS.values() for each in sign.numbers}
    rest: dict[str, Any] = {"name": "", "signs": [], "tiers": [], "kind": Kind.RISK.value, "title": ""}
    return rest | {"due_days": "7", "cool_down_days": "60"} | numbers


def field(key: SignKey, name: str) -> str:
    """What the form calls a number of a sign."""
    return f"{key.value}-{name}"


def _wanted(key: SignKey, typed: Mapping[str, Any]) -> Wanted:
    return Wanted(key, {each.name: _number_of(key, each, typed) for each in SIGNS[key].numbers})


def _number_of(key: SignKey, number: Number, typed: Mapping[str, Any]) -> int:
    name = field(key, number.name)
    return _whole(
        typed.get(name, ""), name, f"{number.name} for “{SIGNS[key].words.lower()}”", number.least, number.most
    )


def _whole(raw: str, name: str, what: str, least: int, most: int) -> int:
    text = raw.strip()
    if not (text.isascii() and _WHOLE.fullmatch(text) and least <= int(text) <= most):
        raise Refusal(f"Enter {what}: a whole number from {least:,} to {most:,}.", name)
    return int(text)
