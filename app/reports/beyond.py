"""Reads what stands behind a study's gap: the findings of its topics, of its health score, and of what was agreed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.customers.models import Promise
from app.reports.queries import ScoredStudy
from app.reports.rules.beyond import TOPICS, TRENDS, UNTESTED, VALIDITY, Entry, Followed, actions_entry, entry
from app.reports.rules.topics.page import Page, Setting
from app.reports.rules.topics.registry import TOPICS as PAGES
from app.reports.rules.validity import validity_page
from app.reports.topics import setting_of
from app.scoring.queries import analyses_of
from app.scoring.queries.outcomes import newest_validation
from app.studies.models import SampledAccount, Study

KEPT = 100
"""Scorings whose findings a process remembers."""
_FOUND: dict[str, list[Entry]] = {}

NOT_COMPUTED = "It comes with the next scoring of this study."


def beyond(session: Session, *, study: Study, scored: ScoredStudy, today: date) -> list[Entry]:
    """Return a finding for each topic: of the whole study, naming no account, so that every reader may see them."""
    *topics, trends = _of_topics(session, study, scored)
    validity = entry("validity", VALIDITY, _validity(session, study), empty=UNTESTED)
    return [*topics, validity, trends, actions_entry(*followed(session, study, today=today))]


def _of_topics(session: Session, study: Study, scored: ScoredStudy) -> list[Entry]:
    """The findings of topics, trends last; of a large study their figures are megabytes, read once for each scoring."""
    nobody = replace(setting_of(session, scored, ()), is_restricted=False)
    named = f"{scored.scoring_id} {scored.scored_at} {nobody}"
    if named not in _FOUND:
        figures = analyses_of(session, study.id, [*TOPICS, "trends"])
        names = [*TOPICS.items(), ("trends", TRENDS)]
        if len(_FOUND) >= KEPT:
            _FOUND.clear()
        _FOUND[named] = [_of_topic(topic, name, figures, nobody) for topic, name in names]
    return [dict(each) for each in _FOUND[named]]


def _of_topic(topic: str, name: str, figures: Mapping[str, Any], setting: Setting) -> Entry:
    page = PAGES[topic].page(figures[topic], setting) if topic in figures else None
    return entry(topic, name, page, empty=NOT_COMPUTED)


def _validity(session: Session, study: Study) -> Page | None:
    figures = newest_validation(session, study.scorecard_key)
    return None if figures is None else validity_page(figures)


def followed(session: Session, study: Study, *, today: date) -> tuple[Followed, Followed, Followed]:
    """Return what became of follow-ups promised to the accounts drawn, of others for them, and of promises of value."""
    rows = session.execute(_followed(), {"study": study.id, "today": today})
    found = {is_promised: Followed(*counts) for is_promised, *counts in rows}
    every, kept = session.execute(_promised(), {"study": study.id}).one()
    none = Followed(0, 0, 0)
    return found.get(True, none), found.get(False, none), Followed(every, kept, 0)


@cache
def _followed() -> sa.Select[*tuple[Any, ...]]:
    is_late = sa.and_(Action.done_at.is_(None), Action.due_on < sa.bindparam("today", type_=sa.Date))
    return (
        sa.select(Action.is_promised, sa.func.count(), sa.func.count(Action.done_at), _number(is_late))
        .where(Action.account_id.in_(_drawn()))
        .group_by(Action.is_promised)
    )


@cache
def _promised() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(sa.func.count(), sa.func.count(Promise.delivered_on)).where(Promise.account_id.in_(_drawn()))


def _drawn() -> sa.Select[Any]:
    return sa.select(SampledAccount.account_id).where(SampledAccount.study_id == sa.bindparam("study"))


def _number(condition: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
