"""What a given round costs at least."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ntgeo.routing.bounds.labels import new_labels
from ntgeo.routing.bounds.pricing import Look, cheapest_rounds
from ntgeo.routing.bounds.ways import RoundWay

__all__ = ["round_gbp"]

_WORTH_GBP = 1e6
_MOST_WORK = 1_000_000
_WORD_BITS = 64


def round_gbp(ways: Iterable[RoundWay], visits: tuple[int, ...]) -> float:
    """Return what a round costs at least, whichever way of a kind of shift it is worked."""
    return min((_along_gbp(way, visits) for way in ways), default=np.inf)


def _along_gbp(way: RoundWay, visits: tuple[int, ...]) -> float:
    order, count = np.array(visits), len(visits)
    rows, legs = np.append(order, len(way.load)), np.full((count + 1, count), np.inf)
    here = np.append(np.arange(count - 1), count)
    there = np.append(np.arange(1, count), 0)
    legs[here, there] = way.before_s[np.ix_(rows, order)][here, there]
    alone = way._replace(
        before_s=legs,
        after_s=way.after_s[np.ix_(rows, order)],
        leg_gbp=way.leg_gbp[np.ix_(rows, order)],
        end_s=way.end_s[order],
        end_gbp=way.end_gbp[order],
        windows_s=way.windows_s[order],
        latest_s=way.latest_s[order],
        late=way.late[order],
        load=way.load[order],
    )
    words = np.zeros((count, (count + 63) // 64), dtype=np.uint64)
    room = 2 + 4 * (count + 1) * (len(way.rests) + 1) * (way.windows_s.shape[1] + 2) ** 2
    labels = new_labels(room, count, len(way.rests))
    worth_gbp = np.full(count, _WORTH_GBP)
    look = Look(worth_gbp, words, labels, np.zeros(room), 0.0, _MOST_WORK, is_rough=False)
    found = cheapest_rounds(alone, look, 1).rounds
    if not found or len(found[0][0]) < count:
        return np.inf
    return found[0][1] + _WORTH_GBP * count
