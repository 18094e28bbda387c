import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import access_counts, read_roads, travel_times


@pytest.fixture
def street(small_town, even_speeds):
    """A street of 2,000 m at 10 m/s."""
    path = small_town({1: (0, 0), 2: (2_000, 0)}, {1: ([1, 2], {"highway": "residential"})})
    return read_roads(path, mode=TravelMode.CAR, speeds_file=even_speeds)


def test_by_hand(street, at):
    origins = {"a": at(0, 0), "b": at(1_000, 0), "far": at(0, 9_000)}
    destinations = {"x": at(100, 0), "y": at(900, 0), "z": at(1_900, 0)}
    weights = {"x": 5.0, "y": 0.5, "z": 2.0, "unused": 9.0}
    found = access_counts(street, origins, destinations, [91, 11, 0], weights=weights)
    assert found.counts.tolist() == [[2, 1, 0], [3, 1, 0], [0, 0, 0]]
    assert found.weights.tolist() == [[5.5, 5, 0], [7.5, 0.5, 0], [0, 0, 0]]
    assert found.nearest_s == pytest.approx([10, 10, np.nan], abs=0.01, nan_ok=True)
    assert found.nearest.nearest == {"a": "x", "b": "y"}
    assert found.time_range == street.time_range
    plain = access_counts(street, origins, destinations, [91])
    assert (plain.weights == plain.counts).all()


def test_without_limits_or_destinations(street, at):
    here = {"a": at(0, 0)}
    assert access_counts(street, here, here, []).counts.shape == (1, 0)
    found = access_counts(street, here, {}, [60])
    assert found.counts.tolist() == [[0]]
    assert np.isnan(found.nearest_s).all()


@pytest.mark.parametrize(
    ("limits_s", "weights", "what"),
    [
        ([-1], None, "is not 0 or more"),
        ([float("nan")], None, "is not 0 or more"),
        ([9], {}, "destination a has no weight"),
        ([9], {"a": -1.0}, "weight -1.0 is not a number of 0 or more"),
        ([9], {"a": float("nan")}, "weight nan is not"),
    ],
)
def test_what_cannot_be_asked(street, at, limits_s, weights, what):
    here = {"a": at(0, 0)}
    with pytest.raises(ValueError, match=what):
        access_counts(street, here, here, limits_s, weights=weights)


@pytest.mark.shared_data
def test_equals_the_counted_matrix(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    rng = np.random.default_rng(11)
    xy = network.junctions.xy_m[rng.choice(network.junction_count, 500)]
    named = [
        (f"{number:03}", Location(easting_m=x, northing_m=y))
        for number, (x, y) in enumerate((xy + rng.normal(0, 50, xy.shape)).tolist())
    ]
    origins, destinations = dict(named[:300]), dict(named[300:])
    weights = {name: float(rng.integers(0, 50)) for name in destinations}
    dense = travel_times(network, origins, destinations)
    limits_s = [120.0, 300.0, 900.0]
    found = access_counts(network, origins, destinations, limits_s, weights=weights, workers=2)
    for column, limit_s in enumerate(limits_s):
        is_near = dense.time_s <= limit_s
        assert (found.counts[:, column] == is_near.sum(axis=1)).all()
        assert found.weights[:, column] == pytest.approx(is_near @ np.array([*weights.values()]))
    with np.errstate(invalid="ignore"):
        least = np.fmin.reduce(dense.time_s, axis=1)
    np.testing.assert_array_equal(found.nearest_s, least)
