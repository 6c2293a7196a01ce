"""What the page of an account shows, and in which order: summary, widgets and sections, as one document."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.errors import Refusal
from app.customer360.rules.summary import FIELDS, LONGEST_LABEL, OWN, field_name, is_field
from app.users.rules import Role

MOST_FIELDS = 6
LONGEST_METRIC = 120
LONGEST_PRIORITY = 40
MOST_DAYS = 3650


class Extent(StrEnum):
    """Whom a layout is for: the readers of a role, or the relationships of a type."""

    ROLE = "role"
    TYPE = "type"


class Shows(StrEnum):
    """Where a field of the summary shows."""

    ACCOUNT = "account"
    LIST = "list"
    BOTH = "both"


SHOWS = {Shows.ACCOUNT: "Page of the account", Shows.LIST: "List of accounts", Shows.BOTH: "Both"}

WIDGETS = {
    "health": "Health, with its trend",
    "voice": "Voice, with its interval",
    "gap": "Gap",
    "nps": "NPS: average rating and true NPS",
    "users": "Active users",
    "csm": "What the CSM thinks",
    "cases": "Open cases",
    "distress": "Distress",
    "actions": "Open risks, events and opportunities",
    "deals": "Open deals",
    "value": "Value promised and delivered",
    "footprint": "Footprint",
    "relationships": "Relationships, rolled up",
    "revenue": "Revenue a year",
    "quote": "A quote",
}
"""Every widget by its key, in the order in which a page shows them where nobody arranged it."""
HIDDEN = frozenset({"revenue", "quote"})
"""Widgets that show only where somebody wants them: the summary and the quotes say the same."""


@dataclass(frozen=True)
class Kind:
    """A section: its name, whether it takes the whole width, and whether it is read only when somebody comes to it."""

    name: str
    is_wide: bool = False
    is_later: bool = False


SECTIONS = {
    "voice": Kind("Topics", is_wide=True),
    "quotes": Kind("Quotes", is_wide=True),
    "heard": Kind("Who we heard", is_wide=True),
    "timeline": Kind("Timeline", is_wide=True, is_later=True),
    "actions": Kind("What we do next", is_later=True),
    "promises": Kind("Promises", is_later=True),
    "stakeholders": Kind("Who to ask", is_later=True),
    "contacts": Kind("Contacts", is_later=True),
    "relationships": Kind("Relationships", is_later=True),
    "opportunities": Kind("Opportunities", is_later=True),
    "cases": Kind("Cases", is_later=True),
    "distress": Kind("Distress", is_later=True),
    "health": Kind("Health", is_wide=True),
    "workings": Kind("Workings", is_wide=True),
    "outcomes": Kind("Outcomes", is_later=True),
    "studies": Kind("Studies"),
    "account": Kind("The account"),
    "more": Kind("More"),
}
"""Every section by its key, in the order in which a page shows them where nobody arranged it."""


@dataclass(frozen=True)
class Chosen:
    """A field of the summary: what it is called here, blank for its own name, and where it shows."""

    field: str
    label: str = ""
    shows: Shows = Shows.ACCOUNT

    @property
    def name(self) -> str:
        """What stands before the value."""
        return self.label or field_name(self.field)


@dataclass(frozen=True)
class Part:
    """A widget or a section: whether it shows, and what was set for it."""

    key: str
    is_shown: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """What a page shows. `gone` names what a stored layout asks for and what is there no longer."""

    summary: tuple[Chosen, ...]
    widgets: tuple[Part, ...]
    sections: tuple[Part, ...]
    gone: tuple[str, ...] = ()

    @property
    def on_page(self) -> tuple[Chosen, ...]:
        """The fields of the summary that the page of an account shows."""
        return tuple(each for each in self.summary if each.shows is not Shows.LIST)

    @property
    def in_list(self) -> tuple[Chosen, ...]:
        """The fields of the summary that the list of accounts shows."""
        return tuple(each for each in self.summary if each.shows is not Shows.ACCOUNT)

    def options(self, widget: str) -> Mapping[str, str]:
        """What was set for a widget."""
        return next((each.options for each in self.widgets if each.key == widget), {})


@dataclass(frozen=True)
class Placed:
    """A section in its place; a narrow one without a neighbour takes the whole width."""

    key: str
    name: str
    is_wide: bool
    is_later: bool


OPTIONS = {"users": ("metric",), "cases": ("priority", "days")}
"""What can be set for a widget."""
USUAL_OPTIONS = {"users": {"metric": "active_users"}}
USUAL_SUMMARY = ("status", "industry", "arr", "start_date", "renewal_date", "lifetime")
USUAL = Layout(
    summary=tuple(Chosen(each) for each in USUAL_SUMMARY),
    widgets=tuple(Part(key, key not in HIDDEN, USUAL_OPTIONS.get(key, {})) for key in WIDGETS),
    sections=tuple(Part(key) for key in SECTIONS),
)


def role_of(roles: Collection[str]) -> str:
    """The role whose layout somebody sees who has several: that which carries furthest."""
    return next((str(role) for role in Role if role in roles), str(Role.VIEWER))


def layout_of(document: Mapping[str, Any] | None) -> Layout:
    """The layout that a stored document says; as usual where there is none.

    What it names and nobody knows any more is left out and told in `gone`; widgets and sections that came later stand
    at the end.
    """
    if document is None:
        return USUAL
    gone: list[str] = []
    summary = []
    for entry in document.get("summary", []):
        if is_field(entry["field"]):
            summary.append(Chosen(entry["field"], entry.get("label", ""), Shows(entry.get("shows", Shows.ACCOUNT))))
        else:
            gone.append(f"the field “{entry.get('label') or entry['field']}”")
    return Layout(
        summary=tuple(summary[:MOST_FIELDS]),
        widgets=_parts(document.get("widgets", []), USUAL.widgets, "widget", gone),
        sections=_parts(document.get("sections", []), USUAL.sections, "section", gone),
        gone=tuple(gone),
    )


def layout_document(layout: Layout) -> dict[str, Any]:
    """The plain document of a layout; `layout_of` reads it back."""
    return {
        "summary": [{"field": each.field, "label": each.label, "shows": str(each.shows)} for each in layout.summary],
        "widgets": [_entry(each) for each in layout.widgets],
        "sections": [_entry(each) for each in layout.sections],
    }


def checked_layout(document: Mapping[str, Any]) -> Layout:
    """The layout that somebody typed; Refusal with a sentence where it is none."""
    summary = document.get("summary", [])
    if len(summary) > MOST_FIELDS:
        raise Refusal(too_many(summary[MOST_FIELDS]["field"]), "summary")
    seen: set[str] = set()
    for entry in summary:
        _check_field(entry, seen)
    for entry in document.get("widgets", []):
        _check_options(entry)
    layout = layout_of(document)
    if not any(each.is_shown for each in layout.sections):
        raise Refusal("Show at least one section; a page without any says nothing.", "sections")
    return layout


def too_many(key: str) -> str:
    """Why a field more is refused."""
    name = field_name(key)
    return f"A summary has at most six fields. Take one out before you add “{name}”."


def added(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The document with a field more; Refusal where six stand there, or where it stands there already."""
    summary = list(document["summary"])
    if not is_field(key):
        raise Refusal("Choose a field to add.", "add")
    if any(each["field"] == key for each in summary):
        raise Refusal(f"“{field_name(key)}” stands in the summary already.", "add")
    if len(summary) >= MOST_FIELDS:
        raise Refusal(too_many(key), "add")
    return {**document, "summary": [*summary, {"field": key, "label": "", "shows": str(Shows.ACCOUNT)}]}


