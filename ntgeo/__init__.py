"""ntgeo: where services should sit, and who visits whom, with the proof.

Start with :class:`Workspace`; the nouns are in :mod:`ntgeo.domain`. Importing ntgeo loads no
solver, no road library and no map library: each is loaded by the first call that needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.matrix import TimeRange, TravelMode, TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteStatus
from ntgeo.domain.routing import (
    Break,
    Depot,
    Overtime,
    Pin,
    RoundsPrices,
    RoutePlan,
    RoutingProblem,
    Shift,
    ShiftCosts,
    SoftWindow,
    TimeWindow,
    Visit,
    VisitLink,
)
from ntgeo.domain.siting import (
    AreaRules,
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingPlan,
    SitingProblem,
    SitingRules,
)
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus
from ntgeo.errors import InputError, NoPlanError, NtgeoError

if TYPE_CHECKING:
    from ntgeo.workspace import Workspace

__version__ = "0.1.0"

__all__ = [
    "AreaRules",
    "Assignment",
    "Break",
    "CandidateSite",
    "CapacityRule",
    "Decay",
    "DecayKind",
    "Depot",
    "InputError",
    "Location",
    "NextAim",
    "NoPlanError",
    "NtgeoError",
    "Overtime",
    "Pin",
    "RoundsPrices",
    "RoutePlan",
    "RoutingProblem",
    "Shift",
    "ShiftCosts",
    "SiteStatus",
    "SitingObjective",
    "SitingPlan",
    "SitingProblem",
    "SitingRules",
    "SoftWindow",
    "SolveLimits",
    "SolveReport",
    "SolveStatus",
    "TimeRange",
    "TimeWindow",
    "TravelMode",
    "TravelTimeMatrix",
    "Visit",
    "VisitLink",
    "Workspace",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Load the workspace, and the table libraries under it, only when asked for."""
    if name == "Workspace":
        from ntgeo.workspace import Workspace  # noqa: PLC0415 - see the module docstring

        return Workspace
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
