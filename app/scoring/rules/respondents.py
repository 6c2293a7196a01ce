"""From answers to what each respondent said: dimension scores, voice, value pairs and completeness, by columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.scoring.rules.inputs import BoolArray, FloatArray, IntArray
from app.scoring.rules.rollup_arrays import respondent_voices
from app.scoring.rules.scales import dimension_column, mean_of_present

OUTSIDE_VOICE = frozenset({"situational_risk", "commercial", "stakeholder_reach"})
"""Dimensions about the customer's circumstances, not about us: they are reported and never enter the voice."""


@dataclass(frozen=True)
class Item:
    """One question as scoring sees it: its scale, what it measures, and whether it counts for completeness."""

    key: str
    minimum: float | None
    maximum: float | None
    reverse: bool
    dimension: str | None
    value_side: str | None
    value_aspect: str | None
    is_core: bool

    @property
    def enters_dimension(self) -> bool:
        """Whether the item counts for its dimension: of value, only what was delivered does."""
        return self.dimension is not None and self.value_side in {None, "delivered"}


@dataclass(frozen=True)
class Answers:
    """Answers as respondents × items: which were given, and their numbers; NaN where there is none or it is no number.

    They are filled in as they are read, by `add`.
    """

    given: BoolArray
    number: FloatArray

    @classmethod
    def none(cls, people: int, items: int) -> "Answers":
        """Return a table in which nobody has answered anything yet."""
        return cls(np.zeros((people, items), dtype=np.bool_), np.full((people, items), np.nan))

    def add(self, person: IntArray, item: IntArray, number: FloatArray) -> None:
        """Note answers by their positions; of two in one place the later stays."""
        cell = person * self.given.shape[1] + item
        self.given.reshape(-1)[cell] = True
        self.number.reshape(-1)[cell] = number


@dataclass(frozen=True)
class Heard:
    """What each respondent said (rows), NaN = not answered enough.

    `dimensions` respondents × `names` on 0–100; `voice` 0–100; `promised`, `delivered` 0–100 over the domains where
    both were answered; `raw` respondents × items as answered, `scores` on 0–100 with high = good; `core_share` share
    0–1 of applicable core items answered.
    """

    names: list[str]
    dimensions: FloatArray
    voice: FloatArray
    is_partial: BoolArray
    promised: FloatArray
    delivered: FloatArray
    raw: FloatArray
    scores: FloatArray
    core_share: FloatArray


def applicable_items(answers: Answers, group: NDArray[np.integer]) -> BoolArray:
    """Respondents × items: what was put to each, taken as what anybody of the same group (mode) was asked and answered.

    Imported answers do not say what was asked; the questions present in the file stand for it (methods d).
    """
    applicable = np.zeros_like(answers.given)
    for each in np.unique(group):
        applicable[group == each] = answers.given[group == each].any(axis=0)
    return applicable


def put_by_door(
    applicable: BoolArray,
    doors: NDArray[np.str_],
    asked: Mapping[str, BoolArray],
    excepted: tuple[IntArray, IntArray],
) -> BoolArray:
    """Respondents × items: `applicable`, where respondents who came by a door were put all that it asks.

    `doors` names the door of each respondent, none of `asked` for imported answers; `asked` has one flag per item and
    door.
    `excepted` are the positions (person, item) of questions that do not apply to the person (methods d, e).
    """
    put = applicable.copy()
    for door, items in asked.items():
        put[doors == door] = items
    put[excepted] = False
    return put


def heard(answers: Answers, items: Sequence[Item], applicable: BoolArray) -> Heard:
    """Score every respondent at once: answers to 0–100, the half rule inside each dimension, the mean across them.

    `applicable` is respondents × items (see `applicable_items`). One answered dimension suffices for a voice;
    `is_partial` marks voices that miss a dimension that was put to the respondent.
    """
    people, raw = len(applicable), answers.number
    scores = scores_of(raw, items)
    names = sorted({item.dimension for item in items if item.dimension is not None})
    dimensions = np.column_stack(
        [_dimension(name, items, scores, applicable) for name in names] or [np.empty((people, 0))]
    )
    spoken = [i for i, name in enumerate(names) if name not in OUTSIDE_VOICE]
    voice, _ = respondent_voices(dimensions[:, spoken])
    promised, delivered = _value_pairs(items, scores)
    return Heard(
        names,
        dimensions,
        voice,
        _is_partial([names[i] for i in spoken], dimensions[:, spoken], items, applicable),
        promised,
        delivered,
        raw,
        scores,
        _core_share(answers, items, applicable),
    )


def scores_of(raw: FloatArray, items: Sequence[Item]) -> FloatArray:
    """Respondents × items on 0–100 with high = good; NaN where nothing was answered or the item has no scale."""
    scores = np.full(raw.shape, np.nan)
    # Question by question: of a million people, each step over the whole table would take another 64 megabytes.
    for i, item in enumerate(items):
        if item.minimum is not None and item.maximum is not None:
            percent = 100 * (raw[:, i] - item.minimum) / (item.maximum - item.minimum)
            scores[:, i] = 100 - percent if item.reverse else percent
    return scores


def _dimension(name: str, items: Sequence[Item], scores: FloatArray, applicable: BoolArray) -> FloatArray:
    columns = [i for i, item in enumerate(items) if item.dimension == name and item.enters_dimension]
    return dimension_column(scores[:, columns], applicable[:, columns])


def _is_partial(names: Sequence[str], present: FloatArray, items: Sequence[Item], applicable: BoolArray) -> BoolArray:
    asked = np.column_stack(
        [
            applicable[:, [i for i, item in enumerate(items) if item.dimension == name and item.enters_dimension]].any(
                1
            )
            for name in names
        ]
        or [np.zeros((len(applicable), 0), dtype=np.bool_)]
    )
    lacks_some = np.any(asked & np.isnan(present), axis=1)
    has_some = ~np.all(np.isnan(present), axis=1)
    return np.asarray(lacks_some & has_some)


def _value_pairs(items: Sequence[Item], scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Promised and delivered as means over the same domains: those where both sides were answered (methods f)."""
    sides = {(item.value_side, item.value_aspect): i for i, item in enumerate(items) if item.value_side}
    aspects = [aspect for side, aspect in sides if side == "promised" and ("delivered", aspect) in sides]
    promised = scores[:, [sides["promised", aspect] for aspect in aspects]]
    delivered = scores[:, [sides["delivered", aspect] for aspect in aspects]]
    one_sided = np.isnan(promised) | np.isnan(delivered)
    return (
        mean_of_present(np.where(one_sided, np.nan, promised)),
        mean_of_present(np.where(one_sided, np.nan, delivered)),
    )


def _core_share(answers: Answers, items: Sequence[Item], applicable: BoolArray) -> FloatArray:
    core = np.array([item.is_core for item in items], dtype=np.bool_)
    asked = (applicable & core).sum(axis=1)
    said = (answers.given & core & applicable).sum(axis=1)
    share: FloatArray = np.divide(said, asked, out=np.full(len(applicable), np.nan), where=asked > 0)
    return share
