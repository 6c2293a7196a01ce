"""A person whose every text is marked, in a study of each kind, so that nothing of them can be overlooked."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Base, db
from app.customers.models import Contact, Interaction
from app.customers.services import note_searched
from app.interviews.models import Appointment, AppointmentMail, Interview
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Answer, Response
from app.responses.rules import ItemContent, QuotePermission
from app.responses.services import Door, open_response, reopen_response, save_item, submit_response
from app.scoring.models import AccountScore, RespondentScore, Scoring
from app.scoring.services import score_study
from app.studies.models import CallAttempt, Invitation, Respondent, Study
from app.studies.rules.budget import Stop
from app.surveys.services.invitations import Place, queue_invitations
from app.surveys.services.mailing import stop_mailing
from app.transfer.services import Options
from app.transfer.services.uploads import FOLDER, try_upload
from app.users.models import User
from tests.factories.answers import answer, question_ids
from tests.interviews.talks import add_account, add_interview_study, add_person
from tests.reports.studies import drawn_study
from tests.surveys.asked import BASE, SECRET, add_survey, tokens_of
from tests.users.people import ADMIN, add_people

MARK = "zqmark"
"""Stands in every text that tells who the person is or what they said."""
EMAIL = f"{MARK}.Person@Acme.test"
NAME = f"{MARK}name Quandrell"
WORDS = f"I am {MARK}words and not happy."
EARLIER = f"I was {MARK}earlier and happy."
OTHERS = "Quite fine, thank you."
PLACE = Place(BASE, SECRET, at_any_hour=True)


def mark(contact: Contact) -> Contact:
    """Give a contact marked texts wherever it holds any."""
    contact.name, contact.email, contact.phone = NAME, EMAIL, f"+49 {MARK}phone"
    contact.custom, contact.timezone, contact.language = {"nickname": f"{MARK}custom"}, "Europe/Berlin", "en"
    return contact


def add_conversation(session: Session, contact: Contact, crm_id: str) -> None:
    """Add a conversation with somebody, with words about it."""
    session.add(
        Interaction(
            crm_id=crm_id, account_id=contact.account_id, occurred_at=now(), channel="call", started_by="us",
            contact_id=contact.id, participated=False, summary=f"{MARK}talked",
        )
    )  # fmt: skip


def add_scored(session: Session) -> None:
    """Add a study that is scored, in which the marked person answered in words, and changed them."""
    study = drawn_study(session)
    mark(session.scalars(sa.select(Contact).where(Contact.crm_id == "A1-champion")).one())
    add_conversation(session, session.scalars(sa.select(Contact).where(Contact.crm_id == "A1-champion")).one(), "I-1")
    said = answer(session, study, "A1-champion", recommend=2, satisfaction=2, reason=WORDS)
    question = question_ids(session)["reason"]
    session.add(Answer(response_id=said.id, question_id=question, value_text=EARLIER, superseded_at=now()))
    for number in range(2, 9):
        answer(
            session,
            study,
            f"A{number}-champion",
            recommend=number,
            satisfaction=1 + number % 5,
            reason=OTHERS,
        )
        answer(session, study, f"A{number}-power_user", recommend=10 - number, satisfaction=3)
    session.flush()
    score_study(session, study=study)


def add_interviewed(session: Session, people: dict[str, User]) -> None:
    """Add an interview with the marked person: an answer in words, a note, a quote, and a reason to open it again."""
    study = add_interview_study(session, owner=people[ADMIN])
    account = add_account(session, study, "Haskelby", None)
    person = add_person(session, study, "Nora", account=account)
    mark(session.get_one(Contact, person.contact_id))
    by = people[ADMIN].id
    session.add(Interview(respondent_id=person.id, interviewer_id=by, started_at=now()))
    door = Door(study.id, person.id, study.version_id, "interview", "interview")
    response = open_response(session, door=door, at=now())
    session.get_one(Response, response.id).external_id = f"r-{EMAIL}"
    session.flush()
    content = ItemContent(ParsedAnswer(None, WORDS), f"{MARK}note", f"{MARK}quote", QuotePermission.WITH_NAME)
    question = question_ids(session)["reason"]
    save_item(session, response_id=response.id, question_id=question, revision=0, content=content, at=now(), by=by)
    other = ItemContent(ParsedAnswer(None, EARLIER), f"{MARK}note2", f"{MARK}quote2")
    save_item(session, response_id=response.id, question_id=question, revision=1, content=other, at=now(), by=by)
    submit_response(session, response_id=response.id, at=now(), by=by)
    reopen_response(session, response_id=response.id, reason=f"{MARK}reason", at=now(), by=by)
    waiting = add_person(session, study, "Olga", account=account)
    mark(session.get_one(Contact, waiting.contact_id))
    session.add(Interview(respondent_id=waiting.id, interviewer_id=by))
    session.flush()
    for each in session.scalars(sa.select(Interview).order_by(Interview.id)):
        add_planned(session, each)


def add_planned(session: Session, interview: Interview) -> None:
    """Add a call with a note, and an appointment at a place that tells who it is with."""
    session.add(
        CallAttempt(
            respondent_id=interview.respondent_id, outcome="not_now", channel="phone", note=f"{MARK}called",
            attempted_at=now(), undo_reason=f"{MARK}mistaken",
        )
    )  # fmt: skip
    appointment = Appointment(
        interview_id=interview.id, uid=f"{interview.id}@x", sequence=0, starts_at=now() + timedelta(days=1),
        timezone="UTC", wall="2027-01-01T10:00", minutes=30, way="phone", place=f"{MARK}place",
        organiser_id=interview.interviewer_id,
    )  # fmt: skip
    session.add(appointment)
    session.flush()
    session.add(
        AppointmentMail(
            appointment_id=appointment.id, kind="invitation", message_id=f"<{appointment.id}@x>",
            due_at=now() + timedelta(days=1), reason=f"550 {MARK}unknown",
        )
    )  # fmt: skip


def add_marked(session: Session) -> str:
    """Fill a workspace with the marked person, as a scored, a surveyed and an interviewed one; return their token."""
    people = add_people(session)
    add_scored(session)
    study = add_survey(session, people=2, owner=people[ADMIN])
    contacts = session.scalars(sa.select(Contact).where(Contact.crm_id.like("pulse-%")).order_by(Contact.crm_id)).all()
    for contact in contacts:
        mark(contact)
    contacts[1].crm_id = f"CRM/{EMAIL}"
    session.flush()
    token = tokens_of(session, study)[0]
    queue_invitations(session, study=study, at=now(), place=PLACE)
    second = session.scalars(sa.select(Invitation).order_by(Invitation.id.desc())).first()
    assert second
    second.due_at = now() + timedelta(days=3)
    add_interviewed(session, people)
    note_searched(session)
    return token


def bounce(session: Session) -> None:
    """Let the first mail have come back with words that name the person."""
    first = session.scalars(sa.select(Invitation).order_by(Invitation.id)).first()
    assert first
    first.bounced_at, first.reason = now(), f"550 {MARK}server does not know them"
    person = session.get_one(Respondent, first.respondent_id)
    stop_mailing(session, contact_id=person.contact_id, reason=Stop.BOUNCED, at=now())


def leave_upload(session: Session, home: Path) -> None:
    """Leave a file with the person waiting for a yes."""
    user = session.scalars(sa.select(User).where(User.email == ADMIN)).one()
    content = f"contact_id,account_id,name,email\nnew-1,A1,{NAME},{EMAIL}\n".encode()
    try_upload(
        session, folder=home / FOLDER, content=io.BytesIO(content), filename="contacts.csv", kind="contacts",
        options=Options(), user_id=user.id,
    )  # fmt: skip


def dumped(application: Flask) -> str:
    """Everything that stands in the database, in small letters."""
    with application.app_context():
        tables = Base.metadata.sorted_tables
        with db.engine.connect() as connection:
            rows = [str(row) for table in tables for row in connection.execute(sa.select(table))]
    return "\n".join(rows).lower()


def files_with(folder: Path, text: str) -> list[str]:
    """The files below a folder in which a text stands in any letters, as bytes, encoded for mails or not."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and text.encode() in path.read_bytes().lower().replace(b"=\r\n", b"")
    ]


def scored_again(session: Session) -> Any:
    """Score the marked person's study once more and return its figures."""
    study = session.scalars(sa.select(Study).where(Study.key == "q1")).one()
    score_study(session, study=study)
    session.commit()
    scoring = session.scalars(sa.select(Scoring).where(Scoring.study_id == study.id)).one()
    session.refresh(scoring)
    people = session.execute(sa.select(RespondentScore.respondent_id, RespondentScore.voice, RespondentScore.flags))
    accounts = session.execute(sa.select(AccountScore.account_id, AccountScore.voice, AccountScore.gap_shrunken))
    return scoring.figures, sorted(map(str, people)), sorted(map(str, accounts))
