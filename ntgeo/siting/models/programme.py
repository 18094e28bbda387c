"""First stages by mixed-integer programming, in a process of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ntgeo.child import ChildDiedError, best_from_child
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import CancelledError
from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.clock import Clock

__all__ = ["run_centre", "run_programme"]

Found = tuple[npt.NDArray[np.intp] | None, float]
Answer = TypeVar("Answer")
_OVERRUN_S = 0.5
_MODEL_TOTAL = 1e3


def run_programme(
    kind: str, choice: SiteChoice, limits: SolveLimits, clock: Clock, *, in_child: bool
) -> Found:
    """Return the open sites of the best solution, if any, and the solver's bound.

    The bound is in demand for maximum coverage and in sites for set cover; infinite if unknown.

    Args:
        kind: ``"max-coverage"`` or ``"set-cover"``.
        choice: The question.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether it runs in a process of its own.
    """
    found: Found | None = _apart(_solve, kind, choice, limits, clock=clock, in_child=in_child)
    return found if found is not None else (None, math.inf)


def _solve(
    offer: Callable[[Found], None],
    kind: str,
    choice: SiteChoice,
    limits: SolveLimits,
    clock: Clock,
) -> Found:
    from ntgeo.siting.formulation import solve_formulation  # noqa: PLC0415 - loads OR-Tools
    from ntgeo.siting.models.max_coverage import build_max_coverage  # noqa: PLC0415 - loads OR-Tools
    from ntgeo.siting.models.set_cover import build_set_cover  # noqa: PLC0415 - loads OR-Tools

    del offer
    unit = 1.0
    sites = np.arange(len(choice.is_required))
    if kind == "set-cover":
        model, sites = build_set_cover(choice)
    else:
        unit = math.fsum(choice.demand) / _MODEL_TOTAL
        model, _ = build_max_coverage(choice, choice.site_count or 0, unit_of_demand=unit)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
    if outcome.values is None:
        return None, outcome.bound * unit
    return np.sort(sites[outcome.values[: len(sites)] > 1 / 2]), outcome.bound * unit


def run_centre(
    choice: SiteChoice,
    start: npt.NDArray[np.intp],
    limits: SolveLimits,
    clock: Clock,
    *,
    in_child: bool,
) -> tuple[npt.NDArray[np.intp], float]:
    """Return the plan whose worst time is least, and a bound on that time in seconds.

    Args:
        choice: The question.
        start: A plan that leaves as little unserved as can be.
        limits: Gap and seed.
        clock: When to end.
        in_child: Whether it runs in a process of its own.
    """
    from ntgeo.siting.models.p_centre import least_worst_time  # noqa: PLC0415 - loads OR-Tools

    found = _apart(least_worst_time, choice, start, limits, clock=clock, in_child=in_child)
    return found if found is not None else (start, 0.0)


def _apart(work: Callable[..., Answer], *asked: Any, clock: Clock, in_child: bool) -> Answer | None:
    """Do the work, in a process of its own if need be; ``None`` if stopped before any answer."""
    silent = Clock(ends_at=clock.ends_at)
    if not in_child:
        return work(_to_nobody, *asked, silent)
    try:
        return best_from_child(
            work,
            *asked,
            silent,
            time_limit_s=clock.left_s() + _OVERRUN_S,
            progress=clock.progress,
        )
    except (CancelledError, ChildDiedError):
        return None


def _to_nobody(_: object) -> None:
    """Nobody waits for a better solution here."""
