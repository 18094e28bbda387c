"""The p-median engine piece by piece, against trying every set of sites."""

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.branching import branch
from ntgeo.siting.median.components import share_out, split_rows
from ntgeo.siting.median.finish import finish_median
from ntgeo.siting.median.finish_whole import finish_whole
from ntgeo.siting.median.known import Known
from ntgeo.siting.median.lagrangian import Ascent, Pace, climb, settle_sites, useful_entries
from ntgeo.siting.median.local_shakes import shake_by_columns
from ntgeo.siting.median.rows import FREE, IN, OUT, build_rows
from ntgeo.siting.median.solve_median import MedianQuestion, solve_median
from ntgeo.siting.median.swap_search import (
    improve_by_shakes,
    improve_by_swaps,
    open_greedily,
    shake,
)

LIMITS = SolveLimits(time_limit_s=30)
EXAMPLES = settings(max_examples=50, deadline=None, derandomize=True)


@st.composite
def questions(draw):
    """Costs, what is settled, a number to open; some pairs absent, some areas may be left."""
    seed = draw(st.integers(0, 2**32 - 1))
    areas, sites = draw(st.integers(2, 9)), draw(st.integers(2, 8))
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 40, (areas, sites)).astype(float)
    if draw(st.booleans()):
        cost += rng.random(cost.shape)
    cost[rng.random(cost.shape) < 0.2] = np.inf
    cost[~np.isfinite(cost).any(axis=1), 0] = 5.0
    leave = np.where(rng.random(areas) < 0.3, 25.0, np.inf) if draw(st.booleans()) else None
    state = np.where(rng.random(sites) < 0.15, IN, FREE).astype(np.int8)
    count = draw(st.integers(max(1, int((state == IN).sum())), sites))
    return cost, leave, state, count


def all_plans(question):
    cost, leave, state, count = question
    far = np.full(len(cost), np.inf) if leave is None else leave
    must = set(np.flatnonzero(state == IN))
    for opened in itertools.combinations(range(cost.shape[1]), count):
        if must <= set(opened):
            yield opened, float(np.minimum(cost[:, opened].min(axis=1), far).sum())


def best_of(question):
    return min(value for _, value in all_plans(question))


def start_of(rows):
    return Ascent(
        bound=-np.inf,
        multiplier=np.full(rows.area_count, 10.0),
        reduced=np.zeros(rows.site_count),
        is_chosen=np.zeros(rows.site_count, dtype=bool),
        frequency=np.zeros(rows.site_count),
        step=1.0,
    )


def climbed(question, steps=200):
    cost, leave, state, count = question
    rows = build_rows(cost, leave_cost=leave)
    best = min(1e6, best_of(question))
    pace = Pace(steps=steps, patience=20, shrink=0.8)
    return rows, climb(rows, state, count, (best, best), start=start_of(rows), pace=pace)


def test_rows_stand_cheapest_first_and_leave_out_absent_pairs():
    rows = build_rows(np.array([[3.0, np.inf, 1.0], [2.0, 2.0, np.inf]]))
    assert rows.arrays.start.tolist() == [0, 2, 4]
    assert rows.arrays.site.tolist() == [2, 0, 0, 1]
    assert rows.arrays.cost.tolist() == [1, 3, 2, 2]
    assert rows.is_whole
    assert not build_rows(np.array([[0.5]])).is_whole


def test_an_area_that_may_be_left_has_no_dearer_entry():
    rows = build_rows(np.array([[3.0, 8.0]]), leave_cost=np.array([5.0]))
    assert rows.arrays.cost.tolist() == [3]
    assert (rows.ceiling().tolist(), rows.total(np.array([1]))) == ([5], 5)


def test_settled_rows_stop_at_the_first_site_that_is_in():
    rows = build_rows(np.array([[1.0, 2.0, 3.0, 4.0]]))
    state = np.array([OUT, FREE, IN, FREE], dtype=np.int8)
    assert rows.settled(state).arrays.site.tolist() == [1, 2]


@EXAMPLES
@given(questions(), st.booleans())
def test_swaps_tell_the_true_cost_and_leave_no_better_swap(question, by_columns):
    cost, leave, state, count = question
    rows = build_rows(cost, leave_cost=leave)
    if by_columns:
        rows = rows.with_columns()
    found = improve_by_swaps(rows, state, open_greedily(rows, state, count))
    must = set(np.flatnonzero(state == IN))
    assert must <= set(found.opened)
    assert found.total == pytest.approx(rows.total(found.opened))
    for leaving, entering in itertools.product(found.opened, range(cost.shape[1])):
        if leaving in must or entering in found.opened:
            continue
        swapped = np.array([*(set(found.opened) - {leaving}), entering])
        assert rows.total(swapped) >= found.total * (1 - 1e-8)


