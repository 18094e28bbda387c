"""The words and tables of the siting page: all that the map shows, for those who do not see it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.siting_words import OBJECTIVE_TEXTS, value_text, value_tile
from ntgeo.domain.units import SECONDS_PER_MINUTE, duration_text
from ntgeo.mapping.audience import shown_deciles
from ntgeo.mapping.classes import number_text
from ntgeo.mapping.content import Audience, SitingMapContent
from ntgeo.mapping.siting_figures import (
    ROLE_LABELS,
    Access,
    DecileRow,
    SiteRole,
    SiteRow,
    decile_rows,
)
from ntgeo.mapping.siting_measures import area_deciles, demand_decimals
from ntgeo.mapping.wording import counted, travel_text, travel_warnings

__all__ = ["siting_facts"]

_MOST_LINKED_AREAS: Final = 600
_MOST_LISTED_AREAS: Final = 1_000
_LAYERS: Final = (
    ("closed", (SiteRole.CLOSED,), "Closed by the plan", True),
    ("rejected", (SiteRole.REJECTED, SiteRole.EXCLUDED), "Considered, not chosen", True),
    ("competitor", (SiteRole.COMPETITOR,), "Other providers", True),
)


def siting_facts(
    content: SitingMapContent,
    areas: pd.DataFrame,
    rows: tuple[SiteRow, ...],
    views: dict[str, Access],
    measure_names: list[str],
) -> dict[str, Any]:
    """Return all that the siting template shows, as plain text and numbers.

    Args:
        content: The plan.
        areas: A row an area, in the order of the problem.
        rows: Sites as drawn.
        views: Access in the plan, and today where something is open today.
        measure_names: In the order of the page.
    """
    problem = content.problem
    plan, today = views["plan"], views.get("today")
    deciles = decile_rows(problem, area_deciles(areas), today, plan)
    return {
        "title": content.title,
        "subtitle": f"Siting plan: {OBJECTIVE_TEXTS[problem.objective]}",
        "made_on": f"{content.made_on:%d %B %Y}".lstrip("0"),
        "page_kind": "siting",
        "is_synthetic": content.is_synthetic,
        "sources": content.sources,
        "sentences": _sentences(rows, content.plan, problem, plan),
        "warnings": travel_warnings(problem.travel, content.backdrop),
        "headline": [
            *_headline(problem, plan, today),
            *_objective_tile(problem, content.plan, content.audience),
        ],
        "has_today": today is not None,
        "measure_names": measure_names,
        "layers": _layers(content, rows),
        "open_roles": _open_roles(rows),
        "proof": _proof(problem, content.plan),
        "deciles": _decile_table(shown_deciles(deciles, content.audience), problem),
        "decile_caption": _decile_caption(problem.rules.travel_limit_s),
        **_site_table(rows, problem),
        "unserved": _unserved(content, areas),
        **_area_table(content, areas, views),
    }


def _sentences(
    rows: tuple[SiteRow, ...], plan: SitingPlan, problem: SitingProblem, access: Access
) -> list[str]:
    counts = {role: sum(row.role is role for row in rows) for role in SiteRole}
    parts = [
        f"{counts[role]:,} {word}"
        for role, word in (
            (SiteRole.KEPT, "kept"),
            (SiteRole.REQUIRED, "required"),
            (SiteRole.NEW, "new"),
        )
        if counts[role]
    ]
    closed = f"; {counts[SiteRole.CLOSED]:,} of today's would close" if plan.closed else ""
    opened = counted(len(plan.opened), "site")
    lead = f"The plan has {opened} open ({', '.join(parts)}){closed}."
    served = (
        f"Every one of the {counted(len(problem.areas), 'area')} is served."
        if not plan.unserved
        else f"{counted(len(plan.unserved), 'area is', 'areas are')} not served; "
        "the list below says why."
    )
    told, mean_s = problem.travel.time_range, access.mean_time_s(problem.demand)
    times = [told.reading(mean_s)] if told.is_told and mean_s is not None else []
    return [lead, served, *times, f"Status: {plan.report.status_text}."]


def _headline(
    problem: SitingProblem, plan: Access, today: Access | None
) -> list[tuple[str, str, str]]:
    tiles = [_mean_tile(problem, plan, today)]
    limit_s = problem.rules.travel_limit_s
    if limit_s is None:
        farthest = np.nanmax(plan.time_s, initial=0.0)
        before = "" if today is None else f"today {_minutes(np.nanmax(today.time_s, initial=0.0))}"
        tiles.append(("Longest travel time", _minutes(float(farthest)), before))
    else:
        before = "" if today is None else f"today {today.share_within(problem.demand, limit_s):.1%}"
        share = plan.share_within(problem.demand, limit_s)
        tiles.append((f"Demand within {duration_text(limit_s)}", f"{share:.1%}", before))
    return tiles


def _mean_tile(problem: SitingProblem, plan: Access, today: Access | None) -> tuple[str, str, str]:
    """Return the mean journey; beside today's only where both are of the same areas."""
    mean_s = plan.mean_time_s(problem.demand)
    shown = "–" if mean_s is None else _minutes(mean_s)
    left_out = np.isnan(plan.time_s)
    if today is None:
        return "Mean travel time", shown, ""
    if (left_out & ~np.isnan(today.time_s)).any():
        return "Mean travel time of those served", shown, ""
    before_s = today.mean_time_s(problem.demand)
    return "Mean travel time", shown, "" if before_s is None else f"today {_minutes(before_s)}"


