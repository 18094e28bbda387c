"""What is kept of an OpenStreetMap file: ways, their points, tagged points, turn restrictions."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.errors import DuplicateIdError, Fault, InputError, visible
from ntgeo.roads.building.restrictions import TurnRestriction
from ntgeo.roads.tags import Tags

__all__ = [
    "DEGREES",
    "POINT_KEYS",
    "WAY_KEYS",
    "ExtractDraft",
    "OsmExtract",
    "refuse_too_many",
    "repeated",
    "unreadable",
]


DEGREES: Final = 1e-7
"""OpenStreetMap stores places in whole steps of this."""
_MOST_ROADS: Final = 3_000_000
"""Ways, edges or lines of a file; more do not fit into the memory of a usual machine."""
_FARTHEST_DEGREES: Final = (180.0, 90.0)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WAY_KEYS: Final = _words(
    "highway name ref oneway oneway:bicycle oneway:foot junction access vehicle motor_vehicle "
    "motorcar bicycle foot motorroad designation service area ramp:bicycle surface route duration "
    "cycleway cycleway:left cycleway:right cycleway:both cycleway:left:oneway "
    "cycleway:right:oneway cycleway:both:oneway maxspeed maxspeed:forward maxspeed:backward "
    "maxspeed:type zone:maxspeed access:conditional vehicle:conditional "
    "motor_vehicle:conditional motorcar:conditional oneway:conditional"
)
POINT_KEYS: Final = _words(
    "highway barrier crossing access vehicle motor_vehicle motorcar bicycle foot locked"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmExtract:
    """Ways with their points, in order of OSM id.

    Args:
        file: Name of the file, for messages.
        way_osm: (ways,) OSM ids, ascending.
        way_start: (ways + 1,) where each way's points start.
        point_osm: (points,) OSM ids.
        lon_lat: (points, 2) degrees; NaN where the file lacks the point.
        tag_set: (ways,) index into ``tag_sets``.
        tag_sets: Distinct sets of tags.
        stops: Tags of points that carry any of interest.
        restrictions: Turn restrictions.
        dated: When the data was taken from OSM, as the file tells, else when its newest way was
            last edited; empty where it tells neither.
        notes: What was left out while reading.
    """

    file: str
    way_osm: npt.NDArray[np.int64]
    way_start: npt.NDArray[np.int64]
    point_osm: npt.NDArray[np.int64]
    lon_lat: npt.NDArray[np.float64]
    tag_set: npt.NDArray[np.int64]
    tag_sets: tuple[Tags, ...]
    stops: Mapping[int, Tags]
    restrictions: tuple[TurnRestriction, ...]
    dated: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class ExtractDraft:
    """Collects ways as a file is read, and builds the extract at the end.

    ``lon_lat`` holds the longitude and latitude of each point in turn; NaN where it has no place.
    """

    way_osm: list[int] = field(default_factory=list)
    way_length: list[int] = field(default_factory=list)
    point_osm: list[int] = field(default_factory=list)
    lon_lat: array[float] = field(default_factory=lambda: array("d"))
    tag_set: list[int] = field(default_factory=list)
    number_of: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    stops: dict[int, Tags] = field(default_factory=dict)
    restrictions: list[TurnRestriction] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_way(self, osm: int, points: int, tags: Iterable[tuple[str, str]]) -> None:
        """Take a way's id, how many points it has, and those of its tags that matter."""
        self.way_osm.append(osm)
        self.way_length.append(points)
        key = tuple(sorted(tags))
        self.tag_set.append(self.number_of.setdefault(key, len(self.number_of)))

    def add_points(self, osm: Sequence[int], lon_lat: bytes) -> None:
        """Take the points of the ways added, in order: ids, and pairs of doubles."""
        self.point_osm.extend(osm)
        self.lon_lat.frombytes(lon_lat)

    def add_restriction(self, restrictions: Sequence[TurnRestriction], note: str) -> None:
        """Take the turn restrictions of a relation, and what is to be noted of it, if anything."""
        self.restrictions += restrictions
        self.notes += [note] if note else []

    def finish(self, file: str, dated: str) -> OsmExtract:
        """Sort the ways by id and freeze.

        Raises:
            InputError: A way stands more than once and not alike, or a point off the globe.
        """
        self._drop_repeats(file)
        way_osm = np.array(self.way_osm, np.int64)
        length = np.array(self.way_length, np.int64)
        order = np.argsort(way_osm, kind="stable")
        starts = np.concatenate(([0], np.cumsum(length)))
        sorted_start = np.concatenate(([0], np.cumsum(length[order])))
        gather = np.repeat(starts[:-1][order] - sorted_start[:-1], length[order])
        gather += np.arange(sorted_start[-1])
        told = np.array(self.lon_lat, float).reshape(-1, 2)
        lon_lat = np.rint(told / DEGREES) * DEGREES
        off = np.flatnonzero((np.abs(lon_lat) > _FARTHEST_DEGREES).any(axis=1))
        if len(off):
            what = f"point {self.point_osm[off[0]]} lies at no longitude and latitude"
            raise unreadable(file, what, code="off-the-globe")
        return OsmExtract(
            file=file,
            way_osm=way_osm[order],
            way_start=sorted_start,
            point_osm=np.array(self.point_osm, np.int64)[gather],
            lon_lat=lon_lat[gather],
            tag_set=np.array(self.tag_set, np.int64)[order],
            tag_sets=tuple(dict(key) for key in self.number_of),
            stops=self.stops,
            restrictions=tuple(self.restrictions),
            dated=dated,
            notes=tuple(self.notes),
        )

    def _drop_repeats(self, file: str) -> None:
        """Keep the first of ways that stand more than once, as where extracts were joined."""
        if len(set(self.way_osm)) == len(self.way_osm):
            return
        ends = np.cumsum(self.way_length).tolist()
        whole = ExtractDraft(stops=self.stops, restrictions=self.restrictions, notes=self.notes)
        seen: dict[int, tuple[list[int], int]] = {}
        for osm, count, end, tags in zip(
            self.way_osm, self.way_length, ends, self.tag_set, strict=True
        ):
            points = self.point_osm[end - count : end]
            if osm not in seen:
                seen[osm] = (points, tags)
                whole.way_osm.append(osm)
                whole.way_length.append(count)
                whole.point_osm += points
                whole.lon_lat += self.lon_lat[2 * (end - count) : 2 * end]
                whole.tag_set.append(tags)
            elif seen[osm] != (points, tags):
                raise repeated(file, f"way {osm}", "with different points or tags")
        for name in ("way_osm", "way_length", "point_osm", "lon_lat", "tag_set"):
            setattr(self, name, getattr(whole, name))


