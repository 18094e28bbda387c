"""Several services that share sites, as tables and sentences."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from ntgeo.domain.shared_siting import SharedSitingPlan, SharedSitingProblem
from ntgeo.domain.siting import SitingPlan
from ntgeo.domain.siting_words import OBJECTIVE_TEXTS
from ntgeo.reports.columns import typed_frame
from ntgeo.reports.plain import capital, counted, joined
from ntgeo.reports.views import TableView, proof_view, table_view

__all__ = ["shared_answer", "shared_services_table", "shared_sites_table"]

_SITES: Final = ("site_id", "name", "service", "fixed_cost_gbp")
_SERVICES: Final = ("service", "sites", "mean_time_s", "longest_time_s", "unserved_areas")


def shared_sites_table(problem: SharedSitingProblem, plan: SharedSitingPlan) -> pd.DataFrame:
    """Return one row an open site, by id: ``site_id, name, service, fixed_cost_gbp``.

    Services that run at a site stand in one cell; the cost is the site's own.
    """
    sites = {site.id: site for site in next(iter(problem.services.values())).sites}
    opened = [sites[name] for name in plan.opened]
    running = {
        site.id: "; ".join(name for name, part in plan.plans.items() if site.id in part.opened)
        for site in opened
    }
    costs = [site.fixed_cost_gbp for site in opened]
    cells = {
        "site_id": [site.id for site in opened],
        "name": [site.name for site in opened],
        "service": [running[site.id] for site in opened],
        "fixed_cost_gbp": [np.nan if cost is None else cost for cost in costs],
    }
    return typed_frame(cells, _SITES)


def shared_services_table(plan: SharedSitingPlan) -> pd.DataFrame:
    """Return one row a service: ``service, sites, mean_time_s, longest_time_s, unserved_areas``."""
    parts = plan.plans.values()
    cells = {
        "service": list(plan.plans),
        "sites": [len(part.opened) for part in parts],
        "mean_time_s": [_mean_s(part) for part in parts],
        "longest_time_s": [
            max((entry.time_s for entry in part.allocations), default=np.nan) for part in parts
        ],
        "unserved_areas": [len(part.unserved) for part in parts],
    }
    return typed_frame(cells, _SERVICES)


def _mean_s(plan: SitingPlan) -> float:
    served = math.fsum(entry.demand for entry in plan.allocations)
    travel = math.fsum(entry.demand * entry.time_s for entry in plan.allocations)
    return travel / served if served > 0 else math.nan


def shared_answer(
    problem: SharedSitingProblem, plan: SharedSitingPlan
) -> tuple[list[str], list[TableView]]:
    """Return the answer as sentences and tables."""
    sites, services = shared_sites_table(problem, plan), shared_services_table(plan)
    objective = next(iter(problem.services.values())).objective
    costs = "" if plan.fixed_cost_gbp is None else f", for £{plan.fixed_cost_gbp:,.0f} a year"
    running = [f"{name} at {counted(len(p.opened), 'site')}" for name, p in plan.plans.items()]
    sentences = [
        (
            f"{capital(counted(len(plan.opened), 'site is', 'sites are'))} open{costs}: "
            f"{joined(sites['name'].tolist())}."
        ),
        f"They run {joined(running)}.",
        (
            f"Wanted was {OBJECTIVE_TEXTS[objective]}, over all services. The plan is "
            f"{plan.report.status_text}."
        ),
    ]
    views = [
        table_view(sites, slug="shared-sites", caption="Open sites, and what runs there"),
        table_view(services, slug="shared-services", caption="Services"),
        proof_view(plan.report, slug="shared-proof", caption="The proof"),
    ]
    return sentences, views
