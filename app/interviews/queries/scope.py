"""Which interviews a caller may read, write and reopen, as conditions that every query about them carries.

Each is for a query that joins Interview, Study and Account.
"""

from sqlalchemy import ColumnElement, false, or_, select, true

from app.interviews.models import Interview, NoteTaker
from app.studies.models import Study
from app.studies.scope import visible_accounts
from app.users.rules import Permission, Reach, Scope


def own_interviews(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for those that the caller leads or takes notes in, the only ones in which they may write."""
    if Reach.OWN_INTERVIEWS not in scope.reaches(Permission.INTERVIEWS_WRITE):
        return false()
    noted = select(NoteTaker.interview_id).where(NoteTaker.user_id == scope.user_id)
    return or_(Interview.interviewer_id == scope.user_id, Interview.id.in_(noted))


def readable_interviews(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for those that the caller may read: of whole studies, assigned accounts, and their own."""
    return or_(visible_accounts(scope, Permission.INTERVIEWS_READ), own_interviews(scope))


def reopenable_interviews(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for those that the caller may reopen with a reason."""
    reaches = scope.reaches(Permission.INTERVIEWS_WRITE)
    if Reach.REOPEN in reaches:
        return true()
    return Study.owner_id == scope.user_id if Reach.REOPEN_OWN in reaches else false()
