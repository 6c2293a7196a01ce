"""The ledger of one account in figures, as parts of another statement: a page shows them without one of its own."""

from datetime import date
from typing import Any

from sqlalchemy import and_, func, literal, select

from app.customers.models import Promise
from app.ledger.queries.answers import newest_answers
from app.ledger.queries.arrived import delivered_of, entries_of_promises, is_owed, number_of, to_come_of
from app.ledger.rules.items import Word


def value_columns(account: Any, *, currency: str | None, on: date) -> dict[str, Any]:
    """Columns of what an account was promised until a day; the money is in `currency` alone, never mixed.

    Of the account only its `id` is asked for, which may be a part of a statement. `promised`, `delivered`,
    `acknowledged` and `late` count promises; `counted` are those with an amount in the currency, made by the day, of
    which `worth`, `arrived` and `to_come` are the sums. `foreign` have an amount in another currency, `things` a count,
    `bare` neither.
    """
    of, unit = Promise.account_id == account.id, literal(currency or "")
    said = newest_answers(of)
    entries = entries_of_promises(of, currency=unit, on=on)
    own = func.coalesce(Promise.currency, unit) == unit
    has_money, has_count = Promise.amount.is_not(None), and_(Promise.quantity.is_not(None), Promise.unit.is_not(None))
    made = func.coalesce(Promise.promised_on, on) <= on
    is_ours = and_(has_money, own, made)
    value = (
        select(
            func.count().label("promised"),
            number_of(~is_owed(on)).label("delivered"),
            number_of(said.c.said == Word.YES.value).label("acknowledged"),
            number_of(and_(is_owed(on), Promise.due_on < on)).label("late"),
            number_of(is_ours).label("counted"),
            number_of(and_(has_money, ~own)).label("foreign"),
            number_of(and_(~has_money, has_count)).label("things"),
            number_of(and_(~has_money, ~has_count)).label("bare"),
            func.sum(Promise.amount).filter(is_ours).label("worth"),
            func.sum(delivered_of(entries, on)).filter(is_ours).label("arrived"),
            func.sum(to_come_of(entries, on)).filter(is_ours).label("to_come"),
        )
        .select_from(Promise)
        .outerjoin(said, said.c.promise_id == Promise.id)
        .outerjoin(entries, entries.c.promise_id == Promise.id)
        .where(of)
        .cte("value")
    )
    return {column.name: select(column).scalar_subquery() for column in value.c}