def moved(document: Mapping[str, Any], deed: str, part: str, key: str) -> dict[str, Any]:
    """The document after an entry of a part went up, down or out; as it was where there is no such entry."""
    entries = list(document.get(part, []))
    place = next((n for n, each in enumerate(entries) if each.get("field", each.get("key")) == key), None)
    if place is None or deed not in {"up", "down", "out"} or (deed == "out" and part != "summary"):
        return dict(document)
    entry = entries.pop(place)
    if deed != "out":
        entries.insert(max(place + (-1 if deed == "up" else 1), 0), entry)
    return {**document, part: entries}


def placed(sections: Sequence[Part], kinds: Mapping[str, Kind] = SECTIONS) -> list[Placed]:
    """The sections that show, in their places: two narrow ones side by side, one alone over the whole width."""
    shown = [each.key for each in sections if each.is_shown]
    found: list[Placed] = []
    is_waiting = False
    for place, key in enumerate(shown):
        kind = kinds[key]
        follows = shown[place + 1] if place + 1 < len(shown) else None
        has_neighbour = is_waiting or (follows is not None and not kinds[follows].is_wide)
        is_wide = kind.is_wide or not has_neighbour
        is_waiting = not is_wide and not is_waiting
        found.append(Placed(key, kind.name, is_wide, kind.is_later))
    return found


