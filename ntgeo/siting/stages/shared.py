"""Several services that share sites: the aims of all of them taken together, in order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ntgeo.child import ChildDiedError, best_from_child
from ntgeo.domain.shared_siting import SharedSitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.models.shared_programme import (
    Sendings,
    SharedProgramme,
    SharedQuestion,
    shared_value,
)
from ntgeo.siting.question import Aim, ImpliedAim, build_question

__all__ = ["SharedTaken", "build_shared_question", "order_of_shared_aims", "run_shared_aims"]

SharedAims = tuple[tuple[Aim, tuple[int, ...]], ...]
_OVERRUN_S = 0.5
_STAGE_SHARE = 0.7
_PROOF_SHARE = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedTaken:
    """The best plan of each service, and what each aim of all together can come to.

    Args:
        plans: ``None`` where none was found.
        bounds: Of the aims taken so far, in order; ``None`` where not known.
        is_impossible: Whether it is proven that there is no plan.
    """

    plans: Sendings | None = None
    bounds: tuple[float | None, ...] = ()
    is_impossible: bool = False


def build_shared_question(problem: SharedSitingProblem) -> SharedQuestion:
    """Reduce a problem to arrays."""
    names = tuple(problem.services)
    sites = problem.services[names[0]].sites
    return SharedQuestion(
        services=tuple(build_question(question) for question in problem.services.values()),
        fixed_gbp=np.array(
            [np.nan if site.fixed_cost_gbp is None else site.fixed_cost_gbp for site in sites]
        ),
        running_gbp=tuple(problem.running_cost_gbp.get(name, 0.0) for name in names),
        site_count=problem.site_count,
        budget_gbp=problem.budget_gbp,
    )


def order_of_shared_aims(shared: SharedQuestion) -> SharedAims:
    """Return the aims in order, each with the services that count in it.

    The demand left unserved comes first for the services that count travel, last for the others.
    """
    every = tuple(range(len(shared.services)))
    orders = [tuple(aim for aim, _ in question.aims) for question in shared.services]
    objective = shared.services[0].priced_aim
    first = tuple(k for k in every if orders[k][0] is ImpliedAim.UNSERVED)
    last = tuple(k for k in every if k not in first)
    travelling = tuple(k for k in every if orders[k][-1] is ImpliedAim.TRAVEL)
    aims: tuple[tuple[Aim, tuple[int, ...]], ...] = (
        (ImpliedAim.UNSERVED, first),
        (objective, every),
        (ImpliedAim.UNSERVED, last),
        (ImpliedAim.TRAVEL, travelling),
    )
    return tuple((aim, members) for aim, members in aims if members)


def run_shared_aims(
    shared: SharedQuestion, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> SharedTaken:
    """Take every aim, in a process of its own if need be.

    Args:
        shared: What is asked.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether it runs in a process of its own.

    Raises:
        CancelledError: Stopped before any plan was found.
    """
    silent = Clock(ends_at=clock.ends_at)
    if not in_child:
        return take_shared_aims(_to_nobody, shared, limits, silent)
    try:
        found: SharedTaken | None = best_from_child(
            take_shared_aims,
            shared,
            limits,
            silent,
            time_limit_s=clock.left_s() + _OVERRUN_S,
            progress=clock.progress,
        )
    except ChildDiedError:
        found = None
    return found or SharedTaken()


def take_shared_aims(
    offer: Callable[[SharedTaken], None],
    shared: SharedQuestion,
    limits: SolveLimits,
    clock: Clock,
) -> SharedTaken:
    """Take every aim in order; see :func:`run_shared_aims`.

    Args:
        offer: Told what is known after each aim.
        shared: What is asked.
        limits: Gap and seed.
        clock: When to end.
    """
    programme = SharedProgramme(shared=shared, limits=limits)
    aims, taken = order_of_shared_aims(shared), SharedTaken()
    is_most = shared.services[0].is_maximised
    for aim, members in aims:
        if taken.plans is not None and clock.is_up():
            break
        is_last = len(taken.bounds) == len(aims) - 1
        found = programme.solve(aim, members, clock if is_last else clock.part(_STAGE_SHARE))
        plans = found.plans or taken.plans
        if plans is None:
            return SharedTaken(is_impossible=found.is_impossible)
        value = shared_value(shared, plans, aim, members)
        programme.kept.append((aim, members, value))
        bound = _bound(value, found.bound, is_maximised=is_most(aim))
        taken = SharedTaken(plans=plans, bounds=(*taken.bounds, bound))
        offer(taken)
    return taken


def _bound(value: float, bound: float, *, is_maximised: bool) -> float | None:
    """Return the bound, or the value itself where the two agree to the solver's precision."""
    if not math.isfinite(bound):
        return None
    beyond = bound - value if is_maximised else value - bound
    if beyond <= _PROOF_SHARE * max(1.0, abs(value)):
        return value
    return bound if is_maximised else max(0.0, bound)


def _to_nobody(_: object) -> None:
    """Nobody waits for a better plan here."""
