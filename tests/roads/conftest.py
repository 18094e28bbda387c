"""Small towns written as OpenStreetMap files, in metres from a corner in Cambridge."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from pyproj import Transformer

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads
from ntgeo.roads.speeds import SPEEDS_FILE

CORNER = (545_000.0, 258_000.0)
_TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def _tags(tags):
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def osm_text(points, ways, stops=None, relations=()):
    """Write points {id: (x, y) metres}, ways {id: (points, tags)}, stops {point: tags}."""
    lines = ['<?xml version="1.0"?><osm version="0.6" generator="ntgeo tests">']
    for point, (x, y) in sorted(points.items()):
        lon, lat = _TO_DEGREES.transform(CORNER[0] + x, CORNER[1] + y)
        inner = _tags((stops or {}).get(point, {}))
        place = f'lat="{lat:.9f}" lon="{lon:.9f}"'
        lines.append(f'<node id="{point}" version="1" {place}>{inner}</node>')
    for way, (refs, tags) in sorted(ways.items()):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs) + _tags(tags)
        lines.append(f'<way id="{way}" version="1">{inner}</way>')
    for number, (members, tags) in enumerate(relations, start=1):
        inner = "".join(
            f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members
        )
        lines.append(f'<relation id="{number}" version="1">{inner}{_tags(tags)}</relation>')
    return "\n".join([*lines, "</osm>"])


@pytest.fixture
def small_town(tmp_path) -> Callable[..., Path]:
    """Return a function that writes a town and gives its path."""

    def write(points, ways, stops=None, relations=()):
        path = tmp_path / "town.osm"
        path.write_text(osm_text(points, ways, stops, relations), encoding="utf-8")
        return path

    return write


@pytest.fixture
def at() -> Callable[[float, float], object]:
    """Return a function from metres in the town to a location."""

    def place(x, y):
        return Location(easting_m=CORNER[0] + x, northing_m=CORNER[1] + y)

    return place


@pytest.fixture
def even_speeds(tmp_path) -> Path:
    """Every mode at 36 km/h (10 m/s) on every road, without any delay: times by head."""
    text = SPEEDS_FILE.read_text(encoding="utf-8")
    lines: list[str] = []
    section = ""
    for line in text.splitlines():
        key, is_row, _ = line.partition("=")
        if line.startswith("["):
            section = line.split("]")[0].strip("[")
        if not is_row or line.startswith(("#", "[")):
            lines.append(line)
        elif section.endswith(".classes"):
            lines.append(f"{key}= {{ kph = 36.0, share = 1.0 }}")
        elif section.endswith((".delays_s", ".turns_s")):
            lines.append(f"{key}= 0.0")
        elif section.endswith(".range"):
            lines.append(line)
        elif "kph" in key:
            lines.append(f"{key}= 36.0")
        else:
            lines.append(f"{key}= 1.0")
    path = tmp_path / "even.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def real_roads(shared_data):
    """Return a function that reads real roads, each file and mode once."""

    @cache
    def read(file, mode=TravelMode.CAR):
        return read_roads(shared_data / file, mode=mode)

    return read
