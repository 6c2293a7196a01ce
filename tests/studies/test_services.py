"""Creating, drawing, auditing and closing studies, on both databases."""

import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import Missing, Refusal
from app.core.workspace import Workspace
from app.customers.models import Account, Contact
from app.health.models import HealthComputation, Telemetry
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
from tests.conftest import Fill

SCORECARD: dict[str, Any] = {
    "key": "default",
    "measures": [{"key": "usage", "metric": "usage", "points": [[0, 0]], "weight": 1}],
}
RISING = [[0, 0], [100, 100]]
PLAN: dict[str, Any] = {
    "key": "q3", "name": "Q3 cross-section", "questionnaire": "relationship", "mode": "survey", "strata": ["segment"],
    "method": "proportional", "size": 6, "seed": 360, "roles": {"champion": 0.6, "admin": 0.4},
    "opens_on": "2019-10-01", "closes_on": "2019-10-31",
}  # fmt: skip


def add_accounts(session: Session) -> None:
    """A workspace with a scorecard and 20 accounts of 3 contacts each: champion, admin, user."""
    load_scorecard(session, document=SCORECARD)
    session.add(Workspace(currency="USD"))
    for i in range(20):
        account = Account(
            crm_id=f"A{i:02d}",
            name=f"Account {i}",
            segment="Large" if i < 5 else "Small",
            arr=Decimal(100 + i),
            currency="USD",
            custom={"region": "north" if i % 2 else "south"},
            tags=["vip"] if i == 3 else [],
        )
        session.add(account)
        session.flush()
        session.add_all(
            Contact(crm_id=f"{account.crm_id}-{role}", account_id=account.id, name="N.", role=role, consent="no")
            for role in ("champion", "admin", "user")
        )
    session.flush()


@pytest.fixture
def workspace(session: Session, fill: Fill) -> Session:
    """A workspace with a scorecard and 20 accounts of 3 contacts each: champion, admin, user."""
    fill(add_accounts)
    return session


def created(session: Session, **changes: Any) -> Study:
    return create_study(session, document={**PLAN, **changes})


def crm_ids(session: Session, study: Study) -> set[str]:
    drawn = [row.account_id for row in sampled_accounts(session, study)]
    return set(session.scalars(select(Account.crm_id).where(Account.id.in_(drawn))))


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


def test_a_genuine_draw_recomputes_even_when_accounts_have_changed_since(workspace: Session) -> None:
    study = created(workspace, mode="both", certainty={"top_arr": 1}, strata=["segment", "region"], size=10)
    drawn = draw_study(workspace, study=study)
    workspace.execute(update(Account).values(segment="Other", status="churned", arr=None))
    check = verify_draw(workspace, study=study)
    assert check.differences == []
    assert check.is_genuine
    assert check.audit_sha256 == drawn.audit_sha256


def voices(session: Session, *, of: str = "all") -> dict[str, float]:
    rows = session.execute(select(Account.crm_id, Account.segment).order_by(Account.crm_id)).all()
    return {
        crm_id: 50.0 + (i % 2) * (4 if segment == "Large" else 40)
        for i, (crm_id, segment) in enumerate(rows)
        if of in {"all", segment}
    }


def with_health(session: Session) -> None:
    for i, account_id in enumerate(session.scalars(select(Account.id).order_by(Account.id))):
        session.add(Telemetry(account_id=account_id, metric="usage", period_end=today(), value=50 + i % 2 * 10))
    session.flush()


def source_of(session: Session, study: Study) -> str | None:
    scores = session.get_one(DrawRecord, study.id).audit["population"]["scores"]
    return None if scores is None else str(scores["source"])


def test_neyman_goes_by_the_last_voices(workspace: Session) -> None:
    study = created(workspace, method="neyman", mode="both", size=8, minimum_per_stratum=1)
    drawn = draw_study(workspace, study=study, last_voices=voices(workspace))
    assert (drawn.allocation, drawn.warnings) == ({"Large": 1, "Small": 7}, [])
    assert source_of(workspace, study) == "last_voice"
    workspace.execute(update(Account).values(segment="Other", arr=None))
    workspace.expire_all()
    assert verify_draw(workspace, study=study).differences == []
    changed_weight(workspace, study)
    workspace.flush()
    assert not verify_draw(workspace, study=study).is_genuine


