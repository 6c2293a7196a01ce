"""What the sample's CSMs think of their accounts: in steps, in colours, person by person, and against the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.pulse.rules.words import STEPS
from app.sample.rules.contacts import Person
from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.stories import Archetype
from app.sample.rules.streams import stream

WITHOUT = "Small"
"""The segment whose accounts look after themselves: there, nobody is asked for a sentiment beside the score."""
ROUND = "Autumn"
ROUND_DAYS = 21
_REASONS = {
    0: (
        "Our sponsor has left and nobody returns a call.",
        "They have asked twice how to end the contract.",
        "Shifts are back on paper in two plants.",
    ),
    25: (
        "Two meetings were moved, then cancelled.",
        "Payroll still corrects by hand what we promised to take over.",
        "Their new finance director asks what it is for.",
        "Three of five planners went back to their own lists.",
    ),
    50: (
        "Hard to read: they use it daily and say little.",
        "New people on their side, too early to say.",
        "Pleased with support, tired of the export.",
        "It depends on the budget round in January.",
        "The head office likes it, the sites do not.",
    ),
    75: (
        "The planners like it, and the works council is at ease.",
        "They asked for a second site by themselves.",
        "Good questions in the last meeting, all about the next season.",
        "The champion trains new colleagues without us.",
        "Overtime fell, and they say so.",
        "Quiet in a good way: small wishes, quick answers.",
    ),
    100: (
        "They speak for us at the round table.",
        "Renewed early, and told a colleague in the industry.",
        "The board saw the figures and asked for all sites.",
    ),
}
_NOTES = {
    "red": ("They asked what leaving would cost.", "Short, cool, no next date."),
    "amber": ("Busy with their own release; polite.", "Pleased with support, less so with the export."),
    "green": ("Showed us how they plan the season.", "Laughed a lot, next steps are agreed."),
}
_CELLS = {
    1: ("Says it costs more work than before.", "Has gone back to paper.", "Will not come to the next review."),
    2: ("Asked twice for something that still waits.", "Has it corrected by a colleague.", "Doubts the figures."),
    3: ("Uses it, without enthusiasm.", "Neither asks nor complains.", "Waits for what the others say."),
    4: ("Brings colleagues along by themselves.", "Shows it to visitors.", "Asks good questions, and answers ours."),
    5: ("Calls it the best buy of the year.", "Would give it up last of all."),
}
TOPICS = (
    "overall_sentiment", "customer_readiness", "product_sentiment", "support", "adoption", "education", "value",
    "renewal_intent",
)  # fmt: skip
_OCCASIONS = ("meeting", "call", "visit", "email")
_AT_ODDS = (
    (Archetype.HIDDEN_RISK, "red", "The sponsor left; use is high because nobody has switched it off yet."),
    (Archetype.HIDDEN_RISK, "red", "What sales promised has not come, and they wait with open eyes for the renewal."),
    (Archetype.HIDDEN_RISK, "amber", "Their new head of operations wants to look at everything again."),
    (Archetype.HIDDEN_STRENGTH, "green", "Machines do the work, so few sign in; they are delighted."),
    (Archetype.HIDDEN_STRENGTH, "green", "Closed for the season, as every year."),
    (Archetype.HIDDEN_RISK, "red", "Procurement had asked for three other offers."),
)
"""Whose calculated band is overridden, to what, and why; the last two no longer stand."""
_STANDING = 4


@dataclass(frozen=True)
class Sentiment:
    """A step with its reason, on a day."""

    account_id: str
    value: int
    reason: str
    on: date


@dataclass(frozen=True)
class Light:
    """A colour at an interaction."""

    account_id: str
    on: date
    colour: str
    occasion: str
    note: str


@dataclass(frozen=True)
class Cells:
    """Cells of one account's matrix, said on one day: person, topic, value and reason."""

    account_id: str
    on: date
    said: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True)
class Override:
    """A band set beside the calculated one; `ended_on` where somebody ended it before its last day."""

    account_id: str
    band: str
    reason: str
    set_on: date
    expires_on: date
    ended_on: date | None = None


