"""Matrices of VROOM's JSON as arrays, and what to know of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.sources.vroom_file import VroomFile

__all__ = ["as_square", "matrix_notes"]

_MOST_LONGER_SHARE: Final = 0.01
_MOST_LONGER_S: Final = 1
_MOST_PLACES: Final = 1000
"""Detours are looked for among so many places at most, which takes seconds."""

Ints = npt.NDArray[np.int64]


def as_square(rows: tuple[tuple[int, ...], ...]) -> Ints:
    """Return a matrix as an array; from a place to itself it is no way."""
    square = np.array(rows, np.int64)
    np.fill_diagonal(square, 0)
    return square


def matrix_notes(asked: VroomFile) -> Iterator[str]:
    """Tell what is odd about the matrices that are used."""
    for profile in sorted({vehicle.profile for vehicle in asked.vehicles} & set(asked.matrices)):
        matrix = asked.matrices[profile]
        for name, rows in (("durations", matrix.durations), ("distances", matrix.distances)):
            diagonal = np.flatnonzero([row[at] for at, row in enumerate(rows or ())]).tolist()
            if rows and diagonal:
                at = diagonal[0]
                yield (
                    f"matrices.{profile}.{name}: {len(diagonal):,} places are not 0 from "
                    f"themselves (place {at}: {rows[at][at]:,}); set to 0."
                )
        yield from _detours(f"matrices.{profile}.durations", as_square(matrix.durations))


def _detours(key: str, time_s: Ints) -> Iterator[str]:
    """Tell of times that are longer than the way by a third place."""
    if len(time_s) > _MOST_PLACES:
        return
    best, by = time_s.copy(), np.full(time_s.shape, -1)
    for third in range(len(time_s)):
        way = time_s[:, third, None] + time_s[None, third, :]
        by[way < best] = third
        np.minimum(best, way, out=best)
    longer = np.argwhere(
        (time_s > best * (1 + _MOST_LONGER_SHARE)) & (time_s > best + _MOST_LONGER_S)
    )
    if len(longer):
        one, other = longer[0].tolist()
        third, way_s = by[one, other], best[one, other]
        yield (
            f"{key}: {len(longer):,} pairs take longer than the way by a third place (from {one} "
            f"to {other} {time_s[one, other]:,} s, by {third} {way_s:,} s); they are taken as they "
            "are. Fix: reckon the matrix again, if that is not meant."
        )