def test_neyman_goes_by_health_where_voices_are_too_few(workspace: Session) -> None:
    load_scorecard(workspace, document={**SCORECARD, "measures": [{**SCORECARD["measures"][0], "points": RISING}]})
    with_health(workspace)
    study = created(workspace, method="neyman", size=8)
    drawn = draw_study(workspace, study=study, last_voices=voices(workspace, of="Small"))
    assert (source_of(workspace, study), drawn.warnings) == ("health", [])
    assert workspace.scalar(select(func.count()).select_from(HealthComputation)) == 1
    other = created(workspace, key="other", method="neyman", size=8)
    draw_study(workspace, study=other)
    assert workspace.scalar(select(func.count()).select_from(HealthComputation)) == 1
    assert verify_draw(workspace, study=study).is_genuine


def test_neyman_without_any_scores_is_proportional_with_a_warning(workspace: Session) -> None:
    study = created(workspace, method="neyman", size=8)
    drawn = draw_study(workspace, study=study)
    assert drawn.allocation == {"Large": 2, "Small": 6}
    assert "in proportion instead" in drawn.warnings[0]
    assert source_of(workspace, study) is None
    assert verify_draw(workspace, study=study).is_genuine


def test_a_draw_by_size_is_stored_with_its_weights_and_recomputes(workspace: Session) -> None:
    workspace.execute(update(Account).where(Account.crm_id == "A19").values(arr=Decimal(10**5)))
    workspace.execute(update(Account).where(Account.crm_id.in_(["A00", "A07"])).values(currency="EUR"))
    study = created(workspace, method="pps", mode="both", size=10)
    drawn = draw_study(workspace, study=study)
    assert drawn.accounts == 10
    assert (drawn.allocation["certainty"], drawn.allocation["without ARR"]) == (1, 2)
    assert drawn.warnings == ["Accounts without ARR to go by, drawn at random as a stratum of their own: 2."]
    probabilities = workspace.get_one(DrawRecord, study.id).audit["draw"]["probabilities"]
    names = {row.id: row.crm_id for row in workspace.execute(select(Account.id, Account.crm_id))}
    for row in sampled_accounts(workspace, study):
        assert row.weight == 1 / probabilities.get(names[row.account_id], 1.0)
    assert frame_totals(workspace, study)["accounts"] == 20
    workspace.execute(update(Account).values(segment="Other", arr=None))
    workspace.expire_all()
    assert verify_draw(workspace, study=study).differences == []
    changed_weight(workspace, study)
    sampled_accounts(workspace, study)[1].weight = 9.0
    workspace.flush()
    assert not verify_draw(workspace, study=study).is_genuine


def changed_record(session: Session, study: Study) -> None:
    record = session.get_one(DrawRecord, study.id)
    audit = copy.deepcopy(record.audit)
    audit["population"]["rows"][0][1] = "churned"
    record.audit = audit


def emptied_record(session: Session, study: Study) -> None:
    session.get_one(DrawRecord, study.id).audit = {}


def changed_hash(session: Session, study: Study) -> None:
    session.get_one(DrawRecord, study.id).audit_sha256 = "0" * 64


def changed_weight(session: Session, study: Study) -> None:
    sampled_accounts(session, study)[0].weight = 1.0


def changed_mode(session: Session, study: Study) -> None:
    sampled_accounts(session, study)[0].mode = "interview"


def swapped_account(session: Session, study: Study) -> None:
    rows = sampled_accounts(session, study)
    spare = session.scalars(select(Account.id).where(Account.id.not_in([row.account_id for row in rows]))).first()
    rows[0].account_id = spare


def removed_account(session: Session, study: Study) -> None:
    session.delete(sampled_accounts(session, study)[0])


def changed_plan(session: Session, study: Study) -> None:
    study.plan = {**study.plan, "seed": 361}
    session.flush()


@pytest.mark.parametrize(
    "tamper",
    [changed_record, emptied_record, changed_hash, changed_weight, changed_mode, swapped_account, removed_account,
     changed_plan],
)  # fmt: skip
def test_tampering_with_a_draw_is_detected(workspace: Session, tamper: Any) -> None:
    study = created(workspace)
    draw_study(workspace, study=study)
    tamper(workspace, study)
    workspace.flush()
    assert verify_draw(workspace, study=study).differences


def test_another_consistent_draw_is_given_away_by_the_audit_log(workspace: Session) -> None:
    study, other = created(workspace), created(workspace, key="other", wave="q3")
    draw_study(workspace, study=study)
    workspace.execute(update(Account).where(Account.crm_id == "A04").values(segment="Small"))
    draw_study(workspace, study=other)
    theirs, ours = workspace.get_one(DrawRecord, other.id), workspace.get_one(DrawRecord, study.id)
    ours.audit, ours.audit_sha256 = theirs.audit, theirs.audit_sha256
    workspace.flush()
    assert "The audit log names another record of the draw." in verify_draw(workspace, study=study).differences


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
