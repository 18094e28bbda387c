"""Run a solver in a process of its own, so that its time limit is kept from outside.

OR-Tools can abort the process, overrun its limit, or ignore a signal while it presolves. The child
sends every better answer as it finds it; whatever happens to the child afterwards, the parent has
the best one so far.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from ntgeo.errors import CancelledError, NtgeoError
from ntgeo.progress import SILENT, Progress

__all__ = ["ChildDiedError", "Offer", "best_from_child"]

Answer = TypeVar("Answer")
Offer = Callable[[Any], None]

_POLL_S = 0.1
_FINAL = "final"
_BETTER = "better"
_FAILED = "failed"


class ChildDiedError(NtgeoError):
    """The solver process died before it gave any answer.

    Args:
        exit_code: As ``multiprocessing`` gives it; negative for a signal.
    """

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        how = f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else exit_code
        super().__init__(f"The solver stopped ({how}) before it found any plan.")

    def __reduce__(self) -> tuple[type[ChildDiedError], tuple[int | None]]:
        """Rebuild from the facts."""
        return type(self), (self.exit_code,)


def best_from_child(
    work: Callable[..., Answer],
    *args: Any,
    time_limit_s: float,
    progress: Progress = SILENT,
) -> Answer | None:
    """Call ``work(offer, *args)`` in a child process and return its best answer.

    Args:
        work: A module-level function. It calls ``offer(answer)`` for each better answer and returns
            the last; answers and arguments must pickle.
        args: Passed on after ``offer``.
        time_limit_s: Wall-clock seconds after which the child is killed; give it a little more
            than the limit the solver itself is told.
        progress: Asked several times a second whether the user wants to stop.

    Returns:
        The final answer, or else the last one offered, or ``None`` if the limit passed first.

    Raises:
        CancelledError: The user stopped and no answer had been offered.
        ChildDiedError: The child died without an answer.
        Exception: Whatever ``work`` raised, if it had offered nothing before.
    """
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(sending, work, args), daemon=True)
    child.start()
    sending.close()
    try:
        return _listen(receiving, child, time.monotonic() + time_limit_s, progress)
    finally:
        child.kill()
        child.join()
        child.close()
        receiving.close()


def _run(sending: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    try:
        answer = work(lambda better: sending.send((_BETTER, better)), *args)
    except BaseException as error:  # noqa: BLE001 - it is raised again in the parent
        sending.send((_FAILED, error))
    else:
        sending.send((_FINAL, answer))


def _listen(receiving: Connection, child: Any, deadline: float, progress: Progress) -> Any:
    best: Any = None
    while time.monotonic() < deadline:
        if progress.is_cancelled():
            if best is None:
                msg = "Stopped at your request before any plan was found."
                raise CancelledError(msg)
            return best
        if not receiving.poll(_POLL_S):
            if child.exitcode is not None and not receiving.poll(0):
                return _died(best, child.exitcode)
            continue
        try:
            kind, content = receiving.recv()
        except EOFError:
            child.join()
            return _died(best, child.exitcode)
        if kind == _FINAL:
            return content
        if kind == _BETTER:
            best = content
        elif best is None:
            raise content
        else:
            return best
    return best


def _died(best: Any, exit_code: int | None) -> Any:
    if best is None:
        raise ChildDiedError(exit_code)
    return best
