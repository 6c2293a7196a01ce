"""Reads of actions, each through what its caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.actions.models import Action
from app.actions.rules import Urgency, due_words, urgency
from app.actions.rules.kinds import KIND_WORDS, Evidence, Kind, evidence_in, outcome_words
from app.core.errors import Missing
from app.core.ids import LARGEST_ID
from app.customers.models import Account, Contact, Relationship
from app.customers.scope import accounts_within
from app.studies.models import Respondent, Study
from app.studies.queries.letters import letter_by_key
from app.users.models import RoleRow, User, user_role
from app.users.rules import Permission, Reach, Role, Scope

MOST_LISTED = 500
OWNING = (Role.ADMIN, Role.LEADER, Role.CSM)
"""Roles that may do something for a customer."""
NO_ACTION = "There is no such action."


@dataclass(frozen=True)
class ActionRow:
    """An action as its caller may see it; `person` is whose interview it came from, `to_ask` whom to ask again.

    `relationship` is what of the account it is about; None where it is about the account as a whole.
    Who may see it and not work on it (`is_workable`) reads what is done, for whom, by whom and until when.
    """

    id: int
    kind: str
    title: str
    reason: str | None
    evidence_document: Any
    owner_id: int
    owner: str
    due_on: date
    is_promised: bool
    created_at: datetime
    creator: str
    done_at: datetime | None
    done_by: str | None
    outcome: str | None
    note: str | None
    account_id: int
    account_crm_id: str
    account: str
    respondent_id: int | None
    person: str | None
    study: str | None
    contact_id: int | None
    to_ask: str | None
    follows_id: int | None
    relationship_id: int | None
    relationship_crm_id: str | None
    relationship: str | None
    is_workable: bool

    @property
    def kind_words(self) -> str:
        """What it is."""
        return KIND_WORDS[Kind(self.kind)]

    @property
    def outcome_words(self) -> str:
        """What came of it; empty where nobody said."""
        return outcome_words(self.kind, self.outcome)

    @property
    def evidence(self) -> Evidence:
        """What showed it on the day on which it was raised."""
        return evidence_in(self.evidence_document)

    def urgency(self, today: date) -> Urgency:
        """How it stands on a day."""
        return urgency(due_on=self.due_on, done_at=self.done_at, today=today)

    def due_words(self, today: date) -> str:
        """When it is or was to be done."""
        return due_words(due_on=self.due_on, done_at=self.done_at, today=today)


@dataclass(frozen=True)
class Choice:
    """A relationship that an action can be about."""

    id: int
    crm_id: str
    name: str
    type: str


def reachable_actions(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for a query that joins Action, Account and, outside, Study: those the caller may work on.

    To work on one is to read all of it, change it and close it; to whom else it is shown says `visible_actions`. One's
    own are those that one owns or has made; a leader has those of their studies, a csm those of their accounts.
    """
    reaches = scope.reaches(Permission.ACTIONS)
    if Reach.ALL in reaches:
        return true()
    if not reaches:
        return false()
    mine = or_(Action.owner_id == scope.user_id, Action.created_by == scope.user_id)
    if Reach.OWN_STUDIES_AND_ACTIONS in reaches:
        mine = or_(mine, Study.owner_id == scope.user_id)
    if Reach.ASSIGNED_AND_ACTIONS in reaches:
        mine = or_(mine, func.lower(Account.csm_email) == scope.email)
    return mine


def visible_actions(scope: Scope) -> ColumnElement[bool]:
    """Return the condition, for the same joins, for those the caller may see: the one rule for every page.

    Whoever may open an account and works with actions sees that account's; and those that they may work on anywhere.
    """
    if not scope.can(Permission.ACTIONS):
        return false()
    return or_(accounts_within(scope), reachable_actions(scope))


def action_in_scope(session: Session, *, scope: Scope, action_id: int) -> ActionRow:
    """Return an action that the caller may work on; Missing where there is none, or it is not theirs to change."""
    found = action_seen(session, scope=scope, action_id=action_id)
    if not found.is_workable:
        raise Missing(NO_ACTION, "action")
    return found


def action_seen(session: Session, *, scope: Scope, action_id: int) -> ActionRow:
    """Return an action that the caller may see; Missing where there is none, or it is not theirs to see."""
    wanted = _rows(reachable_actions(scope)).where(Action.id == min(action_id, LARGEST_ID), visible_actions(scope))
    found = session.execute(wanted).one_or_none()
    if found is None or action_id > LARGEST_ID:
        raise Missing(NO_ACTION, "action")
    return _as_seen(found)


