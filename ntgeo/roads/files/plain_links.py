"""Roads from a plain layer of links, as councils and Ordnance Survey have them.

Each row is read as if it were an OpenStreetMap way with the tags that its columns amount to, so
that speeds, access and directions mean the same whatever the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ntgeo.errors import Fault, InputError, MissingColumnError, first_five
from ntgeo.roads.building.extract import OsmExtract
from ntgeo.roads.building.topology import build_network
from ntgeo.roads.files.link_layer import JOIN_M, RoadLines, join_ends, row_fault
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.projection import project
from ntgeo.roads.speeds import SpeedTable

__all__ = ["read_plain_links"]

Ints = npt.NDArray[np.int64]
Words = Mapping[str, str]
Tags = dict[str, str]

_TABLE: Final = Path(__file__).with_name("link_columns.toml")
_WGS84: Final = 4326
_ALMOST_M: Final = 1.0
_FIX: Final = "correct it, or leave it empty"


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _plain(heading: str) -> str:
    return "".join(letter for letter in heading.lower() if letter.isalnum())


def read_plain_links(lines: RoadLines, speeds: SpeedTable) -> RoadNetwork:
    """Read a layer by its headings.

    Raises:
        InputError: It has no column of road class, a value is not what it should be, or it holds no
            road for the mode.
    """
    columns = _columns_of(lines)
    tags, faults = _tags_of(lines, columns)
    if faults:
        raise InputError(faults)
    return build_network(_extract_of(lines, columns, tags), speeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Headings of the layer by what they mean, and the unit in which limits are given.

    Args:
        heading: Of each meaning that is there.
        unit: Of limits: ``"mph"``, ``"km/h"``, or empty where each value must state its own.
    """

    heading: Mapping[str, str]
    unit: str


