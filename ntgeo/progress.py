"""How long work tells where it is, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol

from ntgeo.errors import CancelledError

__all__ = ["SILENT", "Progress", "raise_if_cancelled"]


class Progress(Protocol):
    """Told by the work, shown by the door.

    Work calls :meth:`stage` when it starts something a person would name, and :meth:`advance` as
    it goes. It asks :meth:`is_cancelled` often enough to stop within two seconds.
    """

    def stage(self, name: str, total: int | None = None) -> None:
        """Start a stage; ``total`` is how many steps it has, where that is known."""

    def advance(self, done: int) -> None:
        """Say how many steps of the stage are done."""

    def note(self, message: str) -> None:
        """Say something worth keeping: a value cleaned, a better plan found."""

    def is_cancelled(self) -> bool:
        """Tell whether the user asked to stop."""


class _Silent:
    def stage(self, name: str, total: int | None = None) -> None:
        pass

    def advance(self, done: int) -> None:
        pass

    def note(self, message: str) -> None:
        pass

    def is_cancelled(self) -> bool:
        return False


SILENT: Progress = _Silent()


def raise_if_cancelled(progress: Progress) -> None:
    """Raise :class:`~ntgeo.errors.CancelledError` if the user asked to stop."""
    if progress.is_cancelled():
        msg = "Stopped at your request; nothing was published."
        raise CancelledError(msg)
