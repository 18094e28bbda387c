"""Read OpenStreetMap files: ``.osm.pbf`` and what Overpass answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import osmium

from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.extract import (
    DEGREES,
    NOWHERE,
    POINT_KEYS,
    WAY_KEYS,
    ExtractDraft,
    OsmExtract,
    TurnRestriction,
    repeated,
    unreadable,
)

__all__ = ["read_overpass", "read_pbf"]

_UNDATED: Final = datetime.fromtimestamp(0, UTC)
_LOOK_EVERY: Final = 1 << 16


def read_pbf(path: Path, *, progress: Progress = SILENT) -> OsmExtract:
    """Read the roads of an ``.osm.pbf`` (or ``.osm``, ``.osm.gz``) file.

    Points must stand before the ways that use them, as in every usual extract.

    Raises:
        InputError: The file is empty, cut short or not OpenStreetMap data.
    """
    draft = ExtractDraft()
    try:
        # Closed by name: a reader that is left to the collector reads on in its thread.
        with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
            dated = reader.header().get("osmosis_replication_timestamp") or ""
        newest = _read_entities(path, draft, progress)
    except (RuntimeError, ValueError) as error:
        raise unreadable(path.name, f"cannot be read ({error})") from error
    return draft.finish(path.name, dated or newest)


def _read_entities(path: Path, draft: ExtractDraft, progress: Progress) -> str:
    """Read into ``draft`` and return when the newest way was last edited; empty if not told."""
    newest = _UNDATED
    wanted = osmium.filter.KeyFilter("highway", "barrier", "restriction")
    entities = osmium.FileProcessor(str(path)).with_locations().with_filter(wanted)
    for count, entity in enumerate(entities):
        if count % _LOOK_EVERY == 0:
            raise_if_cancelled(progress)
        if entity.is_node():
            tags = {tag.k: tag.v for tag in entity.tags if tag.k in POINT_KEYS}
            draft.stops[entity.id] = tags
        elif entity.is_way():
            _add_way(draft, entity)
            newest = max(newest, entity.timestamp)
        elif entity.is_relation():
            members = [(member.type, member.ref, member.role) for member in entity.members]
            _add_restriction(draft, dict(entity.tags), members)
    return "" if newest == _UNDATED else newest.isoformat()


def _add_way(draft: ExtractDraft, way: Any) -> None:
    # Asking for each key is quicker than walking over all tags of a way, of which most go unused.
    ask = way.tags.get
    if ask("highway") is None:
        return
    tags = {key: value for key in WAY_KEYS if (value := ask(key)) is not None}
    places = [(point.ref, point.x, point.y) for point in way.nodes]
    points, x, y = zip(*places, strict=True) if places else ((), (), ())
    draft.add_way(way.id, points, tags)
    draft.x.extend(x)
    draft.y.extend(y)


def _add_restriction(
    draft: ExtractDraft, tags: Mapping[str, str], members: Iterable[tuple[str, int, str]]
) -> None:
    by_role: dict[tuple[str, str], list[int]] = {}
    for kind, osm, role in members:
        by_role.setdefault((role, kind), []).append(osm)
    from_ways, to_ways = by_role.get(("from", "w"), []), by_role.get(("to", "w"), [])
    vias = by_role.get(("via", "n"), [])
    kind = tags.get("restriction", "")
    if not kind.startswith(("no_", "only_")) or len(vias) != 1 or not (from_ways and to_ways):
        draft.notes.append("turn restriction not understood")
        return
    spared = frozenset(part.strip() for part in tags.get("except", "").split(";") if part.strip())
    draft.restrictions += [
        TurnRestriction(kind=kind, from_way=start, via_point=vias[0], to_way=end, spared=spared)
        for start in from_ways
        for end in to_ways
    ]


def read_overpass(path: Path, *, progress: Progress = SILENT) -> OsmExtract:
    """Read the roads of an Overpass answer (``out body`` with ``>;`` or ``out geom``) in JSON.

    Raises:
        InputError: The file is not such an answer, is cut short, or Overpass gave up halfway.
    """
    raise_if_cancelled(progress)
    answer = _answer_of(path)
    draft = ExtractDraft()
    place_of: dict[int, tuple[int, int]] = {}
    try:
        for element in answer["elements"]:
            if element["type"] == "node":
                place = _units(element)
                if place_of.setdefault(element["id"], place) != place:
                    raise repeated(path.name, f"point {element['id']}", "at different places")
                _add_stop(draft, element)
        for element in answer["elements"]:
            if element["type"] == "way":
                _add_overpass_way(draft, element, place_of)
            elif element["type"] == "relation" and "restriction" in element.get("tags", {}):
                members = [(m["type"][0], m["ref"], m["role"]) for m in element["members"]]
                _add_restriction(draft, element["tags"], members)
        dated = str(answer.get("osm3s", {}).get("timestamp_osm_base", ""))
        return draft.finish(path.name, dated)
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise unreadable(path.name, f"an element lacks or garbles {error}") from error


def _answer_of(path: Path) -> dict[str, Any]:
    try:
        answer = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise unreadable(path.name, f"it is not whole JSON ({error})") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise unreadable(path.name, 'it is not an Overpass answer (no list "elements")')
    remark = str(answer.get("remark", ""))
    if "error" in remark.lower():
        raise unreadable(path.name, f"Overpass gave up halfway ({remark})")
    return answer


def _add_stop(draft: ExtractDraft, element: Mapping[str, Any]) -> None:
    tags = {key: value for key, value in element.get("tags", {}).items() if key in POINT_KEYS}
    if "highway" in tags or "barrier" in tags:
        draft.stops[element["id"]] = tags


def _add_overpass_way(
    draft: ExtractDraft, element: Mapping[str, Any], place_of: Mapping[int, tuple[int, int]]
) -> None:
    tags = {key: value for key, value in element.get("tags", {}).items() if key in WAY_KEYS}
    if "highway" not in tags:
        return
    points: list[int] = [int(point) for point in element["nodes"]]
    given = element.get("geometry")
    for at, point in enumerate(points):
        place = place_of.get(point, (NOWHERE, NOWHERE))
        if given is not None and given[at] is not None:
            place = _units(given[at])
        draft.x.append(place[0])
        draft.y.append(place[1])
    draft.add_way(int(element["id"]), points, tags)


def _units(place: Mapping[str, Any]) -> tuple[int, int]:
    """Return a place in whole ten-millionths of a degree, as OpenStreetMap stores it."""
    return round(float(place["lon"]) / DEGREES), round(float(place["lat"]) / DEGREES)
