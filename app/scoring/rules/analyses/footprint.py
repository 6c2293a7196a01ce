"""How much an account takes part in what is asked of it, and what its people say of us."""

from enum import StrEnum
from typing import Any

import numpy as np

from app.scoring.rules.inputs import BoolArray, FloatArray

Figures = dict[str, Any]


class Sentiment(StrEnum):
    """What an account's people say when asked to recommend; `unsaid` were heard and not on that."""

    DETRACTOR = "detractor"
    PASSIVE = "passive"
    PROMOTER = "promoter"
    SILENT = "silent"
    UNSAID = "unsaid"
    NOT_ASKED = "not_asked"


THIRD = 1 / 3
"""The mean code from which on an account is a promoter, and below which negative one a detractor."""


def engagement(invited: FloatArray, took_part: FloatArray, asked: FloatArray, answered: FloatArray) -> FloatArray:
    """Return each account's engagement 0–100, NaN where nothing was asked of it.

    100 · (conversations that we began in which it took part + people who answered) ÷ (conversations that we began of
    which that is known + people asked in the study): each conversation and each person asked is one request.
    """
    requests = invited + asked
    share: FloatArray = np.divide(
        100 * (took_part + answered), requests, out=np.full(len(requests), np.nan), where=requests > 0
    )
    return share


def sentiments(codes: FloatArray, *, eligible: BoolArray, heard: BoolArray) -> list[str]:
    """Return each account's class by the mean code (−1 to 1) of its respondents: promoter from ⅓, detractor to −⅓."""
    found = np.select(
        [codes >= THIRD, codes <= -THIRD, ~np.isnan(codes), heard, eligible],
        [Sentiment.PROMOTER, Sentiment.DETRACTOR, Sentiment.PASSIVE, Sentiment.UNSAID, Sentiment.SILENT],
        Sentiment.NOT_ASKED,
    )
    return [str(each) for each in found.tolist()]
