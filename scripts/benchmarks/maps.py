"""Measure the siting map of a whole country: its size, how long it takes to draw, and to pan.

    python scripts/benchmarks/maps.py                  # the 33,755 LSOAs of England, 200 sites
    python scripts/benchmarks/maps.py --areas 5000 --keep england.html

It prints a JSON line: seconds to draw, bytes of the page without and with its library, and in
headless Chromium seconds until the map stands and the time between frames while it is dragged (a
screen shows one each 16.7 ms). ``$NTGEO_SHARED_DATA/england`` holds
boundaries and population. Sites are drawn by seed and each area goes to its nearest.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from siting_england import england_shapes

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))

from browser import browser

from ntgeo import CandidateSite, Location, SitingProblem, SitingRules, TravelTimeMatrix
from ntgeo.domain.siting import Allocation, SitingPlan
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.mapping import Measure, SitingMapContent, draw_siting_map
from ntgeo.mapping.leaflet import leaflet_script, leaflet_style

SEED = 1
SPEED_M_PER_S = 11.0
WATCH = """
window.gaps = [];
let last = performance.now();
const turn = (now) => {
  window.gaps.push(now - last);
  last = now;
  requestAnimationFrame(turn);
};
requestAnimationFrame(turn);
"""
ZOOM = """
const map = Object.values(window).find((v) => v instanceof L.Map);
map.setView(map.getCenter(), map.getZoom() + arguments[0], { animate: false });
"""
DRAGS, STEPS = 6, 25
STANDS = """
return document.querySelectorAll('.leaflet-areas-pane canvas, .leaflet-areas-pane path').length
"""


def read_areas(count: int) -> gpd.GeoDataFrame:
    """Return ``lsoa, name, population, geometry`` of LSOAs of England by seed, by code."""
    shapes, people = england_shapes()
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(shapes))[:count])
    shapes = shapes.iloc[chosen].to_crs("EPSG:27700").rename(columns={"lsoa21_code": "lsoa"})
    names = next((c for c in shapes.columns if "name" in c.lower()), "lsoa")
    shapes["name"] = shapes[names]
    shapes["population"] = people[chosen]
    return shapes[["lsoa", "name", "population", "geometry"]].reset_index(drop=True)


def build_content(areas: gpd.GeoDataFrame, sites: int) -> SitingMapContent:
    """Return a map of so many sites, drawn by seed, and each area's nearest."""
    points = areas.geometry.representative_point()
    xy = np.column_stack([points.x, points.y])
    where = np.sort(np.random.default_rng(SEED).choice(len(areas), sites, replace=False))
    apart_m = np.hypot(*(xy[:, None, axis] - xy[None, where, axis] for axis in range(2)))
    codes = areas["lsoa"].tolist()
    names = [f"S{number:04d}" for number in range(sites)]
    problem = SitingProblem.from_arrays(
        demand=areas["population"].to_numpy(),
        travel=TravelTimeMatrix.from_arrays(
            apart_m / SPEED_M_PER_S, origins=codes, destinations=names, distance_m=apart_m
        ),
        objective="p-median",
        rules=SitingRules(site_count=sites),
        sites=[
            CandidateSite(
                id=name, name=f"Site {name}", location=Location(easting_m=x, northing_m=y)
            )
            for name, (x, y) in zip(names, xy[where].tolist(), strict=True)
        ],
        demand_unit="residents",
    )
    nearest = apart_m.argmin(axis=1)
    least_m = apart_m.min(axis=1)
    plan = SitingPlan(
        opened=tuple(site.id for site in problem.sites),
        closed=(),
        allocations=tuple(
            Allocation(
                lsoa=code,
                site=names[site],
                demand=demand,
                share=1.0,
                time_s=metres / SPEED_M_PER_S,
                distance_m=metres,
            )
            for code, site, demand, metres in zip(
                codes, nearest.tolist(), problem.demand.tolist(), least_m.tolist(), strict=True
            )
        ),
        unserved=(),
        report=SolveReport(
            status=SolveStatus.FEASIBLE,
            objective=float((problem.demand * least_m).sum() / SPEED_M_PER_S),
            bound=None,
            is_maximised=False,
            unit="resident-seconds",
            method="the nearest site",
            wall_time_s=0.0,
            seed=SEED,
        ),
    )
    return SitingMapContent(
        title="England",
        areas=areas,
        problem=problem,
        plan=plan,
        made_on=date(2026, 1, 1),
        measures=(Measure(column="population", label="Residents", decimals=0),),
        sources=("Office for National Statistics, Open Government Licence v3.0.",),
    )


def measure_panning(path: Path) -> dict[str, float]:
    """Return seconds until the map stands, and milliseconds between frames while it is dragged.

    The longest frame is that in which the map, let go, is drawn anew.
    """
    with browser() as opened:
        started = time.perf_counter()
        opened.get(path.resolve().as_uri())
        while not opened.execute_script(STANDS):
            time.sleep(0.02)
        told = {"stands_after_s": round(time.perf_counter() - started, 2)}
        for name, zoom in (("whole", 0), ("region", 2), ("town", 3)):
            opened.execute_script(ZOOM, zoom)
            opened.execute_script(WATCH)
            for drag in range(DRAGS):
                _drag(opened, -1 if drag % 2 else 1)
                time.sleep(0.5)
            gaps = np.array(opened.execute_script("return window.gaps.slice(2)"))
            told[f"{name}_frame_median_ms"] = round(float(np.median(gaps)), 1)
            told[f"{name}_frame_95_ms"] = round(float(np.percentile(gaps, 95)), 1)
            told[f"{name}_frame_longest_ms"] = round(float(gaps.max()), 1)
    return told


def _drag(opened: Any, way: int) -> None:
    """Drag the map with the mouse, as a reader does, and let it go."""

    def mouse(kind: str, step: int) -> None:
        at = {"x": 900 + way * 8 * step, "y": 420 + way * 3 * step}
        event = {"type": kind, "button": "left", "buttons": 1, "clickCount": 1, **at}
        opened.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    mouse("mousePressed", 0)
    for step in range(STEPS):
        mouse("mouseMoved", step)
    mouse("mouseReleased", STEPS)


def main(given: list[str] | None = None) -> int:
    """Draw, weigh and pan."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--areas", type=int, default=33_755)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="leave the page here")
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args(given)
    content = build_content(read_areas(asked.areas), asked.sites)
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder) / "map.html"
        started = time.perf_counter()
        draw_siting_map(content, path)
        told: dict[str, Any] = {
            "areas": len(content.areas),
            "sites": asked.sites,
            "draw_s": round(time.perf_counter() - started, 2),
            "page_bytes": path.stat().st_size,
            "library_bytes": len((leaflet_script() + leaflet_style()).encode()),
        }
        if not asked.no_browser:
            told |= measure_panning(path)
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
