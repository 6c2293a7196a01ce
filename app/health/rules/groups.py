"""Groups of measures with weights of their own, and exceptions by which a red or amber part caps the whole band."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.core.documents import FieldError, Fields, first_doubled, shown
from app.health.rules.bands import Band

LARGEST_WEIGHT = 1e15
MOST_GROUPS = 50
MOST_EXCEPTIONS = 50


@dataclass(frozen=True)
class Group:
    """A group of measures; its weight is split among them by theirs."""

    key: str
    name: str
    weight: float


@dataclass(frozen=True)
class Exemption:
    """A rule that caps the band: where a measure, or any of a group, is as bad as `when`, the band is `cap` at most.

    One of `group` and `measure` is given.
    """

    when: Band
    cap: Band
    group: str | None = None
    measure: str | None = None

    def document(self) -> dict[str, str]:
        """The plain document of the rule."""
        part = {"group": self.group} if self.group is not None else {"measure": self.measure or ""}
        return {**part, "is": str(self.when), "cap": str(self.cap)}


def read_groups(fields: Fields) -> tuple[Group, ...]:
    """The groups that a scorecard names, none where it names none; FieldError with the group at fault."""
    entries = fields.entries("groups", most=MOST_GROUPS)
    groups = tuple(_group(entry, position) for position, entry in enumerate(entries, start=1))
    if doubled := first_doubled(group.key for group in groups):
        raise FieldError(f"Group {shown(doubled)} stands there twice; give each group its own key.", "groups")
    return groups


def check_membership(groups: Collection[Group], of_measures: dict[str, str | None]) -> None:
    """Refuse measures (key → group) that are in no group of the scorecard, and groups that no measure is in."""
    keys = [group.key for group in groups]
    for measure, group in of_measures.items() if keys else ():
        if group not in keys:
            says = "is missing" if group is None else f"is {shown(group)}"
            raise FieldError(
                f"Measure {shown(measure)}: “group” {says}; the scorecard's groups are: {', '.join(keys)}.", "group"
            )
    for key in keys:
        if key not in of_measures.values():
            raise FieldError(f"Group {shown(key)} has no measure; give it one, or leave the group out.", "groups")


def read_exceptions(fields: Fields, of_measures: dict[str, str | None]) -> tuple[Exemption, ...]:
    """The exceptions of a scorecard with these measures (key → group); FieldError with the exception at fault."""
    entries = fields.entries("exceptions", most=MOST_EXCEPTIONS)
    found = tuple(_exception(entry, position, of_measures) for position, entry in enumerate(entries, start=1))
    doubled = next((each for position, each in enumerate(found) if each in found[:position]), None)
    if doubled is not None:
        part = doubled.group if doubled.group is not None else doubled.measure
        raise fields.refuse("exceptions", f"says the same of {shown(part)} twice.")
    return found


def _group(entry: Any, position: int) -> Group:
    key = Fields(entry, f"Group {position}").key("key")
    fields = Fields(entry, f"Group {shown(key)}")
    fields.only({"key", "name", "weight"})
    weight = fields.number("weight")
    if not 0 < weight <= LARGEST_WEIGHT:
        raise fields.refuse("weight", "must be above 0 (and no astronomical number).")
    return Group(key, fields.text("name", default=key), weight)


def _exception(entry: Any, position: int, of_measures: dict[str, str | None]) -> Exemption:
    fields = Fields(entry, f"Exception {position}")
    fields.only({"group", "measure", "is", "cap"})
    if fields.has("group") == fields.has("measure"):
        raise fields.refuse("group", "or “measure” must be named, one of the two.")
    found = Exemption(
        when=_bad(fields, "is"),
        cap=_bad(fields, "cap"),
        group=fields.text("group") if fields.has("group") else None,
        measure=fields.text("measure") if fields.has("measure") else None,
    )
    if found.group is not None and found.group not in of_measures.values():
        raise fields.refuse("group", f"is {shown(found.group)}, and no measure is in such a group.")
    if found.measure is not None and found.measure not in of_measures:
        raise fields.refuse("measure", f"is {shown(found.measure)}, and the scorecard has no such measure.")
    return found


def _bad(fields: Fields, name: str) -> Band:
    band = fields.choice(name, Band)
    if band is Band.GREEN:
        raise fields.refuse(name, "is “green”; use one of: red, amber.")
    return band
