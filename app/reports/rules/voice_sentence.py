"""The voice of all accounts in one sentence, with the figures that managers ask for beside it."""

from dataclasses import dataclass

from app.core.display import number, percent, signed
from app.reports.rules.document import Document
from app.reports.rules.estimates import (
    Estimate,
    Show,
    clipped,
    finer,
    has_interval,
    on_scale,
    reason,
    value_of,
    with_interval,
)


@dataclass(frozen=True)
class _Figure:
    name: str
    estimate: Estimate
    show: Show

    @property
    def is_bare(self) -> bool:
        """Whether there is a figure, but no interval around it."""
        return value_of(self.estimate) is not None and not has_interval(self.estimate)


def voice_sentence(document: Document) -> str:
    """The voice of all accounts with its interval, NPS, CSAT and renewal intent beside it.

    Where none has an interval, all for one reason, that is said once.
    """
    voice = document["voice"]
    figures = [
        _Figure("Voice", on_scale(voice["mean"]), number),
        _Figure("NPS", clipped(voice["nps"], -100.0, 100.0), signed),
        _Figure("CSAT, top two,", clipped(voice["csat_top2"], 0.0, 1.0), percent),
        _Figure("renewal intent", on_scale(voice["renewal_intent"]), number),
    ]
    reasons = {reason(figure.estimate) for figure in figures}
    if len(reasons) == 1 and all(figure.is_bare for figure in figures):
        return f"{_joined(figures, is_bare=True)} None of them has an interval: {reasons.pop()}."
    return _joined(figures, is_bare=False)


def _joined(figures: list[_Figure], *, is_bare: bool) -> str:
    return "; ".join(f"{figure.name} {_bare(figure) if is_bare else _whole(figure)}" for figure in figures) + "."


def _bare(figure: _Figure) -> str:
    return finer(figure.show, figure.estimate)(value_of(figure.estimate))


def _whole(figure: _Figure) -> str:
    return with_interval(figure.estimate, figure.show)
