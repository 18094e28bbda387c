import itertools

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, trace_paths


def street(name="", **tags):
    return {"highway": "residential", **({"name": name} if name else {}), **tags}


@pytest.fixture
def told(small_town, even_speeds):
    """Return a function that gives the instructions of a way in a town."""

    def tell(points, ways, pair, mode=TravelMode.CAR, **more):
        path = small_town(points, ways, **more)
        network = read_roads(path, mode=mode, speeds_file=even_speeds)
        (way,) = trace_paths(network, [pair])
        assert sum(step.time_s for step in way.steps) == pytest.approx(way.time_s)
        assert sum(step.distance_m for step in way.steps) == pytest.approx(way.distance_m)
        return [(step.text, round(step.distance_m)) for step in way.steps]

    return tell


CROSS = {0: (0, 0), 1: (-300, 0), 2: (300, 0), 3: (0, -300), 4: (0, 300)}
ARMS = {n: ([n, 0], street({1: "West", 2: "East", 3: "South", 4: "A10"}[n])) for n in (1, 2, 3, 4)}


@pytest.mark.parametrize(
    ("goal", "texts"),
    [
        ((200, -2), ["Head east on West", "Continue onto East", "Arrive"]),
        ((0, -200), ["Head east on West", "Turn right into South", "Arrive"]),
        ((0, 200), ["Head east on West", "Turn left onto the A10", "Arrive"]),
        ((5, 200), ["Head east on West", "Turn left onto the A10", "Arrive, on the right"]),
        ((-9, 200), ["Head east on West", "Turn left onto the A10", "Arrive, on the left"]),
        (
            (-40, 200),
            ["Head east on West", "Turn left onto the A10", "Walk the last 40 m, on the left"],
        ),
    ],
)
def test_turns_at_a_crossing(told, at, goal, texts):
    steps = told(CROSS, ARMS, (at(-200, 0), at(*goal)))
    assert [text for text, _ in steps] == texts
    assert steps[0][1] == 200


def test_a_walk_to_the_road_is_told(told, at):
    steps = told(CROSS, ARMS, (at(-200, 30), at(200, 0)))
    assert steps[0] == ("Walk 30 m south to the road", 30)
    assert steps[1] == ("Head east on West", 200)


def test_one_street_goes_on_past_side_streets_and_round_a_bend(told, at):
    points = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (200, 100), 5: (100, 90), 6: (300, 0)}
    ways = {1: ([1, 2, 3, 4], street("High Street")), 2: ([2, 5], street("Side"))}
    steps = told(points, ways, (at(0, 0), at(200, 100)))
    assert steps == [("Head east on High Street", 300), ("Arrive", 0)]
    ways[3] = ([3, 6], street("Low Street"))
    steps = told(points, ways, (at(0, 0), at(200, 100)))
    assert steps[1] == ("Turn left to stay on High Street", 100)


def test_short_unnamed_bits_are_part_of_the_junction(told, at):
    """A gap of 20 m in a dual carriageway, and a long lane without a name."""
    points = {1: (-300, 0), 2: (0, 0), 3: (0, 20), 4: (0, 300), 5: (300, 0), 6: (300, 20)}
    ways = {
        1: ([1, 2, 5], street("Parade")),
        2: ([2, 3], street()),
        3: ([3, 4], street("North Road")),
        4: ([3, 6], street("Other")),
    }
    steps = told(points, ways, (at(-200, 0), at(0, 300)))
    assert [text for text, _ in steps] == [
        "Head east on Parade",
        "Turn left into North Road",
        "Arrive",
    ]
    assert steps[1][1] == 300
    ways[2] = ([2, 3], street(highway="service"))
    points |= {3: (0, 120), 6: (300, 120)}
    steps = told(points, ways, (at(-200, 0), at(0, 300)))
    assert [text for text, _ in steps][1:3] == [
        "Turn left onto a service road",
        "Continue onto North Road",
    ]


@pytest.mark.parametrize(
    ("mode", "text"),
    [(TravelMode.CAR, "At the roundabout take the 3rd exit into East"), (TravelMode.FOOT, None)],
)
def test_exits_of_a_roundabout_are_counted_from_where_one_enters(told, at, mode, text):
    """In from the south, clockwise past west and north, out to the east."""
    ring = {11: (0, -20), 12: (-20, 0), 13: (0, 20), 14: (20, 0)}
    points = {1: (0, -300), 2: (-300, 0), 3: (0, 300), 4: (300, 0), **ring}
    names = {1: "South", 2: "West", 3: "North", 4: "East"}
    ways = {n: ([n, 10 + n], street(name)) for n, name in names.items()}
    ways[9] = ([11, 12, 13, 14, 11], street("Circus", junction="roundabout"))
    steps = told(points, ways, (at(0, -200), at(200, 0)), mode=mode)
    if text is not None:
        assert steps[0] == ("Head north on South", 180)
        assert steps[1][0] == text
        assert len(steps) == 3
    else:
        assert not any("roundabout" in told for told, _ in steps)


def test_a_fork_tells_which_side_to_keep_to(told, at):
    points = {1: (-300, 0), 2: (0, 0), 3: (300, 80), 4: (300, -80)}
    ways = {1: ([1, 2], street("Stem")), 2: ([2, 3], street("Left")), 3: ([2, 4], street("Right"))}
    steps = told(points, ways, (at(-200, 0), at(300, 80)))
    assert steps[1][0] == "Keep left onto Left"
    steps = told(points, ways, (at(-200, 0), at(300, -80)))
    assert steps[1][0] == "Keep right onto Right"


def test_one_is_there_already(told, at):
    assert told(CROSS, ARMS, (at(-200, 0), at(-200, 0))) == [("Arrive", 0)]


@pytest.mark.shared_data
def test_directions_of_many_ways_add_up(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    rng = np.random.default_rng(12)
    xy = network.junctions.xy_m[rng.choice(network.junction_count, 80)] + rng.normal(0, 40, (80, 2))
    places = [Location(easting_m=x, northing_m=y) for x, y in xy.tolist()]
    ways = trace_paths(network, list(itertools.pairwise(places)))
    texts = [step.text for way in ways for step in way.steps]
    for way in ways:
        if not way.steps:
            continue
        assert sum(step.time_s for step in way.steps) == pytest.approx(way.time_s)
        assert sum(step.distance_m for step in way.steps) == pytest.approx(way.distance_m)
        assert min(step.time_s for step in way.steps) > -0.01
        assert min(step.distance_m for step in way.steps) > -0.05
        assert way.steps[-1].text.startswith(("Arrive", "Walk the last"))
        assert all(0 <= step.bearing_deg + 180 <= 540 for step in way.steps)
    assert sum("roundabout take the" in text for text in texts) > 10
    assert not any("the 1th" in text or ";" in text for text in texts)
