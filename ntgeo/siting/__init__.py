"""Decides which sites should be open, and proves it.

Names load on first use: checking or explaining a plan loads no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.siting.answers.alternatives import ChangeKind, SiteChange, weigh_changes
    from ntgeo.siting.answers.conflict import BrokenRule, SitingConflict, find_conflict
    from ntgeo.siting.answers.explain import (
        AccessSummary,
        AreaAccess,
        GroupAccess,
        SiteUse,
        SitingExplanation,
        explain_siting,
    )
    from ntgeo.siting.answers.flips import Flip, FlipEnd, find_flips
    from ntgeo.siting.answers.growth import Growth, GrowthKind
    from ntgeo.siting.answers.mend import Mend
    from ntgeo.siting.answers.next_best import find_next_best
    from ntgeo.siting.answers.other_demand import told_by_demand
    from ntgeo.siting.answers.spatial_access import (
        LUO_QI_ZONES,
        LUO_WANG_ZONES,
        CatchmentZone,
        SpatialAccess,
        spatial_access,
    )
    from ntgeo.siting.solve import solve_here, solve_siting
    from ntgeo.siting.solve_shared import solve_shared_siting
    from ntgeo.siting.verify import find_faults, find_shared_faults

__all__ = [
    "LUO_QI_ZONES",
    "LUO_WANG_ZONES",
    "AccessSummary",
    "AreaAccess",
    "BrokenRule",
    "CatchmentZone",
    "ChangeKind",
    "Flip",
    "FlipEnd",
    "GroupAccess",
    "Growth",
    "GrowthKind",
    "Mend",
    "SiteChange",
    "SiteUse",
    "SitingConflict",
    "SitingExplanation",
    "SpatialAccess",
    "explain_siting",
    "find_conflict",
    "find_faults",
    "find_flips",
    "find_next_best",
    "find_shared_faults",
    "solve_here",
    "solve_shared_siting",
    "solve_siting",
    "spatial_access",
    "told_by_demand",
    "weigh_changes",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "answers.alternatives": ["ChangeKind", "SiteChange", "weigh_changes"],
        "answers.conflict": ["BrokenRule", "SitingConflict", "find_conflict"],
        "answers.explain": [
            "AccessSummary",
            "AreaAccess",
            "GroupAccess",
            "SiteUse",
            "SitingExplanation",
            "explain_siting",
        ],
        "answers.flips": ["Flip", "FlipEnd", "find_flips"],
        "answers.growth": ["Growth", "GrowthKind"],
        "answers.mend": ["Mend"],
        "answers.next_best": ["find_next_best"],
        "answers.other_demand": ["told_by_demand"],
        "answers.spatial_access": [
            "LUO_QI_ZONES",
            "LUO_WANG_ZONES",
            "CatchmentZone",
            "SpatialAccess",
            "spatial_access",
        ],
        "solve": ["solve_here", "solve_siting"],
        "solve_shared": ["solve_shared_siting"],
        "verify": ["find_faults", "find_shared_faults"],
    },
)
