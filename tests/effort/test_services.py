"""What CSMs say about their accounts, stored once and kept as history."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Account
from app.effort.models import Effort
from app.effort.queries import effort_history, efforts_seen, own_week, present_ids
from app.effort.rules.typed import Line
from app.effort.services import say_week
from app.users.models import AuditEvent, User
from app.users.queries import scope_of
from app.users.rules import Scope
from tests.effort.world import CARLS, add_accounts, say
from tests.interviews.talks import BEN
from tests.users.people import CSM, LEADER, VIEWER


def scope(session: Session, email: str) -> Scope:
    return scope_of(session.scalars(select(User).where(User.email == email)).one())


def stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Effort)) or 0


def test_a_week_is_stored_once_and_each_word_stays(session: Session) -> None:
    add_accounts(session)
    assert say(session, CSM, "one", Aldermoor=("12.5", "4"), Brack=("", "na"), Cobble=("", "")) == 2
    assert say(session, CSM, "one", Aldermoor=("99", "1")) == 0
    assert say(session, CSM, "two", Aldermoor=("12.5", "4")) == 0
    assert say(session, CSM, "three", Aldermoor=("20", "4")) == 1
    rows = {row.name: row for row in own_week(session, scope=scope(session, CSM))}
    assert tuple(rows) == CARLS
    assert (rows["Aldermoor"].week_permille, rows["Aldermoor"].complexity) == (200, "4")
    assert (rows["Brack"].week_permille, rows["Brack"].complexity, rows["Cobble"].said_on) == (None, "na", None)
    account = session.scalars(select(Account).where(Account.name == "Aldermoor")).one()
    history = effort_history(session, account=account)
    assert [(each.said_on, each.week_permille) for each in history] == [(today(), 200), (today(), 125)]
    told = session.scalars(select(AuditEvent).where(AuditEvent.action == "effort.said")).all()
    assert [event.fields for event in told][1] == {"accounts": [account.id]}


def test_nobody_tells_about_accounts_of_others(session: Session) -> None:
    add_accounts(session)
    assert say(session, CSM, "one", Elm=("5", "1"), Fern=("5", "1")) == 0
    assert say(session, LEADER, "two", Elm=("5", "1"), Fern=("5", "1")) == 0
    assert stored(session) == 0


def test_with_one_fault_nothing_is_stored(session: Session) -> None:
    ids = add_accounts(session)
    lines = [Line(ids["Aldermoor"], "5"), Line(ids["Brack"], "500")]
    found = say_week(session, scope=scope(session, CSM), lines=lines, form_key="one", at=now())
    assert found[0] == 0
    assert list(found[1]) == [f"share-{ids['Brack']}"]
    assert stored(session) == 0


def test_a_page_that_was_open_for_long_takes_nothing_back(session: Session) -> None:
    ids = add_accounts(session)
    say(session, CSM, "one", Aldermoor=("5", "2"), Brack=("5", "2"))
    seen = present_ids(session, scope=scope(session, CSM))
    say(session, CSM, "elsewhere", Aldermoor=("30", "5"))
    old = [Line(ids["Aldermoor"], "5", "2", seen[ids["Aldermoor"]]), Line(ids["Brack"], "7", "2", seen[ids["Brack"]])]
    assert say_week(session, scope=scope(session, CSM), lines=old, form_key="old", at=now()) == (1, {})
    found = {row.name: row.week_permille for row in own_week(session, scope=scope(session, CSM))}
    assert (found["Aldermoor"], found["Brack"]) == (300, 70)


def test_each_reader_sees_what_their_role_allows(session: Session) -> None:
    add_accounts(session)
    say(session, CSM, "one", Aldermoor=("5", "2"))
    say(session, BEN, "two", Elm=("50", ""))
    names = {email: [row.name for row in efforts_seen(session, scope=scope(session, email))] for email in (CSM, BEN)}
    assert names == {CSM: list(CARLS), BEN: ["Elm"]}
    assert len(efforts_seen(session, scope=scope(session, LEADER))) == 6
    assert efforts_seen(session, scope=scope(session, VIEWER)) == []


def test_what_a_former_csm_said_is_history_and_a_lost_account_takes_no_week(session: Session) -> None:
    add_accounts(session)
    say(session, CSM, "one", Aldermoor=("5", "2"), Brack=("9", "2"))
    moved, lost = session.scalars(
        select(Account).where(Account.name.in_(("Aldermoor", "Brack"))).order_by(Account.name)
    )
    moved.csm_email, lost.status = BEN, "Churned"
    session.flush()
    found = {row.name: row.week_permille for row in efforts_seen(session, scope=scope(session, LEADER))}
    assert found == {"Aldermoor": None, "Cobble": None, "Dunes": None, "Elm": None, "Fern": None}
    assert len(effort_history(session, account=moved)) == 1
