"""Kinds of arrays, and the scale of their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "MS_PER_HOUR",
    "MS_PER_MINUTE",
    "MS_PER_S",
    "BoolArray",
    "FloatArray",
    "IntArray",
    "bools",
    "floats",
    "ints",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MS_PER_S: Final = 1000
MS_PER_MINUTE: Final = 60 * MS_PER_S
MS_PER_HOUR: Final = 60 * MS_PER_MINUTE


def ints(values: Sequence[object], *shape: int) -> IntArray:
    """Return whole numbers as an array; the shape tells an empty one's."""
    array = np.array(values, dtype=np.int64)
    return array.reshape(shape) if shape else array


def floats(values: Sequence[object], *shape: int) -> FloatArray:
    """Return numbers as an array; the shape tells an empty one's."""
    array = np.array(values, dtype=np.float64)
    return array.reshape(shape) if shape else array


def bools(values: Sequence[object], *shape: int) -> BoolArray:
    """Return truths as an array; the shape tells an empty one's."""
    array = np.array(values, dtype=np.bool_)
    return array.reshape(shape) if shape else array
