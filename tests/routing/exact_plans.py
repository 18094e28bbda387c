"""Plans of small days by the exact engine, in this process; and small over-full days by a seed."""

from dataclasses import replace
from random import Random

import numpy as np
import toytown as toy

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.routing import (
    Break,
    Depot,
    DepotId,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitId,
)
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus
from ntgeo.routing.exact import solve_exactly
from ntgeo.routing.unmade.explain import explain_unmade

LIMITS = SolveLimits(time_limit_s=60.0)


def exact_plan(problem: RoutingProblem, limits=LIMITS, **_) -> RoutePlan:
    """Stands in for the door, which has a process of its own."""
    answer = solve_exactly(problem, limits)
    assert answer is not None
    cost_gbp = answer.cost.total_gbp
    unmade = [problem.visits[number].id for number in answer.unmade]
    return RoutePlan(
        routes=answer.routes,
        unmade=explain_unmade(problem, unmade),
        cost=answer.cost,
        report=SolveReport(
            status=SolveStatus.OPTIMAL if answer.is_optimal else SolveStatus.FEASIBLE,
            objective=cost_gbp,
            bound=cost_gbp if answer.is_optimal else None,
            unit="pounds",
            is_maximised=False,
            method="exact",
            seed=1,
            wall_time_s=0.0,
        ),
    )


def over_full_day(seed: int, *, visits: int = 6, shifts: int = 2, hours: int = 3) -> RoutingProblem:
    """More visits, spread over a town of 20 minutes across, than the shifts can make."""
    chance = Random(seed)  # noqa: S311 - no secret
    places = {"D": (0.0, 0.0)} | {
        f"V{n}": (chance.uniform(-10, 10), chance.uniform(-10, 10)) for n in range(visits)
    }
    at = np.array(list(places.values()))
    minutes = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    return RoutingProblem.from_arrays(
        day=toy.DAY,
        visits=[_visit(chance, name, hours) for name in list(places)[1:]],
        shifts=[_shift(chance, number, hours) for number in range(shifts)],
        depots=[Depot(id=DepotId("D"), name="Depot", location=toy.location(0))],
        travel=TravelTimeMatrix.from_arrays(
            minutes * 90, origins=list(places), destinations=list(places), distance_m=minutes * 700
        ),
    )


def _visit(chance: Random, name: str, hours: int) -> Visit:
    first = 8 * 60 + chance.randrange(60 * hours - 60)
    return Visit(
        id=VisitId(name),
        location=toy.location(0),
        service_s=60 * chance.randrange(20, 50),
        windows=(TimeWindow(start_s=60 * first, end_s=60 * (first + chance.choice((60, 120)))),),
        skills=frozenset(chance.sample("ab", chance.choice((0, 0, 1)))),
        priority=chance.randrange(1, 4),
    )


def _shift(chance: Random, number: int, hours: int) -> Shift:
    rest = Break(duration_s=900, window=TimeWindow(start_s=9 * 3600, end_s=10 * 3600))
    return replace(
        toy.shift("A"),
        id=ShiftId(f"S{number}"),
        staff=StaffId(f"P{number}"),
        hours=toy.hours(8, 8 + hours),
        skills=frozenset(chance.sample("ab", chance.choice((1, 2)))),
        breaks=(rest,),
    )
