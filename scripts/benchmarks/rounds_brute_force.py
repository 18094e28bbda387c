"""Random small days of rounds, solved by the engine and by trying everything; differences.

    python scripts/benchmarks/rounds_brute_force.py --cases 1000 --seed 1 [--engine exact|whole]

The days go through every rule alone and in pairs, in turn. ``exact`` asks the CP-SAT formulation,
``whole`` all that ``ntgeo route`` does but for its process. Each plan goes through the independent
check too. Prints a JSON line for each day that comes out differently, and one with the counts at
the end; ends with 1 where there was any difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests" / "routing"))

from rounds_cases import rule_sets, seeded_day
from rounds_oracle import best_plan

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.solving import SolveLimits, SolveReport
from ntgeo.routing import find_faults
from ntgeo.routing.exact import solve_exactly
from ntgeo.routing.solve import solve_in_process
from ntgeo.routing.unmade.explain import explain_unmade

_LIMITS = SolveLimits(time_limit_s=60.0)
_SAME_GBP = 1e-5


def main() -> int:
    """Run the days and print what came of them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--engine", choices=["exact", "whole"], default="whole")
    options = asked.parse_args()
    solve = solve_in_process if options.engine == "whole" else plan_exactly
    started, sets = time.monotonic(), rule_sets()
    seen: set[str] = set()
    tally: Counter[str] = Counter(cases=0, different=0, proven=0, some_unmade=0)
    for number in range(options.cases):
        rules = sets[(options.seed + number) % len(sets)]
        problem = seeded_day(options.cases * options.seed + number, rules)
        seen.add(repr((problem, problem.travel.time_s.tolist())))
        plan = solve(problem, _LIMITS)
        told = differences(problem, plan)
        tally["cases"] += 1
        tally["different"] += bool(told)
        tally["proven"] += plan.report.bound == plan.report.objective
        tally["some_unmade"] += bool(plan.unmade)
        if told:
            print(json.dumps({"number": number, "rules": rules, "differences": told}), flush=True)
    wall_s = round(time.monotonic() - started, 1)
    print(json.dumps({**tally, "distinct": len(seen), "rule_sets": len(sets), "wall_s": wall_s}))
    return 1 if tally["different"] else 0


def plan_exactly(problem: RoutingProblem, limits: SolveLimits) -> RoutePlan:
    """Solve by the CP-SAT formulation alone."""
    answer = solve_exactly(problem, limits)
    assert answer is not None  # noqa: S101 - a small day always has a plan
    report = SolveReport.of_stages(
        answer.stages,
        len(answer.stages) - 1,
        method="CP-SAT",
        seed=limits.seed,
        wall_time_s=0.0,
    )
    unmade = explain_unmade(problem, [problem.visits[visit].id for visit in answer.unmade])
    return RoutePlan(routes=answer.routes, unmade=unmade, report=report, cost=answer.cost)


def differences(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    """Return what is wrong with a plan: faults, and a best plan that is better or worse."""
    told = list(find_faults(problem, plan))
    best = best_plan(problem)
    priority_of = {visit.id: visit.priority for visit in problem.visits}
    left = Counter(priority_of[visit.visit] for visit in plan.unmade)
    unmade = tuple(left[priority] for priority in range(1, 6))
    if problem.prices.puts_priorities_first and unmade != best.unmade_by_priority:
        told.append(f"unmade {unmade}, not {best.unmade_by_priority}")
    if abs(plan.cost.total_gbp - best.cost_gbp) > _SAME_GBP:
        told.append(f"costs {plan.cost.total_gbp}, not {best.cost_gbp}")
    return told


if __name__ == "__main__":
    sys.exit(main())
