"""What is kept between runs: networks and matrices, named by all that they depend on.

Several processes may use one folder at once. A file appears whole or not at all, and one that is
removed while another process reads it stays readable to that process.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.progress import SILENT, Progress

__all__ = ["Cache", "key_of"]

Kept = TypeVar("Kept")
Kind = Literal["networks", "travel"]

_FORMAT: Final = 2
_KINDS: Final[tuple[Kind, ...]] = ("networks", "travel")
_WORDS: Final[Mapping[Kind, str]] = {"networks": "road network", "travel": "travel-time matrix"}
_ABANDONED_S: Final = 24 * 3600.0


def key_of(depends_on: Mapping[str, object]) -> str:
    """Return the name of what depends on these facts and on nothing else."""
    content = {"format": _FORMAT, **depends_on}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """A folder of kept files, the longest unused of which make way.

    Args:
        folder: Safe to delete.
        most_bytes: What the files may take up in all; the newest is kept whatever its size.
    """

    folder: Path
    most_bytes: int

    def find(
        self, kind: Kind, key: str, read: Callable[[Path], Kept], *, progress: Progress = SILENT
    ) -> Kept | None:
        """Return what was kept, or ``None`` where it is not there or is damaged, and say so.

        Args:
            kind: What it is.
            key: As :func:`key_of` gives it.
            read: Reads the file; an :class:`InputError` of it means damage.
            progress: Told of damage.
        """
        path = self._path(kind, key)
        if not path.is_file():
            return None
        try:
            found = read(path)
        except InputError:
            progress.note(f"A kept {_WORDS[kind]} was damaged; it is built again.")
            return None
        except DataUnavailableError:  # another process made room in between
            return None
        with suppress(OSError):
            path.touch()
        return found

    def keep(self, kind: Kind, key: str, write: Callable[[Path], None]) -> None:
        """Write a file, whole or not at all, and make room for it."""
        path = self._path(kind, key)
        write(path)
        self._make_room(path)

    def _path(self, kind: Kind, key: str) -> Path:
        return self.folder / kind / f"{key}.npz"

    def _make_room(self, newest: Path) -> None:
        total = 0
        for used_s, size, path in sorted(self._files(), reverse=True):
            is_abandoned = path.name.startswith(".")
            if is_abandoned and time.time() - used_s < _ABANDONED_S:
                continue  # another process is writing it
            total += size
            if is_abandoned or (total > self.most_bytes and path != newest):
                with suppress(OSError):  # another process was quicker, or holds it (Windows)
                    path.unlink()

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return when each file was last used, its size and its path."""
        found = []
        for kind in _KINDS:
            for path in (self.folder / kind).glob("*.npz"):
                with suppress(OSError):
                    facts = path.stat()
                    found.append((facts.st_mtime, facts.st_size, path))
        return found
