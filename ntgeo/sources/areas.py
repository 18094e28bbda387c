"""Boundaries of LSOAs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import Fault, first_five
from ntgeo.sources.area_codes import clean_codes, explain_code, find_vintage
from ntgeo.sources.area_shapes import grid_polygons, overlap_faults
from ntgeo.sources.headings import heading_key, match_headings, missing_column
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.vector_file import Features, read_features

__all__ = ["AreaTable", "read_areas"]

_NAME: Final = re.compile(
    r"lsoa(20)?(01|11|21)?(nm?|name)(\((2011|2021)\))?|name|areaname|geo(graphy)?name"
)
_USUAL_CODE: Final = re.compile(r"(?i)lsoa((20)?(01|11|21))?_?(cd|code)")
_WARD: Final = re.compile(r"(wd|ward)(\d\d)?(nm|name)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTable:
    """Areas with their shapes.

    Args:
        frame: A GeoDataFrame of ``lsoa, name, ward`` (``""`` where not known) and ``geometry``
            (EPSG:27700), by code.
        vintage: Census of the codes: ``"2011"``, ``"2021"`` or ``"sample"``.
        file: File name.
        notes: What the user should know of the reading.
    """

    frame: Any
    vintage: str
    file: str = ""
    notes: tuple[str, ...] = ()


def read_areas(
    path: Path | str,
    *,
    code_column: str | None = None,
    name_column: str | None = None,
    layer: str | None = None,
) -> AreaTable:
    """Read LSOA boundaries of 2011 or 2021 from GeoJSON, GeoPackage or Shapefile.

    Args:
        path: The file.
        code_column: Attribute with the codes; otherwise found by its name (``LSOA21CD`` …).
        name_column: Attribute with the names; otherwise found by its name, or else the code.
        layer: Layer of a GeoPackage that has several.

    Raises:
        InputError: Codes or shapes are wrong; all faults of a kind of check are told at once.
        CrsError: Coordinates are without, or not in, the reference system they claim.
    """
    features = read_features(path, layer=layer)
    headings = [str(name) for name in features.properties.columns]
    code_heading = _code_heading(features.file, headings, code_column)
    codes = clean_codes(_texts(features.properties[code_heading]))
    raise_faults(_code_faults(features, code_heading, codes))
    names = _column(features, headings, name_column, _NAME)
    wards = _column(features, headings, None, _WARD)
    shapes, notes = grid_polygons(features, code_heading)
    faults, overlap_notes = overlap_faults(features, code_heading, shapes)
    raise_faults(faults)
    order = np.argsort(codes.astype(str), kind="stable")
    in_order = [str(code) for code in codes[order]]
    frame = gpd.GeoDataFrame(
        {
            "lsoa": codes[order],
            "name": np.where(names == "", codes, names)[order],
            "ward": wards[order],
        },
        geometry=shapes[order],
        crs=BRITISH_NATIONAL_GRID,
    )
    return AreaTable(
        frame=frame,
        vintage=find_vintage(in_order, code_heading),
        file=features.file,
        notes=(*_heading_notes(features.file, code_heading, code_column), *notes, *overlap_notes),
    )


def _heading_notes(file: str, heading: str, asked: str | None) -> tuple[str, ...]:
    """Tell where the codes were found, if not under the name that the ONS gives them."""
    if asked is not None or _USUAL_CODE.fullmatch(heading):
        return ()
    return (f'{file}: column "{heading}" is read as the LSOA codes.',)


def _texts(column: pd.Series) -> list[str]:
    return ["" if pd.isna(value) else str(value).strip() for value in column]


def _code_heading(file: str, headings: Sequence[str], asked: str | None) -> str:
    columns = {"lsoa": asked} if asked else None
    found = match_headings(headings, ["lsoa"], columns)
    if "lsoa" not in found:
        wanted = asked or "LSOA21CD"
        fix = "name the column that holds the codes LSOA21CD, or name it by areas.code_column"
        raise_faults([replace(missing_column(file, wanted, headings), row=None, fix=fix)])
    return headings[found["lsoa"]]


def _column(
    features: Features, headings: Sequence[str], asked: str | None, pattern: re.Pattern[str]
) -> npt.NDArray[np.object_]:
    if asked is not None:
        found = match_headings(headings, ["name"], {"name": asked})
        if not found:
            raise_faults([missing_column(features.file, asked, headings)])
        heading: str | None = headings[found["name"]]
    else:
        heading = next((h for h in headings if pattern.fullmatch(heading_key(h))), None)
    if heading is None:
        return np.full(len(features.shapes), "", dtype=object)
    return np.array(_texts(features.properties[heading]), dtype=object)


def _code_faults(features: Features, heading: str, codes: npt.NDArray[np.object_]) -> list[Fault]:
    faults = []
    places: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        places.setdefault(str(code), []).append(i)
        if (wrong := explain_code(str(code))) is not None:
            what, fix, kind = wrong
            faults.append(features.fault(i, heading, what=what, fix=fix, code=kind))
    faults.extend(
        features.fault(
            where[0],
            heading,
            what=f"stands on features {first_five(i + 1 for i in where)}",
            fix="keep one feature for each area",
            code="duplicate-id",
        )
        for code, where in places.items()
        if len(where) > 1 and code
    )
    return faults
