"""The door: only ordinary files of this computer come in, and only as what they are."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import stat_result
from pathlib import Path
from typing import Final, NoReturn

from ntgeo.errors import (
    CrsError,
    DataUnavailableError,
    DuplicateIdError,
    Fault,
    InputError,
    MissingColumnError,
    UnknownIdError,
)

__all__ = [
    "LARGEST_FILE_BYTES",
    "check_local_file",
    "is_address",
    "raise_faults",
    "refuse",
    "refuse_larger",
    "unchanged",
]

LARGEST_FILE_BYTES: Final = 2_000_000_000
"""Of any file that is read; looked at before anything else is done with it."""
_SCHEME: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.]+:|^/vsi", re.ASCII)
_ERROR_OF_CODE: Final = {
    "missing-column": MissingColumnError,
    "duplicate-id": DuplicateIdError,
    "unknown-lsoa": UnknownIdError,
    "unknown-postcode": UnknownIdError,
    "unknown-depot": UnknownIdError,
    "crs": CrsError,
}


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise all faults of a table at once, as the narrowest error that covers them all."""
    if not faults:
        return
    kinds = {_ERROR_OF_CODE.get(fault.code, InputError) for fault in faults}
    raise (kinds.pop() if len(kinds) == 1 else InputError)(faults)


def refuse(file: str, what: str, fix: str, code: str) -> NoReturn:
    """Refuse a whole file for one reason.

    Raises:
        InputError: Always.
    """
    raise _ERROR_OF_CODE.get(code, InputError)(Fault(file=file, what=what, fix=fix, code=code))


def is_address(text: str) -> bool:
    """Tell whether a path is rather an address, or a way into an archive or a database."""
    return _SCHEME.match(text) is not None


def check_local_file(path: Path | str) -> Path:
    """Return ``path`` if it is an ordinary file with something in it.

    Raises:
        InputError: It is an address, a link, a folder, a device or a pipe, or it is empty.
        DataUnavailableError: There is no such file.
    """
    text = str(path)
    if is_address(text):
        refuse(
            text,
            "only files on this computer can be read, not addresses or archives",
            "download or unpack it first and give its path",
            "not-a-local-file",
        )
    local = Path(path)
    try:
        status = local.lstat()
    except OSError as error:
        raise DataUnavailableError(
            local.name or text,
            "there is no such file" if isinstance(error, FileNotFoundError) else "cannot be opened",
            "check the path in the scenario",
        ) from error
    if not stat.S_ISREG(status.st_mode):
        refuse(
            local.name,
            "is not a regular file (a link, folder, pipe or device)",
            "copy the file itself here",
            "not-a-local-file",
        )
    if status.st_size == 0:
        refuse(local.name, "is empty (0 bytes)", "export it again", "empty-file")
    refuse_larger(local.name, status.st_size, LARGEST_FILE_BYTES)
    return local


def refuse_larger(file: str, size_bytes: int, most_bytes: int) -> None:
    """Refuse a file that is larger than it may be.

    Raises:
        InputError: It is.
    """
    if size_bytes > most_bytes:
        what = f"is {size_bytes / 1e6:,.0f} MB; the limit is {most_bytes / 1e6:,.0f} MB"
        fix = "cut it to the area of the plan, leave out columns that are not needed, or split it"
        refuse(file, what, fix, "too-big")


def _signature(status: stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Refuse a file that somebody changed while it was read.

    Raises:
        InputError: Size, time or identity differ afterwards.
    """
    before = _signature(path.stat())
    yield
    if _signature(path.stat()) != before:
        refuse(path.name, "changed while it was being read", "run again", "changed-file")
