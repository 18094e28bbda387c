import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ntgeo.demand.rules import DISCLOSURE_RULES
from ntgeo.demand.suppression import suppress

LOCAL, ONS, HES = (DISCLOSURE_RULES[name] for name in ("local-5", "ons-10", "nhs-hes"))


def hidden(counts, lines, rule=LOCAL, order=None):
    cells = np.array(counts)
    rank = np.arange(len(cells)) if order is None else np.array(order)
    found = suppress(cells, [np.array(line) for line in lines], rank, rule)
    return np.flatnonzero(found.is_hidden).tolist(), sorted(found.withheld)


def attacker_ranges(counts, lines, found, rule):
    """What anyone can work out of each hidden cell from totals and shown cells, by linear programs.

    The attacker knows every shown cell and every total not withheld to the unit.
    """
    counts = np.asarray(counts)
    cells = np.flatnonzero(found.is_hidden)
    rows, totals = [], []
    for position, line in enumerate(lines):
        if position not in found.withheld and found.is_hidden[line].any():
            rows.append(np.isin(cells, line).astype(float))
            totals.append(counts[line][found.is_hidden[line]].sum())
    if not rows:
        return {}
    ranges = {}
    for position, cell in enumerate(cells):
        if not any(row[position] for row in rows):
            continue
        goal = np.zeros(len(cells))
        goal[position] = 1
        ends = [
            linprog(sign * goal, A_eq=rows, b_eq=totals, bounds=(rule.least_hidden, None))
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends)
        ranges[int(cell)] = (ends[0].fun, -ends[1].fun)
    return ranges


def grid_lines(rows, columns):
    cells = np.arange(rows * columns).reshape(rows, columns)
    return [*cells, *cells.T]


def test_small_counts_are_hidden_and_zero_is_not():
    assert hidden([0, 1, 4, 5, 80], []) == ([1, 2], [])
    assert hidden([0, 9, 10], [], ONS) == ([0, 1], [])
    assert hidden([0, 1, 7, 8], [], HES) == ([1, 2], [])


def test_one_hidden_in_a_line_takes_the_smallest_other_with_it():
    assert hidden([3, 50, 20, 0], [[0, 1, 2, 3]]) == ([0, 2], [])


def test_two_hidden_are_safe_if_they_leave_each_the_whole_range():
    # 3 + 2 leaves each 1 to 4
    assert hidden([3, 2, 50], [[0, 1, 2]]) == ([0, 1], [])
    # 1 + 1 tells both; 2 + 1 leaves 1 to 2 only
    assert hidden([1, 1, 50], [[0, 1, 2]]) == ([0, 1, 2], [])
    assert hidden([2, 1, 50], [[0, 1, 2]]) == ([0, 1, 2], [])


def test_ties_are_broken_by_rank_not_by_place():
    assert hidden([3, 9, 9], [[0, 1, 2]]) == ([0, 1], [])
    assert hidden([3, 9, 9], [[0, 1, 2]], order=[0, 2, 1]) == ([0, 2], [])


def test_a_line_with_nothing_left_to_hide_withholds_its_total():
    assert hidden([1, 1, 1, 1, 1, 0], [[0, 1, 2, 3, 4, 5]]) == ([0, 1, 2, 3, 4], [0])


def test_rows_and_columns_protect_each_other():
    counts = [3, 50, 60, 20, 30, 70, 90, 40, 80]
    cells, withheld = hidden(counts, grid_lines(3, 3))
    assert withheld == []
    shown = np.isin(np.arange(9), cells).reshape(3, 3)
    assert (shown.sum(axis=0) != 1).all()
    assert (shown.sum(axis=1) != 1).all()


def test_a_cell_told_by_all_lines_together_is_found():
    # two blocks of four small counts, joined by one hidden cell (row 1, column 2) whose row and
    # column have others hidden beside it: no single line tells it, all together do
    counts = np.full((4, 4), 60)
    counts[:2, :2] = 4
    counts[2:, 2:] = 4
    counts[1, 2] = 3
    lines = grid_lines(4, 4)
    found = suppress(counts.ravel(), lines, np.arange(16), LOCAL)
    assert found.is_hidden.sum() > 9
    for low, high in attacker_ranges(counts.ravel(), lines, found, LOCAL).values():
        assert high - low > 0.5


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.data(),
    st.sampled_from([LOCAL, ONS, HES]),
)
def test_no_attacker_who_knows_all_totals_learns_a_hidden_count(rows, columns, data, rule):
    size = rows * columns
    counts = np.array(
        data.draw(
            st.lists(
                st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9, 12, 40]), min_size=size, max_size=size
            )
        )
    )
    lines = grid_lines(rows, columns)
    found = suppress(counts, lines, np.arange(size), rule)
    is_small = (counts >= rule.least_hidden) & (counts <= rule.largest_hidden)
    assert found.is_hidden[is_small].all()
    assert not found.is_hidden[counts == 0].any() or rule.hides_zero
    for low, high in attacker_ranges(counts, lines, found, rule).values():
        assert high - low > 0.5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=12), st.sampled_from([LOCAL, ONS, HES]))
def test_within_one_line_each_hidden_count_may_be_any_small_one(counts, rule):
    line = np.arange(len(counts))
    found = suppress(np.array(counts), [line], line, rule)
    for low, high in attacker_ranges(counts, [line], found, rule).values():
        assert low == pytest.approx(rule.least_hidden)
        assert high >= rule.largest_hidden - 1e-9


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=9, max_size=9), st.permutations(range(9)))
def test_order_of_cells_never_matters(counts, order):
    lines = grid_lines(3, 3)
    straight = suppress(np.array(counts), lines, np.arange(9), LOCAL)
    place = np.argsort(order)  # cell c stands at place[c]
    shuffled = suppress(
        np.array(counts)[list(order)],
        [np.sort(place[line]) for line in lines],
        np.array(order),
        LOCAL,
    )
    assert shuffled.is_hidden[place].tolist() == straight.is_hidden.tolist()
    assert shuffled.withheld == straight.withheld
