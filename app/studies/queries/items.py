"""What an account's looped questions are asked about: its relationships and promises, for both doors."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, Connection, Select, String, Table, bindparam, func, select
from sqlalchemy import cast as sql_cast

from app.core.display import day, money_full
from app.core.words import label
from app.customers.models import Account, Promise, Relationship
from app.questionnaires.rules.definition import PROMISE, Questionnaire
from app.questionnaires.rules.route import Item

ACCOUNT, RELATIONSHIP, PROMISED = (cast("Table", model.__table__) for model in (Account, Relationship, Promise))
_COLLECTING = {"sqlite": ("json_group_array", "json_array"), "postgresql": ("json_agg", "json_build_array")}
_LAST = "9999"


def with_items(statement: Select[*tuple[Any, ...]], dialect: str) -> Select[*tuple[Any, ...]]:
    """Return a statement that reads accounts with all that each one has collected in two more cells of its row.

    So whoever takes a survey waits for no further read; `items_in` turns the row into items.
    """
    collected, row = (getattr(func, name) for name in _COLLECTING[dialect])
    name = func.coalesce(RELATIONSHIP.c.name, RELATIONSHIP.c.crm_id)
    relationships = select(collected(row(RELATIONSHIP.c.crm_id, RELATIONSHIP.c.type, name), type_=JSON)).where(
        RELATIONSHIP.c.account_id == ACCOUNT.c.id, RELATIONSHIP.c.type != PROMISE
    )
    facts = ("crm_id", "text", "source", "aspect", "promised_on", "delivered_on", "evidence", "id")
    currency = func.coalesce(PROMISED.c.currency, ACCOUNT.c.currency)
    cells = row(sql_cast(PROMISED.c.amount, String), currency, *(PROMISED.c[fact] for fact in facts))
    promises = select(collected(cells, type_=JSON)).where(PROMISED.c.account_id == ACCOUNT.c.id)
    return statement.add_columns(
        relationships.correlate(ACCOUNT).scalar_subquery().label("relationships"),
        promises.correlate(ACCOUNT).scalar_subquery().label("promises"),
    )


def items_in(row: Any, questionnaire: Questionnaire) -> list[Item]:
    """All of an account that looped sections are asked about: relationships by name, promises the oldest first."""
    asked = {section.per for section in questionnaire.sections if section.per}
    relationships = [Item(*each) for each in row.relationships or ()] if asked - {PROMISE} else []
    promises = [_promise(*each) for each in sorted(row.promises or (), key=_age)] if PROMISE in asked else []
    return sorted(relationships, key=lambda item: (item.name, item.key)) + promises


def items_asked_about(connection: Connection, *, account_id: int, questionnaire: Questionnaire) -> list[Item]:
    """All of an account that a questionnaire's looped sections are asked about, by one statement."""
    return items_in(connection.execute(_of_one(connection.dialect.name), {"account": account_id}).one(), questionnaire)


@cache
def _of_one(dialect: str) -> Select[*tuple[Any, ...]]:
    one: Select[*tuple[Any, ...]] = select(ACCOUNT.c.id).where(ACCOUNT.c.id == bindparam("account"))
    return with_items(one, dialect)


def _age(cells: Sequence[Any]) -> tuple[str, int]:
    *_, promised_on, _delivered_on, _evidence, identity = cells
    return promised_on or _LAST, identity


def _promise(amount: str | None, currency: str | None, key: str, text: str, *more: Any) -> Item:
    source, aspect, promised_on, delivered_on, evidence, _ = more
    facts = {
        "text": text,
        "source": label(source).lower(),
        "aspect": aspect,
        "promised_on": _day(promised_on),
        "amount": "" if amount is None else money_full(float(amount), currency),
        "delivered_on": _day(delivered_on),
        "evidence": evidence or "",
    }
    return Item(key, PROMISE, text, facts)


def _day(written: str | None) -> str:
    return day(date.fromisoformat(written)) if written else ""
