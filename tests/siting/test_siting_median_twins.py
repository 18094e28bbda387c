"""Towns that are much alike: solved once, and still to the proof."""

import itertools
import time

import numpy as np
import pytest

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.components import split_rows
from ntgeo.siting.median.lagrangian import Ascent
from ntgeo.siting.median.rows import FREE, build_rows
from ntgeo.siting.median.solve_median import MedianQuestion, solve_median

POINTS, TOWNS, COUNT = 22, 3, 8


def towns(seed, *, differing):
    """Three towns out of each other's reach; the second and third differ in a few pairs by 1."""
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 60, (POINTS, 2))
    town = np.floor(np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)))
    whole = np.full((POINTS * TOWNS, POINTS * TOWNS), np.inf)
    for number in range(TOWNS):
        own = town.copy()
        if number:
            own[tuple(rng.integers(0, POINTS, (2, differing)))] += 1
        members = slice(number * POINTS, (number + 1) * POINTS)
        whole[members, members] = own
    return whole


def split(cost):
    areas, sites = cost.shape
    rows, state = build_rows(cost), np.full(sites, FREE, dtype=np.int8)
    ascent = Ascent(
        bound=0.0,
        multiplier=np.full(areas, 20.0),
        reduced=np.zeros(sites),
        is_chosen=np.zeros(sites, dtype=bool),
        frequency=np.zeros(sites),
        step=1.0,
    )
    return split_rows(rows, state, ascent, whole=rows)


def least_by_trying_all(cost):
    """Dynamic programming over each town's best with one to six sites."""
    best = {0: 0.0}
    for number in range(TOWNS):
        members = slice(number * POINTS, (number + 1) * POINTS)
        own = cost[members, members]
        least = {
            count: min(
                own[:, opened].min(axis=1).sum()
                for opened in itertools.combinations(range(POINTS), count)
            )
            for count in range(1, 5)
        }
        best = {
            total: min(
                best[total - count] + value
                for count, value in least.items()
                if total - count in best
            )
            for total in {had + count for had in best for count in least}
        }
    return best[COUNT]


def test_towns_that_differ_in_a_few_pairs_are_one_question_with_the_least_of_each():
    parts = split(towns(3, differing=2))
    assert len({id(part.solved) for part in parts}) == 1
    assert len({part.sites.tobytes() for part in parts}) == TOWNS


def test_towns_of_different_shape_stay_apart():
    cost = towns(3, differing=2)
    cost[:POINTS, :POINTS] = cost[:POINTS, :POINTS] * 2
    assert len({id(part.solved) for part in split(cost)}) == TOWNS


@pytest.mark.parametrize("seed", range(4))
def test_the_whole_of_alike_towns_is_proven_at_its_least(seed):
    cost = towns(seed, differing=2)
    question = MedianQuestion(
        rows=build_rows(cost),
        state=np.full(len(cost), FREE, dtype=np.int8),
        count=COUNT,
        in_child=False,
    )
    known = solve_median(question, SolveLimits(), Clock(ends_at=time.time() + 30))
    assert known.is_proven
    assert known.total == least_by_trying_all(cost)
