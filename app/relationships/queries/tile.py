"""What an account's relationships come to together, as parts of a statement that reads much else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, cast, func, select

from app.customers.models import Account, Relationship
from app.health.models import RelationshipHealth
from app.relationships.models import RollUpChoice
from app.relationships.queries.account import standing
from app.relationships.rules.rollup import Part, Rolled, RollUp, rolled

_APART, _WITHIN = ";", ":"


@dataclass(frozen=True)
class RolledNow:
    """The health of an account's relationships as one figure, by the rule of the workspace."""

    rule: RollUp
    relationships: int
    health: Rolled


def tile_columns(account: Account, today: date) -> dict[str, Any]:
    """Return the parts of a statement from which `rolled_of` reads: health with money of each, and the rule."""
    score = func.coalesce(cast(RelationshipHealth.score, Text), "")
    arr = func.coalesce(cast(Relationship.arr, Text), "")
    each = standing(account, today, (score + _WITHIN + arr).label("part")).subquery()
    rule = select(RollUpChoice.rule).order_by(RollUpChoice.revision.desc()).limit(1)
    return {
        "relationships_parts": select(func.aggregate_strings(each.c.part, _APART)).scalar_subquery(),
        "relationships_rule": rule.scalar_subquery(),
    }


def rolled_of(parts: str | None, rule: str | None) -> RolledNow:
    """Return what these columns say, in the order of `tile_columns`; the worst where nobody chose a rule."""
    present = RollUp(rule) if rule else RollUp.WORST
    found = [_part(*each.split(_WITHIN)) for each in parts.split(_APART)] if parts else []
    return RolledNow(present, len(found), rolled(present, found))


def _part(score: str, arr: str) -> Part:
    return Part(float(score) if score else None, float(arr) if arr else None)
