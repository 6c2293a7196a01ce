"""Who is signed in, as the statement that reads a cookie's token finds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.users.rules.scope import Scope


@dataclass(frozen=True)
class Present:
    """A person behind a live sign-in; Flask-Login asks it what it asks any user.

    `lacks_factor` says that one of their roles requires a second factor, and that they have none.
    """

    sign_in_id: int
    seen_at: datetime
    uniquifier: str
    scope: Scope
    lacks_factor: bool

    is_authenticated: ClassVar = True
    is_active: ClassVar = True
    is_anonymous: ClassVar = False

    def get_id(self) -> str:
        """What the session keeps of them."""
        return self.uniquifier
