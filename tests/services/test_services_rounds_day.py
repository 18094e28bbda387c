"""From the tables of ``[rounds]`` to the question that is solved."""

import shutil
from datetime import time

import numpy as np
import pytest
import toytown
from plain_day import make_plain

from ntgeo import Workspace
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import RoundsPrices, TimeWindow
from ntgeo.errors import InputError, UnknownIdError
from ntgeo.services.answer_rounds import open_day
from ntgeo.services.known_roads import open_roads
from ntgeo.services.plan_routes import build_routing_problem
from ntgeo.services.question import open_question
from ntgeo.services.rounds_travel import rounds_travel, ways_of_travelling

CAR, BICYCLE, FOOT = TravelMode
HEAD = "shift_id,staff_id,start_time,end_time,start_depot"


class Notes:
    def __init__(self):
        self.notes = []

    def stage(self, name, total=None):
        pass

    def advance(self, done):
        pass

    def note(self, message):
        self.notes.append(message)

    def is_cancelled(self):
        return False


@pytest.fixture
def question(repository, tmp_path):
    """Return a function that opens the sample with other rounds: lines, shifts, changed visits."""

    def opened(lines="", *, shifts="", visits=(), network=True, **files):
        folder = tmp_path / "borough"
        shutil.copytree(repository / "data" / "sample", folder, dirs_exist_ok=True)
        make_plain(folder)
        text = (folder / "scenario.toml").read_text()
        if not network:
            text = text.replace('network = "roads.osm.pbf"\n', "")
        (folder / "scenario.toml").write_text(f"{text}\n{lines}\n")
        if shifts:
            (folder / "shifts.csv").write_text(shifts)
        for old, new in visits:
            kept = (folder / "visits.csv").read_text()
            assert old in kept
            (folder / "visits.csv").write_text(kept.replace(old, new))
        for name, content in files.items():
            (folder / f"{name}.csv").write_text(content)
        return open_question(folder / "scenario.toml")

    return opened


def problem_of(question, tmp_path, notes):
    known = open_roads(question, Workspace(tmp_path).settings)
    day = open_day(question, known, progress=notes)
    return build_routing_problem(question, day, rounds_travel(known, day, progress=notes))


def test_every_part_of_the_table_reaches_the_problem(question, tmp_path):
    asked = question(
        'links = "links.csv"\npay_gbp_per_hour = 15\nparking_min = 2\n'
        "[rounds.prices]\nunmade_gbp = [500, 400, 300, 200, 100]\nnew_face_gbp = 3\n"
        "[rounds.daylight]\nbegins = 08:00:00\nends = 16:00:00",
        network=False,
        links="first,second,least_gap_min\nV001,V002,60\n",
    )
    problem = problem_of(asked, tmp_path, Notes())
    assert problem.prices == RoundsPrices(unmade_gbp=(500, 400, 300, 200, 100), new_face_gbp=3)
    assert problem.daylight == TimeWindow(start_s=8 * 3600, end_s=16 * 3600)
    assert [(link.first, link.second) for link in problem.links] == [("V001", "V002")]
    assert {shift.costs.pay_gbp_per_hour for shift in problem.shifts} == {15}
    assert {shift.costs.mileage_gbp_per_mile for shift in problem.shifts} == {0.55}
    assert {shift.parking_s for shift in problem.shifts} == {120}


def test_each_way_of_travelling_has_its_own_times(question, tmp_path):
    shifts = (
        f"{HEAD},mode,traffic_at,walks_up_to_min\nS1,A,07:00,15:00,D1,,,5\n"
        "S2,B,07:00,15:00,D1,car,08:30,\nS3,C,07:00,15:00,D1,bicycle,08:30,\n"
    )
    problem = problem_of(question(shifts=shifts), tmp_path, Notes())
    calm, busy, cycling = (problem.travel_of(shift) for shift in problem.shifts)
    assert (calm.mode, calm.departs_at) == (CAR, None)
    assert (busy.mode, busy.departs_at) == (CAR, time(8, 30))
    assert cycling.mode is BICYCLE
    assert problem.foot_travel.mode is FOOT
    assert len(problem.more_travel) == 3
    assert np.nanmean(busy.time_s) > np.nanmean(calm.time_s)
    assert np.nanmean(problem.foot_travel.time_s) > np.nanmean(cycling.time_s)


