"""Records and residents → demand by area and service, need, and views of it fit to publish.

Nothing is imported until it is asked for: the regressions take a second to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.demand.deciles import use_by_decile
    from ntgeo.demand.disclosure import protect_counts, protect_totals
    from ntgeo.demand.expected import DemandModel, ExpectedDemand, expected_demand
    from ntgeo.demand.inequality import inequality_indices
    from ntgeo.demand.regression import Coefficient
    from ntgeo.demand.rules import DISCLOSURE_RULES, DisclosureRule
    from ntgeo.demand.use import aggregate_ages, aggregate_use, use_rates
    from ntgeo.demand.weights import demand_weights

__all__ = [
    "DISCLOSURE_RULES",
    "Coefficient",
    "DemandModel",
    "DisclosureRule",
    "ExpectedDemand",
    "aggregate_ages",
    "aggregate_use",
    "demand_weights",
    "expected_demand",
    "inequality_indices",
    "protect_counts",
    "protect_totals",
    "use_by_decile",
    "use_rates",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "deciles": ["use_by_decile"],
        "disclosure": ["protect_counts", "protect_totals"],
        "expected": ["DemandModel", "ExpectedDemand", "expected_demand"],
        "inequality": ["inequality_indices"],
        "regression": ["Coefficient"],
        "rules": ["DISCLOSURE_RULES", "DisclosureRule"],
        "use": ["aggregate_ages", "aggregate_use", "use_rates"],
        "weights": ["demand_weights"],
    },
)
