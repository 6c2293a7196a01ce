"""Which scorecard scores which account: ordered rules over what is known of an account, and a default."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.documents import Fields

MOST_RULES = 50
MOST_VALUES = 200


class ChoiceField(StrEnum):
    """What a rule may look at; an account may have relationships of several types, or of none."""

    SEGMENT = "segment"
    TIER = "tier"
    INDUSTRY = "industry"
    PLAN = "plan"
    LIFECYCLE_STAGE = "lifecycle_stage"
    RELATIONSHIP_TYPE = "relationship_type"


@dataclass(frozen=True)
class ChoiceRule:
    """Accounts with one of these values in a field (capitals do not matter) are scored by this scorecard."""

    field: ChoiceField
    values: tuple[str, ...]
    scorecard: str

    @property
    def compared(self) -> frozenset[str]:
        """The values as they are compared."""
        return frozenset(value.lower() for value in self.values)


@dataclass(frozen=True)
class Choice:
    """Ordered rules: the first that an account meets names its scorecard, else it is the default."""

    rules: tuple[ChoiceRule, ...]
    default: str

    @property
    def scorecards(self) -> tuple[str, ...]:
        """The keys of the scorecards in use, each once, in the order of the rules."""
        return tuple(dict.fromkeys([*(rule.scorecard for rule in self.rules), self.default]))


@dataclass(frozen=True)
class Chosen:
    """The scorecard of each account, and how many accounts met each rule first; the last number is the default's."""

    scorecards: list[str]
    counts: list[int]

    @property
    def idle(self) -> list[int]:
        """The positions of rules that no account met first."""
        return [position for position, count in enumerate(self.counts[:-1]) if not count]


def parse_choice(document: Mapping[str, Any]) -> Choice:
    """The choice that a document describes; FieldError (a ValueError) with a sentence naming the rule at fault.

    Without rules the default scores everybody.
    """
    fields = Fields(document, "The choice")
    fields.only({"rules", "default"})
    entries = fields.entries("rules", most=MOST_RULES)
    rules = tuple(_rule(entry, position) for position, entry in enumerate(entries, start=1))
    return Choice(rules, fields.key("default", default="default"))


def choice_document(choice: Choice) -> dict[str, Any]:
    """The plain document of a choice; `parse_choice` reads it back."""
    rules = [
        {"field": str(rule.field), "values": list(rule.values), "scorecard": rule.scorecard} for rule in choice.rules
    ]
    return {"rules": rules, "default": choice.default}


def choose(choice: Choice, columns: Mapping[ChoiceField, Sequence[Collection[str]]], accounts: int) -> Chosen:
    """The scorecard of each account; `columns` hold each account's values of the fields that the rules look at."""
    places = [
        next(
            (
                position
                for position, rule in enumerate(choice.rules)
                if any(value.lower() in rule.compared for value in columns[rule.field][account])
            ),
            len(choice.rules),
        )
        for account in range(accounts)
    ]
    keys = [*(rule.scorecard for rule in choice.rules), choice.default]
    return Chosen([keys[place] for place in places], [places.count(position) for position in range(len(keys))])


def _rule(entry: Any, position: int) -> ChoiceRule:
    fields = Fields(entry, f"Rule {position}")
    fields.only({"field", "values", "scorecard"})
    values = fields.texts("values", most=MOST_VALUES)
    if not values:
        raise fields.refuse("values", "is empty or missing; name at least one value, or leave the rule out.")
    return ChoiceRule(fields.choice("field", ChoiceField), tuple(values), fields.key("scorecard"))
