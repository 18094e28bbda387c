from dataclasses import replace

import numpy as np
import pytest
import toytown
from hostile import HOSTILE
from mapping_rounds import corner_paths, rounds_content, sector_plan
from reports import report_plans
from test_mapping_siting_map import drawing_of, leaflet_and_own_scripts, page_text

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import Break, RoundsCost, RoutePlan
from ntgeo.mapping import draw_rounds_map
from ntgeo.mapping.rounds_figures import shift_rows
from ntgeo.mapping.rounds_tables import rounds_facts


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


def rich_rounds(**changes):
    problem, plan = report_plans.rich_problem(), report_plans.rich_plan()
    return rounds_content(problem=problem, plan=plan, paths={}, **changes)


def test_a_card_tells_with_whom_and_what_comes_before(tmp_path):
    draw_rounds_map(rich_rounds(), tmp_path / "rounds.html")
    a, b = drawing_of(tmp_path / "rounds.html")["shifts"]
    cards = [dict(stop["rows"]) for stop in (a["stops"][1], a["stops"][2], b["stops"][1])]
    assert [card.get("With", "") for card in cards] == ["B", "", "A"]
    assert [card["Linked"] for card in cards] == [
        "before V2, at least 5 min",
        "after V1, at least 5 min",
        "before V2, at least 5 min",
    ]
    assert [card["Seen by"] for card in cards] == ["usual staff", "a new face", "a new face"]
    first = cards[0]
    assert (first["Better"], first["Late by"]) == ("09:00–09:10", "5 min")
    assert (first["Wait"], first["Set-up"], first["Parking"]) == ("3 min", "5 min", "2 min")
    text = page_text(tmp_path / "rounds.html")
    assert "with B; linked before V2, at least 5 min" in text
    assert "2 of 3 visits are made, by 2 shifts; 1 cannot be" in text
    assert "a visit that others come to as well" in text
    assert [stop["isCrew"] for stop in a["stops"]] == [False, True, False, False]


def test_the_manager_sees_who_comes_along(tmp_path):
    draw_rounds_map(rich_rounds(audience="manager"), tmp_path / "rounds.html")
    a, _ = drawing_of(tmp_path / "rounds.html")["shifts"]
    assert dict(a["stops"][1]["rows"])["With"] == "staff-B (B)"


def test_each_break_tells_its_own_window():
    problem, plan = report_plans.rich_problem(), report_plans.rich_plan()
    later = Break(duration_s=600, window=toytown.hours(15, 16))
    tea = problem.shifts[1].breaks[0]
    shifts = (problem.shifts[0], replace(problem.shifts[1], breaks=(tea, later)))
    rest = replace(
        report_plans.RICH_B.stops[2],
        arrive_s=36_900.0,
        wait_s=17_100.0,
        begin_s=54_000.0,
        leave_s=54_600.0,
    )
    end = replace(report_plans.RICH_B.stops[3], arrive_s=54_900, begin_s=54_900, leave_s=54_900)
    stops = (*report_plans.RICH_B.stops[:3], rest, end)
    twice = replace(plan, routes=(plan.routes[0], replace(report_plans.RICH_B, stops=stops)))
    content = rounds_content(problem=replace(problem, shifts=shifts), plan=twice, paths={})
    windows = [
        stop["window"] for stop in rounds_facts(content, rows_of(content), 0)["shifts"][1]["stops"]
    ]
    assert windows == ["", "09:00–17:00", "09:30–10:00", "15:00–16:00", ""]


def rows_of(content):
    return shift_rows(content.problem, content.plan)


def test_the_cost_is_told_term_by_term_and_the_bound_in_pounds(rounds_page):
    text = page_text(rounds_page)
    for told in ("What it costs", "£1,200.00", "£34.50", "£1,234.50"):
        assert told in text


def test_an_unmade_visit_tells_the_smallest_change(rounds_page):
    text = page_text(rounds_page)
    assert "if it could begin 25 min later, by shift SH02; the plan would cost £4.00 more" in text
    card = dict(drawing_of(rounds_page)["unmade"][0]["rows"])
    assert card["Would be made"] == "if it could begin 25 min later, by shift SH02"
    assert "Would be made" not in dict(drawing_of(rounds_page)["unmade"][1]["rows"])


def test_the_way_on_foot_from_a_parked_car_is_drawn_apart(tmp_path):
    problem, plan = report_plans.rich_problem(), report_plans.rich_plan()
    first, second = report_plans.RICH_A.stops[1:3]
    walks = replace(second, parking_s=0.0, walk_s=second.travel_s, distance_m=0.0)
    stops = (report_plans.RICH_A.stops[0], first, walks, report_plans.RICH_A.stops[3])
    walked = replace(plan, routes=(replace(report_plans.RICH_A, stops=stops), plan.routes[1]))
    draw_rounds_map(
        rounds_content(problem=problem, plan=walked, paths={}), tmp_path / "rounds.html"
    )
    a, b = drawing_of(tmp_path / "rounds.html")["shifts"]
    assert (a["walked"], b["walked"]) == ([False, True, False], [False, False, False])
    assert dict(a["stops"][2]["rows"])["On foot"] == "5 min"


def test_how_a_shift_travels_is_told(tmp_path):
    problem, plan = report_plans.rich_problem(), report_plans.rich_plan()
    bicycle = replace(problem.travel, mode=TravelMode.BICYCLE)
    shifts = (problem.shifts[0], replace(problem.shifts[1], mode=TravelMode.BICYCLE))
    asked = replace(problem, shifts=shifts, more_travel=(bicycle,))
    draw_rounds_map(rounds_content(problem=asked, plan=plan, paths={}), tmp_path / "rounds.html")
    assert "Hours 09:00 to 17:00, by bicycle." in page_text(tmp_path / "rounds.html")


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
