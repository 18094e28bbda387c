"""Speed limits, one-way streets and banned turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.sparse.csgraph import connected_components

from ntgeo.sample.arterials import Street
from ntgeo.sample.ground import CENTRE, Floats, placed
from ntgeo.sample.network import StreetNetwork

__all__ = ["BannedTurn", "ban_turns", "make_one_way", "set_speed_limits"]

_ONE_WAY_STREETS: Final = 26
_BANNED_TURNS: Final = 3
_TOWN_RADIUS_M: Final = 3300.0
_RIGHT_TURN: Final = (-135.0, -45.0)
_SIGNED_SHARE: Final = {"centre": 1.0, "terrace": 0.95, "semi": 0.7, "ring": 0.6, "close": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class BannedTurn:
    """No right turn from one stretch into another at a junction."""

    from_stretch: int
    to_stretch: int
    junction: int


def set_speed_limits(streets: list[Street], rng: np.random.Generator) -> None:
    """Sign most streets; some of the estates stay unsigned, as in real OSM data."""
    market = shapely.Point(placed([CENTRE])[0])
    for street in streets:
        draw = rng.random()
        if street.highway in {"footway", "cycleway", "service"}:
            continue
        away_m = shapely.LineString(street.points).distance(market)
        if street.pattern in {"arterial", "bridge", "roundabout"}:
            street.tags["maxspeed"] = _main_road_limit(street, away_m)
        elif street.pattern == "rural":
            street.tags["maxspeed"] = "60 mph"
        elif draw < _SIGNED_SHARE.get(street.pattern, 0.55):
            is_zone = street.pattern in {"centre", "terrace"}
            street.tags["maxspeed"] = "20 mph" if is_zone else "30 mph"


def _main_road_limit(street: Street, away_m: float) -> str:
    if "Outer Ring" in street.name or street.name == "Staithes Bridge":
        return "40 mph"
    if street.highway == "unclassified":
        return "60 mph"
    return "40 mph" if away_m > _TOWN_RADIUS_M else "30 mph"


def make_one_way(network: StreetNetwork, rng: np.random.Generator) -> None:
    """Make some streets of the old town one-way, as long as each place still reaches each."""
    old = [
        index
        for index, street in enumerate(network.streets)
        if street.pattern in {"centre", "terrace"} and street.highway == "residential"
    ]
    made = 0
    for index in np.array(old)[rng.permutation(len(old))].tolist():
        if made == _ONE_WAY_STREETS:
            return
        if np.count_nonzero(network.street == index) < 2:  # noqa: PLR2004 - one block is no street
            continue
        before = _strong_pieces(network)
        network.streets[index].tags["oneway"] = "yes"
        if _strong_pieces(network) > before:
            del network.streets[index].tags["oneway"]
        else:
            made += 1


def _strong_pieces(network: StreetNetwork) -> int:
    return int(connected_components(network.graph(), connection="strong")[0])


def ban_turns(network: StreetNetwork, rng: np.random.Generator) -> list[BannedTurn]:
    """Ban a few right turns out of side streets into main roads, in different parts of town."""
    highway = np.array([street.highway for street in network.streets])[network.street]
    is_free = network.is_for_cars & ~network.is_one_way
    sides = np.flatnonzero((highway == "residential") & is_free)
    mains = np.flatnonzero(np.isin(highway, ["primary", "secondary"]) & is_free)
    bans: list[BannedTurn] = []
    for side in sides[rng.permutation(len(sides))].tolist():
        junction = int(network.end[side])
        right = [
            main
            for main in mains[(network.start[mains] == junction) | (network.end[mains] == junction)]
            if _RIGHT_TURN[0] < _turn_deg(network, side, int(main)) < _RIGHT_TURN[1]
        ]
        spots = network.junctions[[ban.junction for ban in bans]]
        is_apart = bool(np.all(np.hypot(*(spots - network.junctions[junction]).T) > 1000))  # noqa: PLR2004 - metres
        if len(right) == 1 and is_apart:
            bans.append(BannedTurn(from_stretch=side, to_stretch=int(right[0]), junction=junction))
        if len(bans) == _BANNED_TURNS:
            break
    return bans


def _turn_deg(network: StreetNetwork, side: int, main: int) -> float:
    """Return the turn at the end of ``side`` into ``main``: left above 0, right below."""
    arriving = network.points[side][-1] - network.points[side][-2]
    away = network.points[main]
    if network.start[main] != network.end[side]:
        away = away[::-1]
    return _between_deg(arriving, away[1] - away[0])


def _between_deg(arriving: Floats, leaving: Floats) -> float:
    turn = np.arctan2(leaving[1], leaving[0]) - np.arctan2(arriving[1], arriving[0])
    return float(np.degrees((turn + np.pi) % (2 * np.pi) - np.pi))
