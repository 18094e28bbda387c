"""VROOM's JSON: what it means here, and what is refused."""

import copy
import json

import pytest

from ntgeo.domain.routing import (
    Break,
    ShiftCosts,
    StaffLink,
    TimeWindow,
    VisitLink,
    WindowSense,
)
from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.sources.vroom import ANYWHERE, read_vroom

MATRIX = [[0, 600, 900], [600, 0, 500], [900, 500, 0]]
DAY = {
    "vehicles": [
        {"id": 1, "start_index": 0, "end_index": 0, "time_window": [28_800, 43_200]},
    ],
    "jobs": [{"id": 1, "location_index": 1, "service": 300}],
    "matrices": {"car": {"durations": MATRIX, "distances": MATRIX}},
}


CARRIED = {
    "amount": [1],
    "pickup": {"id": 1, "location_index": 1},
    "delivery": {"id": 1, "location_index": 1},
}


def changed(**parts):
    """Return the day with keys added to its vehicle, its job, or at the top."""
    day = copy.deepcopy(DAY)
    day["vehicles"][0] |= parts.pop("vehicle", {})
    day["jobs"][0] |= parts.pop("job", {})
    return day | parts


@pytest.fixture
def read(write):
    def reading(day):
        return read_vroom(write("day.json", json.dumps(day)))

    return reading


def test_a_vehicle_and_a_job(read):
    day = read(
        changed(
            vehicle={
                "capacity": [4],
                "skills": [1, 14],
                "breaks": [
                    {"id": 2, "service": 60, "time_windows": [[36_000, 36_000]]},
                    {"id": 1, "service": 300, "time_windows": [[32_400, 34_200]]},
                    {"id": 3, "service": 0},
                ],
                "costs": {"fixed": 100, "per_hour": 1800, "per_km": 50},
                "max_travel_time": 7200,
                "max_distance": 50_000,
            },
            job={
                "setup": 60,
                "delivery": [2],
                "skills": [14],
                "priority": 7,
                "time_windows": [[32_400, 36_000], [30_000, 31_000]],
            },
        )
    )
    (shift,), (visit,) = day.places.shifts, day.places.visits
    assert shift.hours == TimeWindow(start_s=28_800, end_s=43_200)
    assert shift.breaks == (
        Break(duration_s=300, window=TimeWindow(start_s=32_400, end_s=34_200)),
        Break(duration_s=60, window=TimeWindow(start_s=36_000, end_s=36_000)),
    )
    assert shift.costs == ShiftCosts(
        pay_gbp_per_hour=0,
        travel_gbp_per_hour=1800,
        mileage_gbp_per_mile=50 * 1609.344 / 1000,
        round_gbp=100,
    )
    assert (shift.capacity, shift.most_travel_s, shift.most_distance_m) == (4, 7200, 50_000)
    assert shift.start_place == shift.end_place
    assert visit.skills <= shift.skills
    assert (visit.service_s, visit.set_up_s, visit.load) == (300, 60, 2)
    assert visit.window_sense is WindowSense.ARRIVE
    assert [window.start_s for window in visit.windows] == [30_000, 32_400]
    assert day.priorities == {visit.id: 7}
    assert day.notes == ()


def test_times_and_metres_are_those_of_the_places(read):
    day = read(DAY)
    (travel,) = day.travel
    (visit,), (depot,) = day.places.visits, day.places.depots
    assert travel.select([depot.id], [visit.id]).time_s.item() == 600
    assert travel.select([visit.id], [visit.id]).time_s.item() == 0


def test_open_routes(read):
    vehicles = [{"id": 1, "start_index": 0}, {"id": 2, "end_index": 2}]
    first, second = read(changed(vehicles=vehicles)).places.shifts
    assert first.end_place is None
    assert second.start_place == ANYWHERE


def test_jobs_at_one_place_share_a_set_up(read):
    jobs = [{"id": n, "location_index": 1 + (n == 3), "setup": 60} for n in (1, 2, 3)]
    one, two, three = read(changed(jobs=jobs)).places.visits
    assert one.address == two.address != three.address


def test_a_vehicle_that_may_be_out_all_day_works_13_hours(read):
    day = read(changed(vehicle={"time_window": [0, 86_400]}))
    assert day.places.shifts[0].most_work_s == 13 * 3600
    assert "work 13 h at most" in day.notes[0]
    free = changed()
    del free["vehicles"][0]["time_window"]
    assert read(free).places.shifts[0].hours == TimeWindow(start_s=0, end_s=13 * 3600)


def test_timestamps_are_of_a_day_in_london(read):
    begins = 1_780_000_000  # Thursday 28 May 2026, 21:26:40 in London
    day = read(changed(vehicle={"time_window": [begins, begins + 3600]}))
    assert (day.day.isoformat(), begins - day.zero_s) == ("2026-05-28", 77_200)
    assert day.places.shifts[0].hours == TimeWindow(start_s=77_200, end_s=80_800)


def test_max_tasks_is_a_load_of_one_each(read):
    day = read(changed(vehicle={"max_tasks": 3}))
    assert day.places.shifts[0].capacity == 3
    assert day.places.visits[0].load == 1


