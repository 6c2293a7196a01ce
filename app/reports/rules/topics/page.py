"""What every page of a topic is made of: findings with their sentence, chart, table, quotes and workings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.reports.rules.charts.base import Chart
from app.reports.rules.evidence import Told
from app.reports.rules.workings import Working

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """An address by its endpoint, for the template to write."""

    endpoint: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell: its text, a smaller line below it, and where a click leads."""

    text: str
    sub: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class Table:
    """A table; the columns at the positions `numeric` are set to the end. `note` says what is left out.

    `is_long` lets it scroll within the page.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: frozenset[int] = frozenset()
    note: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class Quote:
    """Words somebody said, who said them as far as they allowed it, and the response they stand in."""

    words: str
    who: str
    link: Link
    language: str = ""


@dataclass(frozen=True)
class Section:
    """One finding of a page. Where nothing can be said, `empty` says why, and what would fill it.

    `quotes` speak for the finding, `against` contradict it.
    """

    key: str
    title: str
    text: Sequence[str] = ()
    chart: Chart | None = None
    tables: Sequence[Table] = ()
    quotes: Sequence[Quote] = ()
    against: Sequence[Quote] = ()
    workings: Sequence[Working] = ()
    empty: str = ""


@dataclass(frozen=True)
class Deed:
    """Something to do about a page, offered to who has the permission `needs`."""

    text: str
    link: Link
    needs: str


@dataclass(frozen=True)
class Page:
    """A topic's page: the finding, up to three sentences, and the sections behind it."""

    title: str
    lede: Sequence[str]
    sections: Sequence[Section]
    notes: Sequence[str] = ()
    deeds: Sequence[Deed] = ()

    @property
    def charts(self) -> dict[str, Chart]:
        """Every chart of the page by its key."""
        return {section.chart.key: section.chart for section in self.sections if section.chart}


UNHEARD = "Nobody has answered this study yet. What follows fills by itself as answers come."


def unheard(page: Page, study: str) -> Page:
    """The page of a study that nobody has answered: it says so, and leads to where people are invited."""
    invite = Deed("To the study, to invite or to interview", Link("studies.show", {"key": study}), "studies:manage")
    return replace(page, notes=[UNHEARD, *page.notes], deeds=[invite, *page.deeds])


@dataclass(frozen=True)
class Seen:
    """An account that the reader may see."""

    id: int
    crm_id: str
    name: str
    arr: float | None
    health: float | None
    health_band: str | None
    voice: float | None
    voice_band: str | None
    tier: str
    quadrant: str

    @property
    def cell(self) -> Cell:
        """The account's name, leading to its page."""
        return Cell(self.name, link=Link("customer360.account", {"account_id": self.crm_id}))


@dataclass(frozen=True)
class Said:
    """Words of a statement that may be quoted: of whom, in which response, and how their speaker allowed it."""

    words: str
    account_id: int
    role: str
    mode: str
    response_id: str
    permission: str | None


@dataclass(frozen=True)
class Setting:
    """What the figures belong to, and the accounts of the study that the reader may see, by row id.

    `said` holds the statements whose words the topic asked for, by id, as far as they may be quoted to the reader.
    `told` holds, by the CRM's account id, words that may be quoted, for the questions and accounts the topic asked for.
    """

    study: str
    name: str
    as_of: date
    currency: str | None
    is_restricted: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    accounts: Mapping[int, Seen] = field(default_factory=dict)
    said: Mapping[int, Said] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
