"""Decides who visits whom, and explains what cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntgeo.routing.verify import find_faults

if TYPE_CHECKING:
    from ntgeo.routing.solver import solve_routing

__all__ = ["find_faults", "solve_routing"]


def __getattr__(name: str) -> Any:
    """Load the solver, OR-Tools and the compiled search only when asked for."""
    if name == "solve_routing":
        from ntgeo.routing.solver import solve_routing  # noqa: PLC0415 - see the docstring

        return solve_routing
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
