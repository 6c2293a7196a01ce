"""A topic's page of a scored study, cut to the accounts that its reader may see."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.reports.queries import ScoredStudy, scored_study
from app.reports.queries.reach import Only, within
from app.reports.queries.said import said_in
from app.reports.queries.telling import told_about
from app.reports.rules.topics.page import Page, Seen, Setting, unheard
from app.reports.rules.topics.registry import TOPICS
from app.scoring.models import AccountScore
from app.scoring.queries import analysis_of
from app.stakeholders.queries.people import own_templates
from app.studies.models import Study


def topic_page(session: Session, *, study: Study, topic: str, only: Only = None) -> Page | None:
    """Return the page; None where the study has not been scored. Refuses an unknown topic."""
    if topic not in TOPICS:
        raise Missing(f"There is no topic “{topic[:80]}”.", "topic")
    scored, figures = scored_study(session, study), analysis_of(session, study.id, topic)
    if scored is None:
        return None
    if figures is None:
        return Page(f"{TOPICS[topic].name} was not computed yet", ["It comes with the next scoring of this study."], [])
    setting, found = setting_of(session, scored, only), TOPICS[topic]
    if found.answers is not None:
        setting = replace(setting, said=said_in(session, found.answers(figures), only))
    if found.wanted is not None:
        questions, accounts = found.wanted(figures, setting)
        setting = replace(setting, told=told_about(session, study, questions, accounts))
    page = TOPICS[topic].page(figures, setting)
    return page if scored.figures["sample"]["people"]["responded"] else unheard(page, study.key)


def setting_of(session: Session, scored: ScoredStudy, only: Only = None) -> Setting:
    """Return what the figures belong to, with the accounts among `only`."""
    facts = scored.facts
    return Setting(
        study=facts.study,
        name=facts.name,
        as_of=facts.as_of,
        currency=facts.currency,
        is_restricted=only is not None,
        facts={"scorecard": facts.scorecard, "questionnaire": facts.questionnaire, "draw": facts.draw}
        | {"sentiment": scored.figures["voice"]["sentiment"], "seats": own_templates(session)},
        accounts={row.id: row for row in (_seen(session, scored.scoring_id, only) if only != () else ())},
    )


def _seen(session: Session, scoring_id: int, only: Only) -> list[Seen]:
    score = AccountScore
    rows = session.execute(
        sa.select(Account.id, Account.crm_id, Account.name, Account.arr)
        .add_columns(score.health, score.health_band, score.voice, score.voice_band, score.tier, score.quadrant)
        .join(score, score.account_id == Account.id)
        .where(score.scoring_id == scoring_id, *within(score.account_id, only))
    )
    return [Seen(id_, crm_id, name, _money(arr), *rest) for id_, crm_id, name, arr, *rest in rows]


def _money(arr: Any) -> float | None:
    return None if arr is None else float(arr)
