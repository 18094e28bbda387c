"""Shows on the terminal where long work is."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any, Final

from rich.console import Console
from rich.status import Status

from ntgeo.cli.door import harmless
from ntgeo.errors import CancelledError

__all__ = ["TerminalProgress", "cancelled_by_ctrl_c"]

_WORTH_TELLING_S: Final = 2.0


class TerminalProgress:
    """Writes to standard error, so that standard output stays clean for ``--json``.

    On a terminal a line shows the stage and its time; in a log each stage that took over two
    seconds is a line of its own.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(file=sys.stderr, highlight=False)
        self._live: Status | None = None
        if self._console.is_terminal and not quiet:
            self._live = self._console.status("Starting …")
            self._live.start()
        self._quiet = quiet
        self._name = ""
        self._total: int | None = None
        self._since = time.monotonic()
        self._cancelled = False

    def stage(self, name: str, total: int | None = None) -> None:
        """Start a stage."""
        self._tell_finished()
        self._name, self._total, self._since = name, total, time.monotonic()
        if self._live:
            self._live.update(f"{name} …")

    def advance(self, done: int) -> None:
        """Show how far the stage is."""
        if self._live:
            of = f" of {self._total:,}" if self._total else ""
            self._live.update(f"{self._name}: {done:,}{of} …")

    def note(self, message: str) -> None:
        """Show a message that stays."""
        if not self._quiet:
            self._console.print(f"  {harmless(message)}", markup=False, soft_wrap=True)

    def is_cancelled(self) -> bool:
        """Tell whether Ctrl-C was pressed."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._cancelled = True

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._tell_finished()
        self._name = ""
        if self._live:
            self._live.stop()

    def _tell_finished(self) -> None:
        took_s = time.monotonic() - self._since
        if self._name and took_s >= _WORTH_TELLING_S and not self._quiet:
            self._console.print(f"  {self._name}: {took_s:.1f} s", markup=False)


@contextmanager
def cancelled_by_ctrl_c(progress: TerminalProgress) -> Iterator[None]:
    """Within this, Ctrl-C asks the work to stop; files written by halves are removed."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        progress.cancel()
        raise KeyboardInterrupt

    before, told = signal.signal(signal.SIGINT, stop), sys.unraisablehook
    sys.unraisablehook = partial(_tell_unraisable, told)
    try:
        yield
    except CancelledError:
        raise
    except Exception as error:
        if progress.is_cancelled():  # what was broken off may fail in any way
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = told
        progress.close()


def _tell_unraisable(told: Callable[[Any], object], found: Any) -> None:
    """Say nothing of a Ctrl-C that came in the midst of a callback, as of the compiler's.

    Python cannot raise it there; the work stops at its next look at the progress.
    """
    if not isinstance(found.exc_value, KeyboardInterrupt):
        told(found)
