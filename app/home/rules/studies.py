"""Studies in short: how many were asked, how many were heard, and what each waits for."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core.display import NBSP, count, percent
from app.core.words import plural
from app.studies.rules.progress import (
    answers_finding,
    heard_finding,
    next_anonymous_step,
    next_step,
    period_words,
)


@dataclass(frozen=True)
class StudyFacts:
    """What is known of a study; counts are of accounts, `rr1` are shares of accounts and of people, None not known."""

    key: str
    name: str
    opens_on: date
    closes_on: date
    closed_on: date | None
    drawn_at: datetime | None
    scored_at: datetime | None
    is_anonymous: bool
    is_triggered: bool
    drawn: int
    heard: int
    answers: int
    rr1_accounts: float | None
    rr1_people: float | None


@dataclass(frozen=True)
class StudyLine:
    """One study: finished texts, a bar as a share of its width, and where the next step is done."""

    key: str
    name: str
    period: str
    finding: str
    share: str
    silent: str
    rates: str
    waits_for: str
    page: str
    does: str


def study_line(it: StudyFacts, on: date, *, runs: bool) -> StudyLine:
    """Return a study as Home shows it on a day; `runs` where the reader may do its next step."""
    before, when, after = period_words(on, opens_on=it.opens_on, closes_on=it.closes_on, closed_on=it.closed_on)
    is_asked = it.drawn_at is not None and not it.is_anonymous and it.drawn > 0
    silent = it.drawn - it.heard if is_asked else 0
    page, does, waits_for = _next(it, runs=runs)
    return StudyLine(
        key=it.key,
        name=it.name,
        period=f"{before} {day_of(when)}{after}",
        finding=_finding(it),
        share=f"{100 * it.heard / it.drawn:.1f}%" if is_asked else "",
        silent=f"{count(silent)}{NBSP}{plural(silent, 'account')} silent" if silent else "",
        rates=_rates(it),
        waits_for=waits_for,
        page=page,
        does=does,
    )


def day_of(when: date) -> str:
    """Return a day with the month in three letters."""
    return f"{when.day}{NBSP}{when:%b}{NBSP}{when.year}"


def _finding(it: StudyFacts) -> str:
    if it.drawn_at is None:
        return ""
    if it.is_anonymous:
        return answers_finding(it.answers, is_closed=it.closed_on is not None)
    return heard_finding(it.heard, it.drawn, is_closed=it.closed_on is not None, is_part=False)


def _rates(it: StudyFacts) -> str:
    """Name the response rates where a scoring has counted them (RR1, AAPOR)."""
    if it.rr1_accounts is None or not it.heard:
        return ""
    people = f", {percent(it.rr1_people)} of people" if it.rr1_people is not None else ""
    return f"RR1 {percent(it.rr1_accounts)} of accounts{people}"


def _next(it: StudyFacts, *, runs: bool) -> tuple[str, str, str]:
    """Return the page that leads on, its words, and what the study waits for."""
    if it.is_anonymous:
        step = next_anonymous_step(drawn_at=it.drawn_at, answers=it.answers, closed_at=_closed(it))
        report = ("reports.segments", "Read it by segment")
    else:
        step = next_step(drawn_at=it.drawn_at, heard=it.heard, scored_at=it.scored_at, is_triggered=it.is_triggered)
        report = ("reports.gaps", "Read the gap report")
    if step is None:
        return (*report, "")
    return step.page, step.does if runs else "See how far it is", step.waits_for


def _closed(it: StudyFacts) -> datetime | None:
    return None if it.closed_on is None else datetime.combine(it.closed_on, datetime.min.time())
