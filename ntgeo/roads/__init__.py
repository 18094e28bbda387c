"""OSM road networks as arrays: travel times, distances and paths.

Names are loaded when first used, so that ``import ntgeo.roads`` is fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntgeo.roads.network import RoadNetwork
    from ntgeo.roads.paths import RoadPath, StreetLeg, fastest_paths, trace_paths
    from ntgeo.roads.reading import read_roads
    from ntgeo.roads.snapping import SnappedPlaces, snap_places
    from ntgeo.roads.store import load_network, write_network
    from ntgeo.roads.times import straight_line_times, travel_times

__all__ = [
    "RoadNetwork",
    "RoadPath",
    "SnappedPlaces",
    "StreetLeg",
    "fastest_paths",
    "load_network",
    "read_roads",
    "snap_places",
    "straight_line_times",
    "trace_paths",
    "travel_times",
    "write_network",
]

_HOME = {
    "RoadNetwork": "network",
    "RoadPath": "paths",
    "SnappedPlaces": "snapping",
    "StreetLeg": "paths",
    "fastest_paths": "paths",
    "load_network": "store",
    "read_roads": "reading",
    "snap_places": "snapping",
    "straight_line_times": "times",
    "trace_paths": "paths",
    "travel_times": "times",
    "write_network": "store",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