def test_the_usual_way_comes_first_and_stands_alone_without_shifts():
    usual = (BICYCLE, None)
    assert ways_of_travelling([], usual) == (usual,)
    shifts = [
        toytown.shift("A", walks_up_to_s=60),
        toytown.shift("B", mode=BICYCLE),
        toytown.shift("C", traffic_at=time(8)),
    ]
    assert ways_of_travelling(shifts, usual) == (
        usual,
        (CAR, None),
        (CAR, time(8)),
        (FOOT, None),
    )
    walker = toytown.shift("D", mode=FOOT, traffic_at=time(9))
    assert (FOOT, None) not in ways_of_travelling([*shifts, walker], usual)


def test_a_time_of_day_means_nothing_without_roads(question, tmp_path):
    shifts = f"{HEAD},traffic_at\nS1,A,07:00,15:00,D1,08:30\n"
    with pytest.raises(InputError, match=r"means nothing on straight lines \(shift S1\)"):
        problem_of(question(shifts=shifts, network=False), tmp_path, Notes())


def with_column(path, name, first):
    """Add a column to a table, with a value in its first row only."""
    head, row, *rows = path.read_text().splitlines()
    lines = [f"{head},{name}", f"{row},{first}", *(f"{other}," for other in rows)]
    path.write_text("\n".join(lines) + "\n")


def test_what_is_odd_is_told_not_refused(question, tmp_path):
    asked, notes = question(network=False, visits=[("V001,60", "V001,300")]), Notes()
    with_column(asked.folder / "visits.csv", "usual_staff", "ST77;ST01")
    problem = problem_of(asked, tmp_path, notes)
    assert problem.visits[0].usual_staff == {"ST77", "ST01"}
    assert "Visits name staff who have no shift that day: ST77." in notes.notes
    assert any('value "300": is over 240 min' in note for note in notes.notes)


def test_a_pin_to_a_shift_that_is_not_there_is_refused(question, tmp_path):
    asked = question(network=False)
    with_column(asked.folder / "visits.csv", "pinned_shifts", "SH01;SH99")
    with pytest.raises(UnknownIdError, match="visit V001 is pinned to SH99") as caught:
        problem_of(asked, tmp_path, Notes())
    assert "visits.csv, column pinned_shifts" in str(caught.value)


def test_ways_are_drawn_as_they_are_gone(question, tmp_path):
    """By car to the first of two neighbours, on foot to the other, and back to the car."""
    asked = question(shifts=f"{HEAD},walks_up_to_min,parking_min\nS1,A,08:00,16:00,D1,10,4\n")
    folder = asked.folder
    folder.joinpath("visits.csv").write_text(
        "visit_id,duration_min,easting,northing\n"
        "V1,30,480140,581775\nV2,30,480290,581835\nV3,30,484172,581942\n"
    )
    rounds = Workspace(tmp_path).route(folder / "scenario.toml", explain=False)
    (route,) = rounds.plan.routes
    places = {str(place.id): place.location for place in rounds.problem.depots}
    places |= {str(visit.id): visit.location for visit in rounds.problem.visits}
    walked = [stop for stop in route.stops[1:] if stop.walk_s == stop.travel_s]
    assert [stop.place in {"V1", "V2"} for stop in walked] == [True]
    assert walked[0].distance_m == 0
    legs = zip(route.stops, route.stops[1:], rounds.paths[route.shift], strict=False)
    for before, after, path in legs:
        for end, (x, y) in ((before, path[0]), (after, path[-1])):
            at = places[end.place]
            assert (x, y) == pytest.approx((at.easting_m, at.northing_m), abs=1)
