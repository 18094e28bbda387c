"""Travel-time matrices as ``.npz`` files: compact, exact, and opened with pickles refused."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any

import numpy as np

from ntgeo.domain.matrix import UNTOLD_RANGE, TimeRange, TravelMode, TravelTimeMatrix
from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.files import NPZ_DAMAGE, write_bytes

__all__ = ["read_travel", "write_travel"]


def write_travel(path: Path, travel: TravelTimeMatrix) -> None:
    """Write a matrix, whole or not at all; the same matrix gives the same bytes."""
    content = io.BytesIO()
    np.savez_compressed(
        content,
        origins=np.array(travel.origins, dtype=np.str_),
        destinations=np.array(travel.destinations, dtype=np.str_),
        time_s=travel.time_s,
        distance_m=travel.distance_m,
        mode=np.array(travel.mode.value),
        method=np.array(travel.method),
        range_shares=np.array([travel.time_range.low_share, travel.time_range.high_share]),
        range_source=np.array(travel.time_range.source),
        departs_at=np.array("" if travel.departs_at is None else travel.departs_at.isoformat()),
    )
    write_bytes(path, content.getvalue())


def _when(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the range and the departure, which runs of the first format do not hold."""
    if "range_shares" not in content:
        return {"time_range": UNTOLD_RANGE}
    low, high = content["range_shares"].tolist()
    source, clock = str(content["range_source"]), str(content["departs_at"])
    return {
        "time_range": TimeRange(low_share=low, high_share=high, source=source),
        "departs_at": time.fromisoformat(clock) if clock else None,
    }


def read_travel(path: Path) -> TravelTimeMatrix:
    """Read what :func:`write_travel` wrote; a matrix of an older run tells no range.

    Raises:
        DataUnavailableError: The file is missing.
        InputError: The file is not what ntgeo wrote.
    """
    if not path.is_file():
        raise DataUnavailableError(path.name, "there is no such file", "run the scenario again")
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as content:
            return TravelTimeMatrix(
                origins=tuple(content["origins"].tolist()),
                destinations=tuple(content["destinations"].tolist()),
                time_s=content["time_s"],
                distance_m=content["distance_m"],
                mode=TravelMode(str(content["mode"])),
                method=str(content["method"]),
                **_when(content),
            )
    except NPZ_DAMAGE as error:
        fault = Fault(
            file=path.name,
            what=f"not a travel-time matrix as ntgeo writes it ({type(error).__name__})",
            fix="run the scenario again",
            code="torn-file",
        )
        raise InputError(fault) from None
