from dataclasses import replace

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import read_roads
from ntgeo.roads.files.soundness import find_unsound

STREET = {"highway": "residential"}


@pytest.fixture
def network(small_town):
    points = {1: (0, 0), 2: (90, 0), 3: (180, 0), 4: (90, 90)}
    ways = {1: ([1, 2, 3], STREET), 2: ([2, 4], {**STREET, "name": "Café Row"})}
    return read_roads(small_town(points, ways), mode=TravelMode.CAR)


def spoilt(array, value, at=0):
    wrong = array.copy()
    wrong[at] = value
    return wrong


def test_what_was_read_is_sound(network):
    assert find_unsound(network) is None
    assert find_unsound(network.without_turns()) is None


@pytest.mark.parametrize(
    ("part", "name", "spoil", "told"),
    [
        ("junctions", "osm", lambda a: a[:-1], "junctions are of several lengths"),
        ("junctions", "xy_m", lambda a: spoilt(a, np.nan), "a junction is nowhere"),
        ("junctions", "xy_m", lambda a: a.astype(np.float32), "Junctions.xy_m is of type float32"),
        ("arcs", "head", lambda a: a[1:], "arcs are of several lengths"),
        ("arcs", "head", lambda a: spoilt(a, 99), "an arc leads nowhere"),
        ("arcs", "link", lambda a: spoilt(a, -1), "an arc leads nowhere"),
        ("arcs", "start", lambda a: spoilt(a, 1), "the arcs of a junction"),
        ("arcs", "start", lambda a: a[:-1], "the arcs of a junction"),
        ("arcs", "tail", lambda a: spoilt(a, 3), "an arc is listed under another junction"),
        ("arcs", "delay_ms", lambda a: spoilt(a, 1 << 30), "waits longer than it takes"),
        ("arcs", "time_ms", lambda a: a.astype(np.int64), "Arcs.time_ms is of type int64"),
        ("links", "road_class", lambda a: a[1:], "links are of several lengths"),
        ("links", "point_start", lambda a: spoilt(a, 1, 1), "the points of a link"),
        ("links", "way_start", lambda a: spoilt(a, 0, 1), "the ways of a link"),
        ("links", "name", lambda a: spoilt(a, 7), "a name or class that is not there"),
        ("links", "xy_m", lambda a: spoilt(a, np.inf), "runs through nowhere"),
        ("turns", "onto", lambda a: spoilt(a, 99), "a turn leads nowhere"),
        ("turns", "start", lambda a: a[1:], "the turns of an arc"),
        ("turns", "onto", lambda a: (a + 1) % (a.max() + 1), "jumps to another junction"),
    ],
)
def test_each_thing_wrong_is_named(network, part, name, spoil, told):
    whole = getattr(network, part)
    wrong = replace(network, **{part: replace(whole, **{name: spoil(getattr(whole, name))})})
    assert told in find_unsound(wrong)
