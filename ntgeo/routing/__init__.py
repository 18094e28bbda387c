"""Decides who visits whom, and explains what cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.routing.answers import (
        accept_offer,
        next_best_staff,
        offer_slots,
        plan_anew,
        weigh_changes,
    )
    from ntgeo.routing.bounds import LowerBound, lower_bound
    from ntgeo.routing.solve import solve_routing
    from ntgeo.routing.verify import (
        Breach,
        CheckedHandPlan,
        check_hand_plan,
        find_breaches,
        find_faults,
        find_lock_faults,
    )

__all__ = [
    "Breach",
    "CheckedHandPlan",
    "LowerBound",
    "accept_offer",
    "check_hand_plan",
    "find_breaches",
    "find_faults",
    "find_lock_faults",
    "lower_bound",
    "next_best_staff",
    "offer_slots",
    "plan_anew",
    "solve_routing",
    "weigh_changes",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "answers": [
            "accept_offer",
            "next_best_staff",
            "offer_slots",
            "plan_anew",
            "weigh_changes",
        ],
        "bounds": ["LowerBound", "lower_bound"],
        "solve": ["solve_routing"],
        "verify": [
            "Breach",
            "CheckedHandPlan",
            "check_hand_plan",
            "find_breaches",
            "find_faults",
            "find_lock_faults",
        ],
    },
)
