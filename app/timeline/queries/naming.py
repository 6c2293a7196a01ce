"""How those who did something are named."""

from typing import Any

from sqlalchemy import ColumnElement, func

from app.users.models import User


def user_name(user: Any = User) -> ColumnElement[str]:
    """The name of a login, its address where it has none."""
    found: ColumnElement[str] = func.coalesce(func.nullif(user.name, ""), user.email)
    return found
