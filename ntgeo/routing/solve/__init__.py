"""From a routing problem to a plan, within the time allowed."""

from __future__ import annotations

from ntgeo.routing.solve.door import solve_routing
from ntgeo.routing.solve.pipeline import solve_in_process

__all__ = ["solve_in_process", "solve_routing"]
