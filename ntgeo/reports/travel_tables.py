"""Travel-time matrices as tidy tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ntgeo.domain.matrix import TravelTimeMatrix

__all__ = ["travel_table"]


def travel_table(travel: TravelTimeMatrix) -> pd.DataFrame:
    """Return one row a reachable pair.

    Returns:
        ``origin_id, destination_id, time_s, time_low_s, time_high_s, distance_m``; pairs without a
        way are not in it.
    """
    rows, columns = np.nonzero(travel.is_reachable)
    time_s = travel.time_s[rows, columns]
    return pd.DataFrame(
        {
            "origin_id": np.array(travel.origins, dtype=object)[rows],
            "destination_id": np.array(travel.destinations, dtype=object)[columns],
            "time_s": time_s,
            "time_low_s": time_s * travel.time_range.low_share,
            "time_high_s": time_s * travel.time_range.high_share,
            "distance_m": travel.distance_m[rows, columns],
        }
    )
