"""How far demand and travel times can grow before another set of sites is best.

Found by bisection: the question is solved again with the figures multiplied, and the plan compared
with what is best then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.siting.answers.growth import Growth, grow, growths_of
from ntgeo.siting.answers.interval import bends_of, never_changes
from ntgeo.siting.answers.trial import (
    Trial,
    comes_before,
    rank_bound,
    rank_of,
    try_solving,
    with_statuses,
)
from ntgeo.siting.clock import Clock
from ntgeo.siting.solve import clock_for

__all__ = ["Flip", "FlipEnd", "find_flips"]

_PROBES = 4
_MOST_BENDS = 60


class FlipEnd(StrEnum):
    """What ends the growth up to which the answer stays."""

    SAME = "the same plan is best"
    """Nothing, as far as was looked."""
    OTHER_PLAN = "another plan is best"
    NO_PLAN = "no plan keeps the rules"
    UNKNOWN = "not known"
    """The time was up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flip:
    """How far one thing can grow before the answer changes.

    Args:
        growth: What grows.
        end: What then happens.
        unchanged_until: The greatest factor at which the plan was found to be best; 1 is as asked.
        factor: The least factor at which it was found not to be; ``None`` where it was at all.
        is_proven: Whether the plan is proven best from 1 up to ``unchanged_until``, and proven not
            to be at ``factor``. Where it may be best at two factors but not between, nothing is.
        plan: The best plan found at ``factor``.
        opens: Sites open in that plan and not in the answer, by id.
        closes: Sites open in the answer and not in that plan, by id.
    """

    growth: Growth
    end: FlipEnd
    unchanged_until: float
    factor: float | None = None
    is_proven: bool = False
    plan: SitingPlan | None = None
    opens: tuple[SiteId, ...] = ()
    closes: tuple[SiteId, ...] = ()

    @property
    def in_words(self) -> str:
        """The answer in a sentence."""
        told = f"With {self.growth.in_words} multiplied by"
        doubt = "" if self.is_proven else "; that is not proven"
        kept = f"up to {self.unchanged_until:.4g} the answer does not change{doubt}"
        if self.end is FlipEnd.UNKNOWN:
            return f"{told} more than {self.unchanged_until:.4g}, it is not known what is best."
        if self.factor is None:
            return f"{told} {kept}."
        told = f"{told} {self.factor:.4g}"
        kept = kept if self.unchanged_until > 1 else f"with less the answer may change too{doubt}"
        if self.end is FlipEnd.NO_PLAN:
            return f"{told}, no plan keeps the rules; {kept}."
        changes = [f"open {first_five(self.opens)}"] if self.opens else []
        changes += [f"close {first_five(self.closes)}"] if self.closes else []
        return f"{told}, it is better to {' and '.join(changes)}; {kept}."


