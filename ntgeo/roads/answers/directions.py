"""How to go along a way in plain English, from the arcs travelled and the roads beside them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.places import Location
from ntgeo.roads.building.linking import class_rank
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.entries import ACCESS_KPH

__all__ = ["Directions", "Leg"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_HEADING_M: Final = 15.0
_SHORT_M: Final = 50.0
"""Unnamed bits shorter than this between two others are part of the junction."""
_WALK_M: Final = 25.0
_BESIDE_M: Final = 3.0
_STRAIGHT, _BEND, _TURN, _SHARP = 20.0, 45.0, 120.0, 165.0
_FORK: Final = 25.0
_WINDS: Final = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip
_NUMBER: Final = re.compile(r"[ABM]\d+(\(M\))?")
_UNNAMED: Final = {
    "cycleway": "a cycle track",
    "ferry": "a ferry",
    "footway": "a path",
    "path": "a path",
    "pedestrian": "a footway",
    "service": "a service road",
    "steps": "steps",
    "track": "a track",
}
_ENTER: Final = "Enter the roundabout"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leg:
    """One way.

    Args:
        arcs: (arcs,) travelled, in order.
        length_m: (arcs,) metres along each.
        time_s: (arcs,) seconds along each, the turn into it included.
        xy_m: (points, 2) from place to place.
        walk_m: Metres from the first place to the road, and from the road to the last place.
        total: Seconds and metres of the whole.
    """

    arcs: Longs
    length_m: Floats
    time_s: Floats
    xy_m: Floats
    walk_m: tuple[float, float]
    total: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Signposts:
    """What is told of each arc, as lists, since instructions look at one arc after another.

    Args:
        name: The street, or empty.
        road_class: Value of ``highway``.
        rank: Of the class; 0 is the greatest.
        is_ring: Whether it lies on a roundabout.
        out: Compass direction in which it is begun.
        into: The one in which it ends.
        head: Junction reached.
        link: Its link.
        first: (junctions + 1,) the first arc that leaves each junction.
    """

    name: list[str]
    road_class: list[str]
    rank: list[int]
    is_ring: list[bool]
    out: list[float]
    into: list[float]
    head: list[int]
    link: list[int]
    first: list[int]


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A step in the making."""

    text: str
    bearing_deg: float
    place: Floats
    time_s: float = 0.0
    distance_m: float = 0.0