def free_fields(document: Mapping[str, Any], own: Sequence[str]) -> list[tuple[str, str]]:
    """The fields that could be added, with their names: those of every account, then the workspace's own."""
    taken = {each["field"] for each in document["summary"]}
    keys = [*FIELDS, *(OWN + key for key in own)]
    return [(key, field_name(key)) for key in keys if key not in taken]


def lost_fields(summary: Sequence[Chosen], own: Sequence[str]) -> list[str]:
    """The workspace's own fields in a summary that no account has any more, by the names they had."""
    return [each.name for each in summary if each.field.startswith(OWN) and each.field[len(OWN) :] not in own]


def _parts(entries: Sequence[Mapping[str, Any]], usual: Sequence[Part], word: str, gone: list[str]) -> tuple[Part, ...]:
    known = {each.key: each for each in usual}
    found: dict[str, Part] = {}
    for entry in entries:
        key = entry["key"]
        if key not in known:
            gone.append(f"the {word} “{key}”")
        elif key not in found:
            options = {name: str(entry[name]) for name in OPTIONS.get(key, ()) if entry.get(name)}
            found[key] = Part(key, bool(entry.get("shown", True)), options or known[key].options)
    return (*found.values(), *(each for key, each in known.items() if key not in found))


def _entry(part: Part) -> dict[str, Any]:
    return {"key": part.key, "shown": part.is_shown, **part.options}


def _check_field(entry: Mapping[str, Any], seen: set[str]) -> None:
    key, name = entry["field"], entry.get("label", "")
    if key in seen:
        raise Refusal(f"“{field_name(key)}” stands in the summary twice; take one out.", "summary")
    seen.add(key)
    if len(name) > LONGEST_LABEL or not name.isprintable():
        raise Refusal(f"Give a field a name of at most {LONGEST_LABEL} letters, digits and signs.", "summary")
    if entry.get("shows", Shows.ACCOUNT) not in set(Shows):
        raise Refusal(f"Choose where “{field_name(key)}” shows.", "summary")


def _check_options(entry: Mapping[str, Any]) -> None:
    days = str(entry.get("days", "")).strip()
    if days and not (days.isascii() and days.isdigit() and len(days) < 6 and int(days) <= MOST_DAYS):
        raise Refusal(f"Enter a whole number of days up to {MOST_DAYS:,}, or nothing.", "cases-days")
    if len(str(entry.get("priority", ""))) > LONGEST_PRIORITY:
        raise Refusal(f"A priority has at most {LONGEST_PRIORITY} letters.", "cases-priority")
    if len(str(entry.get("metric", ""))) > LONGEST_METRIC:
        raise Refusal(f"The name of a metric has at most {LONGEST_METRIC} letters.", "users-metric")
