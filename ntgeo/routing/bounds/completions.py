"""What the rest of a round costs at least: a look backwards in steps of time, compiled.

Labels that no rest of a round can make worth having are dropped (bounding as by Baldacci, Mingozzi
and Roberti, 2011). Waits cost nothing here, breaks and loads are left out, a round may come back
to a visit after two others, and a time of leaving is put back to the step before it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.bounds.ways import RoundWay
from ntgeo.routing.kernel import entry, inlined

__all__ = ["Completions", "find_completions", "least_rest_gbp", "least_round_gbp"]

_SLACK_S = 1e-6
_USUAL_STEPS = 200
_MOST_STEPS = 1000


class Completions(NamedTuple):
    """Least reduced cost of the rest of a round.

    Attributes:
        gbp: (visits, steps, 2) after leaving a visit at a step of time: least, and least of those
            that go first to another visit than the least does.
        via: (visits, steps) where the least goes first; -1 to the end.
        start_s: Time of the first step.
        step_s: Between steps; no visit takes less. Where visits are too short for that, there are
            no steps, and nothing is known.
    """

    gbp: npt.NDArray[np.float64]
    via: npt.NDArray[np.int64]
    start_s: float
    step_s: float


def find_completions(way: RoundWay, duals_gbp: npt.NDArray[np.float64]) -> Completions:
    """Return what the rest of a round costs at least from each visit and time on."""
    length_s = way.over_s - way.start_s
    shortest_s = way.after_s.min(initial=length_s)
    step_s = min(shortest_s, length_s / _USUAL_STEPS)
    steps = int(length_s / step_s) + 2
    if steps > _MOST_STEPS:
        steps = 0
    gbp = np.full((len(duals_gbp), steps, 2), np.inf)
    via = np.full((len(duals_gbp), steps), -1, dtype=np.int64)
    completions = Completions(gbp, via, way.start_s, step_s)
    _look_back(way, duals_gbp, completions)
    return completions


@entry
def _look_back(way: Any, duals_gbp: Any, completions: Any) -> None:
    gbp, via = completions.gbp, completions.via
    visits, pay = len(duals_gbp), way.pay_gbp_per_s
    for step in range(gbp.shape[1] - 1, -1, -1):
        leave_s = completions.start_s + step * completions.step_s
        for here in range(visits):
            if leave_s + way.end_s[here] <= way.over_s + _SLACK_S:
                gbp[here, step, 0] = way.end_gbp[here] + pay * way.end_s[here]
            for visit in range(visits):
                arrive_s = leave_s + way.before_s[here, visit]
                if arrive_s <= way.latest_s[visit] + _SLACK_S:
                    rest_gbp = _after_visit(way, completions, here, visit, arrive_s)
                    rest_gbp += way.leg_gbp[here, visit] - duals_gbp[visit]
                    rest_gbp += pay * way.before_s[here, visit]
                    if rest_gbp < gbp[here, step, 0]:
                        gbp[here, step, 1] = gbp[here, step, 0]
                        gbp[here, step, 0] = rest_gbp
                        via[here, step] = visit
                    elif rest_gbp < gbp[here, step, 1]:
                        gbp[here, step, 1] = rest_gbp


@inlined
def _after_visit(way: Any, completions: Any, here: int, visit: int, arrive_s: float) -> float:
    """Return the least cost from arriving at a visit on, not going straight back."""
    for window in range(way.windows_s.shape[1]):
        if arrive_s <= way.windows_s[visit, window, 1] + _SLACK_S:
            begin_s = max(arrive_s, way.windows_s[visit, window, 0])
            leave_s = begin_s + way.after_s[here, visit]
            if leave_s > way.over_s + _SLACK_S:
                return np.inf
            step = int((leave_s - completions.start_s) / completions.step_s + 1e-9)
            is_back = completions.via[visit, step] == here
            rest_gbp = completions.gbp[visit, step, 1 if is_back else 0]
            return rest_gbp + way.pay_gbp_per_s * way.after_s[here, visit]
    return np.inf


@entry
def least_round_gbp(way: Any, duals_gbp: Any, completions: Any) -> float:
    """Return what no round's reduced cost is below; minus infinity if nothing is known."""
    if completions.gbp.shape[1] == 0:
        return -np.inf
    least_gbp, start = np.inf, len(duals_gbp)
    for visit in range(len(duals_gbp)):
        arrive_s = way.start_s + way.before_s[start, visit]
        if arrive_s <= way.latest_s[visit] + _SLACK_S:
            gbp = way.round_gbp + way.leg_gbp[start, visit] - duals_gbp[visit]
            gbp += way.pay_gbp_per_s * way.before_s[start, visit]
            least_gbp = min(least_gbp, gbp + _after_visit(way, completions, start, visit, arrive_s))
    return least_gbp


@inlined
def least_rest_gbp(completions: Any, seen: Any, visit: int, ready_s: float) -> float:
    """Return the least cost of the rest of a round that may not go to those it remembers."""
    if completions.gbp.shape[1] == 0:
        return -np.inf
    step = int((ready_s - completions.start_s) / completions.step_s + 1e-9)
    via = completions.via[visit, step]
    is_seen = via >= 0 and (seen[via // 64] >> np.uint64(via % 64)) & np.uint64(1)
    return completions.gbp[visit, step, 1 if is_seen else 0]
