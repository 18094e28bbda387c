"""OSM road networks as arrays: travel times, distances, paths, reach and what-if.

Names are loaded when first used, so that ``import ntgeo.roads`` is fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntgeo.roads.blocks import TimesOnDisk, open_times, write_times
    from ntgeo.roads.checks import NetworkChecks, check_network
    from ntgeo.roads.engine import prepare
    from ntgeo.roads.network import RoadNetwork
    from ntgeo.roads.paths import RoadPath, StreetLeg, fastest_paths, trace_paths
    from ntgeo.roads.reach import reach_areas
    from ntgeo.roads.reading import read_roads
    from ntgeo.roads.snapping import SnappedPlaces, snap_places
    from ntgeo.roads.speeds import SpeedTable, read_speeds
    from ntgeo.roads.store import load_network, write_network
    from ntgeo.roads.times import straight_line_times, travel_times
    from ntgeo.roads.whatif import (
        RoadChange,
        at_time_of_day,
        change_roads,
        links_of_ways,
        links_within,
    )

__all__ = [
    "NetworkChecks",
    "RoadChange",
    "RoadNetwork",
    "RoadPath",
    "SnappedPlaces",
    "SpeedTable",
    "StreetLeg",
    "TimesOnDisk",
    "at_time_of_day",
    "change_roads",
    "check_network",
    "fastest_paths",
    "links_of_ways",
    "links_within",
    "load_network",
    "open_times",
    "prepare",
    "reach_areas",
    "read_roads",
    "read_speeds",
    "snap_places",
    "straight_line_times",
    "trace_paths",
    "travel_times",
    "write_network",
    "write_times",
]

_HOME = {
    "NetworkChecks": "checks",
    "RoadChange": "whatif",
    "RoadNetwork": "network",
    "RoadPath": "paths",
    "SnappedPlaces": "snapping",
    "SpeedTable": "speeds",
    "StreetLeg": "paths",
    "TimesOnDisk": "blocks",
    "at_time_of_day": "whatif",
    "change_roads": "whatif",
    "check_network": "checks",
    "fastest_paths": "paths",
    "links_of_ways": "whatif",
    "links_within": "whatif",
    "load_network": "store",
    "open_times": "blocks",
    "prepare": "engine",
    "reach_areas": "reach",
    "read_roads": "reading",
    "read_speeds": "speeds",
    "snap_places": "snapping",
    "straight_line_times": "times",
    "trace_paths": "paths",
    "travel_times": "times",
    "write_network": "store",
    "write_times": "blocks",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
