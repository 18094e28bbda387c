"""Plans as files that other tools open: GeoPackage, GeoParquet, CSV and XLSX.

The same frames always give the same bytes: dates inside the files are fixed, numbers are written
to twelve significant digits, and nothing depends on the clock or the machine.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import CrsError, Fault
from ntgeo.files import replaced, write_bytes, write_text
from ntgeo.gdal import pyogrio
from ntgeo.reports.columns import ColumnKind, column_of
from ntgeo.reports.qgis_styles import STYLES_TABLE, layer_styles

__all__ = [
    "printable",
    "safe_cell",
    "write_csv_table",
    "write_geopackage",
    "write_geoparquet",
    "write_xlsx",
]

_FIXED_MOMENT: Final = "2000-01-01T00:00:00Z"
_FIXED_DATE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook format has no time zone
_ZIP_DATE: Final = (2000, 1, 1, 0, 0, 0)
_SAVED_AT: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

_STARTS_FORMULA: Final = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_AFTER_SEPARATOR: Final = re.compile(r"(?<=;)(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")

_LONGEST_SHEET_NAME: Final = 31
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_NUMBER_FORMATS: Final = {
    ColumnKind.COUNT: "#,##0",
    ColumnKind.AMOUNT: "#,##0.0",
    ColumnKind.SECONDS: "#,##0",
    ColumnKind.METRES: "#,##0",
    ColumnKind.GRID: "0.0",
    ColumnKind.MILES: "#,##0.0",
    ColumnKind.SHARE: "0.0%",
    ColumnKind.POUNDS: "£#,##0",
    ColumnKind.PENCE: "£#,##0.00",
    ColumnKind.NUMBER: "#,##0.00",
    ColumnKind.RATE: "#,##0.0",
}
_WIDTHS: Final = (9, 42)


def write_geopackage(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write ``layers`` to one GeoPackage, whole or not at all, with their styles for QGIS.

    Args:
        path: Ends in ``.gpkg``.
        layers: Name → frame in EPSG:27700; an empty frame gives an empty layer.

    Raises:
        CrsError: A layer is not in EPSG:27700.
        ValueError: There are no layers.
    """
    if not layers:
        msg = "a GeoPackage needs at least one layer"
        raise ValueError(msg)
    for name, frame in layers.items():
        if frame.crs is None or frame.crs.to_epsg() != BRITISH_NATIONAL_GRID:
            raise CrsError(
                Fault(
                    file=name,
                    value=str(frame.crs),
                    what="the layer is not in British National Grid",
                    fix=f"reproject it to EPSG:{BRITISH_NATIONAL_GRID} first",
                    code="crs",
                )
            )
    plain = {name: _plain(frame) for name, frame in layers.items()}
    with replaced(path) as temporary, _fixed_dates():
        temporary.unlink()
        for name, frame in plain.items():
            pyogrio.write_dataframe(
                frame,
                temporary,
                layer=name,
                driver="GPKG",
                geometry_type=_geometry_type(frame),
            )
        styles = layer_styles(plain)
        if len(styles):
            pyogrio.write_dataframe(styles, temporary, layer=STYLES_TABLE, driver="GPKG", FID="id")


@contextmanager
def _fixed_dates() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_MOMENT})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame in types that the format has: nullable whole numbers need their own care.

    Its texts are printable, since GDAL ends a text at the first NUL.
    """
    whole = [name for name in frame.columns if isinstance(frame[name].dtype, pd.Int64Dtype)]
    texts = [name for name in frame.columns if pd.api.types.is_string_dtype(frame[name].dtype)]
    return frame.astype(
        {name: "float64" if frame[name].isna().any() else "int64" for name in whole}
    ).assign(**{name: [_printable_cell(cell) for cell in frame[name]] for name in texts})


def _printable_cell(cell: Any) -> Any:
    return printable(cell) if isinstance(cell, str) else cell


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    kinds = sorted(set(frame.geometry.geom_type.dropna()))
    if len(kinds) == 1:
        return str(kinds[0])
    if kinds == ["MultiPolygon", "Polygon"]:
        return "MultiPolygon"
    return "Unknown"


def write_geoparquet(path: Path, layer: gpd.GeoDataFrame) -> None:
    """Write a layer as GeoParquet 1.1, whole or not at all; its coordinates stay as they are.

    Args:
        path: Ends in ``.parquet``.
        layer: With a coordinate reference system.

    Raises:
        CrsError: The layer has none.
    """
    if layer.crs is None:
        raise CrsError(
            Fault(
                file=path.name,
                what="the layer has no coordinate reference system",
                fix="set the one its coordinates are in",
                code="crs",
            )
        )
    with replaced(path) as temporary:
        layer.reset_index(drop=True).to_parquet(temporary, index=False, schema_version="1.1.0")


def safe_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it, or a part of it, for a formula.

    Text that starts with ``=``, ``+``, ``-``, ``@`` (plain or full-width, after any spaces), a
    tab or a line end gets a leading apostrophe, as does what follows a semicolon, which some
    countries' spreadsheets take for the end of a cell. Control characters become spaces.
    Source: OWASP, CSV Injection.
    """
    shown = _AFTER_SEPARATOR.sub("'", printable(text))
    return f"'{shown}" if _STARTS_FORMULA.match(text) or _STARTS_FORMULA.match(shown) else shown


