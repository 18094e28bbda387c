"""Random siting questions, solved by the engine and by trying every plan; counts and differences.

Run from a checkout: ``python scripts/benchmarks/siting_brute_force.py --cases 2000 --seed 1``.
Prints a JSON line for each question that comes out differently, and one with the counts at the end;
ends with 1 where there was any difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path[0] = str(Path(__file__).resolve().parents[2] / "tests")  # beside this file is a siting.py

from siting.siting_comparison import differences  # noqa: E402 - found by the line above
from siting.siting_questions import questions, rules_of  # noqa: E402 - as above

from ntgeo.domain.siting import SitingObjective, SitingProblem  # noqa: E402 - as above


def main() -> int:
    """Run the questions and print what came of them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--objective", action="append", choices=[o.value for o in SitingObjective])
    asked.add_argument("--rules-at-most", type=int, default=5)
    options = asked.parse_args()
    objectives = [SitingObjective(name) for name in options.objective or SitingObjective]
    tally = Tally()

    @seed(options.seed)
    @settings(
        max_examples=options.cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(questions(objectives, most_rules=options.rules_at_most))
    def compare(problem: SitingProblem) -> None:
        tally.count(problem)

    compare()
    print(json.dumps(tally.told()))
    return 1 if tally.wrong else 0


class Tally:
    """How many questions had each objective and rule, and how many came out differently."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.started = time.monotonic()
        self.cases = self.wrong = 0
        self.objectives: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.seen: set[str] = set()

    def count(self, problem: SitingProblem) -> None:
        """Solve a question both ways; one that was seen before counts once."""
        if (text := repr(problem)) in self.seen:
            return
        self.seen.add(text)
        self.cases += 1
        rules = rules_of(problem)
        self.objectives.update(problem.aims)
        self.rules.update(rules)
        try:
            found = differences(problem)
        except Exception as error:  # noqa: BLE001 - whatever the engine raises is a difference
            found = [f"{type(error).__name__}: {error}"]
        if found:
            self.wrong += 1
            aims = [str(aim) for aim in problem.aims]
            print(json.dumps({"aims": aims, "rules": rules, "differences": found, "case": text}))

    def told(self) -> dict[str, Any]:
        """Return the counts."""
        return {
            "cases": self.cases,
            "differences": self.wrong,
            "objectives": dict(sorted(self.objectives.items())),
            "rules": dict(sorted(self.rules.items())),
            "wall_s": round(time.monotonic() - self.started, 1),
        }


if __name__ == "__main__":
    sys.exit(main())
