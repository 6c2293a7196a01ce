"""Rounds of studies that start by themselves: who joins, who is invited, who is held back, and that nothing doubles."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Refusal
from app.customers.models import Account
from app.studies.models import AccountOccasion, Invitation, Respondent, SampledAccount, Study
from app.studies.queries import drawn_accounts, logged_draw, study_named
from app.studies.services import close_study, create_study, draw_study, verify_draw
from app.studies.services.links import issue_links, revoke_links
from app.surveys.services.invitations import queue_invitations, stop_mails
from app.surveys.services.occasions import run_round
from app.surveys.tasks import trigger
from app.users.models import AuditEvent
from app.users.services.audit import verify_chain
from tests.surveys.mailed import PLACE
from tests.surveys.triggered import add_account, add_case, add_contact, add_workspace, plan, ran, started


@pytest.fixture
def workspace(session: Session) -> Session:
    """A workspace with a scorecard."""
    add_workspace(session)
    return session


def joined(session: Session, study: Study) -> dict[str, tuple[str, int, float]]:
    """Stratum, its size and weight of the accounts that joined, by the CRM's id."""
    return {one.account_id: (one.stratum, one.stratum_size, one.weight) for one in drawn_accounts(session, study)}


def counts(session: Session) -> list[int]:
    tables = (SampledAccount, AccountOccasion, Respondent, Invitation)
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


def test_a_start_asks_nobody_and_holds(workspace: Session) -> None:
    add_account(workspace, "due", renews_in=119)
    study = create_study(workspace, document=plan())
    drawn = draw_study(workspace, study=study)
    assert (drawn.accounts, drawn.respondents, drawn.allocation) == (0, 0, {})
    assert study.drawn_at is not None
    assert logged_draw(workspace, study) == drawn.audit_sha256
    assert verify_draw(workspace, study=study).is_genuine
    assert counts(workspace) == [0, 0, 0, 0]
    with pytest.raises(Refusal, match="already been started"):
        draw_study(workspace, study=study)


def test_who_is_due_before_renewal_joins_with_the_people_in_its_roles(workspace: Session) -> None:
    for name, days in {"early": 121, "today": 120, "late": 106, "over": 105, "past": -3}.items():
        add_account(workspace, name, renews_in=days)
    add_account(workspace, "none", renews_in=None)
    add_account(workspace, "gone", renews_in=120, status="Churned")
    add_account(workspace, "small", renews_in=119, segment=None)
    study = started(workspace)
    done = ran(workspace, study)
    assert joined(workspace, study) == {
        "today": ("Large", 2, 1.0),
        "late": ("Large", 2, 1.0),
        "small": ("(none)", 1, 1.0),
    }
    assert (done.accounts, done.respondents, done.mails, done.held) == (3, 6, 6, [])
    assert verify_draw(workspace, study=study).is_genuine
    again = ran(workspace, study)
    assert (again.accounts, again.respondents, again.mails) == (0, 0, 0)
    tomorrow = ran(workspace, study, days=1)
    assert tomorrow.accounts == 1
    assert joined(workspace, study)["early"] == ("Large", 3, 1.0)
    assert {size for stratum, size, _ in joined(workspace, study).values() if stratum == "Large"} == {3}
    assert verify_draw(workspace, study=study).is_genuine
    assert verify_chain(workspace).broken_at is None


def test_a_filter_holds_and_a_custom_field_is_a_go_live(workspace: Session) -> None:
    day = today()
    for name, days, segment in (("in", 30, "Large"), ("other", 30, "Small"), ("early", 29, "Large")):
        custom = {"go live": (day - timedelta(days=days)).isoformat()}
        add_account(workspace, name, segment=segment, custom=custom)
    midnight = f"{day - timedelta(days=29)}T01:00:00+03:00"
    add_account(workspace, "yesterday in UTC", custom={"go live": midnight})
    add_account(workspace, "nonsense", custom={"go live": "soon"})
    add_account(workspace, "number", custom={"go live": 20260101})
    add_account(workspace, "nothing", custom={})
    document = plan("go_live", trigger={"field": "go live"}, filter={"segment": ["Large"]})
    study = started(workspace, document)
    ran(workspace, study)
    assert set(joined(workspace, study)) == {"in", "yesterday in UTC"}


def test_a_go_live_is_read_from_the_start_date(workspace: Session) -> None:
    add_account(workspace, "live", start_date=today() - timedelta(days=44))
    add_account(workspace, "old", start_date=today() - timedelta(days=45))
    study = started(workspace, plan("go_live"))
    ran(workspace, study)
    assert set(joined(workspace, study)) == {"live"}


