import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.demand.audit import pinned_cells


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=8),
    st.integers(0, 1),
)
def test_one_line_is_judged_as_the_linear_programs_judge_it(cells, least):
    counts = np.array([max(count, least) for count, _ in cells])
    is_hidden = np.array([hidden for _, hidden in cells])
    line = np.arange(len(cells))
    alone = pinned_cells(counts, is_hidden, [line], least)
    by_programs = pinned_cells(counts, is_hidden, [line, line], least)
    assert alone == by_programs


def test_by_hand():
    line = [np.arange(3)]
    hidden = np.array([True, True, False])
    assert pinned_cells(np.array([1, 1, 9]), hidden, line, 1) == [0, 1]
    assert pinned_cells(np.array([1, 2, 9]), hidden, line, 1) == []
    assert pinned_cells(np.array([3, 9, 9]), np.array([True, False, False]), line, 1) == [0]
