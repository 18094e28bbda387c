"""The town: ground, quarters and streets put together."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.ops import unary_union

from ntgeo.sample.arterials import build_arterials, lines_of
from ntgeo.sample.ground import Ground, build_ground
from ntgeo.sample.names import name_streets
from ntgeo.sample.network import StreetNetwork, join_streets
from ntgeo.sample.patterns import build_pattern
from ntgeo.sample.quarters import Quarter, build_quarters
from ntgeo.sample.streams import Part, stream
from ntgeo.sample.traffic import BannedTurn, ban_turns, make_one_way, set_speed_limits

__all__ = ["Town", "build_town"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Everything that stands before anybody moves in."""

    ground: Ground
    quarters: list[Quarter]
    network: StreetNetwork
    banned_turns: list[BannedTurn]


def build_town(seed: int) -> Town:
    """Return the town of a seed."""
    ground = build_ground(seed)
    rng = stream(seed, Part.STREETS)
    arterials = build_arterials(ground)
    quarters, cuts = build_quarters(ground, arterials, rng)
    main_roads = [*arterials, *cuts]
    roads = unary_union(lines_of(main_roads))
    streets = [street for quarter in quarters for street in build_pattern(quarter, roads, rng)]
    wet = ground.water.buffer(4)
    dry_streets = [s for s in streets if not shapely.LineString(s.points).intersects(wet)]
    network = join_streets([*main_roads, *dry_streets], rng)
    name_streets(network.streets, stream(seed, Part.NAMES))
    traffic = stream(seed, Part.TRAFFIC)
    set_speed_limits(network.streets, traffic)
    make_one_way(network, traffic)
    return Town(
        ground=ground,
        quarters=quarters,
        network=network,
        banned_turns=ban_turns(network, traffic),
    )
