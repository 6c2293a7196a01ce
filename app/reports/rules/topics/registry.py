"""Every topic that stands behind a gap report: its name in the address, its name on the page, and who writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.reports.rules.topics import agreement, modes
from app.reports.rules.topics.page import Figures, Page, Setting


@dataclass(frozen=True)
class Topic:
    """One topic: what its tab says, and the rule that writes its page from the stored figures."""

    name: str
    page: Callable[[Figures, Setting], Page]


TOPICS: Mapping[str, Topic] = {
    "agreement": Topic("Agreement", agreement.page),
    "modes": Topic("Survey or interview", modes.page),
}
"""In the order of the tabs; the keys are those of `scoring.services.analyses`."""
