"""Everything that is on record about a person, as a document that they can be handed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.customer360.rules.response import answer_words
from app.customers.models import Account, Contact, Interaction, Promise
from app.interviews.models import Appointment, Interview, Prediction
from app.plans.models import SuccessPlan
from app.pulse.models import PulseJudgement, PulseLight
from app.questionnaires.models import Question, QuestionnaireVersion
from app.responses.models import Answer, PromiseAnswer, Remark, Response, Submission
from app.scoring.models import RespondentScore, Scoring
from app.settings.queries import consent_history
from app.stakeholders.models import Referral
from app.studies.models import CallAttempt, Invitation, Letter, Link, MailStop, Respondent, SilentUnit, Study
from app.subjects.queries import Subject

Lines = list[dict[str, Any]]


def contact_lines(session: Session, subject: Subject) -> Lines:
    """Their contacts as the CRM told them, and whether they are not to be mailed."""
    rows = session.execute(
        sa.select(Contact, Account.crm_id, Account.name, MailStop.reason, MailStop.stopped_at)
        .join(Account, Account.id == Contact.account_id)
        .outerjoin(MailStop, MailStop.contact_id == Contact.id)
        .where(Contact.id.in_(subject.contact_ids))
        .order_by(Contact.id)
    )
    plain = ("name", "email", "phone", "role", "is_primary", "language", "timezone", "consent", "custom", "created_at")
    return [
        {
            "contact_id": contact.crm_id,
            "account_id": account_id,
            "account": account,
            **{name: getattr(contact, name) for name in plain},
            "mails_stopped": {"reason": reason, "at": at} if reason else None,
        }
        for contact, account_id, account, reason, at in rows
    ]


def referral_lines(session: Session, subject: Subject) -> Lines:
    """When they were named to us, and whether that was in an interview."""
    rows = session.execute(
        sa.select(Referral.noted_at, Referral.interview_id)
        .where(Referral.contact_id.in_(subject.contact_ids))
        .order_by(Referral.id)
    )
    return [{"at": row.noted_at, "in_an_interview": row.interview_id is not None} for row in rows]


def judgement_lines(session: Session, subject: Subject) -> Lines:
    """What colleagues noted of how they think of topics, and of how conversations with them felt."""
    cells = sa.select(
        PulseJudgement.given_at.label("at"),
        PulseJudgement.dimension.label("about"),
        sa.cast(PulseJudgement.value, sa.String).label("said"),
        PulseJudgement.reason.label("words"),
    ).where(PulseJudgement.contact_id.in_(subject.contact_ids))
    lights = (
        sa.select(PulseLight.given_at, PulseLight.occasion, PulseLight.colour, PulseLight.note)
        .join(Interaction, Interaction.id == PulseLight.interaction_id)
        .where(Interaction.contact_id.in_(subject.contact_ids))
    )
    rows = session.execute(sa.union_all(cells, lights).order_by("at"))
    return [{"at": row.at, "about": row.about, "said": row.said, "words": row.words} for row in rows]


def conversation_lines(session: Session, subject: Subject) -> Lines:
    """Their conversations with us, as the CRM told them."""
    names = ("occurred_at", "channel", "started_by", "participated", "summary")
    rows = session.execute(
        sa.select(*(getattr(Interaction, name) for name in names))
        .where(Interaction.contact_id.in_(subject.contact_ids))
        .order_by(Interaction.occurred_at, Interaction.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def plan_lines(session: Session, subject: Subject) -> Lines:
    """The plans to which they agreed for their company."""
    rows = session.execute(
        sa.select(SuccessPlan.title, SuccessPlan.agreed_on, SuccessPlan.due_on)
        .where(SuccessPlan.agreed_with.in_(subject.contact_ids))
        .order_by(SuccessPlan.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def study_lines(session: Session, subject: Subject) -> Lines:
    """The studies that they were drawn into, with the scores that their answers gave."""
    rows = session.execute(
        sa.select(
            Study.key,
            Study.name,
            Respondent.role,
            Respondent.mode,
            RespondentScore.voice,
            RespondentScore.dimensions,
            RespondentScore.flags,
            SilentUnit.drawn_at.label("drawn_from_the_silent_at"),
        )
        .join(Respondent, Respondent.study_id == Study.id)
        .outerjoin(SilentUnit, SilentUnit.respondent_id == Respondent.id)
        .outerjoin(Scoring, Scoring.study_id == Study.id)
        .outerjoin(
            RespondentScore,
            sa.and_(RespondentScore.scoring_id == Scoring.id, RespondentScore.respondent_id == Respondent.id),
        )
        .where(Respondent.contact_id.in_(subject.contact_ids))
        .order_by(Study.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def mail_lines(session: Session, subject: Subject) -> Lines:
    """Their invitations and reminders."""
    columns = ("number", "language", "due_at", "sent_at", "failed_at", "cancelled_at", "bounced_at", "reason")
    return _about(session, subject, Invitation, columns)


def link_lines(session: Session, subject: Subject) -> Lines:
    """Their links, without what opens them."""
    return _about(session, subject, Link, ("purpose", "created_at", "expires_at", "revoked_at"))


def interview_lines(session: Session, subject: Subject) -> Lines:
    """Their interviews."""
    return _about(session, subject, Interview, ("assigned_at", "started_at"))


def appointment_lines(session: Session, subject: Subject) -> Lines:
    """When and where they were to be met, every version of it."""
    names = ("uid", "sequence", "starts_at", "timezone", "minutes", "way", "place", "is_cancelled", "created_at")
    rows = session.execute(
        sa.select(Study.key.label("study"), *(getattr(Appointment, name) for name in names))
        .join(Interview, Interview.id == Appointment.interview_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .where(Respondent.contact_id.in_(subject.contact_ids))
        .order_by(Appointment.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def prediction_lines(session: Session, subject: Subject) -> Lines:
    """What was predicted that they would say, once it may be seen: numbers alone, without whose they are."""
    sent = sa.exists().where(Response.respondent_id == Respondent.id, Response.submitted_at.is_not(None))
    rows = session.execute(
        sa.select(
            Study.key.label("study"),
            Prediction.recommend,
            Prediction.renewal_intent,
            Prediction.satisfaction,
            Prediction.predicted_at,
        )
        .join(Interview, Interview.id == Prediction.interview_id)
        .join(Respondent, Respondent.id == Interview.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .where(Respondent.contact_id.in_(subject.contact_ids), sent)
        .order_by(Prediction.interview_id, Prediction.author_id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def call_lines(session: Session, subject: Subject) -> Lines:
    """The calls to them and what each came to, with what was noted."""
    columns = ("outcome", "channel", "note", "attempted_at", "next_call_at", "superseded_at", "undo_reason")
    return _about(session, subject, CallAttempt, columns)


def action_lines(session: Session, subject: Subject) -> Lines:
    """What came from their interviews to be done, and when they were to be asked again."""
    names = ("kind", "title", "reason", "is_promised", "due_on", "created_at", "done_at", "outcome", "note")
    again = session.execute(
        sa.select(*(getattr(Action, name) for name in names))
        .where(Action.contact_id.in_(subject.contact_ids))
        .order_by(Action.id)
    )
    asked = [{"study": None, **row._mapping} for row in again]  # noqa: SLF001  (a row's public way to its names)
    return [*_about(session, subject, Action, names), *asked]


def promise_lines(session: Session, subject: Subject) -> Lines:
    """What they said of promises in interviews that asked other things, every version of it."""
    rows = session.execute(
        sa.select(
            Study.key.label("study"),
            Promise.text.label("promise"),
            PromiseAnswer.said,
            PromiseAnswer.recorded_at,
            PromiseAnswer.superseded_at,
        )
        .join(Promise, Promise.id == PromiseAnswer.promise_id)
        .join(Response, Response.id == PromiseAnswer.response_id)
        .join(Study, Study.id == Response.study_id)
        .where(PromiseAnswer.response_id.in_(subject.response_ids))
        .order_by(PromiseAnswer.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def letter_lines(session: Session, subject: Subject) -> Lines:
    """The letters to them."""
    names = ("kind", "language", "subject", "body", "created_at", "sent_at", "failed_at", "cancelled_at", "reason")
    rows = session.execute(
        sa.select(*(getattr(Letter, name) for name in names))
        .where(Letter.contact_id.in_(subject.contact_ids))
        .order_by(Letter.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def response_lines(session: Session, subject: Subject) -> Lines:
    """What they said, in the questionnaire's words, with every earlier version, and what was noted around it."""
    rows = session.execute(
        sa.select(Response, Study.key, QuestionnaireVersion)
        .join(Study, Study.id == Response.study_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id)
        .where(Response.id.in_(subject.response_ids))
        .order_by(Response.id)
    ).all()
    answers, remarks, sent = (_by_response(session, subject, each) for each in (Answer, Remark, Submission))
    told = consent_history(session, (row[0].consent_version for row in rows if row[0].consent_version is not None))
    return [
        {
            "response_id": response.external_id,
            "study": study,
            "questionnaire": version.key,
            "version": version.version,
            **{name: getattr(response, name) for name in ("mode", "source", "language", "submitted_at")},
            "told_about_data": _told(told, response),
            "answers": [_answer(answer, key, _questions(version)) for answer, key in answers[response.id]],
            "remarks": [_remark(remark, key, _questions(version)) for remark, key in remarks[response.id]],
            "sent": [
                {"at": row.submitted_at, "reopened_at": row.reopened_at, "reason": row.reason}
                for row, _ in sent[response.id]
            ],
        }
        for response, study, version in rows
    ]