def test_a_shipment_is_fetched_then_brought_by_one_vehicle(read):
    shipment = {
        "pickup": {"id": 1, "location_index": 1, "service": 60},
        "delivery": {"id": 1, "location_index": 2, "service": 90},
        "skills": [3],
        "priority": 5,
    }
    day = read(changed(shipments=[shipment]))
    fetched, brought = "pickup-1", "delivery-1"
    assert day.places.links == (
        VisitLink(
            first=fetched,
            second=brought,
            least_gap_s=0,
            staff=StaffLink.SAME,
            both_or_neither=True,
        ),
    )
    assert {visit.id: visit.skills for visit in day.places.visits}[brought] == {"3"}
    assert day.priorities[fetched] == 5
    assert day.tasks[brought][0] == "delivery"


def test_service_by_type_of_vehicle(read):
    day = read(changed(vehicle={"type": "van"}, job={"service_per_type": {"van": 120}}))
    assert day.places.visits[0].service_s_of(day.places.shifts[0].staff) == 120


def test_coordinates_without_matrices(read):
    day = read(
        {
            "vehicles": [{"id": 1, "start": [-1.44, 55.01], "profile": "bike"}],
            "jobs": [{"id": 1, "location": [-1.46, 55.03], "service": 60}],
        }
    )
    assert day.travel == ()
    here = day.places.visits[0].location
    assert here.easting_m == pytest.approx(434_600, abs=200)
    assert here.northing_m == pytest.approx(570_800, abs=200)
    assert day.places.shifts[0].mode == "bicycle"


def test_what_is_not_taken_over_is_told(read):
    day = read(changed(vehicle={"steps": [], "colour": "red"}, job={"service": 0}, extra=1))
    assert day.notes == (
        "Not taken over: extra, vehicles.colour, vehicles.steps.",
        "Tasks without service are taken to last 1 s: 1.",
    )
    assert day.places.visits[0].service_s == 1


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (
            {"job": {"priority": 101}},
            'jobs.0.priority, value "101": input should be less than or equal to 100',
        ),
        ({"job": {"service": -1}}, "jobs.0.service"),
        ({"job": {"location_index": 3}}, "it has 3 places, but index 3 is asked for"),
        ({"job": {"delivery": [1, 2]}}, "loads have one dimension here"),
        ({"job": {"time_windows": [[9, 8]]}}, "a time window ends before it starts"),
        ({"job": {"setup_per_type": {"a": 1}}}, "set-up lasts the same for all here"),
        ({"vehicle": {"profile": "truck"}}, '"truck" is none of car, bike and foot'),
        ({"vehicle": {"time_window": [9, 9]}}, "it ends (9) before it starts"),
        ({"vehicle": {"max_tasks": 2, "capacity": [1]}}, "cannot both be limited here"),
        ({"vehicle": {"costs": {"per_task_hour": 3}}}, "time at tasks has no price here"),
        (
            {"vehicle": {"breaks": [{"id": 1, "service": 9, "time_windows": [[1, 2], [3, 4]]}]}},
            "a break has one time window here",
        ),
        (
            {"vehicle": {"breaks": [{"id": 1, "service": 9, "max_load": [1]}]}},
            "load does not bind breaks",
        ),
        ({"vehicle": {"start_index": None, "end_index": None}}, "add where it is"),
        ({"matrices": {"car": {"durations": [[0, 1], [1]]}}}, "row 2 has 1 of 2 entries"),
        (
            {"matrices": {"car": {"durations": MATRIX, "costs": MATRIX}}},
            "costs of your own are not taken over",
        ),
        ({"matrices": {"bike": {"durations": MATRIX}}}, 'there is none for the profile "car"'),
        (
            {
                "vehicle": {"max_distance": 9},
                "matrices": {"car": {"durations": MATRIX}},
            },
            "max_distance and per_km need them",
        ),
        ({"jobs": []}, "there is nothing to be done"),
        ({"vehicles": []}, "vehicles: tuple should have at least 1 item"),
        ({"jobs": [DAY["jobs"][0]] * 2}, "id 1 stands twice"),
        ({"shipments": [CARRIED]}, "a load that comes and goes within a round"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(read, parts, says):
    with pytest.raises(InputError) as caught:
        read(changed(**parts))
    assert says in str(caught.value)
    assert "day.json, key " in str(caught.value)


def test_vehicles_of_one_profile_share_a_speed(read):
    vehicles = [{"id": n, "start_index": 0, "speed_factor": n} for n in (1, 2)]
    with pytest.raises(InputError, match="several among those who go by car"):
        read(changed(vehicles=vehicles))


def test_places_that_are_nowhere(read):
    with pytest.raises(InputError) as caught:
        read(
            {
                "vehicles": [{"id": 1, "start": [2.35, 48.86]}],
                "jobs": [{"id": 1, "service": 60}],
            }
        )
    assert "jobs 1: it has no coordinates" in str(caught.value)
    assert "vehicles 1: it lies outside Great Britain" in str(caught.value)


def test_files_that_are_no_question(write):
    with pytest.raises(InputError, match="is not JSON"):
        read_vroom(write("day.json", "{"))
    with pytest.raises(InputError, match=r"day\.json"):
        read_vroom(write("day.json", "[1]"))
    with pytest.raises(DataUnavailableError):
        read_vroom(write("day.json", "{}").parent / "none.json")


def test_the_old_matrix_key(read):
    day = {key: value for key, value in DAY.items() if key != "matrices"} | {"matrix": MATRIX}
    assert read(day).travel[0].time_s.max() == 600
