"""What a plan's effect on people is worth in pounds, and what a plan costs, term by term."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final

from ntgeo.domain.visits import PRIORITIES, Visit

__all__ = ["USUAL_PRICES", "RoundsCost", "RoundsPrices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsPrices:
    """Prices of what is not in a shift's own costs.

    Args:
        unmade_gbp: Prices of an unmade visit of priority 1, 2, 3, 4 and 5. ``None``: priorities
            come first, that is, no cost is ever worth an unmade visit, nor any number of visits
            of a later priority one of a sooner.
        new_face_gbp: Of each person at a visit who is not of its usual staff.
        not_preferred_gbp: Of each person at a visit who is not of its preferred staff.
        moved_gbp: Of each person at a visit who is not of its planned staff.
        worst_lateness_gbp_per_minute: Of the lateness of the visit that is latest against a
            soft window, whatever that window's own price.
        work_spread_gbp_per_hour: Of the difference between the shift with most work and the one
            with least; a shift without a round works 0.
        visits_spread_gbp: Of each visit between the shift with most visits and the one with
            fewest.
        unit: Of the sum, in words.
    """

    unmade_gbp: tuple[float, float, float, float, float] | None = None
    new_face_gbp: float = 0.0
    not_preferred_gbp: float = 0.0
    moved_gbp: float = 0.0
    worst_lateness_gbp_per_minute: float = 0.0
    work_spread_gbp_per_hour: float = 0.0
    visits_spread_gbp: float = 0.0
    unit: str = "pounds"

    def __post_init__(self) -> None:
        """Refuse prices that cannot be."""
        if self.unmade_gbp is not None and len(self.unmade_gbp) != len(PRIORITIES):
            msg = f"{len(self.unmade_gbp)} prices of unmade visits: one a priority, 1 to 5"
            raise ValueError(msg)
        prices = (
            *(self.unmade_gbp or ()),
            self.new_face_gbp,
            self.not_preferred_gbp,
            self.moved_gbp,
            self.worst_lateness_gbp_per_minute,
            self.work_spread_gbp_per_hour,
            self.visits_spread_gbp,
        )
        if not all(0 <= price < math.inf for price in prices):
            msg = f"prices {prices}: each must be a finite number >= 0"
            raise ValueError(msg)

    @property
    def puts_priorities_first(self) -> bool:
        """Whether unmade visits count before any cost."""
        return self.unmade_gbp is None

    def unmade_gbp_of(self, visit: Visit) -> float:
        """Return the price of not making a visit; 0 where priorities come first."""
        if self.unmade_gbp is None:
            return 0.0
        own = visit.unmade_gbp
        return self.unmade_gbp[visit.priority - 1] if own is None else own


USUAL_PRICES: Final = RoundsPrices()
"""Priorities first, and nothing else priced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsCost:
    """What a plan costs, term by term, in pounds.

    Args:
        pay_gbp: Of all work.
        overtime_gbp: On top of pay.
        mileage_gbp: Of driven and cycled distance.
        travel_gbp: Of time on the way, on top of pay.
        rounds_gbp: Of having rounds at all.
        untimely_gbp: Of visits outside their soft windows.
        worst_lateness_gbp: Of the latest visit's lateness.
        new_faces_gbp: Of people who are not usual staff.
        not_preferred_gbp: Of people who are not preferred.
        moved_gbp: Of people who were not planned to come, on a day that is planned anew.
        unfairness_gbp: Of the spread of work and of visits.
        unmade_gbp: Of unmade visits; 0 where priorities come first.
    """

    pay_gbp: float = 0.0
    overtime_gbp: float = 0.0
    mileage_gbp: float = 0.0
    travel_gbp: float = 0.0
    rounds_gbp: float = 0.0
    untimely_gbp: float = 0.0
    worst_lateness_gbp: float = 0.0
    new_faces_gbp: float = 0.0
    not_preferred_gbp: float = 0.0
    moved_gbp: float = 0.0
    unfairness_gbp: float = 0.0
    unmade_gbp: float = 0.0

    @property
    def terms(self) -> dict[str, float]:
        """Each term by its name."""
        return {term.name: getattr(self, term.name) for term in fields(self)}

    @property
    def total_gbp(self) -> float:
        """The sum: a plan's objective."""
        return math.fsum(self.terms.values())
