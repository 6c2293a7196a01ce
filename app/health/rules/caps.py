"""Exceptions at work: a part that is red or amber caps the band of its account; the score stays what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.health.rules.bands import Band
from app.health.rules.scorecard import Exemption, Scorecard
from app.health.rules.shares import Column

Codes = NDArray[np.int64]

BANDS = tuple(str(band) for band in Band)
_CODES = {band: code for code, band in enumerate(Band)}
_ABSENT = 9


@dataclass(frozen=True)
class Capped:
    """Which exception capped a band, and the key of the measure for which it held: the one with the fewest points."""

    exception: Exemption
    measure: str

    def document(self) -> dict[str, str]:
        """What is stored of it: the exception's own words (group where it names one, is, cap) and the measure."""
        return {**self.exception.document(), "measure": self.measure}


def cap_words(capped: Mapping[str, str], *, groups: Mapping[str, str], measures: Mapping[str, str]) -> str:
    """What is stored of a cap as a phrase; `groups` and `measures` are names by key.

    Such as: Open cases is red, and any red in Support caps the colour at amber.
    """
    measure = measures.get(capped["measure"], capped["measure"])
    if "group" not in capped:
        return f"{measure} is {capped['is']}, which caps the colour at {capped['cap']}"
    group = groups.get(capped["group"], capped["group"])
    return f"{measure} is {capped['is']}, and any {capped['is']} in {group} caps the colour at {capped['cap']}"


def cap_bands(
    scorecard: Scorecard, points: Column, bands: Sequence[str | None]
) -> tuple[list[str | None], list[Capped | None]]:
    """The bands after the scorecard's exceptions, and what capped each (None: nothing did).

    `points` are n × m, NaN where a measure is missing: a missing one caps nothing. A measure's colour is its points by
    the scorecard's base bands; an exception holds where its measure, or any of its group, is as bad as it says or
    worse. The lowest cap counts, of equal ones the first. A cap never raises a band, and gives none where there is no
    score.
    """
    if not scorecard.exceptions:
        return list(bands), [None] * len(bands)
    colours = _colours(scorecard, points)
    codes = np.array([_ABSENT if band is None else _CODES[Band(band)] for band in bands], dtype=np.int64)
    left, found = codes.copy(), np.full((2, len(codes)), -1, dtype=np.int64)
    for position, exception in enumerate(scorecard.exceptions):
        places = _places(scorecard, exception)
        holds = colours[:, places].min(axis=1) <= _CODES[exception.when]
        lowers = holds & (codes != _ABSENT) & (left > _CODES[exception.cap])
        left[lowers] = _CODES[exception.cap]
        worst = np.array(places)[np.where(np.isnan(points), np.inf, points)[:, places].argmin(axis=1)]
        found[:, lowers] = np.vstack([np.full(int(lowers.sum()), position), worst[lowers]])
    capped = [_capped(scorecard, exception, measure) for exception, measure in found.T.tolist()]
    return [None if code == _ABSENT else BANDS[code] for code in left.tolist()], capped


def _colours(scorecard: Scorecard, points: Column) -> Codes:
    amber, green = points >= scorecard.bands.amber_from, points >= scorecard.bands.green_from
    return np.where(np.isnan(points), _ABSENT, amber.astype(np.int64) + green)


def _places(scorecard: Scorecard, exception: Exemption) -> list[int]:
    return [
        place
        for place, measure in enumerate(scorecard.measures)
        if exception.measure == measure.key or (exception.group is not None and exception.group == measure.group)
    ]


def _capped(scorecard: Scorecard, exception: int, measure: int) -> Capped | None:
    return None if exception < 0 else Capped(scorecard.exceptions[exception], scorecard.measures[measure].key)
