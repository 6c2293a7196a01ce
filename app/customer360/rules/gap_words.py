"""What moved a gap as finished text: a row of the list, and the page of one account with every part opened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.core.display import MISSING, NBSP, day, figure, number, percent, signed
from app.core.words import capital, counted, label, listed, lower_first, topic
from app.customer360.rules.gap_changes import GapChange, Moved, Origin, Said, Side, rounded_parts, weights_of
from app.health.rules.change_words import Versions, part_words
from app.health.rules.changes import NOTHING, Change, Kind, Part

MOST_NAMED = 2
TELLING = 0.5
"""Points from which on a part is named in a sentence."""
SMALLEST = 0.05
"""Points from which on a part is more than nothing, as figures are written."""
NAMES = {
    Origin.VOICE: "Voice",
    Origin.HEALTH: "Health",
    Origin.SCALE: "Scaling health",
    Origin.DRAWN: "Drawing in",
}


@dataclass(frozen=True)
class PartRow:
    """One part of a move as a row of a table; `key` and `external_id` lead to what a person answered."""

    name: str
    before: str
    after: str
    moved: str
    key: str = ""
    external_id: str = ""


@dataclass(frozen=True)
class Parts:
    """A move with its parts, which sum to the total as they are written; formula, basis and interval beside it."""

    title: str
    formula: str
    rows: tuple[PartRow, ...]
    total: str
    interval: str
    basis: str


@dataclass(frozen=True)
class Verdict:
    """By how much something moved, within which interval, and whether that is more than chance gives."""

    moved: str
    within: str
    words: str
    is_claim: bool


@dataclass(frozen=True)
class GapPage:
    """All that the page of one account shows of a move."""

    title: str
    lede: str
    voice: Verdict
    gap: Verdict | None
    parts: tuple[Parts, ...]
    definitions: tuple[str, ...]
    missing: tuple[str, ...]


def verdict(moved: Moved) -> Verdict:
    """A move in words; it claims no more than its interval bears."""
    if moved.within is None:
        return Verdict(signed(moved.by) or "0", "", "how sure is not known", is_claim=False)
    words = "more than chance gives" if moved.exceeds else "within what chance gives"
    return Verdict(signed(moved.by) or "0", f"±{NBSP}{number(moved.within)}", words, is_claim=moved.exceeds)


def why_of(change: GapChange, versions: Versions) -> str:
    """What a move came with, in a few sentences: parts of the gap, topics, people, definitions."""
    sentences = [_gap_sentence(change), _topic_sentence(change), _health_sentence(change, versions), _people(change)]
    return " ".join(each for each in (*sentences, *definitions_of(change, versions, is_short=True)) if each)


def gap_page(name: str, change: GapChange, versions: Versions) -> GapPage:
    """Return the page of one account."""
    return GapPage(
        title=_title(name, change),
        lede=f"{change.before.study}, {day(change.before.on)}, beside {change.after.study}, {day(change.after.on)}.",
        voice=verdict(change.voice),
        gap=verdict(change.gap) if change.gap else None,
        parts=tuple(_parts_of(change, versions)),
        definitions=tuple(definitions_of(change, versions)),
        missing=tuple(_missing(change)),
    )


def definitions_of(change: GapChange, versions: Versions, *, is_short: bool = False) -> Iterator[str]:
    """Yield what of the definitions is another: the questionnaire and its topics, the scorecard, the roles' weights."""
    before, after = change.before, change.after
    if before.version_id != after.version_id:
        yield "The questionnaire changed." if is_short else _questionnaires(before, after)
    standings = change.health
    if standings is not None and standings.is_other_scorecard:
        one, other = (versions.numbers[each.version_id] for each in (standings.before, standings.after))
        gave = sum(part.moved for part in standings.parts if part.kind is Kind.SCORECARD)
        alone = f"it alone moved health by {signed(gave, 1)}" if abs(gave) >= SMALLEST else "it alone moved nothing"
        told = f": {alone}" if standings.is_carried else ""
        yield (
            "The scorecard changed."
            if is_short
            else f"Version {other} of the scorecard stands where version {one} stood{told}."
        )
    if not is_short and dict(before.roles) != dict(after.roles):
        yield "The two studies weigh roles differently; that is part of how much each person counts."


def people_counts(change: GapChange) -> tuple[int, int, int]:
    """Return how many people answered both times, first only, and then only."""
    one, other = ({each.contact_id for each in side.people if each.voice is not None} for side in _sides(change))
    return len(one & other), len(one - other), len(other - one)


