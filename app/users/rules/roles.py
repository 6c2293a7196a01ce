"""Roles and what each may do: the one table that the policy, the tests and SECURITY.md read."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is here for."""

    ADMIN = "admin"
    LEADER = "leader"
    CSM = "csm"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One row of the access matrix; a view declares which it needs."""

    USERS = "users:manage"
    STUDIES = "studies:manage"
    ACCOUNTS = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    INTERVIEWS_READ = "interviews:read"
    INTERVIEWS_WRITE = "interviews:write"
    ACTIONS = "actions:write"
    REPORTS = "reports:read"
    SURVEYS = "surveys:answer"
    API = "api:use"
    AUDIT = "audit:read"


class Reach(StrEnum):
    """How far a permission goes; the value is what the published matrix prints."""

    ALL = "✔"
    OWN = "own studies"
    ASSIGNED = "assigned accounts"
    WITHOUT_CONTACTS = "✔ without contacts"
    REOPEN = "reopen with a reason"
    REOPEN_OWN = "own studies, reopen with a reason"
    OWN_INTERVIEWS = "own interviews"
    OWN_STUDIES_AND_ACTIONS = "own studies, own actions"
    ASSIGNED_AND_ACTIONS = "assigned accounts, own actions"
    OWN_LINK = "own link"
    BY_SCOPE = "by scope"


RESPONDENT = "respondent"
API_KEY = "API key"
PRINCIPALS = (*Role, RESPONDENT, API_KEY)

MEANINGS = {
    Permission.USERS: "users, settings, backup, erasure",
    Permission.STUDIES: "studies, questionnaires, imports",
    Permission.ACCOUNTS: "accounts: read",
    Permission.ACCOUNTS_WRITE: "accounts: names, promises, plans, effort, judgement",
    Permission.INTERVIEWS_READ: "interviews: read",
    Permission.INTERVIEWS_WRITE: "interviews: write",
    Permission.ACTIONS: "actions: read and write",
    Permission.REPORTS: "reports, exports",
    Permission.SURVEYS: "answer a survey",
    Permission.API: "telemetry, cases, accounts by API",
    Permission.AUDIT: "audit log",
}

GRANTS: dict[Permission, dict[str, Reach]] = {
    Permission.USERS: {Role.ADMIN: Reach.ALL},
    Permission.STUDIES: {Role.ADMIN: Reach.ALL, Role.LEADER: Reach.OWN},
    Permission.ACCOUNTS: {
        Role.ADMIN: Reach.ALL,
        Role.LEADER: Reach.ALL,
        Role.CSM: Reach.ASSIGNED,
        Role.VIEWER: Reach.WITHOUT_CONTACTS,
    },
    Permission.ACCOUNTS_WRITE: {Role.ADMIN: Reach.ALL, Role.LEADER: Reach.ALL, Role.CSM: Reach.ASSIGNED},
    Permission.INTERVIEWS_READ: {Role.ADMIN: Reach.ALL, Role.LEADER: Reach.OWN, Role.CSM: Reach.ASSIGNED},
    Permission.INTERVIEWS_WRITE: {
        Role.ADMIN: Reach.REOPEN,
        Role.LEADER: Reach.REOPEN_OWN,
        Role.CSM: Reach.OWN_INTERVIEWS,
    },
    Permission.ACTIONS: {
        Role.ADMIN: Reach.ALL,
        Role.LEADER: Reach.OWN_STUDIES_AND_ACTIONS,
        Role.CSM: Reach.ASSIGNED_AND_ACTIONS,
    },
    Permission.REPORTS: {
        Role.ADMIN: Reach.ALL,
        Role.LEADER: Reach.OWN,
        Role.CSM: Reach.ASSIGNED,
        Role.VIEWER: Reach.WITHOUT_CONTACTS,
    },
    Permission.SURVEYS: {RESPONDENT: Reach.OWN_LINK},
    Permission.API: {API_KEY: Reach.BY_SCOPE},
    Permission.AUDIT: {Role.ADMIN: Reach.ALL, Role.LEADER: Reach.OWN},
}
"""Who may do what and how far; what does not stand here is denied."""


def reach(principal: str, permission: Permission) -> Reach | None:
    """Return how far a principal's permission goes; None is no."""
    return GRANTS[permission].get(principal)


def matrix() -> str:
    """Return the access matrix as a Markdown table, one row per permission and one column per principal."""
    head = f"| | {' | '.join(PRINCIPALS)} |"
    rule = "|---" * (len(PRINCIPALS) + 1) + "|"
    return "\n".join([head, rule, *map(matrix_row, Permission)])


def matrix_row(permission: Permission) -> str:
    """Return one row of the access matrix."""
    cells = " | ".join(reach(principal, permission) or "–" for principal in PRINCIPALS)
    return f"| {MEANINGS[permission]} (`{permission}`) | {cells} |"
