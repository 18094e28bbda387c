"""GeoJSON, GeoPackage and Shapefile, opened only as what they say they are.

GDAL opens whatever it recognises: a file called ``areas.geojson`` may hold a virtual data set or a
command line that makes it read other files. GeoJSON is therefore parsed here, without GDAL; a
GeoPackage is inspected as a database first (:mod:`ntgeo.geopackage`), a Shapefile by its parts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as PyprojCrsError

from ntgeo.errors import Fault, InputError, visible
from ntgeo.files import parse_json
from ntgeo.geopackage import choose_layer, read_layer
from ntgeo.sources.archive import refuse_archive
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse, unchanged

__all__ = ["Features", "read_features"]

_READ_BESIDE: Final = frozenset({".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"})
"""Parts of a Shapefile, which GDAL opens without being told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """The features of a layer: shapes and what is said of them.

    Args:
        file: File name.
        properties: (features,) attributes as they stand in the file.
        shapes: (features,) geometries; ``None`` where a feature has none.
        crs: Their coordinate reference system.
        says_crs: Whether the file names it; GeoJSON that names none is in degrees (RFC 7946).
    """

    file: str
    properties: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    crs: CRS
    says_crs: bool = True

    def fault(self, feature: int, column: str, *, what: str, fix: str, code: str) -> Fault:
        """Return the fault of an attribute; ``feature`` is the position, counted from 0."""
        value = self.properties[column].iloc[feature]
        return Fault(
            file=self.file,
            row=feature + 1,
            row_word="feature",
            column=column,
            value="" if pd.isna(value) else str(value),
            what=what,
            fix=fix,
            code=code,
        )


def read_features(path: Path | str, *, layer: str | None = None) -> Features:
    """Read the features of a .geojson, .gpkg or .shp file.

    An archive is looked into for its names, and never unpacked.

    Args:
        path: A local file.
        layer: Layer of a GeoPackage; may be left out where there is only one.

    Raises:
        InputError: It is not what its name says, has no features, or several layers.
        CrsError: It states no, or an unknown, coordinate reference system.
        DataUnavailableError: There is no such file.
    """
    local = check_local_file(path)
    readers = {".geojson": _read_geojson, ".json": _read_geojson, ".shp": _read_shapefile}
    suffix = local.suffix.lower()
    with unchanged(local):
        if suffix == ".gpkg":
            found = _through_gdal(local, choose_layer(local, layer))
        elif suffix in {".zip", ".kmz"}:
            refuse_archive(local)
        elif suffix in readers:
            found = readers[suffix](local)
        else:
            what = f'shapes cannot be read from a "{suffix}" file'
            fix = "give GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.shp)"
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
        document = parse_json(content)
    except (ValueError, RecursionError) as error:
        refuse(path.name, f"is not GeoJSON ({error})", "export it again", "not-geojson")
    features = document.get("features")
    _refuse_other_documents(path.name, document)
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        what = "is not a GeoJSON FeatureCollection"
        refuse(path.name, what, "export the layer as GeoJSON", "not-geojson")
    raise_faults(_feature_faults(path.name, features))
    crs = _named_crs(path.name, document.get("crs"))
    shapes = _shapes_of(path.name, features)
    properties = pd.DataFrame.from_records(
        [
            {name: _single(value) for name, value in (feature.get("properties") or {}).items()}
            for feature in features
        ]
    )
    return Features(
        file=path.name,
        properties=properties,
        shapes=np.array(shapes, dtype=object),
        crs=crs,
        says_crs=document.get("crs") is not None,
    )


def _single(value: Any) -> Any:
    """Return an attribute as it stands; lists and objects as their text."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def _refuse_other_documents(file: str, document: Mapping[str, Any]) -> None:
    """Refuse what map services answer instead of a whole layer.

    Sources: ArcGIS REST API, "Query (Feature Service/Layer)": ``exceededTransferLimit``, errors,
    and its own JSON, which is the answer to ``f=json``.
    """
    if document.get("type") == "Topology":
        refuse(file, "is TopoJSON", "convert it to GeoJSON", "not-geojson")
    error = document.get("error")
    if isinstance(error, dict):
        what = f'is an error of the map service ("{visible(str(error.get("message")))[:60]}")'
        refuse(file, what, "download the layer again", "not-geojson")
    if "geometryType" in document or "spatialReference" in document:
        refuse(file, "is Esri JSON", "ask the map service for f=geojson", "not-geojson")
    said = document.get("properties")
    places = (document, said if isinstance(said, dict) else {})
    if any(place.get("exceededTransferLimit") for place in places):
        what = "is a part of a layer: the map service stopped at its limit (exceededTransferLimit)"
        fix = "download the whole layer, page by page or as a file"
        refuse(file, what, fix, "part-of-a-layer")


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
        except (shapely.errors.GEOSException, ValueError, TypeError) as error:
            shapes.append(None)
            reason = " (a ring is not closed)" if "closed linestring" in str(error) else ""
            what = f"feature {number} has no readable shape{reason}"
            faults.append(
                Fault(file=file, what=what, fix="export it again", code="unreadable-shape")
            )
    raise_faults(faults)
    return shapes


def _read_shapefile(path: Path) -> Features:
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic != b"\x00\x00\x27\x0a":
        refuse(path.name, "is not a Shapefile", "export it again", "not-shapefile")
    parts = [other for other in path.parent.iterdir() if other.stem == path.stem]
    for part in parts:
        if part.suffix.lower() in _READ_BESIDE:
            check_local_file(part)
    suffixes = {part.suffix.lower() for part in parts}
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
    found = read_layer(path, layer)
    crs = _known_crs(path.name, found.crs)
    try:
        shapes = shapely.from_wkb(found.wkb)
    except shapely.errors.GEOSException as error:
        raise InputError(
            Fault(
                file=path.name,
                what=f"holds a shape that cannot be read ({error})",
                fix="export it again",
                code="unreadable-shape",
            )
        ) from error
    properties = pd.DataFrame(dict(found.columns), dtype=object)
    return Features(
        file=path.name, properties=properties, shapes=np.array(shapes, dtype=object), crs=crs
    )
