"""How far from the best possible a plan can be: bounds on cost, for days of any rules."""

from __future__ import annotations

from ntgeo.routing.bounds.lower_bound import LowerBound, lower_bound

__all__ = ["LowerBound", "lower_bound"]