def sentiments(accounts: Sequence[Profile], seed: int, ends: Sequence[date]) -> list[Sentiment]:
    """What was thought at month ends of some of the larger accounts, of a few more than once, the oldest first."""
    found = []
    for profile in accounts:
        chance = stream(seed, "sentiment", profile.account_id)
        if profile.segment == WITHOUT or chance.random() > 0.4:
            continue
        for on in sorted(chance.sample(ends[:-1], chance.choice((1, 1, 2)))):
            value = _step(profile, chance)
            found.append(Sentiment(profile.account_id, value, chance.choice(_REASONS[value]), on))
    return sorted(found, key=lambda each: (each.on, each.account_id))


def blind(accounts: Sequence[Profile], seed: int) -> dict[str, tuple[int, str]]:
    """What is said in the round, by account; a few are left out."""
    found = {}
    for profile in accounts:
        chance = stream(seed, "blind", profile.account_id)
        if chance.random() < 0.95:
            value = _step(profile, chance)
            found[profile.account_id] = (value, chance.choice(_REASONS[value]))
    return found


def lights(accounts: Sequence[Profile], seed: int, today: date) -> list[Light]:
    """Colours at the last interactions of about every third account, some of them long ago."""
    found, known = [], showcase(accounts)
    for profile in accounts:
        chance = stream(seed, "light", profile.account_id)
        if chance.random() < 0.3 or profile.account_id in known:
            on = today - timedelta(days=chance.choice((2, 5, 9, 16, 30, 48, 74, 110)))
            value = _step(profile, chance)
            colour = "red" if value < 50 else "amber" if value == 50 else "green"
            found.append(
                Light(profile.account_id, on, colour, chance.choice(_OCCASIONS), chance.choice(_NOTES[colour]))
            )
    return found


def matrices(accounts: Sequence[Profile], people: Sequence[Person], seed: int, today: date) -> list[Cells]:
    """What is thought person by person at the largest accounts: said half a year ago, and some of it lately."""
    largest = sorted(accounts, key=lambda profile: -profile.arr)[:10]
    found = []
    for profile in largest:
        chance = stream(seed, "matrix", profile.account_id)
        there = [person.contact_id for person in people if person.account_id == profile.account_id][:5]
        old = tuple(_cell(who, topic, profile, chance) for who in there for topic in TOPICS if chance.random() < 0.7)
        new = tuple(_cell(who, topic, profile, chance) for who, topic, *_ in old if chance.random() < 0.35)
        found.append(Cells(profile.account_id, today - timedelta(days=chance.randint(120, 200)), old))
        found.append(Cells(profile.account_id, today - timedelta(days=chance.randint(1, 20)), new))
    return found


def overrides(accounts: Sequence[Profile], today: date) -> list[Override]:
    """Overrides of the largest accounts whose score says something else: four stand, one was ended, one ran out."""
    waiting = sorted(accounts, key=lambda profile: -profile.arr)
    found: list[Override] = []
    for place, (archetype, band, reason) in enumerate(_AT_ODDS):
        profile = next(each for each in waiting if each.archetype is archetype)
        waiting.remove(profile)
        set_on = today - timedelta(days=12 + 9 * place)
        if place < _STANDING:
            found.append(Override(profile.account_id, band, reason, set_on, today + timedelta(days=20 + 31 * place)))
        elif place == _STANDING:
            ended_on = today - timedelta(days=6)
            found.append(
                Override(profile.account_id, band, reason, set_on, today + timedelta(days=60), ended_on=ended_on)
            )
        else:
            found.append(Override(profile.account_id, band, reason, set_on, today - timedelta(days=8)))
    return found


def _step(profile: Profile, chance: Random) -> int:
    """A step near to what the CSM sees, which is more of the use than of what customers say."""
    felt = 0.7 * profile.health + 0.3 * profile.voice + chance.gauss(0, 9)
    return min(STEPS, key=lambda step: abs(step - felt))


def _cell(contact_id: str, topic: str, profile: Profile, chance: Random) -> tuple[str, str, int, str]:
    value = min(max(round(1 + 4 * (profile.voice + chance.gauss(0, 16)) / 100), 1), 5)
    return contact_id, topic, value, chance.choice(_CELLS[value])
