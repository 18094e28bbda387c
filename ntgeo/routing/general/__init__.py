"""Compiled ruin and recreate for days with any of the rules."""

from __future__ import annotations

from ntgeo.routing.general.anneal import Effort, search_orders
from ntgeo.routing.general.sheets import write_soonest

__all__ = ["Effort", "search_orders", "write_soonest"]
