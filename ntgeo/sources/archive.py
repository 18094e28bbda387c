"""ZIP archives: looked into for what they hold, never unpacked."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path
from typing import Final, NoReturn

from ntgeo.errors import first_five
from ntgeo.sources.local_file import refuse

__all__ = ["refuse_archive"]

_LEAVES: Final = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:")
_LAYERS: Final = (".geojson", ".json", ".gpkg", ".shp")
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LONGEST_END: Final = _END.size + (1 << 16)
_MOST_LISTED_BYTES: Final = 4 << 20


def refuse_archive(path: Path) -> NoReturn:
    """Refuse an archive, and say what is in it to unpack, or why it should not be unpacked.

    Raises:
        InputError: Always.
    """
    names = _names_in(path)
    if names is None:
        refuse(path.name, "is no ZIP archive, or damaged", "export it again", "not-an-archive")
    leaving = [name for name in names if _LEAVES.search(name)]
    if leaving:
        what = f'its entry "{_shown(leaving[0])}" leaves its folder'
        fix = "do not unpack it; ask for the file again where it came from"
        refuse(path.name, what, fix, "archive-leaves-folder")
    layers = sorted(name for name in names if name.lower().endswith(_LAYERS))
    held = f"is an archive (with {first_five(map(_shown, layers))})" if layers else "is an archive"
    fix = "unpack all of it into a folder and name the .geojson, .gpkg or .shp file"
    refuse(path.name, f"{held}, and only unpacked files can be read", fix, "archive")


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name[:60])


def _names_in(path: Path) -> list[str] | None:
    """Return the names of its entries; none where the list is too long to look through."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _LONGEST_END))
        tail = stream.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        return None
    listed_bytes = _END.unpack_from(tail, at)[5]
    if listed_bytes > _MOST_LISTED_BYTES:
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
