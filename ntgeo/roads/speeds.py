"""How fast each mode travels on each class of road, read from one TOML file with its sources."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any, Final

from ntgeo.domain.matrix import TimeRange, TravelMode
from ntgeo.domain.units import METRES_PER_MILE
from ntgeo.errors import DataUnavailableError, Fault, InputError

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
_DELAYS: Final = (
    "traffic_signals",
    "crossing",
    "stop",
    "give_way",
    "mini_roundabout",
    "gate",
    "toll_booth",
    *JUNCTION_DELAYS,
)
_TURNS: Final = ("right", "left", "straight", "u_turn")
_NATIONAL_MPH: Final = {
    "national": 60.0,
    "nsl": 60.0,
    "gb:national": 60.0,
    "gb:nsl_single": 60.0,
    "uk:nsl_single": 60.0,
    "gb:nsl_dual": 70.0,
    "uk:nsl_dual": 70.0,
    "gb:nsl_restricted": 30.0,
    "uk:nsl_restricted": 30.0,
    "gb:motorway": 70.0,
    "uk:motorway": 70.0,
}
_LIMIT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph|knots)?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
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
    if is_dual and part in {"national", "nsl", "gb:national"}:
        return 70.0 * KPH_PER_MPH
    if part in _NATIONAL_MPH:
        return _NATIONAL_MPH[part] * KPH_PER_MPH
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
            ``mini_roundabout``, ``gate``, ``toll_booth``, ``junction``, ``minor_into_major``.
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
        InputError: The file lacks a value, or a speed, share or delay is not a positive number.
    """
    if not path.is_file():
        raise DataUnavailableError(path.name, "there is no such file", "check the path")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(_fault(path, "", f"it is not TOML ({error})")) from error
    if mode.value not in table:
        raise InputError(_fault(path, mode.value, "the section is missing"))
    section = table[mode.value]
    faults = _faults_of(section, mode, path)
    if faults:
        raise InputError(faults)
    classes: Mapping[str, Mapping[str, float]] = section["classes"]
    return SpeedTable(
        mode=mode,
        highest_kph=float(section["highest_kph"]),
        unknown_class_kph=float(section["unknown_class_kph"]),
        restricted_share=float(section["restricted_share"]),
        pushed_kph=float(section.get("pushed", {}).get("kph", section["unknown_class_kph"])),
        limit_kph={
            name: float(row["kph"] if "kph" in row else row["limit_mph"] * KPH_PER_MPH)
            for name, row in classes.items()
        },
        share={name: float(row.get("share", 1.0)) for name, row in classes.items()},
        delay_ms={name: round(section["delays_s"][name] * 1000) for name in _DELAYS},
        turn_ms={name: round(section["turns_s"][name] * 1000) for name in _TURNS},
        time_of_day={at: float(factor) for at, factor in section.get("time_of_day", {}).items()},
        time_range=TimeRange(
            low_share=float(section["range"]["low_share"]),
            high_share=float(section["range"]["high_share"]),
            source=str(section["range"]["source"]),
        ),
    )


def _faults_of(section: Mapping[str, Any], mode: TravelMode, path: Path) -> list[Fault]:
    faults = []
    for key in ("highest_kph", "unknown_class_kph", "restricted_share"):
        faults += _unless_positive(section.get(key), f"{mode}.{key}", path)
    for name, row in section.get("classes", {}).items():
        speed = row.get("kph", row.get("limit_mph"))
        faults += _unless_positive(speed, f"{mode}.classes.{name}", path)
        faults += _unless_positive(row.get("share", 1.0), f"{mode}.classes.{name}.share", path)
    for part, names in (("delays_s", _DELAYS), ("turns_s", _TURNS)):
        for name in names:
            seconds = section.get(part, {}).get(name)
            if not isinstance(seconds, int | float) or not 0 <= seconds < float("inf"):
                faults.append(_fault(path, f"{mode}.{part}.{name}", "it is not a number >= 0"))
    for at, factor in section.get("time_of_day", {}).items():
        faults += _unless_positive(factor, f"{mode}.time_of_day.{at}", path)
        if not _CLOCK.fullmatch(at):
            faults.append(_fault(path, f"{mode}.time_of_day.{at}", "it is not a time as HH:MM"))
    return [*faults, *_range_faults(section.get("range", {}), mode, path)]


def _range_faults(told: Mapping[str, Any], mode: TravelMode, path: Path) -> list[Fault]:
    faults = []
    for name, low, high in (("low_share", 0.0, 1.0), ("high_share", 1.0, math.inf)):
        share = told.get(name)
        if not isinstance(share, int | float) or not low <= share <= high or share in (0, math.inf):
            what = "it is not above 0 and at most 1" if high == 1 else "it is not a number >= 1"
            faults.append(_fault(path, f"{mode}.range.{name}", what))
    if not isinstance(told.get("source"), str):
        faults.append(
            _fault(path, f"{mode}.range.source", "it does not say where the range is from")
        )
    return faults


def _unless_positive(value: object, key: str, path: Path) -> list[Fault]:
    if isinstance(value, int | float) and 0 < value < float("inf"):
        return []
    return [_fault(path, key, "it is not a number above 0")]


def _fault(path: Path, key: str, what: str) -> Fault:
    return Fault(
        file=path.name,
        column=key or None,
        what=what,
        fix="write it as in ntgeo's own speeds.toml",
        code="bad-speeds",
    )
