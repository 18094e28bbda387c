"""Run folders that appear whole or not at all, whatever kills the run."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from ntgeo.errors import NtgeoError

__all__ = ["RunFolder", "new_run_folder"]

_PARTIAL: Final = ".partial-"
_LITTLE_ROOM_BYTES: Final = 4_000_000


class RunFolder:
    """A folder being filled.

    Args:
        partial: Where files are written for now.
    """

    def __init__(self, partial: Path) -> None:
        self.partial = partial

    def publish(self, started: datetime) -> Path:
        """Give the folder its name, in one step, and return it.

        Two runs that started in the same second get names of their own.
        """
        stem = started.strftime("%Y-%m-%dT%H%M%S")
        for number in range(1, 1000):
            final = self.partial.parent / (stem if number == 1 else f"{stem}-{number}")
            try:
                final.mkdir()
            except FileExistsError:
                continue
            self.partial.replace(final)
            return final
        msg = f"there are already 999 runs named {stem}"
        raise FileExistsError(msg)


@contextmanager
def new_run_folder(parent: Path) -> Iterator[RunFolder]:
    """Yield a folder to fill; on any error it is removed, and earlier runs are untouched.

    What a killed run left behind is removed first.

    Raises:
        OSError: The disk is full, whatever the library that met it calls that.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    partial = Path(mkdtemp(prefix=f"{_PARTIAL}{os.getpid()}-", dir=parent))
    partial.chmod(0o755)
    try:
        yield RunFolder(partial)
    except (NtgeoError, OSError):
        raise
    except Exception as error:
        if shutil.disk_usage(parent).free > _LITTLE_ROOM_BYTES:
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(parent)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{_PARTIAL}*"):
        owner = left.name.removeprefix(_PARTIAL).split("-", maxsplit=1)[0]
        if not (owner.isdigit() and _is_alive(int(owner))):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