def find_flips(
    problem: SitingProblem,
    plan: SitingPlan,
    limits: SolveLimits,
    *,
    most: float = 4.0,
    precision_share: float = 0.01,
    progress: Progress = SILENT,
) -> tuple[Flip, ...]:
    """Return how far each thing can grow before the open sites of the plan are not the best.

    In order: all demand; all travel times; the demand of those who go to each open site; the travel
    times to each open site; the demand of each IMD decile that is known. A plan as good as the best
    is best too.

    Args:
        problem: The question.
        plan: Its best answer.
        limits: For all of them together; the time left is shared out evenly.
        most: The greatest factor looked at.
        precision_share: How near to each other the two ends of a flip point are brought.
        progress: Told how many are done; asked whether to stop, which ends the list early.

    Raises:
        ValueError: ``most`` is not above 1, or ``precision_share`` not above 0.
    """
    if not (most > 1 and precision_share > 0):
        msg = f"growth up to {most} to within {precision_share}: above 1 and above 0 are needed"
        raise ValueError(msg)
    growths = growths_of(problem, plan)
    progress.stage("looking how far the answer holds", len(growths))
    clock = clock_for(limits, progress)
    found: list[Flip] = []
    for done, growth in enumerate(growths):
        if clock.is_up():
            break
        part = clock.part(1.0 / (len(growths) - done))
        search = _Search(problem=problem, answer=plan, limits=limits, clock=part, growth=growth)
        found.append(search.flip(most, 1.0 + precision_share))
        progress.advance(done + 1)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What is best at a factor, and whether that is proven."""

    end: FlipEnd
    is_sure: bool = False
    plan: SitingPlan | None = None


@dataclass(slots=True, kw_only=True)
class _Search:
    """What is known of one growth so far.

    Args:
        problem: The question.
        answer: The plan whose open sites are compared.
        growth: What grows.
        limits: Gap and seed.
        clock: When to end.
        low: The greatest factor at which the answer is best.
        high: The least at which it is not; ``None`` where none is known.
        at_high: What is best there.
        is_sure: Whether the answer is proven best from 1 to ``low``.
    """

    problem: SitingProblem
    answer: SitingPlan
    growth: Growth
    limits: SolveLimits
    clock: Clock
    low: float = 1.0
    high: float | None = None
    at_high: _Look = field(default_factory=lambda: _Look(end=FlipEnd.SAME))
    is_sure: bool = True

    def flip(self, most: float, ratio: float) -> Flip:
        """Close in on the flip point, until its two ends are within a ratio."""
        self.is_sure = self.answer.report.status is SolveStatus.OPTIMAL
        if never_changes(self.problem, self.growth.kind):
            self.low = most
            return self._told()
        bends = bends_of(self.problem, self.answer, self.growth, most)
        steps = [most ** (k / _PROBES) for k in range(1, _PROBES + 1)]
        if bends is not None and len(bends) <= _MOST_BENDS:
            steps = [*bends, most]
        else:
            self.is_sure = False
        for factor in steps:
            if self._look_at(factor) is not FlipEnd.SAME:
                break
        while self.high is not None and self.high > self.low * ratio:
            if self._look_at(math.sqrt(self.low * self.high)) is FlipEnd.UNKNOWN:
                break
        return self._told()

    def _look_at(self, factor: float) -> FlipEnd:
        """See what is best at a factor, and take it as an end of what is known."""
        question = grow(self.problem, self.growth, factor)
        free = try_solving(question, self.limits, self.clock)
        look = self._compared(question, free)
        if look.end is FlipEnd.SAME:
            self.low = factor
            self.is_sure &= look.is_sure
        elif look.end is not FlipEnd.UNKNOWN:
            self.high, self.at_high = factor, look
        elif self.high is None:
            self.at_high = look
        return look.end

    def _compared(self, question: SitingProblem, free: Trial) -> _Look:
        """Tell whether the answer is as good as what is best."""
        if free.plan is None:
            end = FlipEnd.NO_PLAN if free.is_impossible else FlipEnd.UNKNOWN
            return _Look(end=end, is_sure=free.is_impossible)
        same = _Look(end=FlipEnd.SAME, is_sure=free.is_settled)
        if free.plan.opened == self.answer.opened:
            return same
        held = try_solving(
            _only(question, self.answer.opened), self.limits, self.clock, measured_by=question
        )
        if held.plan is None:
            end = FlipEnd.OTHER_PLAN if held.is_impossible else FlipEnd.UNKNOWN
            return _Look(end=end, is_sure=held.is_impossible, plan=free.plan)
        best = rank_of(free.plan)
        if not comes_before(best, rank_of(held.plan)):
            return same
        is_sure = comes_before(best, rank_bound(held.plan))
        return _Look(end=FlipEnd.OTHER_PLAN, is_sure=is_sure, plan=free.plan)

    def _told(self) -> Flip:
        other = self.at_high.plan
        opened = set(other.opened if other else self.answer.opened)
        is_known = self.at_high.end is not FlipEnd.UNKNOWN
        return Flip(
            growth=self.growth,
            end=self.at_high.end,
            unchanged_until=self.low,
            factor=self.high,
            is_proven=self.is_sure and is_known and (self.high is None or self.at_high.is_sure),
            plan=other,
            opens=tuple(sorted(opened - set(self.answer.opened))),
            closes=tuple(sorted(set(self.answer.opened) - opened)),
        )


def _only(problem: SitingProblem, opened: tuple[SiteId, ...]) -> SitingProblem | None:
    """The question where just these sites are open."""
    statuses = {
        site.id: SiteStatus.REQUIRED if site.id in opened else SiteStatus.EXCLUDED
        for site in problem.sites
        if site.may_open
    }
    return with_statuses(problem, statuses)
