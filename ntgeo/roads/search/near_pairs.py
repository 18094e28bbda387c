"""The pairs that matter of a question of many times, by whichever search costs less.

A bounded search costs what it touches; a sweep of the hierarchy costs about the same for any
limit. Which is less is told by the searches from the first few origins. Both are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.progress import SILENT, Progress
from ntgeo.roads.search.bounded import FoundPairs, bounded_pairs, goals_of
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.engine import prepare
from ntgeo.roads.search.questions import MODE_WORDS, TimesQuestion, answer_blocks, known_pairs
from ntgeo.roads.search.threads import in_order

__all__ = ["near_pairs", "packed_limit"]

Longs = npt.NDArray[np.int64]

_LENGTH_BITS: Final = (1 << 32) - 1
_PROBED_ROWS: Final = 8
_SETTLE_US: Final = 0.3
_SWEEP_US: Final = 0.05
_PREPARE_US: Final = 6.0
"""Microseconds for each vertex settled, for each root of vertices × destinations swept, and for
each vertex of a hierarchy made; measured on Cambridge and Porto with turns, on one core."""


def packed_limit(limit_s: float | None) -> int:
    """Return the greatest packed cost within a limit in seconds; without one, of any way.

    Raises:
        ValueError: The limit is below 0 or not a number.
    """
    if limit_s is None or limit_s == math.inf:
        return ABSENT - 1
    if not limit_s >= 0:
        msg = f"a limit of {limit_s} seconds is not 0 or more"
        raise ValueError(msg)
    whole_ms = math.floor(round(limit_s * 1000, 6))
    return min(whole_ms << 32 | _LENGTH_BITS, ABSENT - 1)


def near_pairs(
    question: TimesQuestion,
    *,
    limit: int,
    most: int | None = None,
    workers: int = 1,
    progress: Progress = SILENT,
) -> Iterator[tuple[int, FoundPairs]]:
    """Yield the first row and the nearest pairs of each block of origins, in order.

    Args:
        question: What is asked.
        limit: Greatest packed cost of a pair.
        most: How many destinations of each origin to keep; all unless given.
        workers: Threads.
        progress: Told the origins done.

    Raises:
        CancelledError: The user stopped.
    """
    columns = len(question.ends.ids)
    kept = columns if most is None else min(most, columns)
    search = _searcher(question, limit, kept)
    rows = len(question.starts.ids)
    if _is_search_cheaper(question, search(0, min(_PROBED_ROWS, rows)).settled):
        progress.stage(f"Nearest places {MODE_WORDS[question.network.mode]}", rows)
        yield from in_order(search, rows, workers=workers, progress=progress)
        return
    prepare(question.network)
    for first, packed in answer_blocks(question, workers=workers, progress=progress):
        yield first, _nearest_of_rows(packed, limit, kept)


def _searcher(question: TimesQuestion, limit: int, most: int) -> Callable[[int, int], FoundPairs]:
    graph = question.network.search_graph
    goals = goals_of(question.arriving, len(graph.xy_m))
    start, destination, cost = known_pairs(question)

    def search(first: int, end: int) -> FoundPairs:
        low, high = start[first], start[end]
        known = (start[first : end + 1] - low, destination[low:high], cost[low:high])
        leaving = question.leaving.rows(first, end)
        return bounded_pairs(graph.as_tuple, leaving, goals, known, limit=limit, most=most)

    return search


def _is_search_cheaper(question: TimesQuestion, settled: int) -> bool:
    rows = len(question.starts.ids)
    vertices = len(question.network.search_graph.xy_m)
    search_us = rows * _SETTLE_US * settled / max(min(_PROBED_ROWS, rows), 1)
    sweep_us = rows * _SWEEP_US * math.sqrt(vertices * len(question.ends.ids))
    if "weighted hierarchy" not in question.network.kept:
        sweep_us += _PREPARE_US * vertices
    return search_us <= sweep_us


def _nearest_of_rows(packed: Longs, limit: int, most: int) -> FoundPairs:
    is_near = packed <= limit
    if 0 < most < packed.shape[1]:
        is_near &= packed <= np.partition(packed, most - 1, axis=1)[:, most - 1 : most]
    row, column = np.nonzero(is_near)
    cost = packed[row, column]
    order = np.lexsort((column, cost, row))
    row, column, cost = row[order], column[order], cost[order]
    first = np.searchsorted(row, np.arange(len(packed) + 1))
    keep = np.arange(len(row)) - first[row] < most
    start = np.concatenate(([0], np.cumsum(keep)))[first]
    return FoundPairs(start=start, destination=column[keep], cost=cost[keep])
