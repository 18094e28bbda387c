"""Read OpenStreetMap files: ``.osm.pbf``, ``.osm`` and their packed kinds."""

from __future__ import annotations

from itertools import count as count_from
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import osmium

from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.roads.building.extract import (
    POINT_KEYS,
    ExtractDraft,
    OsmExtract,
    refuse_too_many,
    unreadable,
)
from ntgeo.roads.building.restrictions import RESTRICTION_KEYS, is_restriction, read_restriction
from ntgeo.roads.files.opl import OPL_FORMAT, add_opl_ways

__all__ = ["read_pbf"]

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
    wanted = osmium.filter.KeyFilter("highway", "barrier", "route", *_RELATION_KEYS)
    entities = osmium.FileProcessor(str(path)).with_locations().with_filter(wanted)
    with TemporaryDirectory() as folder:
        ways, ways_read = Path(folder) / "ways.opl", count_from(1)
        with osmium.SimpleWriter(osmium.io.File(str(ways), OPL_FORMAT)) as writer:
            for count, entity in enumerate(entities):
                if count % _LOOK_EVERY == 0:
                    raise_if_cancelled(progress)
                if entity.is_way():
                    refuse_too_many(path.name, next(ways_read), "roads")
                    writer.add_way(entity)
                else:
                    _add_other(draft, entity)
        return add_opl_ways(draft, ways)


def _add_other(draft: ExtractDraft, entity: Any) -> None:
    """Add what matters of a point or a relation."""
    tags = dict(entity.tags)
    if entity.is_node() and ("highway" in tags or "barrier" in tags):
        draft.stops[entity.id] = {key: tags[key] for key in tags.keys() & POINT_KEYS}
    elif entity.is_relation() and is_restriction(tags):
        members = [(member.type, member.ref, member.role) for member in entity.members]
        draft.add_restriction(*read_restriction(tags, members))
