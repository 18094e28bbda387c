"""Rows of a matrix found by the workers of a Dask cluster, on as many machines as it has.

The workers are sent the prepared search, which is arrays of the network, and where origins enter
it; no id and no place of the question leaves this process. Traffic of a ``tcp://`` scheduler is
neither signed nor encrypted: use one only on a network that you trust.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError as LostError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from ntgeo import __version__
from ntgeo.errors import DataUnavailableError, SettingsError
from ntgeo.progress import Progress, raise_if_cancelled
from ntgeo.roads.search.engine import RowSearch
from ntgeo.roads.search.entries import Entries
from ntgeo.roads.search.threads import BLOCK_ROWS

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["rows_on_cluster"]

Longs = npt.NDArray[np.int64]

_ANSWER_WITHIN_S: Final = 10
_BACK_WITHIN_S: Final = 60
_LOOK_EVERY_S: Final = 0.5
_MOST_LOSSES: Final = 5
_AHEAD_PER_THREAD: Final = 2


def rows_on_cluster(
    search: RowSearch, leaving: Entries, scheduler: str, *, progress: Progress
) -> Iterator[tuple[int, Longs]]:
    """Yield the first row and the packed costs of each block of rows, in order.

    Workers may come and go: what a lost one held is asked of the others again.

    Args:
        search: What finds rows.
        leaving: Where each origin enters the graph.
        scheduler: Address of the scheduler.
        progress: Told the origins done.

    Raises:
        SettingsError: The address is none.
        DataUnavailableError: Dask is not installed, nothing answers, workers lack this ntgeo, or
            workers are lost again and again.
        CancelledError: The user stopped.
    """
    with _connected(scheduler) as client:
        yield from _Asking(client, search, leaving, scheduler).answers(progress)


class _Asking:
    """Keeps a few blocks with the workers at a time, and asks again for those that are lost."""

    def __init__(self, client: Client, search: RowSearch, leaving: Entries, scheduler: str) -> None:
        self._client = client
        self._search = search
        self._leaving = leaving
        self._scheduler = scheduler
        self._losses = 0
        self._waiting: deque[tuple[int, Future]] = deque()
        self._share()

    def answers(self, progress: Progress) -> Iterator[tuple[int, Longs]]:
        count = len(self._leaving.start) - 1
        ahead = max(1, _AHEAD_PER_THREAD * sum(self._client.nthreads().values()))
        for first in range(0, count, BLOCK_ROWS):
            self._waiting.append((first, self._ask(first)))
            if len(self._waiting) > ahead:
                yield self._oldest(count, progress)
        while self._waiting:
            yield self._oldest(count, progress)

    def _share(self) -> None:
        """Give every worker the search, so that it outlives the loss of one."""
        self._shared = self._client.scatter(self._search, broadcast=True, hash=False)

    def _ask(self, first: int) -> Future:
        end = min(first + BLOCK_ROWS, len(self._leaving.start) - 1)
        part = self._leaving.rows(first, end)
        return self._client.submit(RowSearch.rows, self._shared, part, pure=False)

    def _oldest(self, count: int, progress: Progress) -> tuple[int, Longs]:
        from distributed import KilledWorker  # noqa: PLC0415 - Dask is optional

        while True:
            first, asked = self._waiting[0]
            raise_if_cancelled(progress)
            try:
                packed: Longs = np.array(asked.result(timeout=_LOOK_EVERY_S))
            except TimeoutError:
                continue
            # Dask catches no asyncio.CancelledError of a lost task, and then trips over itself.
            except (LostError, KilledWorker, UnboundLocalError) as error:
                self._ask_again(error)
                continue
            self._waiting.popleft()
            progress.advance(min(first + BLOCK_ROWS, count))
            return first, packed

    def _ask_again(self, error: BaseException) -> None:
        """Share the search anew, among the workers that are left or come back, and ask again."""
        self._losses += 1
        try:
            self._client.wait_for_workers(1, timeout=_BACK_WITHIN_S)
        except TimeoutError:
            self._losses = _MOST_LOSSES + 1
        if self._losses > _MOST_LOSSES:
            why = f"its workers were lost and did not come back ({type(error).__name__})"
            fix = "look at the workers' memory and logs, or leave the scheduler out"
            raise DataUnavailableError(self._scheduler, why, fix) from error
        self._share()
        self._waiting = deque((first, self._ask(first)) for first, _ in self._waiting)


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """Connect to a scheduler whose workers run this very version of ntgeo."""
    if not scheduler.startswith(("tcp://", "tls://")):
        msg = (
            f'"{scheduler}" is no address of a Dask scheduler. Fix: give one like tcp://host:8786.'
        )
        raise SettingsError(msg)
    try:
        from distributed import Client  # noqa: PLC0415 - Dask is optional
    except ImportError as error:
        fix = 'install it with `pip install "ntgeo[dask]"`, or leave the scheduler out'
        raise DataUnavailableError("Dask", "it is not installed here", fix) from error
    try:
        client = Client(scheduler, timeout=_ANSWER_WITHIN_S, set_as_default=False)
    except (OSError, TimeoutError) as error:
        fix = "start one with `dask scheduler`, or leave the scheduler out"
        why = f"no Dask scheduler answered within {_ANSWER_WITHIN_S} s"
        raise DataUnavailableError(scheduler, why, fix) from error
    try:
        _refuse_strangers(client, scheduler)
        yield client
    finally:
        client.close()


def _refuse_strangers(client: Client, scheduler: str) -> None:
    told: dict[str, Any] = client.run(_version_here, on_error="return")
    if not told:
        fix = f"start some with `dask worker {scheduler}`"
        raise DataUnavailableError(scheduler, "it has no workers", fix)
    strangers = sorted(worker for worker, found in told.items() if found != __version__)
    if strangers:
        why = f"{len(strangers)} of {len(told)} workers lack ntgeo {__version__}: {strangers[0]}"
        fix = "install the same ntgeo on every worker"
        raise DataUnavailableError(scheduler, why, fix)


def _version_here() -> str:
    return __version__
