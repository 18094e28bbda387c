"""Checks a plan of rounds against its question, knowing nothing of how the plan was found."""

from __future__ import annotations

from ntgeo.routing.verify.costs import told_cost
from ntgeo.routing.verify.faults import Breach, find_breaches, find_faults
from ntgeo.routing.verify.hand_plan import CheckedHandPlan, check_hand_plan
from ntgeo.routing.verify.locks import find_lock_faults

__all__ = [
    "Breach",
    "CheckedHandPlan",
    "check_hand_plan",
    "find_breaches",
    "find_faults",
    "find_lock_faults",
    "told_cost",
]
