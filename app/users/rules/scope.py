"""The caller, as queries see them: who it is and how far each permission goes."""

from dataclasses import dataclass

from app.users.rules.roles import Permission, Reach, Role, reach


@dataclass(frozen=True)
class Scope:
    """Who asks. Every query about customers takes one, so that nothing is read past it.

    `email` is what `Account.csm_email` is compared with, always in lower case.
    """

    user_id: int
    email: str
    name: str
    roles: frozenset[Role]

    def reaches(self, permission: Permission) -> frozenset[Reach]:
        """Return how far each of the caller's roles carries a permission; empty means no."""
        return frozenset(found for role in self.roles if (found := reach(role, permission)))

    def can(self, permission: Permission) -> bool:
        """Tell whether any role of the caller carries the permission at all."""
        return bool(self.reaches(permission))

    @property
    def initials(self) -> str:
        """One or two letters for the round mark in the top strip."""
        words = [word for word in self.name.replace(".", " ").split() if word[0].isalnum()] or [self.email]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
