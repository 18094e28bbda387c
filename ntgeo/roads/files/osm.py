"""Read OpenStreetMap files: ``.osm.pbf``, ``.osm`` and their packed kinds."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Callable, Mapping
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
    refuse_half_an_answer,
    refuse_too_many,
    unreadable,
)
from ntgeo.roads.building.restrictions import RESTRICTION_KEYS, is_restriction, read_restriction
from ntgeo.roads.files.opl import OPL_FORMAT, add_opl_ways

__all__ = ["read_pbf"]

_LOOK_EVERY: Final = 1 << 16
_BLOCK_BYTES: Final = 1 << 22
_END_BYTES: Final = 4096
_REMARK: Final = re.compile(rb"<remark>(.*?)</remark>", re.DOTALL)
_BOMB_BYTES: Final = 100_000_000
_MOST_RATIO: Final = 100
"""OSM's XML packs ten or twenty times; one that packs better repeats itself."""
_MOST_UNPACKED_BYTES: Final = 10_000_000_000
_UNPACKERS: Final[Mapping[str, Callable[[Any], Any]]] = {".gz": gzip.open, ".bz2": bz2.open}
_RELATION_KEYS: Final = (*RESTRICTION_KEYS, "restriction:conditional")


def read_pbf(path: Path, *, progress: Progress = SILENT) -> OsmExtract:
    """Read the roads of an ``.osm.pbf`` (or ``.osm``, ``.osm.gz``) file.

    Points must stand before the ways that use them, as in every usual extract.

    Raises:
        InputError: The file is empty, cut short or not OpenStreetMap data.
    """
    _refuse_other_kind(path)
    if remark := _REMARK.search(_unpacked_end(path)):  # Overpass's XML has it at the end
        refuse_half_an_answer(path.name, remark[1].decode("utf-8", "replace"))
    draft = ExtractDraft()
    try:
        # Closed by name: a reader that is left to the collector reads on in its thread.
        with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
            dated = reader.header().get("osmosis_replication_timestamp") or ""
        newest = _read_entities(path, draft, progress)
    except (RuntimeError, ValueError, IndexError, osmium.InvalidLocationError) as error:
        raise unreadable(path.name, f"cannot be read ({error})") from error
    return draft.finish(path.name, dated or newest)


def _refuse_other_kind(path: Path) -> None:
    """Refuse a file that is OpenStreetMap data of another kind than its name says."""
    with path.open("rb") as stream:
        head = stream.read(64)
    ending = path.suffix.lower()
    kinds = {
        ".pbf": b"OSMHeader" in head,
        ".gz": head.startswith(b"\x1f\x8b"),
        ".bz2": head.startswith(b"BZh"),
        ".osm": head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"),
    }
    kind = next((kind for kind, is_kind in kinds.items() if is_kind), ending)
    if kind != ending:
        raise unreadable(path.name, f"its content is that of a {kind} file; name it so")


def _unpacked_end(path: Path) -> bytes:
    """Return the end of a file of text.

    Raises:
        InputError: It is packed, and unpacks to far more than roads would.
    """
    ending = path.suffix.lower()
    unpack = _UNPACKERS.get(ending)
    if unpack is None:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _END_BYTES))
            return stream.read() if ending == ".osm" else b""
    unpacked, end = 0, b""
    try:
        with path.open("rb") as packed, unpack(packed) as stream:
            while block := stream.read(_BLOCK_BYTES):
                unpacked += len(block)
                end = (end + block)[-_END_BYTES:]
                is_bomb = unpacked > max(_BOMB_BYTES, _MOST_RATIO * packed.tell())
                if is_bomb or unpacked > _MOST_UNPACKED_BYTES:
                    what = f"it unpacks to more than {(unpacked - 1) / 1e6:,.0f} MB"
                    raise unreadable(path.name, what)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path.name, f"cannot be unpacked ({error})") from error
    return end


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
