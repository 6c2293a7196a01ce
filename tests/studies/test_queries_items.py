"""What looped questions of an account are asked about."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.core.display import day
from app.customers.models import Account, Promise, Relationship
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.reading import parse_definition
from app.studies.queries.items import items_asked_about


def asking(*sorts: str) -> Questionnaire:
    """A questionnaire that is asked once per item of these sorts."""
    sections = [{"key": f"s{n}", "title": "Each", "per": sort} for n, sort in enumerate(sorts)]
    questions = [{"key": f"q{n}", "kind": "text", "text": "?", "section": f"s{n}"} for n in range(len(sorts))]
    return parse_definition(
        {"key": "loops", "name": "Loops", "language": "en", "sections": sections, "questions": questions}
    )


def add_items(session: Session) -> int:
    """Add an account with two products and two promises, and another account with one of each."""
    accounts = [Account(crm_id=f"A-{n}", name=f"Customer {n}", currency="EUR") for n in (1, 2)]
    session.add_all(accounts)
    session.flush()
    first, second = (account.id for account in accounts)
    sold = {"source": "customer_success", "aspect": "economic"}
    session.add_all(
        [
            Relationship(crm_id="R-2", account_id=first, type="product", name="Payroll"),
            Relationship(crm_id="R-1", account_id=first, type="product", name="Ledger"),
            Relationship(crm_id="R-3", account_id=second, type="product"),
            Promise(crm_id="P-1", account_id=first, text="Some day", **sold),
            Promise(
                crm_id="P-2",
                account_id=first,
                text="Twice as fast",
                promised_on=date(2026, 3, 1),
                amount=Decimal(9000),
                currency="USD",
                evidence="A slide",
                **sold,
            ),
            Promise(crm_id="P-3", account_id=second, text="Elsewhere", **sold),
        ]
    )
    session.commit()
    return first


def keys(session: Session, account_id: int, questionnaire: Questionnaire) -> list[str]:
    found = items_asked_about(session.connection(), account_id=account_id, questionnaire=questionnaire)
    return [item.key for item in found]


def test_only_what_is_asked_about_is_read(session: Session) -> None:
    account = add_items(session)
    assert keys(session, account, asking("product")) == ["R-1", "R-2"]
    assert keys(session, account, asking("promise")) == ["P-2", "P-1"]
    assert keys(session, account, asking("promise", "*")) == ["R-1", "R-2", "P-2", "P-1"]
    assert keys(session, account, parse_definition(built_in_documents()["interview-360"])) == []


def test_promises_come_with_their_facts_in_words(session: Session) -> None:
    account = add_items(session)
    dated, undated = items_asked_about(
        session.connection(),
        account_id=account,
        questionnaire=asking("product", "promise"),
    )[2:]
    assert (dated.name, dated.fact("promise.source"), dated.fact("promise.amount")) == (
        "Twice as fast",
        "customer success",
        "$9,000",
    )
    assert (dated.fact("promise.promised_on"), dated.fact("promise.evidence")) == (day(date(2026, 3, 1)), "A slide")
    empty = ("promised_on", "amount", "delivered_on", "evidence")
    assert [undated.fact(f"promise.{name}") for name in empty] == [""] * 4