def _sides(change: GapChange) -> tuple[Side, Side]:
    return change.before, change.after


def _title(name: str, change: GapChange) -> str:
    voice = change.voice
    if voice.exceeds:
        verb = "rose" if voice.by > 0 else "fell"
        return f"Voice of {name} {verb} to {number(change.after.voice)}, {signed(voice.by)} and more than chance gives"
    if change.gap is not None and change.gap.exceeds:
        return f"The gap of {name} moved by {signed(change.gap.by)}, more than chance gives"
    return f"Voice of {name} moved by {signed(voice.by) or '0'}, within what chance gives"


def _gap_sentence(change: GapChange) -> str:
    told = [part for part in change.parts if abs(part.moved) >= TELLING]
    if change.gap is None:
        return ""
    if not told:
        return "Nothing moved the gap by half a point."
    ordered = sorted(told, key=lambda part: -abs(part.moved))
    words = [f"{lower_first(NAMES[part.origin])} by {signed(part.moved)}" for part in ordered]
    return f"{capital(f'the gap moved with {listed(words)}')}."


def _topic_sentence(change: GapChange) -> str:
    told = [part for part in change.topics.parts if part.kind is not Kind.REST and abs(part.moved) >= TELLING]
    if not told:
        return ""
    return f"In voice, {listed([_topic_words(part, change) for part in told[:MOST_NAMED]])}."


def _topic_words(part: Part, change: GapChange) -> str:
    name = lower_first(_topic_name(part, change, has_note=False))
    return f"{name} gave {number(abs(part.moved))} {'more' if part.moved > 0 else 'less'}"


def _health_sentence(change: GapChange, versions: Versions) -> str:
    if change.health is None:
        return ""
    told = [part for part in change.health.parts if part.kind is not Kind.REST and abs(part.moved) >= TELLING]
    if not told:
        return ""
    return f"In health, {lower_first(part_words(told[0], change.health, versions))}."


def _people(change: GapChange) -> str:
    both, gone, come = people_counts(change)
    if not both:
        return "Nobody answered both times: other people speak."
    same = f"the same {counted(both, 'person') if both > 1 else 'person'} answered"
    others = [
        words
        for n, words in (
            (come, f"{counted(come, 'person')} more"),
            (gone, f"{counted(gone, 'person')} not again"),
        )
        if n
    ]
    return f"{capital(same)}{', ' + listed(others) if others else ''}."


def _questionnaires(before: Side, after: Side) -> str:
    new, gone = sorted(after.asked - before.asked), sorted(before.asked - after.asked)
    words = []
    if new:
        words.append(f"it asks newly about {listed([lower_first(topic(each)) for each in new])}")
    if gone:
        words.append(f"no longer about {listed([lower_first(topic(each)) for each in gone])}")
    told = f": {', '.join(words)}" if words else "; it asks about the same topics"
    return f"{after.questionnaire} followed {before.questionnaire}{told}."


def _missing(change: GapChange) -> Iterator[str]:
    if change.gap is None:
        which = [side.study for side in _sides(change) if side.shrunken is None]
        yield (
            f"The gap is not known in {listed(which)}: it needs a health score and people of roles that make half "
            "of the voice."
        )
    if change.health is None:
        yield "Which measures moved health cannot be told: a health score, or what was stored of it, is missing."
    if change.voice.within is None:
        yield "How sure the move of voice is cannot be told: a standard error is missing."


def _parts_of(change: GapChange, versions: Versions) -> Iterator[Parts]:
    if change.gap is not None:
        yield _gap_table(change, change.gap)
    yield _table(
        change.topics,
        [_topic_row(part, change) for part in change.topics.parts],
        title="Voice, by topic",
        formula="A topic moves voice by the difference of its means times the middle of its two shares of the voice. A "
        "topic that only one study has moves it by its share times what it lies off the topics that made room for it.",
        interval=_reach(change.voice),
        basis=f"Voice {number(change.before.voice, 1)} → {number(change.after.voice, 1)}",
    )
    yield _table(
        change.people,
        _person_rows(change),
        title="Voice, by who answered",
        formula="A person moves voice by the difference of what they said times the middle of their two weights; who "
        "answered one time only, by their weight times what they lie off the others. A weight is that of the role, "
        "divided among those who spoke for it; the share in brackets.",
        interval=_reach(change.voice),
        basis=_people(change),
    )
    if change.health is not None:
        yield _table(
            change.health,
            [_measure_row(part, change.health, versions) for part in change.health.parts],
            title="Health by telemetry, by measure",
            formula="A measure moves health by the difference of its points times the middle of its two shares; before "
            "and after are its values. What those who look after the account think is left out: voice is compared with "
            "telemetry alone.",
            interval="",
            basis=f"Health {number(change.before.health, 1)} → {number(change.after.health, 1)}",
        )


