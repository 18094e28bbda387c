"""Write a speed table as a whole speeds file that says where each figure is from."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from ntgeo.files import write_text
from ntgeo.roads.calibration.fit import FittedFactor, SpeedFit
from ntgeo.roads.calibration.time_parts import PARTS, group_of
from ntgeo.roads.speeds import JUNCTION_DELAYS

__all__ = ["write_speeds"]

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
Key = tuple[str, ...]


def write_speeds(path: Path, fit: SpeedFit, base: Path, *, observed: str, today: date) -> None:
    """Write fitted speeds as a file laid out as ntgeo's own, whole or not at all.

    Sections of other modes, and figures that were not fitted, are those of ``base``.

    Args:
        path: Where to.
        fit: The speeds of one mode.
        base: The speeds file that the fit started from.
        observed: Name of the file of journeys.
        today: When it was fitted.
    """
    table = tomllib.loads(base.read_text(encoding="utf-8"))
    mode = fit.speeds.mode.value
    section = table[mode]
    notes = {(mode, *key): note for key, note in _notes(section, fit).items()}
    _put_figures(section, fit)
    was, journeys = json.dumps(base.name), json.dumps(observed)
    error = f"{fit.after.median_share:.1%} (before: {fit.before.median_share:.1%})"
    head = [
        f"# Speeds of mode {mode} calibrated by ntgeo on {today.isoformat()}.",
        f"# Fitted to {fit.used:,} journeys of {journeys}, starting from {was}.",
        f"# On journeys left out of the fit the median error was {error}.",
        f"# Figures without a note are as in {was}, which tells their sources.",
    ]
    lines = [line for name, part in table.items() for line in _section((name,), part, notes)]
    write_text(path, "\n".join([*head, *lines]) + "\n")


def _put_figures(section: dict[str, Any], fit: SpeedFit) -> None:
    speeds = fit.speeds
    for name, row in section["classes"].items():
        row["share"] = round(speeds.share[name], 3)
    for name in section["delays_s"]:
        section["delays_s"][name] = round(speeds.delay_ms[name] / 1000, 2)
    for name in section["turns_s"]:
        section["turns_s"][name] = round(speeds.turn_ms[name] / 1000, 2)
    for at in section.get("time_of_day", {}):
        section["time_of_day"][at] = round(speeds.time_of_day[at], 3)
    section["range"] = asdict(speeds.time_range)


def _notes(section: Mapping[str, Any], fit: SpeedFit) -> dict[Key, str]:
    """Return what each fitted figure was, and by which factor it changed."""
    parts = {factor.name: factor for factor in fit.parts if factor.is_told}
    notes: dict[Key, str] = {}
    for name, row in section["classes"].items():
        if factor := parts.get(PARTS[group_of(name)]):
            notes["classes", name] = _note(f"share was {row.get('share', 1.0):g}", factor)
    for name, seconds in section["delays_s"].items():
        part = "junctions" if name in JUNCTION_DELAYS else "stops"
        if part in parts:
            notes["delays_s", name] = _note(f"was {seconds:g}", parts[part])
    for name, seconds in section["turns_s"].items():
        if "turns" in parts:
            notes["turns_s", name] = _note(f"was {seconds:g}", parts["turns"])
    for slot in fit.slots:
        if slot.is_told:
            was = section["time_of_day"][slot.name]
            notes["time_of_day", slot.name] = _note(f"was {was:g}", slot)
    for name in ("low_share", "high_share"):
        notes["range", name] = "of observed over expected times, on journeys left out of the fit"
    return notes


def _note(was: str, factor: FittedFactor) -> str:
    spread = f"{factor.factor:.2f} ± {factor.factor * factor.spread_share:.2f}"
    return f"{was}; {factor.name}: time × {spread}, {factor.time_share:.0%} of all time"


def _section(key: Key, part: Mapping[str, Any], notes: Mapping[Key, str]) -> Iterator[str]:
    yield ""
    yield f"[{'.'.join(_key(name) for name in key)}]"
    tables = {}
    for name, value in part.items():
        is_row = isinstance(value, Mapping) and len(key) > 1
        if isinstance(value, Mapping) and not is_row:
            tables[name] = value
            continue
        note = notes.get((*key, name))
        yield f"{_key(name)} = {_value(value)}" + (f"  # {note}" if note else "")
    for name, value in tables.items():
        yield from _section((*key, name), value, notes)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value) if isinstance(value, int | float) else f"{value}"
