"""The contact budget over all studies and modes, as the database knows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.responses.models import Response
from app.studies.models import CallAttempt, Invitation, MailStop, Respondent, SampledAccount, Study
from app.surveys.rules.invitations.sending import Kind
from app.surveys.services.invitations import Place, outlooks, queue_invitations
from tests.surveys.asked import BASE, SECRET, add_survey
from tests.surveys.mailed import PLACE, held, people_of

NOW = datetime.now(UTC)


def another_study(session: Session, contact: Contact, key: str, mode: str = "survey") -> Respondent:
    """Draw a person into another study as well."""
    study = add_survey(session, key=key, people=0)
    session.add(SampledAccount(
        study_id=study.id, account_id=contact.account_id, stratum="all", stratum_size=1, weight=1.0, mode=mode
    ))  # fmt: skip
    respondent = Respondent(
        study_id=study.id, account_id=contact.account_id, contact_id=contact.id, role="champion", mode=mode
    )
    session.add(respondent)
    session.flush()
    return respondent


def mailed(session: Session, respondent: Respondent, days: float, **facts: object) -> None:
    at = NOW - timedelta(days=days)
    session.add(Invitation(**{
        "study_id": respondent.study_id, "respondent_id": respondent.id, "number": 0,
        "message_id": f"<{respondent.id}@x>", "due_at": at, "sent_at": at, **facts,
    }))  # fmt: skip
    session.flush()


def heard(session: Session, respondent: Respondent, days: float, *, is_sent: bool, mode: str) -> None:
    study = session.get_one(Study, respondent.study_id)
    at = NOW - timedelta(days=days)
    session.add(Response(
        study_id=study.id, respondent_id=respondent.id, external_id="r", version_id=study.version_id, mode=mode,
        source=mode, created_at=at, submitted_at=at if is_sent else None,
    ))  # fmt: skip
    session.flush()


def called(session: Session, respondent: Respondent, outcome: str, **facts: object) -> None:
    session.add(CallAttempt(**{
        "respondent_id": respondent.id, "outcome": outcome, "channel": "phone", "attempted_at": NOW - timedelta(days=2),
        **facts,
    }))  # fmt: skip
    session.flush()


ELSEWHERE: dict[str, tuple[Callable[[Session, Respondent], None], str | None]] = {
    "was spoken to on the phone": (lambda session, one: called(session, one, "not_now"), "person_asked"),
    "did not pick up": (lambda session, one: called(session, one, "no_answer"), None),
    "a call entered by mistake": (lambda session, one: called(session, one, "refused", superseded_at=NOW), None),
    "mailed 89 days ago": (lambda session, one: mailed(session, one, 89), "person_asked"),
    "mailed 91 days ago": (lambda session, one: mailed(session, one, 91), None),
    "a mail waits": (lambda session, one: mailed(session, one, 0, sent_at=None), "person_asked"),
    "the mail was stopped": (lambda session, one: mailed(session, one, 1, sent_at=None, cancelled_at=NOW), None),
    "the mail was given up": (lambda session, one: mailed(session, one, 1, sent_at=None, failed_at=NOW), None),
    "the mail came back": (lambda session, one: mailed(session, one, 1, bounced_at=NOW), None),
    "interviewed": (lambda session, one: heard(session, one, 80, is_sent=True, mode="interview"), "person_asked"),
    "a talk begun": (lambda session, one: heard(session, one, 2, is_sent=False, mode="interview"), "person_asked"),
    "answered long ago": (lambda session, one: heard(session, one, 200, is_sent=True, mode="survey"), None),
}  # fmt: skip


@pytest.mark.parametrize("case", ELSEWHERE)
def test_one_study_for_a_person_within_ninety_days(session: Session, case: str) -> None:
    study = add_survey(session, people=2)
    ask, expected = ELSEWHERE[case]
    ask(session, another_study(session, people_of(session, study)[0], "other"))
    assert held(session, study) == [expected, None]


def test_two_studies_for_an_account_within_thirty_days_stakeholders_counting_once(session: Session) -> None:
    study = add_survey(session, people=3)
    contacts = people_of(session, study)
    for contact, key in zip(contacts[:2], ("first", "second"), strict=True):
        mailed(session, another_study(session, contact, key), 10)
    assert held(session, study) == ["person_asked", "person_asked", "account_asked"]


def test_two_stakeholders_in_one_other_study_are_one_study(session: Session) -> None:
    study = add_survey(session, people=3)
    contacts = people_of(session, study)
    first = another_study(session, contacts[0], "first")
    mailed(session, first, 10)
    second = Respondent(
        study_id=first.study_id, account_id=first.account_id, contact_id=contacts[1].id, role="x", mode="survey"
    )
    session.add(second)
    session.flush()
    mailed(session, second, 10)
    assert held(session, study) == ["person_asked", "person_asked", None]


def test_the_workspace_says_how_much_is_too_much(session: Session) -> None:
    study = add_survey(session, people=2)
    mailed(session, another_study(session, people_of(session, study)[0], "other"), 20)
    workspace = the_workspace(session)
    workspace.person_days, workspace.account_studies = 10, 1
    session.flush()
    assert held(session, study) == ["account_asked", "account_asked"]


def test_everybody_of_one_study_is_invited_at_once(session: Session) -> None:
    study = add_survey(session, people=4)
    assert queue_invitations(session, study=study, at=NOW, place=PLACE).mails == 4
    assert held(session, study) == ["invited"] * 4


def test_two_studies_cannot_both_ask_a_person(session: Session) -> None:
    study = add_survey(session, people=1)
    other = another_study(session, people_of(session, study)[0], "other")
    assert queue_invitations(session, study=study, at=NOW, place=PLACE).mails == 1
    there = session.get_one(Study, other.study_id)
    assert queue_invitations(session, study=there, at=NOW, place=PLACE).mails == 0


def test_who_is_not_to_be_mailed_at_all(session: Session) -> None:
    study = add_survey(session, people=5)
    refused, unsubscribed, bounced, nowhere, _fine = people_of(session, study)
    refused.consent, nowhere.email = "no", None
    session.add_all([
        MailStop(contact_id=unsubscribed.id, reason="unsubscribed"), MailStop(contact_id=bounced.id, reason="bounced")
    ])  # fmt: skip
    session.flush()
    assert held(session, study) == ["consent", "unsubscribed", "bounced", "no_address", None]


def test_a_full_quota_stops_inviting_in_its_stratum_alone(session: Session) -> None:
    study = add_survey(session, people=2)
    study.plan = {"mode": "survey", "quotas": {"all": 1, "other": 1}}
    account = Account(crm_id="elsewhere", name="Elsewhere")
    session.add(account)
    session.flush()
    stranger = Contact(crm_id="pulse-99999", account_id=account.id, name="Stranger", email="s@else.test")
    session.add_all([stranger, SampledAccount(
        study_id=study.id, account_id=account.id, stratum="other", stratum_size=1, weight=1.0, mode="survey"
    )])  # fmt: skip
    session.flush()
    session.add(Respondent(
        study_id=study.id, account_id=account.id, contact_id=stranger.id, role="champion", mode="survey"
    ))  # fmt: skip
    session.flush()
    assert sorted(held(session, study), key=str) == [None, None, None]
    first = session.scalars(sa.select(Respondent).where(Respondent.contact_id == people_of(session, study)[0].id)).one()
    heard(session, first, 0, is_sent=True, mode="survey")
    found = held(session, study)
    assert sorted(found, key=str) == [None, "answered", "quota_full"]


def test_people_who_are_interviewed_get_no_mail(session: Session) -> None:
    study = add_survey(session, people=2)
    session.execute(sa.update(Respondent).values(mode="interview"))
    assert held(session, study) == []


def test_a_study_that_closes_before_the_next_working_hours_is_too_late(session: Session) -> None:
    sunday = datetime(2026, 11, 29, 10, tzinfo=UTC)
    study = add_survey(session, people=1, opens_on=sunday.date(), closes_on=sunday.date())
    look = outlooks(session, study=study, at=sunday, place=Place(BASE, SECRET))[Kind.INVITATION]
    assert [each.held for each in look.people] == ["too_late"]


def test_who_told_an_interviewer_no_is_not_mailed_either(session: Session) -> None:
    study = add_survey(session, people=2)
    first = session.scalars(sa.select(Respondent).order_by(Respondent.id)).first()
    assert first
    called(session, first, "refused")
    assert held(session, study) == ["refused", None]
    assert held(session, study, Kind.REMINDER)[0] == "refused"