class Directions:
    """Tells how to go along ways of a network; those on foot are told of no roundabouts."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        if "signposts" not in network.kept:
            network.kept["signposts"] = _signposts(network)
        self._signs: _Signposts = network.kept["signposts"]

    def of(self, leg: Leg) -> tuple[PathStep, ...]:
        """Return the instructions of one way; their figures add up to its own."""
        drafts = self._along_roads(leg) if len(leg.arcs) else []
        _add_walks(leg, drafts)
        longest = max(drafts, key=lambda draft: draft.distance_m)
        longest.time_s += leg.total[0] - sum(draft.time_s for draft in drafts)
        longest.distance_m += leg.total[1] - sum(draft.distance_m for draft in drafts)
        return tuple(
            PathStep(
                text=draft.text,
                distance_m=draft.distance_m,
                time_s=draft.time_s,
                bearing_deg=draft.bearing_deg,
                location=Location(
                    easting_m=float(draft.place[0]), northing_m=float(draft.place[1])
                ),
            )
            for draft in drafts
        )

    def _along_roads(self, leg: Leg) -> list[_Draft]:
        arcs = leg.arcs.tolist()
        texts = self._texts(arcs, leg.length_m.tolist())
        on_road = min(int(leg.walk_m[0] > 0), len(leg.xy_m) - 2)
        setting_out = _bearing(leg.xy_m[on_road], leg.xy_m[on_road + 1])
        head = f"Head {_wind(setting_out)} {self._on(arcs[0], 'on')}"
        drafts = [_Draft(text=head, bearing_deg=setting_out, place=leg.xy_m[on_road])]
        for at, text in texts:
            tail = self._network.arcs.tail[arcs[at]]
            drafts.append(
                _Draft(
                    text=text,
                    bearing_deg=self._signs.out[arcs[at]],
                    place=self._network.junctions.xy_m[tail],
                )
            )
        ends = [0, *(at for at, _ in texts), len(arcs)]
        for draft, (low, high) in zip(drafts, pairwise(ends), strict=True):
            draft.time_s = float(leg.time_s[low:high].sum())
            draft.distance_m = float(leg.length_m[low:high].sum())
        return drafts

    def _texts(self, arcs: list[int], length_m: list[float]) -> list[tuple[int, str]]:
        """Return the instructions after the first, and the number of the arc each begins with."""
        told: list[tuple[int, str]] = []
        exits = 0
        for before, here in pairwise(self._decisive(arcs, length_m)):
            one, other = arcs[before], arcs[here]
            if self._signs.is_ring[other]:
                exits = exits + self._exits(one, other) if self._signs.is_ring[one] else 0
                if not self._signs.is_ring[one]:
                    told.append((before + 1, _ENTER))
            elif self._signs.is_ring[one]:
                if told and told[-1][1] == _ENTER:
                    at, _ = told.pop()
                    exit_text = f"At the roundabout take the {_ordinal(exits + 1)} exit"
                    told.append((at, f"{exit_text} {self._on(other, 'into')}"))
                else:
                    told.append((before + 1, f"Leave the roundabout {self._on(other, 'into')}"))
            elif text := self._turn(arcs[before : here + 1]):
                told.append((before + 1, text))
        return told

    def _decisive(self, arcs: list[int], length_m: list[float]) -> list[int]:
        """Return the arcs between which somebody must decide: all but short unnamed bits."""
        kept: list[int] = []
        at = 0
        while at < len(arcs):
            end, metres = at, 0.0
            while end < len(arcs) and not (
                self._signs.name[arcs[end]] or self._signs.is_ring[arcs[end]]
            ):
                metres += length_m[end]
                end += 1
            is_between = 0 < at < end < len(arcs)
            is_dropped = (
                is_between
                and metres < _SHORT_M
                and not (self._signs.is_ring[arcs[at - 1]] and self._signs.is_ring[arcs[end]])
            )
            if not is_dropped:
                kept += range(at, end)
            if end < len(arcs):
                kept.append(end)
            at = end + 1
        return kept

    def _turn(self, arcs: list[int]) -> str | None:
        """Return how to go from the first arc to the last, those between being short bits."""
        signs, one, other = self._signs, arcs[0], arcs[-1]
        if "ferry" in (signs.road_class[one], signs.road_class[other]):
            return self._ferry(one, other)
        is_same = signs.name[one] == signs.name[other]
        if not any(self._others(*pair) for pair in pairwise(arcs)):
            is_news = bool(signs.name[other]) and not is_same
            return f"Continue {self._on(other, 'onto')}" if is_news else None
        angle = _turned(signs.out[other] - signs.into[one])
        if abs(angle) <= _BEND and (fork := self._fork(arcs, angle)):
            stay = f"Keep {fork}{self._to_stay(other)}"
            return stay if is_same else f"Keep {fork} {self._on(other, 'onto')}"
        return self._stay(other, angle) if is_same else self._leave(other, angle)

    def _ferry(self, one: int, other: int) -> str | None:
        signs = self._signs
        if signs.road_class[other] != "ferry":
            return f"Leave the ferry {self._on(other, 'onto')}"
        is_on_board = signs.road_class[one] == "ferry"
        return None if is_on_board else f"Take the ferry {signs.name[other]}".rstrip()

    def _stay(self, other: int, angle: float) -> str | None:
        if abs(angle) <= _BEND:
            return None
        return f"Turn {_hand(angle)}{self._to_stay(other)}"

    def _to_stay(self, arc: int) -> str:
        return f" to stay on {self._the(arc)}" if self._signs.name[arc] else ""

    def _leave(self, other: int, angle: float) -> str:
        size = abs(angle)
        if size <= _STRAIGHT:
            return f"Continue {self._on(other, 'onto')}"
        if size > _SHARP:
            return f"Turn back {self._on(other, 'along')}"
        how = "Bear" if size <= _BEND else "Turn" if size <= _TURN else "Turn sharp"
        return f"{how} {_hand(angle)} {self._on(other, 'into')}"

    def _fork(self, arcs: list[int], angle: float) -> str | None:
        """Return the side to keep to where another road as great leads on as straight."""
        one, other = arcs[0], arcs[-1]
        is_same, rank = self._signs.name[one] == self._signs.name[other], self._signs.rank[other]
        is_slip = self._signs.road_class[other].endswith("_link")
        rivals = [
            _turned(self._signs.out[arc] - self._signs.into[one])
            for arc in self._others(one, arcs[1])
            if (self._signs.rank[arc] <= rank or not is_same)
            and (is_slip or not self._signs.road_class[arc].endswith("_link"))
        ]
        near = [rival for rival in rivals if abs(rival) <= max(abs(angle), _FORK)]
        if not near:
            return None
        return "left" if angle < min(near, key=abs) else "right"

    def _others(self, one: int, other: int) -> list[int]:
        """Return the arcs that one could take instead of ``other``, but for turning back."""
        signs, head = self._signs, self._signs.head[one]
        taken = (signs.link[one], signs.link[other])
        ways = {
            signs.link[arc]: arc
            for arc in range(signs.first[head], signs.first[head + 1])
            if signs.link[arc] not in taken and self._network.is_open[arc]
        }
        return list(ways.values())

    def _exits(self, one: int, other: int) -> int:
        return sum(not self._signs.is_ring[arc] for arc in self._others(one, other))

    def _the(self, arc: int) -> str:
        name = self._signs.name[arc]
        if not name:
            return _UNNAMED.get(self._signs.road_class[arc], "an unnamed road")
        return f"the {name}" if _NUMBER.fullmatch(name) else name.replace(";", " / ")

    def _on(self, arc: int, word: str) -> str:
        is_street = bool(self._signs.name[arc]) and not _NUMBER.fullmatch(self._signs.name[arc])
        return f"{'onto' if word == 'into' and not is_street else word} {self._the(arc)}"


def _add_walks(leg: Leg, drafts: list[_Draft]) -> None:
    """Add the walk to the road, where it is one to speak of, and the arrival."""
    first_m, last_m = leg.walk_m if len(leg.xy_m) > 1 else (0.0, 0.0)
    if drafts and first_m >= _WALK_M:
        out = _bearing(leg.xy_m[0], leg.xy_m[1])
        text = f"Walk {_round(first_m)} m {_wind(out)} to the road"
        drafts.insert(0, _Draft(text=text, bearing_deg=out, place=leg.xy_m[0]))
    if drafts:
        drafts[0].time_s += _walk_s(first_m)
        drafts[0].distance_m += first_m
    side = _side(leg.xy_m) if last_m >= _BESIDE_M else ""
    text = f"Walk the last {_round(last_m)} m{side}" if last_m >= _WALK_M else f"Arrive{side}"
    bearing = _bearing(*leg.xy_m[-2:]) if len(leg.xy_m) > 1 else 0.0
    drafts.append(
        _Draft(
            text=text,
            bearing_deg=bearing,
            place=leg.xy_m[-1],
            time_s=_walk_s(last_m),
            distance_m=last_m,
        )
    )


def _walk_s(metres: float) -> float:
    return metres * 3.6 / ACCESS_KPH


def _side(xy_m: Floats) -> str:
    """Return on which side of the last stretch of road the place lies."""
    if len(xy_m) < 3:  # noqa: PLR2004 - a stretch of road, and the place
        return ""
    along, beside = xy_m[-2] - xy_m[-3], xy_m[-1] - xy_m[-2]
    return ", on the left" if along[0] * beside[1] > along[1] * beside[0] else ", on the right"


def _round(metres: float) -> str:
    return f"{round(metres, -1):,.0f}"


def _hand(angle: float) -> str:
    return "right" if angle > 0 else "left"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
    return f"{number}{ending}"


def _wind(bearing_deg: float) -> str:
    return _WINDS[round(bearing_deg / 45) % 8]


def _bearing(one: Floats, other: Floats) -> float:
    return math.degrees(math.atan2(other[0] - one[0], other[1] - one[1])) % 360


def _turned(degrees: float) -> float:
    """Return a turn as -180 to 180 degrees, to the right above 0."""
    return (degrees + 180) % 360 - 180


def _signposts(network: RoadNetwork) -> _Signposts:
    arcs, links, lines = network.arcs, network.links, network.lines
    length_m = shapely.length(lines)
    ahead_m = np.minimum(_HEADING_M, length_m)
    first, near_first, near_last, last = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines, metres))
        for metres in (0.0, ahead_m, length_m - ahead_m, length_m)
    )
    link, is_forward = arcs.link, arcs.is_forward[:, None]
    out = np.where(is_forward, (near_first - first)[link], (near_last - last)[link])
    into = np.where(is_forward, (last - near_last)[link], (first - near_first)[link])
    classes = np.array(network.classes, object)[links.road_class[link]].tolist()
    return _Signposts(
        name=np.array(network.names, object)[links.name[link]].tolist(),
        road_class=classes,
        rank=[class_rank(road_class) for road_class in classes],
        is_ring=_ring_links(network)[link].tolist(),
        out=np.degrees(np.arctan2(*out.T)).tolist(),
        into=np.degrees(np.arctan2(*into.T)).tolist(),
        head=arcs.head.tolist(),
        link=link.tolist(),
        first=arcs.start.tolist(),
    )


def _ring_links(network: RoadNetwork) -> Bools:
    """Return the links that lie on a roundabout."""
    links = network.links
    ring = np.array(sorted(network.ring_ways), np.int64)
    if network.mode is TravelMode.FOOT or len(ring) == 0:
        return np.zeros(network.link_count, np.bool_)
    is_of_ring = np.isin(links.way, ring)
    return np.logical_and.reduceat(is_of_ring, links.way_start[:-1])