def _columns_of(lines: RoadLines) -> _Columns:
    there = {_plain(heading): heading for heading in lines.layer.columns}
    found: dict[str, str] = {}
    for meaning, names in _table()["headings"].items():
        first = next((there[name] for name in names if name in there), None)
        if first is not None:
            found[meaning] = first
    unit = "km/h" if _plain(found.get("maxspeed", "")) == "maxspeed" else ""
    for name in _table()["headings"]["maxspeed"]:
        for ending, stated in _table()["units"].items():
            if name + ending in there:
                found["maxspeed"], unit = there[name + ending], stated
    if "highway" not in found:
        raise MissingColumnError(
            Fault(
                file=lines.file,
                what=f"it has no column of road class; it has {first_five(there.values())}",
                fix="name it highway, road_class or road_function",
                code="missing-column",
            )
        )
    found |= {key: there[_plain(key)] for key in _table()["tags"]["keys"] if _plain(key) in there}
    return _Columns(heading=found, unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The values of the columns that matter, as text by meaning, and what is wrong with them."""

    lines: RoadLines
    columns: _Columns
    values: Mapping[str, list[str]]
    oneway: Words
    faults: list[Fault]

    def text(self, key: str, row: int) -> str:
        """Return a value; empty where there is no such column."""
        return self.values[key][row] if key in self.values else ""

    def tags(self, row: int) -> Tags:
        """Return what a row says as OSM tags."""
        tags = {key: self.text(key, row) for key in ("name", "ref", *_table()["tags"]["keys"])}
        tags["highway"] = _class_of(*(self.text(key, row) for key in ("highway", "form", "trunk")))
        tags["oneway"] = self.direction(row)
        tags["maxspeed"] = self.limit(row)
        return {key: value for key, value in tags.items() if value}

    def direction(self, row: int) -> str:
        """Return ``yes``, ``no``, ``-1`` or nothing."""
        said = self.text("oneway", row).lower()
        if said and said not in self.oneway:
            self.refuse(row, "oneway", "this is no direction (yes, no or -1)")
        return self.oneway.get(said, "")

    def limit(self, row: int) -> str:
        """Return a limit with its unit, or in the words of OSM, or nothing."""
        limit = self.text("maxspeed", row)
        number = _number(limit)
        if number is None:
            return limit
        if number == 0 and _plain(self.columns.heading["highway"]) == "fclass":
            return ""
        if not 0 < number < float("inf"):
            self.refuse(row, "maxspeed", "a speed limit is above 0")
        elif not self.columns.unit:
            self.refuse(row, "maxspeed", "it has no unit; name the column speed_limit_mph or _kph")
        return f"{number:g} {self.columns.unit}"

    def refuse(self, row: int, key: str, what: str) -> None:
        """Note a fault."""
        lines, heading = self.lines, self.columns.heading[key]
        value = self.values[key][row]
        self.faults.append(row_fault(lines.file, lines.layer, row, heading, value, what, _FIX))


def _tags_of(lines: RoadLines, columns: _Columns) -> tuple[list[Tags], list[Fault]]:
    """Return the tags of each row, and what is wrong with its values."""
    values = {
        key: [_text(value) for value in lines.layer.columns[heading].tolist()]
        for key, heading in columns.heading.items()
    }
    oneway: dict[str, str] = dict(_table()["oneway"])
    if any(word.lower() == "b" for word in values.get("oneway", ())):
        oneway |= _table()["oneway_fbt"]
    rows = _Rows(lines=lines, columns=columns, values=values, oneway=oneway, faults=[])
    return [rows.tags(row) for row in range(len(lines.layer.number))], rows.faults


def _text(value: Any) -> str:
    """Return a value as the text that a tag would have; whole numbers without a point."""
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _class_of(word: str, form: str, trunk: str) -> str:
    words: Words = _table()["highway"]
    found = words.get(word.lower(), word.lower() or "road")
    if trunk.lower() in {"true", "1", "yes"} and found == "primary":
        found = "trunk"
    changed = str(_table()["form"].get(form.lower(), "*"))
    return changed.replace("*", found)


def _extract_of(lines: RoadLines, columns: _Columns, rows: list[Tags]) -> OsmExtract:
    """Return the lines as ways whose ends, but no other points, are shared."""
    number_of: dict[tuple[tuple[str, str], ...], int] = {}
    tag_set = [number_of.setdefault(tuple(sorted(t.items())), len(number_of)) for t in rows]
    count = len(lines.row)
    place = join_ends(lines.ends_m)
    point = int(place.max()) + 1 + np.arange(len(lines.xy_m))
    point[lines.start[:-1]], point[lines.start[1:] - 1] = place[:count], place[count:]
    own = lines.layer.columns.get(columns.heading.get("way", ""))
    ids = lines.layer.number if own is None else [_way_id(value) for value in own.tolist()]
    return OsmExtract(
        file=lines.file,
        way_osm=np.array(ids, np.int64)[lines.row],
        way_start=lines.start,
        point_osm=point.astype(np.int64),
        lon_lat=project(lines.xy_m, source=lines.epsg, target=_WGS84),
        tag_set=np.array(tag_set, np.int64)[lines.row],
        tag_sets=tuple(dict(key) for key in number_of),
        stops={},
        restrictions=(),
        dated="",
        notes=tuple(_notes(lines, columns, place)),
    )


def _way_id(value: Any) -> int:
    number = _number(_text(value))
    return int(number) if number is not None and abs(number) < float(1 << 62) else 0


def _notes(lines: RoadLines, columns: _Columns, place: Ints) -> list[str]:
    lacks = {"oneway": "one-way streets", "maxspeed": "speed limits"}
    told = [f"layer without {what}" for key, what in lacks.items() if key not in columns.heading]
    told.append("layer without turn restrictions")
    what = f"end within {_ALMOST_M:g} m of another but more than {JOIN_M * 100:g} cm off"
    return told + [what] * _almost_joined(lines, place)


def _almost_joined(lines: RoadLines, place: Ints) -> int:
    """Count the ends that meet no other line, yet lie beside one that they may be meant to meet."""
    from scipy.spatial import KDTree  # noqa: PLC0415 - only for such layers

    count = len(lines.row)
    numbers, where, used = np.unique(place, return_index=True, return_counts=True)
    near = KDTree(lines.ends_m[where]).query_pairs(_ALMOST_M, output_type="ndarray")
    own = np.sort(np.column_stack([place[:count], place[count:]]), axis=1)
    is_own = np.isin(near @ (len(numbers), 1), own @ (len(numbers), 1))
    both = near[~is_own]
    return len(np.unique(both[used[both] == 1]))
