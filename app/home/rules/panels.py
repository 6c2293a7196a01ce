"""Which panels a person gets: those of each of their roles, each cut to what that role may see."""

from dataclasses import replace
from enum import StrEnum

from app.users.rules import Role, Scope


class Panel(StrEnum):
    """One part of Home."""

    GAPS = "gaps"
    STUDIES = "studies"
    DUE = "due"
    ACCOUNTS = "accounts"
    CALLS = "calls"
    PROMISES = "promises"
    SYSTEM = "system"
    IMPORTS = "imports"
    STEPS = "steps"


PANELS: dict[Role, tuple[Panel, ...]] = {
    Role.LEADER: (Panel.GAPS, Panel.STUDIES, Panel.DUE, Panel.STEPS),
    Role.VIEWER: (Panel.GAPS, Panel.STUDIES),
    Role.CSM: (Panel.ACCOUNTS, Panel.CALLS, Panel.DUE, Panel.PROMISES),
    Role.ADMIN: (Panel.SYSTEM, Panel.IMPORTS, Panel.STUDIES, Panel.STEPS),
}
"""What each role is there for."""


def panels(scope: Scope) -> dict[Panel, Scope]:
    """Return the panels of a person, each with their scope cut to the roles that it belongs to.

    Who leads studies and looks after accounts sees their own accounts apart from those of their studies.
    """
    found: dict[Panel, set[Role]] = {}
    for role, its in PANELS.items():
        for panel in its if role in scope.roles else ():
            found.setdefault(panel, set()).add(role)
    return {panel: replace(scope, roles=frozenset(roles)) for panel, roles in found.items()}
