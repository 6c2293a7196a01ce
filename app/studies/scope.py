"""Which studies and accounts a caller may see, as conditions that every query about studies carries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.customers.models import Account
from app.questionnaires.models import QuestionnaireVersion
from app.responses.models import Response
from app.studies.models import Respondent, SampledAccount, Study
from app.users.models import User
from app.users.rules import Permission, Reach, Scope

WHOLE = frozenset({Reach.ALL, Reach.WITHOUT_CONTACTS})


def whole_studies(scope: Scope, permission: Permission = Permission.REPORTS) -> ColumnElement[bool]:
    """Return the condition on Study for those of which the caller may see every account."""
    reaches = scope.reaches(permission)
    if reaches & WHOLE:
        return true()
    return Study.owner_id == scope.user_id if Reach.OWN in reaches else false()


def assigned_accounts(scope: Scope, permission: Permission = Permission.REPORTS) -> ColumnElement[bool]:
    """Return the condition on Account for those assigned to the caller by `csm_email`."""
    if Reach.ASSIGNED not in scope.reaches(permission):
        return false()
    return func.lower(Account.csm_email) == scope.email


def visible_studies(scope: Scope, permission: Permission = Permission.REPORTS) -> ColumnElement[bool]:
    """Return the condition on Study for those that the caller may see: whole, or for an account assigned to them."""
    drew_theirs = (
        select(SampledAccount.account_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(SampledAccount.study_id == Study.id, assigned_accounts(scope, permission))
    )
    return or_(whole_studies(scope, permission), drew_theirs.exists())


def visible_accounts(scope: Scope, permission: Permission = Permission.REPORTS) -> ColumnElement[bool]:
    """Return the condition for a query that joins Study and Account: those of whole studies, and those assigned."""
    return or_(whole_studies(scope, permission), assigned_accounts(scope, permission))


def study_in_scope(session: Session, *, scope: Scope, key: str, permission: Permission = Permission.REPORTS) -> Study:
    """Return the study of this key, or refuse as Missing where there is none or it is not the caller's to see."""
    found = None
    if "\0" not in key:
        found = session.scalar(select(Study).where(Study.key == key, visible_studies(scope, permission)))
    if found is None:
        raise Missing(f"There is no study “{key[:80]}”.", "key")
    return found


def sees_assigned_only(scope: Scope) -> bool:
    """Tell whether the caller sees studies through assigned accounts alone, so that counts need that word."""
    return scope.reaches(Permission.REPORTS) == {Reach.ASSIGNED}


def may_see_all(scope: Scope, study: Study) -> bool:
    """Tell whether the caller may see every account of a study, so that its report may be shown whole."""
    reaches = scope.reaches(Permission.REPORTS)
    return bool(reaches & WHOLE) or (Reach.OWN in reaches and study.owner_id == scope.user_id)


def may_run(scope: Scope, study: Study) -> bool:
    """Tell whether the caller may draw, assign and close this study."""
    reaches = scope.reaches(Permission.STUDIES)
    return Reach.ALL in reaches or (Reach.OWN in reaches and study.owner_id == scope.user_id)


def may_see_contacts(scope: Scope, study: Study) -> bool:
    """Tell whether the caller may see names and addresses of the persons at the accounts that a study shows them."""
    reaches = scope.reaches(Permission.REPORTS)
    is_owner = Reach.OWN in reaches and study.owner_id == scope.user_id
    return is_owner or bool(reaches & {Reach.ALL, Reach.ASSIGNED})


def studies_in_scope(session: Session, *, scope: Scope) -> Sequence[Row[Any]]:
    """Return (Study, questionnaire, owner, owner_email, drawn, heard) of what the caller may see, newest first.

    `drawn` counts the accounts of the sample that the caller may see, `heard` those of them with a submitted response.
    """
    drawn = _counted(scope, select(SampledAccount.study_id, func.count().label("accounts")))
    heard = _counted(
        scope,
        select(SampledAccount.study_id, func.count(SampledAccount.account_id.distinct()).label("accounts"))
        .join(
            Respondent,
            and_(Respondent.study_id == SampledAccount.study_id, Respondent.account_id == SampledAccount.account_id),
        )
        .join(Response, and_(Response.respondent_id == Respondent.id, Response.submitted_at.is_not(None))),
    )
    return session.execute(
        select(
            Study,
            QuestionnaireVersion.name.label("questionnaire"),
            User.name.label("owner"),
            User.email.label("owner_email"),
            func.coalesce(drawn.c.accounts, 0).label("drawn"),
            func.coalesce(heard.c.accounts, 0).label("heard"),
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Study.version_id)
        .outerjoin(User, User.id == Study.owner_id)
        .outerjoin(drawn, drawn.c.study_id == Study.id)
        .outerjoin(heard, heard.c.study_id == Study.id)
        .where(visible_studies(scope))
        .order_by(Study.opens_on.desc(), Study.id.desc())
    ).all()


def _counted(scope: Scope, counts: Select[int, int]) -> Any:
    """Return counts per study over the accounts that the caller may see."""
    return (
        counts.join(Study, Study.id == SampledAccount.study_id)
        .join(Account, Account.id == SampledAccount.account_id)
        .where(visible_accounts(scope))
        .group_by(SampledAccount.study_id)
        .subquery()
    )
