"""What differs between machines; never what differs between questions (that is the scenario)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from ntgeo.errors import SettingsError

__all__ = ["Settings"]

_WORKERS_VARIABLE: Final = "NTGEO_WORKERS"
_CACHE_VARIABLE: Final = "NTGEO_CACHE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """This machine's settings.

    Args:
        cache_folder: Where matrices and road networks are kept; safe to delete.
        maps_folder: Where runs are written.
        workers: Processor cores that a solver may use.
    """

    cache_folder: Path
    maps_folder: Path
    workers: int

    @classmethod
    def from_environment(cls, folder: Path) -> Self:
        """Read ``NTGEO_CACHE`` and ``NTGEO_WORKERS``; the defaults lie below ``folder``.

        Raises:
            SettingsError: A variable holds something unusable.
        """
        text = os.environ.get(_WORKERS_VARIABLE, "")
        if text and not (text.isdigit() and int(text) > 0):
            msg = f'{_WORKERS_VARIABLE} is "{text}". Fix: set it to a whole number, 1 or more.'
            raise SettingsError(msg)
        cache = os.environ.get(_CACHE_VARIABLE)
        return cls(
            cache_folder=Path(cache) if cache else folder / "data" / "cache",
            maps_folder=folder / "maps",
            workers=int(text) if text else min(os.cpu_count() or 1, 8),
        )
