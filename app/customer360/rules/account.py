"""The page of one account as finished values; templates only place them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.display import MISSING, count, day, number, percent
from app.core.words import capital, counted, label, name_in_address, plural, topic
from app.customer360.rules.bars import VoiceBar, voice_bar
from app.customer360.rules.fields import account_fields
from app.customer360.rules.findings import Standing, account_lede, account_title
from app.customer360.rules.tiers import is_low
from app.customer360.rules.workings import (
    DimensionLine,
    MeasureLine,
    Working,
    dimension_lines,
    gap_working,
    measure_lines,
    missing_measures,
    voice_working,
)
from app.health.rules.caps import cap_words
from app.questionnaires.rules.quoting import LEVELS

MOST_QUOTES = 4
TELLING = 25
"""Characters from which on words tell something; shorter ones come after all others."""


@dataclass(frozen=True)
class Quote:
    """Words of one person, by role, with how they may be used."""

    text: str
    role: str
    topic: str
    level: str
    study_key: str
    external_id: str


@dataclass(frozen=True)
class Person:
    """Someone who answered; `name` is empty where the reader may not know it."""

    name: str
    role: str
    voice: str
    bar: VoiceBar | None
    how: str
    when: str
    study_key: str
    external_id: str


@dataclass(frozen=True)
class StudyLine:
    """A study that drew the account: people asked and heard, and whether it has been scored."""

    key: str
    name: str
    period: str
    asked: str
    heard: str
    is_scored: bool


@dataclass(frozen=True)
class AccountPage:
    """Everything that the page shows."""

    crm_id: str
    name: str
    status: str
    owner: str
    title: str
    lede: str
    study: StudyLine | None
    dimensions: list[DimensionLine]
    dimensions_title: str
    health_title: str
    health_basis: str
    measures: list[MeasureLine]
    measures_total: str
    missing: list[str]
    workings: list[Working]
    quotes: list[Quote]
    quotes_more: int
    heard_title: str
    coverage: str
    people: list[Person]
    silence: str
    has_names: bool
    facts: list[tuple[str, str]]
    tags: list[str]
    studies: list[StudyLine]


def account_page(facts: Any, on: date) -> AccountPage:
    """The page of a `queries.account.Facts` on a day."""
    account, scored = facts.account, facts.scored
    score = scored.score if scored else None
    shown = scored or next((row for row in facts.studies if _heard(facts, row)), None)
    heard = _heard(facts, shown) if shown else []
    definition = facts.scorecard.definition if facts.scorecard else {}
    measures = facts.health.measures if facts.health else []
    dimensions = dimension_lines(
        score.dimensions if score else {}, [each.dimensions or {} for each in heard], measures, definition
    )
    quotes = _quotes(facts.said, is_low=score is None or is_low(score.p_low, score.p_high))
    return AccountPage(
        crm_id=account.crm_id,
        name=account.name,
        status=label(account.status),
        owner=_owner(facts.owner),
        title=account_title(_standing(facts, shown, heard)),
        lede=account_lede(_standing(facts, shown, heard), on),
        study=_study_line(facts, shown) if shown else None,
        dimensions=dimensions,
        dimensions_title=_dimensions_title(dimensions),
        health_title=_health_title(facts),
        health_basis=_health_basis(facts),
        measures=measure_lines(measures, definition),
        measures_total=number(facts.health.score, 1) if facts.health else MISSING,
        missing=missing_measures(facts.health.missing if facts.health else [], definition),
        workings=_workings(scored, score, heard),
        quotes=quotes[:MOST_QUOTES],
        quotes_more=len(quotes[MOST_QUOTES:]),
        heard_title=_heard_title(heard),
        coverage=f"coverage of the roles {percent(score.role_coverage)}" if score and score.respondents else "",
        people=[_person(each) for each in heard],
        silence=_silence(facts, shown),
        has_names=facts.has_names,
        facts=account_fields(facts.account, facts.currency),
        tags=list(account.tags or []),
        studies=[_study_line(facts, row) for row in facts.studies],
    )


def _owner(owner: str | None) -> str:
    return f"Owner {name_in_address(owner)}" if owner else ""


def _heard(facts: Any, row: Any) -> list[Any]:
    return [each for each in facts.people if each.study_id == row.study.id and each.submitted_at is not None]


def _asked(facts: Any, row: Any) -> list[Any]:
    return [each for each in facts.people if row is None or each.study_id == row.study.id]


def _standing(facts: Any, shown: Any, heard: Sequence[Any]) -> Standing:
    score: Any = shown.score if shown else None
    has_band = score is not None and score.voice_band is not None
    return Standing(
        name=facts.account.name,
        health=facts.health.score if facts.health else None,
        health_band=(score.health_band if has_band and score.health_band else None)
        or (facts.health.band if facts.health else None),
        voice=score.voice if has_band else None,
        voice_band=score.voice_band if has_band else None,
        quadrant=score.quadrant if has_band else None,
        asked=len(_asked(facts, shown)),
        heard=len(heard),
        is_scored=score is not None,
        renewal=facts.account.renewal_date,
    )


def _workings(scored: Any, score: Any, heard: Sequence[Any]) -> list[Working]:
    if score is None or not score.respondents:
        return []
    found = [voice_working(score, heard, _shares(scored.study.plan.get("roles") or {}))]
    return [*found, gap_working(score)] if score.gap_shrunken is not None else found


def _shares(roles: Mapping[str, float]) -> dict[str, float]:
    total = sum(roles.values()) or 1.0
    return {role: weight / total for role, weight in roles.items()}


def _dimensions_title(lines: Sequence[DimensionLine]) -> str:
    if not lines:
        return ""
    unmeasured = sum(bool(line.note) for line in lines)
    lowest = f"{lines[0].name} is rated lowest, at {lines[0].voice} of 100"
    return f"{lowest}; {counted(unmeasured, 'topic')} without telemetry" if unmeasured else lowest


def _health_title(facts: Any) -> str:
    if facts.health is None or facts.health.score is None:
        return "Nothing was measured for this account"
    n = len(facts.health.measures)
    return f"{capital(counted(n, 'measure'))} {'makes' if n == 1 else 'make'} health {number(facts.health.score)}"


def _health_basis(facts: Any) -> str:
    if facts.scorecard is None:
        return ""
    basis = f"{facts.scorecard.name}, version {facts.scorecard.version}, as of {day(facts.computation.as_of)}"
    return f"{basis}. {_cap(facts)}" if facts.health and facts.health.capped_by else basis


def _cap(facts: Any) -> str:
    """What caps the colour, and which it would be by the score alone."""
    names = {
        kind: {each["key"]: each.get("name", each["key"]) for each in facts.scorecard.definition.get(kind, [])}
        for kind in ("groups", "measures")
    }
    told = cap_words(facts.health.capped_by, **names)
    return f"{told}; by the score alone it would be {facts.health.calculated_band}"


def _quotes(said: Sequence[Any], *, is_low: bool) -> list[Quote]:
    """The newest study's words first, of these the most telling; in it everybody is quoted once before anyone is twice.

    The rows of a newer study stand before those of an older one.
    """
    places = {key: place for place, key in enumerate(dict.fromkeys(row.study_key for row in said))}

    def rank(row: Any) -> tuple[bool, float, int]:
        mood = row.compound or 0.0
        return len(row.text) < TELLING, mood if is_low else -mood, -min(len(row.text), 200)

    first: list[Any] = []
    again: list[Any] = []
    seen: set[str] = set()
    for row in sorted(said, key=rank):
        (again if row.external_id in seen else first).append(row)
        seen.add(row.external_id)
    return [_quote(row) for row in sorted(first + again, key=lambda row: places[row.study_key])]


def _quote(row: Any) -> Quote:
    level = LEVELS.get(row.level or row.own_level or "", "")
    return Quote(
        text=" ".join(row.text.split()),
        role=label(row.role),
        topic=topic(row.topic) if row.topic else label(row.question),
        level=capital(level) if level else "Level not asked",
        study_key=row.study_key,
        external_id=row.external_id,
    )


def _heard_title(heard: Sequence[Any]) -> str:
    if not heard:
        return "Nobody was heard yet"
    roles = len({each.role for each in heard})
    return f"Who we heard: {counted(len(heard), 'person')} in {counted(roles, 'role')}"


def _person(row: Any) -> Person:
    return Person(
        name=row.name or "",
        role=label(row.role),
        voice=number(row.voice) if row.voice is not None else "",
        bar=voice_bar(row.voice, None),
        how=label(row.mode),
        when=day(row.submitted_at),
        study_key=row.study_key,
        external_id=row.external_id,
    )


def _silence(facts: Any, shown: Any) -> str:
    """Why nobody was heard, in words; empty where somebody was."""
    if any(each.submitted_at is not None for each in facts.people):
        return ""
    if not facts.studies:
        return "No study has drawn this account, so nobody was asked."
    if not facts.people:
        return "A study drew this account, but knows nobody there in the roles that it asks."
    asked = len(_asked(facts, shown))
    return f"{capital(counted(asked, 'person'))} {plural(asked, 'was')} asked; nobody answered."


def _study_line(facts: Any, row: Any) -> StudyLine:
    return StudyLine(
        key=row.study.key,
        name=row.study.name,
        period=f"{day(row.study.opens_on)} to {day(row.study.closes_on)}",
        asked=count(len(_asked(facts, row))),
        heard=count(len(_heard(facts, row))),
        is_scored=row.scoring is not None,
    )
