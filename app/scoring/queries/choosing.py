"""By what the accounts of a study can be chosen, and how many people stand behind a role or a mode."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Relationship
from app.responses.models import Response
from app.scoring.models import ChosenFigures, RespondentScore
from app.scoring.rules.choice import Choice, Traits
from app.studies.models import Respondent, SampledAccount, Study
from app.users.models import User

PRODUCT = "product"
"""The type, in small letters, of the relationships that are products."""


def drawn_traits(session: Session, study: Study) -> dict[int, Traits]:
    """Return by what each drawn account can be chosen, by account id, rising."""
    drawn = select(SampledAccount.account_id).where(SampledAccount.study_id == study.id)
    return {row.id: traits for row, traits in _traits(session, drawn)}


def all_traits(session: Session) -> dict[str, Traits]:
    """Return by what every account can be chosen, by the CRM's id."""
    return {row.crm_id: traits for row, traits in _traits(session, None)}


def csm_names(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """Return the names of those who have these addresses (in small letters) and are users here."""
    rows = session.execute(select(func.lower(User.email), User.name).where(func.lower(User.email).in_(addresses)))
    return {address: name for address, name in rows if name}


def people_by(session: Session, study: Study, only: Collection[int] | None = None) -> dict[tuple[str, str], int]:
    """Return how many people were drawn by role and mode: of their answers, else of the draw.

    `only` are the accounts that count; None is all of them.
    """
    mode = func.coalesce(Response.mode, Respondent.mode)
    wanted = (
        select(Respondent.role, mode, func.count())
        .select_from(Respondent)
        .outerjoin(Response, (Response.respondent_id == Respondent.id) & Response.submitted_at.is_not(None))
        .where(Respondent.study_id == study.id)
        .group_by(Respondent.role, mode)
    )
    if only is not None:
        wanted = wanted.where(Respondent.account_id.in_(sorted(only)))
    return {(role, how): n for role, how, n in session.execute(wanted)}


def stored_flags(session: Session, scoring_id: int) -> dict[int, list[Any]]:
    """Return what a scoring found unusual, by respondent id."""
    score = RespondentScore
    rows = session.execute(
        select(score.respondent_id, score.flags).where(score.scoring_id == scoring_id, score.flags.is_not(None))
    )
    return {respondent_id: flags for respondent_id, flags in rows if flags}


def figures_wanted(session: Session, scoring_id: int, key: str) -> ChosenFigures | None:
    """Return the wish for the figures of a part of a scoring, with the figures where they are there."""
    return session.scalar(select(ChosenFigures).where(ChosenFigures.scoring_id == scoring_id, ChosenFigures.key == key))


def waiting_wishes(session: Session) -> list[int]:
    """Return the ids of the wishes for figures that nobody has computed yet, the oldest first."""
    waiting = select(ChosenFigures.id).where(ChosenFigures.figures.is_(None)).order_by(ChosenFigures.id)
    return list(session.scalars(waiting))


def people_drawn(session: Session, study: Study) -> int:
    """Return how many people were drawn into a study."""
    return session.scalar(select(func.count()).where(Respondent.study_id == study.id)) or 0


def people_conditions(choice: Choice) -> tuple[Any, ...]:
    """Return the conditions on Respondent and Response for the chosen people."""
    role = (Respondent.role == choice.role,) if choice.role else ()
    mode = (Response.mode == choice.mode,) if choice.mode else ()
    return (*role, *mode)


def _traits(session: Session, drawn: Any) -> list[tuple[Any, Traits]]:
    products = _products(session, drawn)
    wanted = select(
        Account.id, Account.crm_id, Account.segment, Account.tier, Account.csm_email, Account.renewal_date
    ).order_by(Account.id)
    rows = session.execute(wanted if drawn is None else wanted.where(Account.id.in_(drawn)))
    return [(row, _as_traits(row, products)) for row in rows]


def _as_traits(row: Any, products: Mapping[int, set[str]]) -> Traits:
    return Traits(
        segment=(row.segment or "").strip(),
        tier=(row.tier or "").strip(),
        csm=(row.csm_email or "").lower(),
        renewal_on=row.renewal_date,
        products=frozenset(products.get(row.id, ())),
    )


def _products(session: Session, drawn: Any) -> dict[int, set[str]]:
    wanted = select(Relationship.account_id, Relationship.name).where(
        func.lower(Relationship.type) == PRODUCT, Relationship.name.is_not(None)
    )
    found: dict[int, set[str]] = {}
    for account_id, name in session.execute(
        wanted if drawn is None else wanted.where(Relationship.account_id.in_(drawn))
    ):
        if words := (name or "").strip():
            found.setdefault(account_id, set()).add(words)
    return found
