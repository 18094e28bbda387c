"""From a routing problem to a plan, within the time allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.routing.solve.door import solve_routing
    from ntgeo.routing.solve.pipeline import solve_in_process

__all__ = ["solve_in_process", "solve_routing"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"door": ["solve_routing"], "pipeline": ["solve_in_process"]},
)
