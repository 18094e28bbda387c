"""Road files to be spoilt: OSM, what Overpass answers, osmnx GraphML and layers of links."""

import json
import sqlite3
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import pyogrio
import shapely
from tiny_borough import CORNER, in_degrees, osm_text

STREET = {"highway": "residential", "name": "High Street"}
KEYS = {
    "x": "node",
    "y": "node",
    **dict.fromkeys(
        ("osmid", "length", "highway", "maxspeed", "speed_kph", "travel_time", "geometry"), "edge"
    ),
}


def _tags(tags):
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def osm_nodes(points):
    """Return points {id: (x, y) metres from the corner} as OSM nodes."""
    lines = []
    for point, (x, y) in points.items():
        lon, lat = in_degrees(CORNER[0] + x, CORNER[1] + y)
        lines.append(f'<node id="{point}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    return "\n".join(lines)


def osm_ways(ways):
    """Return ways {id: (points, tags)} as OSM ways."""
    return "\n".join(
        f'<way id="{way}" version="1">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + f"{_tags(tags)}</way>"
        for way, (refs, tags) in ways.items()
    )


def osm(points, ways):
    """Return a whole OSM file."""
    head = '<?xml version="1.0"?><osm version="0.6" generator="ntgeo tests">'
    return f"{head}\n{osm_nodes(points)}\n{osm_ways(ways)}\n</osm>\n".encode()


def grid_point(x, y):
    """Return the id of a corner of the borough's streets, in metres from its corner."""
    return 1 + 7 * ((x + 250) // 250) + (y + 250) // 250


def add_roads(borough, points, ways, *, tags=None):
    """Write the borough's roads with further points and ways; ``tags`` are those of its streets."""
    text = osm_text(tags=tags)
    text = text.replace("<way", f"{osm_nodes(points)}\n<way", 1)
    (borough / "roads.osm").write_text(text.replace("</osm>", f"{osm_ways(ways)}\n</osm>"))


def graphml(nodes, edges, *, crs="epsg:27700", head=""):
    """Write nodes (id, attributes) and edges (tail, head, attributes) as osmnx would."""
    parts = [f"<?xml version='1.0' encoding='utf-8'?>{head}<graphml>"]
    parts += [f'<key id="{k}" for="{of}" attr.name="{k}"/>' for k, of in KEYS.items()]
    parts += ['<key id="crs" for="graph" attr.name="crs"/>', '<graph edgedefault="directed">']
    parts.append(f'<data key="crs">{crs}</data>')

    def data(attributes):
        return "".join(f'<data key="{k}">{v}</data>' for k, v in attributes.items())

    parts += [f'<node id="{key}">{data(attributes)}</node>' for key, attributes in nodes]
    parts += [f'<edge source="{a}" target="{b}">{data(more)}</edge>' for a, b, more in edges]
    return "".join([*parts, "</graph></graphml>"]).encode()


NODES = [(n, {"x": CORNER[0] + 100 * n, "y": CORNER[1]}) for n in (1, 2, 3)]
EDGES = [
    (a, b, {"osmid": 7, "highway": "residential", "length": 100.0})
    for a, b in ((1, 2), (2, 1), (2, 3), (3, 2))
]


def graph(*, nodes=None, edges=None, **changes):
    """Return the usual graph, its first edge changed."""
    changed = [(*EDGES[0][:2], {**EDGES[0][2], **changes}), *EDGES[1:]]
    return graphml(NODES if nodes is None else nodes, changed if edges is None else edges)


def graph_without(key):
    """Return the usual graph, whose first edge lacks an attribute."""
    kept = {name: value for name, value in EDGES[0][2].items() if name != key}
    return graph(edges=[(*EDGES[0][:2], kept), *EDGES[1:]])


POINTS = [{"type": "node", "id": n, "lat": 55.02, "lon": -1.5 + n / 1000} for n in (1, 2, 3)]
WAY = {"type": "way", "id": 9, "nodes": [1, 2, 3], "tags": STREET}


def overpass(*elements, **more):
    """Return what Overpass answers."""
    return json.dumps({"elements": list(elements), **more}).encode()


def write_layers(path, *names, crs=27700, statement=None, **columns):
    """Write layers of one link each, and have SQL done to the file."""
    line = shapely.LineString([CORNER, (CORNER[0] + 90, CORNER[1])])
    for name in names:
        frame = gpd.GeoDataFrame({"highway": ["primary"], **columns}, geometry=[line], crs=crs)
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
    if statement is not None:
        database = sqlite3.connect(path)
        database.execute(statement)
        database.commit()
        database.close()
