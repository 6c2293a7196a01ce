"""Reads that scoring needs: whole columns, one query each, never one per row."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row, case, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from app.core.columns import place_in, read_columns
from app.customers.models import Account, Contact, Interaction, Outcome
from app.customers.rules import Starter
from app.health.models import HealthComputation, HealthScore, SupportCase
from app.responses.models import Answer, Response, ResponseChange
from app.scoring.models import (
    AccountScore,
    Analysis,
    RespondentScore,
    Scoring,
    VerbatimSentiment,
)
from app.scoring.rules.inputs import IntArray
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.rules.dispositions import COMPLETE_FROM
from app.studies.scope import visible_accounts
from app.users.rules import Scope

Rows = Sequence[Row[*tuple[Any, ...]]]

PORTION = 500
IS_SAID = (Answer.superseded_at.is_(None), Answer.is_counted, Answer.absence.is_(None))
"""The conditions on an answer for what somebody says now: current, behind no closed branch, and no absence."""


def midnight_after(day: date) -> datetime:
    """Return the first instant (UTC) that no longer belongs to the day."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def scoring_of(session: Session, study: Study) -> Scoring | None:
    """Return the present scoring of a study, or None before `study score`."""
    return session.scalar(select(Scoring).where(Scoring.study_id == study.id))


def drawn_ids(session: Session, study: Study) -> list[int]:
    """Return the ids of the drawn accounts, in the order of `drawn_accounts`."""
    wanted = select(SampledAccount.account_id).where(SampledAccount.study_id == study.id)
    return list(session.scalars(wanted.order_by(SampledAccount.account_id)))


def crm_ids(session: Session, study: Study) -> dict[int, str]:
    """Return the CRM's ids of the drawn accounts, by id."""
    rows = session.execute(
        select(Account.id, Account.crm_id)
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .where(SampledAccount.study_id == study.id)
    )
    return {row.id: row.crm_id for row in rows}


