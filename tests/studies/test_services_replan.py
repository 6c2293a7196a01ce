"""A plan may be replaced until it is drawn, checked as a new one is."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.studies.models import Study
from app.studies.queries import sampled_accounts
from app.studies.services import close_study, create_study, draw_study, replan_study
from app.users.models import AuditEvent
from tests.studies.cross_section import PLAN


@pytest.fixture
def study(workspace: Session) -> Study:
    """A planned study."""
    return create_study(workspace, document=PLAN)


def replanned(session: Session, study: Study, **changes: Any) -> Study:
    return replan_study(session, study=study, document={**PLAN, **changes})


def test_another_plan_takes_the_place_of_the_first(session: Session, study: Study) -> None:
    replanned(session, study, name="Another", size=8, strata=[], mode="both", opens_on="2019-10-02")
    assert (study.key, study.name, str(study.opens_on)) == ("q3", "Another", "2019-10-02")
    assert (study.plan["size"], study.plan["strata"], study.plan["mode"]) == (8, [], "both")
    assert draw_study(session, study=study).accounts == len(sampled_accounts(session, study)) == 8
    events = session.scalars(select(AuditEvent).where(AuditEvent.object_id == "q3").order_by(AuditEvent.id)).all()
    assert [event.action for event in events] == ["study.create", "study.replan", "study.draw"]
    assert events[0].fields["plan_sha256"] != events[1].fields["plan_sha256"]


def test_a_drawn_or_closed_study_keeps_its_plan(session: Session, study: Study) -> None:
    draw_study(session, study=study)
    with pytest.raises(Refusal, match="has been drawn"):
        replanned(session, study, size=8)
    close_study(session, study=study)
    with pytest.raises(Refusal, match="has been drawn"):
        replanned(session, study, size=8)
    assert study.plan["size"] == 6


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"key": "q4"}, "key", id="another key"),
        pytest.param({"questionnaire": "none"}, "questionnaire", id="unknown questionnaire"),
        pytest.param({"scorecard": "none"}, "scorecard", id="unknown scorecard"),
        pytest.param({"strata": ["nope"]}, "strata", id="unknown field"),
        pytest.param({"size": 0}, "size", id="no size"),
    ],
)
def test_a_bad_plan_changes_nothing(session: Session, study: Study, changes: dict[str, Any], field: str) -> None:
    before = dict(study.plan)
    with pytest.raises(Refusal) as refused:
        replanned(session, study, **changes)
    assert refused.value.field == field
    assert study.plan == before


def test_what_is_gone_is_missing(session: Session, study: Study) -> None:
    session.delete(study)
    session.flush()
    with pytest.raises(Missing):
        replanned(session, study)


def test_the_address_of_the_form_is_no_key(workspace: Session) -> None:
    with pytest.raises(Refusal, match="address of its own") as refused:
        create_study(workspace, document={**PLAN, "key": "new"})
    assert refused.value.field == "key"
