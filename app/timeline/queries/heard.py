"""What was said and written between us and an account: conversations, answers, mails, calls and meetings."""

from typing import Any

from sqlalchemy import Select, String, and_, case, literal, null, or_, select

from app.customers.models import Account, Contact, Interaction, Promise
from app.interviews.models import Appointment, AppointmentMail, Interview
from app.ledger.queries.answers import answers_about, names_seen
from app.responses.models import Response
from app.studies.models import CallAttempt, Invitation, Letter, Respondent, Study
from app.studies.scope import visible_accounts
from app.timeline.queries.branches import ACCOUNT, Event, Reader
from app.timeline.queries.naming import user_name
from app.users.models import User


def conversations(reader: Reader) -> Event:
    """Everything that was imported or noted as a conversation, mentions in public among them."""
    return Event(
        at=Interaction.occurred_at,
        id=Interaction.id,
        shown={
            "a": Interaction.channel,
            "b": Interaction.started_by,
            "c": reader.words(Interaction.summary),
            "d": case((Interaction.participated.is_(True), "yes"), (Interaction.participated.is_(False), "no")),
            "person": reader.words(case((Contact.erased_at.is_(None), Contact.name), else_=null())),
        },
        source=select(Interaction).outerjoin(Contact, Contact.id == Interaction.contact_id),
        where=(Interaction.account_id == ACCOUNT,),
    )


def answers(reader: Reader) -> Event:
    """Responses that were submitted, in studies that the reader may read; who it was where they may know."""
    return Event(
        at=Response.submitted_at,
        id=Response.id,
        shown={
            "a": Response.mode,
            "b": Study.name,
            "c": Study.key,
            "d": Response.external_id,
            "what": Respondent.role,
            "person": _named(reader),
        },
        source=_of_respondents().join(Response, Response.respondent_id == Respondent.id),
        where=(*_seen(reader), Response.submitted_at.is_not(None)),
    )


def answers_to_promises(reader: Reader) -> Event:
    """What people there said of promises, each an answer of its response."""
    said = answers_about(Promise.account_id == ACCOUNT)
    may_read = visible_accounts(reader.scope)
    source = (
        select(said.c.promise_id)
        .select_from(said)
        .join(Promise, Promise.id == said.c.promise_id)
        .join(Response, Response.id == said.c.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
    )
    return Event(
        at=said.c.at,
        id=said.c.place,
        shown={
            "a": said.c.said,
            "b": Promise.text,
            "c": case((may_read, Study.key), else_=null()),
            "d": case((may_read, Response.external_id), else_=null()),
            "person": _named(reader),
        },
        source=source,
    )


def invitations(reader: Reader) -> Event:
    """Invitations and reminders that were sent."""
    return Event(
        at=Invitation.sent_at,
        id=Invitation.id,
        shown={
            "a": case((Invitation.number == 0, "invitation"), else_="reminder"),
            "b": Study.name,
            "c": case((Invitation.bounced_at.is_not(None), "bounced"), else_=null()),
            "what": Respondent.role,
            "person": _named(reader),
        },
        source=_of_respondents().join(Invitation, Invitation.respondent_id == Respondent.id),
        where=(*_seen(reader), Invitation.sent_at.is_not(None)),
    )


def letters(reader: Reader) -> Event:
    """Other mails to people there, those of studies to who may read these; what stands in them is told to nobody."""
    return Event(
        at=Letter.sent_at,
        id=Letter.id,
        shown={
            "a": Letter.kind,
            "b": reader.words(Letter.subject),
            "person": reader.words(case((Contact.erased_at.is_(None), Contact.name), else_=null())),
            "who": user_name(),
        },
        source=select(Letter)
        .join(Contact, Contact.id == Letter.contact_id)
        .join(Account, Account.id == Contact.account_id)
        .outerjoin(Respondent, Respondent.id == Letter.respondent_id)
        .outerjoin(Study, Study.id == Respondent.study_id)
        .outerjoin(User, User.id == Letter.written_by),
        where=(
            Contact.account_id == ACCOUNT,
            Letter.sent_at.is_not(None),
            or_(Letter.respondent_id.is_(None), visible_accounts(reader.scope)),
        ),
    )


def appointment_mails(reader: Reader) -> Event:
    """Mails about appointments that were sent."""
    source = (
        _of_respondents()
        .join(Interview, Interview.respondent_id == Respondent.id)
        .join(Appointment, Appointment.interview_id == Interview.id)
        .join(AppointmentMail, AppointmentMail.appointment_id == Appointment.id)
    )
    return Event(
        at=AppointmentMail.sent_at,
        id=AppointmentMail.id,
        shown={
            "a": literal("appointment", String),
            "b": Study.name,
            "what": Respondent.role,
            "person": _named(reader),
        },
        source=source,
        where=(*_seen(reader), AppointmentMail.sent_at.is_not(None)),
    )


def calls(reader: Reader) -> Event:
    """Attempts to reach people for an interview; those that were taken back are none."""
    return Event(
        at=CallAttempt.attempted_at,
        id=CallAttempt.id,
        shown={
            "a": CallAttempt.outcome,
            "b": Study.name,
            "c": CallAttempt.channel,
            "what": Respondent.role,
            "person": _named(reader),
            "who": user_name(),
        },
        source=_of_respondents()
        .join(CallAttempt, CallAttempt.respondent_id == Respondent.id)
        .outerjoin(User, User.id == CallAttempt.recorded_by),
        where=(*_seen(reader), CallAttempt.superseded_at.is_(None)),
    )


def appointments(reader: Reader) -> Event:
    """When one meets for an interview, also what is still to come."""
    return Event(
        at=Appointment.starts_at,
        id=Appointment.id,
        shown={
            "a": Appointment.way,
            "b": Study.name,
            "c": case((Appointment.is_cancelled, "cancelled"), else_=null()),
            "what": Respondent.role,
            "person": _named(reader),
            "who": user_name(),
        },
        source=_of_respondents()
        .join(Interview, Interview.respondent_id == Respondent.id)
        .join(Appointment, Appointment.interview_id == Interview.id)
        .join(User, User.id == Appointment.organiser_id),
        where=(*_seen(reader), Appointment.superseded_at.is_(None)),
    )


def _of_respondents() -> Select[Any]:
    """The account's people as they were drawn into studies."""
    return (
        select(Respondent)
        .join(Study, Study.id == Respondent.study_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .join(Account, and_(Account.id == Respondent.account_id, Account.id == ACCOUNT))
    )


def _seen(reader: Reader) -> tuple[Any, ...]:
    """Of this account, in studies that are not anonymous and that the reader may read."""
    return (
        Respondent.account_id == ACCOUNT,
        visible_accounts(reader.scope),
        ~Study.is_anonymous,
    )


def _named(reader: Reader) -> Any:
    return case((and_(names_seen(reader.scope), Contact.erased_at.is_(None)), Contact.name), else_=null())
