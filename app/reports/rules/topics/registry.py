"""Every topic that stands behind a gap report: its name in the address, its name on the page, and who writes it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.reports.rules.topics import agreement, dimensions, segments, three_ways, words
from app.reports.rules.topics.page import Figures, Page, Setting


@dataclass(frozen=True)
class Topic:
    """One topic: what its tab says, and the rule that writes its page from the stored figures.

    `answers` names the open answers (row ids) whose words the page quotes.
    """

    name: str
    page: Callable[[Figures, Setting], Page]
    answers: Callable[[Figures], Collection[int]] | None = None


TOPICS: Mapping[str, Topic] = {
    "agreement": Topic("Agreement", agreement.page),
    "dimensions": Topic("By topic", dimensions.page),
    "segments": Topic("By segment", segments.page),
    "three_ways": Topic("Who was closer", three_ways.page),
    "words": Topic("Words", words.page, answers=words.answers),
}
"""In the order of the tabs; the keys are those of `scoring.services.analyses`."""
