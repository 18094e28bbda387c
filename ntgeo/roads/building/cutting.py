"""Networks with a link cut in two, or with other arcs and turns; junctions keep their ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from ntgeo.roads.network import CLOSED_MS, Arcs, Junctions, Links, RoadNetwork, Turns

__all__ = ["TurnRows", "arc_rows", "cut_link", "lasting", "rebuilt", "turn_rows"]

Longs = npt.NDArray[np.int64]
Rows = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnRows:
    """Turns, one a row, in any order.

    Args:
        leave: (turns,) row of the arc turned from.
        enter: (turns,) row of the arc turned into.
        delay_ms: (turns,) milliseconds.
    """

    leave: Longs
    enter: Longs
    delay_ms: Longs


def arc_rows(arcs: Arcs) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of arcs by name, to be changed and given to :func:`rebuilt`."""
    return {
        field.name: getattr(arcs, field.name) for field in fields(Arcs) if field.name != "start"
    }


def turn_rows(turns: Turns) -> TurnRows:
    """Return turns as rows."""
    leave = np.repeat(np.arange(len(turns.start) - 1), np.diff(turns.start))
    return TurnRows(
        leave=leave, enter=turns.onto.astype(np.int64), delay_ms=turns.delay_ms.astype(np.int64)
    )


def lasting(network: RoadNetwork, before: RoadNetwork) -> RoadNetwork:
    """Give a network the ranks of the one it was made from; new junctions rank lowest."""
    known = before.kept.get("junction ranks")
    if known is not None:
        added = network.junction_count - before.junction_count
        fresh = np.arange(added, dtype=known.dtype)
        network.kept["junction ranks"] = np.concatenate([known + known.dtype.type(added), fresh])
    return network


def rebuilt(network: RoadNetwork, rows: Rows, turns: TurnRows | None, **parts: Any) -> RoadNetwork:
    """Return a network of other arcs and turns, sorted as they must be.

    Args:
        network: What stays.
        rows: Columns of the arcs, in any order of arcs.
        turns: By row of the arcs; ``None`` where every turn is allowed and free.
        parts: Other fields of the network that change.
    """
    changed = replace(network, **parts)
    order = np.lexsort((~rows["is_forward"], rows["link"], rows["head"], rows["tail"]))
    many = np.bincount(rows["tail"], minlength=changed.junction_count)
    arcs = Arcs(
        start=np.concatenate(([0], np.cumsum(many))),
        **{name: column[order] for name, column in rows.items()},
    )
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    kept_turns = None if turns is None else _sorted_turns(turns, number)
    return lasting(replace(changed, arcs=arcs, turns=kept_turns), network)


def _sorted_turns(turns: TurnRows, number: Longs) -> Turns:
    leave, enter = number[turns.leave], number[turns.enter]
    order = np.argsort(leave * len(number) + enter, kind="stable")  # almost sorted already
    return Turns(
        start=np.concatenate(([0], np.cumsum(np.bincount(leave, minlength=len(number))))),
        onto=enter[order].astype(np.int32),
        delay_ms=turns.delay_ms[order].astype(np.uint32),
    )


def cut_link(network: RoadNetwork, link: int, along_m: float) -> RoadNetwork:
    """Return the network with a junction on a link, numbered last, as is the rest of the link.

    Moving is shared out by length; waiting stays at the end where it was. One goes straight on at
    the cut. Both halves keep all ways of the link, since where each ends is not known.

    Args:
        network: Whose times are those that were read.
        link: Number of the link.
        along_m: Metres from its first point; not at an end.
    """
    line = shapely.LineString(network.points_of(link))
    share = along_m / line.length
    halves = [np.array(substring(line, *ends).coords) for ends in ((0, along_m), (along_m, 1e15))]
    osm, xy_m = network.junctions.osm, network.junctions.xy_m
    parts = {
        "junctions": Junctions(
            osm=np.append(osm, min(0, int(osm.min())) - 1),
            xy_m=np.vstack([xy_m, halves[1][:1]]),
        ),
        "links": _cut_shape(network.links, link, halves),
    }
    cut = np.flatnonzero(network.arcs.link == link)
    rows = _cut_arcs(network, cut, share)
    turns = None
    if network.turns is not None:
        before = turn_rows(network.turns)
        second = np.arange(network.arc_count)
        second[cut] = network.arc_count + np.arange(len(cut))
        turns = TurnRows(
            leave=np.concatenate([second[before.leave], cut]),
            enter=np.concatenate([before.enter, second[cut]]),
            delay_ms=np.concatenate([before.delay_ms, np.zeros(len(cut), np.int64)]),
        )
    return rebuilt(network, rows, turns, **parts)


def _cut_shape(links: Links, link: int, halves: list[npt.NDArray[np.float64]]) -> Links:
    begin, end = links.point_start[link], links.point_start[link + 1]
    counts = np.append(np.diff(links.point_start), len(halves[1]))
    counts[link] = len(halves[0])
    ways = links.way[links.way_start[link] : links.way_start[link + 1]]
    return Links(
        point_start=np.concatenate(([0], np.cumsum(counts))),
        xy_m=np.vstack([links.xy_m[:begin], halves[0], links.xy_m[end:], halves[1]]),
        name=np.append(links.name, links.name[link]),
        road_class=np.append(links.road_class, links.road_class[link]),
        way_start=np.append(links.way_start, links.way_start[-1] + len(ways)),
        way=np.append(links.way, ways),
    )


def _cut_arcs(network: RoadNetwork, cut: Longs, share: float) -> Rows:
    """Return the arcs with those of ``cut`` ended at the new junction; their rest comes last."""
    arcs, junction, rest = network.arcs, network.junction_count, network.link_count
    is_forward = arcs.is_forward[cut]
    first_share = np.where(is_forward, share, 1.0 - share)
    time_ms, delay_ms, length_cm = (
        values[cut].astype(np.int64) for values in (arcs.time_ms, arcs.delay_ms, arcs.length_cm)
    )
    first_ms = np.rint((time_ms - delay_ms) * first_share).astype(np.int64)
    first_cm = np.rint(length_cm * first_share).astype(np.int64)
    is_closed = time_ms == CLOSED_MS
    second = {
        "tail": np.full(len(cut), junction),
        "head": arcs.head[cut],
        "time_ms": np.where(is_closed, CLOSED_MS, time_ms - first_ms),
        "delay_ms": delay_ms,
        "length_cm": length_cm - first_cm,
        "link": np.where(is_forward, rest, arcs.link[cut]),
        "is_forward": is_forward,
    }
    first = {
        "head": junction,
        "time_ms": np.where(is_closed, CLOSED_MS, first_ms),
        "delay_ms": 0,
        "length_cm": first_cm,
        "link": np.where(is_forward, arcs.link[cut], rest),
    }
    rows = {}
    for name, before in arc_rows(arcs).items():
        column = before.copy()
        if name in first:
            column[cut] = first[name]
        rows[name] = np.concatenate([column, second[name].astype(column.dtype)])
    return rows
