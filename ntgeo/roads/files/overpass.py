"""Read what Overpass answers as JSON."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ntgeo.files import parse_json
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.building.extract import (
    DEGREES,
    POINT_KEYS,
    WAY_KEYS,
    ExtractDraft,
    OsmExtract,
    refuse_half_an_answer,
    refuse_too_many,
    repeated,
    unreadable,
)
from ntgeo.roads.building.restrictions import is_restriction, read_restriction
from ntgeo.roads.tags import is_road

__all__ = ["read_overpass"]

_LARGEST_ID: Final = 1 << 62
_MOST_BYTES: Final = 1 << 30
_Place = tuple[int, int]


def read_overpass(path: Path, *, progress: Progress = SILENT) -> OsmExtract:
    """Read the roads of an Overpass answer (``out body`` with ``>;`` or ``out geom``) in JSON.

    Raises:
        InputError: The file is not such an answer, is cut short, or Overpass gave up halfway.
    """
    raise_if_cancelled(progress)
    answer = _answer_of(path)
    draft = ExtractDraft()
    place_of: dict[int, _Place] = {}
    try:
        for element in answer["elements"]:
            if element["type"] == "node":
                point, place = _whole(element["id"]), _units(element)
                if place_of.setdefault(point, place) != place:
                    raise repeated(path.name, f"point {point}", "at different places")
                _add_stop(draft, point, _tags_of(element))
        for element in answer["elements"]:
            if element["type"] == "way":
                _add_way(draft, element, place_of)
                refuse_too_many(path.name, len(draft.way_osm), "roads")
            elif element["type"] == "relation":
                _add_relation(draft, element)
        dated = answer.get("osm3s", {}).get("timestamp_osm_base", "")
        return draft.finish(path.name, dated if isinstance(dated, str) else "")
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise unreadable(path.name, f"an element lacks or garbles {error}") from error


def _answer_of(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise unreadable(path.name, "it is larger than 1 GB; give an .osm.pbf of such an area")
    try:
        answer = parse_json(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise unreadable(path.name, f"it is not whole JSON ({error})") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise unreadable(path.name, 'it is not an Overpass answer (no list "elements")')
    refuse_half_an_answer(path.name, str(answer.get("remark", "")))
    return answer


def _tags_of(element: Mapping[str, Any]) -> dict[str, str]:
    tags = element.get("tags", {})
    for key, value in tags.items():
        if not isinstance(value, str):
            msg = f"the tag {key}"
            raise TypeError(msg)
    return dict(tags)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST_ID:
        msg = "an id"
        raise TypeError(msg)
    return value


def _units(place: Mapping[str, Any]) -> _Place:
    """Return a place in whole ten-millionths of a degree, as OpenStreetMap stores it."""
    return round(float(place["lon"]) / DEGREES), round(float(place["lat"]) / DEGREES)


def _add_stop(draft: ExtractDraft, point: int, tags: Mapping[str, str]) -> None:
    if "highway" in tags or "barrier" in tags:
        draft.stops[point] = {key: value for key, value in tags.items() if key in POINT_KEYS}


def _add_way(
    draft: ExtractDraft, element: Mapping[str, Any], place_of: Mapping[int, _Place]
) -> None:
    tags = {key: value for key, value in _tags_of(element).items() if key in WAY_KEYS}
    if not is_road(tags):
        return
    points = [_whole(point) for point in element["nodes"]]
    given = element.get("geometry")
    lon_lat = array("d")
    for at, point in enumerate(points):
        place = place_of.get(point)
        if given is not None and given[at] is not None:
            place = _units(given[at])
        x, y = place or (math.nan, math.nan)
        lon_lat.extend((x * DEGREES, y * DEGREES))
    draft.add_way(_whole(element["id"]), len(points), tags.items())
    draft.add_points(points, lon_lat.tobytes())


def _add_relation(draft: ExtractDraft, element: Mapping[str, Any]) -> None:
    tags = _tags_of(element)
    if not is_restriction(tags):
        return
    members = [(str(m["type"])[:1], _whole(m["ref"]), str(m["role"])) for m in element["members"]]
    draft.add_restriction(*read_restriction(tags, members))
