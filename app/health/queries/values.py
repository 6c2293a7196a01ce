"""What accounts have in the fields by which a scorecard is chosen, for whoever writes the rules."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Relationship
from app.health.rules.choice import ChoiceField

MOST_VALUES = 30


def known_values(session: Session) -> dict[str, list[tuple[str, int]]]:
    """The values of each field with how many accounts have them, the commonest first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name in ChoiceField:
        accounts = sa.func.count(sa.distinct(_account(name)))
        rows = session.execute(
            sa.select(_value(name), accounts)
            .where(_value(name).is_not(None))
            .group_by(_value(name))
            .order_by(accounts.desc(), _value(name))
            .limit(MOST_VALUES)
        )
        found[str(name)] = [(value, count) for value, count in rows]
    return found


def _value(name: ChoiceField) -> sa.ColumnElement[str]:
    if name is ChoiceField.RELATIONSHIP_TYPE:
        return sa.type_coerce(Relationship.type, sa.String)
    return sa.type_coerce(getattr(Account, name.value), sa.String)


def _account(name: ChoiceField) -> sa.ColumnElement[int]:
    column = Relationship.account_id if name is ChoiceField.RELATIONSHIP_TYPE else Account.id
    return sa.type_coerce(column, sa.Integer)
