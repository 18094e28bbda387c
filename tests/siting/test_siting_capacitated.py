"""The capacitated engine piece by piece, against trying every plan."""

import itertools
import math
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ntgeo.domain.solving import SolveLimits
from ntgeo.progress import SILENT
from ntgeo.siting.capacitated import branching
from ntgeo.siting.capacitated.branching import Part, branch, reduce
from ntgeo.siting.capacitated.columns import build_relaxation, second_least
from ntgeo.siting.capacitated.fixing import useful_entries
from ntgeo.siting.capacitated.knapsack import fill_split, fill_whole, sort_places
from ntgeo.siting.capacitated.known import Known
from ntgeo.siting.capacitated.prepare import prepare_capacitated
from ntgeo.siting.capacitated.programme import finish_capacitated
from ntgeo.siting.capacitated.question import CapacitatedQuestion, Links
from ntgeo.siting.capacitated.relaxation import (
    climb,
    start_climb,
)
from ntgeo.siting.capacitated.solve_capacitated import solve_capacitated
from ntgeo.siting.capacitated.walk import start_walk
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.rows import FREE, IN, OUT

LIMITS = SolveLimits(time_limit_s=30)
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)


def until(seconds):
    return Clock(ends_at=time.time() + seconds)


@st.composite
def questions(draw, *, is_whole=None):
    """A few areas and sites; some pairs barred, some areas may be left, some capacities priced."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    areas, sites = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    fraction = draw(st.sampled_from([0.0, 1.0]))
    cost = rng.integers(0, 40, (areas, sites)) + fraction * rng.random((areas, sites))
    cost[rng.random(cost.shape) < 0.15] = np.inf
    demand = rng.integers(0, 9, areas) + fraction * rng.random(areas)
    capacity = rng.integers(2, 20, sites) + fraction * rng.random(sites)
    capacity[rng.random(sites) < 0.1] = np.inf
    state = rng.choice([FREE, FREE, FREE, IN, OUT], sites).astype(np.int8)
    whole = draw(st.booleans()) if is_whole is None else is_whole
    return CapacitatedQuestion(
        cost=cost,
        demand=demand,
        capacity=capacity,
        state=state,
        count=draw(st.one_of(st.none(), st.integers(1, sites))),
        open_cost=rng.integers(0, 30, sites).astype(float) * draw(st.booleans()),
        leave_cost=np.where(rng.random(areas) < 0.3, 35.0, np.inf),
        is_whole=whole,
        over_price=draw(st.sampled_from([None, None, 1.0, 3.5])),
    )


def site_sets(question):
    usable = np.flatnonzero(question.state != OUT)
    must = set(np.flatnonzero(question.state == IN).tolist())
    counts = range(len(usable) + 1) if question.count is None else [question.count]
    for count in counts:
        for opened in itertools.combinations(usable.tolist(), count):
            if must <= set(opened):
                yield opened


def best_whole(question, opened):
    least = math.inf
    for choice in itertools.product([*opened, -1], repeat=len(question.demand)):
        load = np.zeros(len(question.state))
        total = question.open_cost[list(opened)].sum()
        for area, site in enumerate(choice):
            total += question.leave_cost[area] if site < 0 else question.cost[area, site]
            if site >= 0:
                load[site] += question.demand[area]
        over = np.maximum(0, load - question.capacity)
        if over.max() > 1e-9:
            total += math.inf if question.over_price is None else over.sum() * question.over_price
        least = min(least, total)
    return least


def best_split(question, opened):
    """The transport problem, by another solver, as a plain dense table."""
    areas, sites = len(question.demand), len(opened)
    cost = np.column_stack([question.cost[:, list(opened)], question.leave_cost])
    is_barred = ~np.isfinite(cost)
    objective = np.concatenate([np.where(is_barred, 0.0, cost).ravel(), np.zeros(sites)])
    objective[cost.size :] = 0.0 if question.over_price is None else question.over_price
    served = np.zeros((areas, len(objective)))
    held = np.zeros((sites, len(objective)))
    for i in range(areas):
        served[i, i * (sites + 1) : (i + 1) * (sites + 1)] = 1
        for j in range(sites):
            held[j, i * (sites + 1) + j] = question.demand[i]
    held[:, cost.size :] = -np.eye(sites)
    capacity = np.minimum(question.capacity[list(opened)], 1e6)
    upper = np.concatenate([np.where(is_barred, 0.0, 1.0).ravel(), np.full(sites, np.inf)])
    if question.over_price is None:
        upper[cost.size :] = 0.0
    found = linprog(
        objective,
        A_ub=held if sites else None,
        b_ub=capacity if sites else None,
        A_eq=served,
        b_eq=np.ones(areas),
        bounds=list(zip(np.zeros(len(upper)), upper, strict=True)),
    )
    return found.fun + question.open_cost[list(opened)].sum() if found.success else math.inf


def best_of(question):
    tried = best_whole if question.is_whole else best_split
    return min((tried(question, opened) for opened in site_sets(question)), default=math.inf)


def climbed(question, *, steps=150, needed=math.inf):
    relaxation = build_relaxation(question)
    start = start_climb(relaxation, second_least(question))
    best = best_of(question)
    aim = best if math.isfinite(best) else 500.0
    return relaxation, climb(relaxation, (aim, needed), start, (steps, 15, 0.7))


def test_places_sort_by_key_and_ties_by_place():
    key = np.array([3.0, 1.0, 3.0, -np.inf, 2.0])
    places = np.arange(5)[::-1].copy()
    sort_places(key, places)
    assert places.tolist() == [3, 1, 4, 0, 2]


def best_load(value, weight, capacity, price):
    best = 0.0
    for taken in itertools.product([0, 1], repeat=len(value)):
        over = max(0.0, float(np.dot(taken, weight)) - capacity)
        if over <= 0 or math.isfinite(price):
            best = max(best, float(np.dot(taken, value)) - (price * over if over > 0 else 0.0))
    return best


@EXAMPLES
@given(st.integers(0, 2**32 - 1), st.sampled_from([math.inf, 0.5, 2.0]))
def test_a_knapsack_holds_the_most_that_trying_all_can(seed, price):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 9))
    value = rng.integers(1, 20, count) + rng.random(count)
    weight = rng.integers(0, 10, count).astype(float)
    with np.errstate(divide="ignore"):
        order = np.argsort(-value / weight, kind="stable")
    value, weight = value[order], weight[order]
    capacity = float(rng.integers(0, 25))
    taken = np.zeros(count)
    worth = fill_whole(value, weight, capacity, price, taken)
    assert worth == pytest.approx(best_load(value, weight, capacity, price))
    over = max(0.0, float(taken @ weight) - capacity)
    charge = price * over if over > 0 else 0.0
    assert float(taken @ value) - charge == pytest.approx(worth)
    split = fill_split(value, weight, capacity, price, taken)
    assert split >= worth - 1e-9
    over = max(0.0, float(taken @ weight) - capacity - 1e-9)
    charge = price * over if over > 0 else 0.0
    assert float(taken @ value) - charge == pytest.approx(split)


def test_a_split_knapsack_takes_a_share_of_the_last_item():
    taken = np.zeros(3)
    args = (np.array([6.0, 4.0, 1.0]), np.array([2.0, 4.0, 4.0]))
    assert fill_split(*args, 4.0, math.inf, taken) == 8
    assert taken.tolist() == [1, 0.5, 0]
    assert fill_split(*args, 4.0, 0.5, taken) == 9
    assert taken.tolist() == [1, 1, 0]


@EXAMPLES
@given(questions())
def test_the_bound_never_passes_the_best_plan(question):
    best = best_of(question)
    relaxed = climbed(question)[1]
    if math.isfinite(best):
        assert relaxed.bound <= best + 1e-6


@EXAMPLES
@given(questions())
def test_reduced_costs_never_strike_out_the_best_plan(question):
    best = best_of(question)
    if not math.isfinite(best):
        return
    relaxation, relaxed = climbed(question, steps=60)
    known = Known(question=question, gap_share=0.0)
    known.plan = replace(question.plan(np.zeros(0, dtype=np.intp), NOBODY), total=best + 2e-3)
    known.has_whole_costs = False
    kept = reduce(Part(question=relaxation, relaxed=relaxed), known)
    assert kept is not None
    useful = np.zeros((len(question.demand), len(question.state) + 1), dtype=bool)
    useful[kept.question.columns.area, kept.question.columns.site] = True
    left = replace(
        question,
        state=kept.state[:-1],
        cost=np.where(useful[:, :-1], question.cost, np.inf),
        leave_cost=np.where(useful[:, -1], question.leave_cost, np.inf),
    )
    assert best_of(left) == pytest.approx(best, abs=1e-6)


NOBODY = Links(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0))


def test_useful_entries_drop_a_pair_that_is_far_too_dear():
    question = two_towns(count=2)
    relaxation, relaxed = climbed(question)
    useful = useful_entries(relaxation, relaxed, 4.0)
    kept = set(zip(relaxation.columns.area[useful], relaxation.columns.site[useful], strict=True))
    assert kept == {(0, 0), (1, 0), (2, 1), (3, 1)}


def two_towns(**rules):
    """Two towns of two areas each, a site in each; across it costs 50."""
    return CapacitatedQuestion(
        **{
            "cost": np.array([[1.0, 50.0], [1.0, 50.0], [50.0, 1.0], [50.0, 1.0]]),
            "demand": np.array([3.0, 4.0, 3.0, 4.0]),
            "capacity": np.array([7.0, 7.0]),
            "state": np.zeros(2, dtype=np.int8),
            "count": None,
            "open_cost": np.zeros(2),
            "leave_cost": np.full(4, np.inf),
        }
        | rules
    )


@pytest.mark.parametrize(
    ("rules", "total"),
    [
        ({}, 4.0),
        ({"open_cost": np.array([500.0, 10.0]), "capacity": np.array([7.0, 14.0])}, 112.0),
        ({"capacity": np.array([4.0, 14.0])}, 53.0),
        ({"capacity": np.array([4.0, 14.0]), "is_whole": False}, 3 * 1.0 + 0.25 + 0.75 * 50),
        ({"capacity": np.array([4.0, 7.0]), "over_price": 2.0}, 4.0 + 3 * 2.0),
        ({"capacity": np.array([4.0, 7.0]), "leave_cost": np.full(4, 9.0)}, 3 * 1.0 + 9.0),
        ({"count": 1, "capacity": np.array([14.0, 13.0])}, 102.0),
    ],
)
def test_two_towns_by_hand(rules, total):
    question = two_towns(**rules)
    known = solve_capacitated(question, LIMITS, until(30), in_child=False)
    assert known.is_proven
    assert known.total == pytest.approx(total)
    assert known.bound == pytest.approx(total)
    assert best_of(question) == pytest.approx(total)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(questions())
def test_the_engine_proves_the_best_or_that_there_is_none(question):
    best = best_of(question)
    known = solve_capacitated(question, LIMITS, until(30), in_child=False)
    assert known.is_proven
    if not math.isfinite(best):
        assert (known.plan, known.bound) == (None, math.inf)
        return
    assert known.total == pytest.approx(best, abs=1e-6)
    assert known.bound == pytest.approx(best, abs=1e-6)
    checked = question.plan(known.plan.opened, known.plan.links)
    assert checked.total == known.total


@EXAMPLES
@given(questions(is_whole=True))
def test_branch_and_bound_alone_proves_the_best(question):
    best = best_of(question)
    if not math.isfinite(best):
        return
    relaxation, relaxed = climbed(question, steps=3)
    known = Known(question=question, gap_share=0.0)
    far = best * 1.3 + 7
    known.plan = replace(question.plan(np.zeros(0, dtype=np.intp), NOBODY), total=far)
    walk = start_walk(question, relaxed.is_chosen)
    branch(Part(question=relaxation, relaxed=relaxed), known, walk, until(30))
    assert known.total == pytest.approx(best, abs=1e-6)
    assert known.bound == pytest.approx(best, abs=1e-6)


@EXAMPLES
@given(questions())
def test_the_programme_alone_finds_the_best(question):
    best = best_of(question)
    plan, bound = finish_capacitated(lambda _: None, question, [], LIMITS, until(30))
    if not math.isfinite(best):
        assert (plan, bound) == (None, math.inf)
        return
    assert plan.total == pytest.approx(best, abs=1e-6)
    assert bound == pytest.approx(best, abs=1e-4)


@EXAMPLES
@given(questions(is_whole=True), st.integers(0, 1000))
def test_a_walk_keeps_every_rule_and_tells_the_true_cost(question, seed):
    relaxation = build_relaxation(question)
    chosen = start_climb(relaxation, second_least(question))
    opened = climb(relaxation, (500.0, math.inf), chosen, (20, 15, 0.7)).is_chosen
    walk = start_walk(question, opened)
    walk.go(20, np.random.default_rng(seed))
    plan = walk.plan()
    if plan is not None:
        assert plan.total == pytest.approx(walk.total)
        assert plan.total >= best_of(question) - 1e-6


def test_a_plan_that_breaks_a_rule_costs_infinitely_much():
    question = two_towns()
    areas = np.arange(4)
    ones = np.ones(4)
    assert question.plan(np.array([0, 1]), Links(areas, np.array([0, 0, 1, 1]), ones)).total == 4
    crowded = Links(areas, np.array([0, 0, 0, 1]), ones)
    assert question.plan(np.array([0, 1]), crowded).total == math.inf
    assert (
        question.plan(np.array([1]), Links(areas, np.array([0, 0, 1, 1]), ones)).total == math.inf
    )
    left = Links(areas[:3], np.array([0, 0, 1]), ones[:3])
    assert question.plan(np.array([0, 1]), left).total == math.inf


def street(areas, sites, seed, **rules):
    rng = np.random.default_rng(seed)
    places = rng.random((areas + sites, 2)) * 100
    demand = rng.integers(1, 20, areas).astype(float)
    count = max(2, sites // 8)
    return CapacitatedQuestion(
        **{
            "cost": np.hypot(*(places[:areas, None] - places[None, areas:]).transpose(2, 0, 1)),
            "demand": demand,
            "capacity": np.full(sites, np.ceil(demand.sum() / count / 0.85)),
            "state": np.zeros(sites, dtype=np.int8),
            "count": count,
            "open_cost": np.zeros(sites),
            "leave_cost": np.full(areas, np.inf),
        }
        | rules
    )


def test_sixty_areas_and_thirty_sites_are_proven_alike_twice():
    question = street(60, 30, 5)
    found = [solve_capacitated(question, LIMITS, until(30), in_child=False) for _ in range(2)]
    assert all(known.is_proven for known in found)
    assert found[0].plan.opened.tolist() == found[1].plan.opened.tolist()
    assert found[0].plan.links.sites.tolist() == found[1].plan.links.sites.tolist()


def test_shares_of_areas_cost_no_more_than_whole_ones_and_are_proven_in_a_child():
    question = street(60, 24, 6)
    whole = solve_capacitated(question, LIMITS, until(30))
    split = solve_capacitated(replace(question, is_whole=False), LIMITS, until(30))
    assert whole.is_proven
    assert split.is_proven
    assert split.total <= whole.total + 1e-6
    assert split.total == pytest.approx(split.bound, rel=1e-6)


def test_a_second_on_a_large_question_still_gives_a_plan_and_a_true_gap():
    question = street(700, 350, 7)
    solve_capacitated(street(20, 8, 7), LIMITS, until(30))  # compiled beforehand
    started = time.time()
    known = solve_capacitated(question, LIMITS, until(1.0))
    assert time.time() - started < 1.0 * 1.05 + 1
    assert known.plan is not None
    assert 0 < known.bound < known.total


def test_work_stops_within_two_seconds_when_asked():
    class Stopped:
        def __init__(self):
            self.asked_at = time.time() + 1.0

        def is_cancelled(self):
            return time.time() > self.asked_at

        def __getattr__(self, name):
            return getattr(SILENT, name)

    question = street(400, 200, 8, is_whole=False)
    progress = Stopped()
    known = solve_capacitated(question, LIMITS, Clock(ends_at=time.time() + 60, progress=progress))
    assert time.time() - progress.asked_at < 2
    assert known.bound > 0


@pytest.mark.shared_data
@pytest.mark.parametrize("number", [3, 9, 13])
def test_published_instances_are_proven(shared_data, number):
    name = f"benchmarks/capacitated_pmedian/pmedcap1_{number}.txt"
    numbers = np.array((shared_data / name).read_text().split(), dtype=float)
    best, areas, count, capacity = numbers[1], int(numbers[2]), int(numbers[3]), numbers[4]
    rows = numbers[5:].reshape(areas, 4)
    apart = rows[:, None, 1:3] - rows[None, :, 1:3]
    question = CapacitatedQuestion(
        cost=np.floor(np.hypot(apart[:, :, 0], apart[:, :, 1])),
        demand=rows[:, 3],
        capacity=np.full(areas, capacity),
        state=np.zeros(areas, dtype=np.int8),
        count=count,
        open_cost=np.zeros(areas),
        leave_cost=np.full(areas, np.inf),
    )
    known = solve_capacitated(question, LIMITS, until(30))
    assert (known.total, known.bound) == (best, best)


def test_preparing_reaches_the_kernels_that_settle_pairs(monkeypatch):
    reached = []

    def noted(*asked):
        reached.append(asked)
        return useful_entries(*asked)

    monkeypatch.setattr(branching, "useful_entries", noted)
    prepare_capacitated.__wrapped__()  # another test may have prepared this process
    assert reached
