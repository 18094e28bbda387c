"""The measures every siting map offers beside those its caller adds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.mapping.classes import ClassedMeasure, classed
from ntgeo.mapping.content import Measure, SitingMapContent
from ntgeo.mapping.palettes import CATCHMENT_COLOURS
from ntgeo.mapping.siting_figures import NOBODY, Access

__all__ = ["area_deciles", "catchment_measure", "demand_decimals", "page_measures"]

_LARGE: Final = 100
_DECILE: Final = Measure(
    column="imd_decile",
    label="Deprivation (IMD decile)",
    decimals=0,
    scheme="deciles",
    palette="deprivation",
    note="Tenths of the small areas of the whole country; 1 is the most deprived.",
)
_TRAVEL: Final = Measure(
    column="minutes",
    label="Travel time",
    unit="minutes to the site that serves the area",
    scheme="quantile",
    palette="travel",
    note="Hatched areas are served by no site.",
)


def demand_decimals(demand: npt.NDArray[np.float64]) -> int:
    """Return how many decimals demand is shown with: none if whole or large."""
    return 0 if np.array_equal(demand, np.round(demand)) or demand.max() >= _LARGE else 1


def area_deciles(areas: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return (areas,) IMD deciles; NaN where not known."""
    if "imd_decile" not in areas.columns:
        return np.full(len(areas), np.nan)
    return pd.to_numeric(areas["imd_decile"], errors="coerce").to_numpy(dtype=np.float64)


def page_measures(
    content: SitingMapContent, areas: pd.DataFrame, plan: Access, today: Access | None
) -> list[dict[str, Any]]:
    """Return the measures as the page takes them, demand first.

    Args:
        content: The plan and the caller's measures.
        areas: A row an area, in the order of the problem.
        plan: Access in the plan.
        today: Access today.
    """
    demand = content.problem.demand
    built_in = Measure(
        column="demand",
        label="Demand",
        unit=content.problem.demand_unit,
        decimals=demand_decimals(demand),
        palette="demand",
    )
    pages = []
    if content.audience != "public":
        pages.append(_page_measure(classed(built_in, pd.DataFrame({"demand": demand}))))
    pages += [_page_measure(classed(measure, areas)) for measure in content.measures]
    if np.isfinite(area_deciles(areas)).any():
        figures = pd.DataFrame({"imd_decile": area_deciles(areas)})
        pages.append(_page_measure(classed(_DECILE, figures)))
    pages.append(_travel_measure(plan, today))
    return pages


def _page_measure(found: ClassedMeasure) -> dict[str, Any]:
    return {
        "label": found.measure.label,
        "unit": found.measure.unit,
        "note": found.measure.note,
        "isView": False,
        "classes": [
            {"label": item.label, "colour": item.colour, "hatch": item.hatch}
            for item in found.classes
        ],
        "plan": {"of": list(found.class_of), "texts": list(found.texts)},
    }


def _travel_measure(plan: Access, today: Access | None) -> dict[str, Any]:
    """Class the times of today and of the plan together, so that colours can be compared."""
    count = len(plan.time_s)
    views = [plan] if today is None else [plan, today]
    minutes = np.concatenate([view.time_s for view in views]) / SECONDS_PER_MINUTE
    found = classed(_TRAVEL, pd.DataFrame({"minutes": minutes}))
    page = _page_measure(found) | {"isView": True, "isTravel": True}
    for position, name in enumerate(["plan", "today"][: len(views)]):
        part = slice(position * count, (position + 1) * count)
        texts = [f"{text} min" if text[0].isdigit() else "not served" for text in found.texts[part]]
        page[name] = {"of": list(found.class_of[part]), "texts": texts}
    for item in page["classes"]:
        item["label"] = "not served" if item["hatch"] else item["label"]
    return page


def catchment_measure(
    views: dict[str, Access],
    labels: dict[str, tuple[str, ...]],
    tints: dict[str, dict[int, int]],
    ranks: tuple[int, ...],
) -> dict[str, Any]:
    """Return the measure that colours each area by the site that serves it.

    Args:
        views: Access per view, ``plan`` first.
        labels: Per view, what the legend calls each of the problem's sites.
        tints: Per view, position of a site → position of its catchment's tint.
        ranks: Order of the problem's sites in the legend.
    """
    classes: list[dict[str, Any]] = []
    page: dict[str, Any] = {
        "label": "Catchments",
        "unit": "the site that serves each area",
        "note": "Neighbouring catchments differ in tint; a tint has no other meaning.",
        "isView": True,
        "classes": classes,
    }
    for view, access in views.items():
        columns = access.site_of.tolist()
        used = sorted(set(columns), key=lambda c: (c == NOBODY, ranks[c]))
        class_of = {column: len(classes) + place for place, column in enumerate(used)}
        classes += [
            {"label": labels[view][c], "colour": CATCHMENT_COLOURS[tints[view][c]], "hatch": ""}
            if c != NOBODY
            else {"label": "not served", "colour": "", "hatch": "no-data"}
            for c in used
        ]
        page[view] = {
            "of": [class_of[column] for column in columns],
            "texts": [classes[class_of[column]]["label"] for column in columns],
        }
    return page
