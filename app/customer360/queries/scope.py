"""Which accounts, contacts and scorings a caller may see on the pages of accounts."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from app.scoring.models import Scoring
from app.studies.models import Study
from app.studies.scope import WHOLE, assigned_accounts, whole_studies
from app.users.rules import Permission, Reach, Scope


@dataclass(frozen=True)
class Seen:
    """A scoring that the caller may see: all of it, or of the accounts assigned to them only."""

    id: int
    study_id: int
    is_whole: bool


def reachable_accounts(scope: Scope) -> ColumnElement[bool]:
    """Return the condition on Account for those whose page the caller may open."""
    if scope.reaches(Permission.ACCOUNTS) & WHOLE:
        return true()
    return assigned_accounts(scope, Permission.ACCOUNTS)


def sees_every_account(scope: Scope) -> bool:
    """Tell whether the caller may open the page of every account."""
    return bool(scope.reaches(Permission.ACCOUNTS) & WHOLE)


def accounts_with_contacts(scope: Scope, permission: Permission = Permission.ACCOUNTS) -> ColumnElement[bool]:
    """Return the condition for a query on Account: those of whose people the caller may see names and addresses.

    By the permission to read reports it is a condition on Study and Account: who answered in one's own study.
    """
    reaches = scope.reaches(permission)
    if Reach.ALL in reaches:
        return true()
    assigned = assigned_accounts(scope, permission)
    return or_(assigned, Study.owner_id == scope.user_id) if Reach.OWN in reaches else assigned


def seen_scorings(session: Session, scope: Scope) -> list[Seen]:
    """Return the present scorings of the caller's studies, the newest study first.

    Who sees assigned accounts sees them in every study, so for them the list holds all of them.
    """
    whole = whole_studies(scope)
    is_assigned_to = Reach.ASSIGNED in scope.reaches(Permission.REPORTS)
    rows = session.execute(
        select(Scoring.id, Scoring.study_id, and_(whole).label("is_whole"))
        .join(Study, Study.id == Scoring.study_id)
        .where(true() if is_assigned_to else whole)
        .order_by(Study.closes_on.desc(), Study.id.desc())
    )
    return [Seen(*row) for row in rows]


def searches_people(scope: Scope) -> bool:
    """Tell whether the caller may find accounts by the names of people there."""
    return bool(scope.reaches(Permission.ACCOUNTS) & {Reach.ALL, Reach.ASSIGNED})
