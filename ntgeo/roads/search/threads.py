"""Blocks of origins, worked on by threads and handed out in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from ntgeo.progress import Progress, raise_if_cancelled

__all__ = ["BLOCK_ROWS", "in_order"]

BLOCK_ROWS: Final = 256
Part = TypeVar("Part")


def in_order(
    work: Callable[[int, int], Part],
    rows: int,
    *,
    workers: int,
    progress: Progress,
    block_rows: int = BLOCK_ROWS,
) -> Iterator[tuple[int, Part]]:
    """Yield the first row and the answer of each block of rows, in order.

    Args:
        work: From the first row and the end (not included) of a block to its answer; compiled
            code in it must let go of the interpreter for threads to help.
        rows: How many there are in all.
        workers: Threads; at most one answer more than threads is held at a time.
        progress: Told the rows done.
        block_rows: Rows of a block.

    Raises:
        CancelledError: The user stopped.
    """
    waiting: list[tuple[int, Future[Part]]] = []
    raise_if_cancelled(progress)
    with ThreadPoolExecutor(workers) as pool:
        for first in range(0, rows, block_rows):
            waiting.append((first, pool.submit(work, first, min(first + block_rows, rows))))
            if len(waiting) > workers:
                raise_if_cancelled(progress)
                yield _finished(waiting, rows, block_rows, progress)
        while waiting:
            yield _finished(waiting, rows, block_rows, progress)


def _finished(
    waiting: list[tuple[int, Future[Part]]], rows: int, block_rows: int, progress: Progress
) -> tuple[int, Part]:
    first, work = waiting.pop(0)
    done = work.result()
    progress.advance(min(first + block_rows, rows))
    return first, done