def printable(text: str) -> str:
    """Return ``text`` with a space for each control character, and U+FFFD for half a letter."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))


def write_csv_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as CSV: UTF-8, comma, line feed, one heading row; geometry is left out.

    Text cells and headings pass through :func:`safe_cell`; numbers are written to twelve
    significant digits, missing ones as nothing, and flags as ``true`` and ``false``.
    """
    table = _without_shapes(frame)
    shown = pd.DataFrame(
        {position: _csv_cells(table.iloc[:, position]) for position in range(table.shape[1])},
        index=table.index,
    )
    shown.columns = pd.Index([safe_cell(str(name)) for name in table.columns])
    write_text(path, shown.to_csv(index=False, lineterminator="\n"))


def _without_shapes(frame: pd.DataFrame) -> pd.DataFrame:
    shapes = [name for name, dtype in frame.dtypes.items() if str(dtype) == "geometry"]
    return pd.DataFrame(frame.drop(columns=shapes)).reset_index(drop=True)


def _csv_cells(column: pd.Series) -> list[str]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return [_flag_text(value) for value in column]
    if pd.api.types.is_integer_dtype(column.dtype):
        return ["" if pd.isna(value) else str(int(value)) for value in column]
    if pd.api.types.is_float_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        return ["" if np.isnan(value) else f"{value + 0.0:.12g}" for value in numbers]
    return ["" if pd.isna(value) else _text_cell(value) for value in column]


def _flag_text(value: Any) -> str:
    if pd.isna(value):
        return ""
    return "true" if value else "false"


def _text_cell(value: Any) -> str:
    """A cell of a column that is not wholly numbers: its numbers stay as they are."""
    if isinstance(value, bool | np.bool_):
        return _flag_text(value)
    if isinstance(value, int | float | np.number):
        return f"{value:.12g}"
    return safe_cell(str(value))


def write_xlsx(path: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write frames as a workbook: a tidy sheet a table, headings frozen, no formulas.

    Args:
        path: Ends in ``.xlsx``.
        tables: Sheet name → frame; names are shortened to what the format allows.

    Raises:
        ValueError: There are no tables.
    """
    if not tables:
        msg = "a workbook needs at least one table"
        raise ValueError(msg)
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "ntgeo"
    workbook.properties.created = _FIXED_DATE
    taken: set[str] = set()
    for name, frame in tables.items():
        sheet = workbook.create_sheet(_sheet_name(name, taken))
        _fill_sheet(sheet, _without_shapes(frame))
    written = io.BytesIO()
    workbook.save(written)
    write_bytes(path, _with_fixed_dates(written.getvalue()))


def _sheet_name(name: str, taken: set[str]) -> str:
    cleaned = _NOT_IN_SHEET_NAMES.sub(" ", printable(name)).strip() or "table"
    chosen, number = cleaned[:_LONGEST_SHEET_NAME], 1
    while chosen.casefold() in taken:
        number += 1
        ending = f" {number}"
        chosen = cleaned[: _LONGEST_SHEET_NAME - len(ending)] + ending
    taken.add(chosen.casefold())
    return chosen


def _fill_sheet(sheet: Any, table: pd.DataFrame) -> None:
    formats: list[str | None] = []
    for position, name in enumerate(table.columns):
        cells = table.iloc[:, position]
        is_number = pd.api.types.is_numeric_dtype(cells.dtype)
        formats.append(_NUMBER_FORMATS.get(column_of(str(name)).kind) if is_number else None)
        longest = max([len(str(name)), *(len(str(value)) for value in cells)])
        low, high = _WIDTHS
        width = min(max(longest + 2, low), high) if not is_number else len(str(name)) + 3
        sheet.column_dimensions[get_column_letter(position + 1)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, table.shape[1]))}{len(table) + 1}"
    heading = Font(bold=True)
    sheet.append([_sheet_cell(sheet, str(name), None, heading) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        sheet.append(
            [_sheet_cell(sheet, value, shown) for value, shown in zip(row, formats, strict=True)]
        )


def _sheet_cell(sheet: Any, value: Any, shown: str | None, font: Font | None = None) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        number = float(value)
        cell = WriteOnlyCell(sheet, value=int(number) if number.is_integer() else number)
        cell.number_format = shown or cell.number_format
        return cell
    text = printable(str(value))
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if _STARTS_FORMULA.match(text):
        cell.quotePrefix = True
    if font is not None:
        cell.font = font
    return cell


def _with_fixed_dates(workbook: bytes) -> bytes:
    """The same workbook with the save time taken out of its archive and its properties."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as read,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist()):
            content = read.read(name)
            if name == "docProps/core.xml":
                content = _SAVED_AT.sub(rb"\g<1>" + _FIXED_MOMENT.encode(), content)
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            written.writestr(entry, content)
    return fixed.getvalue()
