"""Layers of shapes, opened only as what they say they are.

GDAL opens whatever it recognises. A GeoPackage is therefore inspected as a database first, and
GDAL is loaded without the drivers that reach out (:mod:`ntgeo.gdal`).
"""

from __future__ import annotations

import re
import sqlite3
import warnings
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ntgeo.errors import Fault, InputError, first_five

__all__ = ["ShapeLayer", "choose_layer", "read_layer"]

_MAGIC: Final = b"SQLite format 3\x00"
_VIRTUAL: Final = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE", re.IGNORECASE)
_INDEX: Final = re.compile(r"\bUSING\s+rtree\b", re.IGNORECASE)
_UNDEFINED: Final = re.compile(r'\w+\["undefined', re.IGNORECASE)
"""How GDAL writes the two systems by which a GeoPackage says that it knows none (0 and -1)."""
_USUAL_TRIGGERS: Final = ("rtree_", "trigger_insert_feature", "trigger_delete_feature", "gpkg_")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShapeLayer:
    """A layer as it stands in its file.

    Args:
        crs: Its coordinate reference system as GDAL writes it; ``None`` where none is stated.
        number: (features,) the number of each feature, as QGIS shows it.
        wkb: (features,) shapes as well-known binary; ``None`` where a feature has none.
        columns: Attributes by name, each (features,).
    """

    crs: str | None
    number: npt.NDArray[np.int64]
    wkb: npt.NDArray[np.object_]
    columns: Mapping[str, npt.NDArray[Any]]


def choose_layer(path: Path, layer: str | None) -> str:
    """Return the layer of features that is meant, after a look at the whole GeoPackage.

    Args:
        path: A local file.
        layer: May be left out where there is only one.

    Raises:
        InputError: It is no GeoPackage, holds views, triggers or virtual tables, has several layers
            and none is named, or not the one that is named.
    """
    with path.open("rb") as stream:
        magic = stream.read(len(_MAGIC))
    if magic != _MAGIC:
        what = "is not a GeoPackage (it is no SQLite database)"
        raise _refusal(path.name, what, "export it again as GeoPackage", "not-geopackage")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            layers = [
                str(name)
                for (name,) in database.execute(
                    "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
                )
            ]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        what = f'cannot be read ("{error}")'
        fix = "copy or export the file again"
        raise _refusal(path.name, what, fix, "not-geopackage") from error
    active = sorted(
        str(name)
        for kind, name, sql in schema
        if kind == "view"
        or (kind == "trigger" and not str(name).startswith(_USUAL_TRIGGERS))
        or (_VIRTUAL.match(str(sql)) and not _INDEX.search(str(sql)))
    )
    if active:
        what = f"holds views, triggers or virtual tables, not accepted ({first_five(active)})"
        fix = "export the layer alone into a new GeoPackage"
        raise _refusal(path.name, what, fix, "active-geopackage")
    return _chosen(path.name, sorted(layers), layer)


def _chosen(file: str, layers: Sequence[str], layer: str | None) -> str:
    if layer is not None:
        if layer in layers:
            return layer
        what = f'has no layer "{layer}"; it has {first_five(layers)}'
        raise _refusal(file, what, "name one of these", "unknown-layer")
    if not layers:
        raise _refusal(file, "has no feature layers", "export it again", "no-features")
    if len(layers) > 1:
        what = f"has layers {first_five(layers)}"
        fix = "choose one by its name: layer under [areas] or [roads] in the scenario, or --layer"
        raise _refusal(file, what, fix, "several-layers")
    return layers[0]


def read_layer(path: Path, layer: str | None) -> ShapeLayer:
    """Read a layer of a file that was looked at before.

    Raises:
        InputError: GDAL cannot read it.
    """
    from ntgeo.gdal import pyogrio  # noqa: PLC0415 - GDAL only on demand

    try:
        with warnings.catch_warnings(action="ignore"):
            meta, number, wkb, fields = pyogrio.raw.read(path, layer=layer, return_fids=True)
    except Exception as error:
        # GDAL fails on a damaged file in any way it likes.
        what = f'cannot be read ("{error}")'
        raise _refusal(path.name, what, "export it again", "unreadable") from error
    columns = dict(zip(meta["fields"], fields, strict=True))
    crs = meta["crs"]
    is_stated = bool(crs) and not _UNDEFINED.match(crs)
    return ShapeLayer(crs=crs if is_stated else None, number=number, wkb=wkb, columns=columns)


def _refusal(file: str, what: str, fix: str, code: str) -> InputError:
    return InputError(Fault(file=file, what=what, fix=fix, code=code))
