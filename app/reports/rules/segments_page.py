"""The figures of an anonymous study as its page shows them: finished texts, question by question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.display import Number, count, number, percent, signed
from app.core.words import plural
from app.reports.rules.estimates import bare_interval, clipped
from app.reports.rules.segments import FEW, ONE_ACCOUNT, Document

ALL = "All answers"
REASONS = {
    FEW: "There are too few answers here, or in a segment that could be computed from this one.",
    ONE_ACCOUNT: "One account alone would be told of.",
}
NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Row:
    """One group's line under a question; what is not shown says so in `n`, and has nothing else."""

    group: str
    n: str
    is_shown: bool = True
    mean: str = ""
    mean_interval: str = ""
    nps: str = ""
    nps_interval: str = ""
    shares: Sequence[tuple[str, str]] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Asked:
    """One question: its words, its columns, its lines; `scale` says what the mean runs from and to."""

    key: str
    text: str
    rows: Sequence[Row]
    labels: Sequence[str]
    scale: str
    has_mean: bool
    has_nps: bool

    @property
    def is_shown(self) -> bool:
        """Whether anything of it may be shown."""
        return any(row.is_shown for row in self.rows)

    @property
    def words(self) -> list[Row]:
        """The lines with texts that people wrote."""
        return [row for row in self.rows if row.texts]


@dataclass(frozen=True)
class Page:
    """The page: its title, the segments that are not shown and why, and the questions."""

    title: str
    hidden: Sequence[tuple[str, str]]
    questions: Sequence[Asked]
    smallest: str


def segments_page(document: Document) -> Page:
    """The page of a report; its numbers are those of the document and no others."""
    shown = [each for each in document["segments"] if not each.get("suppressed")]
    return Page(
        title=_title(document, len(shown)),
        hidden=[(each["segment"], REASONS[each["reason"]]) for each in document["segments"] if each.get("suppressed")],
        questions=_questions(document, shown),
        smallest=count(document["smallest_group"]),
    )


def _title(document: Document, shown: int) -> str:
    came = f"{count(document['n'])} {plural(document['n'], 'answer')}"
    if document["total"] is None:
        return f"{came}: too few to show anything"
    if not shown:
        return f"{came}, shown together only"
    segments = len(document["segments"])
    return f"{came}, {count(shown)} of {count(segments)} {plural(segments, 'segment')} shown"


def _questions(document: Document, shown: Sequence[Document]) -> list[Asked]:
    if document["total"] is None:
        return []
    groups = [(ALL, document["total"]), *((each["segment"], each) for each in shown)]
    return [_asked(groups, position) for position in range(len(document["total"]["questions"]))]


def _asked(groups: Sequence[tuple[str, Document]], position: int) -> Asked:
    cells = [(name, group["questions"][position]) for name, group in groups]
    first = cells[0][1]
    some = [cell for _, cell in cells if not cell.get("suppressed")]
    offered: Sequence[Mapping[str, Any]] = next((cell["choices"] for cell in some if "choices" in cell), [])
    scale = next((cell["scale"] for cell in some if "scale" in cell), None)
    return Asked(
        key=first["key"],
        text=first["text"],
        rows=[_row(name, cell) for name, cell in cells],
        labels=[choice["label"] for choice in offered],
        scale=f"{number(scale[0])} to {number(scale[1])}" if scale and scale[0] is not None else "",
        has_mean=any("mean" in cell for cell in some),
        has_nps=any("nps" in cell for cell in some),
    )


def _row(name: str, cell: Mapping[str, Any]) -> Row:
    if cell.get("suppressed"):
        return Row(name, NOT_SHOWN, is_shown=False)
    mean, nps = cell.get("mean"), cell.get("nps")
    low, high = cell.get("scale") or (None, None)
    if mean and low is not None:
        mean = clipped(mean, low, high)
    return Row(
        group=name,
        n=count(cell["n"]),
        mean=_tenths(mean["value"]) if mean else "",
        mean_interval=bare_interval(mean, _tenths) if mean else "",
        nps=signed(nps["value"]) if nps else "",
        nps_interval=bare_interval(clipped(nps, -100.0, 100.0), signed) if nps else "",
        shares=[(count(choice["n"]), percent(choice["share"])) for choice in cell.get("choices", ())],
        texts=cell.get("texts", ()),
    )


_tenths: Callable[[Number | None], str] = lambda value: number(value, 1)  # noqa: E731  (a way to show a figure)