def repeated(file: str, what: str, how: str) -> DuplicateIdError:
    """Return the refusal of a point or a way that stands more than once, and not alike."""
    fix = "download the area again in one piece"
    told = f"{what} stands more than once, {how}"
    return DuplicateIdError(Fault(file=file, what=told, fix=fix, code="duplicate-osm"))


def unreadable(file: str, what: str, *, code: str = "unreadable-roads") -> InputError:
    """Return the refusal of a road file that cannot be read."""
    fix = "download or export the roads of this area again"
    return InputError(Fault(file=file, what=what, fix=fix, code=code))


def refuse_half_an_answer(file: str, remark: str) -> None:
    """Refuse what Overpass answered when it gave up, as the remark in it says.

    Raises:
        InputError: The remark tells of an error.
    """
    if "error" in remark.lower():
        raise unreadable(file, f"Overpass gave up halfway ({visible(remark.strip())})")


def refuse_too_many(file: str, count: int, thing: str) -> None:
    """Refuse a file of more roads than fit into memory, as soon as so many were counted.

    Raises:
        InputError: ``count`` is beyond the limit.
    """
    if count > _MOST_ROADS:
        what = f"it has {count:,} {thing} or more; the limit is {_MOST_ROADS:,}"
        fix = "cut the roads to the area of the question"
        raise InputError(Fault(file=file, what=what, fix=fix, code="too-many-roads"))
