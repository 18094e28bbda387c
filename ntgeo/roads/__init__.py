"""OSM road networks as arrays: travel times, distances, paths, reach and what-if.

Names are loaded when first used, so that ``import ntgeo.roads`` is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.roads.access import AccessCounts, access_counts
    from ntgeo.roads.blocks import TimesOnDisk, open_times, write_times
    from ntgeo.roads.by_departure import travel_times_by_departure
    from ntgeo.roads.calibration import SpeedFit, fit_speeds
    from ntgeo.roads.catchments import Catchment, catchment_areas
    from ntgeo.roads.changes import RoadChange
    from ntgeo.roads.checks import Finding, NetworkChecks, check_network
    from ntgeo.roads.download import Overpass, fetch_roads
    from ntgeo.roads.engine import prepare
    from ntgeo.roads.facilities import nearest_facility
    from ntgeo.roads.nearest import nearest_destinations, travel_times_within
    from ntgeo.roads.network import RoadNetwork
    from ntgeo.roads.new_links import NewLink, add_links
    from ntgeo.roads.own_links import write_links
    from ntgeo.roads.paths import RoadPath, StreetLeg, fastest_paths, trace_paths
    from ntgeo.roads.reach import reach_areas, reach_bands
    from ntgeo.roads.reading import read_roads
    from ntgeo.roads.snapping import SnappedPlaces, snap_places
    from ntgeo.roads.speeds import SpeedTable, read_speeds
    from ntgeo.roads.speeds_text import write_speeds
    from ntgeo.roads.store import load_network, write_network
    from ntgeo.roads.tag_gaps import TagGap
    from ntgeo.roads.time_parts import PartedRoads, read_parted_roads
    from ntgeo.roads.times import straight_line_times, travel_times
    from ntgeo.roads.whatif import (
        at_time_of_day,
        change_roads,
        links_of_ways,
        links_towards,
        links_within,
        stacked_links,
    )

__all__ = [
    "AccessCounts",
    "Catchment",
    "Finding",
    "NetworkChecks",
    "NewLink",
    "Overpass",
    "PartedRoads",
    "RoadChange",
    "RoadNetwork",
    "RoadPath",
    "SnappedPlaces",
    "SpeedFit",
    "SpeedTable",
    "StreetLeg",
    "TagGap",
    "TimesOnDisk",
    "access_counts",
    "add_links",
    "at_time_of_day",
    "catchment_areas",
    "change_roads",
    "check_network",
    "fastest_paths",
    "fetch_roads",
    "fit_speeds",
    "links_of_ways",
    "links_towards",
    "links_within",
    "load_network",
    "nearest_destinations",
    "nearest_facility",
    "open_times",
    "prepare",
    "reach_areas",
    "reach_bands",
    "read_parted_roads",
    "read_roads",
    "read_speeds",
    "snap_places",
    "stacked_links",
    "straight_line_times",
    "trace_paths",
    "travel_times",
    "travel_times_by_departure",
    "travel_times_within",
    "write_links",
    "write_network",
    "write_speeds",
    "write_times",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "access": ["AccessCounts", "access_counts"],
        "blocks": ["TimesOnDisk", "open_times", "write_times"],
        "by_departure": ["travel_times_by_departure"],
        "calibration": ["SpeedFit", "fit_speeds"],
        "catchments": ["Catchment", "catchment_areas"],
        "changes": ["RoadChange"],
        "checks": ["Finding", "NetworkChecks", "check_network"],
        "download": ["Overpass", "fetch_roads"],
        "engine": ["prepare"],
        "facilities": ["nearest_facility"],
        "nearest": ["nearest_destinations", "travel_times_within"],
        "network": ["RoadNetwork"],
        "new_links": ["NewLink", "add_links"],
        "own_links": ["write_links"],
        "paths": ["RoadPath", "StreetLeg", "fastest_paths", "trace_paths"],
        "reach": ["reach_areas", "reach_bands"],
        "reading": ["read_roads"],
        "snapping": ["SnappedPlaces", "snap_places"],
        "speeds": ["SpeedTable", "read_speeds"],
        "speeds_text": ["write_speeds"],
        "store": ["load_network", "write_network"],
        "tag_gaps": ["TagGap"],
        "time_parts": ["PartedRoads", "read_parted_roads"],
        "times": ["straight_line_times", "travel_times"],
        "whatif": [
            "at_time_of_day",
            "change_roads",
            "links_of_ways",
            "links_towards",
            "links_within",
            "stacked_links",
        ],
    },
)
