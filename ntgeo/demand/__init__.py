"""Records and residents → demand by area and service, need, and views of it fit to publish.

Nothing is imported until it is asked for: the regressions take a second to load.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOME = {
    "DISCLOSURE_RULES": "rules",
    "Coefficient": "regression",
    "DemandModel": "expected",
    "DisclosureRule": "rules",
    "ExpectedDemand": "expected",
    "aggregate_ages": "use",
    "aggregate_use": "use",
    "demand_weights": "weights",
    "expected_demand": "expected",
    "inequality_indices": "inequality",
    "protect_counts": "disclosure",
    "protect_totals": "disclosure",
    "use_by_decile": "deciles",
    "use_rates": "use",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its file when it is first asked for."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
