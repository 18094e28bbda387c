"""The p-median engine: a plan by search, a bound by multipliers, and the gap between closed.

The order: greedy and swaps for a plan; the Lagrangian climb for a bound, on ever fewer pairs as
reduced costs settle them; shakes for a better plan; a second climb. Then what is left is shared out
among towns that share no site, or branched on, or given to mixed-integer programming in a process
of its own, and branched on for the rest of the time.

Measured on one busy core, in seconds of processor time: narrowing while climbing, with a quicker
pace, took the bound of rl1304 with 10 sites from 6.9 to 0.9. Of exact finishes, branches on
Lagrangian bounds proved 2,000 points with 50 sites (17,000 pairs left) in 4, where HiGHS and CP-SAT
had no proof after as long; HiGHS proved 3,000 points with 500 sites (7,200 pairs) in 1, where
branches had none after 3; CP-SAT is best on small whole costs
(:mod:`ntgeo.siting.median.finish_whole`). Trying eight sites each way before a branch saved a
fourteenth to a fifth of the branches and took more than twice the time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from ntgeo.child import ChildDiedError, best_from_child
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import CancelledError
from ntgeo.siting.clock import Clock
from ntgeo.siting.median.branching import branch
from ntgeo.siting.median.components import SolvePart, share_out, split_rows
from ntgeo.siting.median.known import Known
from ntgeo.siting.median.lagrangian import Ascent, Pace, climb, settle_sites, useful_entries
from ntgeo.siting.median.rows import FREE, CostRows, StateArray
from ntgeo.siting.median.swap_search import (
    Swapped,
    improve_by_shakes,
    improve_by_swaps,
    open_greedily,
    shake,
)

__all__ = ["MedianQuestion", "solve_median"]

IndexArray = npt.NDArray[np.intp]
Found = tuple[IndexArray | None, float]

_FIRST_PACE = Pace(steps=150, patience=40, shrink=0.7)
_SECOND_PACE = Pace(steps=300, patience=80, shrink=0.75)
_SECOND_STEP = 0.3
_SLICES_BETWEEN_SWAPS = 4
_NARROWED_SHARE = 0.8
_FEWEST_IDLE_SHAKES = 300
_IDLE_SHAKES_PER_SITE = 2
_SHAKE_TIME_SHARE = 0.4
_FIRST_SHAKE_TIME_SHARE = 0.15
_WORTHWHILE_SHARE = 1e-5
_BRANCHED_WORK = 1e7
_BRANCHED_NODES = (200, 2_000)
_TOWNS_TIME_SHARE = 0.85
_LARGEST_TOWN_SHARE = 0.5
_PROGRAMMED_ENTRIES = 80_000
_PROGRAMME_TIME_SHARE = 0.6
_FEW_NODES = 50
_SMALL_TOTAL = 5_000.0
_OVERRUN_S = 0.5
_SOLVED_HERE_S = 2.0
_STOPPED_HERE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianQuestion:
    """What to make least, of what.

    Args:
        rows: Costs of every area and site.
        state: (sites,) ``IN`` where a site must be open, ``FREE`` elsewhere.
        count: How many sites are open.
        in_child: Whether mixed-integer programming runs in a process of its own.
    """

    rows: CostRows
    state: StateArray
    count: int
    in_child: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Left:
    """What a better plan could still use.

    Args:
        rows: Costs of the pairs that could be of use.
        state: (sites,) what is settled so far.
        ascent: Where the climb stands.
    """

    rows: CostRows
    state: StateArray
    ascent: Ascent

    @property
    def free_count(self) -> int:
        """How many sites are not settled."""
        return int((self.state == FREE).sum())

    def narrowed(self, known: Known) -> _Left:
        """Return what is left now that the plan or the bound is better."""
        state = settle_sites(self.state, self.ascent, known.needed)
        useful = useful_entries(self.rows, state, self.ascent, known.needed)
        return replace(self, rows=self.rows.keep(useful).settled(state), state=state)


def solve_median(
    question: MedianQuestion, limits: SolveLimits, clock: Clock, *, start: IndexArray | None = None
) -> Known:
    """Return the best plan and the best bound that the time allows.

    Args:
        question: The question.
        limits: Gap and seed.
        clock: When to stop.
        start: A plan to start from, if one is known.
    """
    rows, state = question.rows, question.state
    opened = open_greedily(rows, state, question.count) if start is None else start
    first = _first_plan(question, opened, limits, clock)
    known = Known(rows=rows, state=state, plan=first, gap_share=limits.gap_share)
    left = _Left(rows=rows, state=state, ascent=_foot(question, first))
    left = _climb_root(question, known, left, _FIRST_PACE, clock)
    if known.is_proven or clock.is_up():
        return known
    _shake(question, known, left, limits, clock)
    left = replace(left.narrowed(known), ascent=replace(left.ascent, step=_SECOND_STEP))
    left = _climb_root(question, known, left, _SECOND_PACE, clock).narrowed(known)
    if not (known.is_proven or clock.is_up()):
        _close(question, known, left, limits, clock)
    return known


def _first_plan(
    question: MedianQuestion, opened: IndexArray, limits: SolveLimits, clock: Clock
) -> Swapped:
    """Improve a plan by swaps; where there are many sites by shakes too, since they cost little."""
    plan = improve_by_swaps(question.rows, question.state, opened)
    if question.rows.columns is None:
        return plan
    pace = clock.part(_FIRST_SHAKE_TIME_SHARE), _WORTHWHILE_SHARE
    chance = np.random.default_rng(limits.seed)
    return improve_by_shakes(question.rows, question.state, plan.opened, chance, pace)


def _foot(question: MedianQuestion, plan: Swapped) -> Ascent:
    """Where the climb starts: each multiplier between the nearest and the second nearest site."""
    sites = question.rows.site_count
    return Ascent(
        bound=-np.inf,
        multiplier=(plan.nearest + plan.second) / 2,
        reduced=np.zeros(sites),
        is_chosen=np.zeros(sites, dtype=np.bool_),
        frequency=np.zeros(sites),
        step=1.0,
    )


def _climb_root(
    question: MedianQuestion, known: Known, left: _Left, pace: Pace, clock: Clock
) -> _Left:
    """Climb until the steps are short, narrowing what is left on the way: fewer pairs, less work.

    A bound on what is left holds for every plan that is needed; the others cost more than that.
    """
    ascent, best, slices = left.ascent, left.ascent, 0
    free_count = left.free_count
    while not (known.is_proven or ascent.is_over or (slices > 0 and clock.is_up())):
        goal = (known.total, known.needed)
        ascent = climb(
            left.rows, left.state, question.count, goal, start=ascent, pace=pace, clock=clock
        )
        if ascent.bound > best.bound:
            best = ascent
        known.raise_bound(min(ascent.bound, known.floor))
        if slices % _SLICES_BETWEEN_SWAPS == 0 or ascent.is_over:
            known.improve(np.flatnonzero(ascent.is_chosen))
        slices += 1
        settled = settle_sites(left.state, best, known.needed)
        if int((settled == FREE).sum()) < _NARROWED_SHARE * free_count:
            left = replace(left, ascent=best).narrowed(known)
            free_count = left.free_count
    known.multiplier = best.multiplier
    return replace(left, ascent=best)


def _shake(
    question: MedianQuestion, known: Known, left: _Left, limits: SolveLimits, clock: Clock
) -> None:
    """Look for a better plan among the sites that a better plan could have."""
    chance = np.random.default_rng(limits.seed)
    part = clock.part(_SHAKE_TIME_SHARE)
    current, idle = known.plan, 0
    state, rows, total = left.state, _with_sites(question.rows, left.state), np.inf
    if rows.columns is not None:
        known.take(improve_by_shakes(rows, state, known.opened, chance, (part, 0.0)))
        return
    while idle < _FEWEST_IDLE_SHAKES + _IDLE_SHAKES_PER_SITE * question.count:
        if known.total < total:
            total = known.total
            state = settle_sites(left.state, left.ascent, known.needed)
            rows = _with_sites(rows, state)
        if part.is_up() or known.is_proven or not (state == FREE).any():
            return
        found = known.improve(shake(rows, state, current.opened, chance), state, rows)
        idle = 0 if found.total < current.total else idle + 1
        if found.total <= current.total:
            current = found


def _with_sites(rows: CostRows, state: StateArray) -> CostRows:
    """Return the rows without the sites that are out, in the shape that the search is made for."""
    kept = rows.settled(state)
    return kept if rows.columns is None else kept.with_columns()


def _close(
    question: MedianQuestion, known: Known, left: _Left, limits: SolveLimits, clock: Clock
) -> None:
    """Close the gap on what the reduced costs leave open."""
    _share_out_among_towns(question, known, left, limits, clock)
    if not (known.is_proven or clock.is_up()):
        left = left.narrowed(known)
        nodes = _FEW_NODES
        if not _is_small(known):
            nodes = int(np.clip(_BRANCHED_WORK / (1 + len(left.rows.cost)), *_BRANCHED_NODES))
        _branch(question, known, left, clock, nodes)
    if not (known.is_proven or clock.is_up()) and len(left.rows.cost) <= _PROGRAMMED_ENTRIES:
        is_last = _is_small(known) or not question.rows.is_exact
        part = clock.part(1.0 if is_last else _PROGRAMME_TIME_SHARE)
        _programme(question, known, left.narrowed(known), limits, part)
    if not (known.is_proven or clock.is_up()):
        _branch(question, known, left.narrowed(known), clock, None)


def _is_small(known: Known) -> bool:
    """Whether costs are so small and whole that CP-SAT proves more than branches do."""
    return known.is_whole and known.needed <= _SMALL_TOTAL


def _branch(
    question: MedianQuestion, known: Known, left: _Left, clock: Clock, most: int | None
) -> None:
    """Branch where a leaf is worth what its search says."""
    if question.rows.is_exact:
        branch(left.rows, left.state, question.count, known, (left.ascent, clock, most))


def _share_out_among_towns(
    question: MedianQuestion, known: Known, left: _Left, limits: SolveLimits, clock: Clock
) -> None:
    parts = split_rows(left.rows, left.state, left.ascent, whole=question.rows)
    largest = max(part.rows.area_count for part in parts)
    if largest > question.rows.area_count * _LARGEST_TOWN_SHARE:
        return
    solve = _part_solver(question, limits)
    pace = clock.part(1.0 if _is_small(known) else _TOWNS_TIME_SHARE)
    share_out(parts, question.count, known, pace, solve, workers=limits.workers)


def _part_solver(question: MedianQuestion, limits: SolveLimits) -> SolvePart:
    def solve(asked: tuple[CostRows, StateArray, int], clock: Clock) -> Known:
        rows, state, count = asked
        part = MedianQuestion(rows=rows, state=state, count=count, in_child=question.in_child)
        return solve_median(part, replace(limits, gap_share=0.0), clock)

    return solve


def _programme(
    question: MedianQuestion, known: Known, left: _Left, limits: SolveLimits, clock: Clock
) -> None:
    from ntgeo.siting.median.finish import finish_median  # noqa: PLC0415 - loads OR-Tools
    from ntgeo.siting.median.finish_whole import finish_whole  # noqa: PLC0415 - loads OR-Tools

    floor, silent = known.floor, Clock(ends_at=clock.ends_at)
    work: Callable[..., Found] = finish_median
    asked, here_s = cast("object", question.count), _SOLVED_HERE_S
    if _is_small(known):
        work, asked, here_s = finish_whole, (question.count, known.needed), _STOPPED_HERE_S
    if not question.in_child or clock.left_s() <= here_s:
        here = work(_to_nobody, left.rows, left.state, asked, (limits, clock))
        known.take_programme(*here, floor)
        return
    try:
        answer = best_from_child(
            work,
            left.rows,
            left.state,
            asked,
            (limits, silent),
            time_limit_s=clock.left_s() + _OVERRUN_S,
            progress=clock.progress,
        )
    except (CancelledError, ChildDiedError):
        return
    if answer is not None:
        known.take_programme(*answer, floor)


def _to_nobody(_: object) -> None:
    """Nobody waits for a better plan here."""
