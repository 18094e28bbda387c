"""What OpenStreetMap tags mean for a mode, as the United Kingdom uses them.

Sources: the OSM wiki's pages "Key:access", "Key:oneway", "Key:maxspeed", "Key:barrier" and
"OSM tags for routing/Access restrictions" (United Kingdom table), "Key:cycleway", "Bicycle",
"Key:designation", "Tag:route=ferry" and "Key:duration".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from ntgeo.roads.speeds import SpeedTable, read_limit

__all__ = [
    "FERRY",
    "Tags",
    "WayRule",
    "blocks_passage",
    "is_road",
    "is_roundabout",
    "read_duration_s",
    "read_ferry_rule",
    "read_way_rule",
    "road_class_of",
    "stop_kind",
    "street_name",
]

Tags = Mapping[str, str]

FERRY: Final = "ferry"
"""Road class, and delay, of a ferry: OSM tags it ``route``, not ``highway``."""
_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,4})(?::(\d{2}))?")
_ISO: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_MS_PER_MINUTE: Final = 60_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT_A_ROAD: Final = _words(
    "proposed construction planned abandoned disused razed demolished no platform elevator raceway "
    "bus_stop services rest_area emergency_bay escape bus_guideway crossing traffic_island "
    "via_ferrata corridor ladder"
)
_CLOSED_UNLESS_SAID: Final = {
    TravelMode.CAR: _words("track pedestrian footway path cycleway bridleway steps busway"),
    TravelMode.BICYCLE: _words("motorway motorway_link footway path pedestrian steps busway"),
    TravelMode.FOOT: _words("motorway motorway_link busway"),
}
_NEVER_BY_CAR: Final = _words("footway path cycleway bridleway steps")
_OFF_ROADS: Final = _words("footway path track bridleway")
_RIGHTS_BY_BICYCLE: Final = {
    "public_footpath": "closed",
    "public_bridleway": "open",
    "restricted_byway": "open",
    "byway_open_to_all_traffic": "open",
}
"""What the definitive map says of bicycles (Countryside Act 1968, section 30, for bridleways)."""
_SLOW_SERVICE: Final = _words("driveway parking_aisle drive-through")
"""Kinds of service road for reaching a door or a bay, to be kept free of through traffic."""
_ACCESS_KEYS: Final = {
    TravelMode.CAR: ("motorcar", "motor_vehicle", "vehicle", "access"),
    TravelMode.BICYCLE: ("bicycle", "vehicle", "access"),
    TravelMode.FOOT: ("foot", "access"),
}
_OPEN: Final = _words("yes permissive designated official public allowed")
_RESTRICTED: Final = _words("destination customers delivery residents")
_PUSHED: Final = _words("dismount")
_FORWARD: Final = _words("yes true 1")
_BACKWARD: Final = _words("-1 reverse")
_BOTH: Final = _words("no false 0 alternating")
_AGAINST: Final = _words("no -1")
_SIDES: Final = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
_RING: Final = _words("roundabout circular")

_BLOCKING: Final = {
    TravelMode.CAR: _words(
        "bollard block cycle_barrier kissing_gate stile turnstile full-height_turnstile chain "
        "jersey_barrier bus_trap sump_buster motorcycle_barrier log debris planter wall fence "
        "hedge horse_stile hampshire_gate swing_barrier wicket_gate"
    ),
    TravelMode.BICYCLE: _words(
        "stile turnstile full-height_turnstile wall fence hedge horse_stile"
    ),
    TravelMode.FOOT: _words("wall fence hedge"),
}
_GATES: Final = _words("gate lift_gate swing_gate sliding_gate hampshire_gate")


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRule:
    """What one way is to one mode.

    Args:
        forward_kph: Speed in the direction the way was drawn; ``None`` where not allowed.
        backward_kph: Speed against it; ``None`` where not allowed.
        road_class: Value of ``highway``.
        name: For people: the street's name, else its number, else empty.
        remarks: Kinds of thing worth counting, such as ``"unusable limit"``.
        crossing_s: Seconds from end to end, where a ferry's timetable tells; else ``None``.
    """

    forward_kph: float | None
    backward_kph: float | None
    road_class: str
    name: str
    remarks: tuple[str, ...] = ()
    crossing_s: float | None = None

    @property
    def is_usable(self) -> bool:
        """Whether the mode may use it at all."""
        return self.forward_kph is not None or self.backward_kph is not None


def is_roundabout(tags: Tags) -> bool:
    """Tell whether a way is the ring of a roundabout."""
    return tags.get("junction") in _RING


def is_road(tags: Tags) -> bool:
    """Tell whether a way is a road, or a ferry, which may be one."""
    return "highway" in tags or tags.get("route") == "ferry"


def road_class_of(tags: Tags) -> str:
    """Return the value of ``highway``, the first where several are given."""
    return tags.get("highway", "").split(";")[0].strip()


def street_name(tags: Tags) -> str:
    """Return the street's name, else its number, else nothing."""
    return tags.get("name", "") or tags.get("ref", "")


