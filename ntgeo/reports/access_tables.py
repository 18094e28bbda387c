"""What is within reach, as a tidy table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.reports.columns import typed_frame

__all__ = ["access_table"]

_COLUMNS = ("origin_id", "limit_s", "reached", "reached_weight", "nearest_id", "nearest_time_s")


def access_table(
    origins: Sequence[str],
    limits_s: Sequence[float],
    reached: tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]],
    nearest: tuple[Mapping[str, str], npt.NDArray[np.float64]],
) -> pd.DataFrame:
    """Return one row for each origin and limit.

    Args:
        origins: Ids.
        limits_s: Seconds.
        reached: (origins, limits) how many destinations, and the sum of their weights.
        nearest: The nearest destination by origin, and (origins,) the seconds to it.

    Returns:
        ``origin_id, limit_s, reached, reached_weight, nearest_id, nearest_time_s``.
    """
    many = len(limits_s)
    counts, weights = reached
    nearest_of, nearest_s = nearest
    cells = {
        "origin_id": np.repeat(np.array(origins, dtype=object), many),
        "limit_s": np.tile(np.array(limits_s, float), len(origins)),
        "reached": counts.ravel(),
        "reached_weight": weights.ravel(),
        "nearest_id": [nearest_of.get(origin, "") for origin in origins for _ in range(many)],
        "nearest_time_s": np.repeat(nearest_s, many),
    }
    return typed_frame(cells, _COLUMNS)
