"""Overlays on real databases: begun, judged, changed with history, over, and as the stratum of a study."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.health.services import load_scorecard
from app.overlays.models import Overlay, OverlayChange, OverlayImpact
from app.overlays.queries import levels, overlay_named, strata_values
from app.overlays.queries.accounts import history_of, overlays_of
from app.overlays.rules.levels import Level
from app.overlays.rules.page import under
from app.overlays.rules.typed import TypedChange, TypedOverlay
from app.overlays.services import begin_overlay, change_level, change_overlay, judge_industries
from app.questionnaires.services import publish_built_ins
from app.studies.models import DrawRecord, SampledAccount, Study
from app.studies.queries import population, unknown_fields
from app.studies.queries.frame import filter_fields, stratum_choices
from app.studies.services import create_study, draw_study, verify_draw
from app.studies.services.triggers import due_accounts
from app.users.models import AuditEvent, User
from tests.overlays.world import add_accounts, add_pandemic, begin
from tests.studies.portfolio import SCORECARD
from tests.users.people import CSM

LASTING = TypedOverlay("Pandemic", "", "2026-03-03", "")


def account_of(session: Session, crm_id: str) -> Account:
    return session.scalars(sa.select(Account).where(Account.crm_id == crm_id)).one()


def say(session: Session, crm_id: str, typed: TypedChange, key: str = "pandemic") -> bool:
    carl = session.scalars(sa.select(User.id).where(User.email == CSM)).one()
    account = account_of(session, crm_id)
    return change_level(session, key=key, account=account, typed=typed, currency="EUR", at=now(), by=carl)


def levels_now(session: Session, key: str = "pandemic") -> dict[str, Level | None]:
    names = {row.id: row.crm_id for row in session.execute(sa.select(Account.id, Account.crm_id))}
    found = levels(session, overlay_named(session, key), today())
    return {names[account]: level for account, level in found.items()}


def told(session: Session) -> list[str]:
    events = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
    return [event.action for event in events if event.action.startswith("overlay.")]


def test_an_account_has_its_csms_level_else_its_industrys_else_none_that_is_assessed(session: Session) -> None:
    add_pandemic(session)
    assert say(session, "O1", TypedChange("slight", "They sell by mail")) is True
    assert levels_now(session) == {
        "O0": Level.SEVERE, "O1": Level.SLIGHT, "O2": None, "O3": None, "O4": None, "Gone": Level.SEVERE,
    }  # fmt: skip
    assert told(session) == ["overlay.begin", "overlay.industries", "overlay.account"]


def test_a_level_is_taken_back_by_one_more_row_and_history_stays(session: Session) -> None:
    add_pandemic(session)
    say(session, "O0", TypedChange("none", "They sell food", "Two months free", "1,200 EUR", "Paid monthly"))
    assert say(session, "O0", TypedChange("none", "They sell food", "Two months free", "1200", "Paid monthly")) is False
    assert say(session, "O0", TypedChange("", "Shops closed after all")) is True
    assert levels_now(session)["O0"] is Level.SEVERE
    rows = history_of(session, overlay_named(session, "pandemic"), account_of(session, "O0"))
    assert [(row.level, row.reason, row.amount) for row in rows] == [
        (None, "Shops closed after all", None),
        ("none", "They sell food", 1200),
    ]
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "overlay.account")).first()
    assert event is not None
    assert "food" not in str(event.fields)
    assert "1200" not in str(event.fields)


def test_a_day_before_a_judgement_knows_nothing_of_it(session: Session) -> None:
    add_pandemic(session)
    overlay = overlay_named(session, "pandemic")
    assert set(levels(session, overlay, today() - timedelta(days=1)).values()) == {None}


def test_two_overlays_of_one_name_are_refused_whatever_the_letters(session: Session) -> None:
    begin_overlay(session, typed=LASTING, at=now(), by=None)
    with pytest.raises(Refusal, match="There is an overlay") as refused:
        begin_overlay(session, typed=TypedOverlay(" pan demic ", "", "2026-03-03"), at=now(), by=None)
    assert refused.value.field == "name"
    other = begin_overlay(session, typed=TypedOverlay("Strike", "", "2026-03-03"), at=now(), by=None)
    with pytest.raises(Refusal, match="There is an overlay"):
        change_overlay(session, key=other.key, typed=LASTING, by=None)
    assert session.scalar(sa.select(sa.func.count()).select_from(Overlay)) == 2


def test_an_overlay_changes_its_name_and_days_and_keeps_its_key(session: Session) -> None:
    begin_overlay(session, typed=LASTING, at=now(), by=None)
    wanted = TypedOverlay("The long pandemic", "", "2026-03-03", "2026-12-31")
    assert change_overlay(session, key="pandemic", typed=wanted, by=None) == ["ends_on", "name"]
    assert change_overlay(session, key="pandemic", typed=wanted, by=None) == []
    assert overlay_named(session, "pandemic").name == "The long pandemic"
    with pytest.raises(Missing):
        change_overlay(session, key="nothing", typed=wanted, by=None)


def test_what_is_over_stays_as_it_was_and_stops_applying(session: Session) -> None:
    add_accounts(session)
    begin(session, since=30, until=-5)
    with pytest.raises(Refusal, match="ended on"):
        say(session, "O0", TypedChange("none", "Late"))
    with pytest.raises(Refusal, match="ended on"):
        judge_industries(
            session,
            key="pandemic",
            industries=["Retail"],
            chosen=["none"],
            words=[""],
            known={"Retail"},
            at=now(),
            by=1,
        )
    (found,) = overlays_of(session, account_of(session, "O0"), today())
    assert under(found, today()).level == "severe"
    values = strata_values(session, ["overlay:pandemic"], today())
    assert set(values["overlay:pandemic"].values()) == {"not in force"}


def test_only_industries_that_differ_are_written(session: Session) -> None:
    add_pandemic(session)
    rows = {"industries": ["Retail", "Energy"], "chosen": ["severe", "helped"], "words": ["Shops closed", ""]}
    known = {"Retail", "Energy"}
    assert judge_industries(session, key="pandemic", **rows, known=known, at=now(), by=None) == 1
    assert judge_industries(session, key="pandemic", **rows, known=known, at=now(), by=None) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(OverlayImpact)) == 2
    assert levels_now(session)["O2"] is Level.HELPED


def test_a_refused_change_stores_nothing(session: Session) -> None:
    add_pandemic(session)
    with pytest.raises(Refusal, match="in EUR"):
        say(session, "O0", TypedChange("none", "They sell food", "", "100 USD"))
    assert session.scalar(sa.select(sa.func.count()).select_from(OverlayChange)) == 0


def document(**changes: object) -> dict[str, object]:
    return {
        "key": "under", "name": "Under", "questionnaire": "relationship", "mode": "survey",
        "strata": ["overlay:pandemic"], "size": 4, "minimum_per_stratum": 2, "method": "proportional", "seed": 7,
        "roles": {"champion": 1.0}, "opens_on": "2026-05-01", "closes_on": "2026-05-28", **changes,
    }  # fmt: skip


def test_a_study_takes_an_overlay_as_its_strata_and_its_record_holds_the_levels(session: Session) -> None:
    add_pandemic(session)
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    assert "overlay:pandemic" in filter_fields(session)
    choice = next(each for each in stratum_choices(session) if each.name == "overlay:pandemic")
    assert choice.values == ["not assessed", "severe"]
    study = create_study(session, document=document())
    drawn = draw_study(session, study=study)
    session.flush()
    assert drawn.allocation == {"not assessed": 2, "severe": 2}
    rows = session.get_one(DrawRecord, study.id).audit["population"]
    assert rows["columns"] == ["account_id", "status", "arr", "overlay:pandemic"]
    assert [row[3] for row in rows["rows"] if row[0] == "O0"] == ["severe"]
    say(session, "O0", TypedChange("none", "It is over for them"))
    assert verify_draw(session, study=study).differences == []
    strata = session.scalars(sa.select(SampledAccount.stratum).where(SampledAccount.study_id == study.id)).all()
    assert sorted(strata) == ["not assessed", "not assessed", "severe", "severe"]


def test_a_study_may_ask_those_alone_whom_an_overlay_meets(session: Session) -> None:
    add_pandemic(session)
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    wanted = document(strata=[], filter={"overlay:pandemic": ["severe"]}, method="census")
    del wanted["size"]
    study = create_study(session, document=wanted)
    assert draw_study(session, study=study).accounts == 2


def test_an_overlay_that_nobody_knows_is_no_field(session: Session) -> None:
    add_pandemic(session)
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    assert unknown_fields(session, ["overlay:flood", "overlay:pandemic"]) == ["overlay:flood"]
    with pytest.raises(Refusal, match="overlay:flood"):
        create_study(session, document=document(strata=["overlay:flood"]))
    assert session.scalar(sa.select(sa.func.count()).select_from(Study)) == 0


def test_a_population_is_read_as_it_is_today(session: Session) -> None:
    add_pandemic(session)
    values = {member.account_id: member.values for member in population(session, ["industry", "overlay:pandemic"])}
    assert values["O0"] == ("Retail", "severe")
    assert values["O4"] == (None, "not assessed")


def test_an_account_that_joins_by_itself_joins_the_stratum_of_its_level(session: Session) -> None:
    add_pandemic(session)
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    for crm_id in ("O0", "O2"):
        account_of(session, crm_id).renewal_date = today() + timedelta(days=90)
    wanted = document(trigger={"event": "renewal", "days": 90}, opens_on=str(today()), closes_on=str(today()))
    for of_a_draw in ("size", "minimum_per_stratum", "method"):
        del wanted[of_a_draw]
    study = create_study(session, document=wanted)
    draw_study(session, study=study)
    found = {joining.candidate.member.account_id: joining.stratum for joining in due_accounts(session, study, today())}
    assert found == {"O0": "severe", "O2": "not assessed"}


def test_an_overlay_is_no_day_of_a_go_live(session: Session) -> None:
    add_pandemic(session)
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    wanted = document(trigger={"event": "go_live", "field": "overlay:pandemic"})
    for of_a_draw in ("size", "minimum_per_stratum", "method"):
        del wanted[of_a_draw]
    with pytest.raises(Refusal, match="neither start_date"):
        create_study(session, document=wanted)