def scored_at(session: Session, study_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these studies was scored; studies that were not are left out."""
    found = session.execute(select(Scoring.study_id, Scoring.scored_at).where(Scoring.study_id.in_(study_ids)))
    return {row.study_id: row.scored_at for row in found}


def last_voices(session: Session, study: Study) -> dict[str, float]:
    """Return the voices of the study scored last, this one left aside, by the CRM's account id; empty where none is."""
    newest = (
        select(Scoring.id)
        .where(Scoring.study_id != study.id)
        .order_by(Scoring.scored_at.desc(), Scoring.id.desc())
        .limit(1)
    )
    rows = session.execute(
        select(Account.crm_id, AccountScore.voice)
        .join(AccountScore, AccountScore.account_id == Account.id)
        .where(AccountScore.scoring_id == newest.scalar_subquery(), AccountScore.voice.is_not(None))
    )
    return {crm_id: voice for crm_id, voice in rows if voice is not None}


def drawn_accounts(session: Session, study: Study, health: HealthComputation) -> Rows:
    """Return (account_id, stratum, stratum_size, weight, arr, currency, start_date, score, band) by account id.

    Health is that of telemetry alone: what CSMs think is no telemetry, and voice is not compared with it.
    """
    return session.execute(
        select(
            SampledAccount.account_id,
            SampledAccount.stratum,
            SampledAccount.stratum_size,
            SampledAccount.weight,
            Account.arr,
            Account.currency,
            Account.start_date,
            HealthScore.telemetry_score.label("score"),
            HealthScore.telemetry_band.label("band"),
        )
        .join(Account, Account.id == SampledAccount.account_id)
        .outerjoin(
            HealthScore,
            (HealthScore.account_id == SampledAccount.account_id) & (HealthScore.computation_id == health.id),
        )
        .where(SampledAccount.study_id == study.id)
        .order_by(SampledAccount.account_id)
    ).all()


def account_groups(session: Session, study: Study) -> Rows:
    """Return (segment, tier) of the drawn accounts, in the order of `drawn_accounts`."""
    return session.execute(
        select(Account.segment, Account.tier)
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .where(SampledAccount.study_id == study.id)
        .order_by(SampledAccount.account_id)
    ).all()


def case_counts(session: Session, study: Study) -> Rows:
    """Return (account_id, cases ever opened up to the study's health date) for drawn accounts that have any."""
    return session.execute(
        select(SupportCase.account_id, func.count())
        .join(SampledAccount, SampledAccount.account_id == SupportCase.account_id)
        .where(SampledAccount.study_id == study.id, SupportCase.opened_at < midnight_after(study.health_as_of))
        .group_by(SupportCase.account_id)
    ).all()


def conversations(session: Session, study: Study, *, since: datetime, until: datetime) -> Rows:
    """Return (account_id, conversations that we started, those of them in which they took part) of drawn accounts.

    Only conversations of which it is known whether the customer took part; accounts without any are left out.
    """
    return session.execute(
        select(
            Interaction.account_id,
            func.count(),
            func.sum(case((Interaction.participated.is_(True), 1), else_=0)),
        )
        .join(SampledAccount, SampledAccount.account_id == Interaction.account_id)
        .where(
            SampledAccount.study_id == study.id,
            Interaction.started_by == Starter.US.value,
            Interaction.participated.is_not(None),
            Interaction.occurred_at >= since,
            Interaction.occurred_at < until,
        )
        .group_by(Interaction.account_id)
    ).all()


def tiers(session: Session, study: Study) -> dict[int, str | None]:
    """Return the tier of each drawn account, as it is written."""
    rows = session.execute(
        select(Account.id, Account.tier)
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .where(SampledAccount.study_id == study.id)
    )
    return {row.id: row.tier for row in rows}


def known_roles(session: Session, study: Study) -> dict[int, dict[str, int]]:
    """Return how many people of each role (as it is written, blank for none) are known at each drawn account.

    Roles by their names, accounts by their ids.
    """
    role = func.coalesce(Contact.role, "")
    names = sorted(session.scalars(select(role).distinct()))
    drawn = select(SampledAccount.account_id).where(SampledAccount.study_id == study.id)
    # Not by the index of an account's contacts: each portion would go through all accounts.
    wanted = select(Contact.account_id, place_in(names, role)).where(
        (Contact.account_id + 0).in_(drawn), Contact.erased_at.is_(None)
    )
    accounts, roles = read_columns(session, wanted, ["i8", "i4"], by=Contact.id)
    cells, counts = np.unique(accounts * max(len(names), 1) + roles, return_counts=True)
    found: dict[int, dict[str, int]] = {}
    for cell, number in zip(cells.tolist(), counts.tolist(), strict=True):
        account, place = divmod(cell, len(names))
        found.setdefault(account, {})[names[place]] = number
    return found


def unread_verbatims(
    session: Session, study: Study, question_ids: Sequence[int], since: datetime | None = None
) -> IntArray:
    """Return the ids, rising, of open answers whose sentiment was not taken yet.

    With `since`, only of responses that changed then or later.
    """
    wanted = (
        select(Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .outerjoin(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
        .where(
            Response.study_id == study.id,
            Answer.question_id.in_(question_ids),
            Answer.value_text.is_not(None),
            VerbatimSentiment.answer_id.is_(None),
            literal(value=True) if since is None else Response.changed_at >= since,
        )
    )
    return np.sort(read_columns(session, wanted, ["i8"])[0])


def verbatims(session: Session, answer_ids: Sequence[int]) -> Rows:
    """Return (answer_id, text, the contact's language, the form's) of some open answers; either language may be null.

    As many as one statement can name.
    """
    wanted = (
        select(Answer.id, Answer.value_text, Contact.language, Response.language)
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(Answer.id.in_(answer_ids))
        .order_by(Answer.id)
    )
    return session.connection().execute(wanted).all()


def analysis_of(session: Session, study_id: int, topic: str) -> dict[str, Any] | None:
    """Return what a topic of the study's present scoring came to; None where it was not analysed."""
    return session.scalar(
        select(Analysis.figures)
        .join(Scoring, Scoring.id == Analysis.scoring_id)
        .where(Scoring.study_id == study_id, Analysis.topic == topic)
    )


def analyses_of(session: Session, study_id: int, topics: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what these topics of the study's present scoring came to, without those that were not analysed."""
    rows = session.execute(
        select(Analysis.topic, Analysis.figures)
        .join(Scoring, Scoring.id == Analysis.scoring_id)
        .where(Scoring.study_id == study_id, Analysis.topic.in_(topics))
    )
    return {topic: figures for topic, figures in rows}  # noqa: C416  (a row is no pair to mypy)


def outcomes_since(session: Session, study: Study) -> Rows:
    """Return (account_id, outcome) of the first outcome of each drawn account after the study's health date.

    Where two came on one day, a loss comes first; that an account is new says nothing about renewal.
    """
    order = case({"churned": 0}, value=Outcome.outcome, else_=1)
    place = func.row_number().over(partition_by=Outcome.account_id, order_by=(Outcome.outcome_date, order, Outcome.id))
    ranked = (
        select(Outcome.account_id, Outcome.outcome, place.label("place"))
        .join(SampledAccount, SampledAccount.account_id == Outcome.account_id)
        .where(
            SampledAccount.study_id == study.id,
            Outcome.outcome_date > study.health_as_of,
            Outcome.outcome.in_(("renewed", "churned", "contracted", "expanded")),
        )
        .subquery()
    )
    first = select(ranked.c.account_id, ranked.c.outcome).where(ranked.c.place == 1)
    return session.execute(first.order_by(ranked.c.account_id)).all()


def account_scores(session: Session, scoring: Scoring) -> Sequence[AccountScore]:
    """Return the scored accounts of a study's present scoring."""
    return session.scalars(
        select(AccountScore).where(AccountScore.scoring_id == scoring.id).order_by(AccountScore.account_id)
    ).all()


def respondent_scores(session: Session, scoring: Scoring) -> Sequence[RespondentScore]:
    """Return the scored respondents of a study's present scoring."""
    return session.scalars(
        select(RespondentScore).where(RespondentScore.scoring_id == scoring.id).order_by(RespondentScore.respondent_id)
    ).all()


def respondent_marks(session: Session, scoring_id: int) -> tuple[IntArray, IntArray]:
    """Return columns (respondent id, mark) of a scoring's respondents, by id; rows without a mark have 0."""
    score = RespondentScore
    wanted = select(score.respondent_id, func.coalesce(score.mark, 0)).where(score.scoring_id == scoring_id)
    ids, marks = read_columns(session, wanted, ["i8", "i8"], by=score.respondent_id)
    order = np.argsort(ids)
    return ids[order], marks[order]


def forget_marks(session: Session, scoring_id: int) -> None:
    """Let the next scoring write every respondent of a scoring anew."""
    session.execute(update(RespondentScore).where(RespondentScore.scoring_id == scoring_id).values(mark=None))


def forget_respondents(session: Session, scoring_id: int, respondent_ids: Sequence[int]) -> None:
    """Delete the rows of some respondents of a scoring."""
    score = RespondentScore
    for start in range(0, len(respondent_ids), PORTION):
        some = score.respondent_id.in_(respondent_ids[start : start + PORTION])
        session.execute(delete(score).where(score.scoring_id == scoring_id, some))


def studies_to_score(session: Session) -> Sequence[Study]:
    """Return the drawn studies whose responses changed since they were scored, or that were never scored."""
    changed = select(ResponseChange.id).where(ResponseChange.study_id == Study.id)
    return session.scalars(select(Study).where(changed.exists(), Study.drawn_at.is_not(None)).order_by(Study.id)).all()


def sources(session: Session, study: Study) -> set[str]:
    """Return by which ways the responses of a study came in."""
    return set(session.scalars(select(Response.source).where(Response.study_id == study.id).distinct()))


def changed_since(session: Session, study: Study, since: datetime) -> set[int]:
    """Return the respondents whose response changed then or later."""
    changed = select(Response.respondent_id).where(Response.study_id == study.id, Response.changed_at >= since)
    return set(session.scalars(changed))


def low_core_shares(session: Session, study: Study) -> dict[int, float]:
    """Return the share of core questions answered where it is under four fifths in the present scoring, by person."""
    rows = session.execute(
        select(RespondentScore.respondent_id, RespondentScore.core_share)
        .join(Scoring, Scoring.id == RespondentScore.scoring_id)
        .where(
            Scoring.study_id == study.id,
            or_(RespondentScore.core_share.is_(None), RespondentScore.core_share < COMPLETE_FROM),
        )
    )
    return {respondent_id: share or 0.0 for respondent_id, share in rows}


def flagged_responses(session: Session, study: Study, scope: Scope) -> Rows:
    """Return (external_id, crm_id, account, role, flags) of flagged responses that the caller may see, by account."""
    return session.execute(
        select(Response.external_id, Account.crm_id, Account.name, Respondent.role, RespondentScore.flags)
        .join(Scoring, Scoring.id == RespondentScore.scoring_id)
        .join(Study, Study.id == Scoring.study_id)
        .join(Respondent, Respondent.id == RespondentScore.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .where(Scoring.study_id == study.id, RespondentScore.flags.is_not(None), visible_accounts(scope))
        .order_by(Account.name, Account.crm_id, Response.external_id)
    ).all()


def flags_of_response(session: Session, response: Response) -> list[dict[str, str]]:
    """Return what the present scoring finds unusual about a response."""
    flags = session.scalar(
        select(RespondentScore.flags)
        .join(Scoring, Scoring.id == RespondentScore.scoring_id)
        .where(Scoring.study_id == response.study_id, RespondentScore.respondent_id == response.respondent_id)
    )
    return flags or []
