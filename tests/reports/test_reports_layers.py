from dataclasses import replace

import numpy as np
import pytest
import report_plans
import shapely
import toytown

from ntgeo.errors import CrsError
from ntgeo.reports.layers import rounds_layers, siting_layers, to_geodataframe


def test_siting_layers_are_in_british_national_grid(siting, areas):
    layers = siting_layers(*siting, areas)
    assert list(layers) == ["areas", "sites", "allocations"]
    assert all(layer.crs.to_epsg() == 27700 for layer in layers.values())
    assert len(layers["areas"]) == 5
    assert layers["areas"].geometry.iloc[0].equals(areas.geometry.iloc[0])


def test_shapes_follow_their_areas_whatever_the_order(siting, areas):
    plain, shuffled = siting_layers(*siting, areas), siting_layers(*siting, areas.iloc[::-1])
    for name, layer in plain.items():
        assert layer.geometry.geom_equals(shuffled[name].geometry).all()


def test_an_allocation_runs_from_its_area_to_its_site(siting, areas):
    line = siting_layers(*siting, areas)["allocations"].set_index("lsoa").loc["X01000005"]
    here, there = np.array(line.geometry.coords)
    assert shapely.Point(here).within(areas.geometry.iloc[4])
    site = toytown.location(20)
    assert there.tolist() == [site.easting_m, site.northing_m]
    assert line["site_id"] == "S2"


def test_an_unserved_area_has_no_line(limited, areas):
    layers = siting_layers(*limited, areas)
    assert layers["allocations"]["lsoa"].tolist() == list(toytown.AREA_MINUTES)[:4]
    assert layers["areas"]["is_unserved"].tolist() == [False] * 4 + [True]


def test_a_plan_that_serves_nobody_has_empty_lines(areas):
    problem = toytown.siting_problem(limit_minutes=1)
    everyone = tuple(problem.areas)
    plan = report_plans.siting_plan(problem, unserved=everyone)
    assert siting_layers(problem, plan, areas)["allocations"].empty


def test_areas_in_other_coordinates_are_refused(siting, areas):
    for wrong in (areas.to_crs(4326), areas.set_crs(None, allow_override=True)):
        with pytest.raises(CrsError, match="EPSG:27700"):
            siting_layers(*siting, wrong)


def test_a_round_without_paths_is_drawn_straight_and_says_so(rounds):
    routes = rounds_layers(*rounds)["routes"].set_index("shift_id")
    assert routes["is_straight_line"].all()
    assert [x for x, _ in routes.geometry["A"].coords] == [400_000, 402_500, 405_000, 400_000]
    assert routes.geometry["B"].length == 5000


def test_a_round_follows_the_paths_it_is_given(rounds):
    d, v1, v2 = (toytown.location(m) for m in (0, 5, 10))
    bend = [400_000, 551_000]
    paths = {
        "A": [
            np.array([[d.easting_m, d.northing_m], bend, [v1.easting_m, v1.northing_m]]),
            np.array([[v1.easting_m, v1.northing_m], [v2.easting_m, v2.northing_m]]),
            np.array([[v2.easting_m, v2.northing_m], [d.easting_m, d.northing_m]]),
        ]
    }
    routes = rounds_layers(*rounds, paths)["routes"].set_index("shift_id")
    assert routes["is_straight_line"].to_dict() == {"A": False, "B": True}
    assert tuple(bend) in list(routes.geometry["A"].coords)


def test_one_missing_leg_makes_the_round_partly_straight(rounds):
    known = np.array([[400_000.0, 550_000.0], [402_500.0, 550_000.0]])
    paths = {"A": [known, np.empty((0, 2)), known[::-1]]}
    routes = rounds_layers(*rounds, paths)["routes"].set_index("shift_id")
    assert routes["is_straight_line"]["A"]
    assert (405_000, 550_000) in list(routes.geometry["A"].coords)


def test_a_round_that_goes_nowhere_is_still_a_line(rounds):
    problem, _ = rounds
    stay = report_plans.Route(shift="A", staff="staff-A", stops=report_plans.ROUTE_A.stops[:1] * 2)
    line = rounds_layers(problem, report_plans.route_plan([stay]))["routes"].geometry[0]
    assert line.length == 0
    assert line.is_valid or line.geom_type == "LineString"


def test_stops_depots_and_unmade_are_where_they_are(short_rounds):
    layers = rounds_layers(*short_rounds)
    assert layers["stops"].geometry.x.tolist() == [400_000, 402_500, 405_000, 400_000]
    assert layers["depots"]["name"].tolist() == ["Depot"]
    assert layers["unmade"].geometry.x.tolist() == [397_500]


def test_one_layer_can_be_had_by_name(siting, rounds, areas):
    assert len(to_geodataframe(*siting, "sites", areas=areas)) == 4
    assert len(to_geodataframe(*rounds, "stops")) == 8


def test_what_cannot_be_had_is_refused(siting, rounds, areas):
    with pytest.raises(ValueError, match="no layer"):
        to_geodataframe(*siting, "stops", areas=areas)
    with pytest.raises(ValueError, match="needs the areas"):
        to_geodataframe(*siting, "sites")
    with pytest.raises(TypeError, match="one kind"):
        to_geodataframe(siting[0], rounds[1], "sites", areas=areas)


def test_a_split_area_has_a_line_to_each_of_its_sites(siting, areas):
    problem, plan = siting
    first = plan.allocations[0]
    parts = (
        replace(first, site="S2", demand=5.0, share=0.5),
        replace(first, site="S4", demand=5.0, share=0.5),
    )
    split = replace(plan, allocations=(*parts, *plan.allocations[1:]))
    lines = siting_layers(problem, split, areas)["allocations"]
    assert lines["site_id"].tolist()[:2] == ["S2", "S4"]
    assert lines["demand"].sum() == problem.demand.sum()
