"""Keep a road network on disk, ready to use again."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from ntgeo.domain.matrix import TimeRange, TravelMode
from ntgeo.errors import DataUnavailableError
from ntgeo.files import NPZ_DAMAGE, replaced
from ntgeo.roads.building.extract import unreadable
from ntgeo.roads.files.soundness import find_unsound
from ntgeo.roads.network import Arcs, Junctions, Links, RoadNetwork, Turns
from ntgeo.roads.tag_gaps import TagGap

__all__ = ["FORMAT_VERSION", "load_network", "write_network"]

FORMAT_VERSION: Final = 4
_PARTS: Final[dict[str, type[Any]]] = {
    "junctions": Junctions,
    "arcs": Arcs,
    "links": Links,
    "turns": Turns,
}


def write_network(network: RoadNetwork, path: Path) -> None:
    """Write a network as one ``.npz`` file, whole or not at all."""
    arrays = {
        f"{part}.{field.name}": getattr(getattr(network, part), field.name)
        for part, kind in _PARTS.items()
        if getattr(network, part) is not None
        for field in fields(kind)
    }
    told = {
        "format_version": FORMAT_VERSION,
        "mode": network.mode.value,
        "epsg": network.epsg,
        "names": network.names,
        "classes": network.classes,
        "dated": network.dated,
        "notes": network.notes,
        "tag_gaps": [asdict(gap) for gap in network.tag_gaps],
        "ring_ways": sorted(network.ring_ways),
        "time_range": asdict(network.time_range),
        "departs_at": "" if network.departs_at is None else network.departs_at.isoformat(),
    }
    header = np.frombuffer(json.dumps(told).encode("utf-8"), np.uint8)
    with replaced(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, header=header, **arrays)


def load_network(path: Path) -> RoadNetwork:
    """Load a network that :func:`write_network` wrote.

    Raises:
        DataUnavailableError: There is no such file.
        InputError: The file is damaged, or of another version of the format.
    """
    if not path.is_file():
        raise DataUnavailableError(path.name, "there is no such file", "read the roads again")
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            told = json.loads(arrays["header"].tobytes())
            if told["format_version"] != FORMAT_VERSION:
                what = f"it is of format {told['format_version']}, not {FORMAT_VERSION}"
                raise unreadable(path.name, what, code="network-format")
            parts = {
                part: kind(**{f.name: arrays[f"{part}.{f.name}"] for f in fields(kind)})
                for part, kind in _PARTS.items()
                if f"{part}.start" in arrays or part != "turns"
            }
        network = RoadNetwork(
            mode=TravelMode(told["mode"]),
            epsg=int(told["epsg"]),
            names=tuple(told["names"]),
            classes=tuple(told["classes"]),
            dated=told["dated"],
            notes=tuple(told["notes"]),
            tag_gaps=tuple(
                TagGap(tag=gap["tag"], share=gap["share"], ways=tuple(gap["ways"]))
                for gap in told["tag_gaps"]
            ),
            ring_ways=frozenset(told["ring_ways"]),
            time_range=TimeRange(**told["time_range"]),
            departs_at=time.fromisoformat(told["departs_at"]) if told["departs_at"] else None,
            **parts,
        )
        unsound = find_unsound(network)
    except NPZ_DAMAGE as error:
        raise unreadable(path.name, f"it is not a whole network file ({error})") from error
    if unsound is not None:
        raise unreadable(path.name, f"it is not a whole network file ({unsound})")
    return network
