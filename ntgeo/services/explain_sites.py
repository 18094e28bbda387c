"""What a planner asks of a siting plan: whom it moves, what else could be done, when it changes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo import siting
from ntgeo.domain.scenario import ExplainTable, Scenario
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.progress import SILENT, Progress
from ntgeo.services.load_places import AGE_COLUMNS, Places

__all__ = ["ExplainedSiting", "age_groups", "explain_sites", "without_explanation"]

_AGE_BANDS: Final = {"0 to 15": (0, 15), "16 to 64": (16, 64), "65 to 79": (65, 79)}
_OLDEST: Final = "80 and over"
_MOST_PLANS: Final = 100
_CHANGES_SHARE: Final = 0.5
_PLANS_SHARE: Final = 0.4
_SHORTEST_S: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExplainedSiting:
    """The answers beside a plan.

    Args:
        access: Access before and after, by area, decile, age group and site.
        changes: What closing each open site and forcing each rejected one open costs; ``None``
            where it was not asked for.
        next_best: The next-best plans, best first; ``None`` where not asked for.
        flips: How far demand and travel times can grow before the answer changes; ``None`` where
            not asked for.
        age_groups: Name of an age group → (areas,) its residents; empty where not known.
        notes: What was left out, in sentences.
    """

    access: siting.SitingExplanation
    changes: tuple[siting.SiteChange, ...] | None
    next_best: tuple[SitingPlan, ...] | None
    flips: tuple[siting.Flip, ...] | None
    age_groups: Mapping[str, npt.NDArray[np.float64]]
    notes: tuple[str, ...]


def explain_sites(
    problem: SitingProblem,
    plan: SitingPlan,
    places: Places,
    asked: ExplainTable,
    limits: SolveLimits,
    *,
    progress: Progress = SILENT,
) -> ExplainedSiting:
    """Answer what ``[siting.explain]`` asks of a plan.

    Args:
        problem: The question.
        plan: Its checked answer.
        places: Where people of each age live.
        asked: What to tell.
        limits: Seed and cores; the time limit is that of ``asked``.
        progress: Told the stage; asked whether to stop.
    """
    ages = age_groups(places)
    ends_at = time.monotonic() + asked.time_limit_s
    changes = next_best = flips = None
    if asked.changes:
        part = _part(limits, ends_at, _CHANGES_SHARE)
        changes = siting.weigh_changes(problem, plan, part, progress=progress)
    wanted = _MOST_PLANS if asked.next_best_within_share is not None else asked.next_best_count
    if wanted:
        next_best = siting.find_next_best(
            problem,
            plan,
            _part(limits, ends_at, _PLANS_SHARE),
            count=wanted,
            within_share=asked.next_best_within_share,
            progress=progress,
        )
    if asked.flips:
        flips = siting.find_flips(problem, plan, _part(limits, ends_at, 1.0), progress=progress)
    return ExplainedSiting(
        access=siting.explain_siting(problem, plan, age_groups=ages),
        changes=changes,
        next_best=next_best,
        flips=flips,
        age_groups=ages,
        notes=tuple(_notes(asked, changes, next_best, flips)),
    )


def _part(limits: SolveLimits, ends_at: float, share: float) -> SolveLimits:
    """Return limits for a share of the time that is left."""
    left_s = max(_SHORTEST_S, (ends_at - time.monotonic()) * share)
    return replace(limits, time_limit_s=left_s)


def _notes(
    asked: ExplainTable,
    changes: tuple[siting.SiteChange, ...] | None,
    next_best: tuple[SitingPlan, ...] | None,
    flips: tuple[siting.Flip, ...] | None,
) -> Iterator[str]:
    """Say what could not be told, or not with proof, in the time."""
    in_time = "in the time allowed (siting.explain.time_limit_s)"
    open_ended = sum(not change.is_proven for change in changes or ())
    if open_ended:
        of_all = f"{open_ended:,} of {len(changes or ()):,} closings and forced openings"
        yield f"{of_all} are not weighed to proof {in_time}; a cost told of them is a most."
    unproven = sum(plan.report.status is not SolveStatus.OPTIMAL for plan in next_best or ())
    if unproven:
        yield f"{unproven:,} of the next-best plans are not proven to be the next best {in_time}."
    unknown = sum(flip.end is siting.FlipEnd.UNKNOWN for flip in flips or ())
    if unknown:
        yield f"How far the answer holds was not found for {unknown:,} kinds of growth {in_time}."
    if asked.changes and not changes:
        yield f"No closing and no forced opening was weighed {in_time}."


def age_groups(places: Places) -> dict[str, npt.NDArray[np.float64]]:
    """Return the residents of each age group by area, in order of code; none where not known."""
    if places.ages is None:
        return {}
    by_age = places.ages[AGE_COLUMNS].to_numpy(dtype=np.float64)
    groups = {
        name: by_age[:, low : high + 1].sum(axis=1) for name, (low, high) in _AGE_BANDS.items()
    }
    return groups | {_OLDEST: by_age[:, 80:].sum(axis=1)}


def without_explanation(scenario: Scenario) -> Scenario:
    """Return a scenario that asks for the plan, its access and nothing that is solved again."""
    if scenario.siting is None:
        return scenario
    nothing = ExplainTable(changes=False, next_best_count=0, flips=False)
    siting = scenario.siting.model_copy(update={"explain": nothing})
    return scenario.model_copy(update={"siting": siting})
