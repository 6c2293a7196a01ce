"""Words are quoted only as their speaker allowed."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.questionnaires.models import Question
from app.reports.services import gap_report
from app.responses.models import Answer
from app.sample.services import SAMPLE_STUDY, load_sample
from app.studies.queries import study_named

TODAY = date(2026, 11, 22)


@pytest.fixture
def quotes(session: Session) -> Any:
    """Give every interviewee the same permission, and return the quotes of the report as (mode, permission)."""
    load_sample(session, password="correct horse battery staple", report=lambda _: None, on=TODAY)
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
