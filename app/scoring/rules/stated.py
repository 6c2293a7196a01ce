"""What people say matters to them, however they were asked: each person's shares of 100 over the topics."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.scoring.rules.inputs import FloatArray


def stated_shares(points: FloatArray) -> FloatArray:
    """Return each person's importance points as shares of 100; NaN rows where fewer than two were given, or all are 0.

    `points` is people × topics, NaN where nothing was given; negative points are an error (ValueError).
    """
    if (points < 0).any():
        raise ValueError("importance points are not negative")
    given = ~np.isnan(points)
    sums = np.where(given, points, 0.0).sum(axis=1)
    is_valid = (given.sum(axis=1) > 1) & (sums > 0)
    shares: FloatArray = np.full(points.shape, np.nan)
    shares[is_valid] = 100 * points[is_valid] / sums[is_valid, None]
    return shares


def centroid_weights(n: int) -> FloatArray:
    """Return the points out of 100 for each place of an order of n: w_k = 100/n · Σ_{i=k…n} 1/i, the first place first.

    That is the mean of all ways to give 100 points in that order (rank order centroid, Barron & Barrett 1996).
    ValueError for an order of nothing.
    """
    if n < 1:
        raise ValueError("an order has one place at least")
    weights: FloatArray = 100 / n * np.cumsum(1 / np.arange(n, 0, -1))[::-1]
    return weights


def ranked_points(orders: Mapping[int, str], people: Sequence[int], topics: Sequence[str]) -> FloatArray:
    """Return people × `topics`: the points of each topic's place in what each person put into order; NaN: no order.

    `orders` holds topics with spaces between, the most important first, by the person's id. An order of other topics
    than these is none.
    """
    weights, column = centroid_weights(len(topics)), {topic: i for i, topic in enumerate(topics)}
    points: FloatArray = np.full((len(people), len(topics)), np.nan)
    for row, person in enumerate(people):
        order = orders.get(person, "").split()
        if set(order) == set(topics) and len(order) == len(topics):
            points[row, [column[topic] for topic in order]] = weights
    return points
