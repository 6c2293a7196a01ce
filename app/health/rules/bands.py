"""Bands: where a score lies between the cuts of a scorecard, or of a lifecycle stage in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.documents import Fields, first_doubled, shown

MOST_STAGES = 200


class Band(StrEnum):
    """Where a score lies between the cuts."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True)
class Bands:
    """The cuts of a score; a band includes its lower end, and what lies below amber is red."""

    amber_from: float = 50.0
    green_from: float = 75.0


def read_bands(fields: Fields) -> Bands:
    """The cuts that an object names, the usual ones where it is empty; FieldError where they do not rise."""
    fields.only({"amber_from", "green_from"})
    if not fields.entry:
        return Bands()
    bands = Bands(fields.number("amber_from"), fields.number("green_from"))
    if not 0 <= bands.amber_from < bands.green_from <= 100:
        raise fields.refuse("amber_from", "must lie below “green_from”, both within 0 to 100.")
    return bands


def read_lifecycle(fields: Fields) -> dict[str, Bands]:
    """The bands of each lifecycle stage (casefolded) that a scorecard names; FieldError with the stage at fault."""
    stages = fields.inner("lifecycle", "The scorecard's lifecycle")
    names = [str(stage).strip().casefold() for stage in stages.entry]
    if len(names) > MOST_STAGES or any(not name or len(name) > 200 for name in names):
        raise fields.refuse("lifecycle", f"takes at most {MOST_STAGES} stages with names of 1 to 200 characters.")
    if doubled := first_doubled(names):
        raise fields.refuse("lifecycle", f"names the stage {shown(doubled)} twice.")
    return {name: _stage_bands(stages, stage) for name, stage in zip(names, stages.entry, strict=True)}


def lifecycle_document(lifecycle: Mapping[str, Bands]) -> dict[str, Any]:
    """The plain document of the bands of each stage."""
    return {stage: {"bands": dict(vars(bands))} for stage, bands in lifecycle.items()}


def _stage_bands(stages: Fields, stage: str) -> Bands:
    inner = Fields(stages.entry[stage], f"Lifecycle stage {shown(stage)}")
    inner.only({"bands"})
    inner.need("bands")
    return read_bands(inner.inner("bands", f"The bands of lifecycle stage {shown(stage)}"))
