"""The published choice of scorecards, and by it the health of today of every account."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import small_letters
from app.customers.models import Account, Relationship
from app.health.models import HealthComputation, ScorecardChoice, ScorecardVersion
from app.health.rules.choice import Choice, ChoiceField, ChoiceRule, Chosen, choose, parse_choice


@dataclass(frozen=True)
class PresentHealth:
    """Whose health is shown: `computation` is the id of the computation that holds for an account, 0 where none does.

    Where `is_by_account`, it is an expression on Account, which the statement must have; else one number for all.
    `ids` are the computations that hold for anybody.
    """

    computation: Any
    is_by_account: bool
    ids: tuple[int, ...]


_NEWEST = sa.select(
    sa.select(HealthComputation.id)
    .order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
    .limit(1)
    .scalar_subquery(),
    sa.select(ScorecardChoice.definition).order_by(ScorecardChoice.version.desc()).limit(1).scalar_subquery(),
)


def newest_choice(session: Session) -> ScorecardChoice | None:
    """The choice that holds, or None where none was published."""
    return session.scalar(sa.select(ScorecardChoice).order_by(ScorecardChoice.version.desc()).limit(1))


def present_health(session: Session) -> PresentHealth:
    """The newest health of every account by the scorecard chosen for it; without a choice the newest there is."""
    row = session.execute(_NEWEST).one()
    if row[1] is None:
        return PresentHealth(row[0] or 0, is_by_account=False, ids=(row[0],) if row[0] else ())
    chosen = parse_choice(row[1])
    found = newest_by_key(session, chosen.scorecards)
    default = found.get(chosen.default, 0)
    if not chosen.rules:
        return PresentHealth(default, is_by_account=False, ids=tuple(found.values()))
    cases = [(_meets(rule), found.get(rule.scorecard, 0)) for rule in chosen.rules]
    return PresentHealth(sa.case(*cases, else_=default), is_by_account=True, ids=tuple(found.values()))


def scorecard_of(session: Session, account_id: int) -> str | None:
    """The key of the scorecard by which the health of an account is shown, or None where there is no health."""
    return session.scalar(
        sa.select(ScorecardVersion.key)
        .join(HealthComputation, HealthComputation.scorecard_version_id == ScorecardVersion.id)
        .join(Account, Account.id == account_id)
        .where(HealthComputation.id == present_health(session).computation)
    )


def shown_scorecards(session: Session) -> tuple[str, ...]:
    """The keys of the scorecards by which pages show health: those of the choice, else that of the newest computation.

    Before the first computation that is `default`, or the first there is; none where none was published.
    """
    choice = newest_choice(session)
    if choice is not None:
        return parse_choice(choice.definition).scorecards
    newest = session.scalar(
        sa.select(ScorecardVersion.key)
        .join(HealthComputation, HealthComputation.scorecard_version_id == ScorecardVersion.id)
        .order_by(HealthComputation.as_of.desc(), HealthComputation.id.desc())
        .limit(1)
    )
    keys = sorted(known_scorecards(session))
    return (newest or ("default" if "default" in keys else keys[0]),) if keys else ()


def newest_by_key(session: Session, keys: Collection[str]) -> dict[str, int]:
    """The id of the newest computation by each of these scorecards, by its key; those without one are left out."""
    order = (HealthComputation.as_of.desc(), HealthComputation.id.desc())
    place = sa.func.row_number().over(partition_by=ScorecardVersion.key, order_by=order)
    ranked = (
        sa.select(ScorecardVersion.key, HealthComputation.id, place.label("place"))
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .where(ScorecardVersion.key.in_(keys))
        .subquery()
    )
    rows = session.execute(sa.select(ranked.c.key, ranked.c.id).where(ranked.c.place == 1))
    return {key: number for key, number in rows}  # noqa: C416  (a row is no pair to mypy)


def known_scorecards(session: Session) -> set[str]:
    """The keys of all published scorecards."""
    return set(session.scalars(sa.select(ScorecardVersion.key).distinct()))


def chosen_scorecards(session: Session, choice: Choice) -> Chosen:
    """What a choice comes to for the accounts there are, by id: the scorecard of each, and which rules nobody meets."""
    plain = [field for field in ChoiceField if field is not ChoiceField.RELATIONSHIP_TYPE]
    rows = session.execute(sa.select(Account.id, *(_column(field) for field in plain)).order_by(Account.id)).all()
    columns: dict[ChoiceField, Sequence[Collection[str]]] = {
        field: [() if row[place] is None else (row[place],) for row in rows]
        for place, field in enumerate(plain, start=1)
    }
    types = _types(session)
    columns[ChoiceField.RELATIONSHIP_TYPE] = [types.get(row[0], ()) for row in rows]
    return choose(choice, columns, len(rows))


def _types(session: Session) -> Mapping[int, Collection[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for account_id, kind in session.execute(sa.select(Relationship.account_id, Relationship.type).distinct()):
        found[account_id].add(kind)
    return found


def _column(field: ChoiceField) -> Any:
    return getattr(Account, field.value)


def _meets(rule: ChoiceRule) -> sa.ColumnElement[bool]:
    """The condition on Account for those who meet a rule."""
    values = sorted(rule.compared)
    if rule.field is not ChoiceField.RELATIONSHIP_TYPE:
        return small_letters(sa.func.coalesce(_column(rule.field), "")).in_(values)
    of_account = sa.select(Relationship.id).where(Relationship.account_id == Account.id)
    return of_account.where(small_letters(Relationship.type).in_(values)).correlate(Account).exists()
