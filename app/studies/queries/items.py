"""What an account's looped questions are asked about: its relationships and promises, for both doors."""

from typing import cast

from sqlalchemy import Connection, Table, bindparam, func, select

from app.core.display import day, money_full
from app.core.words import label
from app.customers.models import Account, Promise, Relationship
from app.questionnaires.rules.definition import PROMISE, Questionnaire
from app.questionnaires.rules.route import Item

ACCOUNT, RELATIONSHIP, PROMISED = (cast("Table", model.__table__) for model in (Account, Relationship, Promise))
_RELATIONSHIPS = (
    select(RELATIONSHIP.c.crm_id, RELATIONSHIP.c.type, func.coalesce(RELATIONSHIP.c.name, RELATIONSHIP.c.crm_id))
    .where(RELATIONSHIP.c.account_id == bindparam("account"), RELATIONSHIP.c.type != PROMISE)
    .order_by(RELATIONSHIP.c.name, RELATIONSHIP.c.crm_id)
)
_PROMISES = (
    select(
        PROMISED.c.crm_id,
        PROMISED.c.text,
        PROMISED.c.source,
        PROMISED.c.aspect,
        PROMISED.c.promised_on,
        PROMISED.c.amount,
        PROMISED.c.delivered_on,
        PROMISED.c.evidence,
        ACCOUNT.c.currency,
    )
    .join(ACCOUNT, ACCOUNT.c.id == PROMISED.c.account_id)
    .where(PROMISED.c.account_id == bindparam("account"))
    .order_by(PROMISED.c.promised_on.is_(None), PROMISED.c.promised_on, PROMISED.c.id)
)
"""Tables, not classes: whoever takes a survey waits for it."""


def items_asked_about(connection: Connection, *, account_id: int, questionnaire: Questionnaire) -> list[Item]:
    """All of an account that a questionnaire's looped sections are asked about; what none asks of is not read."""
    asked = {section.per for section in questionnaire.sections if section.per}
    found = relationship_items(connection, account_id=account_id) if asked - {PROMISE} else []
    return found + (promise_items(connection, account_id=account_id) if PROMISE in asked else [])


def relationship_items(connection: Connection, *, account_id: int) -> list[Item]:
    """The relationships of an account by their names."""
    return [Item(*row) for row in connection.execute(_RELATIONSHIPS, {"account": account_id})]


def promise_items(connection: Connection, *, account_id: int) -> list[Item]:
    """The promises that an account was given, the oldest first and undated ones last, with their facts in words."""
    rows = connection.execute(_PROMISES, {"account": account_id})
    return [
        Item(
            row.crm_id,
            PROMISE,
            row.text,
            {
                "text": row.text,
                "source": label(row.source).lower(),
                "aspect": row.aspect,
                "promised_on": day(row.promised_on) if row.promised_on else "",
                "amount": money_full(row.amount, row.currency) if row.amount is not None else "",
                "delivered_on": day(row.delivered_on) if row.delivered_on else "",
                "evidence": row.evidence or "",
            },
        )
        for row in rows
    ]