@EXAMPLES
@given(questions(), st.integers(0, 1000))
def test_a_shake_keeps_the_number_and_the_sites_that_are_in(question, seed):
    cost, leave, state, count = question
    rows = build_rows(cost, leave_cost=leave)
    opened = open_greedily(rows, state, count)
    shaken = shake(rows, state, opened, np.random.default_rng(seed))
    assert len(set(shaken)) == count
    assert set(np.flatnonzero(state == IN)) <= set(shaken)


@EXAMPLES
@given(questions())
def test_the_bound_never_passes_the_best_plan(question):
    _, ascent = climbed(question)
    assert ascent.bound <= best_of(question) + 1e-6


@EXAMPLES
@given(questions())
def test_reduced_costs_never_settle_a_site_against_a_plan_that_is_good_enough(question):
    rows, ascent = climbed(question, steps=60)
    best = best_of(question)
    if not np.isfinite(best):
        return
    state = settle_sites(question[2], ascent, best + 1e-6)
    useful = rows.keep(useful_entries(rows, state, ascent, best + 1e-6)).settled(state)
    kept = [
        opened
        for opened, value in all_plans(question)
        if value <= best
        and all(state[site] != OUT for site in opened)
        and set(np.flatnonzero(state == IN)) <= set(opened)
    ]
    assert kept
    assert min(useful.total(np.array(opened)) for opened in kept) == pytest.approx(best)


@EXAMPLES
@given(questions())
def test_branch_and_bound_alone_proves_the_best(question):
    cost, leave, state, count = question
    rows, ascent = climbed(question, steps=3)
    if not np.isfinite(best_of(question)):
        return
    plan = improve_by_swaps(rows, state, open_greedily(rows, state, count))
    known = Known(rows=rows, state=state, plan=plan, gap_share=0.0)
    branch(rows, state, count, known, (ascent, Clock(ends_at=time.time() + 30), None))
    assert known.is_proven
    assert known.total == pytest.approx(best_of(question))
    assert leave is None or known.total <= leave.sum() + cost[np.isfinite(cost)].sum()


@EXAMPLES
@given(questions())
def test_the_programme_alone_finds_the_best(question):
    cost, leave, state, count = question
    rows = build_rows(cost, leave_cost=leave)
    pace = (LIMITS, Clock(ends_at=time.time() + 30))
    opened, bound = finish_median(lambda _: None, rows, state, count, pace)
    best = best_of(question)
    if not np.isfinite(best):
        assert (opened, bound) == (None, np.inf)
        return
    assert rows.total(opened) == pytest.approx(best)
    assert bound == pytest.approx(best)


@EXAMPLES
@given(questions())
def test_whole_costs_are_finished_at_the_best_or_at_nothing_where_less_is_asked(question):
    cost, leave, state, count = question
    rows = build_rows(np.floor(cost), leave_cost=leave)
    best = best_of((np.floor(cost), leave, state, count))
    pace = (LIMITS, Clock(ends_at=time.time() + 30))
    if np.isfinite(best):
        opened, bound = finish_whole(lambda _: None, rows, state, (count, best + 0.5), pace)
        assert rows.total(opened) == bound == best
        assert set(np.flatnonzero(state == IN)) <= set(opened)
        assert len(opened) == count
    asked = (count, min(best, 500.0) - 1)
    assert finish_whole(lambda _: None, rows, state, asked, pace) == (None, np.inf)


@EXAMPLES
@given(questions())
def test_the_engine_proves_the_best(question):
    cost, leave, state, count = question
    if not np.isfinite(best_of(question)):
        return
    rows = build_rows(cost, leave_cost=leave)
    asked = MedianQuestion(rows=rows, state=state, count=count, in_child=False)
    known = solve_median(asked, LIMITS, Clock(ends_at=time.time() + 30))
    assert known.is_proven
    assert known.total == pytest.approx(best_of(question))
    assert known.bound == pytest.approx(known.total)


def street(points, sites, seed):
    rng = np.random.default_rng(seed)
    places = rng.random((points + sites, 2)) * 1000
    return np.hypot(*(places[:points, None] - places[None, points:]).transpose(2, 0, 1))


def test_three_hundred_areas_and_sixty_sites_are_proven():
    rows = build_rows(street(300, 60, 3) * np.random.default_rng(3).integers(1, 90, (300, 1)))
    asked = MedianQuestion(rows=rows, state=np.zeros(60, dtype=np.int8), count=5, in_child=False)
    known = solve_median(asked, LIMITS, Clock(ends_at=time.time() + 30))
    assert known.is_proven
    assert known.bound == pytest.approx(known.total, rel=1e-8)


def test_a_gap_asked_for_ends_the_work_within_it():
    rows = build_rows(street(200, 200, 4))
    asked = MedianQuestion(rows=rows, state=np.zeros(200, dtype=np.int8), count=8, in_child=False)
    loose = solve_median(asked, replace(LIMITS, gap_share=0.05), Clock(ends_at=time.time() + 30))
    assert loose.is_proven
    assert loose.total * 0.95 <= loose.bound <= loose.total


