"""A made-up borough of ten areas, small enough to attack: its files, and what is published."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from ntgeo import Workspace
from ntgeo.reports.svg import Chart
from ntgeo.services.answer_scenario import answer_scenario
from ntgeo.services.desk import Desk
from ntgeo.services.question import open_question
from ntgeo.services.write_maps import map_backdrop
from ntgeo.services.write_outputs import PUBLIC, write_public

AREAS = tuple(f"X010000{n:02d}" for n in range(1, 11))
SERVICES = ("advice", "club")
DECILES = (1, 1, 1, 1, 5, 5, 5, 5, 10, 10)
SCENARIO = """
id = "small"
title = "Advice in a made-up borough"
is_synthetic = true
disclosure_rule = "{rule}"
exports = ["parquet"]

[areas]
boundaries = "areas.geojson"
population = "population.csv"
deprivation = "deprivation.csv"

[demand]
service = "advice"
weight = "{weight}"

[[demand.records]]
file = "records.csv"

[roads]
mode = "car"

[[sites.files]]
file = "sites.csv"

[siting]
objective = "p-median"
site_count = 2

[siting.explain]
changes = false
flips = false
next_best_count = 0
"""


def write_borough(folder, counts, *, rule, weight):
    """Write every file of a scenario; ``counts`` holds uses by area and service."""
    shapes = []
    for n, area in enumerate(AREAS):
        west, south = -1.5 + 0.02 * (n % 5), 55 + 0.01 * (n // 5)
        east, north = west + 0.02, south + 0.01
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        facts = {"LSOA21CD": area, "LSOA21NM": f"Small {n:03d}A"}
        shapes.append({"type": "Feature", "properties": facts, "geometry": shape})
    areas = {"type": "FeatureCollection", "features": shapes}
    (folder / "areas.geojson").write_text(json.dumps(areas), encoding="utf-8")
    ages = np.random.default_rng(3).integers(5, 20, (len(AREAS), 91))
    people = pd.DataFrame(ages, columns=[str(age) for age in range(91)])
    people.insert(0, "Total", ages.sum(axis=1))
    people.insert(0, "LSOA21CD", AREAS)
    people.to_csv(folder / "population.csv", index=False)
    deprivation = {
        "lsoa21_code": AREAS,
        "IMD_score": np.linspace(60.3, 4.1, 10).round(1),
        "IMD_rank": np.arange(900, 10_900, 1000),
        "IMD_decile": DECILES,
    }
    pd.DataFrame(deprivation).to_csv(folder / "deprivation.csv", index=False)
    records = [
        (f"{area}{service}{n}", f"{area}{service}{n // 2}", service, "2025-04-01", area, 40)
        for (area, service), count in counts.items()
        for n in range(count)
    ]
    headings = ["record_id", "person_id", "service", "date", "lsoa", "age"]
    pd.DataFrame(records, columns=headings).to_csv(folder / "records.csv", index=False)
    sites = {
        "site_id": ["S1", "S2", "S3", "S4"],
        "name": ["North", "South", "East", "West"],
        "status": ["existing", "candidate", "existing", "candidate"],
        "lon": [-1.49, -1.47, -1.45, -1.43],
        "lat": [55.005, 55.015, 55.005, 55.015],
        "capacity": 200,
    }
    pd.DataFrame(sites).to_csv(folder / "sites.csv", index=False)
    path = folder / "scenario.toml"
    path.write_text(SCENARIO.format(rule=rule, weight=weight), encoding="utf-8")
    return path


def counts_of(advice, club):
    """Uses by area and service, from a list of each service's in order of area."""
    lists = dict(zip(SERVICES, (advice, club), strict=True))
    return {(area, s): lists[s][n] for n, area in enumerate(AREAS) for s in SERVICES}


def people_of(count):
    """How many people are behind a count: two uses each."""
    return (count + 1) // 2


def publish(folder, counts, *, rule, weight):
    """Answer the scenario and write what may be published; return its folder and the answer."""
    folder.mkdir()
    question = open_question(write_borough(folder, counts, rule=rule, weight=weight))
    answer = answer_scenario(question, Workspace(folder).settings)
    report = replace(answer.siting.plan.report, wall_time_s=0.1)  # else it differs between runs
    plan = replace(answer.siting.plan, report=report)
    answer = replace(answer, siting=replace(answer.siting, plan=plan))
    desk = Desk.of(folder, question, answer, date(2026, 11, 24))
    dict(write_public(desk, map_backdrop(desk)))
    return folder / PUBLIC, answer


def without_pictures(patch):
    """Leave out what takes longest to draw and is drawn from the tables beside it."""

    def no_chart(_figure, slug, title, description):
        return Chart(slug=slug, title=title, description=description, svg="<svg></svg>")

    def no_picture(paths, *_):
        for path in paths:
            path.write_bytes(b"")

    patch.setattr("ntgeo.reports.charts.inline_svg", no_chart)
    patch.setattr("ntgeo.reports.demand_charts.inline_svg", no_chart)
    patch.setattr("ntgeo.reports.draw_siting_picture", no_picture)
    patch.setattr("ntgeo.reports.write_pdf", lambda path, _: path.write_bytes(b""))
    patch.setattr("ntgeo.reports.siting_page.map_view", lambda *_, **__: None)
