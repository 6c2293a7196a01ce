"""Entries, their withdrawal, and what customers say of promises, on real databases."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account, Promise
from app.interviews.queries.promised import promises_beside
from app.interviews.queries.talks import Talk, line_in_scope, talk_in_scope
from app.interviews.services import note_promise_answer, reopen_interview, save_answer, submit_interview
from app.ledger.models import LedgerEntry, PromiseVersion
from app.ledger.queries.account import items_of, promises_to_ask, versions_of
from app.ledger.queries.portfolio import Portfolio
from app.ledger.queries.value import value_columns
from app.ledger.rules.items import Unit, Word, flags_of, realised, to_come
from app.ledger.rules.page import is_late
from app.ledger.rules.portfolio import Asked, State, counts_of, domain_lines, file_rows
from app.ledger.services import withdraw_entry
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import PromiseAnswer
from app.responses.rules import ItemContent
from app.responses.services import Locked
from app.users.models import AuditEvent, User
from app.users.rules import Role, Scope
from tests.conftest import Fill
from tests.interviews.talks import ANNA, World
from tests.ledger.world import account_of, add_ledger, add_promise, enter, hear, promise_of, writer
from tests.users.people import ADMIN, CSM, LEADER, VIEWER


@pytest.fixture
def talks(fill: Fill) -> World:
    """The account with its promises and the interview."""
    world: World = fill(add_ledger)
    return world


def scope_of(session: Session, email: str, role: Role) -> Scope:
    user = session.scalars(sa.select(User).where(User.email == email)).one()
    return Scope(user.id, email, user.name or "", frozenset({role}))


def delivered(session: Session, key: str) -> date | None:
    return session.scalars(sa.select(Promise.delivered_on).where(Promise.crm_id == key)).one()


def test_the_figures_beside_an_account_are_those_of_its_ledger(session: Session, talks: World) -> None:
    account, on, later = account_of(session), today(), today() + timedelta(days=30)
    add_promise(session, account, "P-5", "Soon there", amount=700, delivered_on=later, due_on=on)
    add_promise(session, account, "P-6", "Half of it", amount=900, due_on=on - timedelta(days=1))
    add_promise(session, account, "P-7", "Not promised yet", amount=50, promised_on=later)
    enter(session, "P-6", side="delivered", amount="400", currency="USD")
    enter(session, "P-6", side="to_be_delivered", amount="250", happens_on=later.isoformat(), form_key="coming")
    taken_back = enter(session, "P-6", side="delivered", amount="100", form_key="wrong")
    withdraw_entry(session, account=account, entry_id=taken_back, reason="no", writer=writer(session))
    hear(session, "P-2", "no", days_ago=9, talks=talks)
    hear(session, "P-2", "yes", days_ago=1, name="omar", talks=talks)
    session.commit()
    items = items_of(session, scope=scope_of(session, LEADER, Role.LEADER), account=account, currency="EUR")
    flags = [flags_of(each, on) for each in items]
    euros = Unit(is_money=True, name="EUR")
    its = realised(items, euros, on)
    among = [each for each in items if each.since <= on and each.promised and each.promised.unit == euros]
    rest = [part for each in among for part in to_come(each, on) if part.unit == euros]
    figures = figures_of(session, account)
    assert (figures.promised, figures.foreign, figures.things, figures.bare) == (7, 1, 1, 1)
    assert figures.delivered == sum(each.delivered is not None for each in flags) == 1
    assert figures.acknowledged == sum(each.acknowledged is not None for each in flags) == 1
    assert figures.late == sum(is_late(each, on) for each in items) == 2
    assert (figures.counted, figures.worth, figures.arrived) == (its.n, its.promised, its.delivered)
    assert figures.to_come == sum(each.value for each in rest) == 60_000 + 700 + 250
    assert figures_of(session, account_of(session, "Ostrava"))[:4] == (0, 0, 0, 0)


def figures_of(session: Session, account: Account) -> Any:
    columns = value_columns(account, currency="EUR", on=today())
    return session.execute(sa.select(*(column.label(name) for name, column in columns.items()))).one()


@pytest.mark.usefixtures("talks")
def test_an_entry_that_completes_delivers_and_its_withdrawal_owes_again(session: Session) -> None:
    first = enter(session, "P-3", side="delivered", quantity="300", unit="hours", completes="1")
    again = enter(session, "P-3", side="delivered", quantity="300", unit="hours", completes="1")
    session.commit()
    assert first == again
    assert delivered(session, "P-3") == today()
    account, who = account_of(session), writer(session)
    assert withdraw_entry(session, account=account, entry_id=first, reason="It was a test.", writer=who)
    assert not withdraw_entry(session, account=account, entry_id=first, reason="again", writer=who)
    session.commit()
    assert delivered(session, "P-3") is None
    assert session.get_one(LedgerEntry, first).withdrawn_because == "It was a test."
    assert [row.former for row in versions_of(session, account)[promise_of(session, "P-3").id]] == [
        {"delivered_on": today().isoformat()},
        {"delivered_on": None},
    ]
    actions = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.object_type == "ledger_entry")).all()
    assert actions == ["ledger.entered", "ledger.entered", "ledger.withdrawn"]


@pytest.mark.usefixtures("talks")
def test_what_is_refused_changes_nothing(session: Session) -> None:
    with pytest.raises(Refusal):
        enter(session, "P-3", side="delivered", quantity="300", unit="hours", happens_on="2999-01-01")
    with pytest.raises(Refusal):
        enter(session, "P-3", side="delivered", form_key="P1delivered")
    entry = session.scalars(sa.select(LedgerEntry.id)).one()
    with pytest.raises(Refusal):
        withdraw_entry(session, account=account_of(session), entry_id=entry, reason=" ", writer=writer(session))
    other = account_of(session, "Ostrava")
    with pytest.raises(Missing):
        withdraw_entry(session, account=other, entry_id=entry, reason="x", writer=writer(session))
    assert session.scalar(sa.select(sa.func.count()).select_from(PromiseVersion)) == 0


def test_the_newest_submitted_answer_sets_the_flag_and_nobody_else(session: Session, talks: World) -> None:
    hear(session, "P-2", "yes", days_ago=5, talks=talks)
    hear(session, "P-2", "partly", days_ago=2, name="omar", talks=talks)
    hear(session, "P-1", "yes", days_ago=2, name="omar", talks=talks)
    session.commit()
    account = account_of(session)
    seen = {
        email: {
            each.text: each
            for each in items_of(session, scope=scope_of(session, email, role), account=account, currency="EUR")
        }
        for email, role in ((ADMIN, Role.ADMIN), (CSM, Role.CSM), (VIEWER, Role.VIEWER))
    }
    plan, invoices = (seen[CSM][text] for text in ("A cheaper plan", "Invoices twice as fast"))
    assert [answer.said for answer in plan.answers] == [Word.PARTLY, Word.YES]
    assert flags_of(plan, today()).acknowledged is None
    assert flags_of(invoices, today()).acknowledged is not None
    assert [answer.name for answer in plan.answers] == ["Omar", "Nora"]
    assert [answer.name for answer in seen[VIEWER]["A cheaper plan"].answers] == [None, None]
    assert [each.text for each in promises_to_ask(session, account_id=account.id, on=today())] == ["A cheaper plan"]


def talk_of(session: Session, talks: World) -> Talk:
    return talk_in_scope(session, scope=scope_of(session, ANNA, Role.CSM), interview_id=talks.interviews["nora"])


def test_an_answer_beside_the_questions_counts_once_the_interview_is_submitted(session: Session, talks: World) -> None:
    promise, by = promise_of(session, "P-2").id, talks.people[ANNA]
    talk = talk_of(session, talks)
    assert [each.text for each in promises_beside(session, talk)] == ["Invoices twice as fast", "A cheaper plan"]
    assert not note_promise_answer(session, talk=talk, promise_id=promise, said=None, at=now(), by=by)
    for said in ("no", "no", "yes"):
        talk = talk_of(session, talks)
        note_promise_answer(session, talk=talk, promise_id=promise, said=said, at=now(), by=by)
    session.commit()
    rows = session.execute(sa.select(PromiseAnswer.said, PromiseAnswer.superseded_at).order_by(PromiseAnswer.id)).all()
    assert [(row.said, row.superseded_at is None) for row in rows] == [("no", False), ("yes", True)]
    assert len(promises_to_ask(session, account_id=talk.account_id, on=today())) == 2
    line = line_in_scope(
        session,
        scope=scope_of(session, ANNA, Role.CSM),
        interview_id=talk.id,
        question_key="recommend",
    )
    content = ItemContent(answer=ParsedAnswer(9, None))
    save_answer(session, line=line, revision=0, content=content, at=now(), by=by)
    submit_interview(session, talk=talk_of(session, talks), at=now(), by=by)
    session.commit()
    assert [each.crm_id for each in promises_to_ask(session, account_id=talk.account_id, on=today())] == ["P-1"]
    over = talk_of(session, talks)
    assert [(each.text, each.words) for each in promises_beside(session, over)] == [("A cheaper plan", "Yes")]
    with pytest.raises(Locked):
        note_promise_answer(session, talk=over, promise_id=promise, said="no", at=now(), by=by)
    reopen_interview(session, talk=over, reason="She wants to add something.", at=now(), by=by)
    session.commit()
    assert len(promises_to_ask(session, account_id=talk.account_id, on=today())) == 2


def test_outside_its_period_nothing_is_kept(session: Session, talks: World) -> None:
    with pytest.raises(Refusal):
        note_promise_answer(
            session,
            talk=talk_of(session, talks),
            promise_id=promise_of(session, "P-2").id,
            said="yes",
            at=now() + timedelta(days=400),
            by=talks.people[ANNA],
        )
    assert session.scalar(sa.select(sa.func.count()).select_from(PromiseAnswer)) == 0


@pytest.mark.parametrize("state", list(State))
def test_pages_of_the_portfolio_say_what_the_whole_says(session: Session, talks: World, state: State) -> None:
    hear(session, "P-2", "partly", talks=talks)
    enter(session, "P-1", side="delivered", amount="100")
    session.commit()
    carls = Portfolio(session, scope=scope_of(session, CSM, Role.CSM), on=today(), currency="EUR")
    whole = [tuple(row) for row in carls.rows(Asked(state))]
    pages = [tuple(row) for start in range(len(whole) + 1) for row in carls.rows(Asked(state), start=start, most=1)]
    assert pages == whole
    assert whole


def test_the_portfolio_counts_each_currency_on_its_own(session: Session, talks: World) -> None:
    hear(session, "P-2", "no", talks=talks)
    enter(session, "P-2", side="articulated", happens_on="2026-06-01")
    add_promise(session, account_of(session, "Ostrava"), "O-1", "Elsewhere")
    session.commit()
    carls = Portfolio(session, scope=scope_of(session, CSM, Role.CSM), on=today(), currency="EUR")
    assert counts_of(carls.by_aspect(), "") == {
        State.OWED: 3,
        State.LATE: 1,
        State.UNASKED: 1,
        State.DOUBTED: 1,
        State.ALL: 4,
    }
    everybodys = Portfolio(session, scope=scope_of(session, LEADER, Role.LEADER), on=today(), currency="EUR")
    assert [counts_of(everybodys.by_aspect(), aspect)[State.ALL] for aspect in ("", "emotional")] == [5, 1]
    lines = {line.name: line for line in domain_lines(carls.by_aspect(), carls.values())}
    assert [words for _, words in lines["Economic"].values] == [
        "€40,000 of €100,000, one promise",
        "$500 of $500, one promise",
    ]
    assert [words for _, words in lines["Emotional"].values] == ["0 hours of 300 hours, one promise"]
    owed = carls.rows(Asked(State.OWED))
    assert [row.crm_id for row in owed] == ["P-3", "P-1", "P-4"]
    [told] = file_rows(carls.rows(Asked(State.DOUBTED)))
    assert (told[3], told[9:14], told[15:17]) == ("P-2", (500.0, "USD", None, None, 500.0), ("2026-06-01", "no"))
    assert Decimal(str(owed[1].arrived)) == 40_000