@st.composite
def apart(draw):
    """Two or three towns that share no site, and a number of sites to share out."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = [(int(rng.integers(1, 5)), int(rng.integers(1, 4))) for _ in range(rng.integers(2, 4))]
    areas, sites = (sum(size) for size in zip(*sizes, strict=True))
    cost = np.full((areas, sites), np.inf)
    row = column = 0
    for height, width in sizes:
        block = rng.integers(1, 40, (height, width)) + (rng.random() < 0.5) * rng.random()
        cost[row : row + height, column : column + width] = block
        row, column = row + height, column + width
    leave = np.full(areas, 30.0) if rng.random() < 0.3 else None
    state = np.where(rng.random(sites) < 0.15, IN, FREE).astype(np.int8)
    least = max(len(sizes), int((state == IN).sum()))
    return cost, leave, state, int(rng.integers(min(least, sites), sites + 1))


@EXAMPLES
@given(apart())
def test_sharing_sites_out_among_towns_proves_the_best(question):
    cost, _, state, count = question
    best = best_of(question)
    if not np.isfinite(best):
        return
    rows, ascent = climbed(question, steps=2)
    plan = improve_by_swaps(rows, state, open_greedily(rows, state, count))
    worst = replace(plan, total=plan.total + 1)
    known = Known(rows=rows, state=state, plan=worst, gap_share=0.0)
    parts = split_rows(rows, state, ascent)
    assert sum(part.rows.area_count for part in parts) == len(cost)
    assert len(parts) > 1

    def solve(asked, clock):
        part_rows, part_state, part_count = asked
        part = MedianQuestion(rows=part_rows, state=part_state, count=part_count, in_child=False)
        return solve_median(part, LIMITS, clock)

    share_out(parts, count, known, Clock(ends_at=time.time() + 30), solve, workers=2)
    assert known.is_proven
    assert known.total == pytest.approx(best)


def known_of(total, gap_share, costs=(10.0, 20.5)):
    rows = build_rows(np.array([costs]))
    plan = improve_by_swaps(rows, np.zeros(2, dtype=np.int8), np.array([0]))
    return Known(
        rows=rows, state=np.zeros(2, np.int8), plan=replace(plan, total=total), gap_share=gap_share
    )


def test_whole_costs_round_a_bound_up():
    known = known_of(100.0, 0.0, costs=(10.0, 20.0))
    known.raise_bound(98.2)
    assert (known.bound, known.is_proven) == (99, False)
    known.raise_bound(99.2)
    assert (known.bound, known.is_proven) == (100, True)


def test_other_costs_do_not():
    known = known_of(100.0, 0.0)
    known.raise_bound(99.2)
    assert (known.bound, known.is_proven) == (99.2, False)


def test_an_empty_programme_proves_no_more_than_what_it_looked_for():
    exact, loose = known_of(100.0, 0.0), known_of(100.0, 0.1)
    for known in (exact, loose):
        known.take_programme(None, np.inf, known.floor)
        assert known.is_proven
    assert (exact.bound, loose.bound) == (100, 90)


def test_swaps_by_columns_where_the_two_nearest_sites_tie_for_many_areas():
    cost = np.full((2000, 3), 5.0)
    cost[:, 2] = np.where(np.arange(2000) % 2, 4.0, 6.0)
    rows = build_rows(cost).with_columns()
    found = improve_by_swaps(rows, np.zeros(3, dtype=np.int8), np.array([0, 1]))
    assert found.total == 9_000


@EXAMPLES
@given(questions(), st.integers(0, 1000))
def test_shakes_by_columns_tell_what_they_save_and_keep_to_the_state(question, seed):
    cost, leave, state, count = question
    rows = build_rows(cost, leave_cost=leave).with_columns()
    opened = open_greedily(rows, state, count)
    chance = np.random.default_rng(seed)
    picks = np.column_stack(
        [chance.integers(rows.area_count, size=20), chance.integers(9, size=(20, 2))]
    ).astype(np.intp)
    chosen = opened.copy()
    saved = shake_by_columns(rows.arrays, rows.columns, state, chosen, picks)
    assert len(set(chosen)) == count
    assert set(np.flatnonzero(state == IN)) <= set(chosen)
    assert saved >= 0
    assert rows.total(opened) - saved == pytest.approx(rows.total(chosen))
    assert rows.total(chosen) >= best_of(question) - 1e-6 or not np.isfinite(best_of(question))


def test_shakes_leave_a_plan_that_swaps_alone_do_not_find():
    rows = build_rows(street(300, 200, 5)).with_columns()
    state = np.zeros(200, dtype=np.int8)
    swapped = improve_by_swaps(rows, state, open_greedily(rows, state, 30))
    pace = Clock(ends_at=time.time() + 10), 1e-9
    shaken = improve_by_shakes(rows, state, swapped.opened, np.random.default_rng(1), pace)
    assert shaken.total < swapped.total
    assert shaken.total == pytest.approx(rows.total(shaken.opened))
