"""A borough of eight areas, small enough that a command answers in a fraction of a second.

Areas are squares of 500 m in two rows of four, from (430000, 570000): four that are the same in
2011 and 2021, two parts of a split one, one made of two, one redrawn. Streets run every 250 m.
The look-up tells the district of each, and of one more area, which lies in Newcastle.
"""

import csv
import io
import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Transformer

CORNER = (430_000, 570_000)
SIDE = 500
CODES = (
    *("E01008162", "E01008163", "E01008164", "E01008165"),
    *("E01034001", "E01034002", "E01034003", "E01034004"),
)
"""In ascending order; the first four make the southern row."""

LOOKUP = (
    *((code, "U", code) for code in CODES[:4]),
    ("E01008166", "S", "E01034001"),
    ("E01008166", "S", "E01034002"),
    ("E01008167", "M", "E01034003"),
    ("E01008168", "M", "E01034003"),
    ("E01008169", "X", "E01034004"),
    ("E01008300", "U", "E01008300"),
)
SCENARIO = """id = "tiny"
title = "A tiny borough"
is_synthetic = true

[areas]
boundaries = "areas.geojson"
centroids = "centroids.csv"
population = "population.csv"
deprivation = "deprivation.csv"
postcodes = "postcodes.csv"
lookup = "lookup.csv"

[demand]
service = "housing"

[[demand.records]]
file = "demand.csv"

[roads]
network = "roads.osm"

[[sites.files]]
file = "sites.csv"

[siting]
objective = "p-median"
site_count = 2
time_limit_s = 2

[rounds]
day = 2026-11-24
depots = "depots.csv"
visits = "visits.csv"
shifts = "shifts.csv"
time_limit_s = 2
"""
PEOPLE = 141
"""Residents of each area; ages are not told, since reading them takes as long as all else."""

RECORDS = 240
"""Rows of ``demand.csv``, so that two of them are less than the share that may be set aside."""

_TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def corner_of(code: str) -> tuple[int, int]:
    """Return the south-western corner of an area, in metres of the National Grid."""
    row, column = divmod(CODES.index(code), 4)
    return CORNER[0] + SIDE * column, CORNER[1] + SIDE * row


def middle_of(code: str) -> tuple[int, int]:
    x, y = corner_of(code)
    return x + SIDE // 2, y + SIDE // 2


def in_degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = _TO_DEGREES.transform(x, y)
    return round(lon, 7), round(lat, 7)


def square(code: str) -> list[tuple[float, float]]:
    """Return the ring of an area, in degrees."""
    x, y = corner_of(code)
    corners = ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0))
    return [in_degrees(x + east, y + north) for east, north in corners]


def csv_text(headings: str, rows) -> str:
    """Return rows under ``headings`` ("a,b") as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings.split(","))
    writer.writerows(rows)
    return out.getvalue()


def features() -> list[dict]:
    """Return the areas as GeoJSON features."""
    return [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": code, "LSOA21NM": f"Tiny {number:03}A"},
            "geometry": {"type": "Polygon", "coordinates": [square(code)]},
        }
        for number, code in enumerate(CODES, start=1)
    ]


def records():
    """Return 240 rows of ``lsoa21cd, service, date, count``, one a day for each area."""
    return [
        (CODES[i % 8], "housing", f"2026-04-{i // 8 + 1:02}", 1 + i % 3) for i in range(RECORDS)
    ]


def osm_text(*, tags=None) -> str:
    """Return the streets as an OSM file; ``tags`` is what every way carries besides its class."""
    steps = [250 * step for step in range(-1, 10)], [250 * step for step in range(-1, 6)]
    lines = ['<?xml version="1.0"?><osm version="0.6" generator="ntgeo tests">']
    node = {
        (x, y): 1 + len(steps[1]) * i + j
        for i, x in enumerate(steps[0])
        for j, y in enumerate(steps[1])
    }
    for (x, y), number in node.items():
        lon, lat = in_degrees(CORNER[0] + x, CORNER[1] + y)
        lines.append(f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    streets = [[node[x, y] for y in steps[1]] for x in steps[0]]
    streets += [[node[x, y] for x in steps[0]] for y in steps[1]]
    inner = "".join(
        f"<tag k={quoteattr(k)} v={quoteattr(v)}/>"
        for k, v in ({"highway": "residential"} | (tags or {})).items()
    )
    for way, refs in enumerate(streets, start=1):
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{way}" version="1">{nodes}{inner}</way>')
    return "\n".join([*lines, "</osm>\n"])


def write_borough(folder: Path) -> None:
    """Write the files of the borough and a scenario that asks everything of them."""
    folder.mkdir()
    collection = {"type": "FeatureCollection", "features": features()}
    (folder / "areas.geojson").write_text(json.dumps(collection))
    deciles = ((code, 40 - i, 1 + 4000 * i, 1 + i) for i, code in enumerate(CODES))
    people = ((code, f"Tiny {n:03}A", PEOPLE) for n, code in enumerate(CODES, start=1))
    homes = (
        (f"NE29 {row}{unit}", *middle_of(code), code)
        for row, code in enumerate(CODES, start=1)
        for unit in ("AA", "AB")
    )
    districts = (
        (
            *link,
            *(
                ("E08000021", "Newcastle upon Tyne")
                if link[0] == "E01008300"
                else ("E08000022", "North Tyneside")
            ),
        )
        for link in LOOKUP
    )
    middles = {f"M{n}": middle_of(code) for n, code in enumerate(CODES, start=1)}
    tables = {
        "centroids": ("LSOA21CD,easting,northing", ((c, *middle_of(c)) for c in CODES)),
        "deprivation": ("lsoa21_code,IMD_score,IMD_rank,IMD_decile", deciles),
        "population": ("LSOA21CD,LSOA21NM,Population", people),
        "postcodes": ("postcode,easting,northing,lsoa21_code", homes),
        "lookup": ("LSOA11CD,CHGIND,LSOA21CD,LAD22CD,LAD22NM", districts),
        "demand": ("lsoa21cd,service,date,count", records()),
        "sites": (
            "site_id,name,status,capacity,easting,northing",
            [
                ("S1", "Library", "existing", 300, *middles["M1"]),
                ("S2", "School", "candidate", 300, *middles["M4"]),
                ("S3", "Chapel", "candidate", 300, *middles["M6"]),
                ("S4", "Old Baths", "candidate", 300, *middles["M8"]),
            ],
        ),
        "depots": ("depot_id,name,easting,northing", [("D1", "Yard", *middles["M2"])]),
        "visits": (
            "visit_id,duration_min,window_start,window_end,skills,priority,easting,northing",
            [
                (f"V{n}", 30, "09:00", "12:00", "lift" if n == 3 else "", 3, *middles[f"M{n}"])
                for n in range(1, 7)
            ],
        ),
        "shifts": (
            "shift_id,staff_id,start_time,end_time,start_depot,end_depot,skills",
            [
                ("A", "A1", "08:00", "13:00", "D1", "D1", "lift"),
                ("B", "A2", "08:00", "13:00", "D1", "D1", ""),
            ],
        ),
    }
    for name, (headings, rows) in tables.items():
        (folder / f"{name}.csv").write_text(csv_text(headings, rows))
    (folder / "roads.osm").write_text(osm_text())
    (folder / "scenario.toml").write_text(SCENARIO)