def test_closed_cases_count_and_open_ones_do_not(workspace: Session) -> None:
    cases: dict[str, list[int | None]] = {
        "open": [None], "today": [0], "yesterday": [1, None, 3], "last": [15], "long ago": [16, None], "none": [],
    }  # fmt: skip
    for name, closed in cases.items():
        account = add_account(workspace, name)
        for number, days in enumerate(closed):
            add_case(workspace, account, f"{name}-{number}", days)
    study = started(workspace, plan("case_closed"))
    ran(workspace, study)
    assert set(joined(workspace, study)) == {"yesterday", "last"}
    happened = workspace.scalars(sa.select(AccountOccasion.happened_on).order_by(AccountOccasion.happened_on)).all()
    assert happened == [today() - timedelta(days=15), today() - timedelta(days=1)]


@pytest.mark.parametrize("field", ["name", "arr", "nope"])
def test_a_field_without_dates_is_refused(workspace: Session, field: str) -> None:
    add_account(workspace, "one")
    with pytest.raises(Refusal, match=f"“{field}” is neither") as refused:
        create_study(workspace, document=plan("go_live", trigger={"field": field}))
    assert refused.value.field == "trigger_field"


def test_the_budget_holds_back_until_it_is_too_late(workspace: Session) -> None:
    account = add_account(workspace, "A", renews_in=110)
    other = started(workspace, plan(key="other"))
    assert ran(workspace, other).mails == 2
    study = started(workspace)
    done = ran(workspace, study)
    assert (done.accounts, done.respondents, done.mails) == (1, 2, 0)
    assert done.held == [("person_asked", 2)]
    assert [(each.account_id, each.people, each.invited) for each in done.fared] == [("A", 2, 0)]
    # Whom the other study did not reach after all may be asked by this one.
    stop_mails(workspace, study=other, at=now())
    assert ran(workspace, study).mails == 2
    third = started(workspace, plan(key="third"))
    assert ran(workspace, third).held == [("person_asked", 2)]
    stop_mails(workspace, study=study, at=now())
    last = ran(workspace, third, days=5)
    assert (last.mails, last.held) == (0, [])
    assert queue_invitations(workspace, study=third, at=now() + timedelta(days=5), place=PLACE).mails == 0
    assert account.renewal_date is not None


def test_what_a_person_stopped_is_not_begun_again_by_itself(workspace: Session) -> None:
    add_account(workspace, "A", renews_in=115)
    study = started(workspace)
    assert ran(workspace, study).mails == 2
    assert stop_mails(workspace, study=study, at=now()) == 2
    assert ran(workspace, study).mails == 0
    assert queue_invitations(workspace, study=study, at=now(), place=PLACE).mails == 2


def test_consent_quota_and_unknown_addresses_hold(workspace: Session) -> None:
    account = add_account(workspace, "A", renews_in=115, people=1)
    add_contact(workspace, account, "no", "champion", consent="no")
    add_contact(workspace, account, "nobody", "user")
    workspace.execute(sa.update(Account).where(Account.id == account.id).values(segment="Large"))
    lonely = add_account(workspace, "lonely", renews_in=115, people=0)
    study = started(workspace, plan(quotas={"Large": 5}))
    done = ran(workspace, study)
    assert (done.accounts, done.respondents, done.mails, done.held) == (2, 2, 1, [("consent", 1)])
    assert {each.account_id: each.people for each in done.fared} == {"A": 2, "lonely": 0}
    # Who becomes a contact while the occasion lasts is asked as well.
    add_contact(workspace, lonely, "late", "admin")
    assert (ran(workspace, study, days=3).respondents, ran(workspace, study, days=3).mails) == (1, 0)
    assert counts(workspace) == [2, 2, 3, 2]
    add_contact(workspace, lonely, "too late", "admin")
    assert ran(workspace, study, days=10).respondents == 0
    assert verify_draw(workspace, study=study).is_genuine


def test_an_invitation_waits_for_working_hours_and_not_beyond_the_last_day(workspace: Session) -> None:
    at = now()
    saturday = at + timedelta(days=(5 - at.weekday()) % 7)
    renews = (saturday.date() - today()).days
    add_account(workspace, "A", renews_in=renews, people=1)
    add_account(workspace, "B", renews_in=renews + 5, people=1)
    study = started(workspace, plan(trigger={"days": 5}))
    place = type(PLACE)(PLACE.base_url, PLACE.secret)
    done = run_round(workspace, study=study, at=saturday, place=place)
    assert (done.accounts, done.mails, done.held) == (2, 1, [("occasion_over", 1)])
    waiting = workspace.scalars(sa.select(Invitation.due_at)).one()
    assert waiting.weekday() == 0


