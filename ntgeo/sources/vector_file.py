"""GeoJSON, GeoPackage and Shapefile, opened only as what they say they are.

GDAL opens whatever it recognises: a file called ``areas.geojson`` may hold a virtual data set or a
command line that makes it read other files. GeoJSON is therefore parsed here, without GDAL; a
GeoPackage is inspected as a database first, a Shapefile by its parts; and the driver of virtual
data sets is switched off before GDAL is loaded.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import warnings
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as PyprojCrsError

from ntgeo.errors import Fault, InputError, first_five
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse, unchanged

__all__ = ["Features", "read_features"]

_DRIVER_THAT_REACHES_OUT: Final = "OGR_VRT"
_VIRTUAL: Final = re.compile(r"\s*CREATE\s+VIRTUAL\s+TABLE", re.IGNORECASE)
_INDEX: Final = re.compile(r"\bUSING\s+rtree\b", re.IGNORECASE)
_MOST_BYTES: Final = 2 << 30
_USUAL_TRIGGERS: Final = ("rtree_", "trigger_insert_feature", "trigger_delete_feature", "gpkg_")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """The features of a layer: shapes and what is said of them.

    Args:
        file: File name.
        properties: (features,) attributes as they stand in the file.
        shapes: (features,) geometries; ``None`` where a feature has none.
        crs: Their coordinate reference system.
    """

    file: str
    properties: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    crs: CRS


def read_features(path: Path | str, *, layer: str | None = None) -> Features:
    """Read the features of a .geojson, .gpkg or .shp file.

    Args:
        path: A local file.
        layer: Layer of a GeoPackage; may be left out where there is only one.

    Raises:
        InputError: It is not what its name says, has no features, or several layers.
        CrsError: It states no, or an unknown, coordinate reference system.
        DataUnavailableError: There is no such file.
    """
    local = check_local_file(path)
    if local.stat().st_size > _MOST_BYTES:
        refuse(local.name, "is larger than 2 GB", "cut it to the area of the plan", "too-big")
    readers = {".geojson": _read_geojson, ".json": _read_geojson, ".shp": _read_shapefile}
    suffix = local.suffix.lower()
    with unchanged(local):
        if suffix == ".gpkg":
            found = _read_geopackage(local, layer)
        elif suffix in readers:
            found = readers[suffix](local)
        else:
            what = f'shapes cannot be read from a "{suffix}" file'
            fix = "give GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.shp), unpacked"
            refuse(local.name, what, fix, "unknown-format")
    if not len(found.shapes):
        refuse(local.name, "has no features", "export it again", "no-features")
    return found


def _read_geojson(path: Path) -> Features:
    content = path.read_bytes()
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start != b"{":
        shown = start.decode("ascii", "replace")
        what = f'is not GeoJSON (it starts "{shown}")'
        refuse(path.name, what, "export it as GeoJSON", "not-geojson")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        refuse(path.name, f"is not GeoJSON ({error})", "export it again", "not-geojson")
    kind = document.get("type")
    if kind == "Topology":
        refuse(path.name, "is TopoJSON", "convert it to GeoJSON", "not-geojson")
    features = document.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        what = "is not a GeoJSON FeatureCollection"
        refuse(path.name, what, "export the layer as GeoJSON", "not-geojson")
    raise_faults(_feature_faults(path.name, features))
    crs = _named_crs(path.name, document.get("crs"))
    shapes = _shapes_of(path.name, features)
    properties = pd.DataFrame.from_records(
        [feature.get("properties") or {} for feature in features]
    )
    return Features(
        file=path.name, properties=properties, shapes=np.array(shapes, dtype=object), crs=crs
    )


def _feature_faults(file: str, features: Sequence[Any]) -> list[Fault]:
    return [
        Fault(
            file=file,
            what=f"feature {number} is not a GeoJSON feature",
            fix="export it again",
            code="not-geojson",
        )
        for number, feature in enumerate(features, start=1)
        if not isinstance(feature, dict)
        or not isinstance(feature.get("properties"), dict | None)
        or not isinstance(feature.get("geometry"), dict | None)
    ]


def _named_crs(file: str, member: object) -> CRS:
    if member is None:
        return CRS.from_epsg(4326)
    name = member.get("properties", {}).get("name") if isinstance(member, dict) else None
    return _known_crs(file, name)


def _known_crs(file: str, definition: object) -> CRS:
    if definition is None or definition == "":
        what = "states no coordinate reference system"
        refuse(file, what, "add its .prj file, or save it with EPSG:27700", "crs")
    try:
        return CRS.from_user_input(definition)
    except PyprojCrsError:
        shown = str(definition)[:40]
        what = f'its coordinate reference system "{shown}" is not known'
        refuse(file, what, "save it with EPSG:27700", "crs")


def _shapes_of(file: str, features: Sequence[Any]) -> list[Any]:
    shapes: list[Any] = []
    faults: list[Fault] = []
    for number, feature in enumerate(features, start=1):
        geometry = feature.get("geometry")
        try:
            shapes.append(shapely.from_geojson(json.dumps(geometry)) if geometry else None)
        except (shapely.errors.GEOSException, ValueError, TypeError):
            shapes.append(None)
            what = f"feature {number} has no readable shape"
            faults.append(
                Fault(file=file, what=what, fix="export it again", code="unreadable-shape")
            )
    raise_faults(faults)
    return shapes


def _read_geopackage(path: Path, layer: str | None) -> Features:
    with path.open("rb") as stream:
        magic = stream.read(16)
    if magic != b"SQLite format 3\x00":
        what = "is not a GeoPackage (it is no SQLite database)"
        refuse(path.name, what, "export it again as GeoPackage", "not-geopackage")
    return _through_gdal(path, _layer_of(path, layer))


def _layer_of(path: Path, layer: str | None) -> str:
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
        refuse(path.name, what, "copy or export the file again", "not-geopackage")
    active = sorted(
        str(name)
        for kind, name, sql in schema
        if kind == "view"
        or (kind == "trigger" and not str(name).startswith(_USUAL_TRIGGERS))
        or (_VIRTUAL.match(str(sql)) and not _INDEX.search(str(sql)))
    )
    if active:
        what = f"holds views, triggers or virtual tables, not accepted ({first_five(active)})"
        refuse(path.name, what, "export the layer alone into a new GeoPackage", "active-geopackage")
    return _chosen_layer(path.name, sorted(layers), layer)


def _chosen_layer(file: str, layers: list[str], layer: str | None) -> str:
    if layer is not None:
        if layer in layers:
            return layer
        what = f'has no layer "{layer}"; it has {first_five(layers)}'
        refuse(file, what, "name one of these", "unknown-layer")
    if not layers:
        refuse(file, "has no feature layers", "export it again", "no-features")
    if len(layers) > 1:
        what = f"has layers {first_five(layers)}"
        refuse(file, what, "choose one by its name (layer = …)", "several-layers")
    return layers[0]


def _read_shapefile(path: Path) -> Features:
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic != b"\x00\x00\x27\x0a":
        refuse(path.name, "is not a Shapefile", "export it again", "not-shapefile")
    suffixes = {other.suffix.lower() for other in path.parent.glob(f"{path.stem}.*")}
    faults = [
        Fault(
            file=path.name,
            what=f"lacks {path.stem}{suffix}",
            fix="put all parts of the Shapefile in one folder",
            code="missing-part",
        )
        for suffix in (".shx", ".dbf")
        if suffix not in suffixes
    ]
    raise_faults(faults)
    return _through_gdal(path, None)


def _through_gdal(path: Path, layer: str | None) -> Features:
    os.environ.setdefault("OGR_SKIP", _DRIVER_THAT_REACHES_OUT)
    import pyogrio.raw  # noqa: PLC0415 - GDAL reads OGR_SKIP when it is loaded

    try:
        with warnings.catch_warnings(action="ignore"):
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer)
    except Exception as error:  # noqa: BLE001 - GDAL fails on a damaged file in any way it likes
        refuse(path.name, f'cannot be read ("{error}")', "export it again", "unreadable")
    crs = _known_crs(path.name, meta["crs"])
    try:
        shapes = shapely.from_wkb(wkb)
    except shapely.errors.GEOSException as error:
        raise InputError(
            Fault(
                file=path.name,
                what=f"holds a shape that cannot be read ({error})",
                fix="export it again",
                code="unreadable-shape",
            )
        ) from error
    properties = pd.DataFrame(dict(zip(meta["fields"], fields, strict=True)), dtype=object)
    return Features(
        file=path.name, properties=properties, shapes=np.array(shapes, dtype=object), crs=crs
    )
