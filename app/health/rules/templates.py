"""Scorecards to start from: groups and slots, each slot with the metrics that usually fill it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.health.rules.editing import Entry, Sheet, blank_measure, key_from
from app.health.rules.starter import Measured

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Slot:
    """A measure to be: its name, words by which a measured metric is known, or a metric of our own, and its curve.

    Without a curve it runs from the metric's usual low to its usual high; `falls` where less is better.
    """

    name: str
    words: tuple[str, ...] = ()
    metric: str = ""
    curve: Curve = ()
    weight: int = 10
    is_secondary: bool = False
    falls: bool = False


@dataclass(frozen=True)
class Group:
    """A group of slots and its weight; the measures share it."""

    name: str
    weight: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Template:
    """A scorecard to start from: what it is called, for whom it is, its groups; a group without a name is none."""

    key: str
    name: str
    sentence: str
    groups: tuple[Group, ...]


_OPEN_CASES = Slot("Open cases", metric="cases.open", curve=((0, 100), (10, 0)))
_DAYS_TO_CLOSE = Slot("Days until a case is closed", metric="cases.days_to_close", curve=((1, 100), (14, 0)))
_SENTIMENT = Slot("CSM sentiment", metric="csm.sentiment", curve=((0, 0), (100, 100)))

TEMPLATES = (
    Template(
        "adoption",
        "Adoption, time to value, outcomes, relationship, feedback",
        "For software that people work with: what they do with it weighs most.",
        (
            Group("Adoption", 30, (
                Slot("Active users", ("active", "users", "logins", "log_in", "log in", "seats")),
                Slot("Features in use", ("feature", "modules", "usage", "use")),
            )),
            Group("Time to value", 20, (
                Slot("Days until first value", ("time_to_value", "ttv", "onboard", "go_live"), falls=True),
                Slot("Milestones reached", ("milestone", "setup", "implementation")),
            )),
            Group("Business outcomes", 20, (Slot("Outcomes reached", ("outcome", "goal", "roi", "value")),)),
            Group("Relationship", 15, (
                Slot("Meetings with decision makers", ("meeting", "qbr", "executive", "sponsor")),
                _SENTIMENT,
            )),
            Group("Customer feedback", 15, (
                Slot("NPS", ("nps.", "nps")),
                Slot("Satisfaction with cases", metric="cases.csat", curve=((1, 0), (5, 100)), is_secondary=True),
            )),
        ),
    ),
    Template(
        "categories_360",
        "The eight 360 categories plus education and reach",
        "For holding health against the same topics that surveys and interviews ask about.",
        (
            Group("Overall sentiment", 10, (_SENTIMENT,)),
            Group("Readiness", 10, (Slot("Readiness", ("readiness", "onboard", "setup")),)),
            Group("Product", 10, (Slot("Product", ("feature", "product", "module")),)),
            Group("Quality", 10, (Slot("Cases opened", metric="cases.opened", curve=((0, 100), (20, 0))),)),
            Group("Implementation", 10, (Slot("Implementation", ("implementation", "milestone", "go_live")),)),
            Group("Support", 10, (_DAYS_TO_CLOSE,)),
            Group("Company", 10, (Slot("Company", ("payment", "invoice", "qbr", "meeting")),)),
            Group("Adoption", 10, (Slot("Adoption", ("active", "users", "usage", "logins", "use")),)),
            Group("Education", 10, (Slot("Education", ("education", "training", "course", "certif")),)),
            Group("Reach", 10, (Slot("Reach", ("reach", "department", "contacts", "sites", "seats")),)),
        ),
    ),
    Template(
        "commercial",
        "The short commercial one",
        "What the customer costs against what they pay, and how many opportunities are new.",
        (
            Group("Profit and loss", 60, (
                Slot("Margin after cost, incentives and rebates", metric="account.margin", curve=((0, 0), (0.6, 100))),
            )),
            Group("New opportunities", 40, (
                Slot("Opportunities created", metric="account.new_opportunities", curve=((0, 30), (3, 100))),
            )),
        ),
    ),
    Template(
        "happy_path",
        "Happy path: eight free slots",
        "Eight steps that customers take who stay; choose a metric for each.",
        (Group("", 0, tuple(Slot(f"Step {number}") for number in range(1, 9))),),
    ),
)  # fmt: skip


def template_sheet(template: Template, *, key: str, name: str, measured: Sequence[Measured]) -> Sheet:
    """The draft that a template begins; a slot takes the measured metric that its words know, each metric once."""
    free = list(measured)
    groups: list[Entry] = []
    measures: list[Entry] = []
    for group in template.groups:
        group_key = key_from(group.name, [each["key"] for each in groups]) if group.name else ""
        if group_key:
            groups.append({"key": group_key, "name": group.name, "weight": str(group.weight)})
        for slot in group.slots:
            slot_key = key_from(slot.name, [each["key"] for each in measures])
            measures.append(_filled(slot, slot_key, group_key, free))
    return {
        "key": key,
        "name": name,
        "template": template.key,
        "amber_from": "50",
        "green_from": "75",
        "stages": [],
        "groups": groups,
        "measures": measures,
        "exceptions": [],
    }


def template_of(key: str) -> Template | None:
    """The template of that key, or None."""
    return next((template for template in TEMPLATES if template.key == key), None)


def _filled(slot: Slot, key: str, group: str, free: list[Measured]) -> Entry:
    tier = "secondary" if slot.is_secondary else "primary"
    entry = blank_measure(key, name=slot.name, metric=slot.metric, group=group, weight=str(slot.weight), tier=tier)
    if slot.curve:
        return entry | {"points": _typed(slot.curve)}
    found = next((m for word in slot.words for m in free if word in m.metric.casefold() and m.low < m.high), None)
    if found is None:
        return entry
    free.remove(found)
    return entry | {"metric": found.metric, "points": _typed(found.curve(falls=slot.falls))}


def _typed(curve: Sequence[tuple[float, float]]) -> list[list[str]]:
    return [[f"{x:.6g}", f"{y:.6g}"] for x, y in curve]
