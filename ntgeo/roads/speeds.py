"""How fast each mode travels on each class of road, read from one TOML file with its sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ntgeo.domain.matrix import TimeRange, TravelMode
from ntgeo.domain.units import METRES_PER_MILE
from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.roads.speed_section import SpeedSection

__all__ = [
    "JUNCTION_DELAYS",
    "SPEEDS_FILE",
    "SpeedLimit",
    "SpeedTable",
    "read_limit",
    "read_speeds",
]

SPEEDS_FILE: Final = Path(__file__).with_name("speeds.toml")
KPH_PER_MPH: Final = METRES_PER_MILE / 1000
JUNCTION_DELAYS: Final = ("junction", "minor_into_major")
"""Delays of plain junctions; the others stand at points of their own."""
_NATIONAL_MPH: Final = {
    "national": 60.0,
    "nsl": 60.0,
    "gb:national": 60.0,
    "nsl_single": 60.0,
    "nsl_dual": 70.0,
    "nsl_restricted": 30.0,
    "gb:nsl_single": 60.0,
    "uk:nsl_single": 60.0,
    "gb:nsl_dual": 70.0,
    "uk:nsl_dual": 70.0,
    "gb:nsl_restricted": 30.0,
    "uk:nsl_restricted": 30.0,
    "gb:urban": 30.0,
    "uk:urban": 30.0,
    "gb:rural": 60.0,
    "uk:rural": 60.0,
    "gb-wls:nsl_restricted": 20.0,
    "gb-wls:urban": 20.0,
    "gb:motorway": 70.0,
    "uk:motorway": 70.0,
}
_NATIONAL_OF_ANY_ROAD: Final = ("national", "nsl", "gb:national", "gb:rural", "uk:rural")
_LIMIT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph|knots)?", re.IGNORECASE)
_ZONE: Final = re.compile(r"(?:gb|uk)(?:-[a-z]+)?:(?:zone:?)?(\d+)")
_KPH_OF_UNIT: Final = {"mph": KPH_PER_MPH, "knots": 1.852}


@dataclass(frozen=True, slots=True)
class SpeedLimit:
    """What a ``maxspeed`` tag says.

    Args:
        kph: The limit, or ``None`` where the tag says nothing usable.
        is_list: Whether it gave several values, of which the lowest was taken.
    """

    kph: float | None
    is_list: bool = False


def read_limit(tag: str, *, is_dual: bool = False) -> SpeedLimit:
    """Read a ``maxspeed`` tag: km/h, mph, knots, a UK national limit, or several of them.

    Args:
        tag: Such as ``"30 mph"``, ``"50"``, ``"national"``, ``"GB:nsl_dual"`` or ``"30;40"``.
        is_dual: Whether the road is one half of a dual carriageway, where ``national`` is 70 mph
            (Highway Code, rule 124).
    """
    parts = [part.strip().lower() for part in re.split(r"[;,|]", tag) if part.strip()]
    limits = [limit for part in parts if (limit := _one_limit(part, is_dual=is_dual)) is not None]
    return SpeedLimit(min(limits, default=None), is_list=len(parts) > 1)


def _one_limit(part: str, *, is_dual: bool) -> float | None:
    if is_dual and part in _NATIONAL_OF_ANY_ROAD:
        return 70.0 * KPH_PER_MPH
    if part in _NATIONAL_MPH:
        return _NATIONAL_MPH[part] * KPH_PER_MPH
    zone = _ZONE.fullmatch(part)
    if zone:
        return float(zone[1]) * KPH_PER_MPH or None
    match = _LIMIT.fullmatch(part)
    if match is None:
        return None
    number, unit = float(match[1]), (match[2] or "").lower()
    return number * _KPH_OF_UNIT.get(unit, 1.0) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTable:
    """Speeds and delays of one mode.

    Args:
        mode: Whose speeds.
        highest_kph: Never faster than this.
        unknown_class_kph: On a road of a class that stands in no table.
        restricted_share: Of the speed, on roads for access only.
        pushed_kph: Walking pace where a bicycle must be pushed.
        limit_kph: Usual limit (car) or speed (others) per road class.
        share: Driven speed over limit per road class; 1 for bicycle and foot
            unless calibrated.
        delay_ms: Milliseconds lost at ``traffic_signals``, ``crossing``, ``stop``, ``give_way``,
            ``mini_roundabout``, ``gate``, ``toll_booth``, ``ferry`` (waiting to board),
            ``junction``, ``minor_into_major``.
        turn_ms: Milliseconds lost by turning ``right``, ``left``, ``straight`` or ``u_turn``.
        time_of_day: Factor on driven time from each ``HH:MM`` on; empty where time plays no part.
        time_range: How far a journey may lie from its central time.
    """

    mode: TravelMode
    highest_kph: float
    unknown_class_kph: float
    restricted_share: float
    pushed_kph: float
    limit_kph: Mapping[str, float]
    share: Mapping[str, float]
    delay_ms: Mapping[str, int]
    turn_ms: Mapping[str, int]
    time_of_day: Mapping[str, float]
    time_range: TimeRange

    def driven_kph(self, road_class: str, limit_kph: float | None) -> float:
        """Return the speed between junctions on a road of a class and, where known, its limit."""
        if road_class not in self.limit_kph:
            return self.unknown_class_kph
        usual = self.limit_kph[road_class]
        allowed = usual if limit_kph is None or self.mode is not TravelMode.CAR else limit_kph
        return min(allowed, self.highest_kph) * self.share[road_class]

    def unknown_class_remark(self, road_class: str) -> str:
        """Return what to count of a road whose class stands in no table."""
        return f'class "{road_class}" unknown; {self.unknown_class_kph:g} km/h was used'

    def factor_at(self, clock: time) -> float:
        """Return the factor on driven time at a local time; 1 where time plays no part."""
        begun = [at for at in sorted(self.time_of_day) if at <= f"{clock:%H:%M}"]
        return self.time_of_day[begun[-1]] if begun else 1.0


def read_speeds(mode: TravelMode, path: Path = SPEEDS_FILE) -> SpeedTable:
    """Read the speeds of a mode.

    Args:
        mode: Car, bicycle or foot.
        path: A TOML file laid out as ntgeo's own ``speeds.toml``.

    Raises:
        DataUnavailableError: There is no such file.
        InputError: A value is missing, unknown or cannot be; all faults of the mode are told.
    """
    if not path.is_file():
        raise DataUnavailableError(path.name, "there is no such file", "check the path")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(_fault(path, "", f"it is not TOML ({error})")) from error
    if mode.value not in table:
        raise InputError(_fault(path, mode.value, "the section is missing"))
    try:
        section = SpeedSection.model_validate(table[mode.value])
    except ValidationError as error:
        raise InputError([_fault_of(detail, mode, path) for detail in error.errors()]) from None
    return SpeedTable(
        mode=mode,
        highest_kph=section.highest_kph,
        unknown_class_kph=section.unknown_class_kph,
        restricted_share=section.restricted_share,
        pushed_kph=section.unknown_class_kph if section.pushed is None else section.pushed.kph,
        limit_kph={
            name: row.kph or (row.limit_mph or 0.0) * KPH_PER_MPH
            for name, row in section.classes.items()
        },
        share={name: row.share for name, row in section.classes.items()},
        delay_ms={name: round(seconds * 1000) for name, seconds in section.delays_s},
        turn_ms={name: round(seconds * 1000) for name, seconds in section.turns_s},
        time_of_day=section.time_of_day,
        time_range=TimeRange(**section.range.model_dump()),
    )


def _fault_of(detail: ErrorDetails, mode: TravelMode, path: Path) -> Fault:
    location = [str(part) for part in detail["loc"] if part != "[key]"]
    what = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        what = "unknown key"
    elif "[key]" in detail["loc"]:
        what = "it is not a time as HH:MM"
    return _fault(path, ".".join((mode, *location)), what[:1].lower() + what[1:])


def _fault(path: Path, key: str, what: str) -> Fault:
    return Fault(
        file=path.name,
        column=key or None,
        column_word="key",
        what=what,
        fix="write it as in ntgeo's own speeds.toml",
        code="bad-speeds",
    )
