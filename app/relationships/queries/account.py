"""The relationships of one account with all that is known of each, by a few statements however many there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.actions.models import Action
from app.actions.queries import visible_actions
from app.core.database import Document, small_letters
from app.core.errors import Missing
from app.customers.models import Account, Relationship
from app.health.models import RelationshipHealth, ScorecardVersion
from app.relationships.models import RelationshipType
from app.relationships.queries.voice import Voice, voices_of
from app.relationships.rules.types import Definition, parse_definition
from app.studies.models import Respondent, Study
from app.users.models import User
from app.users.rules import Scope

TREND_DAYS = 400
"""How far back a trend looks: a year and a month."""

MOST_TRENDS = 40
"""Of how many relationships of one account a year of scores is read; with more, each page of one reads its own."""

Trend = list[tuple[date, float]]


@dataclass(frozen=True)
class HealthNow:
    """The newest health of a relationship by the scorecard of its type, with what each measure gave.

    The fields mean what they mean in HealthScore; `definition` is the scorecard version's document.
    """

    score: float | None
    band: str | None
    as_of: date
    scorecard_key: str
    scorecard_name: str
    scorecard_version: int
    definition: Document
    measures: list[Document]
    missing: list[str]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What each measure with a value gave, with its name and group from the scorecard."""
        heads = self._heads
        return [{**heads[line["key"]], **line} for line in self.measures]

    @property
    def missing_lines(self) -> list[dict[str, Any]]:
        """Key, name and group of the measures without a value."""
        return [self._heads[key] for key in self.missing]

    @property
    def _heads(self) -> dict[str, dict[str, Any]]:
        measures = self.definition["measures"]
        return {each["key"]: {"key": each["key"], "name": each["name"], "group": each["group"]} for each in measures}


