"""Words are quoted only as their speaker allowed."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.questionnaires.models import Question
from app.reports.services import gap_report
from app.responses.models import Answer, Remark, Response
from app.sample.services import SAMPLE_STUDY, load_sample
from app.studies.queries import study_named
from tests.conftest import Fill

TODAY = date(2026, 11, 22)


def add_sample(session: Session) -> None:
    """Load the sample."""
    load_sample(session, password="correct horse battery staple", report=lambda _: None, on=TODAY)


@pytest.fixture
def quotes(session: Session, fill: Fill) -> Any:
    """Give every interviewee the same permission, and return the quotes of the report as (mode, permission)."""
    fill(add_sample)
    asked = sa.select(Question.id).where(Question.key == "quote_permission").scalar_subquery()

    def quotes(permission: str) -> list[tuple[str, str | None]]:
        session.execute(sa.update(Answer).where(Answer.question_id == asked).values(value_text=permission))
        document = gap_report(session, study=study_named(session, SAMPLE_STUDY))
        said = [each for account in document["accounts"] for each in account["evidence"] if each["text"]]
        return [(each["mode"], each["permission"]) for each in said]

    return quotes


def test_who_does_not_want_to_be_quoted_is_not(quotes: Any) -> None:
    assert {mode for mode, _ in quotes("none")} == {"survey"}


@pytest.mark.parametrize("permission", ["internal", "without_name", "with_name"])
def test_a_quote_carries_its_consent_level(quotes: Any, permission: str) -> None:
    found = set(quotes(permission))
    assert ("interview", permission) in found
    assert all(level is None for mode, level in found if mode == "survey")


def test_what_an_interviewer_took_down_is_evidence_as_far_as_its_speaker_allowed(session: Session, quotes: Any) -> None:
    words = "We bought it to save time, and on Fridays it costs us time and nerves."
    row = session.execute(
        sa.select(Response.id, Answer.question_id)
        .join(Answer, Answer.response_id == Response.id)
        .join(Question, Question.id == Answer.question_id)
        .where(Response.mode == "interview", Question.key == "recommend", Answer.value_number <= 2)
        .limit(1)
    ).one()
    remark = Remark(response_id=row.id, question_id=row.question_id, revision=1, quote=words)
    session.add(remark)
    cases = [
        ("with_name", "internal", ["with_name"]),  # the quote's own permission comes first
        (None, "without_name", ["without_name"]),  # else what the person said at the start
        ("none", "with_name", []),
        (None, "none", []),
    ]
    for own, said, expected in cases:
        remark.quote_permission = own
        session.flush()
        quotes(said)
        document = gap_report(session, study=study_named(session, SAMPLE_STUDY))
        found = [each for account in document["accounts"] for each in account["evidence"] if each["text"] == words]
        assert [each["permission"] for each in found] == expected, (own, said)
