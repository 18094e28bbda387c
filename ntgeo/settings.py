"""What differs between machines; never what differs between questions (that is the scenario)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from ntgeo.domain.units import is_clock_known
from ntgeo.errors import SettingsError

__all__ = ["Settings"]

_WORKERS_VARIABLE: Final = "NTGEO_WORKERS"
_SCHEDULER_VARIABLE: Final = "NTGEO_SCHEDULER"
_CACHE_VARIABLE: Final = "NTGEO_CACHE"
_CACHE_SIZE_VARIABLE: Final = "NTGEO_CACHE_MB"
_MEMORY_VARIABLE: Final = "NTGEO_MEMORY_MB"
_BASEMAP_KEY_VARIABLE: Final = "NTGEO_BASEMAP_KEY"
_CACHE_MB: Final = 2048
_PLENTY_MB: Final = 1 << 16
_BYTES_PER_MB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """This machine's settings.

    Args:
        cache_folder: Where matrices and road networks are kept; safe to delete.
        cache_bytes: What they may take up; the longest unused make way.
        maps_folder: Where runs are written.
        workers: Processor cores that a solver or a search of roads may use.
        memory_bytes: What the travel times of a question may need; ``None`` for anything.
        scheduler: Address of a Dask scheduler whose workers find travel times; ``None`` without.
        basemap_key: Of the map tiles that a scenario asks for, where they need one.
    """

    cache_folder: Path
    cache_bytes: int
    maps_folder: Path
    workers: int
    memory_bytes: int | None = None
    scheduler: str | None = None
    basemap_key: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, folder: Path) -> Self:
        """Read ``NTGEO_CACHE``, ``_CACHE_MB``, ``_MEMORY_MB``, ``_WORKERS`` and the others.

        Args:
            folder: The default folders lie below it.

        Raises:
            SettingsError: A variable holds something unusable, or the machine does not know the
                UK's clock.
        """
        if not is_clock_known():
            msg = (
                "time zones: this machine does not know when the clocks change in the UK. "
                "Fix: install its time-zone data, or `pip install --upgrade tzdata`."
            )
            raise SettingsError(msg)
        cache = os.environ.get(_CACHE_VARIABLE)
        return cls(
            cache_folder=Path(cache) if cache else folder / "data" / "cache",
            cache_bytes=_whole_number(_CACHE_SIZE_VARIABLE, _CACHE_MB) * _BYTES_PER_MB,
            maps_folder=folder / "maps",
            memory_bytes=_whole_number(_MEMORY_VARIABLE, _memory_mb()) * _BYTES_PER_MB,
            workers=_whole_number(_WORKERS_VARIABLE, min(os.cpu_count() or 1, 8)),
            scheduler=os.environ.get(_SCHEDULER_VARIABLE) or None,
            basemap_key=os.environ.get(_BASEMAP_KEY_VARIABLE) or None,
        )


def _memory_mb() -> int:
    """Return how much memory this machine has; plenty where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _BYTES_PER_MB
    except (AttributeError, OSError, ValueError):
        return _PLENTY_MB


def _whole_number(variable: str, usual: int) -> int:
    text = os.environ.get(variable, "")
    if text and not (text.isdigit() and int(text) > 0):
        msg = f'{variable} is "{text}". Fix: set it to a whole number, 1 or more.'
        raise SettingsError(msg)
    return int(text) if text else usual
