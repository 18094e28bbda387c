from dataclasses import replace

import numpy as np
import pytest
import toytown
from hostile import HOSTILE
from mapping_rounds import corner_paths, rounds_content, sector_plan
from test_mapping_siting_map import drawing_of, leaflet_and_own_scripts, page_text

from ntgeo.domain.routing import RoundsCost, RoutePlan
from ntgeo.mapping import draw_rounds_map


def test_the_same_content_gives_the_same_bytes(tmp_path, rounds_page):
    draw_rounds_map(rounds_content(), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == rounds_page.read_bytes()


def test_every_visit_is_a_stop_or_unmade_once(rounds_page):
    drawing, content = drawing_of(rounds_page), rounds_content()
    stops = [s["place"] for shift in drawing["shifts"] for s in shift["stops"] if s["label"]]
    unmade = [visit["place"] for visit in drawing["unmade"]]
    assert sorted(stops + unmade) == [visit.id for visit in content.problem.visits]


def test_stops_are_numbered_within_each_shift(rounds_page):
    for shift in drawing_of(rounds_page)["shifts"]:
        labels = [stop["label"] for stop in shift["stops"] if stop["label"]]
        assert labels == [f"{shift['letter']}{i + 1}" for i in range(len(labels))]


def test_no_two_shifts_look_alike(rounds_page):
    shifts = drawing_of(rounds_page)["shifts"]
    assert len({(shift["colour"], shift["dash"]) for shift in shifts}) == len(shifts)


def test_the_way_is_the_path_given_not_a_straight_line(rounds_page):
    content = rounds_content()
    shift = drawing_of(rounds_page)["shifts"][0]
    corners = content.paths["SH01"][0]
    assert len(corners) == 3
    assert len(shift["legs"][0]) == 2 * len(corners)
    assert "straight line" not in page_text(rounds_page)


def test_missing_ways_are_drawn_straight_and_said_to_be(tmp_path):
    content = rounds_content(paths={})
    legs = sum(len(route.stops) - 1 for route in content.plan.routes)
    breaks = sum(stop.kind == "break" for route in content.plan.routes for stop in route.stops)
    draw_rounds_map(content, tmp_path / "rounds.html")
    assert f"{legs - breaks:,} ways drawn as a straight line" in page_text(tmp_path / "rounds.html")


def test_the_public_never_gets_a_rounds_map():
    with pytest.raises(ValueError, match="never drawn for the public"):
        rounds_content(audience="public")


def test_paths_that_do_not_fit_the_stops_are_refused():
    content = rounds_content()
    paths = {"SH01": corner_paths(content.problem, content.plan)["SH01"][:-1]}
    with pytest.raises(ValueError, match="shift SH01"):
        rounds_content(paths=paths)


def test_staff_ids_are_for_the_manager_only(tmp_path, rounds_page):
    assert "ST-400" not in page_text(rounds_page)
    draw_rounds_map(rounds_content(audience="manager"), tmp_path / "rounds.html")
    assert "ST-400" in page_text(tmp_path / "rounds.html")


def test_unmade_visits_stand_with_their_reason(rounds_page):
    text = page_text(rounds_page)
    assert "57 of 60 visits are made, by 8 shifts; 3 cannot be" in text
    assert "every shift is full at its window" in text


def test_toytown_by_hand(tmp_path):
    problem = toytown.routing_problem()
    plan = sector_plan(replace(problem, shifts=problem.shifts[1:]), unmade=0)
    content = rounds_content(problem=problem, plan=plan, paths={})
    draw_rounds_map(content, tmp_path / "rounds.html")
    text = page_text(tmp_path / "rounds.html")
    assert "All 3 visits are made, by 1 shift." in text
    assert "Shifts without a round" in text
    assert "1 h 30 min" in text  # three visits of 30 minutes


def test_a_plan_without_rounds_is_drawn(tmp_path):
    content = rounds_content()
    empty = RoutePlan(
        cost=RoundsCost(), routes=(), unmade=content.plan.unmade[:1], report=content.plan.report
    )
    draw_rounds_map(rounds_content(plan=empty, paths={}), tmp_path / "rounds.html")
    assert "0 of 60 visits are made" in page_text(tmp_path / "rounds.html")


def test_hostile_names_stand_in_the_page_as_text_only(tmp_path):
    draw_rounds_map(hostile_rounds(), tmp_path / "rounds.html")
    text = page_text(tmp_path / "rounds.html")
    rest = text.replace(leaflet_and_own_scripts(text), "")
    for raw in (
        "<script>alert(1)",
        "<img src=x",
        "onload=alert(1)>",
        "${alert",
        "{{7*7}}",
        "\u2028",
    ):
        assert raw not in rest


def hostile_rounds():
    content = rounds_content()
    depots = tuple(replace(depot, name=HOSTILE[3]) for depot in content.problem.depots)
    skills = frozenset(HOSTILE[:6])
    visits = tuple(replace(visit, skills=skills) for visit in content.problem.visits)
    unmade = tuple(
        replace(unmade, reason=HOSTILE[i + 4]) for i, unmade in enumerate(content.plan.unmade)
    )
    return rounds_content(
        title=HOSTILE[5],
        problem=replace(content.problem, depots=depots, visits=visits),
        plan=replace(content.plan, unmade=unmade),
        paths=content.paths,
        sources=HOSTILE,
        audience="manager",
    )


def test_paths_keep_their_corners_to_a_metre(rounds_page):
    content = rounds_content()
    line = np.array(drawing_of(rounds_page)["shifts"][0]["legs"][0]).reshape(-1, 2)
    degrees = np.cumsum(line, axis=0) / 100_000
    from pyproj import Transformer  # noqa: PLC0415 - one test needs it

    back = Transformer.from_crs(4326, 27700, always_xy=True).transform(*degrees.T)
    assert np.abs(np.column_stack(back) - content.paths["SH01"][0]).max() < 1.0
