"""A plan to begin with, where people go to their nearest open site."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.siting.median.rows import FREE, IN, build_rows
from ntgeo.siting.median.swap_search import improve_by_swaps, open_greedily
from ntgeo.siting.models.site_search import keeps_site_rules
from ntgeo.siting.question import SitingQuestion
from ntgeo.siting.worth import Sending, send_to_nearest

__all__ = ["first_plan"]

IndexArray = npt.NDArray[np.intp]
_LEAVE_PRICE = 1_000.0
"""An area left unserved counts as so many times the longest way."""


def first_plan(question: SitingQuestion) -> Sending | None:
    """Open sites by swap search so that travel is short, or every site where no number is asked.

    Args:
        question: In which no rule sends people past their nearest open site.

    Returns:
        A plan that keeps the rules; ``None`` where this one does not.
    """
    opened = _opened(question)
    plan = send_to_nearest(question, opened)
    reached = np.isfinite(question.time_s[:, opened]).any(axis=1)
    must_serve = question.rules.must_serve_all or SitingObjective.SET_COVER in {
        aim for aim, _ in question.aims
    }
    if not keeps_site_rules(question, opened) or (must_serve and not reached.all()):
        return None
    return plan


def _opened(question: SitingQuestion) -> IndexArray:
    site_count = len(question.is_required)
    wanted = question.rules.site_count
    if wanted is None or wanted >= site_count:
        return np.arange(site_count)
    longest_s = float(question.time_s[question.within].max(initial=1.0))
    cost = question.demand[:, None] * question.time_s
    rows = build_rows(cost, leave_cost=question.demand * longest_s * _LEAVE_PRICE)
    state = np.where(question.is_required, IN, FREE).astype(np.int8)
    return np.sort(improve_by_swaps(rows, state, open_greedily(rows, state, wanted)).opened)