def read_way_rule(tags: Tags, speeds: SpeedTable, *, ferries: bool = False) -> WayRule:
    """Tell what a way is to the mode of ``speeds``.

    Args:
        tags: Of the way.
        speeds: Of the mode.
        ferries: Whether ferries may be taken.
    """
    road_class = road_class_of(tags)
    name = street_name(tags)
    if not road_class and ferries:
        return read_ferry_rule(tags, speeds)
    access = _access(tags, road_class, speeds.mode)
    if access == "closed":
        return WayRule(forward_kph=None, backward_kph=None, road_class=road_class, name=name)
    is_forward, is_backward = _directions(tags, road_class, speeds.mode)
    remarks = [] if road_class in speeds.limit_kph else [speeds.unknown_class_remark(road_class)]
    if any(key.endswith(":conditional") for key in tags):
        remarks.append("rule at some times only (:conditional), left aside")
    if "oneway" in tags and not (is_forward or is_backward):
        remarks.append("reversible road left out")
    if tags.get("oneway", "no") not in _FORWARD | _BACKWARD | _BOTH | {"reversible"}:
        remarks.append("one-way rule that is not known; taken as both ways")
    kph: list[float | None] = []
    for is_allowed, suffix in ((is_forward, ":forward"), (is_backward, ":backward")):
        speed, told = _speed(tags, road_class, speeds, suffix)
        remarks += told
        if access == "restricted" or _is_for_a_door(tags, speeds.mode):
            speed *= speeds.restricted_share
        if access == "pushed":
            speed = min(speed, speeds.pushed_kph)
        kph.append(speed if is_allowed else None)
    return WayRule(
        forward_kph=kph[0],
        backward_kph=kph[1],
        road_class=road_class,
        name=name,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _access(tags: Tags, road_class: str, mode: TravelMode) -> str:
    """Return ``"open"``, ``"restricted"``, ``"pushed"`` or ``"closed"``."""
    if not road_class or road_class in _NOT_A_ROAD:
        return "closed"
    if mode is TravelMode.CAR and (
        road_class in _NEVER_BY_CAR
        or tags.get("area") == "yes"
        or tags.get("service") == "emergency_access"
    ):
        return "closed"
    if mode is TravelMode.BICYCLE and road_class == "steps":
        return _on_steps(tags)
    said = _said(tags, mode)
    if said is None:
        return _unsaid(tags, road_class, mode)
    key, value = said
    meaning = _meaning(value, mode)
    if key in {"access", "vehicle"} and meaning != "closed":
        unsaid = _unsaid(tags, road_class, mode)
        return meaning if unsaid == "open" else unsaid
    return meaning


def _is_for_a_door(tags: Tags, mode: TravelMode) -> bool:
    return mode is TravelMode.CAR and tags.get("service") in _SLOW_SERVICE


def _on_steps(tags: Tags) -> str:
    """A bicycle is pushed up a ramp beside steps, where there is one; else it is not for it."""
    has_ramp = tags.get("ramp:bicycle") == "yes" or tags.get("bicycle") in _OPEN | _PUSHED
    return "pushed" if has_ramp else "closed"


def _meaning(value: str, mode: TravelMode) -> str:
    if value in _OPEN:
        return "open"
    if value in _RESTRICTED:
        return "restricted"
    return "pushed" if value in _PUSHED and mode is TravelMode.BICYCLE else "closed"


def _said(tags: Tags, mode: TravelMode) -> tuple[str, str] | None:
    for key in _ACCESS_KEYS[mode]:
        value = tags.get(key, "").split(";")[0].strip()
        if value and value != "unknown":
            return key, value
    return None


def _unsaid(tags: Tags, road_class: str, mode: TravelMode) -> str:
    if mode is not TravelMode.CAR and tags.get("motorroad") == "yes":
        return "closed"
    right = _RIGHTS_BY_BICYCLE.get(tags.get("designation", ""))
    if mode is TravelMode.BICYCLE and right is not None and road_class in _OFF_ROADS:
        return right
    if road_class not in _CLOSED_UNLESS_SAID[mode]:
        return "open"
    if mode is TravelMode.BICYCLE and road_class == "pedestrian":
        return "pushed"
    return "closed"


def _directions(tags: Tags, road_class: str, mode: TravelMode) -> tuple[bool, bool]:
    if mode is TravelMode.FOOT:
        said = tags.get("oneway:foot", "no")
    else:
        said = tags.get("oneway", "")
        if mode is TravelMode.BICYCLE:
            said = tags.get("oneway:bicycle") or ("no" if _has_contraflow(tags) else said)
    if said in _FORWARD:
        return True, False
    if said in _BACKWARD:
        return False, True
    if said == "reversible":
        return False, False
    is_one_way = is_roundabout(tags) or road_class == "motorway"
    if is_one_way and said not in _BOTH and mode is not TravelMode.FOOT:
        return True, False
    return True, True


def _has_contraflow(tags: Tags) -> bool:
    """Tell whether bicycles have a lane or track of their own against a one-way street."""
    return any(
        tags.get(side, "").startswith("opposite")
        or (tags.get(side, "no") != "no" and tags.get(f"{side}:oneway") in _AGAINST)
        for side in _SIDES
    )


def read_ferry_rule(tags: Tags, speeds: SpeedTable) -> WayRule:
    """Tell what a ferry is to a mode: cars must be told that they may; others, if they may not."""
    said = _said(tags, speeds.mode)
    unsaid = "closed" if speeds.mode is TravelMode.CAR else "open"
    meaning = unsaid if said is None else _meaning(said[1], speeds.mode)
    sails_kph = speeds.limit_kph.get(FERRY, speeds.unknown_class_kph)
    kph = None if meaning == "closed" else sails_kph
    name = street_name(tags)
    wait = f"{speeds.delay_ms[FERRY] / _MS_PER_MINUTE:g} min"
    return WayRule(
        forward_kph=kph,
        backward_kph=None if tags.get("oneway") in _FORWARD else kph,
        road_class=FERRY,
        name=name,
        remarks=() if kph is None else (f"{name or 'ferry without a name'} used, wait {wait}",),
        crossing_s=read_duration_s(tags.get("duration", "")),
    )


def read_duration_s(text: str) -> float | None:
    """Return seconds of a ``duration``: minutes, ``hh:mm``, ``hh:mm:ss`` or ISO 8601.

    ``None`` where it says nothing usable.
    """
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
    else:
        iso = _ISO.fullmatch(text.strip().upper())
        if not iso:
            return None
        hours, minutes, seconds = (int(part or 0) for part in iso.groups())
    return float(hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds) or None


def _speed(
    tags: Tags, road_class: str, speeds: SpeedTable, suffix: str
) -> tuple[float, tuple[str, ...]]:
    keys = ("maxspeed" + suffix, "maxspeed", "maxspeed:type", "zone:maxspeed")
    tag = next((tags[key] for key in keys if tags.get(key)), "")
    if not tag or speeds.mode is not TravelMode.CAR:
        return speeds.driven_kph(road_class, None), ()
    limit = read_limit(tag, is_dual=tags.get("oneway") in _FORWARD)
    if limit.kph is None:
        return speeds.driven_kph(road_class, None), ("unusable limit; the class's own was used",)
    remarks: tuple[str, ...] = ("several limits; the lowest was used",) if limit.is_list else ()
    if limit.kph > speeds.highest_kph + 1.0:
        remarks += (f"limit capped at {speeds.highest_kph:g} km/h",)
    return speeds.driven_kph(road_class, limit.kph), remarks


def blocks_passage(tags: Tags, mode: TravelMode) -> bool:
    """Tell whether a barrier on a road stops the mode from passing through."""
    barrier = tags.get("barrier", "")
    if not barrier:
        return False
    said = _said(tags, mode)
    if said is not None:
        return said[1] not in _OPEN | _RESTRICTED | _PUSHED
    if barrier in _GATES and tags.get("locked") == "yes":
        return True
    return barrier in _BLOCKING[mode]


def stop_kind(tags: Tags) -> str | None:
    """Return which delay of the speed table a point on a road causes, if any."""
    highway = tags.get("highway", "")
    if "traffic_signals" in highway or tags.get("crossing") == "traffic_signals":
        return "traffic_signals" if highway.startswith("traffic_signals") else "crossing"
    if highway in {"crossing", "stop", "give_way", "mini_roundabout"}:
        return highway
    if tags.get("barrier") == "toll_booth":
        return "toll_booth"
    return "gate" if tags.get("barrier") in _GATES else None
