"""Draws that go by known scores or by revenue: Neyman and PPS, stored and recomputed."""

from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customers.models import Account
from app.health.models import HealthComputation, Telemetry
from app.health.services import load_scorecard
from app.studies.models import DrawRecord, Study
from app.studies.queries import (
    frame_totals,
    sampled_accounts,
)
from app.studies.services import draw_study, verify_draw
from tests.studies.cross_section import RISING, SCORECARD, changed_weight, created


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
