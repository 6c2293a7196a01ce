"""What the pages of judgement say: finished lines of the rows that were read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.core.display import day, number, percent
from app.core.words import capital, counted, label, topic
from app.pulse.rules.matrix import ALL_OF, Cell, Mean, Means, means_of, weight
from app.pulse.rules.overrides import LONGEST_DAYS, Said, calculated_words, how_it_ended, is_standing, override_line
from app.pulse.rules.settings import ANCHORS, PulseSettings
from app.pulse.rules.words import STEPS, age_words, colour_of
from app.questionnaires.rules.definition import Dimension

TOPICS = {str(each): topic(str(each)) for each in Dimension}
"""The topics of the matrix: those of which the questionnaires ask."""


@dataclass(frozen=True)
class Line:
    """One row of a history: a colour, words beside it, who and when, and the reason."""

    colour: str
    words: str
    about: str
    reason: str


@dataclass(frozen=True)
class Told:
    """What the page of one account says of judgement beside its health."""

    calculated: str
    calculated_band: str | None
    override: str | None
    overridden_band: str | None
    beside: str | None
    last_light: str | None
    is_stale: bool
    sentiments: Sequence[Line]
    lights: Sequence[Line]
    overrides: Sequence[Line]


def told(
    account: Any,
    settings: PulseSettings,
    today: date,
    *,
    health: tuple[float | None, str | None],
    sentiments: Sequence[Any],
    lights: Sequence[Any],
    overrides: Sequence[Said],
    has_notes: bool,
) -> Told:
    """The page of one account; notes of conversations only for those who may know people."""
    standing = next((each for each in overrides if is_standing(each.expires_on, each.ended_at, today)), None)
    said, is_stale = age_words(lights[0].happened_on, today, settings.stale_days) if lights else (None, False)
    return Told(
        calculated=calculated_words(*health),
        calculated_band=health[1],
        override=override_line(standing, *health) if standing and settings.overrides else None,
        overridden_band=standing.band if standing and settings.overrides else None,
        beside=beside_words(account, settings, sentiments),
        last_light=said,
        is_stale=is_stale,
        sentiments=[sentiment_line(row) for row in sentiments],
        lights=[light_line(row, has_notes=has_notes) for row in lights],
        overrides=[override_history(each, today) for each in overrides],
    )


def beside_words(account: Any, settings: PulseSettings, sentiments: Sequence[Any]) -> str | None:
    """The field beside the score; None where it is switched off, `none` with why where the account has none."""
    if not settings.beside:
        return None
    if not settings.has_field(account):
        return f"none, as for every account of this {settings.attribute}"
    if not sentiments:
        return "none yet"
    newest = sentiments[0]
    return f"{STEPS[newest.value]} ({newest.value}), said by {newest.author} on {day(newest.given_at.date())}"


def sentiment_line(row: Any) -> Line:
    """One sentiment of the history."""
    order = "without seeing the score" if row.is_blind else "on the account’s page"
    about = f"{row.author}, {day(row.given_at.date())}, {order}"
    return Line(colour_of(row.value).value, f"{STEPS[row.value]} ({row.value})", about, row.reason)


def light_line(row: Any, *, has_notes: bool) -> Line:
    """One colour of the history."""
    about = f"{row.author}, {label(row.occasion).lower()} on {day(row.happened_on)}"
    return Line(row.colour, capital(row.colour), about, (row.note or "") if has_notes else "")


def override_history(said: Said, today: date) -> Line:
    """One override of the history, with what was calculated when it was set."""
    about = f"set by {said.author} on {day(said.set_at.date())}, {how_it_ended(said, today)}"
    then = calculated_words(said.score, said.calculated)
    return Line(said.band, f"{capital(said.band)}, calculated then: {then}", about, said.reason)


def expiry_bounds(today: date) -> tuple[str, str]:
    """The first and the last day that an override may stand until, as a date field takes them."""
    return (today + timedelta(days=1)).isoformat(), (today + timedelta(days=LONGEST_DAYS)).isoformat()


@dataclass(frozen=True)
class Box:
    """One cell as it is shown and typed in: names of its fields, and what stands in them."""

    name: str
    person: str
    value: str
    reason: str
    seen_id: str
    about: str
    fault: str


@dataclass(frozen=True)
class TopicRow:
    """One topic of the matrix: its rubric, a box for each person, and its mean."""

    key: str
    name: str
    rubric: Sequence[tuple[int, str]]
    boxes: Sequence[Box]
    mean: str


@dataclass(frozen=True)
class Matrix:
    """The matrix of an account: people (who, mean, and the word that confirms all of them) over topics, with means."""

    people: Sequence[tuple[str, str, str]]
    rows: Sequence[TopicRow]
    score: str
    basis: str


def matrix(
    people: Sequence[Any],
    cells: Sequence[Any],
    settings: PulseSettings,
    today: date,
    *,
    has_names: bool,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Matrix:
    """The matrix as it is shown; what was typed and refused stands in it again. Without names, roles and no reasons."""
    present = {(cell.contact_id, cell.dimension): cell for cell in cells}
    means = means_of(
        [Cell(each.contact_id, each.dimension, each.value, each.given_at.date()) for each in cells],
        today,
        settings.half_life_days,
    )
    names = [_person(person, place, has_names=has_names) for place, person in enumerate(people, 1)]
    rows = [
        TopicRow(
            key,
            name,
            [(value, settings.meaning(key, value)) for value in ANCHORS],
            [
                _box(
                    f"{person.id}-{key}",
                    who,
                    present.get((person.id, key)),
                    has_names=has_names,
                    typed=typed,
                    fault=(faults or {}).get(f"{person.id}-{key}", ""),
                    fades=(today, settings.half_life_days),
                )
                for person, who in zip(people, names, strict=True)
            ],
            mean_words(means.by_dimension.get(key)),
        )
        for key, name in TOPICS.items()
    ]
    return Matrix(
        _columns(people, names, means, {each.contact_id for each in cells}),
        rows,
        mean_score(means.whole),
        basis_words(means.whole),
    )


def mean_score(mean: Mean) -> str:
    """A mean alone, for titles; none where there is none."""
    return "none" if mean.value is None else number(mean.value, 1)


def basis_words(mean: Mean) -> str:
    """On what a mean stands, for the sentence below a title."""
    return "" if mean.oldest is None else f"{counted(mean.n, 'cell')}, the oldest of {day(mean.oldest)}"


def mean_words(mean: Mean | None) -> str:
    """A mean with its basis, or none."""
    if mean is None or mean.value is None or mean.oldest is None:
        return "none"
    return f"{number(mean.value, 1)}, n {mean.n}, oldest {day(mean.oldest)}"


def _columns(
    people: Sequence[Any], names: Sequence[str], means: Means, said_of: Collection[int]
) -> list[tuple[str, str, str]]:
    return [
        (who, mean_words(means.by_contact.get(person.id)), f"{ALL_OF}{person.id}" if person.id in said_of else "")
        for person, who in zip(people, names, strict=True)
    ]


def _person(person: Any, place: int, *, has_names: bool) -> str:
    role = label(person.role) if person.role else "Role not known"
    return f"{person.name}, {role}" if has_names else f"{role}, person {place}"


def _box(
    name: str,
    who: str,
    cell: Any,
    *,
    has_names: bool,
    typed: Mapping[str, str] | None,
    fault: str,
    fades: tuple[date, int],
) -> Box:
    stored = (str(cell.value), (cell.reason or "") if has_names else "", str(cell.id)) if cell else ("", "", "")
    value, reason, seen = stored
    if typed is not None:
        value, reason = typed.get(f"value-{name}", value), typed.get(f"why-{name}", reason)
        seen = typed.get(f"seen-{name}", seen)
    about = f"{cell.author}, {day(cell.given_at.date())}{_faded(cell, *fades)}" if cell else ""
    return Box(name, who, value, reason, seen, about, fault)


def _faded(cell: Any, today: date, half_life_days: int) -> str:
    age = (today - cell.given_at.date()).days
    return f", counts {percent(weight(age, half_life_days))}" if age > 0 else ""


def round_basis(as_of: date, scorecard: str, version: int) -> str:
    """With what a round was opened, in a sentence."""
    return f"Scores by telemetry alone, as of {day(as_of)}, by {scorecard}, version {version}."


def left_words(left: int) -> str:
    """How many accounts still wait."""
    return f"{counted(left, 'account')} of yours {'waits' if left == 1 else 'wait'}"