def plain(value: Any) -> Any:
    """A value as JSON has it: instants as ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def _about(session: Session, subject: Subject, model: Any, columns: Sequence[str]) -> Lines:
    rows = session.execute(
        sa.select(Study.key.label("study"), *(getattr(model, name) for name in columns))
        .join(Respondent, Respondent.id == model.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .where(Respondent.contact_id.in_(subject.contact_ids))
        .order_by(model.id)
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001  (a row's public way to its names)


def _by_response(session: Session, subject: Subject, model: Any) -> Mapping[int, list[Any]]:
    wanted = sa.select(model, Question.key if hasattr(model, "question_id") else sa.null())
    if hasattr(model, "question_id"):
        wanted = wanted.join(Question, Question.id == model.question_id)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(wanted.where(model.response_id.in_(subject.response_ids)).order_by(model.id)):
        found[row[0].response_id].append(row)
    return found


def _told(told: Mapping[int, Mapping[str, str]], response: Response) -> dict[str, Any] | None:
    version = response.consent_version
    if version is None:
        return None
    language = (response.language or "en").split("-")[0]
    return {"version": version, "text": told[version].get(language) or told[version]["en"]}


def _questions(version: QuestionnaireVersion) -> dict[str, Mapping[str, Any]]:
    asked: Iterable[Mapping[str, Any]] = version.definition.get("questions", [])
    return {question["key"]: question for question in asked}


def _answer(answer: Answer, key: str, questions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    question = questions.get(key, {})
    is_given = answer.value_number is not None or answer.value_text is not None
    return {
        "question": key,
        "text": question.get("text"),
        "about": answer.item or None,
        "mode": answer.mode,
        "value": answer.value_number if answer.value_text is None else answer.value_text,
        "answer": answer_words(answer.value_number, answer.value_text, question) if is_given else None,
        "absence": answer.absence,
        "counts": answer.is_counted,
        "recorded_at": answer.recorded_at,
        "replaced_at": answer.superseded_at,
        "words_removed_at": answer.blanked_at,
    }


def _remark(remark: Remark, key: str, questions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    names = ("note", "quote", "quote_permission", "is_paraphrase", "absence", "reason", "probes", "recorded_at")
    return {
        "question": key,
        "text": questions.get(key, {}).get("text"),
        "about": remark.item or None,
        **{name: getattr(remark, name) for name in names},
        "replaced_at": remark.superseded_at,
        "words_removed_at": remark.blanked_at,
    }