def actions_listed(
    session: Session, *, scope: Scope, is_mine: bool, kind: Kind | None = None, is_open: bool = False
) -> list[ActionRow]:
    """Return the actions that the caller may see, of one kind if asked: the open by their day, then the done."""
    owned = Action.owner_id == scope.user_id if is_mine else true()
    of_kind = Action.kind == kind.value if kind else true()
    opened = Action.done_at.is_(None) if is_open else true()
    return _seen(session, scope, owned, of_kind, opened)


def kind_counts(session: Session, *, scope: Scope, is_mine: bool) -> dict[Kind, int]:
    """Return how many open actions of each kind the caller may see; a kind without any is there with 0."""
    owned = Action.owner_id == scope.user_id if is_mine else true()
    rows = session.execute(
        select(Action.kind, func.count())
        .join(Account, Account.id == Action.account_id)
        .outerjoin(Respondent, Respondent.id == Action.respondent_id)
        .outerjoin(Study, Study.id == Respondent.study_id)
        .where(visible_actions(scope), owned, Action.done_at.is_(None))
        .group_by(Action.kind)
    )
    found = {kind: number for kind, number in rows}  # noqa: C416  (a row is no pair to mypy)
    return {kind: found.get(kind.value, 0) for kind in Kind}


@dataclass(frozen=True)
class DueActions:
    """The open actions that are due by a day: how many are late, how many come after that, and the first of them."""

    late: int
    soon: int
    rows: list[ActionRow]


def due_actions(session: Session, *, scope: Scope, today: date, until: date, most: int) -> DueActions:
    """Return the open actions that the caller may work on and that are due by a day, the latest first, counted all."""
    due = (reachable_actions(scope), Action.done_at.is_(None), Action.due_on <= until)
    late, every = session.execute(
        select(func.coalesce(func.sum(case((Action.due_on < today, 1), else_=0)), 0), func.count())
        .select_from(Action)
        .join(Account, Account.id == Action.account_id)
        .outerjoin(Respondent, Respondent.id == Action.respondent_id)
        .outerjoin(Study, Study.id == Respondent.study_id)
        .where(*due)
    ).one()
    return DueActions(int(late), every - int(late), _listed(session, *due, most=most) if every else [])


def actions_of_account(
    session: Session, *, scope: Scope, account_id: int, relationship_id: int | None = None
) -> list[ActionRow]:
    """Return the actions for an account, or about one of its relationships, that the caller may see."""
    about = true() if relationship_id is None else Action.relationship_id == relationship_id
    return _seen(session, scope, Action.account_id == account_id, about)


def actions_of_respondent(session: Session, *, respondent_id: int) -> list[ActionRow]:
    """Return the actions that came from one interview; whoever may read the interview may read them."""
    return _listed(session, Action.respondent_id == respondent_id)


def relationships_to_choose(session: Session, account_id: int) -> list[Choice]:
    """Return what an action for an account can be about, by name."""
    name = func.coalesce(func.nullif(Relationship.name, ""), Relationship.type)
    rows = session.execute(
        select(Relationship.id, Relationship.crm_id, name, Relationship.type)
        .where(Relationship.account_id == account_id)
        .order_by(func.lower(name), Relationship.id)
        .limit(MOST_LISTED)
    )
    return [Choice(*row) for row in rows]


def account_to_act_on(session: Session, *, scope: Scope, crm_id: str) -> Account:
    """Return the account that the caller may add an action to: an assigned one, or any where their role sees all."""
    reaches = scope.reaches(Permission.ACTIONS)
    everywhere = reaches & {Reach.ALL, Reach.OWN_STUDIES_AND_ACTIONS}
    theirs = true() if everywhere else func.lower(Account.csm_email) == scope.email
    found = None
    if reaches and "\0" not in crm_id:
        found = session.scalar(select(Account).where(Account.crm_id == crm_id, theirs))
    if found is None:
        raise Missing(f"There is no account “{crm_id[:80]}”.", "account")
    return found


def action_owners(session: Session) -> dict[int, str]:
    """Return who can own an action, every active login but viewers: user id -> name, by name."""
    works = exists().where(
        user_role.c.user_id == User.id,
        user_role.c.role_id == RoleRow.id,
        RoleRow.name.in_([role.value for role in OWNING]),
    )
    rows = session.execute(select(User.id, _named(User)).where(User.active, works).order_by(_named(User), User.id))
    return {identity: name for identity, name in rows}  # noqa: C416  (a row is no pair to mypy)


