"""Decides which sites should be open, and proves it.

Names load on first use: checking or explaining a plan loads no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntgeo.siting.alternatives import (
        ChangeKind,
        SiteChange,
        find_next_best,
        weigh_changes,
    )
    from ntgeo.siting.explain import (
        AccessSummary,
        AreaAccess,
        SiteUse,
        SitingExplanation,
        explain_siting,
    )
    from ntgeo.siting.solve import solve_here, solve_siting
    from ntgeo.siting.verify import find_faults

__all__ = [
    "AccessSummary",
    "AreaAccess",
    "ChangeKind",
    "SiteChange",
    "SiteUse",
    "SitingExplanation",
    "explain_siting",
    "find_faults",
    "find_next_best",
    "solve_here",
    "solve_siting",
    "weigh_changes",
]

_HOMES = {
    "AccessSummary": "explain",
    "AreaAccess": "explain",
    "ChangeKind": "alternatives",
    "SiteChange": "alternatives",
    "SiteUse": "explain",
    "SitingExplanation": "explain",
    "explain_siting": "explain",
    "find_faults": "verify",
    "find_next_best": "alternatives",
    "solve_here": "solve",
    "solve_siting": "solve",
    "weigh_changes": "alternatives",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
