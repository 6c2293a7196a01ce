"""What is known of a study cut to some of its people, or to some of its accounts."""

import dataclasses

import numpy as np

from app.scoring.rules.choice import Choice
from app.scoring.rules.frozen import Frozen
from app.scoring.rules.inputs import BoolArray, IntArray
from app.scoring.rules.parts import Part, compare_by
from app.scoring.rules.respondents import Heard
from app.scoring.services.columns import People, Picture, Spoken, rolled_up


def part_of(picture: Picture, part: Part) -> Picture:
    """Return the accounts of a part with their people and words; what each account came to stays as it is."""
    keep, place = part.inside[picture.people.account], np.cumsum(part.inside) - 1
    people = people_where(picture.people, keep)
    return dataclasses.replace(
        picture,
        drawn=part.drawn(picture.drawn),
        people=dataclasses.replace(people, account=place[people.account]),
        voices=part.columns(picture.voices),
        compared=part.columns(picture.compared),
        spoken=spoken_where(picture.spoken, keep),
    )


def heard_from(picture: Picture, choice: Choice, frozen: Frozen) -> Picture:
    """Return the accounts as the chosen people speak for them, by the parameters that everybody's answers gave.

    A role that was chosen stands for its account alone: the coverage of a heard account is then 1.
    """
    people, keep = picture.people, np.ones(len(picture.people.ids), dtype=np.bool_)
    weights = people.role_weights
    if choice.role:
        chosen = np.array([role == choice.role for role in people.roles], dtype=np.bool_)
        keep, weights = keep & chosen[people.role], chosen.astype(np.float64)
    if choice.mode:
        keep = keep & (people.modes == choice.mode)
    some = dataclasses.replace(people_where(people, keep), role_weights=weights)
    voices = rolled_up(some, some.heard.voice, picture.drawn)
    compared = compare_by(frozen, picture.drawn, voices, was_equated=picture.compared.was_equated)
    return dataclasses.replace(
        picture, people=some, voices=voices, compared=compared, spoken=spoken_where(picture.spoken, keep)
    )


def people_where(people: People, keep: BoolArray) -> People:
    """Return some of the people."""
    heard = {
        field.name: getattr(people.heard, field.name)[keep]
        for field in dataclasses.fields(Heard)
        if field.name != "names"
    }
    columns = ("ids", "account", "role", "modes", "version", "has_response", "is_unwilling", "facts")
    return dataclasses.replace(
        people,
        heard=dataclasses.replace(people.heard, **heard),
        **{name: getattr(people, name)[keep] for name in columns},
    )


def spoken_where(spoken: Spoken, keep: BoolArray) -> Spoken:
    """Return the words of some of the people, who are counted anew."""
    place: IntArray = np.cumsum(keep) - 1
    stays = keep[spoken.person]
    cut = {field.name: getattr(spoken, field.name)[stays] for field in dataclasses.fields(Spoken)}
    return Spoken(**cut | {"person": place[cut["person"]]})
