"""The town as OpenStreetMap would hold it, in a ``.osm.pbf`` file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
import shapely
from osmium.osm.mutable import Node, Relation, Way

from ntgeo.files import replaced
from ntgeo.sample.ground import BOROUGH, Floats, placed, to_lon_lat
from ntgeo.sample.names import PARK_NAMES, RIVER_NAME
from ntgeo.sample.network import StreetNetwork
from ntgeo.sample.town import Town

__all__ = ["write_roads"]

Tags = dict[str, str]
Drawn = tuple[list[Floats], Tags]

_FERRY_AT: Final = 6250.0
_BY_CLASS: Final[dict[str, Tags]] = {
    "footway": {"foot": "yes", "surface": "asphalt"},
    "cycleway": {"bicycle": "designated", "foot": "designated"},
    "roundabout": {"oneway": "yes"},
}


def write_roads(town: Town, path: Path) -> None:
    """Write streets, water, parks, the ferry and banned turns.

    The file has no compression and names no library version, so that the bytes depend on the seed
    alone.
    """
    ways, turns = _street_ways(town)
    scenery = _scenery(town)
    drawn = [*ways, *scenery]
    corners = np.vstack([points for pieces, _ in drawn for points in pieces])
    spots: Floats
    spots, number = np.unique(np.round(corners, 1), axis=0, return_inverse=True)
    numbers = iter((number.reshape(-1) + 1).tolist())
    header = osmium.io.Header()
    header.set("generator", f"ntgeo.sample: {BOROUGH}")
    with replaced(path) as temporary:
        file = osmium.io.File(str(temporary), "osm.pbf,pbf_compression=none")
        with osmium.SimpleWriter(file, header=header, overwrite=True) as writer:
            for node_id, (lon, lat) in enumerate(to_lon_lat(spots).tolist(), start=1):
                writer.add_node(Node(id=node_id, version=1, location=(lon, lat)))
            for way_id, (pieces, tags) in enumerate(drawn, start=1):
                nodes = [next(numbers) for points in pieces for _ in points]
                writer.add_way(Way(id=way_id, version=1, nodes=_once(nodes), tags=tags))
            for relation_id, (members, tags) in enumerate(_restrictions(town, turns, spots), 1):
                writer.add_relation(Relation(id=relation_id, version=1, members=members, tags=tags))


def _once(nodes: list[int]) -> list[int]:
    return [node for k, node in enumerate(nodes) if k == 0 or node != nodes[k - 1]]


def _street_ways(town: Town) -> tuple[list[Drawn], dict[int, int]]:
    """Return the streets as ways, and the way of each stretch that a banned turn is about.

    A way ends where its street has a gap, and where a turn is banned.
    """
    network = town.network
    joints = {ban.junction for ban in town.banned_turns}
    about = {s for ban in town.banned_turns for s in (ban.from_stretch, ban.to_stretch)}
    ways: list[Drawn] = []
    way_of: dict[int, int] = {}
    last = -1
    for stretch in np.argsort(network.street, kind="stable").tolist():
        follows_on = (
            last >= 0
            and network.street[last] == network.street[stretch]
            and network.end[last] == network.start[stretch]
            and int(network.start[stretch]) not in joints
        )
        if not follows_on:
            ways.append(([], _street_tags(network, stretch)))
        ways[-1][0].append(network.points[stretch])
        if stretch in about:
            way_of[stretch] = len(ways)
        last = stretch
    return ways, way_of


def _street_tags(network: StreetNetwork, stretch: int) -> Tags:
    street = network.streets[int(network.street[stretch])]
    named = {"name": street.name} if street.name else {}
    kind = _BY_CLASS.get(street.highway, _BY_CLASS.get(street.pattern, {}))
    return dict(sorted({"highway": street.highway, **named, **kind, **street.tags}.items()))


def _restrictions(town: Town, way_of: dict[int, int], spots: Floats) -> Iterable[tuple[Any, Tags]]:
    for ban in town.banned_turns:
        spot = town.network.junctions[ban.junction]
        node_id = int(np.flatnonzero((spots == spot).all(axis=1))[0]) + 1
        members = [
            ("w", way_of[ban.from_stretch], "from"),
            ("n", node_id, "via"),
            ("w", way_of[ban.to_stretch], "to"),
        ]
        yield members, {"restriction": "no_right_turn", "type": "restriction"}


def _scenery(town: Town) -> list[Drawn]:
    ground = town.ground
    drawn: list[Drawn] = [
        ([shapely.get_coordinates(ground.coast)], {"natural": "coastline"}),
        ([shapely.get_coordinates(ground.river)], {"name": RIVER_NAME, "waterway": "river"}),
        (
            [shapely.get_coordinates(ground.water.exterior)],
            {"name": RIVER_NAME, "natural": "water", "water": "river"},
        ),
    ]
    parks = [quarter.outline.buffer(-12) for quarter in town.quarters if quarter.pattern == "park"]
    for name, park in zip(PARK_NAMES, parks, strict=False):
        outline = shapely.get_coordinates(park.simplify(2).exterior)
        drawn.append(([outline], {"leisure": "park", "name": name}))
    return drawn + _ferry(town)


def _ferry(town: Town) -> list[Drawn]:
    """Return the passenger ferry and the two paths down to it."""
    water = town.ground.water
    landing = placed([(_FERRY_AT, 0.0), (_FERRY_AT, 7000.0)])
    across = shapely.get_coordinates(shapely.LineString(landing).intersection(water.buffer(10)))
    network = town.network
    near = np.unique(np.concatenate([network.start, network.end])[np.tile(network.is_for_cars, 2)])
    drawn: list[Drawn] = []
    shores = shapely.get_parts(town.ground.dry)
    banks = shapely.MultiPolygon(sorted(shores, key=lambda shore: shore.centroid.y))
    for slip, bank in zip(across[[0, -1]], banks.geoms, strict=True):
        ashore = shapely.dwithin(bank, shapely.points(network.junctions[near]), 1.0)
        quays = network.junctions[near[ashore]]
        quay = quays[np.argmin(np.hypot(*(quays - slip).T))]
        path = {"foot": "yes", "highway": "footway", "name": "Ferry Landing"}
        drawn.append(([np.vstack([quay, slip])], path))
    tags = {
        "bicycle": "yes",
        "duration": "00:06",
        "foot": "yes",
        "motor_vehicle": "no",
        "name": "Harbour Ferry",
        "route": "ferry",
    }
    return [*drawn, ([across[[0, -1]]], tags)]
