"""Files spoilt at random: each is read or refused in words, never ends in anything else."""

import copy
import json
import random

import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import NtgeoError
from ntgeo.roads import read_roads, write_links

POINTS = {number: (100 * number, 30 * (number % 3)) for number in range(1, 9)}
WAYS = {
    1: ([1, 2, 3], {"highway": "residential", "name": "A", "maxspeed": "20 mph"}),
    2: ([3, 4, 5], {"highway": "primary", "oneway": "yes", "access": "destination"}),
    3: ([5, 6, 3], {"highway": "tertiary", "junction": "roundabout"}),
    4: ([6, 7, 8, 1], {"highway": "service", "maxspeed": "national"}),
}
STOPS = {4: {"highway": "traffic_signals"}, 7: {"barrier": "gate"}}
JUNK = [
    None,
    True,
    -1,
    0,
    1e308,
    float("nan"),
    10**40,
    "",
    "x",
    "é\u2028`${",
    [],
    {},
    [[1]],
    {"a": 1},
]


def answer():
    """The town as Overpass would give it."""
    nodes = [
        {"type": "node", "id": n, "lat": 52.2 + y / 1e5, "lon": 0.1 + x / 1e5}
        for n, (x, y) in POINTS.items()
    ]
    for node in nodes:
        node["tags"] = STOPS.get(node["id"], {})
    ways = [{"type": "way", "id": n, "nodes": p, "tags": t} for n, (p, t) in WAYS.items()]
    members = [("way", 1, "from"), ("node", 3, "via"), ("way", 2, "to")]
    relation = {
        "type": "relation",
        "id": 5,
        "tags": {"type": "restriction", "restriction": "no_left_turn", "except": "psv"},
        "members": [{"type": kind, "ref": ref, "role": role} for kind, ref, role in members],
    }
    return {"osm3s": {"timestamp_osm_base": "2026"}, "elements": [*nodes, *ways, relation]}


def places_in(value, path=()):
    """Yield the path of every value within a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places_in(inner, (*path, key))


def spoil(document, rng):
    spoilt = copy.deepcopy(document)
    *path, last = rng.choice(list(places_in(spoilt)))
    owner = spoilt
    for key in path:
        owner = owner[key]
    if rng.random() < 0.2:
        del owner[last]
    else:
        owner[last] = rng.choice(JUNK)
    return spoilt


def outcome(path):
    try:
        return read_roads(path, mode=TravelMode.CAR).link_count
    except NtgeoError as refusal:
        told = str(refusal)
    assert told.startswith(path.name)
    assert "Fix: " in told
    return 0


@pytest.mark.parametrize("seed", range(8))
def test_overpass_answers(tmp_path, seed):
    rng = random.Random(seed)  # noqa: S311 - a seeded test
    found = []
    for number in range(60):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(spoil(answer(), rng)), encoding="utf-8")
        found.append(outcome(path))
    assert 0 in found
    assert max(found) > 0


@pytest.mark.parametrize("ending", [".osm", ".gpkg", ".osm.pbf"])
def test_bytes(small_town, repository, tmp_path, ending):
    rng = random.Random(ending)  # noqa: S311 - a seeded test
    whole = small_town(POINTS, WAYS, stops=STOPS)
    if ending == ".gpkg":
        write_links(read_roads(whole, mode=TravelMode.CAR), tmp_path / "whole.gpkg")
        whole = tmp_path / "whole.gpkg"
    elif ending == ".osm.pbf":
        whole = repository / "data" / "sample" / "roads.osm.pbf"
    content = whole.read_bytes()
    for number in range(40):
        spoilt = bytearray(content)
        for _ in range(rng.randrange(1, 6)):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        path = tmp_path / f"{number}{ending}"
        path.write_bytes(spoilt)
        outcome(path)


def test_graphs(small_town, tmp_path):
    import osmnx  # noqa: PLC0415 - slow to load

    path = tmp_path / "whole.graphml"
    network = read_roads(small_town(POINTS, WAYS, stops=STOPS), mode=TravelMode.CAR)
    osmnx.save_graphml(network.to_networkx(), path)
    content = path.read_text(encoding="utf-8")
    rng = random.Random(7)  # noqa: S311 - a seeded test
    values = [at for at in range(len(content)) if content.startswith("</data>", at)]
    for number in range(80):
        end = rng.choice(values)
        start = content.rindex(">", 0, end) + 1
        junk = rng.choice(["", "nan", "-1", "1e999", "[1, 2", "['a', {}]", "é", "0", "None"])
        path = tmp_path / f"{number}.graphml"
        path.write_text(content[:start] + junk + content[end:], encoding="utf-8")
        outcome(path)
