"""Checks a plan of rounds against its question, knowing nothing of how the plan was found."""

from __future__ import annotations

from ntgeo.routing.verify.faults import find_faults
from ntgeo.routing.verify.locks import find_lock_faults

__all__ = ["find_faults", "find_lock_faults"]
