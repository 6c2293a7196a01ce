"""Every topic that stands behind a gap report: its name in the address, its name on the page, and who writes it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.reports.rules.topics import agreement, drivers, modes, trends
from app.reports.rules.topics.page import Figures, Page, Setting


@dataclass(frozen=True)
class Topic:
    """One topic: what its tab says, and the rule that writes its page from the stored figures.

    `wanted` names the questions and the accounts (row ids) whose words the page may quote.
    """

    name: str
    page: Callable[[Figures, Setting], Page]
    wanted: Callable[[Figures, Setting], tuple[Collection[str], Collection[int]]] | None = None


TOPICS: Mapping[str, Topic] = {
    "agreement": Topic("Agreement", agreement.page),
    "modes": Topic("Survey or interview", modes.page),
    "drivers": Topic("Drivers", drivers.page, drivers.wanted),
    "trends": Topic("Trends", trends.page),
}
"""In the order of the tabs; the keys are those of `scoring.services.analyses`."""
