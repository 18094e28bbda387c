"""Tables as files of Tableau and Qlik, for colleagues who draw their own dashboards."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from ntgeo.errors import DataUnavailableError
from ntgeo.files import replaced
from ntgeo.reports.exports import printable

__all__ = ["require_exports", "write_hyper", "write_qvd"]

_END_OF_HEAD: Final = b"\r\n\0"
_ONE_ROW: Final = re.compile(
    rb"(<NoOfRecords>)1(</NoOfRecords>\s*<Offset>0</Offset>\s*<Length>)\d+"
)
_NEEDS: Final = {"hyper": ("Tableau's .hyper", "pantab"), "qvd": ("Qlik's .qvd", "pyqvd")}


def require_exports(kinds: Collection[str]) -> None:
    """See that what writes each kind of file is installed, before any time is spent.

    Raises:
        DataUnavailableError: One is not.
    """
    for kind in sorted({*kinds} & {*_NEEDS}):
        name, package = _NEEDS[kind]
        if find_spec(package) is None:
            fix = f'install it with `pip install "ntgeo[{kind}]"`, or take "{kind}" out of exports'
            raise DataUnavailableError(package, f"it writes {name} and is not installed here", fix)


def write_hyper(path: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables to one extract of Tableau, whole or not at all.

    Args:
        path: Ends in ``.hyper``.
        tables: Name → frame; a table of that name each.
    """
    import pantab  # noqa: PLC0415 - an extra

    # Tableau's engine keeps a log of all it is told; it goes with the folder it is written to.
    with replaced(path) as temporary, TemporaryDirectory() as log_folder:
        temporary.unlink()
        pantab.frames_to_hyper(
            {name: _typed(frame) for name, frame in tables.items()},
            temporary,
            process_params={"log_dir": log_folder},
        )


def write_qvd(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as a file of Qlik, whole or not at all.

    Args:
        path: Ends in ``.qvd``.
        frame: The table.
    """
    from pyqvd import QvdTable  # noqa: PLC0415 - an extra

    table = _with_figures(_typed(frame))
    if table.empty:
        table = table.reindex([0])
    with replaced(path) as temporary:
        QvdTable.from_pandas(table).to_qvd(str(temporary))
        if frame.empty:
            temporary.write_bytes(_without_rows(temporary.read_bytes()))


def _with_figures(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with columns of no whole number at all as other numbers.

    The writer looks for the greatest whole number of a column, and fails where there is none.
    """
    whole = [name for name, kind in table.dtypes.items() if pd.api.types.is_integer_dtype(kind)]
    return table.astype({name: "float64" for name in whole if table[name].isna().all()})


def _without_rows(content: bytes) -> bytes:
    """Return a file of Qlik without its only row, which is blank; the writer cannot write none."""
    head = content[: content.index(_END_OF_HEAD) + len(_END_OF_HEAD)]
    return _ONE_ROW.sub(rb"\g<1>0\g<2>0", head)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with one kind a column, as both formats need; shapes are left out.

    A column that is not wholly numbers (a count may read ``fewer than 5``) becomes text.
    """
    kept = [name for name, kind in frame.dtypes.items() if str(kind) != "geometry"]
    table = pd.DataFrame(frame[kept]).reset_index(drop=True)
    for name in kept:
        if not pd.api.types.is_numeric_dtype(table[name].dtype):
            cells = [None if pd.isna(value) else printable(str(value)) for value in table[name]]
            table[name] = pd.array(cells, dtype="string")
    return table
