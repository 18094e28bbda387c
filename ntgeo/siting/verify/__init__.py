"""Check a siting plan against its question, knowing nothing of how the plan was found.

Every figure is worked out again from the problem's own arrays. The check needs no solver and
imports none, so it can be run years later on a plan that was published.
"""

from __future__ import annotations

from ntgeo.siting.verify.faults import find_faults
from ntgeo.siting.verify.shared import find_shared_faults

__all__ = ["find_faults", "find_shared_faults"]
