"""A change of health in words: from what to what, and which measures gave more or less."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.display import MISSING, day, figure, number, signed
from app.core.words import capital, counted
from app.health.rules.caps import cap_words
from app.health.rules.changes import Change, Kind, Part
from app.health.rules.scorecard import Measure, Per, Scorecard

SMALL = 1.0
"""A score that moved less than this, in the same colour, is no change worth a line."""
MOST_NAMED = 3
SILENT = "too little signal"


@dataclass(frozen=True)
class PartLine:
    """One part of a change as a row of a table."""

    name: str
    before: str
    after: str
    moved: str


@dataclass(frozen=True)
class ChangeLine:
    """A change as a page shows it: the day, from what to what, why in a sentence, and every part."""

    when: str
    since: str
    moved: str
    head: str
    why: str
    notes: tuple[str, ...]
    band: str | None
    parts: tuple[PartLine, ...]
    total: str


@dataclass(frozen=True)
class Versions:
    """The number of each scorecard version, and the version itself, by its id."""

    numbers: Mapping[int, int]
    scorecards: Mapping[int, Scorecard]

    def measure(self, change: Change, key: str) -> Measure | None:
        """The measure of a key as the newer of the two versions has it, else the older."""
        for version_id in (change.after.version_id, change.before.version_id):
            for each in self.scorecards[version_id].measures:
                if each.key == key:
                    return each
        return None


def is_worth_telling(change: Change) -> bool:
    """Whether a change is told by itself: another colour, another version, no score any more or again, or a point."""
    if change.is_other_band or change.is_other_scorecard:
        return True
    return change.moved is not None and abs(change.moved) >= SMALL


def change_line(change: Change, versions: Versions) -> ChangeLine:
    """Return a change as a page shows it."""
    return ChangeLine(
        when=day(change.after.as_of),
        since=day(change.before.as_of),
        moved=MISSING if change.moved is None else moved_words(change.moved),
        head=head_of(change),
        why=why_of(change, versions),
        notes=tuple(_notes(change, versions)),
        band=change.after.band,
        parts=tuple(_part_line(part, change, versions) for part in change.parts),
        total=MISSING if change.moved is None else signed(change.moved, 1) or "0",
    )


def head_of(change: Change) -> str:
    """From what to what: `71 → 58 (green → amber)`; in whole points, where these show why the colour is another."""
    one, other = scores_of(change)
    return f"{one} → {other}{_bands(change)}"


def scores_of(change: Change) -> tuple[str, str]:
    """The two scores in whole points; where those are the same and the colour is not, with a decimal or two."""
    pairs = [(_score(change.before.score, digits), _score(change.after.score, digits)) for digits in (0, 1, 2)]
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return differing[0] if change.is_other_band and differing else pairs[0]


def why_of(change: Change, versions: Versions) -> str:
    """What gave more and what gave less, the largest three; a sentence with its full stop."""
    if change.before.score is None and change.after.score is None:
        return "No measure had a value on either day."
    if change.before.score is None:
        return "A measure had a value for the first time since."
    if change.after.score is None:
        return "No measure had a value any more."
    told = [part for part in change.parts if part.kind is not Kind.REST and abs(part.moved) >= 0.05]
    if not told:
        return "No measure moved by a tenth of a point."
    words = [part_words(part, change, versions) for part in told[:MOST_NAMED]]
    left = sum(part.moved for part in change.parts) - sum(part.moved for part in told[:MOST_NAMED])
    if len(told) > MOST_NAMED:
        others = len(told) - MOST_NAMED
        words.append(f"{counted(others, 'other part')}{' together' if others > 1 else ''} {_more(left)}")
    return f"{capital(', '.join(words))}."


def most_moved(change: Change, versions: Versions) -> str:
    """The part that moved most, in the direction of the change where there is one; a dash where nothing did."""
    if change.moved is None:
        return why_of(change, versions)
    same = [part for part in change.parts if part.kind is not Kind.REST and part.moved * change.moved > 0]
    return capital(part_words(same[0], change, versions)) if same else MISSING


def part_words(part: Part, change: Change, versions: Versions) -> str:
    """One part in words: `Usage gave 9 less (0.82 → 0.55 a seat)`."""
    measure = versions.measure(change, part.key)
    name = _name(part, measure)
    if part.kind is Kind.MEASURE:
        return f"{name} gave {_more(part.moved)}{_values(part, measure)}"
    if part.kind is Kind.MISSING:
        gone = "has no value any more" if _is_asked(part.key, change, versions) else "is no measure any more"
        return f"{name} {gone}: {_more(part.moved)}"
    if part.kind is Kind.RETURNED:
        return f"{name} has a value again: {_more(part.moved)}"
    if part.kind is Kind.NEW:
        return f"{name} is new: {_more(part.moved)}"
    if part.kind is Kind.SCORECARD:
        return f"the scorecard changed: {_more(part.moved)}"
    return f"{name}: {_more(part.moved)}"


def moved_words(moved: float) -> str:
    """By how much a score moved: `13 less`, `4 more`, `unchanged`."""
    return _more(moved) if abs(moved) >= 0.05 else "unchanged"


def _notes(change: Change, versions: Versions) -> Iterator[str]:
    if change.is_other_scorecard:
        old, new = (versions.numbers[each.version_id] for each in (change.before, change.after))
        what = (
            "what the same values are worth by it is a part of its own."
            if change.is_carried
            else "no value of before can be read by it, so that all of the change is its own."
        )
        yield f"Version {new} of the scorecard followed version {old}: {what}"
    elif change.is_other_band and change.moved is not None and abs(change.moved) < 0.05:
        yield "The score stayed: the bands of its stage, or a rule of the scorecard, gave another colour."
    if change.after.capped_by:
        scorecard = versions.scorecards[change.after.version_id]
        told = cap_words(
            change.after.capped_by,
            groups={group.key: group.name for group in scorecard.groups},
            measures={measure.key: measure.name for measure in scorecard.measures},
        )
        own = change.after.calculated_band
        yield f"{told}{f'; by the score alone it would be {own}' if own else ''}."


def _part_line(part: Part, change: Change, versions: Versions) -> PartLine:
    measure = versions.measure(change, part.key)
    note = {
        Kind.MISSING: ", without a value now" if _is_asked(part.key, change, versions) else ", no measure any more",
        Kind.RETURNED: ", with a value again",
        Kind.NEW: ", new",
    }.get(part.kind, "")
    return PartLine(
        name=capital(_name(part, measure)) + note,
        before=MISSING if part.before is None else figure(part.before),
        after=MISSING if part.after is None else figure(part.after),
        moved=signed(part.moved, 1),
    )


def _is_asked(key: str, change: Change, versions: Versions) -> bool:
    return any(each.key == key for each in versions.scorecards[change.after.version_id].measures)


def _name(part: Part, measure: Measure | None) -> str:
    if measure is not None:
        return measure.name
    return {
        Kind.WEIGHTS: "weights moved between measures",
        Kind.SCORECARD: "the scorecard changed",
        Kind.REST: "what was stored does not tell",
    }.get(part.kind, part.key)


def _values(part: Part, measure: Measure | None) -> str:
    if part.before is None or part.after is None:
        return ""
    one, other = figure(part.before), figure(part.after)
    if one == other:
        return ""
    per = " a seat" if measure and measure.per is Per.SEATS and "seat" not in measure.name.casefold() else ""
    return f" ({one} → {other}{per})"


def _more(moved: float) -> str:
    size = abs(moved)
    return f"{number(size, 0 if round(size, 1) >= 1 else 1)} {'more' if moved >= 0 else 'less'}"


def _score(score: float | None, digits: int) -> str:
    return MISSING if score is None else number(score, digits)


def _bands(change: Change) -> str:
    one, other = (each or SILENT for each in (change.before.band, change.after.band))
    return f" ({one})" if one == other else f" ({one} → {other})"