def open_count(session: Session, *, user_id: int) -> int:
    """Return how many actions somebody still has to do."""
    mine = (Action.owner_id == user_id, Action.done_at.is_(None))
    return session.scalar(select(func.count()).select_from(Action).where(*mine)) or 0


def notice_sent_at(session: Session, action_id: int, owner_id: int) -> datetime | None:
    """Return when the owner was told of an action by mail, or None."""
    letter = letter_by_key(session, notice_key(action_id, owner_id))
    return letter.sent_at if letter else None


def notice_key(action_id: int, owner_id: int) -> str:
    """Return what makes the mail to an owner happen once."""
    return f"action-{action_id}-owner-{owner_id}"


def actions_matching(session: Session, *conditions: ColumnElement[bool]) -> list[ActionRow]:
    """Return the actions that meet conditions on Action; the caller has made sure that they are theirs to see."""
    return _listed(session, *conditions)


def _seen(session: Session, scope: Scope, *conditions: ColumnElement[bool]) -> list[ActionRow]:
    """The actions that the caller may see, each as they may read it."""
    return _listed(session, visible_actions(scope), *conditions, is_workable=reachable_actions(scope))


def _listed(
    session: Session,
    *conditions: ColumnElement[bool],
    most: int = MOST_LISTED,
    is_workable: ColumnElement[bool] | None = None,
) -> list[ActionRow]:
    wanted = (
        _rows(is_workable)
        .where(and_(*conditions))
        .order_by(Action.done_at.is_not(None), Action.done_at.desc(), Action.due_on, Action.id)
        .limit(most)
    )
    rows: Sequence[Any] = session.execute(wanted).all()
    return [_as_seen(row) for row in rows]


def _as_seen(row: Row[Any]) -> ActionRow:
    """The row as its caller may read it: only who may work on it reads why, about whom, and what came of it."""
    found = ActionRow(**row._mapping)  # noqa: SLF001  (the public mapping of a row)
    if found.is_workable:
        return found
    return replace(
        found,
        reason=None,
        evidence_document=None,
        outcome=None,
        note=None,
        respondent_id=None,
        person=None,
        study=None,
        contact_id=None,
        to_ask=None,
        follows_id=None,
    )


def _rows(is_workable: ColumnElement[bool] | None = None) -> Select[*tuple[Any, ...]]:
    """Every action with its names; without a condition whoever gets the row may work on it."""
    owner, creator, doer = aliased(User), aliased(User), aliased(User)
    to_ask = aliased(Contact)
    return (
        select(
            Action.id,
            Action.kind,
            Action.title,
            Action.reason,
            Action.evidence.label("evidence_document"),
            Action.owner_id,
            _named(owner).label("owner"),
            Action.due_on,
            Action.is_promised,
            Action.created_at,
            _named(creator).label("creator"),
            Action.done_at,
            _named(doer).label("done_by"),
            Action.outcome,
            Action.note,
            Action.account_id,
            Account.crm_id.label("account_crm_id"),
            Account.name.label("account"),
            Action.respondent_id,
            Contact.name.label("person"),
            Study.name.label("study"),
            Action.contact_id,
            to_ask.name.label("to_ask"),
            Action.follows_id,
            Action.relationship_id,
            Relationship.crm_id.label("relationship_crm_id"),
            func.coalesce(func.nullif(Relationship.name, ""), Relationship.type).label("relationship"),
            (true() if is_workable is None else is_workable).label("is_workable"),
        )
        .join(Account, Account.id == Action.account_id)
        .join(owner, owner.id == Action.owner_id)
        .join(creator, creator.id == Action.created_by)
        .outerjoin(doer, doer.id == Action.done_by)
        .outerjoin(Respondent, Respondent.id == Action.respondent_id)
        .outerjoin(Contact, Contact.id == Respondent.contact_id)
        .outerjoin(Study, Study.id == Respondent.study_id)
        .outerjoin(to_ask, to_ask.id == Action.contact_id)
        .outerjoin(Relationship, Relationship.id == Action.relationship_id)
    )


def _named(user: type[User]) -> ColumnElement[str]:
    return func.coalesce(func.nullif(user.name, ""), user.email)
