"""Read OpenStreetMap files: ``.osm.pbf``, ``.osm`` and their packed kinds."""

from __future__ import annotations

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
    # Asking for each key is quicker than walking over all tags of a way, of which most go unused.
    ask = way.tags.get
    if ask("highway") is None and ask("route") != "ferry":
        return
    tags = {key: value for key in WAY_KEYS if (value := ask(key)) is not None}
    places = [(point.ref, point.x, point.y) for point in way.nodes]
    points, x, y = zip(*places, strict=True) if places else ((), (), ())
    draft.add_way(way.id, points, tags)
    draft.x.extend(x)
    draft.y.extend(y)
