"""From a change that a scenario asks for to the links that it touches, or the road that it adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo import roads
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.scenario import ChosenRoads, NewRoad, OneWayRoads, RoadEnd, SlowRoads
from ntgeo.domain.units import WGS84
from ntgeo.errors import Fault, InputError, first_five
from ntgeo.roads.changes.new_links import NewLink
from ntgeo.roads.projection import project
from ntgeo.roads.search.questions import MODE_WORDS
from ntgeo.roads.speeds import KPH_PER_MPH
from ntgeo.services.boundary import read_boundary, read_line
from ntgeo.services.question import Question

__all__ = [
    "CHANGES_ROLE",
    "Chosen",
    "Networks",
    "by_modes",
    "choose_links",
    "read_new_road",
    "refused",
]

Longs = npt.NDArray[np.int64]
Networks = Mapping[TravelMode, roads.RoadNetwork]

CHANGES_ROLE: Final = "roads.changes"
"""What the files that changes name are read as."""
_LEAST_SLOWED_SHARE: Final = 0.5
_DIRECTIONS: Final = {
    "north": (0.0, 1.0),
    "north-east": (1.0, 1.0),
    "east": (1.0, 0.0),
    "south-east": (1.0, -1.0),
    "south": (0.0, -1.0),
    "south-west": (-1.0, -1.0),
    "west": (-1.0, 0.0),
    "north-west": (-1.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """Links of one mode's roads, and what is to be done to them.

    Args:
        changes: What is to be done; none where nothing of the choice may be used by the mode.
        remark: What a reader should know of the choice; may be empty.
    """

    changes: tuple[roads.RoadChange, ...]
    remark: str = ""

    @property
    def links(self) -> list[int]:
        """Numbers of the links that are changed."""
        return [link for change in self.changes for link in change.links]


def refused(title: str, what: str, fix: str) -> InputError:
    """Return the refusal of a change, told by its title."""
    return InputError(Fault(file=f'"{title}"', what=what, fix=fix, code="roads-change"))


def choose_links(
    question: Question, networks: Networks, asked: ChosenRoads
) -> dict[TravelMode, Chosen]:
    """Return the links that a change touches, for every mode.

    Raises:
        InputError: A way or a file is not what it should be, or no mode has a road there.
        DataUnavailableError: The file of the area is not there.
    """
    if asked.within is None:
        _refuse_unknown_ways(networks, asked)
        chosen = {
            mode: _chosen(network, asked, roads.links_of_ways(network, asked.ways))
            for mode, network in networks.items()
        }
    else:
        chosen = _within(question, networks, asked)
    if any(item.changes for item in chosen.values()):
        return chosen
    if isinstance(asked, OneWayRoads):
        what = f"no road there, used {by_modes(networks)}, runs {asked.towards} or the other way"
        raise refused(asked.title, what, "give the direction along the road; walkers have none")
    what = f"{asked.within} touches no road that may be used {by_modes(networks)}"
    raise refused(asked.title, what, "look at both on a map: is the area where it should be?")


def by_modes(networks: Networks) -> str:
    """Return the modes in words: ``by car or on foot``."""
    return " or ".join(MODE_WORDS[mode] for mode in networks)


def _refuse_unknown_ways(networks: Networks, asked: ChosenRoads) -> None:
    known = np.concatenate([network.links.way for network in networks.values()])
    unknown = sorted(set(asked.ways) - set(known[np.isin(known, asked.ways)].tolist()))
    if unknown:
        what = (
            f"{len(unknown):,} of {len(set(asked.ways)):,} ways are no roads of the file that may "
            f"be used {by_modes(networks)}: {first_five(unknown)}"
        )
        raise refused(asked.title, what, "look the ids of the ways up on openstreetmap.org")


def _within(question: Question, networks: Networks, asked: ChosenRoads) -> dict[TravelMode, Chosen]:
    file = str(asked.within)
    path = question.path_of(CHANGES_ROLE, file)
    least_share = _LEAST_SLOWED_SHARE if isinstance(asked, SlowRoads) else 0.0
    chosen = {}
    for mode, network in networks.items():
        area = read_boundary(path, epsg=network.epsg, layer=asked.layer)
        links = roads.links_within(network, area, least_share=least_share)
        remark = "" if isinstance(asked, SlowRoads) else _bridges(network, links, area)
        chosen[mode] = _chosen(network, asked, links, remark)
    question.log(CHANGES_ROLE, file, rows=1)
    return chosen


def _bridges(
    network: roads.RoadNetwork, links: Longs, area: shapely.Polygon | shapely.MultiPolygon
) -> str:
    """Say which of the links cross without meeting, since only one of them may be meant."""
    stacked = roads.stacked_links(network, links, area)
    if not len(stacked):
        return ""
    ways = first_five(dict.fromkeys(network.links.first_way[stacked].tolist()))
    return (
        f"{len(stacked):,} links cross there without meeting (ways {ways}): a bridge and what it "
        "crosses are both changed; name ways instead to choose."
    )


def _chosen(
    network: roads.RoadNetwork, asked: ChosenRoads, links: Longs, remark: str = ""
) -> Chosen:
    if isinstance(asked, OneWayRoads):
        if network.mode is TravelMode.FOOT:
            links = links[:0]  # walkers go both ways
        along, against = roads.links_towards(network, links, _DIRECTIONS[asked.towards])
        left = len(links) - len(along) - len(against)
        if left:
            remark = f"{left:,} of {len(links):,} links run square to it and stay as they are."
        changes = [
            roads.RoadChange(links=tuple(along.tolist()), one_way="forward"),
            roads.RoadChange(links=tuple(against.tolist()), one_way="backward"),
        ]
    elif isinstance(asked, SlowRoads):
        kph = asked.most_mph * KPH_PER_MPH
        changes = [roads.RoadChange(links=tuple(links.tolist()), most_kph=kph)]
    else:
        changes = [roads.RoadChange(links=tuple(links.tolist()), is_closed=True)]
    return Chosen(changes=tuple(change for change in changes if change.links), remark=remark)


def read_new_road(question: Question, networks: Networks, asked: NewRoad) -> NewLink:
    """Return the road that a change adds.

    Raises:
        InputError: Its line or an end is not what it should be.
        DataUnavailableError: The file of the line is not there.
    """
    network = next(iter(networks.values()))
    if asked.line is not None:
        path = question.path_of(CHANGES_ROLE, asked.line)
        xy_m = np.array(read_line(path, epsg=network.epsg, layer=asked.layer).coords)
        question.log(CHANGES_ROLE, asked.line, rows=1)
    else:
        assert asked.start is not None  # noqa: S101 - the scenario was checked
        assert asked.end is not None  # noqa: S101 - as above
        ends = [_place_of(networks, asked, end) for end in (asked.start, asked.end)]
        xy_m = np.array(ends)
    tags = {
        "highway": asked.road_class,
        "oneway": "yes" if asked.is_one_way else "no",
        "name": asked.name,
    }
    if asked.limit_mph is not None:
        tags["maxspeed"] = f"{asked.limit_mph:g} mph"
    try:
        return NewLink(xy_m=xy_m, tags=tags)
    except ValueError as error:
        raise refused(asked.title, str(error), "set its ends farther apart") from None


def _place_of(networks: Networks, asked: NewRoad, end: RoadEnd) -> tuple[float, float]:
    """Return east and north of an end, in the networks' CRS."""
    if end.easting_m is not None and end.northing_m is not None:
        return end.easting_m, end.northing_m
    if end.lon is not None and end.lat is not None:
        epsg = next(iter(networks.values())).epsg
        x, y = project(np.array([[end.lon, end.lat]]), source=WGS84, target=epsg)[0].tolist()
        return x, y
    for network in networks.values():
        found = np.flatnonzero(network.junctions.osm == end.junction)
        if len(found):
            x, y = network.junctions.xy_m[found[0]].tolist()
            return x, y
    what = f"no roads that may be used {by_modes(networks)} meet or end at junction {end.junction}"
    raise refused(asked.title, what, "give easting_m and northing_m, or lon and lat, instead")
