import json
import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import toytown
from hostile import HOSTILE
from mapping_town import greedy_plan, siting_content

from ntgeo.domain.matrix import TimeRange
from ntgeo.domain.places import SiteStatus
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import CrsError, InputError, MissingColumnError, SettingsError
from ntgeo.mapping import Backdrop, Measure, SitingMapContent, draw_siting_map
from ntgeo.mapping.audience import shown_deciles
from ntgeo.mapping.safe import cleaned
from ntgeo.mapping.siting_figures import DecileRow
from ntgeo.siting import solve_here


def drawing_of(path):
    text = path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="ntgeo-data">(.*?)</script>', text)
    return json.loads(found[1])


def page_text(path):
    return path.read_text(encoding="utf-8")


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("one.html", "two.html"):
        draw_siting_map(siting_content(), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_how_long_it_took_is_not_in_the_page(tmp_path, siting_page):
    content = siting_content()
    report = replace(content.plan.report, wall_time_s=987.654)
    draw_siting_map(
        replace(content, plan=replace(content.plan, report=report)), tmp_path / "m.html"
    )
    assert (tmp_path / "m.html").read_bytes() == siting_page.read_bytes()


def test_shuffled_areas_give_the_same_bytes(tmp_path, siting_page):
    content = siting_content()
    shuffled = content.areas.sample(frac=1, random_state=3)
    draw_siting_map(replace(content, areas=shuffled), tmp_path / "map.html")
    assert (tmp_path / "map.html").read_bytes() == siting_page.read_bytes()


def test_the_page_is_small_and_names_no_outside_script(siting_page):
    text = page_text(siting_page)
    assert len(text) < 600_000
    assert "cdn." not in text
    assert "<script src" not in text
    assert "<link" not in text
    assert "@import" not in text
    assert "sourceMappingURL" not in text


def test_every_script_is_allowed_by_its_hash_and_nothing_else_is(siting_page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page_text(siting_page))[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("'sha256-") == 3
    assert "unsafe-eval" not in policy
    assert "img-src data:;" in policy


def test_the_licence_of_leaflet_is_in_the_page(siting_page):
    assert "BSD 2-Clause License" in page_text(siting_page)
    assert "Redistributions in binary form" in page_text(siting_page)


def test_synthetic_places_are_said_to_be_synthetic(tmp_path, siting_page):
    assert "Synthetic sample borough: not a real place" in page_text(siting_page)
    draw_siting_map(siting_content(is_synthetic=False), tmp_path / "map.html")
    assert "Synthetic sample borough" not in page_text(tmp_path / "map.html")


def test_only_chosen_columns_reach_the_page(tmp_path):
    content = siting_content()
    areas = content.areas.assign(nhs_number="943 476 5919", carer="Mary Ellen Poole")
    draw_siting_map(replace(content, areas=areas), tmp_path / "map.html")
    assert "943 476 5919" not in page_text(tmp_path / "map.html")
    assert "Poole" not in page_text(tmp_path / "map.html")


def test_withheld_figures_are_hatched_and_their_numbers_are_not_in_the_page(tmp_path):
    content = siting_content()
    areas = content.areas.copy()
    areas.loc[areas.index[:4], "is_small"] = True
    areas.loc[areas.index[:4], "observed"] = 3.0
    content = replace(content, areas=areas, audience="public")
    draw_siting_map(content, tmp_path / "map.html")
    drawing = drawing_of(tmp_path / "map.html")
    measure = next(m for m in drawing["measures"] if m["label"] == "Visits recorded")
    assert measure["plan"]["texts"][:4] == ["withheld (small number)"] * 4
    position = measure["plan"]["of"][0]
    assert measure["classes"][position]["hatch"] == "withheld"
    assert "Demand" not in [m["label"] for m in drawing["measures"]]


def test_every_area_is_drawn_in_the_order_of_the_problem(siting_page):
    drawing = drawing_of(siting_page)
    content = siting_content()
    assert drawing["areas"]["ids"] == list(content.problem.areas)
    for measure in drawing["measures"]:
        for view in ("plan", "today"):
            if view in measure:
                assert len(measure[view]["of"]) == len(content.problem.areas)
                assert max(measure[view]["of"]) < len(measure["classes"])


def test_lines_run_from_each_area_to_the_site_of_its_allocation(siting_page):
    drawing, content = drawing_of(siting_page), siting_content()
    names = {s.id: s.name for s in content.problem.sites}
    drawn = {
        drawing["areas"]["ids"][area]: drawing["sites"][site]["name"]
        for area, site in enumerate(drawing["views"]["plan"]["siteOf"])
        if site >= 0
    }
    assert drawn == {a.lsoa: names[a.site] for a in content.plan.allocations}


def test_toytown_by_hand(tmp_path):
    problem = toytown.siting_problem(site_count=2)
    strips = gpd.GeoDataFrame(
        {"lsoa": list(problem.areas), "name": [f"Area {i}" for i in range(5)]},
        geometry=gpd.points_from_xy(
            [toytown.location(m).easting_m for m in toytown.AREA_MINUTES.values()], [550_000.0] * 5
        ).buffer(2000, cap_style="square"),
        crs=27700,
    )
    content = siting_content(
        areas=strips, problem=problem, plan=greedy_plan(problem), measures=(), backdrop=Backdrop()
    )
    draw_siting_map(content, tmp_path / "map.html")
    text = page_text(tmp_path / "map.html")
    # greedy opens S2 (800) and then, of equals, S1: 200 saved by either end; S4 saves 300
    assert "The plan has 2 sites open (2 new); 2 of today&#39;s would close." in text
    assert "5.6 min" in text  # 500 person-minutes / 90 people
    assert "today 11.1 min" in text  # 1000 / 90


def test_a_mean_of_those_served_is_not_set_beside_the_mean_of_all(tmp_path):
    problem = toytown.siting_problem(site_count=2)
    near = replace(problem, rules=replace(problem.rules, travel_limit_s=60.0))
    strips = gpd.GeoDataFrame(
        {"lsoa": list(near.areas), "name": [f"Area {i}" for i in range(5)]},
        geometry=gpd.points_from_xy(
            [toytown.location(m).easting_m for m in toytown.AREA_MINUTES.values()], [550_000.0] * 5
        ).buffer(2000, cap_style="square"),
        crs=27700,
    )
    plan = solve_here(near, SolveLimits())
    content = siting_content(
        areas=strips, problem=near, plan=plan, measures=(), backdrop=Backdrop()
    )
    draw_siting_map(content, tmp_path / "map.html")
    text = page_text(tmp_path / "map.html")
    assert plan.unserved
    assert "Mean travel time of those served" in text
    assert "today 11.1 min" not in text


def test_a_site_says_what_became_of_it(tmp_path):
    statuses = {
        "S1": SiteStatus.EXISTING, "S2": SiteStatus.REQUIRED, "S3": SiteStatus.COMPETITOR,
        "S4": SiteStatus.EXCLUDED,
    }  # fmt: skip
    problem = toytown.siting_problem(site_count=1, statuses=statuses)
    squares = gpd.points_from_xy(
        [toytown.location(m).easting_m for m in toytown.AREA_MINUTES.values()], [550_000.0] * 5
    ).buffer(2500, cap_style="square")
    areas = gpd.GeoDataFrame(
        {"lsoa": list(problem.areas), "name": list("abcde")}, geometry=squares, crs=27700
    )
    content = siting_content(
        areas=areas, problem=problem, plan=greedy_plan(problem), measures=(), backdrop=Backdrop()
    )
    draw_siting_map(content, tmp_path / "map.html")
    roles = {s["name"]: s["role"] for s in drawing_of(tmp_path / "map.html")["sites"]}
    assert roles == {
        "Site S1": "closed",
        "Site S2": "required",
        "Site S3": "competitor",
        "Site S4": "excluded",
    }


def test_straight_lines_are_loudly_marked(tmp_path):
    content = siting_content()
    travel = replace(content.problem.travel, method="straight line × 1.3 (no roads were used)")
    problem = replace(content.problem, travel=travel)
    draw_siting_map(replace(content, problem=problem), tmp_path / "map.html")
    assert "No roads were used. Travel times are straight line × 1.3" in page_text(
        tmp_path / "map.html"
    )


def test_the_range_of_times_is_told_in_a_sentence(tmp_path):
    content = siting_content()
    told = TimeRange(low_share=0.5, high_share=2.0, source="by <b>hand")
    travel = replace(content.problem.travel, time_range=told)
    ranged = replace(content, problem=replace(content.problem, travel=travel))
    draw_siting_map(ranged, tmp_path / "map.html")
    (sentence,) = re.findall(
        r"estimates: read ([\d.]+) minutes as ([\d.]+) to ([\d.]+) minutes \(by &#60;b&#62;hand\)",
        page_text(tmp_path / "map.html"),
    )
    central, low, high = map(float, sentence)
    assert (low, high) == (pytest.approx(central / 2, abs=0.1), pytest.approx(central * 2, abs=0.1))


def test_unserved_areas_are_listed_with_reason_and_remedy(tmp_path):
    content = siting_content(limit_s=300.0)
    assert content.plan.unserved
    draw_siting_map(content, tmp_path / "map.html")
    text = page_text(tmp_path / "map.html")
    assert "Areas not served" in text
    assert text.count("the nearest open site is") >= len(content.plan.unserved)
    assert "Demand within 5 min" in text


def test_sixty_hostile_names_stand_in_the_page_as_text_only(tmp_path):
    content = hostile_content()
    draw_siting_map(content, tmp_path / "map.html")
    text = page_text(tmp_path / "map.html")
    for raw in (
        "<script>alert(1)",
        "<img src=x",
        "onload=alert(1)>",
        "${alert",
        "{{7*7}}",
        "\u2028",
    ):
        assert raw not in text.replace(leaflet_and_own_scripts(text), "")
    drawing = drawing_of(tmp_path / "map.html")
    assert set(map(cleaned, HOSTILE)) <= set(drawing["areas"]["names"])


def leaflet_and_own_scripts(text):
    """The packaged scripts, which may hold such characters as code."""
    start = text.index("/* @preserve")
    return text[start : text.rindex("</script>")]


def hostile_content() -> SitingMapContent:
    content = siting_content()
    count = len(content.areas)
    names = [HOSTILE[i % len(HOSTILE)] for i in range(count)]
    texts = pd.Series(names, index=content.areas.index, dtype=object)
    areas = content.areas.assign(name=texts, ward=texts)
    sites = tuple(replace(site, name=HOSTILE[i]) for i, site in enumerate(content.problem.sites))
    problem = replace(content.problem, sites=sites, demand_unit=HOSTILE[20])
    report = replace(content.plan.report, method=HOSTILE[21], unit=HOSTILE[22])
    measures = tuple(
        replace(m, label=HOSTILE[30 + i], unit=HOSTILE[3 + i], note=HOSTILE[40 + i])
        for i, m in enumerate(content.measures)
    )
    return replace(
        content,
        title=HOSTILE[3],
        areas=areas,
        problem=problem,
        plan=replace(content.plan, report=report),
        measures=measures,
        sources=HOSTILE,
    )


def test_other_coordinates_are_refused():
    with pytest.raises(CrsError, match="EPSG:4326"):
        siting_content(areas=siting_content().areas.to_crs(4326))
    with pytest.raises(CrsError, match="backdrop water"):
        Backdrop(water=gpd.GeoDataFrame(geometry=[]))


def test_missing_columns_are_all_named_at_once():
    measures = (Measure(column="a", label="A"), Measure(column="b", label="B"))
    with pytest.raises(MissingColumnError, match=r"column a.*\n.*column b"):
        siting_content(measures=measures)


def test_an_area_without_a_shape_is_refused():
    content = siting_content()
    with pytest.raises(InputError, match="no shape for X01000001"):
        replace(content, areas=content.areas.iloc[1:])


def test_an_unknown_basemap_is_refused_and_a_known_one_is_told_to_the_reader(tmp_path):
    with pytest.raises(SettingsError, match='basemap "nowhere"'):
        draw_siting_map(siting_content(basemap="nowhere"), tmp_path / "map.html")
    with pytest.raises(SettingsError, match="needs a key"):
        draw_siting_map(siting_content(basemap="os"), tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()
    draw_siting_map(siting_content(basemap="osm"), tmp_path / "map.html")
    text = page_text(tmp_path / "map.html")
    assert "Background tiles come from outside this file (tile.openstreetmap.org)" in text
    assert "img-src data: https://tile.openstreetmap.org;" in text


def test_too_many_classes_are_refused():
    with pytest.raises(ValueError, match="1 to 9 are legible"):
        Measure(column="a", label="A", classes=12)


def test_shapes_lie_where_the_areas_do(siting_page):
    drawing, content = drawing_of(siting_page), siting_content()
    around = content.areas.to_crs(4326).total_bounds
    (south, west), (north, east) = drawing["bounds"]
    assert west < around[0] < around[2] < east
    assert south < around[1] < around[3] < north
    first = drawing["areas"]["shapes"][0][0][0]
    ring = np.cumsum(np.array(first).reshape(-1, 2), axis=0) / 100_000
    expected = content.areas.to_crs(4326).geometry.iloc[0].bounds
    assert np.allclose([*ring.min(axis=0), *ring.max(axis=0)], expected, atol=1.1e-5)


def test_the_public_sees_no_sum_of_demand_but_the_total(tmp_path):
    content = siting_content(limit_s=420.0, audience="public", measures=())
    assert content.plan.unserved
    total = float(content.problem.demand.sum())
    secret = 271.828
    demand = content.problem.demand.copy()
    demand[:] = secret
    problem = replace(content.problem, demand=demand)
    draw_siting_map(replace(content, problem=problem), tmp_path / "map.html")
    served = [sum(a.site == site for a in content.plan.allocations) for site in content.plan.opened]
    text = page_text(tmp_path / "map.html")
    assert total > 0
    assert "Demand served" in text  # the heading stays, the figures do not
    for count in {1, *served}:
        assert f"{secret * count:,.0f}<" not in text
        assert f"{secret * count:,.0f} (" not in text
    assert f"{secret * len(demand):,.0f} visits a year" in text


def test_the_public_sees_no_mean_over_one_or_two_areas():
    rows = tuple(
        DecileRow(decile=d, areas=n, demand=9.0, today=1.0, plan=1.0)
        for d, n in ((1, 2), (2, 3), (3, 1))
    )
    assert shown_deciles(rows, "planner") == rows
    assert [(row.decile, row.demand) for row in shown_deciles(rows, "public")] == [(2, None)]
