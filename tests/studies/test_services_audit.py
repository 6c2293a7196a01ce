"""The audit of a draw: a genuine one recomputes, and tampering is detected."""

import copy
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.studies.models import DrawRecord, Study
from app.studies.queries import (
    sampled_accounts,
)
from app.studies.services import draw_study, verify_draw
from tests.studies.cross_section import changed_weight, created


def test_a_genuine_draw_recomputes_even_when_accounts_have_changed_since(workspace: Session) -> None:
    study = created(workspace, mode="both", certainty={"top_arr": 1}, strata=["segment", "region"], size=10)
    drawn = draw_study(workspace, study=study)
    workspace.execute(update(Account).values(segment="Other", status="churned", arr=None))
    check = verify_draw(workspace, study=study)
    assert check.differences == []
    assert check.is_genuine
    assert check.audit_sha256 == drawn.audit_sha256


def changed_record(session: Session, study: Study) -> None:
    record = session.get_one(DrawRecord, study.id)
    audit = copy.deepcopy(record.audit)
    audit["population"]["rows"][0][1] = "churned"
    record.audit = audit


def emptied_record(session: Session, study: Study) -> None:
    session.get_one(DrawRecord, study.id).audit = {}


def changed_hash(session: Session, study: Study) -> None:
    session.get_one(DrawRecord, study.id).audit_sha256 = "0" * 64


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
