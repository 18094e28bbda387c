"""Read OpenStreetMap files: ``.osm.pbf``, ``.osm`` and their packed kinds."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import osmium

from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.building.extract import POINT_KEYS, WAY_KEYS, ExtractDraft, OsmExtract, unreadable
from ntgeo.roads.building.restrictions import RESTRICTION_KEYS, is_restriction, read_restriction

__all__ = ["read_pbf"]

_UNDATED: Final = datetime.fromtimestamp(0, UTC)
_LOOK_EVERY: Final = 1 << 16
_FEW_TAGS: Final = 8
"""Up to so many, walking over a way's tags is quicker than asking for each key that matters."""
_SHAPES: Final = osmium.geom.WKBFactory()
_HEAD_DIGITS: Final = 18
"""Hexadecimal digits of the byte order, kind and length before the points of a WKB line."""
_RELATION_KEYS: Final = (*RESTRICTION_KEYS, "restriction:conditional")


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
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise unreadable(path.name, f"cannot be read ({error})") from error
    return draft.finish(path.name, dated or newest)


def _read_entities(path: Path, draft: ExtractDraft, progress: Progress) -> str:
    """Read into ``draft`` and return when the newest way was last edited; empty if not told."""
    newest = _UNDATED
    wanted = osmium.filter.KeyFilter("highway", "barrier", "route", *_RELATION_KEYS)
    entities = osmium.FileProcessor(str(path)).with_locations().with_filter(wanted)
    for count, entity in enumerate(entities):
        if count % _LOOK_EVERY == 0:
            raise_if_cancelled(progress)
        if entity.is_node():
            tags = {tag.k: tag.v for tag in entity.tags if tag.k in POINT_KEYS}
            if "highway" in tags or "barrier" in tags:
                draft.stops[entity.id] = tags
        elif entity.is_way():
            _add_way(draft, entity)
            newest = max(newest, entity.timestamp)
        elif entity.is_relation() and is_restriction(tags := dict(entity.tags)):
            members = [(member.type, member.ref, member.role) for member in entity.members]
            draft.add_restriction(*read_restriction(tags, members))
    return "" if newest == _UNDATED else newest.isoformat()


def _add_way(draft: ExtractDraft, way: Any) -> None:
    all_tags = way.tags
    ask = all_tags.get
    if ask("highway") is None and ask("route") != "ferry":
        return
    if len(all_tags) <= _FEW_TAGS:
        tags = [(key, value) for key, value in all_tags if key in WAY_KEYS]
    else:
        tags = [(key, value) for key in WAY_KEYS if (value := ask(key)) is not None]
    draft.add_way(way.id, [point.ref for point in way.nodes], tags)
    _add_places(draft, way)


def _add_places(draft: ExtractDraft, way: Any) -> None:
    """Take the places of a way's points, which osmium tells at once where it knows them all."""
    try:
        shape = _SHAPES.create_linestring(way, osmium.geom.use_nodes.ALL)
        draft.lon_lat.frombytes(bytes.fromhex(shape[_HEAD_DIGITS:]))
    except (RuntimeError, osmium.InvalidLocationError):
        for point in way.nodes:
            place = point.location
            told = (place.lon, place.lat) if place.valid() else (math.nan, math.nan)
            draft.lon_lat.extend(told)