def test_no_account_joins_before_the_study_opens_or_after_its_end(workspace: Session) -> None:
    add_account(workspace, "A", renews_in=115)
    study = create_study(workspace, document=plan(opens_on=(today() + timedelta(days=3)).isoformat()))
    with pytest.raises(Refusal, match="has not been started yet"):
        ran(workspace, study)
    draw_study(workspace, study=study)
    with pytest.raises(Refusal, match="no account joins before"):
        ran(workspace, study)
    # What happened before the study opens counts while it is still within.
    assert ran(workspace, study, days=3).accounts == 1
    with pytest.raises(Refusal, match="is over"):
        ran(workspace, study, days=400)
    close_study(workspace, study=study)
    with pytest.raises(Refusal, match="is over"):
        ran(workspace, study, days=4)


def test_a_study_that_was_drawn_has_no_rounds(workspace: Session) -> None:
    add_account(workspace, "A", renews_in=115)
    drawn = {name: value for name, value in plan().items() if name != "trigger"} | {"method": "census", "seed": 1}
    study = started(workspace, drawn)
    with pytest.raises(Refusal, match="has no trigger"):
        ran(workspace, study)


TAMPERED: dict[str, tuple[str, str]] = {
    "a weight": ("UPDATE sampled_account SET weight = 2", "weights"),
    "a stratum's size": ("UPDATE sampled_account SET stratum_size = 900", "weights"),
    "a day": ("UPDATE account_occasion SET due_on = '2020-01-01'", "days of occasions"),
    "an occasion that is gone": ("DELETE FROM account_occasion", "have no occasion"),
    "the study's last day": ("UPDATE study SET closes_on = '2099-01-01'", "record of the start"),
    "an account nobody logged": ("DELETE FROM audit_event WHERE action = 'study.trigger'", "another number"),
    "the log of the start": ("DELETE FROM audit_event WHERE action = 'study.start'", "names another record"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_was_changed_behind_our_back_is_found(workspace: Session, case: str) -> None:
    add_account(workspace, "A", renews_in=115, people=0)
    study = started(workspace)
    ran(workspace, study)
    statement, sentence = TAMPERED[case]
    workspace.execute(sa.text(statement))
    workspace.expire_all()
    check = verify_draw(workspace, study=study)
    assert any(sentence in each for each in check.differences), check.differences


def test_the_log_tells_of_rounds_that_changed_something(workspace: Session) -> None:
    add_account(workspace, "A", renews_in=115)
    study = started(workspace)
    for _ in range(3):
        ran(workspace, study)
    events = workspace.scalars(sa.select(AuditEvent).where(AuditEvent.action == "study.trigger")).all()
    assert [event.fields for event in events] == [{"accounts": 1, "respondents": 2, "on": today().isoformat()}]


def test_the_worker_looks_once_an_hour(application: Flask, session: Session) -> None:
    add_workspace(session)
    add_account(session, "A", renews_in=115)
    started(session)
    create_study(session, document=plan(key="planned"))
    started(session, plan(key="later", opens_on=(today() + timedelta(days=3)).isoformat()))
    session.commit()
    session.close()
    with application.app_context():
        assert trigger() == ["ahead"]
        assert trigger() == []
        assert counts(db.session) == [1, 1, 2, 2]
        db.session.rollback()
        study = study_named(db.session, "ahead")
        study.triggered_at = now() - timedelta(hours=2)
        db.session.commit()
        assert trigger() == ["ahead"]
        assert counts(db.session) == [1, 1, 2, 2]


def test_two_rounds_at_once_double_nothing(application: Flask, session: Session) -> None:
    add_workspace(session)
    for number in range(8):
        add_account(session, f"A{number}", renews_in=115)
    started(session)
    session.commit()
    session.close()

    def once(_: int) -> Any:
        with application.app_context():
            done = run_round(db.session, study=study_named(db.session, "ahead"), at=now(), place=PLACE)
            db.session.commit()
            return done.accounts, done.mails

    with ThreadPoolExecutor(4) as threads:
        found = sorted(threads.map(once, range(4)))
    assert found == [(0, 0), (0, 0), (0, 0), (8, 16)]
    assert counts(session) == [8, 8, 16, 16]
    assert verify_draw(session, study=study_named(session, "ahead")).is_genuine


def test_rounds_and_links_that_are_withdrawn_never_wait_for_each_other(application: Flask, session: Session) -> None:
    add_workspace(session)
    for number in range(30):
        add_account(session, f"A{number}", renews_in=115 + number % 3)
    study = started(session)
    ran(session, study)
    issue_links(session, study=study, secret=PLACE.secret, base_url=PLACE.base_url)
    session.commit()
    session.close()

    def act(number: int) -> None:
        with application.app_context():
            study = study_named(db.session, "ahead")
            if number % 2:
                revoke_links(db.session, study=study, contact_id=f"A{number}-0")
            else:
                run_round(db.session, study=study, at=now(), place=PLACE)
            db.session.commit()

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(act, range(24))) == [None] * 24
