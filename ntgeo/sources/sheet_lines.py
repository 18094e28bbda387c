"""Address lines and notes of a day's visits: printed for the staff who go, kept nowhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.tables import read_table
from ntgeo.sources.unique_ids import parse_ids

__all__ = ["SheetLines", "read_sheet_lines"]

_ID: Final = "visit_id"
_TEXTS: Final = ("address_line", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLines:
    """What staff are told of the places they go to.

    Args:
        address_of: Visit id → address line.
        note_of: Visit id → what to mind there.
    """

    address_of: Mapping[str, str]
    note_of: Mapping[str, str]


def read_sheet_lines(
    path: Path | str, *, visits: Collection[str], columns: Mapping[str, str] | None = None
) -> SheetLines:
    """Read address lines and notes of a day's visits from CSV or XLSX; other rows are passed over.

    Args:
        path: A table of ``visit_id`` with ``address_line`` and, if wished, ``note``.
        visits: Ids of the day's visits.
        columns: Canonical name → the file's own heading, where they differ.

    Raises:
        InputError: An id is missing or stands twice; all faults are told, by row and id alone.
        DataUnavailableError: There is no such file.
    """
    table = read_table(path, columns=columns, required=(_ID, _TEXTS[0]), optional=_TEXTS[1:])
    ids, faults = parse_ids(table, _ID)
    raise_faults(faults)
    address_of, note_of = (
        {
            visit: text
            for visit, text in zip(ids, table.texts(column).tolist(), strict=True)
            if text and visit in visits
        }
        for column in _TEXTS
    )
    return SheetLines(address_of=address_of, note_of=note_of)
