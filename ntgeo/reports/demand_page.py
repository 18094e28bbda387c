"""The demand part of the report."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ntgeo.reports.charts import expected_chart, use_rate_chart
from ntgeo.reports.content import DemandSection
from ntgeo.reports.siting_page import drawing
from ntgeo.reports.views import TableView, table_view

__all__ = ["demand_part"]

_DECILE: Final = (
    *(
        "service",
        "imd_decile",
        "areas",
        "population",
        "count",
        "rate_per_1000",
        "ci_low",
        "ci_high",
    ),
)
_INDICES: Final = ("service", "sii", "sii_low", "sii_high", "rii", "rii_low", "rii_high")
_EXPECTED: Final = (
    *("service", "imd_decile", "observed", "expected", "difference", "observed_share"),
)
_UNMET: Final = ("name", "lsoa", "service", "observed", "expected", "difference")
_PROTECTED_NOTE: Final = (
    "– stands for a figure that is not known, or that is held back because it is so small that it "
    "could point to a person."
)


def demand_part(section: DemandSection) -> dict[str, Any]:
    """Return the demand part of the page: charts and tables."""
    expected = section.expected_by_decile
    return {
        "notes": section.notes,
        "rate_chart": drawing(use_rate_chart(section.by_decile))
        if len(section.by_decile)
        else None,
        "by_decile": _view(
            section.by_decile, "use", "Use by deprivation decile, with 95% limits", _DECILE
        ),
        "indices": _view(
            section.indices, "indices", "How unequal use is across deprivation", _INDICES
        ),
        "expected_charts": [] if expected is None else _expected_charts(expected),
        "expected": _view(
            expected, "expected", "Observed and expected use by deprivation decile", _EXPECTED
        ),
        "unmet": _view(
            section.unmet_areas, "unmet", "Areas furthest below what is expected of them", _UNMET
        ),
    }


def _expected_charts(expected: pd.DataFrame) -> list[dict[str, Any]]:
    services = sorted(expected["service"].unique())
    return [
        drawing(expected_chart(expected[expected["service"] == service], service=str(service)))
        for service in services[:1]
    ]


def _view(
    frame: pd.DataFrame | None, slug: str, caption: str, columns: tuple[str, ...]
) -> TableView | None:
    if frame is None or frame.empty:
        return None
    present = [name for name in columns if name in frame.columns]
    is_protected = bool(frame[present].isna().to_numpy().any())
    return table_view(
        frame,
        slug=slug,
        caption=caption,
        columns=present,
        note=_PROTECTED_NOTE if is_protected else "",
    )
