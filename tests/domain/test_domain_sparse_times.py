import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.sparse_times import SparseTravelTimes, least_absent_s

GOOD = {
    "origins": ("a", "b", "c"),
    "destinations": ("x", "y"),
    "row_start": [0, 2, 2, 3],
    "column": [1, 0, 0],
    "time_s": [1.0, 2.0, 3.0],
    "distance_m": [10.0, 20.0, 30.0],
    "beyond_s": [2.0, 5.0, np.inf],
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
        ({"column": [1, 1, 0]}, "a pair stands twice"),
        ({"time_s": [2.0, 1.0, 3.0]}, "not nearest first"),
        ({"beyond_s": [2.0, 5.0]}, "beyond_s needs one number"),
        ({"beyond_s": [2.0, np.nan, 5.0]}, "beyond_s needs one number"),
        ({"beyond_s": [1.5, 5.0, np.inf]}, "takes longer than beyond_s"),
    ],
)
def test_what_cannot_be(change, what):
    with pytest.raises(ValueError, match=what):
        SparseTravelTimes(**{**GOOD, **change})


def test_what_an_absent_pair_takes_at_least():
    start, time_s = np.array([0, 2, 2, 3]), np.array([1.0, 2.0, 3.0])
    assert least_absent_s(start, time_s).tolist() == [np.inf, np.inf, np.inf]
    assert least_absent_s(start, time_s, k=2).tolist() == [2, np.inf, np.inf]
    assert least_absent_s(start, time_s, k=1).tolist() == [2, np.inf, 3]
    within = least_absent_s(start, time_s, limit_s=3)
    assert (within > 3).all()
    assert (within < 3.000001).all()
    assert least_absent_s(start, time_s, k=2, limit_s=4)[0] == 2


@st.composite
def both_ways(draw):
    """The same times as a matrix and as the pairs of it."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    values = st.one_of(st.just(np.nan), st.integers(0, 4).map(float))
    time_s = np.array(draw(st.lists(values, min_size=rows * columns, max_size=rows * columns)))
    matrix = TravelTimeMatrix.from_arrays(
        time_s.reshape(rows, columns),
        origins=[f"o{row}" for row in range(rows)],
        destinations=[f"d{column}" for column in range(columns)],
        distance_m=time_s.reshape(rows, columns) * 2,
    )
    row, column = np.nonzero(matrix.is_reachable)
    order = np.lexsort((column, matrix.time_s[row, column], row))
    row, column = row[order], column[order]
    sparse = SparseTravelTimes(
        origins=matrix.origins,
        destinations=matrix.destinations,
        row_start=np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]),
        column=column,
        time_s=matrix.time_s[row, column],
        distance_m=matrix.distance_m[row, column],
        beyond_s=np.full(rows, np.inf),
        mode=TravelMode.CAR,
        method="by hand",
    )
    return matrix, sparse, draw(st.permutations(range(rows))), draw(st.permutations(range(columns)))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(both_ways(), st.integers(0, 5))
def test_the_pairs_answer_as_the_whole_matrix_does(pair, most):
    matrix, sparse, rows, columns = pair
    some = np.array(columns[:most], dtype=np.int64)
    assert sparse.nearest_among(some).tolist() == matrix.nearest_among(some).tolist()
    assert np.array_equal(sparse.times_to(some), matrix.times_to(some), equal_nan=True)
    asked = np.array([(row, column) for row in rows for column in columns]).T
    for one, other in zip(sparse.of_pairs(*asked), matrix.of_pairs(*asked), strict=True):
        assert np.array_equal(one, other, equal_nan=True)
    ids = [f"o{row}" for row in rows], [f"d{column}" for column in columns[:most]]
    part, whole = sparse.select(*ids), matrix.select(*ids)
    everything = np.arange(len(ids[1]))
    assert np.array_equal(part.times_to(everything), whole.times_to(everything), equal_nan=True)
    assert part.destinations == whole.destinations
