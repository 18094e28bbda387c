"""Decides which sites should be open, and proves it.

Names load on first use: checking or explaining a plan loads no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.siting.answers.alternatives import (
        ChangeKind,
        SiteChange,
        find_next_best,
        weigh_changes,
    )
    from ntgeo.siting.answers.explain import (
        AccessSummary,
        AreaAccess,
        GroupAccess,
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
    "GroupAccess",
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

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "answers.alternatives": ["ChangeKind", "SiteChange", "find_next_best", "weigh_changes"],
        "answers.explain": [
            "AccessSummary",
            "AreaAccess",
            "GroupAccess",
            "SiteUse",
            "SitingExplanation",
            "explain_siting",
        ],
        "solve": ["solve_here", "solve_siting"],
        "verify": ["find_faults"],
    },
)
