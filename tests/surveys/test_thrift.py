"""What a survey asks of the database: a read or two to show it, one transaction to store it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.database import db
from tests.surveys.asked import GOOD, Customer, add_asked, add_survey, tokens_of
from tests.surveys.test_branches import BRANCHED

CONTROL = ("BEGIN", "PRAGMA", "SAVEPOINT", "COMMIT", "ROLLBACK")


@contextmanager
def counted(application: Flask) -> Iterator[dict[str, int]]:
    """Count the statements and the commits of a while."""
    found = {"reads": 0, "writes": 0, "commits": 0}

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(CONTROL):
            found["reads" if statement.startswith("SELECT") else "writes"] += 1

    def on_commit(_connection: Any) -> None:
        found["commits"] += 1

    with application.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", on_statement)
    sa.event.listen(engine, "commit", on_commit)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", on_statement)
        sa.event.remove(engine, "commit", on_commit)


@pytest.fixture
def customer(client: FlaskClient, session: Session) -> Customer:
    """Somebody whose survey has been opened by another, so that what all share is prepared."""
    first, second = tokens_of(session, add_survey(session, people=2))
    session.commit()
    session.close()
    Customer(client, f"/s/{first}").send()
    return Customer(client, f"/s/{second}")


def test_a_page_takes_two_reads_at_most_and_writes_nothing(application: Flask, customer: Customer) -> None:
    with counted(application) as new:
        assert customer.browser.get(customer.address).status_code == 200
    assert new == {"reads": 1, "writes": 0, "commits": 0}
    customer.send()
    with counted(application) as answered:
        assert customer.browser.get(customer.address).status_code == 200
    assert answered == {"reads": 2, "writes": 0, "commits": 0}


def test_a_looped_page_that_was_answered_takes_two_reads_too(
    application: Flask, client: FlaskClient, session: Session
) -> None:
    looped = Customer(client, add_asked(session, document=BRANCHED, products=["Pay", "Ledger"]))
    session.commit()
    session.close()
    looped.send({"recommend": "9", "seats": "5"})
    with counted(application) as found:
        page = looped.browser.get(looped.address).text
    assert found == {"reads": 2, "writes": 0, "commits": 0}
    assert page.index("Will you renew Ledger") < page.index("Will you renew Pay")


def test_a_form_is_stored_by_one_transaction(application: Flask, customer: Customer) -> None:
    with counted(application) as found:
        assert customer.browser.post(customer.address, data={**GOOD, "form_key": "mine"}).status_code == 200
    assert found == {"reads": 1, "writes": 4, "commits": 1}
