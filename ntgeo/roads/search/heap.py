"""The queue of every search here: an indexed 4-ary heap, compiled into the search that uses it.

``key`` and ``vertex`` are the queue, least key first; ``place`` tells where in it a vertex stands.

Source: D. B. Johnson, "Priority queues with update and finding minimum spanning trees", 1975.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["raise_up", "sink_last"]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]


@numba.njit(cache=True, nogil=True, inline="always")
def raise_up(
    key: Longs, vertex: Ints, place: Ints, slot: int, new_key: int, new_vertex: int
) -> None:
    """Put a vertex into the queue at ``slot``, or above, where its key belongs."""
    while slot > 0:
        parent = (slot - 1) >> 2
        if key[parent] <= new_key:
            break
        key[slot] = key[parent]
        vertex[slot] = vertex[parent]
        place[vertex[slot]] = slot
        slot = parent
    key[slot] = new_key
    vertex[slot] = new_vertex
    place[new_vertex] = slot


@numba.njit(cache=True, nogil=True, inline="always")
def sink_last(key: Longs, vertex: Ints, place: Ints, size: int) -> None:
    """Put the last of ``size + 1`` entries in the place of the first, and let it sink."""
    last_key, last_vertex, slot = key[size], vertex[size], 0
    while True:
        child = 4 * slot + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            if key[other] < key[best]:
                best = other
        if key[best] >= last_key:
            break
        key[slot] = key[best]
        vertex[slot] = vertex[best]
        place[vertex[slot]] = slot
        slot = best
    if size > 0:
        key[slot] = last_key
        vertex[slot] = last_vertex
        place[last_vertex] = slot
