"""The capacitated engine: a plan by search, a bound by knapsacks, and the gap between closed.

The order: a Lagrangian climb for a bound; a walk from the sites that it opens for a plan; reduced
costs to settle sites and pairs; then branch and bound in compiled code where areas go whole, or
mixed-integer programming in a process of its own where they may be split, or where no plan is
known.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ntgeo.child import ChildDiedError, best_from_child
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import CancelledError
from ntgeo.siting.capacitated.branching import Part, branch, reduce
from ntgeo.siting.capacitated.columns import Relaxation, build_relaxation, second_least
from ntgeo.siting.capacitated.known import Known
from ntgeo.siting.capacitated.question import CapacitatedQuestion
from ntgeo.siting.capacitated.relaxation import (
    Relaxed,
    climb,
    start_climb,
    steps_in_a_moment,
)
from ntgeo.siting.capacitated.walk import Walk, start_walk
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.rows import IN, OUT

__all__ = ["solve_capacitated"]

IndexArray = npt.NDArray[np.intp]

_PATIENCE, _SHRINK = 30, 0.7
_MOST_STEPS = 200
_STEPS_BETWEEN_PLANS = 200
_MOST_ROOT_STEPS = 4_000
_FEWEST_ROUNDS, _MOST_ROUNDS = 1, 50
_PAIRS_A_SLICE = 200_000
_FEWEST_IDLE_ROUNDS, _IDLE_ROUNDS_A_SITE = 300, 30
_BOUND_TIME_SHARE, _WALK_TIME_SHARE = 0.4, 0.3
_AIM_SHARE = 0.05
_SEEKING_TIME_SHARE = 0.6
_OVERRUN_S = 0.5


def solve_capacitated(
    question: CapacitatedQuestion, limits: SolveLimits, clock: Clock, *, in_child: bool = True
) -> Known:
    """Return the best plan and the best bound that the time allows.

    Where ``bound`` is infinite it is proven that no plan keeps the rules. Where no plan is found
    early, some of the time is left for the caller to ask for something easier.

    Args:
        question: The question.
        limits: Gap and seed.
        clock: When to stop.
        in_child: Whether mixed-integer programming runs in a process of its own.
    """
    known = Known(question=question, gap_share=limits.gap_share)
    if _is_plainly_infeasible(question):
        known.bound = math.inf
        return known
    relaxation = build_relaxation(question)
    chance = np.random.default_rng(limits.seed)
    relaxed, walk = _climb_root(relaxation, known, chance, clock.part(_BOUND_TIME_SHARE))
    _walk_on(walk, known, chance, clock.part(_WALK_TIME_SHARE))
    if known.is_proven or clock.is_up():
        return known
    part = Part(question=relaxation, relaxed=relaxed)
    if known.plan is not None and question.is_whole:
        branch(part, known, walk, clock)
    else:
        pace = clock if known.plan is not None else clock.part(_SEEKING_TIME_SHARE)
        _programme(part, known, walk, (limits, pace, in_child))
    return known


def _is_plainly_infeasible(question: CapacitatedQuestion) -> bool:
    """Whether counting shows that no plan keeps the rules."""
    usable = question.state != OUT
    wanted = usable.sum() if question.count is None else question.count
    if wanted > usable.sum() or wanted < (question.state == IN).sum():
        return True
    must, allowed = question.must_serve, np.isfinite(question.cost) & usable
    if question.over_price is None:
        if question.is_whole:
            allowed &= question.demand[:, None] <= question.rounded_capacity
        room = np.sort(question.rounded_capacity[usable])[::-1][: int(wanted)].sum()
        if question.demand[must].sum() > room:
            return True
    return bool((must & ~allowed.any(axis=1)).any())


def _climb_root(
    question: Relaxation, known: Known, chance: np.random.Generator, clock: Clock
) -> tuple[Relaxed, Walk]:
    """Climb, and build plans on the sites that the bound opens on the way."""
    steps = min(_MOST_STEPS, steps_in_a_moment(question))
    foot = second_least(known.question)
    aim = 2.0 * float(np.abs(foot).sum()) + 1.0
    relaxed = climb(
        question, (aim, math.inf), start_climb(question, foot), (steps, _PATIENCE, _SHRINK)
    )
    walk = start_walk(known.question, relaxed.is_chosen)
    climbed = steps
    while True:
        known.raise_bound(relaxed.bound)
        _go(walk, known, chance)
        over = relaxed.is_over or climbed >= _MOST_ROOT_STEPS
        if over or known.is_proven or clock.is_up():
            return relaxed, walk
        short = relaxed.bound + _AIM_SHARE * abs(relaxed.bound)
        aim = short if known.plan is None else known.total
        relaxed = climb(question, (aim, known.needed), relaxed, (steps, _PATIENCE, _SHRINK))
        if climbed // _STEPS_BETWEEN_PLANS < (climbed + steps) // _STEPS_BETWEEN_PLANS:
            walk.try_sites(relaxed.is_chosen)
        climbed += steps


def _go(walk: Walk, known: Known, chance: np.random.Generator) -> bool:
    """Walk some rounds; return whether that gave a better plan."""
    pairs = len(known.question.demand) * max(1, int(walk.draft.is_open.sum()))
    rounds = min(_MOST_ROUNDS, max(_FEWEST_ROUNDS, _PAIRS_A_SLICE // pairs))
    walk.go(rounds, chance)
    plan, before = walk.plan(), known.total
    if plan is not None:
        known.offer(plan)
    return known.total < before


def _walk_on(walk: Walk, known: Known, chance: np.random.Generator, clock: Clock) -> None:
    """Walk until that has been idle for long."""
    idle_from = walk.rounds
    patience = _FEWEST_IDLE_ROUNDS + _IDLE_ROUNDS_A_SITE * int(walk.draft.is_open.sum())
    while walk.rounds - idle_from < patience and not (clock.is_up() or known.is_proven):
        if _go(walk, known, chance):
            idle_from = walk.rounds


def _programme(part: Part, known: Known, walk: Walk, pace: tuple[SolveLimits, Clock, bool]) -> None:
    limits, clock, in_child = pace
    kept = reduce(part, known)
    if kept is None:
        known.raise_bound(known.floor)
        return
    left, starts = _narrowed(known.question, kept), _starts(part, walk)
    floor, silent = known.floor, Clock(ends_at=clock.ends_at)
    from ntgeo.siting.capacitated.programme import finish_capacitated  # noqa: PLC0415 - loads OR-Tools

    if not in_child:
        known.take_programme(*finish_capacitated(_to_nobody, left, starts, limits, silent), floor)
        return
    try:
        answer = best_from_child(
            finish_capacitated,
            left,
            starts,
            limits,
            silent,
            time_limit_s=clock.left_s() + _OVERRUN_S,
            progress=clock.progress,
        )
    except (CancelledError, ChildDiedError):
        return
    if answer is not None:
        known.take_programme(*answer, floor)


def _starts(part: Part, walk: Walk) -> list[IndexArray]:
    """Sets of sites worth trying first, where areas may be split."""
    if walk.question.is_whole:
        return []
    chosen = np.flatnonzero(part.relaxed.is_chosen[:-1])
    found = [walk.open_sites(walk.best), walk.open_sites(walk.draft), chosen]
    return [np.array(sites) for sites in dict.fromkeys(tuple(sites.tolist()) for sites in found)]


def _narrowed(question: CapacitatedQuestion, part: Part) -> CapacitatedQuestion:
    """The question with what the part settles."""
    columns = part.question.columns
    useful = np.zeros((len(question.demand), len(part.state)), dtype=np.bool_)
    useful[columns.area, columns.site] = True
    cost = np.where(useful[:, :-1], question.cost, np.inf)
    return replace(question, state=part.state[:-1], cost=cost)


def _to_nobody(_: object) -> None:
    """Nobody waits for a better plan here."""
