"""Whether arrays from a file make a road network, before compiled code walks over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import CLOSED_MS, Arcs, Junctions, Links, RoadNetwork, Turns

__all__ = ["find_unsound"]

_DTYPES: Final = {
    "Longs": np.int64,
    "Ints": np.int32,
    "Floats": np.float64,
    "Milliseconds": np.uint32,
    "npt.NDArray[np.bool_]": np.bool_,
}
"""By the annotation of a field."""
_POINTS_OF_A_LINE: Final = 2


def find_unsound(network: RoadNetwork) -> str | None:
    """Return what is wrong with a network's arrays, or ``None``."""
    parts: list[Any] = [network.junctions, network.arcs, network.links]
    parts += [network.turns] if network.turns is not None else []
    for part in parts:
        for field in fields(part):
            found = getattr(part, field.name).dtype
            if found != _DTYPES[str(field.type)]:
                return f"{type(part).__name__}.{field.name} is of type {found}"
    return next(_faults(network), None)


def _faults(network: RoadNetwork) -> Iterator[str]:
    yield from _junction_faults(network.junctions)
    yield from _arc_faults(network.arcs, network.junction_count, network.link_count)
    yield from _link_faults(network.links, len(network.names), len(network.classes))
    if network.turns is not None:
        yield from _turn_faults(network.turns, network.arcs)


def _junction_faults(junctions: Junctions) -> Iterator[str]:
    if junctions.osm.ndim != 1 or junctions.xy_m.shape != (len(junctions.osm), 2):
        yield "junctions are of several lengths"
    elif not np.isfinite(junctions.xy_m).all():
        yield "a junction is nowhere"


def _arc_faults(arcs: Arcs, junctions: int, links: int) -> Iterator[str]:
    count = len(arcs.tail)
    if any(getattr(arcs, field.name).shape != (count,) for field in fields(arcs)[1:]):
        yield "arcs are of several lengths"
    elif not _are_groups(arcs.start, junctions, count):
        yield "the arcs of a junction are not where they should be"
    elif not (_are_below(arcs.head, junctions) and _are_below(arcs.link, links)):
        yield "an arc leads nowhere"
    elif not (arcs.tail == np.repeat(np.arange(junctions), np.diff(arcs.start))).all():
        yield "an arc is listed under another junction"
    elif ((arcs.delay_ms > arcs.time_ms) & (arcs.time_ms != CLOSED_MS)).any():
        yield "an arc waits longer than it takes"


def _link_faults(links: Links, names: int, classes: int) -> Iterator[str]:
    count = len(links.name)
    if links.xy_m.ndim != _POINTS_OF_A_LINE or links.road_class.shape != (count,):
        yield "links are of several lengths"
    elif not _are_groups(links.point_start, count, len(links.xy_m), least=_POINTS_OF_A_LINE):
        yield "the points of a link are not where they should be"
    elif not _are_groups(links.way_start, count, len(links.way), least=1):
        yield "the ways of a link are not where they should be"
    elif not (_are_below(links.name, names) and _are_below(links.road_class, classes)):
        yield "a link has a name or class that is not there"
    elif not np.isfinite(links.xy_m).all():
        yield "a link runs through nowhere"


def _turn_faults(turns: Turns, arcs: Arcs) -> Iterator[str]:
    count = len(arcs.tail)
    if turns.delay_ms.shape != turns.onto.shape or not _are_below(turns.onto, count):
        yield "a turn leads nowhere"
    elif not _are_groups(turns.start, count, len(turns.onto)):
        yield "the turns of an arc are not where they should be"
    elif not (arcs.tail[turns.onto] == np.repeat(arcs.head, np.diff(turns.start))).all():
        yield "a turn jumps to another junction"


def _are_groups(start: npt.NDArray[Any], groups: int, items: int, *, least: int = 0) -> bool:
    """Tell whether ``start`` cuts items into groups, each of at least so many."""
    if start.shape != (groups + 1,):
        return False
    return bool(start[0] == 0 and start[-1] == items and (np.diff(start) >= least).all())


def _are_below(numbers: npt.NDArray[Any], count: int) -> bool:
    return bool(((numbers >= 0) & (numbers < count)).all())
