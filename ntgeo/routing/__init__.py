"""Decides who visits whom, and explains what cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.routing.answers import plan_anew
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
    "check_hand_plan",
    "find_breaches",
    "find_faults",
    "find_lock_faults",
    "plan_anew",
    "solve_routing",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "answers": ["plan_anew"],
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
