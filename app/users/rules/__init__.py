"""What is decided about people without a database: roles, passwords, how long a sign-in lasts, the audit chain."""

from app.users.rules.roles import Permission, Reach, Role
from app.users.rules.scope import Scope

__all__ = ["Permission", "Reach", "Role", "Scope"]
