"""The siting part of a report, from an answer and its tables as they may be shown."""

from __future__ import annotations

from pathlib import Path

from ntgeo import reports
from ntgeo.services.answer_scenario import Siting
from ntgeo.services.shown_siting import ShownSiting

__all__ = ["siting_section"]


def siting_section(
    siting: Siting, shown: ShownSiting, *, map_picture: Path | None = None
) -> reports.SitingSection:
    """Return what the report, and ``ntgeo site``, tell of an answer."""
    return reports.SitingSection(
        problem=siting.problem,
        plan=siting.plan,
        map_picture=map_picture,
        areas=shown.areas[["lsoa", "name", "ward", "population", "imd_decile"]],
        sites=shown.sites,
        by_age=shown.by_age,
        supply=shown.supply,
        changes=shown.changes,
        next_best=shown.next_best,
        flips=shown.flips,
        choice_notes=siting.explained.notes,
        rounded_to=shown.rounded_to,
    )
