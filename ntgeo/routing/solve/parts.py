"""Parts of a large day: neighbouring rounds, which a search betters on their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ntgeo.routing.figures import DayArrays, same_shifts
from ntgeo.routing.figures.arrays import FloatArray, IntArray, ints

__all__ = ["parts_of"]


def parts_of(
    day: DayArrays, orders: Sequence[Sequence[int]], chance: np.random.Generator, visits: int
) -> Iterator[IntArray]:
    """Yield the shifts of each part; every round is in one part at least.

    A part is a round by chance, of those that were in no part yet, with the rounds nearest to it,
    and an empty shift of each kind.

    Args:
        day: The whole day.
        orders: Its rounds.
        chance: Which round a part begins with.
        visits: Of a part, at least, if there are so many.
    """
    size = ints([len(order) for order in orders])
    made = np.flatnonzero(size)
    if not len(made):
        return
    apart = _apart(day, [orders[shift] for shift in made.tolist()])
    spare = np.flatnonzero(size == 0)
    spare = spare[np.unique(same_shifts(day)[spare], return_index=True)[1]]
    is_left = np.ones(len(made), dtype=np.bool_)
    for first in chance.permutation(len(made)).tolist():
        if not is_left[first]:
            continue
        near = np.argsort(apart[first], kind="stable")
        count = 1 + int(np.searchsorted(np.cumsum(size[made[near]]), visits))
        is_left[near[:count]] = False
        yield np.sort(np.concatenate([made[near[:count]], spare]))


def _apart(day: DayArrays, rounds: Sequence[Sequence[int]]) -> FloatArray:
    """Return (rounds, rounds) the mean way from a round's visits to the nearest of the other's."""
    visits = ints([visit for order in rounds for visit in order])
    size = ints([len(order) for order in rounds])
    first = np.cumsum(size) - size
    places = day.legs.depot_count + visits
    legs_ms = day.legs.leg_ms[0][np.ix_(places, places)]
    nearest_ms = np.minimum.reduceat(np.minimum(legs_ms, legs_ms.T), first, axis=1)
    apart: FloatArray = np.add.reduceat(nearest_ms, first, axis=0) / size[:, None]
    return apart
