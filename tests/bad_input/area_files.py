"""Files of boundaries to be spoilt."""

import json
import sqlite3

import geopandas as gpd
import pyogrio
from tiny_borough import CODES, CORNER, SIDE, features, in_degrees

SECOND = CODES[1]
SECOND_PLACE = {"file": "areas.geojson", "feature": 2, "column": "LSOA21CD", "value": SECOND}
"""Where the second area stands, for ``refused``."""


def write_areas(borough, found, **members):
    """Write features as the boundaries of the borough."""
    collection = {"type": "FeatureCollection", **members, "features": found}
    (borough / "areas.geojson").write_text(json.dumps(collection))


def changed(number, *, shape=None, **properties):
    """Return the borough's features, one of them with another shape or other properties."""
    found = features()
    if shape is not None:
        found[number - 1]["geometry"] = shape
    found[number - 1]["properties"].update(properties)
    return found


def polygon(*points_m):
    """Return a ring of points in metres from the borough's corner, as GeoJSON in degrees."""
    ring = [in_degrees(CORNER[0] + x, CORNER[1] + y) for x, y in (*points_m, points_m[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def square_m(x, y, side=SIDE):
    """Return a square with its corner in metres from the borough's, as GeoJSON in degrees."""
    return polygon((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def frame(headings=("LSOA21CD", "LSOA21NM")):
    """Return the borough's areas in metres, under other headings if wished."""
    found = gpd.GeoDataFrame.from_features(features(), crs=4326).to_crs(27700)
    return found.rename(columns=dict(zip(("LSOA21CD", "LSOA21NM"), headings, strict=True)))


def use(borough, file, *lines):
    """Name another file of boundaries in the scenario, and further keys of ``[areas]``."""
    path = borough / "scenario.toml"
    new = "\n".join([f"boundaries = {json.dumps(file)}", *lines])
    path.write_text(path.read_text().replace('boundaries = "areas.geojson"', new, 1))


def write_geopackage(borough, *statements, layers=("lsoa",), values=()):
    """Write a GeoPackage of the areas, have SQL done to it, and name it in the scenario."""
    path = borough / "areas.gpkg"
    for layer in layers:
        pyogrio.write_dataframe(frame(), path, layer=layer, driver="GPKG")
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement, values)
    database.commit()
    database.close()
    use(borough, path.name)
    return path
