"""The answer in plain English."""

from __future__ import annotations

import pandas as pd

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.reports.rounds_sentences import rounds_sentences
from ntgeo.reports.siting_sentences import siting_sentences

__all__ = ["five_sentences"]


def five_sentences(
    *,
    siting: tuple[SitingProblem, SitingPlan, pd.DataFrame] | None = None,
    rounds: tuple[RoutingProblem, RoutePlan] | None = None,
) -> list[str]:
    """Return the answer in at most five sentences, for the command line.

    Args:
        siting: Problem, plan and the table of areas, where sites were asked for.
        rounds: Problem and plan, where rounds were asked for.
    """
    siting_part = siting_sentences(*siting) if siting is not None else []
    if rounds is None:
        return siting_part[:5]
    problem, plan = rounds
    rounds_part = rounds_sentences(problem, plan)
    if siting is None:
        return rounds_part[:5]
    return [*siting_part[:4], rounds_part[0]]
