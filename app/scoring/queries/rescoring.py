"""What scoring single accounts reads, by statements that are made once: to make them takes longer than to run them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, cast, select
from sqlalchemy.orm import Session

from app.responses.models import Answer, Remark, Response, ResponseChange
from app.scoring.models import AccountScore, Analysis, RespondentScore, Scoring
from app.scoring.queries import Rows
from app.scoring.queries.people import answers_statement, noted_statement
from app.studies.models import Respondent, SampledAccount, Study


def changed_people(session: Session, study: Study) -> dict[int, int]:
    """Return the accounts of the people whose response is known to have changed since the study was scored, by id."""
    return dict(map(tuple, session.connection().execute(_changed(), {"study": study.id})))


def parameters_of(session: Session, study: Study, topic: str) -> Any:
    """Return (scoring id, what it kept under this name) of a study's present scoring; None where there is none."""
    return session.connection().execute(_parameters(), {"study": study.id, "topic": topic}).one_or_none()


def scored_accounts(session: Session, scoring_id: int, study: Study, account_ids: Sequence[int]) -> Rows:
    """Return (account_id, stratum, health, health_band) of some drawn accounts as the scoring has them, by account."""
    given = {"study": study.id, "scoring": scoring_id, "accounts": account_ids}
    return session.connection().execute(_accounts(), given).all()


def people_at(session: Session, scoring_id: int, study: Study, account_ids: Sequence[int]) -> Rows:
    """Return the people of some accounts, by id: what they are, how they answered, and what it came to.

    (id, account_id, role, mode, answered mode, source, version_id, voice, dimensions and flags as texts); the last six
    are null for who has no submitted response, or was not scored yet.
    """
    given = {"study": study.id, "scoring": scoring_id, "accounts": account_ids}
    return session.connection().execute(_people(), given).all()


def answers_of(session: Session, respondent_ids: Sequence[int]) -> tuple[Rows, Rows]:
    """Return the rows of `current_answers` and of `not_asked` of some people."""
    given, connection = {"people": respondent_ids}, session.connection()
    answers, noted = _answers()
    return connection.execute(answers, given).all(), connection.execute(noted, given).all()


@cache
def _changed() -> Any:
    return (
        select(Respondent.id, Respondent.account_id)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(ResponseChange, ResponseChange.response_id == Response.id)
        .where(ResponseChange.study_id == bindparam("study"))
        .distinct()
        .order_by(Respondent.id)
    )


@cache
def _parameters() -> Any:
    kept = and_(Analysis.scoring_id == Scoring.id, Analysis.topic == bindparam("topic"))
    return select(Scoring.id, Analysis.figures).join(Analysis, kept).where(Scoring.study_id == bindparam("study"))


@cache
def _accounts() -> Any:
    return (
        select(SampledAccount.account_id, SampledAccount.stratum, AccountScore.health, AccountScore.health_band)
        .join(AccountScore, AccountScore.account_id == SampledAccount.account_id)
        .where(
            SampledAccount.study_id == bindparam("study"),
            AccountScore.scoring_id == bindparam("scoring"),
            SampledAccount.account_id.in_(bindparam("accounts", expanding=True)),
        )
        .order_by(SampledAccount.account_id)
    )


@cache
def _people() -> Any:
    scored = and_(RespondentScore.respondent_id == Respondent.id, RespondentScore.scoring_id == bindparam("scoring"))
    return (
        select(
            Respondent.id,
            Respondent.account_id,
            Respondent.role,
            Respondent.mode,
            Response.mode.label("answered_mode"),
            Response.source,
            Response.version_id,
            RespondentScore.voice,
            cast(RespondentScore.dimensions, Text).label("dimensions"),
            cast(RespondentScore.flags, Text).label("flags"),
        )
        .outerjoin(Response, and_(Response.respondent_id == Respondent.id, Response.submitted_at.is_not(None)))
        .outerjoin(RespondentScore, scored)
        .where(
            Respondent.account_id.in_(bindparam("accounts", expanding=True)),
            Respondent.study_id == bindparam("study"),
        )
        .order_by(Respondent.id)
    )


@cache
def _answers() -> tuple[Any, Any]:
    whose = Response.respondent_id.in_(bindparam("people", expanding=True))
    return tuple(
        statement.where(whose, Response.submitted_at.is_not(None), table.superseded_at.is_(None)).order_by(
            Response.respondent_id, table.question_id, table.item
        )
        for statement, table in ((answers_statement(), Answer), (noted_statement(), Remark))
    )
