"""Reads for asking somebody again: who is there, in which study they can be asked, what they said before and since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.actions.models import Action
from app.actions.queries import ActionRow, actions_matching
from app.actions.rules.asking import Beside, beside, question_texts
from app.customers.models import Account, Contact
from app.customers.scope import accounts_within
from app.questionnaires.models import Question, QuestionnaireVersion
from app.responses.models import Answer, Response
from app.responses.queries import counted
from app.studies.models import Respondent, Study
from app.studies.rules.budget import Consent
from app.studies.scope import visible_accounts
from app.users.rules import Permission, Reach, Scope

MOST_PEOPLE = 500


@dataclass(frozen=True)
class HeardAgain:
    """What came of asking somebody again: when they answered first and since, and what they said both times."""

    first_at: datetime | None
    again_at: datetime | None
    lines: Sequence[Beside]
    first_address: tuple[str, str] | None = None
    again_address: tuple[str, str] | None = None


def people_to_ask(session: Session, *, scope: Scope, account_id: int) -> dict[int, str]:
    """Who can be asked at an account that the caller sees with its people: contact id -> name and role, by name.

    Without those who do not want to be asked, and without those who were erased.
    """
    if Reach.WITHOUT_CONTACTS in scope.reaches(Permission.ACCOUNTS):
        return {}
    rows = session.execute(
        sa.select(Contact.id, Contact.name, Contact.role)
        .join(Account, Account.id == Contact.account_id)
        .where(
            Contact.account_id == account_id,
            accounts_within(scope),
            Contact.consent != Consent.NO.value,
            Contact.erased_at.is_(None),
        )
        .order_by(sa.func.lower(Contact.name), Contact.id)
        .limit(MOST_PEOPLE)
    )
    return {row.id: f"{row.name}, {row.role.replace('_', ' ')}" if row.role else row.name for row in rows}


def answers_to_name(session: Session, *, scope: Scope, account_id: int) -> dict[int, str]:
    """Whose answers can be named as what shows an action: respondent id -> role and study, the newest first.

    Of what the caller may read alone; anonymous studies know nobody.
    """
    rows = session.execute(
        sa.select(Respondent.id, Respondent.role, Study.name)
        .join(Response, Response.respondent_id == Respondent.id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .where(
            Respondent.account_id == account_id,
            Response.submitted_at.is_not(None),
            ~Study.is_anonymous,
            visible_accounts(scope),
        )
        .order_by(Response.submitted_at.desc(), Respondent.id)
        .limit(MOST_PEOPLE)
    )
    return {row.id: f"What the {row.role.replace('_', ' ')} said in {row.name}" for row in rows}


def answer_address(session: Session, *, scope: Scope, respondent_id: int) -> tuple[str, str] | None:
    """The study's key and the response's id of what somebody said, where the caller may read it; else None."""
    row = session.execute(
        sa.select(Study.key, Response.external_id)
        .join(Response, Response.study_id == Study.id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .where(Respondent.id == respondent_id, Response.submitted_at.is_not(None), visible_accounts(scope))
    ).one_or_none()
    return (row.key, row.external_id) if row else None


def actions_after(session: Session, action_id: int) -> Sequence[ActionRow]:
    """The actions by which somebody is asked again about one, the first first."""
    return actions_matching(session, Action.follows_id == action_id)


def to_ask_again(session: Session, *, scope: Scope) -> Sequence[ActionRow]:
    """The open actions of the caller by which somebody is to be asked again, the first due first."""
    own = (Action.owner_id == scope.user_id, Action.contact_id.is_not(None), Action.done_at.is_(None))
    return actions_matching(session, *own)


def running_studies(session: Session, *, contact_ids: Sequence[int], on: date) -> dict[int, Any]:
    """The study in which each of these people can be asked on a day: contact id -> (study, key, closes_on).

    One that was drawn with them, is open, and in which they have sent nothing yet; the one that closes first.
    """
    rows = session.execute(
        sa.select(
            Respondent.contact_id,
            Study.name.label("study"),
            Study.key,
            Study.closes_on,
        )
        .join(Study, Study.id == Respondent.study_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(
            Respondent.contact_id.in_(contact_ids),
            Study.closed_at.is_(None),
            Study.drawn_at.is_not(None),
            Study.opens_on <= on,
            Study.closes_on >= on,
            Response.submitted_at.is_(None),
        )
        .order_by(Study.closes_on.desc(), Study.id.desc())
    )
    return {row.contact_id: row for row in rows}


def heard_again(session: Session, *, scope: Scope, row: ActionRow) -> HeardAgain | None:
    """What somebody said before they were to be asked again, and since; None where the caller may not read it.

    The first answers are the last sent before the action was made, those since the last sent after it.
    """
    sent = _sent_by(session, scope, row.contact_id)
    before = [each for each in sent if each.submitted_at <= row.created_at]
    since = [each for each in sent if each.submitted_at > row.created_at]
    if not sent:
        return None
    first, again = (before[-1] if before else None), (since[-1] if since else None)
    lines: Sequence[Beside] = ()
    if first and again:
        numbers = _numbers(session, [first.id, again.id])
        definitions = session.scalars(
            sa.select(QuestionnaireVersion.definition).where(
                QuestionnaireVersion.id.in_([first.version_id, again.version_id])
            )
        ).all()
        lines = beside(numbers.get(first.id, {}), numbers.get(again.id, {}), question_texts(definitions))
    return HeardAgain(
        first.submitted_at if first else None,
        again.submitted_at if again else None,
        lines,
        (first.key, first.external_id) if first else None,
        (again.key, again.external_id) if again else None,
    )


def _sent_by(session: Session, scope: Scope, contact_id: int | None) -> Sequence[Any]:
    return session.execute(
        sa.select(Response.id, Response.version_id, Response.submitted_at, Response.external_id, Study.key)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .where(
            Respondent.contact_id == contact_id,
            Response.submitted_at.is_not(None),
            ~Study.is_anonymous,
            visible_accounts(scope),
        )
        .order_by(Response.submitted_at, Response.id)
    ).all()


def _numbers(session: Session, response_ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """The numbers that were answered once each, by response and the question's key."""
    answer, question = aliased(Answer), aliased(Question)
    rows = session.execute(
        sa.select(answer.response_id, question.key, answer.value_number)
        .join(question, question.id == answer.question_id)
        .where(
            counted(answer), answer.response_id.in_(response_ids), answer.item == "", answer.value_number.is_not(None)
        )
    )
    found: dict[int, dict[str, float]] = {}
    for response_id, key, value in rows:
        if value is not None:
            found.setdefault(response_id, {})[key] = float(value)
    return found
