"""Travel-time matrices as tidy tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ntgeo.domain.matrix import TravelTimeMatrix

__all__ = ["travel_table"]


def travel_table(travel: TravelTimeMatrix) -> pd.DataFrame:
    """Return one row a reachable pair: ``origin_id, destination_id, time_s, distance_m``.

    Pairs without a way are not in it.
    """
    rows, columns = np.nonzero(travel.is_reachable)
    return pd.DataFrame(
        {
            "origin_id": np.array(travel.origins, dtype=object)[rows],
            "destination_id": np.array(travel.destinations, dtype=object)[columns],
            "time_s": travel.time_s[rows, columns],
            "distance_m": travel.distance_m[rows, columns],
        }
    )
