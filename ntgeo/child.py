"""Run a solver in a process of its own, so that its time limit is kept from outside.

OR-Tools can abort the process, overrun its limit, or ignore a signal while it presolves. The child
sends every better answer as it finds it; whatever happens to the child afterwards, the parent has
the best one so far.

The child is a fresh interpreter that imports only what the work needs. Unlike ``multiprocessing``
it never imports the caller's script, so an analyst's script needs no ``if __name__`` guard.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Final, TypeVar

from ntgeo.errors import CancelledError, NtgeoError
from ntgeo.progress import SILENT, Progress

__all__ = ["ChildDiedError", "Offer", "best_from_child"]

Answer = TypeVar("Answer")
Offer = Callable[[Any], None]

_POLL_S: Final = 0.1
_FINAL: Final = "final"
_BETTER: Final = "better"
_FAILED: Final = "failed"
_GONE: Final = "gone"


class ChildDiedError(NtgeoError):
    """The solver process died before it gave any answer.

    Args:
        exit_code: As ``subprocess`` gives it; negative for a signal.
    """

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        how = f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else exit_code
        super().__init__(
            f"solver: it stopped ({how}) before it found any plan, and nothing was published. "
            "Fix: run it again; if it stops again, tell the developers."
        )

    def __reduce__(self) -> tuple[type[ChildDiedError], tuple[int | None]]:
        """Rebuild from the facts."""
        return type(self), (self.exit_code,)


def best_from_child(
    work: Callable[..., Answer],
    *args: Any,
    time_limit_s: float,
    warm_up_s: float = 0.0,
    loading_s: float = 0.0,
    progress: Progress = SILENT,
) -> Answer | None:
    """Call ``work(offer, *args)`` in a child process and return its best answer.

    Args:
        work: A function at the top of an importable module. It calls ``offer(answer)`` for each
            better answer and returns the last; answers and arguments must pickle.
        args: Passed on after ``offer``.
        time_limit_s: Wall-clock seconds after which the child is killed; give it a little more
            than the limit the solver itself is told.
        warm_up_s: The clock starts with the first answer, or after so many seconds: time to load
            and compile what the child needs, once on a machine.
        loading_s: How much of the time before the first answer counts nevertheless: what loading
            takes on any run.
        progress: Asked several times a second whether the user wants to stop.

    Returns:
        The final answer, or else the last one offered, or ``None`` if the limit passed first.

    Raises:
        CancelledError: The user stopped and no answer had been offered.
        ChildDiedError: The child died without an answer.
        Exception: Whatever ``work`` raised, if it had offered nothing before.
    """
    task = pickle.dumps((work, args), protocol=pickle.HIGHEST_PROTOCOL)
    heard: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    with subprocess.Popen(
        [sys.executable, "-c", "from ntgeo.child import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        threads = (
            threading.Thread(target=_send, args=(child.stdin, task), daemon=True),
            threading.Thread(target=_hear, args=(child.stdout, heard), daemon=True),
        )
        for thread in threads:
            thread.start()
        try:
            return _listen(heard, child, (warm_up_s, loading_s, time_limit_s), progress)
        finally:
            child.kill()
            for thread in threads:
                thread.join()


def _send(stream: IO[bytes], task: bytes) -> None:
    try:
        stream.write(task)
        stream.flush()
    except OSError:  # the child died; closing would try once more to write what is left
        with suppress(OSError):
            stream.close()


def _hear(stream: IO[bytes], heard: queue.SimpleQueue[tuple[str, Any]]) -> None:
    try:
        while True:
            heard.put(pickle.load(stream))  # noqa: S301 - our own child's bytes
    except Exception:  # noqa: BLE001 - whatever a dying child leaves, the parent must hear of it
        heard.put((_GONE, None))


def _listen(
    heard: queue.SimpleQueue[tuple[str, Any]],
    child: subprocess.Popen[bytes],
    allowed_s: tuple[float, float, float],
    progress: Progress,
) -> Any:
    warm_up_s, loading_s, time_limit_s = allowed_s
    started = time.monotonic()
    deadline = started + warm_up_s + time_limit_s
    best: Any = None
    while time.monotonic() < deadline:
        if progress.is_cancelled():
            if best is None:
                msg = "Stopped at your request before any plan was found."
                raise CancelledError(msg)
            return best
        try:
            kind, content = heard.get(timeout=_POLL_S)
        except queue.Empty:
            continue
        if kind == _FINAL:
            return content
        if kind == _BETTER:
            if best is None:
                now = time.monotonic()
                deadline = min(deadline, now + time_limit_s - min(loading_s, now - started))
            best = content
        elif best is not None:
            return best
        elif kind == _FAILED:
            raise content
        else:
            raise ChildDiedError(child.wait())
    return best


def serve() -> None:
    """Do the work that the parent asks for; called by the child process only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a solver prints must not mix with the answers
    task = sys.stdin.buffer

    def tell(kind: str, content: Any) -> None:
        pickle.dump((kind, content), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()

    try:
        work, args = pickle.load(task)  # noqa: S301 - our own parent's bytes
        threading.Thread(target=_die_with_parent, args=(task,), daemon=True).start()
        answer = work(lambda better: tell(_BETTER, better), *args)
    except BaseException as error:  # noqa: BLE001 - it is raised again in the parent
        tell(_FAILED, error)
    else:
        tell(_FINAL, answer)
    os._exit(0)  # the watching thread still waits for the parent


def _die_with_parent(stream: IO[bytes]) -> None:
    stream.read(1)
    os._exit(1)
