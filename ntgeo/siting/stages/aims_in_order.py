"""The aims of a question taken in order by mixed-integer programming, each kept for the next."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntgeo.child import ChildDiedError, best_from_child
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.question import Aim, SitingQuestion
from ntgeo.siting.worth import Sending, value_of

if TYPE_CHECKING:
    from ntgeo.siting.models.stage_programme import StageProgramme

__all__ = ["Taken", "run_aims", "settled_bound"]

_OVERRUN_S = 0.5
_STAGE_SHARE = 0.7
_LINKED_PAIRS = 2_000
_PROOF_SHARE = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """The best plan, and what each aim can come to.

    Args:
        plan: ``None`` where none was found.
        bounds: Of the aims taken so far, in order; ``None`` where not known.
        is_impossible: Whether it is proven that there is no plan.
    """

    plan: Sending | None = None
    bounds: tuple[float | None, ...] = ()
    is_impossible: bool = False


def run_aims(
    question: SitingQuestion, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Taken:
    """Take every aim, in a process of its own if need be.

    Args:
        question: What is asked.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether it runs in a process of its own.

    Raises:
        CancelledError: Stopped before any plan was found.
    """
    from ntgeo.siting.stages.first_plan import first_plan  # noqa: PLC0415 - loads numba

    silent = Clock(ends_at=clock.ends_at)
    first = first_plan(question) if _is_large(question) else None
    if not in_child:
        return take_aims(_to_nobody, question, first, limits, silent)
    try:
        found: Taken | None = best_from_child(
            take_aims,
            question,
            first,
            limits,
            silent,
            time_limit_s=clock.left_s() + _OVERRUN_S,
            progress=clock.progress,
        )
    except ChildDiedError:
        found = None
    return found or Taken(plan=first)


def _is_large(question: SitingQuestion) -> bool:
    """Whether people go to their nearest site, and by cuts and exchanges rather than links."""
    return not question.sends and question.time_s.size > _LINKED_PAIRS


def take_aims(
    offer: Callable[[Taken], None],
    question: SitingQuestion,
    first: Sending | None,
    limits: SolveLimits,
    clock: Clock,
) -> Taken:
    """Take every aim in order; see :func:`run_aims`.

    Args:
        offer: Told what is known after each aim.
        question: What is asked.
        first: A plan that keeps the rules, if one is known.
        limits: Gap and seed.
        clock: When to end.
    """
    from ntgeo.siting.models.cuts import Cuts  # noqa: PLC0415 - loads OR-Tools
    from ntgeo.siting.models.solve_aim import solve_aim  # noqa: PLC0415 - loads OR-Tools
    from ntgeo.siting.models.stage_programme import StageProgramme  # noqa: PLC0415 - as above

    cuts = Cuts(question=question) if _is_large(question) else None
    programme = StageProgramme(question=question, limits=limits, cuts=cuts)
    plan, taken, best = first, Taken(plan=first), [(aim, 0.0) for aim, _ in question.aims]
    slack_share = 0.0
    for place, (aim, slack) in enumerate(question.aims):
        slack_share = max(slack_share, slack)
        programme.keep(best[:place], slack_share)
        if plan is not None and clock.is_up():
            break
        programme.tell = _teller(offer, programme, aim, taken)
        is_last = place == len(question.aims) - 1
        found = solve_aim(programme, aim, plan, clock if is_last else clock.part(_STAGE_SHARE))
        plan = programme.better(aim, plan, found.plan)
        if plan is None:
            return Taken(is_impossible=found.is_impossible)
        value = value_of(question, plan, aim)
        best[place] = (aim, value)
        bound = settled_bound(question, aim, value, found.bound)
        taken = Taken(plan=plan, bounds=(*taken.bounds, bound))
        offer(taken)
    return taken


def _teller(
    offer: Callable[[Taken], None], programme: StageProgramme, aim: Aim, taken: Taken
) -> Callable[[Sending, float], None] | None:
    """Return what offers a plan while an aim is being taken; nothing where a bound is no value."""
    if aim in {SitingObjective.KOLM_POLLAK, SitingObjective.WORST_DECILE}:
        return None

    def tell(plan: Sending, bound: float) -> None:
        best = programme.better(aim, taken.plan, plan)
        if best is not None:
            value = value_of(programme.question, best, aim)
            bounds = (*taken.bounds, settled_bound(programme.question, aim, value, bound))
            offer(Taken(plan=best, bounds=bounds))

    return tell


def settled_bound(question: SitingQuestion, aim: Aim, value: float, bound: float) -> float | None:
    """Return the bound, or the value itself where the two agree to the solver's precision.

    Args:
        question: What is asked.
        aim: Whose bound.
        value: What the plan is worth by the aim.
        bound: As the solver tells it; infinite where it knows none.
    """
    if not math.isfinite(bound):
        return None
    is_count = aim is SitingObjective.SET_COVER or (
        aim is SitingObjective.BACKUP_COVER and not question.is_maximised(aim)
    )
    if is_count and not question.counts_price:
        bound = math.ceil(bound - 1e-6)
    if question.is_maximised(aim):
        return value if bound - value <= _PROOF_SHARE * max(1.0, abs(value)) else bound
    return value if value - bound <= _PROOF_SHARE * max(1.0, abs(value)) else max(0.0, bound)


def _to_nobody(_: object) -> None:
    """Nobody waits for a better plan here."""
