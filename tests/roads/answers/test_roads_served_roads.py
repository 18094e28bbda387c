import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, snap_places
from ntgeo.roads.answers.facilities import nearest_facility
from ntgeo.roads.answers.served_roads import find_served_roads

STREET = {"highway": "residential"}


@pytest.fixture
def street(small_town, even_speeds):
    """1,000 m at 10 m/s in one link, then a one-way link of 500 m to the east."""
    points = {1: (0, 0), 2: (1_000, 0), 3: (1_500, 0)}
    ways = {1: ([1, 2], STREET), 2: ([2, 3], {**STREET, "oneway": "yes"})}
    return read_roads(small_town(points, ways), mode=TravelMode.CAR, speeds_file=even_speeds)


def told(network, facilities, **options):
    """Return [(link, from metre, to metre, facility)], without slivers."""
    found = find_served_roads(network, snap_places(network, facilities), **options)
    lengths = found.length_m(network) / np.maximum(found.end - found.start, 1e-9)
    rows = zip(
        found.link.tolist(),
        (found.start * lengths).round().astype(int).tolist(),
        (found.end * lengths).round().astype(int).tolist(),
        found.facility.tolist(),
        strict=True,
    )
    return sorted(row for row in rows if row[1] < row[2])


@pytest.mark.parametrize("has_turns", [False, True])
def test_two_facilities_meet_half_way_and_one_ways_lead_on(street, at, has_turns):
    network = street if has_turns else street.without_turns()
    long_link = int(snap_places(network, {"a": at(10, 0)}).link[0])
    one_way = 1 - long_link
    places = {"w": at(200, 0), "e": at(800, 0)}
    assert told(network, places) == sorted(
        [
            (long_link, 0, 200, 0),
            (long_link, 200, 500, 0),
            (long_link, 500, 800, 1),
            (long_link, 800, 1_000, 1),
            (one_way, 0, 500, -1),  # nothing lies ahead, and there is no way back
        ]
    )
    # The walk of 30 s from the road to w counts, and 40 s are all there are.
    assert told(network, {"w": at(200, 41.67), "e": at(800, 0)}, limit_s=40) == sorted(
        [
            (long_link, 0, 100, -1),
            (long_link, 100, 200, 0),
            (long_link, 200, 300, 0),
            (long_link, 300, 400, -1),
            (long_link, 400, 800, 1),
            (long_link, 800, 1_000, 1),
            (one_way, 0, 500, -1),
        ]
    )


@pytest.mark.shared_data
@pytest.mark.parametrize("has_turns", [False, True])
@pytest.mark.parametrize("limit_s", [None, 200.0])
def test_every_stretch_is_nearest_to_its_facility(real_roads, has_turns, limit_s):
    """Places anywhere on the roads have the facility of their stretch as the nearest."""
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    network = network if has_turns else network.without_turns()
    rng = np.random.default_rng(4)
    xy = network.junctions.xy_m[rng.choice(network.junction_count, 40)] + rng.normal(0, 60, (40, 2))
    facilities = snap_places(
        network,
        {str(i): Location(easting_m=x, northing_m=y) for i, (x, y) in enumerate(xy.tolist())},
    )
    served = find_served_roads(network, facilities, limit_s=limit_s)
    whole = np.bincount(served.link, served.end - served.start, minlength=network.link_count)
    assert whole == pytest.approx(1.0)
    rows = rng.choice(np.flatnonzero(served.length_m(network) > 2), 1_500, replace=False)
    share = served.start[rows] + (served.end - served.start)[rows] * rng.uniform(0.1, 0.9, 1_500)
    lines = network.lines[served.link[rows]]
    places = {
        str(number): Location(easting_m=point.x, northing_m=point.y)
        for number, point in enumerate(
            line.interpolate(at, normalized=True)
            for line, at in zip(lines, share.tolist(), strict=True)
        )
    }
    snapped = snap_places(network, places)
    is_there = (snapped.link == served.link[rows]) & (np.abs(snapped.share - share) < 1e-6)
    assert is_there.mean() > 0.9  # the others lie where roads cross or run together
    nearest = nearest_facility(network, snapped, facilities)
    found = np.full(1_500, -1)
    found[nearest.row] = nearest.column
    seconds = np.full(1_500, np.inf)
    seconds[nearest.row] = nearest.time_s
    if limit_s is not None:
        found[seconds > limit_s] = -1
        is_there &= np.abs(seconds - limit_s) > 0.01
    assert (found == served.facility[rows])[is_there].mean() > 0.998
    assert len(np.unique(found)) > 30
