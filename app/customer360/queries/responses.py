"""One response with all its history: what was answered, noted and sent, by whom, and what stood there before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import Missing
from app.customer360.queries.scope import accounts_with_contacts
from app.customers.models import Account, Contact
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.route import Item
from app.responses.models import Answer, Remark, Response, Submission
from app.scoring.queries import flags_of_response
from app.studies.models import Respondent, Study
from app.studies.queries.items import items_asked_about
from app.studies.scope import visible_accounts
from app.users.models import User
from app.users.rules import Permission, Scope

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class ToldResponse:
    """A response as it stands and stood; `name` is None where the caller may not know who it was.

    `flags` are what is unusual about it (kind, reason), `items` the relationships and promises that looped questions
    are asked about. Rows, oldest first: answers (question, item, number, text, at, by, superseded_at, blanked_at),
    remarks (question, item, revision, note, quote, quote_permission, is_paraphrase, absence, reason, probes, at, by,
    superseded_at, blanked_at), submissions (submitted_at, submitted_by, reopened_at, reopened_by, reason).
    """

    response: Response
    study: Study
    account: Account
    version: QuestionnaireVersion
    role: str
    name: str | None
    answers: Rows
    remarks: Rows
    submissions: Rows
    flags: Sequence[Mapping[str, str]] = ()
    items: Sequence[Item] = ()

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """What was asked."""
        return definition_of(self.version)


def told_response(session: Session, *, scope: Scope, study_key: str, external_id: str) -> ToldResponse:
    """Return a response of a study by its id; Missing where there is none or it is not the caller's to see."""
    found = session.execute(
        select(
            Response,
            Study,
            Account,
            QuestionnaireVersion,
            Respondent.role,
            Contact.name,
            or_(accounts_with_contacts(scope, Permission.REPORTS), literal(value=False)),
        )
        .join(Study, Study.id == Response.study_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(Study.key == study_key, Response.external_id == external_id, visible_accounts(scope))
    ).first()
    if found is None:
        raise Missing(f"There is no response “{external_id[:80]}”.", "external_id")
    response, study, account, version, role, name, has_names = found
    return ToldResponse(
        response=response,
        study=study,
        account=account,
        version=version,
        role=role,
        name=name if has_names else None,
        answers=_answers(session, response),
        remarks=_remarks(session, response),
        submissions=_submissions(session, response),
        flags=flags_of_response(session, response),
        items=items_asked_about(session.connection(), account_id=account.id, questionnaire=definition_of(version)),
    )


def _answers(session: Session, response: Response) -> Rows:
    return session.execute(
        select(
            Question.key.label("question"),
            Answer.item,
            Answer.value_number.label("number"),
            Answer.value_text.label("text"),
            Answer.recorded_at.label("at"),
            _named(User).label("by"),
            Answer.superseded_at,
            Answer.blanked_at,
        )
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(User, User.id == Answer.recorded_by)
        .where(Answer.response_id == response.id)
        .order_by(Answer.recorded_at, Answer.superseded_at.is_(None), Answer.superseded_at, Answer.id)
    ).all()


def _remarks(session: Session, response: Response) -> Rows:
    return session.execute(
        select(
            Question.key.label("question"),
            Remark.item,
            Remark.revision,
            Remark.note,
            Remark.quote,
            Remark.quote_permission,
            Remark.is_paraphrase,
            Remark.absence,
            Remark.reason,
            Remark.probes,
            Remark.recorded_at.label("at"),
            _named(User).label("by"),
            Remark.superseded_at,
            Remark.blanked_at,
        )
        .join(Question, Question.id == Remark.question_id)
        .outerjoin(User, User.id == Remark.recorded_by)
        .where(Remark.response_id == response.id)
        .order_by(Remark.revision)
    ).all()


def _submissions(session: Session, response: Response) -> Rows:
    sender, opener = aliased(User), aliased(User)
    return session.execute(
        select(
            Submission.submitted_at,
            _named(sender).label("submitted_by"),
            Submission.reopened_at,
            _named(opener).label("reopened_by"),
            Submission.reason,
        )
        .outerjoin(sender, sender.id == Submission.submitted_by)
        .outerjoin(opener, opener.id == Submission.reopened_by)
        .where(Submission.response_id == response.id)
        .order_by(Submission.submitted_at, Submission.id)
    ).all()


def _named(user: Any) -> Any:
    return func.coalesce(func.nullif(user.name, ""), user.email)