@dataclass(frozen=True)
class RelationshipNow:
    """One relationship: None for what is not known, never 0.

    `owner` is the name of that user, else the address. `definition` is what its type brings. `trend` is its scores by
    the scorecard of its type, the oldest first. `open_actions` counts what is open about it, by kind; a kind without
    any is left out.
    """

    id: int
    crm_id: str
    parent_crm_id: str | None
    type: str
    name: str | None
    arr: Decimal | None
    owner: str | None
    owner_email: str | None
    custom: Document
    definition: Definition
    health: HealthNow | None
    trend: Trend = field(default_factory=list)
    voice: Voice | None = None
    open_actions: Mapping[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float | None:
        """Its health, where there is one."""
        return self.health.score if self.health else None

    @property
    def said(self) -> float | None:
        """Its voice, where there is one."""
        return self.voice.value if self.voice else None


def relationships_now(
    session: Session,
    *,
    scope: Scope,
    account: Account,
    today: date,
    has_trend: bool = True,
    trend_of: str | None = None,
) -> list[RelationshipNow]:
    """Return the relationships of an account that the caller may see, by type and name, with all that is known.

    At most five statements for any number of them; one where there are none. A year of scores stays unread without
    `has_trend`, and where there are more than `MOST_TRENDS`; with `trend_of` that of this CRM id alone is read.
    """
    return _read(session, scope, account, today, has_trend=has_trend, trend_of=trend_of)


def relationship_now(session: Session, *, scope: Scope, account: Account, crm_id: str, today: date) -> RelationshipNow:
    """Return one relationship of an account that the caller may see; Missing where the account has none of this id."""
    found = []
    if "\0" not in crm_id:
        found = _read(session, scope, account, today, Relationship.crm_id == crm_id)
    if not found:
        raise Missing(f"There is no relationship “{crm_id[:80]}” of this account.", "relationship_id")
    return found[0]


def _read(
    session: Session,
    scope: Scope,
    account: Account,
    today: date,
    *conditions: ColumnElement[bool],
    has_trend: bool = True,
    trend_of: str | None = None,
) -> list[RelationshipNow]:
    owner = func.coalesce(func.nullif(User.name, ""), Relationship.owner_email).label("owner")
    columns = (Relationship, owner, RelationshipType, RelationshipHealth, ScorecardVersion)
    wanted = (
        standing(account, today, *columns)
        .outerjoin(User, func.lower(User.email) == func.lower(Relationship.owner_email))
        .where(*conditions)
        .order_by(
            small_letters(Relationship.type), small_letters(func.coalesce(Relationship.name, "")), Relationship.id
        )
    )
    rows = session.execute(wanted).all()
    if not rows:
        return []
    ids = {row[0].id: row[0].crm_id for row in rows}
    voices = voices_of(session, scope=scope, account_id=account.id, types={row[0].crm_id: row[0].type for row in rows})
    moving = [key for key, crm_id in ids.items() if trend_of in {None, crm_id}]
    trends = _trends(session, moving, today) if has_trend and len(moving) <= MOST_TRENDS else {}
    types = {row[2].id: row[2] for row in rows if row[2] is not None}
    definitions = {id_: parse_definition(type_.definition) for id_, type_ in types.items()}
    opened = _open_actions(session, scope, list(ids))
    return [
        RelationshipNow(
            id=kept.id,
            crm_id=kept.crm_id,
            parent_crm_id=kept.parent_crm_id,
            type=kept.type,
            name=kept.name,
            arr=kept.arr,
            owner=owner_,
            owner_email=kept.owner_email,
            custom=kept.custom,
            definition=definitions[type_.id] if type_ else Definition(),
            health=_health(health, version),
            trend=trends.get((kept.id, version.key), []) if version else [],
            voice=voices.get(kept.crm_id),
            open_actions=opened.get(kept.id, {}),
        )
        for kept, owner_, type_, health, version in rows
    ]


def _health(health: RelationshipHealth | None, version: ScorecardVersion | None) -> HealthNow | None:
    if health is None or version is None:
        return None
    return HealthNow(
        score=health.score,
        band=health.band,
        as_of=health.as_of,
        scorecard_key=version.key,
        scorecard_name=version.name,
        scorecard_version=version.version,
        definition=version.definition,
        measures=health.measures,
        missing=health.missing,
    )


def standing(account: Account, today: date, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return a statement over the relationships of an account, each with what its type brings and its newest health."""
    newest_type = select(func.max(RelationshipType.id)).where(RelationshipType.key == small_letters(Relationship.type))
    is_its_type = RelationshipType.id == newest_type.correlate(Relationship).scalar_subquery()
    newest = _newest_health(today)
    is_newest = and_(
        RelationshipHealth.relationship_id == Relationship.id,
        RelationshipHealth.as_of == newest("as_of"),
        RelationshipHealth.scorecard_version_id == newest("scorecard_version_id"),
    )
    return (
        select(*columns)
        .select_from(Relationship)
        .outerjoin(RelationshipType, is_its_type)
        .outerjoin(RelationshipHealth, is_newest)
        .outerjoin(ScorecardVersion, ScorecardVersion.id == RelationshipHealth.scorecard_version_id)
        .where(Relationship.account_id == account.id)
    )


def _newest_health(today: date) -> Any:
    """What gives a column of the newest health of a relationship by any version of its type's scorecard."""
    earlier, version = aliased(RelationshipHealth), aliased(ScorecardVersion)

    def column(name: str) -> Any:
        return (
            select(getattr(earlier, name))
            .join(version, version.id == earlier.scorecard_version_id)
            .where(
                earlier.relationship_id == Relationship.id,
                earlier.as_of <= today,
                version.key == RelationshipType.definition["scorecard"].as_string(),
            )
            .order_by(earlier.as_of.desc(), earlier.scorecard_version_id.desc())
            .limit(1)
            .correlate(Relationship, RelationshipType)
            .scalar_subquery()
        )

    return column


def _trends(session: Session, ids: Sequence[int], today: date) -> dict[tuple[int, str], Trend]:
    """The scores of a year by relationship and scorecard; of versions computed on one day the newest holds."""
    rows = session.execute(
        select(
            RelationshipHealth.relationship_id, ScorecardVersion.key, RelationshipHealth.as_of, RelationshipHealth.score
        )
        .join(ScorecardVersion, ScorecardVersion.id == RelationshipHealth.scorecard_version_id)
        .where(
            RelationshipHealth.relationship_id.in_(ids),
            RelationshipHealth.as_of > today - timedelta(days=TREND_DAYS),
            RelationshipHealth.as_of <= today,
        )
        .order_by(RelationshipHealth.as_of, RelationshipHealth.scorecard_version_id)
    )
    days: defaultdict[tuple[int, str], dict[date, float | None]] = defaultdict(dict)
    for relationship_id, key, as_of, score in rows:
        days[relationship_id, key][as_of] = score
    return {
        each: [(as_of, score) for as_of, score in scores.items() if score is not None] for each, scores in days.items()
    }


def _open_actions(session: Session, scope: Scope, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many actions of each kind are open, of those that the caller may see."""
    rows = session.execute(
        select(Action.relationship_id, Action.kind, func.count())
        .join(Account, Account.id == Action.account_id)
        .outerjoin(Respondent, Respondent.id == Action.respondent_id)
        .outerjoin(Study, Study.id == Respondent.study_id)
        .where(Action.relationship_id.in_(ids), Action.done_at.is_(None), visible_actions(scope))
        .group_by(Action.relationship_id, Action.kind)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for relationship_id, kind, number in rows:
        found[relationship_id or 0][kind] = int(number)
    return found