def _gap_table(change: GapChange, gap: Moved) -> Parts:
    shown = rounded_parts([part.moved for part in change.parts], gap.by)
    rows = tuple(
        PartRow(NAMES[part.origin], _term(part.origin, part.before), _term(part.origin, part.after), _signed(moved))
        for part, moved in zip(change.parts, shown, strict=True)
    )
    return Parts(
        "The gap, and what moved it",
        "Gap = voice − health − scaling + drawing in. Each term moves the gap by its own difference, health and "
        "scaling with the other sign. Scaling is health on the scale of voice, as its study has it, less health. "
        "Drawing in pulls a gap that rests on few people towards the average gap of its study.",
        rows,
        _signed(round(sum(shown), 1)),
        _reach(gap),
        f"Gap {signed(change.before.shrunken, 1)} → {signed(change.after.shrunken, 1)}",
    )


def _table(change: Change, rows: Sequence[PartRow], *, title: str, formula: str, interval: str, basis: str) -> Parts:
    total = change.moved or 0.0
    shown = rounded_parts([part.moved for part in change.parts], total)
    filled = tuple(
        PartRow(row.name, row.before, row.after, _signed(moved), row.key, row.external_id)
        for row, moved in zip(rows, shown, strict=True)
    )
    return Parts(title, formula, filled, _signed(round(sum(shown), 1)), interval, basis)


def _topic_row(part: Part, change: GapChange) -> PartRow:
    return PartRow(_topic_name(part, change), _one(part.before), _one(part.after), "")


def _topic_name(part: Part, change: GapChange, *, has_note: bool = True) -> str:
    if part.kind in (Kind.WEIGHTS, Kind.REST):
        return _other_name(part, "How much each topic counts")
    note = ""
    if part.kind is Kind.MISSING:
        note = ", not answered any more" if part.key in change.after.asked else ", not asked any more"
    elif part.kind is Kind.RETURNED:
        note = ", answered now" if part.key in change.before.asked else ", asked newly"
    return topic(part.key) + (note if has_note else "")


def _person_rows(change: GapChange) -> list[PartRow]:
    shares = [weights_of(side) for side in _sides(change)]
    people: Mapping[int, Said] = {each.contact_id: each for side in _sides(change) for each in side.people}
    return [_person_row(part, people, shares) for part in change.people.parts]


def _person_row(part: Part, people: Mapping[int, Said], shares: Sequence[Mapping[int, float]]) -> PartRow:
    if part.kind in (Kind.WEIGHTS, Kind.REST):
        return PartRow(_other_name(part, "How much each person counts"), MISSING, MISSING, "")
    who = people[int(part.key)]
    note = {Kind.MISSING: ", answered then only", Kind.RETURNED: ", answered now only"}.get(part.kind, "")
    before, after = (
        f"{_one(value)} ({percent(share.get(who.contact_id))})" if value is not None else MISSING
        for value, share in zip((part.before, part.after), shares, strict=True)
    )
    return PartRow(label(who.role) + note, before, after, "", who.study_key, who.external_id)


def _measure_row(part: Part, change: Change, versions: Versions) -> PartRow:
    measure = versions.measure(change, part.key)
    note = {Kind.MISSING: ", without a value now", Kind.RETURNED: ", with a value again", Kind.NEW: ", new"}
    name = capital(measure.name) if measure else _other_name(part, "Weights moved between measures")
    before, after = (MISSING if value is None else figure(value) for value in (part.before, part.after))
    return PartRow(name + note.get(part.kind, ""), before, after, "")


def _other_name(part: Part, weights: str) -> str:
    names = {Kind.WEIGHTS: weights, Kind.SCORECARD: "The scorecard changed", Kind.REST: "What was stored does not tell"}
    return names.get(part.kind, capital(part.key))


def _term(origin: Origin, value: float) -> str:
    return number(value, 1) if origin in (Origin.VOICE, Origin.HEALTH) else _signed(value)


def _one(value: float | None) -> str:
    return MISSING if value is None else number(value, 1)


def _signed(value: float) -> str:
    return signed(value, 1) if abs(value) > NOTHING else "0"


def _reach(moved: Moved) -> str:
    if moved.within is None:
        return ""
    return f"95{NBSP}% interval of the move: {signed(moved.by - moved.within)} to {signed(moved.by + moved.within)}"
