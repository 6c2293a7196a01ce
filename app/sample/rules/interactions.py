"""The conversations with the sample accounts: most were begun by the vendor, and not everybody turned up."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.sample.rules.contacts import Person
from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.stories import Archetype
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = (
    "interaction_id",
    "account_id",
    "occurred_at",
    "channel",
    "started_by",
    "contact_id",
    "participated",
    "summary",
)
_A_YEAR = {"Enterprise": (8, 14), "Mid-market": (4, 8), "Small": (2, 5)}
_OURS = (("meeting", 40), ("call", 30), ("mail", 20), ("event", 10))
_THEIRS = (("support", 50), ("mail", 35), ("call", 15))
_MENTIONED = (
    "“Rotas used to take my Friday. Now they take an hour.” On a review site, five of five stars.",
    "Their head of operations named us in a talk about shift work.",
    "A post about their new planning, with our name in it.",
)
_COMPLAINED = (
    "“They sold us hours saved. We are still counting.” On a review site, two of five stars.",
    "A planner there asks in a forum who has moved away from us, and how.",
    "“Nice screens, but where is what we were promised?” In a group for retail operations.",
)
MENTIONED = 0.2
"""How many accounts were heard of in public within the year."""
_SUMMARIES = {
    "meeting": ("Went through the quarter’s figures.", "Agreed on the next two months.", "Showed what is new."),
    "call": ("Asked how the roll-out goes.", "Talked about the open cases."),
    "mail": ("Sent the notes of the last meeting.", "Asked for a date."),
    "event": ("Invited to the round table.",),
    "support": ("Asked for help with an export.",),
}


def interactions_table(accounts: Sequence[Profile], people: Sequence[Person], seed: int, until: date) -> Table:
    """A year of conversations that ends with the given day; whoever is silent in the study mostly stays away.

    Among them are mentions in public, of which nobody says who began them or took part.
    """
    at_account: dict[str, list[Person]] = {}
    for person in people:
        at_account.setdefault(person.account_id, []).append(person)
    known = showcase(accounts)
    rows = [row for each in accounts for row in _talks(each, at_account[each.account_id], seed, until)]
    rows += [row for each in accounts for row in _mentions(each, seed, until, is_known=each.account_id in known)]
    return Table(HEADER, tuple(rows))


def _mentions(profile: Profile, seed: int, until: date, *, is_known: bool) -> list[tuple[str, ...]]:
    chance = stream(seed, "mentions", profile.account_id)
    how_many = 2 if is_known else int(chance.random() < MENTIONED)
    words = chance.sample(_MENTIONED if profile.voice >= 55 else _COMPLAINED, how_many)
    prefix = profile.account_id.replace("A-", "I-")
    found: list[tuple[str, ...]] = []
    for number, summary in enumerate(words, start=1):
        day = until - timedelta(days=chance.randint(3, 60 * number))
        at = datetime.combine(day, time(chance.randint(7, 20), chance.randint(0, 59)), UTC)
        when = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        found.append((f"{prefix}-m{number}", profile.account_id, when, "social", "", "", "", summary))
    return found


def _talks(profile: Profile, people: Sequence[Person], seed: int, until: date) -> list[tuple[str, ...]]:
    chance = stream(seed, "interactions", profile.account_id)
    turns_up = 0.3 if profile.archetype is Archetype.SILENT else 0.35 + profile.voice / 200
    talks = [_talk(chance, people, turns_up, until) for _ in range(chance.randint(*_A_YEAR[profile.segment]))]
    prefix = profile.account_id.replace("A-", "I-")
    return [(f"{prefix}-{number:02d}", profile.account_id, *row) for number, row in enumerate(sorted(talks), start=1)]


def _talk(chance: Random, people: Sequence[Person], turns_up: float, until: date) -> tuple[str, ...]:
    is_ours = chance.random() < 0.75
    channels, shares = zip(*(_OURS if is_ours else _THEIRS), strict=True)
    channel = chance.choices(channels, shares)[0]
    day = until - timedelta(days=chance.randint(1, 350))
    at = datetime.combine(day, time(chance.randint(7, 16), chance.choice((0, 15, 30, 45))), UTC)
    came = not is_ours or chance.random() < turns_up
    summary = chance.choice(_SUMMARIES[channel]) if chance.random() < 0.5 else ""
    who = chance.choice(people).contact_id if chance.random() < 0.8 else ""
    return (
        at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        channel,
        "us" if is_ours else "them",
        who,
        "yes" if came else "no",
        summary,
    )
