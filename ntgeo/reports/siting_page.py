"""The siting part of the report."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from ntgeo.domain.siting_words import value_tile
from ntgeo.reports.charts import access_chart, coverage_chart, lorenz_chart, utilisation_chart
from ntgeo.reports.choices_page import age_view, choices_sentences, choices_views, supply_view
from ntgeo.reports.columns import ColumnKind
from ntgeo.reports.content import SitingSection
from ntgeo.reports.equity import gini_share, kolm_pollak_s, scale_per_s
from ntgeo.reports.map_view import map_view
from ntgeo.reports.plain import MISSING, cell_text, counted, percent_text
from ntgeo.reports.siting_access import access_by_decile_table, access_summary
from ntgeo.reports.siting_sentences import siting_sentences
from ntgeo.reports.siting_tables import siting_areas_table, siting_sites_table
from ntgeo.reports.svg import Chart
from ntgeo.reports.views import Heading, TableView, proof_view, table_view

__all__ = ["drawing", "siting_answer", "siting_part"]

_MOST_SITES: Final = 60
_MOST_AREAS: Final = 10
_LIMITS_TABLE_MIN: Final = (5, 10, 15, 20, 30, 45, 60)
_NEXT_AREA: Final = 3.0

_ACCESS: Final = (
    *("imd_decile", "areas", "population", "mean_before_s", "mean_after_s", "change_s"),
    *("p90_before_s", "p90_after_s", "worst_before_s", "worst_after_s"),
    *("within_before_share", "within_after_share"),
)
_SITES: Final = (
    *("name", "site_id", "decision", "status", "areas", "demand", "demand_share", "capacity"),
    *("utilisation_share", "mean_time_s", "longest_time_s", "fixed_cost_gbp"),
)
_OTHER_SITES: Final = ("name", "site_id", "decision", "status", "capacity", "fixed_cost_gbp")
_AREAS: Final = (
    *("name", "lsoa", "ward", "imd_decile", "population", "site_name", "time_before_s"),
    *("time_after_s", "change_s"),
)
_UNSERVED: Final = (
    *("name", "lsoa", "ward", "population", "time_after_s", "reason", "smallest_change"),
)


def drawing(chart: Chart) -> dict[str, Any]:
    """Return a chart for a template: its drawing is ours, so it is let through as it is."""
    return {"slug": chart.slug, "title": chart.title, "svg": Markup(chart.svg)}  # noqa: S704


def siting_part(section: SitingSection) -> dict[str, Any]:
    """Return the siting part of the page: figures, proof, map, charts and tables."""
    problem, plan = section.problem, section.plan
    areas, sites = _areas(section), _sites(section)
    limit_s = problem.rules.travel_limit_s
    by_decile = access_by_decile_table(areas, travel_limit_s=limit_s)
    return {
        "sentences": _sentences(section),
        "figures": _figures(section, areas),
        "map": None
        if section.map_file is None
        else map_view(
            section.map_file,
            section.map_picture,
            name="Map of the sites",
            alt=f"Every area by its journey, with {counted(len(plan.opened), 'open site')} and "
            "the sites that are not; the tables below hold the same figures",
        ),
        "demand_unit": problem.demand_unit,
        "method": problem.travel.method,
        "access_chart": drawing(access_chart(by_decile)) if len(by_decile) else None,
        "coverage_chart": drawing(coverage_chart(areas, travel_limit_s=limit_s)),
        "coverage": _coverage_view(areas),
        "lorenz_chart": drawing(lorenz_chart(areas)),
        "spread": _spread_view(areas),
        "sites_chart": drawing(utilisation_chart(sites, demand_unit=problem.demand_unit)),
        **_tables(section, areas, sites),
        "choice_notes": section.choice_notes,
    }


def siting_answer(section: SitingSection) -> tuple[list[str], list[TableView]]:
    """Return the siting answer as sentences and tables, for those who read no page."""
    tables = _tables(section, _areas(section), _sites(section))
    views = [
        *tables["sites"],
        tables["proof"],
        tables["access"],
        *(tables[name] for name in ("by_age", "supply", "winners", "losers", "unserved")),
        *tables["choices"],
    ]
    return _sentences(section), [view for view in views if view is not None]


def _tables(section: SitingSection, areas: pd.DataFrame, sites: pd.DataFrame) -> dict[str, Any]:
    problem = section.problem
    limit_s = problem.rules.travel_limit_s
    by_decile = access_by_decile_table(areas, travel_limit_s=limit_s)
    return {
        "proof": proof_view(section.plan.report, slug="siting-proof", caption="Sites: the proof"),
        "access": _access_view(by_decile, areas, limit_s, problem.demand_unit),
        "sites": _sites_views(sites, problem.demand_unit),
        "winners": _change_view(areas, sign=-1),
        "losers": _change_view(areas, sign=1),
        "unserved": _unserved_view(areas),
        "by_age": None if section.by_age is None else age_view(section.by_age),
        "supply": None if section.supply is None else supply_view(section.supply),
        "choices": choices_views(section),
    }


def _areas(section: SitingSection) -> pd.DataFrame:
    return siting_areas_table(section.problem, section.plan, section.areas)


def _sites(section: SitingSection) -> pd.DataFrame:
    if section.sites is not None:
        return section.sites
    return siting_sites_table(section.problem, section.plan)


def _sentences(section: SitingSection) -> list[str]:
    sentences = siting_sentences(
        section.problem, section.plan, section.areas, rounded_to=section.rounded_to
    )
    return [*sentences, *choices_sentences(section)]


def _figures(section: SitingSection, areas: pd.DataFrame) -> list[tuple[str, str, str]]:
    """(label, figure, beneath it) for the head of the page."""
    problem, plan = section.problem, section.plan
    limit_s, told = problem.rules.travel_limit_s, problem.travel.time_range
    figures = access_summary(areas, travel_limit_s=limit_s)
    shown = [("Sites open", f"{len(plan.opened):,}", "")]
    if not math.isnan(figures["mean_after_s"]):
        after, before = figures["mean_after_s"], figures["mean_before_s"]
        ends = [f"{after * share / 60:.1f}" for share in (told.low_share, told.high_share)]
        beneath = [f"range {' to '.join(ends)} min"] if told.is_told else []
        beneath += [] if math.isnan(before) else [f"today {before / 60:.1f} min"]
        shown.append(("Mean journey", f"{after / 60:.1f} min", "; ".join(beneath)))
    if limit_s is not None:
        today = figures["within_before_share"]
        shown.append(
            (
                f"Within {limit_s / 60:.3g} min",
                percent_text(figures["within_after_share"]),
                "" if math.isnan(figures["mean_before_s"]) else f"today {percent_text(today)}",
            )
        )
    tile = value_tile(problem.objective, plan.report, float(problem.demand.sum()))
    shown += [] if tile is None else [tile]
    unserved = int(areas["is_unserved"].sum())
    shown.append(("Areas served", f"{len(areas) - unserved:,} of {len(areas):,}", ""))
    return shown


def _access_view(
    by_decile: pd.DataFrame, areas: pd.DataFrame, limit_s: float | None, demand_unit: str
) -> TableView:
    everyone = access_summary(areas, travel_limit_s=limit_s)
    whole = table_view(pd.DataFrame([everyone]), slug="all", caption="", columns=_ACCESS[1:])
    shown = table_view(
        by_decile,
        slug="access",
        caption="Journeys by deprivation decile, today and in the plan",
        columns=_ACCESS,
        note=f"Each area counts by its demand ({demand_unit}). Decile 1 is the most deprived tenth "
        "of the country.",
    )
    by_label = dict(zip((h.label for h in whole.headings), whole.rows[0], strict=True))
    cells = tuple(by_label.get(h.label, "–") for h in shown.headings[1:])
    total = ("All areas", *cells)
    return TableView(
        slug=shown.slug,
        caption=shown.caption,
        headings=shown.headings,
        rows=(*shown.rows, total),
        note=shown.note,
    )


def _coverage_view(areas: pd.DataFrame) -> TableView:
    demand = areas["demand"].to_numpy(np.float64)
    rows = []
    for minutes in _LIMITS_TABLE_MIN:
        shares = [
            float(demand[areas[f"time_{when}_s"].to_numpy(np.float64) <= minutes * 60].sum())
            / float(demand.sum())
            for when in ("before", "after")
        ]
        rows.append((f"{minutes} minutes", *(f"{100 * share:.1f}%" for share in shares)))
        if min(shares) == 1:
            break
    return _compared_view(
        "coverage-table",
        "Share of demand within a number of minutes of an open site",
        "Within",
        rows,
    )


def _spread_view(areas: pd.DataFrame) -> TableView:
    """Mean, equity-adjusted and longest journey and Gini coefficient, before and after."""
    demand = areas["demand"].to_numpy(np.float64)
    times = [areas[f"time_{when}_s"].to_numpy(np.float64) for when in ("before", "after")]
    scales = [scale for scale in (scale_per_s(time, demand) for time in times) if scale > 0]
    scale = scales[0] if scales else 0.0
    figures = access_summary(areas)
    seconds = {
        "Mean journey": [figures["mean_before_s"], figures["mean_after_s"]],
        "Equity-adjusted mean": [kolm_pollak_s(t, demand, scale_per_s=scale) for t in times],
        "9 in 10 travel at most": [figures["p90_before_s"], figures["p90_after_s"]],
        "Longest journey": [figures["worst_before_s"], figures["worst_after_s"]],
    }
    rows = [
        (f"{label} (min)", *(cell_text(value, ColumnKind.SECONDS) for value in pair))
        for label, pair in seconds.items()
    ]
    ginis = [MISSING if np.isnan(t).all() else f"{gini_share(t, demand):.2f}" for t in times]
    return _compared_view(
        "spread",
        "How evenly journeys are spread",
        "Measure",
        [*rows, ("Gini coefficient", *ginis)],
        "The equity-adjusted mean (Kolm-Pollak, aversion 1) is the mean where all travel alike, "
        "and the further above it, the more unequal journeys are. A Gini coefficient of 0 means "
        "all travel alike.",
    )


def _compared_view(
    slug: str, caption: str, first: str, rows: list[tuple[str, ...]], note: str = ""
) -> TableView:
    """Figures of today beside those of the plan."""
    return TableView(
        slug=slug,
        caption=caption,
        headings=(
            Heading(label=first, is_figure=False),
            Heading(label="Today", is_figure=True),
            Heading(label="In the plan", is_figure=True),
        ),
        rows=tuple(rows),
        note=note,
    )


def _sites_views(sites: pd.DataFrame, demand_unit: str) -> list[TableView]:
    """Sites that are open today or in the plan with their figures; the others by name only."""
    rank = sites["decision"].map({"opened": 0, "kept open": 0, "closed": 1})
    ordered = sites.assign(rank=rank).sort_values(
        ["rank", "demand", "site_id"], ascending=[True, False, True]
    )
    figures = ["demand", "demand_share", "utilisation_share", "areas"]
    ordered[figures] = ordered[figures].where(ordered["is_open_in_plan"])
    chosen, others = ordered[ordered["rank"].notna()], ordered[ordered["rank"].isna()]
    views = [
        table_view(
            chosen,
            slug="sites",
            caption="Sites open today or in the plan",
            columns=_SITES,
            note=f"Demand is {demand_unit}.",
            most=_MOST_SITES,
        )
    ]
    if not others.empty:
        views.append(
            table_view(
                others.sort_values("site_id"),
                slug="other-sites",
                caption="Sites that were considered and are not open",
                columns=_OTHER_SITES,
                most=_MOST_SITES,
            )
        )
    return views


def _change_view(areas: pd.DataFrame, *, sign: int) -> TableView | None:
    changed = areas[areas["change_s"] * sign >= _NEXT_AREA]
    if changed.empty:
        return None
    ordered = changed.sort_values(["change_s", "lsoa"], ascending=[sign < 0, True])
    word = "more" if sign > 0 else "less"
    return table_view(
        ordered,
        slug="losers" if sign > 0 else "winners",
        caption=f"Areas that would travel {word} than today, the most first",
        columns=_AREAS,
        most=_MOST_AREAS,
    )


def _unserved_view(areas: pd.DataFrame) -> TableView | None:
    unserved = areas[areas["is_unserved"]]
    if unserved.empty:
        return None
    ordered = unserved.sort_values(["demand", "lsoa"], ascending=[False, True])
    return table_view(
        ordered,
        slug="unserved",
        caption="Areas that no open site serves",
        columns=_UNSERVED,
        most=_MOST_SITES,
    )
