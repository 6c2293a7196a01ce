"""Who a person is: the contacts that bear an address, and what hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.database import small_letters
from app.customers.models import Account, Contact, Interaction, Outcome, Promise
from app.education.models import EducationRecord
from app.interviews.models import Interview
from app.ledger.models import LedgerEntry, PromiseVersion
from app.overlays.models import OverlayChange
from app.plans.models import PlanBlocker, PlanMove, PlanOutcome, SuccessPlan
from app.reports.models import EditionComment
from app.responses.models import Answer, Remark, Response, Submission
from app.studies.models import Invitation, Letter, Link, MailText, Respondent
from app.subjects.queries.judging import judging_words
from app.subjects.queries.naming import joined, names
from app.surveys.queries.mails import waits
from app.transfer.models import Upload
from app.users.models import User

NAMING_KINDS = ("contacts", "responses", "bounces", "interactions")
"""The kinds of file that name people."""
LONGEST_SEARCHED = 254
SHORTEST_NAME = 5
"""A shorter name would be found in many texts that do not mean the person."""


@dataclass(frozen=True)
class Subject:
    """A person: their address, the contacts that bear it, and the responses that are theirs."""

    address: str
    contacts: Sequence[Contact]
    response_ids: Sequence[int]

    @property
    def contact_ids(self) -> list[int]:
        """The ids of the contacts."""
        return [contact.id for contact in self.contacts]

    @cached_property
    def words(self) -> list[str]:
        """What tells who they are, in small letters: the address, and full names."""
        names = {contact.name.lower() for contact in self.contacts if len(contact.name) >= SHORTEST_NAME}
        return sorted({self.address, *names} - {""})


def subject_of(session: Session, address: str, *, is_locked: bool = False) -> Subject:
    """Everybody with this address, in whatever letters it is written; locked until the transaction ends if asked."""
    wanted = address.strip()[: LONGEST_SEARCHED + 1].lower()
    # No address has characters that do not show, and PostgreSQL refuses to look for some of them.
    wanted = wanted if wanted.isprintable() else ""
    found = sa.select(Contact).where(small_letters(sa.func.coalesce(Contact.email, "")) == wanted).order_by(Contact.id)
    if is_locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    contacts = session.scalars(found).all() if wanted else []
    theirs = (
        sa.select(Response.id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .where(Respondent.contact_id.in_([contact.id for contact in contacts]))
        .order_by(Response.id)
    )
    return Subject(wanted, contacts, session.scalars(theirs).all())


def hanging_on(session: Session, subject: Subject) -> dict[str, int]:
    """How many studies, unbegun interviews, waiting mails, open links and waiting uploads hang on a person."""
    theirs = sa.select(Respondent.id).where(Respondent.contact_id.in_(subject.contact_ids))
    unbegun = (Interview.respondent_id.in_(theirs), Interview.started_at.is_(None))
    wanted = {
        "studies": sa.select(Respondent.study_id).distinct().where(Respondent.contact_id.in_(subject.contact_ids)),
        "interviews": sa.select(Interview.id).where(*unbegun),
        "mails_waiting": sa.select(Invitation.id).where(Invitation.respondent_id.in_(theirs), waits()),
        "links": sa.select(Link.id).where(Link.respondent_id.in_(theirs), Link.revoked_at.is_(None)),
        "uploads_waiting": sa.select(Upload.id).where(Upload.imported_at.is_(None), Upload.kind.in_(NAMING_KINDS)),
    }
    return {name: _count(session, each) for name, each in wanted.items()}


def mentions(session: Session, subject: Subject) -> dict[str, int]:
    """How many texts that others wrote name the address or a full name, by what they are; nobody may blank them."""
    words, own = subject.words, subject.response_ids
    columns: dict[str, tuple[Any, Any]] = {
        "answers": (Answer.value_text, Answer.response_id.not_in(own)),
        "notes": (Remark.note, Remark.response_id.not_in(own)),
        "quotes": (Remark.quote, Remark.response_id.not_in(own)),
        "reasons": (Submission.reason, Submission.response_id.not_in(own)),
        "outcomes": (Outcome.reason, sa.true()),
        "accounts’ own fields": (sa.cast(Account.custom, sa.Text), sa.true()),
        "mail texts": (MailText.body, sa.true()),
        "evidence of promises": (Promise.evidence, sa.true()),
        "the ledger": (joined(LedgerEntry.evidence, LedgerEntry.withdrawn_because), sa.true()),
        "what promises said before": (sa.cast(PromiseVersion.former, sa.Text), sa.true()),
        "situations": (joined(OverlayChange.reason, OverlayChange.concessions, OverlayChange.billing), sa.true()),
        "education": (joined(EducationRecord.what, EducationRecord.takers), sa.true()),
        "plans": (SuccessPlan.title, sa.true()),
        "agreed outcomes": (PlanOutcome.title + " " + sa.func.coalesce(PlanOutcome.measure, ""), sa.true()),
        "blockers": (PlanBlocker.title, sa.true()),
        "reasons of moved dates": (PlanMove.reason, sa.true()),
        "conversations": (
            Interaction.summary,
            sa.or_(Interaction.contact_id.is_(None), Interaction.contact_id.not_in(subject.contact_ids)),
        ),
        "actions": (joined(Action.title, Action.reason), sa.true()),
        "comments on reports": (EditionComment.body, sa.true()),
        **judging_words(subject.contact_ids),
        "letters": (Letter.body, sa.or_(Letter.contact_id.is_(None), Letter.contact_id.not_in(subject.contact_ids))),
    }
    found = {
        name: _count(session, sa.select(column).where(condition, names(column, words)))
        for name, (column, condition) in columns.items()
    }
    return {name: number for name, number in found.items() if number}


def logins_of(session: Session, address: str) -> Sequence[str]:
    """The logins with this address: they are staff, and their data is no customer's."""
    return session.scalars(sa.select(User.email).where(sa.func.lower(User.email) == address)).all()


def _count(session: Session, wanted: sa.Select[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
