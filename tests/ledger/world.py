"""An account with promises in two currencies and in hours, some of which arrived, and an interview with Nora there."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Account, Promise
from app.ledger.rules.typed import TypedEntry
from app.ledger.services import Writer, add_entry
from app.responses.models import PromiseAnswer, Response
from app.studies.models import Respondent, Study
from app.users.models import User
from tests.interviews.talks import World, add_world
from tests.users.people import CSM

PAGE = "/accounts/Haskelby/ledger"
LONG_AGO = date(2026, 1, 5)


def add_ledger(session: Session) -> World:
    """Add Anna's interview with Nora of Haskelby, Carl's account in euros, and four promises to Haskelby.

    P-1 (EUR 100,000) came by 40,000; P-2 (USD 500) is delivered; P-3 (300 hours) is owed and late; P-4 is bare.
    """
    talks = add_world(session)
    account = account_of(session)
    account.cost, account.pipeline = Decimal(30_000), Decimal(55_000)
    add_promise(session, account, "P-1", "Invoices twice as fast", amount=Decimal(100_000))
    add_promise(session, account, "P-2", "A cheaper plan", amount=500, currency="USD", delivered_on=date(2026, 3, 1))
    add_promise(
        session, account, "P-3", "Less typing", aspect="emotional", quantity=300, unit="Hours", due_on=date(2026, 2, 1)
    )
    add_promise(session, account, "P-4", "A circle of users", aspect="community", source="marketing")
    enter(
        session, "P-1", side="delivered", amount="40000", happens_on="2026-02-10", evidence="https://files.example/qbr"
    )
    return talks


def add_promise(session: Session, account: Account, key: str, text: str, **more: Any) -> Promise:
    """Promise something to an account."""
    facts: dict[str, Any] = {"source": "sales", "aspect": "economic", "promised_on": LONG_AGO}
    promise = Promise(crm_id=key, account_id=account.id, text=text, **facts | more)
    session.add(promise)
    session.flush()
    return promise


def enter(session: Session, key: str, *, form_key: str | None = None, **fields: str) -> int:
    """Put on record what happened to a promise, as Carl."""
    typed = TypedEntry(**{"source": "customer_success", "happens_on": today().isoformat(), "evidence": "seen"} | fields)
    promise = promise_of(session, key)
    account = session.get_one(Account, promise.account_id)
    found = add_entry(
        session,
        account=account,
        promise_id=promise.id,
        typed=typed,
        form_key=form_key or f"{key.replace('-', '')}{fields['side'].replace('_', '')}",
        writer=writer(session),
    )
    return found.id


def hear(session: Session, key: str, said: str, *, days_ago: int = 1, name: str = "nora", talks: World) -> Response:
    """Store what somebody said of a promise in a response that was submitted so many days ago."""
    person = session.get_one(Respondent, talks.respondents[name])
    study = session.get_one(Study, talks.study)
    response = session.scalar(select(Response).where(Response.respondent_id == person.id))
    if response is None:
        response = Response(
            study_id=study.id,
            respondent_id=person.id,
            external_id=f"r-{name}",
            version_id=study.version_id,
            mode="interview",
            source="interview",
            submitted_at=now() - timedelta(days=days_ago),
        )
        session.add(response)
        session.flush()
    session.add(PromiseAnswer(response_id=response.id, promise_id=promise_of(session, key).id, said=said))
    session.flush()
    return response


def promise_of(session: Session, key: str) -> Promise:
    """Return a promise by its key."""
    return session.scalars(select(Promise).where(Promise.crm_id == key)).one()


def account_of(session: Session, key: str = "Haskelby") -> Account:
    """Return an account by its key."""
    return session.scalars(select(Account).where(Account.crm_id == key)).one()


def writer(session: Session, email: str = CSM) -> Writer:
    """Return somebody who writes now."""
    return Writer(session.scalars(select(User.id).where(User.email == email)).one(), now())
