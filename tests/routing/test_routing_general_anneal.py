"""The general search: sound, as good as proven on small days, repeatable, in time."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import toytown
from rounds_cases import RULES, seeded_day

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import RoutingProblem, ShiftId, StaffId, Visit, VisitId
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.cost import cost_of
from ntgeo.routing.exact import solve_exactly, time_orders
from ntgeo.routing.general import anneal
from ntgeo.routing.general.anneal import Effort, Orders, search_orders

LIMITS = SolveLimits(time_limit_s=20.0, seed=1)
RICH = (
    "together",
    "crew",
    "least_gap",
    "same_staff",
    "floating_break",
    "break_after_work",
    "soft_windows",
    "set_up_at_address",
    "several_windows",
    "overtime",
)


def found(problem: RoutingProblem, start: Orders | None = None, seed: int = 1) -> Orders:
    limits = SolveLimits(time_limit_s=2.0, seed=seed)
    orders, _ = search_orders(problem, Effort(limits, 60.0), lambda _: None, start)
    return orders


def value(problem: RoutingProblem, orders: Orders) -> tuple[list[int], float]:
    """Return unmade visits by priority (none where they are priced), and cost to the penny."""
    routes = time_orders(problem, orders)
    assert routes is not None, f"orders that no times keep: {orders}"
    made = {visit for order in orders for visit in order}
    unmade = [visit for number, visit in enumerate(problem.visits) if number not in made]
    cost = cost_of(problem, routes, {visit.id for visit in unmade}).total_gbp
    by_priority = [sum(visit.priority == p for visit in unmade) for p in range(1, 6)]
    is_first = problem.prices.puts_priorities_first
    return (by_priority if is_first else []), round(cost, 2)


def test_small_days_of_every_rule_as_good_as_proven() -> None:
    worse = []
    for seed, rule in enumerate(RULES):
        problem = seeded_day(seed, (rule,))
        answer = solve_exactly(problem, LIMITS)
        assert answer is not None
        best, ours = value(problem, answer.orders), value(problem, found(problem))
        assert ours >= best, rule
        worse += [rule] * (ours > best)
    assert len(worse) <= len(RULES) // 20, worse


@pytest.mark.parametrize("seed", range(4))
def test_larger_rich_days_keep_every_rule(seed: int) -> None:
    problem = seeded_day(seed, RICH, visits=(14, 14), shifts=4)
    by_priority, _ = value(problem, found(problem))
    assert sum(by_priority) < 14


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = seeded_day(7, RICH, visits=(10, 10), shifts=3)
    effort = Effort(SolveLimits(time_limit_s=0.5, seed=1), 60.0)
    plans = {search_orders(problem, effort, lambda _: None)[0] for _ in range(20)}
    assert len(plans) == 1


def test_a_start_is_never_made_worse() -> None:
    problem = seeded_day(3, RICH, visits=(12, 12), shifts=3)
    start = found(problem)
    assert value(problem, found(problem, start, seed=5)) <= value(problem, start)


def test_what_of_a_start_cannot_be_is_left_out() -> None:
    problem = seeded_day(5, ("crew", "together"), visits=(6, 6))
    everything = tuple(range(len(problem.visits)))
    orders = found(problem, tuple(everything for _ in problem.shifts))
    value(problem, orders)


def test_nobody_on_shift_makes_nothing() -> None:
    day = seeded_day(1)
    problem = RoutingProblem(
        day=day.day, visits=day.visits, shifts=(), depots=day.depots, travel=day.travel
    )
    assert found(problem) == ()


@pytest.mark.parametrize("untold_s", [0.0, 60.0])
def test_each_told_plan_is_no_worse_than_the_one_before(
    untold_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anneal, "_UNTOLD_S", untold_s)
    problem = seeded_day(2, RICH, visits=(12, 12), shifts=3)
    told: list[Orders] = []
    last, _ = search_orders(
        problem, Effort(SolveLimits(time_limit_s=2.0, seed=1), 60.0), told.append
    )
    values = [value(problem, orders) for orders in told]
    assert (len(values) > 10) == (untold_s == 0.0)
    assert len(values) > 1
    assert values == sorted(values, reverse=True)
    assert told[-1] == last


def test_the_deadline_is_kept() -> None:
    problem = seeded_day(4, RICH, visits=(40, 40), shifts=6)
    found(seeded_day(1))  # compiled before the clock starts
    started = time.monotonic()
    effort = Effort(SolveLimits(time_limit_s=1.0, seed=1), 0.5, uses_all_time=True)
    search_orders(problem, effort, lambda _: None)
    assert time.monotonic() - started < 3.0


def test_ids_of_crews_stand_in_several_rounds() -> None:
    problem = seeded_day(0, ("crew",))
    orders = found(problem)
    for number, visit in enumerate(problem.visits):
        count = sum(number in order for order in orders)
        assert count in {0, visit.crew}, VisitId(visit.id)


def crowd(place: str, count: int) -> list[Visit]:
    """Return visits side by side; the first needs a skill that few have."""
    usual = Visit(
        id=VisitId(f"{place}00"),
        location=toytown.location(0),
        service_s=600,
        windows=(toytown.hours(9, 17),),
        skills=frozenset({"signing"}),
    )
    others = [
        replace(usual, id=VisitId(f"{place}{number:02d}"), skills=frozenset())
        for number in range(1, count)
    ]
    return [usual, *others]


def test_who_alone_has_a_skill_is_found_however_far_away() -> None:
    visits = [*crowd("L", 40), *crowd("R", 40)]
    names = ["D", *(str(visit.id) for visit in visits)]
    at_s = np.array([0.0, *np.arange(40.0), *np.arange(3000.0, 3040.0)])
    apart_s = np.abs(at_s[:, None] - at_s[None, :])
    able = replace(toytown.shift("B", breaks=()), skills=frozenset({"signing"}))
    shifts = [able] + [
        replace(able, id=ShiftId(name), staff=StaffId(name), skills=frozenset())
        for name in (f"S{number:02d}" for number in range(13))
    ]
    town = toytown.routing_problem()
    problem = RoutingProblem.from_arrays(
        day=town.day,
        visits=visits,
        shifts=shifts,
        depots=town.depots,
        travel=TravelTimeMatrix.from_arrays(apart_s, origins=names, destinations=names),
    )
    made = {visit for order in found(problem) for visit in order}
    assert made == set(range(80))
