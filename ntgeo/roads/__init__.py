"""OSM road networks as arrays: travel times, distances, paths, reach and what-if.

Names are loaded when first used, so that ``import ntgeo.roads`` is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.roads.answers.access import AccessCounts, access_counts
    from ntgeo.roads.answers.blocks import TimesOnDisk, open_times, write_times
    from ntgeo.roads.answers.by_departure import travel_times_by_departure
    from ntgeo.roads.answers.catchments import Catchment, catchment_areas
    from ntgeo.roads.answers.checks import Finding, NetworkChecks, check_network, days_too_old
    from ntgeo.roads.answers.facilities import nearest_facility
    from ntgeo.roads.answers.nearest import nearest_destinations, travel_times_within
    from ntgeo.roads.answers.paths import RoadPath, StreetLeg, fastest_paths, trace_paths
    from ntgeo.roads.answers.reach import reach_areas, reach_bands
    from ntgeo.roads.answers.times import (
        straight_line_nearest,
        straight_line_times,
        travel_times,
    )
    from ntgeo.roads.calibration.fit import SpeedFit, fit_speeds
    from ntgeo.roads.calibration.speeds_text import write_speeds
    from ntgeo.roads.calibration.time_parts import PartedRoads, read_parted_roads
    from ntgeo.roads.changes.new_links import NewLink, add_links
    from ntgeo.roads.changes.whatif import (
        at_time_of_day,
        change_roads,
        links_of_ways,
        links_towards,
        links_within,
        stacked_links,
    )
    from ntgeo.roads.files.download import Overpass, fetch_roads
    from ntgeo.roads.files.own_links import write_links
    from ntgeo.roads.files.reading import read_roads
    from ntgeo.roads.files.store import load_network, write_network
    from ntgeo.roads.network import RoadNetwork
    from ntgeo.roads.road_change import RoadChange
    from ntgeo.roads.search.engine import prepare
    from ntgeo.roads.search.snapping import SnappedPlaces, snap_places
    from ntgeo.roads.speeds import SpeedTable, read_speeds
    from ntgeo.roads.tag_gaps import TagGap

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
    "days_too_old",
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
    "straight_line_nearest",
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
        "answers.access": ["AccessCounts", "access_counts"],
        "answers.blocks": ["TimesOnDisk", "open_times", "write_times"],
        "answers.by_departure": ["travel_times_by_departure"],
        "calibration.fit": ["SpeedFit", "fit_speeds"],
        "answers.catchments": ["Catchment", "catchment_areas"],
        "road_change": ["RoadChange"],
        "answers.checks": ["Finding", "NetworkChecks", "check_network", "days_too_old"],
        "files.download": ["Overpass", "fetch_roads"],
        "search.engine": ["prepare"],
        "answers.facilities": ["nearest_facility"],
        "answers.nearest": ["nearest_destinations", "travel_times_within"],
        "network": ["RoadNetwork"],
        "changes.new_links": ["NewLink", "add_links"],
        "files.own_links": ["write_links"],
        "answers.paths": ["RoadPath", "StreetLeg", "fastest_paths", "trace_paths"],
        "answers.reach": ["reach_areas", "reach_bands"],
        "files.reading": ["read_roads"],
        "search.snapping": ["SnappedPlaces", "snap_places"],
        "speeds": ["SpeedTable", "read_speeds"],
        "calibration.speeds_text": ["write_speeds"],
        "files.store": ["load_network", "write_network"],
        "tag_gaps": ["TagGap"],
        "calibration.time_parts": ["PartedRoads", "read_parted_roads"],
        "answers.times": ["straight_line_nearest", "straight_line_times", "travel_times"],
        "changes.whatif": [
            "at_time_of_day",
            "change_roads",
            "links_of_ways",
            "links_towards",
            "links_within",
            "stacked_links",
        ],
    },
)