def _objective_tile(
    problem: SitingProblem, plan: SitingPlan, audience: Audience
) -> list[tuple[str, str, str]]:
    """Return the tile of what the objective comes to, where the others do not tell it."""
    tile = value_tile(problem.objective, plan.report, float(problem.demand.sum()))
    tells_demand = plan.report.unit == problem.demand_unit
    return [] if tile is None or (audience == "public" and tells_demand) else [tile]


def _minutes(duration_s: float) -> str:
    return f"{duration_s / SECONDS_PER_MINUTE:.1f} min"


def _layers(content: SitingMapContent, rows: tuple[SiteRow, ...]) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = [
        {"key": "catchments", "role": "", "label": "Catchment outlines", "is_on": True},
        {
            "key": "links",
            "role": "",
            "label": "Lines from areas to their site",
            "is_on": len(content.problem.areas) <= _MOST_LINKED_AREAS,
        },
    ]
    if content.reach is not None:
        limits = ", ".join(f"{m:g}" for m in sorted(content.reach["minutes"].tolist()))
        label = f"Reached from open sites in {limits} min"
        layers.append({"key": "reach", "role": "", "label": label, "is_on": False})
    for key, roles, label, is_on in _LAYERS:
        count = sum(row.role in roles for row in rows)
        shown = next((row.role for row in rows if row.role in roles), roles[0])
        if count:
            layers.append(
                {"key": key, "role": str(shown), "label": f"{label} ({count:,})", "is_on": is_on}
            )
    if content.backdrop.roads is not None:
        layers.append({"key": "roads", "role": "", "label": "Roads", "is_on": True})
    return layers


def _open_roles(rows: tuple[SiteRow, ...]) -> list[tuple[str, str]]:
    return [
        (str(role), ROLE_LABELS[role])
        for role in (SiteRole.KEPT, SiteRole.REQUIRED, SiteRole.NEW)
        if any(row.role is role for row in rows)
    ]


def _proof(problem: SitingProblem, plan: SitingPlan) -> list[tuple[str, str]]:
    report = plan.report
    gap = report.gap_share
    return [
        ("Status", report.status_text),
        ("Wanted", OBJECTIVE_TEXTS[problem.objective]),
        *(
            (
                f"Then, giving up {aim.slack_share:.0%}" if aim.slack_share else "Then",
                OBJECTIVE_TEXTS[aim.objective],
            )
            for aim in problem.then
        ),
        ("Value of the plan", value_text(report.objective, report.unit)),
        (
            "No plan can be better than",
            "not known" if report.bound is None else value_text(report.bound, report.unit),
        ),
        ("Gap", "not known" if gap is None else f"{gap:.2%}"),
        ("Method", report.method),
        ("Travel", travel_text(problem.travel)),
        ("Demand", f"{number_text(float(problem.demand.sum()), 0)} {problem.demand_unit}"),
    ]


def _decile_caption(limit_s: float | None) -> str:
    if limit_s is None:
        return "Mean travel time in minutes, weighted by demand, by IMD decile of the area"
    return f"Share of demand within {duration_text(limit_s)} of its site, by IMD decile of the area"


def _decile_table(rows: tuple[DecileRow, ...], problem: SitingProblem) -> list[dict[str, Any]]:
    if len(rows) < 2:  # noqa: PLR2004 - one line compares with nothing
        return []
    is_share = problem.rules.travel_limit_s is not None
    ends = {1: "1 (most deprived)", 10: "10 (least deprived)"}
    known = [figure for row in rows for figure in (row.today, row.plan) if figure is not None]
    greatest = 1.0 if is_share else max([*known, 1.0])

    def text(figure: float | None) -> str:
        if figure is None:
            return "–"
        return f"{figure:.0%}" if is_share else f"{figure / SECONDS_PER_MINUTE:.1f}"

    return [
        {
            "label": ends.get(row.decile, str(row.decile)),
            "areas": row.areas,
            "demand": _figure(row.demand, demand_decimals(problem.demand))["text"],
            "today": text(row.today),
            "plan": text(row.plan),
            "today_width": round(100 * (row.today or 0.0) / greatest, 1),
            "plan_width": round(100 * (row.plan or 0.0) / greatest, 1),
        }
        for row in rows
    ]


def _figure(value: float | None, decimals: int, suffix: str = "") -> dict[str, Any]:
    if value is None or np.isnan(value):
        return {"text": "–", "sort": None}
    return {"text": number_text(value, decimals) + suffix, "sort": round(value, decimals)}


