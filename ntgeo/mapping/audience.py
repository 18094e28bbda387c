"""What the public is not shown: sums of demand from which a small area's could be worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ntgeo.mapping.content import Audience
from ntgeo.mapping.siting_figures import DecileRow, SiteRow

__all__ = ["shown_deciles", "shown_sites"]

_FEWEST_AREAS: Final = 3
"""A mean over one or two areas tells how their demand compares."""


def shown_sites(rows: tuple[SiteRow, ...], audience: Audience) -> tuple[SiteRow, ...]:
    """Return the sites as the audience may see them: the public without demand and its mean."""
    if audience != "public":
        return rows
    return tuple(replace(row, demand=None, mean_time_s=None) for row in rows)


def shown_deciles(rows: tuple[DecileRow, ...], audience: Audience) -> tuple[DecileRow, ...]:
    """Return the deciles as the audience may see them: the public those of enough areas."""
    if audience != "public":
        return rows
    return tuple(replace(row, demand=None) for row in rows if row.areas >= _FEWEST_AREAS)
