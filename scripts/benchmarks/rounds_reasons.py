"""Random over-full days: each unmade visit's smallest change is tried apart from who said it.

Run from a checkout: ``python scripts/benchmarks/rounds_reasons.py --days 100 --seed 0``.
For each unmade visit, the day with the stated change must make it, with every visit of the plan, at
the stated cost; the day with one step less must not. Prints a JSON line for each that differs, and
one with the counts at the end; ends with 1 where there was any difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "tests"
sys.path[:1] = [str(TESTS), str(TESTS / "routing")]

from exact_plans import exact_plan, over_full_day  # noqa: E402 - found by the line above
from weighed_days import differences  # noqa: E402 - as above

from ntgeo.domain.solving import SolveLimits  # noqa: E402 - as above
from ntgeo.routing import find_faults  # noqa: E402 - as above
from ntgeo.routing.answers.weigh import weigh_in_process  # noqa: E402 - as above


def main() -> int:
    """Weigh the days and print what came of them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--days", type=int, default=100)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--visits", type=int, default=6)
    asked.add_argument("--shifts", type=int, default=2)
    options = asked.parse_args()
    tally: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(options.seed, options.seed + options.days):
        problem = over_full_day(number, visits=options.visits, shifts=options.shifts)
        plan = exact_plan(problem)
        weighed = weigh_in_process(problem, plan, SolveLimits(time_limit_s=600.0))
        found = [*find_faults(problem, weighed)]
        for unmade in weighed.unmade:
            found += differences(problem, plan, unmade)
            tally[unmade.change.kind.value if unmade.change else f"none: {unmade.code}"] += 1
        for difference in found:
            print(json.dumps({"day": number, "difference": difference}), flush=True)
        tally["differences"] += len(found)
    wall_s = round(time.monotonic() - started, 1)
    print(json.dumps({"days": options.days, "wall_s": wall_s, **tally}), flush=True)
    return 1 if tally["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