def _heading(text: str, *, is_number: bool = True) -> dict[str, Any]:
    return {"text": text, "is_number": is_number}


def _site_table(rows: tuple[SiteRow, ...], problem: SitingProblem) -> dict[str, Any]:
    decimals = demand_decimals(problem.demand)
    has_capacity = any(row.site.capacity is not None for row in rows)
    has_cost = any(row.site.fixed_cost_gbp is not None for row in rows)
    headings = [
        _heading("No."),
        _heading("Site", is_number=False),
        _heading("In the plan", is_number=False),
        _heading("Areas served"),
        _heading("Demand served"),
        _heading("Mean travel, min"),
        *([_heading("Capacity")] if has_capacity else []),
        *([_heading("Yearly cost, £")] if has_cost else []),
    ]
    table = []
    for position, row in enumerate(rows):
        mean = None if row.mean_time_s is None else row.mean_time_s / SECONDS_PER_MINUTE
        figures = [
            _figure(float(row.areas) if row.is_open else None, 0),
            _figure(row.demand if row.is_open else None, decimals),
            _figure(mean, 1),
        ]
        if has_capacity:
            figures.append(_figure(row.site.capacity, 0))
        if has_cost:
            figures.append(_figure(row.site.fixed_cost_gbp, 0))
        table.append(
            {
                "order": position,
                "position": position,
                "number": row.number or "",
                "role": str(row.role),
                "name": row.site.name,
                "label": ROLE_LABELS[row.role],
                "figures": figures,
            }
        )
    return {"site_headings": headings, "site_table": table}


def _unserved(content: SitingMapContent, areas: pd.DataFrame) -> list[dict[str, Any]]:
    decimals = demand_decimals(content.problem.demand)
    is_shown = content.audience != "public"
    return [
        {
            "name": areas["name"].loc[area.lsoa],
            "demand": _figure(area.demand if is_shown else None, decimals)["text"],
            "reason": area.reason,
            "change": area.change,
        }
        for area in content.plan.unserved
    ]


def _area_columns(
    content: SitingMapContent, areas: pd.DataFrame, views: dict[str, Access]
) -> list[tuple[str, Any, int]]:
    """Return heading, figures by area and decimals of each column of numbers."""
    problem = content.problem
    columns: list[tuple[str, Any, int]] = []
    if "population" in areas.columns:
        columns.append(("Residents", areas["population"].to_numpy(dtype=np.float64), 0))
    deciles = area_deciles(areas)
    if np.isfinite(deciles).any():
        columns.append(("IMD decile", deciles, 0))
    if content.audience != "public":
        columns.append(("Demand", problem.demand, demand_decimals(problem.demand)))
    for measure in content.measures:
        values = areas[measure.column].to_numpy(dtype=np.float64)
        if measure.withheld_column is not None:
            values = np.where(areas[measure.withheld_column].to_numpy(dtype=bool), np.nan, values)
        columns.append((measure.label, values, measure.decimals))
    for view, heading in (("today", "Minutes today"), ("plan", "Minutes in the plan")):
        if view in views:
            columns.append((heading, views[view].time_s / SECONDS_PER_MINUTE, 1))
    return columns


def _area_table(
    content: SitingMapContent, areas: pd.DataFrame, views: dict[str, Access]
) -> dict[str, Any]:
    problem = content.problem
    wards = areas["ward"].fillna("").tolist() if "ward" in areas.columns else [""] * len(areas)
    columns = _area_columns(content, areas, views)
    texts = ["Area", "Code", *(["Ward"] if any(wards) else []), "Served by"]
    names = [*(site.name for site in problem.sites), "not served"]
    served_by = [names[column] for column in views["plan"].site_of.tolist()]
    area_names = areas["name"].tolist()
    table = [
        {
            "position": position,
            "name": area_names[position],
            "code": problem.areas[position],
            "ward": wards[position],
            "served_by": served_by[position],
            "figures": [_figure(float(v[position]), decimals) for _, v, decimals in columns],
        }
        for position in _listed(problem)
    ]
    part = ""
    if len(table) < len(areas):
        part = f"The {len(table):,} of {len(areas):,} areas with the most demand. "
    return {
        "area_headings": [
            *(_heading(text, is_number=False) for text in texts),
            *(_heading(heading) for heading, _, _ in columns),
        ],
        "area_table": table,
        "has_wards": any(wards),
        "area_caption": f"{part}Demand counts {problem.demand_unit}. A dash means no data, "
        "withheld or not served.",
    }


def _listed(problem: SitingProblem) -> list[int]:
    """Return the positions of the areas that the page lists, in order of code."""
    if len(problem.areas) <= _MOST_LISTED_AREAS:
        return list(range(len(problem.areas)))
    most = np.argsort(-problem.demand, kind="stable")[:_MOST_LISTED_AREAS]
    return sorted(most.tolist())
