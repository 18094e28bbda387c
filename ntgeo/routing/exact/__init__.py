"""Rounds by OR-Tools CP-SAT: every rule a constraint; plans proven best, and the best times."""

from __future__ import annotations

from ntgeo.routing.exact.retime import time_orders
from ntgeo.routing.exact.rounds import Orders
from ntgeo.routing.exact.solve import ExactAnswer, solve_exactly

__all__ = ["ExactAnswer", "Orders", "solve_exactly", "time_orders"]
