"""Creating, drawing and closing studies, on both databases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.health.services import load_scorecard
from app.questionnaires.queries import newest_version
from app.studies.models import DrawRecord, Respondent, SampledAccount, Study
from app.studies.queries import (
    accounts_without_respondents,
    frame_totals,
    respondents_of,
    sampled_accounts,
    study_named,
)
from app.studies.services import close_study, create_study, draw_study, verify_draw
from app.users.models import AuditEvent, User
from tests.studies.cross_section import PLAN, SCORECARD, created, crm_ids


def test_a_study_is_created_with_its_defaults(workspace: Session) -> None:
    study = created(workspace)
    assert (study.scorecard_key, study.owner_id, str(study.health_as_of)) == ("default", None, "2019-10-31")
    assert study.version_id == newest_version(workspace, "relationship").id
    assert study.plan["wave"] == "q3"
    assert study.plan["minimum_per_stratum"] == 2
    assert (study.drawn_at, study.closed_at) == (None, None)
    event = workspace.scalars(select(AuditEvent).where(AuditEvent.action == "study.create")).one()
    assert event.object_id == "q3"


def test_the_owner_is_found_by_address(workspace: Session) -> None:
    leader = User(email="leader@sample.parallax.test", fs_uniquifier="leader")
    workspace.add(leader)
    workspace.flush()
    assert created(workspace, owner="Leader@sample.parallax.test").owner_id == leader.id
    assert create_study(workspace, document={**PLAN, "key": "other"}, owner_id=leader.id).owner_id == leader.id


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        pytest.param({"questionnaire": "none"}, "no questionnaire “none”", "questionnaire", id="questionnaire"),
        pytest.param({"scorecard": "none"}, "no scorecard “none”", "scorecard", id="scorecard"),
        pytest.param({"owner": "nobody@x.test"}, "no user “nobody@x.test”", "owner", id="owner"),
        pytest.param({"strata": ["segmnt"]}, "“segmnt” in “strata”", "strata", id="strata field"),
        pytest.param({"filter": {"regoin": ["x"]}}, "“regoin” in “filter”", "filter", id="filter field"),
        pytest.param({"method": "quota"}, "census, proportional, neyman, pps", "method", id="an unknown method"),
        pytest.param({"size": 0}, "“size”", "size", id="size"),
    ],
)
def test_what_a_study_needs_must_be_there(
    workspace: Session, changes: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refused:
        created(workspace, **changes)
    assert refused.value.field == field
    assert workspace.scalar(select(func.count()).select_from(Study)) == 0


def test_a_key_is_taken_once(workspace: Session) -> None:
    created(workspace)
    with pytest.raises(Refusal, match="“q3” already"):
        created(workspace)


def test_fields_are_not_checked_before_the_first_import(session: Session) -> None:
    load_scorecard(session, document=SCORECARD)
    study = created(session, strata=["region"])
    with pytest.raises(Refusal, match="No account is in the frame"):
        draw_study(session, study=study)


def test_an_unknown_study_is_missing(session: Session) -> None:
    with pytest.raises(Missing, match="no study “none”"):
        study_named(session, "none")


def test_a_draw_stores_accounts_respondents_and_record(workspace: Session) -> None:
    study = created(workspace, strata=["segment"], size=8)
    drawn = draw_study(workspace, study=study)
    assert (drawn.accounts, drawn.respondents, drawn.seed) == (8, 16, 360)
    assert drawn.allocation == {"Large": 2, "Small": 6}
    assert drawn.warnings == []
    rows = sampled_accounts(workspace, study)
    assert {(row.stratum, row.stratum_size, row.weight) for row in rows} == {("Large", 5, 2.5), ("Small", 15, 2.5)}
    assert {(row.role, row.mode) for row in respondents_of(workspace, study)} == {
        ("champion", "survey"),
        ("admin", "survey"),
    }
    assert frame_totals(workspace, study) == {"accounts": 20, "arr": 2190.0}
    event = workspace.scalars(select(AuditEvent).where(AuditEvent.action == "study.draw")).one()
    assert event.fields["audit_sha256"] == drawn.audit_sha256
    assert study.drawn_at is not None


def test_a_census_ignores_size(workspace: Session) -> None:
    study = created(workspace, method="census", size=1, strata=[])
    drawn = draw_study(workspace, study=study)
    assert (drawn.accounts, drawn.respondents, drawn.allocation) == (20, 40, {"all": 20})
    assert {row.weight for row in sampled_accounts(workspace, study)} == {1.0}


def test_the_frame_leaves_out_whoever_is_gone(workspace: Session) -> None:
    workspace.execute(update(Account).where(Account.crm_id == "A01").values(status="Churned"))
    workspace.execute(update(Account).where(Account.crm_id == "A02").values(status="INACTIVE"))
    study = created(workspace, method="census", filter={"region": ["north"], "segment": ["Large", None]})
    draw_study(workspace, study=study)
    assert crm_ids(workspace, study) == {"A03"}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        pytest.param({"account_id": ["A07"]}, {"A07"}, id="account_id"),
        pytest.param({"tags": ["vip"]}, {"A03"}, id="tags"),
        pytest.param({"arr": [104]}, {"A04"}, id="a number"),
        pytest.param({"arr": ["104"], "segment": ["Small"]}, set(), id="none"),
    ],
)
def test_filters_read_columns_of_every_type(workspace: Session, wanted: dict[str, Any], ids: set[str]) -> None:
    study = created(workspace, method="census", filter=wanted)
    if not ids:
        with pytest.raises(Refusal, match="No account is in the frame"):
            draw_study(workspace, study=study)
        return
    draw_study(workspace, study=study)
    assert crm_ids(workspace, study) == ids


def test_certainty_accounts_leave_out_other_currencies(workspace: Session) -> None:
    workspace.execute(update(Account).where(Account.crm_id == "A00").values(currency="EUR", arr=Decimal(10**6)))
    study = created(workspace, size=8, certainty={"top_arr": 2, "accounts": ["A10"]})
    drawn = draw_study(workspace, study=study)
    certain = [row.account_id for row in sampled_accounts(workspace, study) if row.is_certainty]
    found = set(workspace.scalars(select(Account.crm_id).where(Account.id.in_(certain))))
    assert found == {"A19", "A18", "A10"}
    assert drawn.warnings == ["Accounts left out of the largest by ARR, which is missing or in another currency: 1."]


def test_a_drawn_account_without_respondents_stays_and_is_counted(workspace: Session) -> None:
    study = created(workspace, method="census", roles={"buyer": 1})
    drawn = draw_study(workspace, study=study)
    assert (drawn.accounts, drawn.respondents) == (20, 0)
    assert drawn.warnings == ["Drawn accounts without a contact in a role of the study: 20."]
    assert accounts_without_respondents(workspace, study) == 20


def test_both_modes_reach_accounts_and_their_respondents(workspace: Session) -> None:
    study = created(workspace, method="census", mode="both")
    draw_study(workspace, study=study)
    modes = {row.account_id: row.mode for row in sampled_accounts(workspace, study)}
    assert sorted(modes.values()).count("interview") == 10
    assert all(modes[row.account_id] == row.mode for row in respondents_of(workspace, study))


def test_the_same_seed_draws_the_same_accounts(workspace: Session) -> None:
    first, second, other = (
        created(workspace, key=key, wave="w", seed=seed) for key, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    for study in (first, second, other):
        draw_study(workspace, study=study)
    assert crm_ids(workspace, first) == crm_ids(workspace, second) != crm_ids(workspace, other)


def test_a_study_is_drawn_once(workspace: Session) -> None:
    study = created(workspace)
    draw_study(workspace, study=study)
    with pytest.raises(Refusal, match="already been drawn"):
        draw_study(workspace, study=study)


def test_a_size_beyond_the_frame_is_refused_and_nothing_is_stored(workspace: Session) -> None:
    study = created(workspace, size=21)
    with pytest.raises(Refusal, match="size 21 is more than the 20"):
        draw_study(workspace, study=study)
    for table in (DrawRecord, SampledAccount, Respondent):
        assert workspace.scalar(select(func.count()).select_from(table)) == 0


def test_what_was_not_drawn_can_be_neither_audited_nor_closed_nor_totalled(workspace: Session) -> None:
    study = created(workspace)
    for attempt in (verify_draw, close_study):
        with pytest.raises(Refusal, match="not been drawn"):
            attempt(workspace, study=study)
    with pytest.raises(Refusal, match="not been drawn"):
        frame_totals(workspace, study)


def test_a_study_is_closed_once(workspace: Session) -> None:
    study = created(workspace)
    draw_study(workspace, study=study)
    closed = close_study(workspace, study=study)
    assert closed.closed_at is not None
    assert (datetime.now(UTC) - closed.closed_at).total_seconds() < 60
    with pytest.raises(Refusal, match="was closed on"):
        close_study(workspace, study=study)
    assert workspace.scalars(select(AuditEvent).where(AuditEvent.action == "study.close")).one().object_id == "q3"
