"""What is known so far: the best plan, if any, and the best bound."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ntgeo.siting.capacitated.question import CapacitatedPlan, CapacitatedQuestion

__all__ = ["Known"]

_SLACK = 1e-6
_SLACK_SHARE = 1e-9
_PROGRAMME_SLACK = 1e-3
_PROGRAMME_SHARE = 1e-7


@dataclass(slots=True)
class Known:
    """The best plan and bound of a question; they only get better.

    Args:
        question: The question.
        gap_share: The plan counts as proven within this share of the best possible.
        plan: The best plan so far; ``None`` while there is none.
        bound: No plan costs less; infinite where it is proven that there is none.
    """

    question: CapacitatedQuestion
    gap_share: float
    plan: CapacitatedPlan | None = None
    bound: float = -math.inf
    has_whole_costs: bool = field(init=False)

    def __post_init__(self) -> None:
        """See whether two plans that differ do so by at least 1."""
        self.has_whole_costs = self.question.has_whole_costs

    @property
    def total(self) -> float:
        """Cost of the best plan; infinite while there is none."""
        return math.inf if self.plan is None else self.plan.total

    @property
    def needed(self) -> float:
        """A plan must cost no more than this to be worth finding."""
        if self.plan is None:
            return math.inf
        within = self.total - max(_SLACK_SHARE, self.gap_share) * abs(self.total)
        return min(within, self.total - 1 + _SLACK) if self.has_whole_costs else within

    @property
    def floor(self) -> float:
        """The most that a proof can show which leaves out all plans that are not needed."""
        return self.total if self.gap_share == 0 else min(self.total, self.needed)

    @property
    def is_proven(self) -> bool:
        """Whether nothing better exists (or nothing better than the gap asked for), or no plan."""
        return self.bound == math.inf if self.plan is None else self.bound >= self.needed

    def offer(self, plan: CapacitatedPlan) -> None:
        """Keep a plan if it is the best."""
        if plan.total < self.total:
            self.plan = plan
            self.bound = min(self.bound, plan.total)

    def raise_bound(self, bound: float, slack: float = _SLACK) -> None:
        """Take a bound if it is better; it never passes the plan's own cost.

        Where every cost is whole, the bound is rounded up: no plan costs a fraction.
        """
        if self.has_whole_costs and math.isfinite(bound):
            bound = math.ceil(bound - slack)
        self.bound = max(self.bound, min(bound, self.total))

    def close(self, floor: float) -> None:
        """Say that nothing below ``floor`` exists, where ``floor`` is what was sought below."""
        self.raise_bound(floor)

    def take_programme(self, plan: CapacitatedPlan | None, bound: float, floor: float) -> None:
        """Take what the mixed-integer programme says, to the precision that it has.

        Args:
            plan: Its best solution.
            bound: Its bound; infinite where it has no solution at all.
            floor: :attr:`floor` when the programme was made.
        """
        if plan is not None:
            self.offer(plan)
        self.raise_bound(min(bound, floor), _PROGRAMME_SLACK)
        if self.total - self.bound <= _PROGRAMME_SHARE * abs(self.total):
            self.bound = self.total
