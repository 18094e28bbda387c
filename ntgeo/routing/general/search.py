"""Ruin and recreate: the compiled search for good rounds under any of the rules.

Each step takes strings of visits that are near one another out of the rounds, puts them back one
by one (or bundled) where they add least, and keeps the outcome by simulated annealing: *slack
induction by string removals* (Christiaens and Vanden Berghe 2020, Transportation Science 54(2)).
Chance comes from a generator of our own, so that a seed repeats a plan on any machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.chance import draw
from ntgeo.routing.general.bench import LISTED, energy, plan_gbp, roll_back, unmade_weight
from ntgeo.routing.general.facts import PRIORITIES_FIRST
from ntgeo.routing.general.recreate import plan_bundle, put_back
from ntgeo.routing.general.rounds import BEFORE, BEST, close, keep_all, keep_people
from ntgeo.routing.general.ruin import list_unmade, ruin, sort_listed
from ntgeo.routing.general.ties import settle
from ntgeo.routing.kernel import entry, inlined

__all__ = ["improve"]

_BLINK_SHARE = 0.02
_MOST_UNMADE_TRIED = np.int64(5)
_SAME_GBP = 1e-7


@inlined
def _keep_better(day: Any, bench: Any, best: Any) -> Any:
    """Keep the rounds if they are the best so far; return the best objective.

    The objective is the weight of unmade visits where priorities come first, then cost.
    """
    rounds = bench.rounds
    weight, gbp = unmade_weight(day, rounds), energy(day, rounds)
    if day.price[PRIORITIES_FIRST] > 0.0:
        gbp = plan_gbp(day, rounds)
    if weight < best[0] or (weight == best[0] and gbp < best[1] - _SAME_GBP):
        keep_all(rounds, bench.kept, BEST)
        return weight, gbp
    return best


@entry
def improve(day: Any, bench: Any, steps: int, heat: Any, best: Any) -> Any:
    """Take ``steps`` steps of ruin and recreate; return the objective of the best rounds.

    Args:
        day: The facts of the day.
        bench: Its rounds, and the best kept, are changed.
        steps: How many; 0 only puts every unmade visit where it adds least, as far as it fits.
        heat: Temperature of the first step and of the last, in the unit of cost.
        best: Objective of the best rounds so far.
    """
    rounds, kept = bench.rounds, bench.kept
    now = energy(day, rounds)
    cooling = (heat[1] / heat[0]) ** (1.0 / max(steps, 1))
    temperature = heat[0]
    blink_share = _BLINK_SHARE if steps > 0 else 0.0
    for _ in range(max(steps, 1)):
        temperature *= cooling
        keep_people(rounds, kept, BEFORE)
        list_unmade(bench, _MOST_UNMADE_TRIED if steps > 0 else np.int64(len(rounds.made)))
        if steps > 0:
            ruin(day, bench)
        is_made = settle(day, rounds, kept)
        sort_listed(day, bench)
        for task in range(2 * bench.tally[LISTED] if is_made else 0):
            if plan_bundle(day, bench, bench.listed[0, task // 2], task % 2):
                put_back(day, bench, blink_share)
        tried = energy(day, rounds)
        allowed = now - temperature * np.log(1.0 - draw(bench.chance))
        if not is_made or (steps > 0 and tried >= allowed):
            roll_back(day, rounds, kept, BEFORE)
            continue
        now = tried
        best = _keep_better(day, bench, best)
    close(kept, BEFORE)
    return best
