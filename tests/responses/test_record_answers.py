"""Recording the answers of a file: opened, superseded, left alone."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.questionnaires.queries import newest_version, questions_of
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.services import publish_built_ins
from app.responses.models import Answer, Response
from app.responses.rules import Recorded
from app.responses.services import record_answers
from app.studies.models import Respondent, Study
from tests.factories.given import given_response

AT = datetime(2026, 2, 1, 10, 0, tzinfo=UTC)
NINE, THREE = ParsedAnswer(9.0, None), ParsedAnswer(3.0, None)


class Door:
    """A drawn respondent, and the questions that may be answered."""

    def __init__(self, session: Session) -> None:
        publish_built_ins(session)
        version = newest_version(session, "relationship")
        account = Account(crm_id="A-1", name="One")
        session.add(account)
        session.flush()
        contact = Contact(crm_id="C-1", account_id=account.id, name="Nora")
        day = AT.date()
        study = Study(
            key="s", name="S", version_id=version.id, scorecard_key="default", plan={},
            opens_on=day, closes_on=day, health_as_of=day,
        )  # fmt: skip
        session.add_all([contact, study])
        session.flush()
        respondent = Respondent(
            study_id=study.id, account_id=account.id, contact_id=contact.id, role="champion", mode="survey"
        )
        session.add(respondent)
        session.flush()
        self.session, self.study_id, self.version_id = session, study.id, version.id
        self.respondent_id = respondent.id
        self.questions = questions_of(session, version)

    def record(self, *, at: datetime = AT, external_id: str = "r", **answers: ParsedAnswer) -> Recorded:
        """Record answers of the respondent by question key."""
        given = given_response(
            respondent_id=self.respondent_id,
            external_id=external_id,
            submitted_at=at,
            mode="survey",
            answers={self.questions[key]: answer for key, answer in answers.items()},
        )
        return record_answers(
            self.session, study_id=self.study_id, version_id=self.version_id, source="survey", at=at, given=given
        )


@pytest.fixture
def door(session: Session) -> Door:
    """A respondent at the door."""
    return Door(session)


def test_a_response_is_opened_with_its_answers(door: Door, session: Session) -> None:
    recorded = door.record(recommend=NINE, reason=ParsedAnswer(None, "Good"))
    assert recorded == Recorded(2, 0, 0)
    response = session.scalars(sa.select(Response)).one()
    assert (response.source, response.submitted_at, response.created_at) == ("survey", AT, AT)
    assert session.scalar(sa.select(sa.func.count()).where(Answer.recorded_at == AT)) == 2


def test_the_same_again_changes_nothing(door: Door, session: Session) -> None:
    door.record(recommend=NINE)
    assert door.record(recommend=NINE) == Recorded(0, 0, 1)
    assert session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1


def test_another_answer_supersedes(door: Door, session: Session) -> None:
    door.record(recommend=NINE, effort=THREE)
    later = AT + timedelta(hours=1)
    assert door.record(at=later, recommend=THREE).updated == 1
    old, new = session.scalars(
        sa.select(Answer).where(Answer.question_id == door.questions["recommend"]).order_by(Answer.id)
    )
    assert (old.value_number, old.superseded_at) == (9.0, later)
    assert (new.value_number, new.superseded_at) == (3.0, None)
    assert session.scalars(sa.select(Response.changed_at)).one() == later
    untouched = session.scalars(sa.select(Answer).where(Answer.question_id == door.questions["effort"])).one()
    assert untouched.superseded_at is None


def test_a_text_instead_of_another_supersedes(door: Door, session: Session) -> None:
    door.record(reason=ParsedAnswer(None, "Good"))
    assert door.record(reason=ParsedAnswer(None, "Bad")) == Recorded(0, 1, 0)
    current = sa.select(Answer.value_text).where(Answer.superseded_at.is_(None))
    assert session.scalars(current).one() == "Bad"


def test_a_second_response_of_one_respondent_is_impossible(door: Door) -> None:
    door.record(recommend=NINE)
    with pytest.raises(IntegrityError):
        door.record(external_id="another", recommend=THREE)
