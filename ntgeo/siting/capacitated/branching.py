"""Branch and bound on sites, then on who serves whom, with Lagrangian bounds; whole areas only.

A part that is not settled is divided on the free site that the bound could least decide on, then,
once every site is settled, on the area most shared between sites: one side keeps half of its sites
(Ceselli and Righini 2005).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.siting.capacitated.columns import Relaxation
from ntgeo.siting.capacitated.fixing import settle_sites, useful_entries
from ntgeo.siting.capacitated.known import Known
from ntgeo.siting.capacitated.question import Links
from ntgeo.siting.capacitated.relaxation import Relaxed, climb, steps_in_a_moment
from ntgeo.siting.capacitated.walk import Walk
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.rows import FREE, IN, OUT, StateArray

__all__ = ["Part", "branch", "reduce"]

BoolArray = npt.NDArray[np.bool_]

_MOST_STEPS, _PATIENCE, _SHRINK = 50, 8, 0.6
_FIRST_STEP = 0.5
_MOST_REPEATS = 2
_WORTH_REPEATING_SHARE = 0.2
_PARTS_BETWEEN_PLANS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A part of the plans: what is settled there, and a bound on them."""

    question: Relaxation
    relaxed: Relaxed

    @property
    def state(self) -> StateArray:
        """(sites + 1,) what is settled of each column."""
        return self.question.arrays.state

    def settled(self, state: StateArray, wanted: BoolArray) -> Part:
        """Return the part with more settled, and only the wanted entries of open sites."""
        arrays, columns, rules = self.question
        kept = wanted & (state[columns.site] != OUT)
        question = Relaxation(arrays._replace(state=state), columns.keep(kept), rules)
        return Part(
            question=question, relaxed=replace(self.relaxed, usage=self.relaxed.usage[kept])
        )


def branch(part: Part, known: Known, walk: Walk, clock: Clock) -> None:
    """Divide what is left open until nothing better can be in any part of it.

    Args:
        part: What is left, bounded.
        known: The best plan and bound; made better here. It must have a plan.
        walk: Builds plans on the sites that bounds open.
        clock: When to stop.
    """
    heap: list[tuple[float, int, Part]] = [(part.relaxed.bound, 0, part)]
    made = looked_into = 0
    while heap and not clock.is_up():
        bound, _, part = heapq.heappop(heap)
        known.raise_bound(bound)
        if known.is_proven:
            return
        looked_into += 1
        kept = _bound(part, known) if made else reduce(part, known)
        if kept is None:
            continue
        if looked_into % _PARTS_BETWEEN_PLANS == 1 and walk.try_sites(kept.relaxed.is_chosen):
            plan = walk.plan()
            if plan is not None:
                known.offer(plan)
        for side in _divide(kept, known):
            made += 1
            heapq.heappush(heap, (max(bound, kept.relaxed.bound), made, side))
    if not heap:
        known.raise_bound(known.floor)
    else:
        known.raise_bound(heap[0][0])


def _bound(part: Part, known: Known) -> Part | None:
    """Bound a part and settle what can be; ``None`` where nothing better is in it."""
    for _ in range(_MOST_REPEATS):
        start = part.relaxed.anew(_FIRST_STEP)
        steps = min(_MOST_STEPS, steps_in_a_moment(part.question))
        goal = (known.total, known.needed)
        relaxed = climb(part.question, goal, start, (steps, _PATIENCE, _SHRINK))
        if relaxed.bound > known.needed:
            return None
        before = len(part.question.columns.cost)
        kept = reduce(replace(part, relaxed=relaxed), known)
        if kept is None:
            return None
        part = kept
        if len(part.question.columns.cost) > before * (1 - _WORTH_REPEATING_SHARE):
            break
    return part


def reduce(part: Part, known: Known) -> Part | None:
    """Settle sites and strike out pairs that no better plan has; ``None`` if nothing is left."""
    count, columns = part.question.rules.open_count, part.question.columns
    state = settle_sites(part.state, part.relaxed, count, known.needed)
    if count >= 0:
        if (state == IN).sum() > count or (state != OUT).sum() < count:
            return None
        if (state == IN).sum() == count:
            state = np.where(state == IN, IN, OUT).astype(np.int8)
        elif (state != OUT).sum() == count:
            state = np.where(state == OUT, OUT, IN).astype(np.int8)
    part = part.settled(state, np.ones(len(columns.cost), dtype=np.bool_))
    kept = part.settled(state, useful_entries(part.question, part.relaxed, known.needed))
    served = np.bincount(kept.question.columns.area, minlength=len(kept.relaxed.multiplier))
    return kept if served.all() else None


def _divide(part: Part, known: Known) -> list[Part]:
    """Two parts that hold all plans of this one; none where that is one plan, which is offered."""
    columns, usage = part.question.columns, part.relaxed.usage
    free = np.flatnonzero(part.state == FREE)
    everything = np.ones(len(columns.cost), dtype=np.bool_)
    if len(free):
        openness = np.zeros(len(part.state))
        np.maximum.at(openness, columns.site, usage)
        site = free[np.argmin(np.abs(openness[free] - 1 / 2))]
        sides = []
        for side in (IN, OUT):
            state = part.state.copy()
            state[site] = side
            sides.append(part.settled(state, everything))
        return sides
    choices = np.bincount(columns.area)
    if choices.max(initial=0) <= 1:
        _offer_only_plan(part, known)
        return []
    area = _area_to_divide(part, choices)
    return [part.settled(part.state, half) for half in _halves(part, area)]


def _area_to_divide(part: Part, choices: npt.NDArray[np.intp]) -> int:
    """The area most shared between sites of late, heavy ones first."""
    columns, usage = part.question.columns, part.relaxed.usage
    most, together = np.zeros(len(choices)), np.bincount(columns.area, weights=usage)
    np.maximum.at(most, columns.area, usage)
    shared = (together - most) * np.sqrt(part.question.arrays.demand)
    return int(np.argmax(np.where(choices > 1, shared, -1.0)))


def _halves(part: Part, area: int) -> list[BoolArray]:
    """Share the sites of an area out in two lots that were used about as much."""
    columns, usage = part.question.columns, part.relaxed.usage
    entries = np.flatnonzero(columns.area == area)
    weights = [0.0, 0.0]
    halves = [np.ones(len(usage), dtype=np.bool_) for _ in weights]
    sizes = [0, 0]
    for entry in entries[np.argsort(-usage[entries], kind="stable")]:
        lot = min((weights[k], sizes[k], k) for k in (0, 1))[2]
        weights[lot] += usage[entry]
        sizes[lot] += 1
        halves[1 - lot][entry] = False
    return halves


def _offer_only_plan(part: Part, known: Known) -> None:
    beyond = len(part.state) - 1
    areas, sites = part.question.columns.area.astype(np.intp), part.question.columns.site
    served = sites < beyond
    links = Links(areas[served], sites[served], np.ones(int(served.sum())))
    known.offer(known.question.plan(np.flatnonzero(part.state[:-1] == IN), links))
