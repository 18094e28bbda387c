import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.sparse_times import SparseTravelTimes

GOOD = {
    "origins": ("a", "b", "c"),
    "destinations": ("x", "y"),
    "row_start": [0, 2, 2, 3],
    "column": [1, 0, 0],
    "time_s": [1.0, 2.0, 3.0],
    "distance_m": [10.0, 20.0, 30.0],
    "mode": TravelMode.CAR,
    "method": "by hand",
}


def test_pairs_of_each_origin():
    times = SparseTravelTimes(**GOOD)
    assert times.row.tolist() == [0, 0, 2]
    assert times.counts.tolist() == [2, 0, 1]
    assert times.nearest == {"a": "y", "c": "x"}
    assert not times.time_s.flags.writeable


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"origins": ("a", "a", "c")}, "id of one origin stands twice"),
        ({"destinations": ("x", "x")}, "id of one destination stands twice"),
        ({"time_s": [1.0, np.nan, 3.0]}, "time_s needs one finite number"),
        ({"distance_m": [1.0, -2.0, 3.0]}, "distance_m needs one finite number"),
        ({"distance_m": [1.0]}, "distance_m needs one finite number"),
        ({"row_start": [0, 2, 3]}, "row_start does not share"),
        ({"row_start": [0, 2, 1, 3]}, "row_start does not share"),
        ({"row_start": [0, 2, 2, 2]}, "row_start does not share"),
        ({"column": [1, 2, 0]}, "no destination's"),
        ({"column": [1, -1, 0]}, "no destination's"),
    ],
)
def test_what_cannot_be(change, what):
    with pytest.raises(ValueError, match=what):
        SparseTravelTimes(**{**GOOD, **change})
