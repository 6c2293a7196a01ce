"""Who the sample accounts are, and what only the generator knows about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.sample.rules.companies import INDUSTRIES, PLACES, STEMS, Place
from app.sample.rules.stories import RISK_STORIES, SHAPES, STRENGTH_STORIES, Archetype, Story, aligned_story
from app.sample.rules.streams import stream


@dataclass(frozen=True)
class Size:
    """One segment: how many accounts, their median yearly revenue, its spread (of the logarithm) and price a seat."""

    segment: str
    accounts: int
    median_arr: float
    spread: float
    seat_price: tuple[int, int]
    risks: int
    strengths: int
    silent: int


SIZES = (
    Size("Enterprise", 24, 660_000, 0.42, (420, 640), 4, 1, 3),
    Size("Mid-market", 48, 180_000, 0.38, (520, 780), 7, 3, 9),
    Size("Small", 48, 40_000, 0.36, (640, 980), 3, 4, 12),
)
_SHOWCASE = 6
# The positions by revenue that are hidden risks whatever the seed: the study's certainty accounts shall tell a story.
_RISKS_AT_THE_TOP = {0: Story.PROMISE_UNKEPT, 3: Story.SPONSOR_LEFT}
_HEALTH_RANGES = {"green": (78.0, 93.0), "amber": (55.0, 71.0), "red": (22.0, 46.0)}
# Accounts by band among those that are neither hidden risk (all of them green) nor hidden strength (all of them red).
_ORDINARY_BANDS = {"green": 41, "amber": 41, "red": 16}


@dataclass(frozen=True)
class Profile:
    """One account with its latent health and voice (0–100), which no file carries."""

    account_id: str
    name: str
    industry: str
    region_group: str
    place: Place
    segment: str
    arr: int
    seats: int
    story: Story
    archetype: Archetype
    health: float
    voice: float
    start_on: date
    renewal_on: date
    term_months: int


@dataclass(frozen=True)
class _Outline:
    """What is decided about an account before it gets a name."""

    segment: Size
    arr: int
    archetype: Archetype
    story: Story


def profiles(seed: int, today: date) -> tuple[Profile, ...]:
    """The 120 accounts of the sample in the order of their ids; yearly revenue totals 27 to 33 million."""
    outlines = _outlines(seed)
    stems = _dealt_stems(seed)
    bands = _dealt_bands(seed)
    found = []
    for number, (outline, (group, stem)) in enumerate(zip(outlines, stems, strict=True), start=1001):
        account_id = f"A-{number}"
        chance = stream(seed, "profile", account_id)
        health, voice = _latent(chance, outline.archetype, bands)
        found.append(_profile(account_id, outline, (group, stem), (health, voice), chance=chance, today=today))
    return tuple(found)


def showcase(accounts: Sequence[Profile]) -> frozenset[str]:
    """The largest accounts, which people open first: of them everything is on record."""
    largest = sorted(accounts, key=lambda profile: -profile.arr)[:_SHOWCASE]
    return frozenset(profile.account_id for profile in largest)


def _profile(
    account_id: str,
    outline: _Outline,
    company: tuple[str, str],
    latent: tuple[float, float],
    *,
    chance: Random,
    today: date,
) -> Profile:
    group, stem = company
    health, voice = latent
    story = aligned_story(voice) if outline.archetype is Archetype.ALIGNED else outline.story
    industry = chance.choice(SHAPES[story].industries or tuple(INDUSTRIES))
    term = chance.choices((12, 24, 36), (60, 25, 15))[0]
    renewal_on = today + timedelta(days=chance.randint(12, 364))
    return Profile(
        account_id=account_id,
        name=f"{stem} {chance.choice(INDUSTRIES[industry])}",
        industry=industry,
        region_group=group,
        place=chance.choice(PLACES[group]),
        segment=outline.segment.segment,
        arr=outline.arr,
        seats=max(8, round(outline.arr / chance.uniform(*outline.segment.seat_price))),
        story=story,
        archetype=outline.archetype,
        health=health,
        voice=voice,
        start_on=_start(renewal_on, term, chance),
        renewal_on=renewal_on,
        term_months=term,
    )


def _outlines(seed: int) -> list[_Outline]:
    """Segment, revenue and story of every account, shuffled so that ids tell nothing."""
    chance = stream(seed, "outlines")
    revenues = _revenues(chance)
    stories = _dealt_stories(chance)
    outlines = [
        _Outline(size, arr, archetype, story)
        for size, arrs in zip(SIZES, revenues, strict=True)
        for arr, (archetype, story) in zip(arrs, stories[size.segment], strict=True)
    ]
    chance.shuffle(outlines)
    return outlines


def _revenues(chance: Random) -> list[list[int]]:
    """Yearly revenue per account and segment, the largest first, scaled to a plausible total."""
    raw = [
        sorted((size.median_arr * chance.lognormvariate(0, size.spread) for _ in range(size.accounts)), reverse=True)
        for size in SIZES
    ]
    scale = chance.uniform(27e6, 33e6) / sum(map(sum, raw))
    return [[round(arr * scale / 100) * 100 for arr in arrs] for arrs in raw]


def _dealt_stories(chance: Random) -> dict[str, list[tuple[Archetype, Story]]]:
    """Archetype and story for each account of a segment, the largest account first."""
    # The two fixed stories come off the deck first; the rest of it is shuffled over the segments.
    risks = list(RISK_STORIES)
    for story in _RISKS_AT_THE_TOP.values():
        risks.remove(story)
    strengths = list(STRENGTH_STORIES)
    chance.shuffle(risks)
    chance.shuffle(strengths)
    dealt = {}
    for size in SIZES:
        fixed = _RISKS_AT_THE_TOP if size is SIZES[0] else {}
        drawn = [risks.pop() for _ in range(size.risks - len(fixed))]
        drawn += [strengths.pop() for _ in range(size.strengths)] + [Story.SILENT] * size.silent
        drawn += [Story.STEADY] * (size.accounts - len(fixed) - len(drawn))
        chance.shuffle(drawn)
        for position, story in sorted(fixed.items()):
            drawn.insert(position, story)
        dealt[size.segment] = [(SHAPES[story].archetype, story) for story in drawn]
    return dealt


def _dealt_stems(seed: int) -> list[tuple[str, str]]:
    stems = [(group, stem) for group, names in STEMS.items() for stem in names.split()]
    stream(seed, "stems").shuffle(stems)
    return stems


def _dealt_bands(seed: int) -> list[str]:
    bands = [band for band, count in _ORDINARY_BANDS.items() for _ in range(count)]
    stream(seed, "bands").shuffle(bands)
    return bands


def _latent(chance: Random, archetype: Archetype, bands: list[str]) -> tuple[float, float]:
    """Health and voice: opposite by design for the hidden ones, moderately correlated for everyone else."""
    if archetype is Archetype.HIDDEN_RISK:
        return chance.uniform(80, 93), chance.uniform(27, 43)
    if archetype is Archetype.HIDDEN_STRENGTH:
        return chance.uniform(26, 44), chance.uniform(80, 91)
    health = chance.uniform(*_HEALTH_RANGES[bands.pop()])
    voice = 64 + 0.7 * (health - 66) + chance.gauss(0, 8)
    return health, min(max(voice, 20.0), 94.0)


def _start(renewal_on: date, term_months: int, chance: Random) -> date:
    """A start so many whole terms before the renewal that a full year of telemetry lies behind every account."""
    terms = chance.randint(2, 6) if term_months == 12 else chance.randint(1, 3)
    years = terms * term_months // 12
    day = min(renewal_on.day, 28)
    return renewal_on.replace(year=renewal_on.year - years, day=day)


def by_account(accounts: Sequence[Profile]) -> dict[str, Profile]:
    """The profiles by account id."""
    return {profile.account_id: profile for profile in accounts}
