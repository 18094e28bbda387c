"""Keeps what a solver prints by itself out of the answer.

HiGHS writes stray lines to standard output whatever it is told, amid a table or JSON.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_native_output"]

_STDOUT = 1
_lock = threading.Lock()
_saved: list[int] = []
_inside = 0


@contextmanager
def without_native_output() -> Iterator[None]:
    """Drop what compiled code writes to standard output; threads may be inside at the same time."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside  # noqa: PLW0603 - standard output is one for the whole process
    with _lock:
        if _inside == 0:
            sys.stdout.flush()
            _saved.append(os.dup(_STDOUT))
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, _STDOUT)
            os.close(nowhere)
        _inside += 1


def _leave() -> None:
    global _inside  # noqa: PLW0603 - as above
    with _lock:
        _inside -= 1
        if _inside == 0:
            ctypes.CDLL(None).fflush(None)
            before = _saved.pop()
            os.dup2(before, _STDOUT)
            os.close(before)
