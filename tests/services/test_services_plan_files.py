import json
from dataclasses import replace
from datetime import time

import numpy as np
import pytest
import toytown

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.matrix import UNTOLD_RANGE, TimeRange, TravelMode
from ntgeo.domain.rounds_plan import UnmadeCode
from ntgeo.domain.routing import (
    Break,
    NotAlone,
    Overtime,
    Pin,
    PlaceInRound,
    RoundsCost,
    RoundsPrices,
    RoutePlan,
    ShiftId,
    SoftWindow,
    StaffId,
    UnmadeVisit,
    VisitId,
    VisitLink,
    WindowSense,
)
from ntgeo.domain.siting import SitingPlan, UnservedArea
from ntgeo.domain.siting_rules import (
    AreaRules,
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingRules,
)
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.services.plan_files import (
    ROUNDS_FILE,
    SITING_FILE,
    SITING_TRAVEL_FILE,
    read_rounds,
    read_siting,
    write_rounds,
    write_siting,
)
from ntgeo.services.travel_files import read_travel, write_travel


def report(wall_time_s=0.0):
    return SolveReport(
        status=SolveStatus.FEASIBLE,
        objective=1 / 3,
        bound=None,
        unit="visits",
        is_maximised=False,
        method="by hand",
        seed=7,
        wall_time_s=wall_time_s,
    )


def siting_plan(**report_changes):
    problem = toytown.siting_problem()
    unserved = tuple(
        UnservedArea(lsoa=area, demand=float(weight), reason="none open", change="open S2")
        for area, weight in zip(problem.areas, problem.demand, strict=True)
    )
    return SitingPlan(
        opened=(), closed=(), allocations=(), unserved=unserved, report=report(**report_changes)
    )


def test_a_siting_comes_back_as_it_went(tmp_path):
    problem, plan = toytown.siting_problem(limit_minutes=15), siting_plan()
    write_siting(tmp_path, problem, plan)
    again, plan_again = read_siting(tmp_path)
    assert plan_again == plan
    assert again.sites == problem.sites
    assert again.rules == problem.rules
    np.testing.assert_array_equal(again.travel.time_s, problem.travel.time_s)
    np.testing.assert_array_equal(again.demand, problem.demand)


def test_every_part_of_a_siting_question_comes_back(tmp_path):
    toy = toytown.siting_problem(limit_minutes=15)
    problem = replace(
        toy,
        sites=tuple(replace(site, zone="north", attractiveness=2.0) for site in toy.sites),
        rules=SitingRules(
            site_count=2,
            travel_limit_s=900,
            decay=Decay(kind=DecayKind.POWER, full_s=300, exponent=2.0),
            capacity=CapacityRule.IGNORED,
            zone_minimums=(("north", 1),),
            assignment=Assignment.NEAREST,
        ),
        then=(NextAim(objective=SitingObjective.P_CENTRE, slack_share=0.1),),
        imd_decile=np.array([1, 2, 0, 4, 10]),
        area_rules=AreaRules(
            travel_limit_s=np.array([np.nan, 600, np.nan, 60, 1]),
            decay_stretch=np.array([1, 2, 1, 1, 0.5]),
            group=("", "a", "", "a", ""),
        ),
    )
    write_siting(tmp_path, problem, siting_plan())
    again, _ = read_siting(tmp_path)
    assert again.sites == problem.sites
    assert again.rules == problem.rules
    assert again.then == problem.then
    np.testing.assert_array_equal(again.imd_decile, problem.imd_decile)
    for name in ("travel_limit_s", "decay_stretch", "group"):
        np.testing.assert_array_equal(
            getattr(again.area_rules, name), getattr(problem.area_rules, name)
        )


def test_a_siting_written_before_there_were_such_rules_is_read(tmp_path):
    write_siting(tmp_path, toytown.siting_problem(), siting_plan())
    content = json.loads((tmp_path / SITING_FILE).read_text())
    for key in ("then", "imd_decile", "area_rules"):
        content["problem"].pop(key)
    (tmp_path / SITING_FILE).write_text(json.dumps(content))
    problem, _ = read_siting(tmp_path)
    assert problem.then == ()
    assert problem.imd_decile is None


def test_a_matrix_keeps_its_range_and_departure_and_older_ones_have_none(tmp_path):
    told = TimeRange(low_share=0.8, high_share=1.4, source="by hand")
    travel = replace(toytown.siting_problem().travel, time_range=told, departs_at=time(8, 30))
    write_travel(tmp_path / "now.npz", travel)
    again = read_travel(tmp_path / "now.npz")
    assert (again.time_range, again.departs_at) == (told, time(8, 30))
    with np.load(tmp_path / "now.npz") as content:
        first = {n: content[n] for n in content if n not in {"range_shares", "range_source"}}
    np.savez(tmp_path / "older.npz", **first)
    assert read_travel(tmp_path / "older.npz").time_range == UNTOLD_RANGE


def test_rounds_come_back_as_they_went(tmp_path):
    problem = toytown.routing_problem()
    plan = RoutePlan(
        cost=RoundsCost(),
        routes=(),
        unmade=tuple(
            UnmadeVisit(visit=VisitId(v), code=UnmadeCode.NO_ROOM, reason="full")
            for v in ("V1", "V2", "V3")
        ),
        report=report(),
    )
    write_rounds(tmp_path, problem, plan)
    again, plan_again = read_rounds(tmp_path)
    assert plan_again == plan
    assert again.visits == problem.visits
    assert again.shifts == problem.shifts
    assert again.day == problem.day


def test_every_rule_of_a_rounds_question_comes_back(tmp_path):
    visit = toytown.visit(
        "V1",
        window_sense=WindowSense.FINISH,
        soft_windows=(SoftWindow(window=toytown.hours(9, 10), late_gbp_per_minute=0.5),),
        service_s_by_staff={StaffId("staff-A"): 600},
        crew=2,
        not_alone=NotAlone.AFTER_DARK,
        usual_staff=frozenset({StaffId("staff-A"), StaffId("staff-B")}),
        address="1",
        set_up_s=60,
        unmade_gbp=10.0,
        pin=Pin(shifts=frozenset({ShiftId("A")}), begin_s=36_000, place=PlaceInRound.FIRST),
        load=2.5,
    )
    shift = toytown.shift(
        "A",
        end_place=None,
        breaks=(Break(duration_s=600, after_work_s=7200, is_paid=False),),
        walks_up_to_s=300,
        overtime=Overtime(after_s=40_000, gbp_per_hour=6.5),
        most_distance_m=9000.5,
        may_go_alone=False,
    )
    cyclist = toytown.shift("B", mode=TravelMode.BICYCLE, traffic_at=time(8, 30))
    problem = toytown.routing_problem(
        visits=(visit, toytown.visit("V2"), toytown.visit("V3")),
        shifts=(shift, cyclist),
        links=(VisitLink.together(VisitId("V2"), VisitId("V3")),),
        prices=RoundsPrices(unmade_gbp=(5, 4, 3, 2, 1), new_face_gbp=2.0),
        daylight=toytown.hours(8, 16),
        more_travel=tuple(
            replace(toytown.routing_problem().travel, mode=mode, departs_at=departs_at)
            for mode, departs_at in ((TravelMode.FOOT, None), (TravelMode.BICYCLE, time(8, 30)))
        ),
    )
    plan = RoutePlan(cost=RoundsCost(pay_gbp=1.5), routes=(), unmade=(), report=report())
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        write_rounds(folder, problem, plan)
    again, plan_again = read_rounds(tmp_path / "a")
    for part in ("visits", "shifts", "depots", "links", "prices", "daylight", "day"):
        assert getattr(again, part) == getattr(problem, part), part
    assert plan_again == plan
    kinds = [(matrix.mode, matrix.departs_at) for matrix in (again.travel, *again.more_travel)]
    assert kinds == [("car", None), ("foot", None), ("bicycle", time(8, 30))]
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_wall_time_does_not_change_the_files(tmp_path):
    problem = toytown.siting_problem()
    write_siting(tmp_path / "a", problem, siting_plan(wall_time_s=1.0))
    write_siting(tmp_path / "b", problem, siting_plan(wall_time_s=2.0))
    for name in (SITING_FILE, SITING_TRAVEL_FILE):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content["problem"].pop("areas"),
        lambda content: content["problem"].update(areas=["X01000002", "X01000001"]),
        lambda content: content["problem"]["demand"].pop(),
        lambda content: content["plan"].update(opened=3),
        lambda content: content["plan"]["report"].update(status="best ever"),
    ],
)
def test_a_spoilt_siting_file_is_refused(tmp_path, spoil):
    write_siting(tmp_path, toytown.siting_problem(), siting_plan())
    content = json.loads((tmp_path / SITING_FILE).read_text())
    spoil(content)
    (tmp_path / SITING_FILE).write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"siting\.json: not a plan"):
        read_siting(tmp_path)


def test_torn_and_missing_files_are_refused(tmp_path):
    write_siting(tmp_path, toytown.siting_problem(), siting_plan())
    whole = (tmp_path / SITING_TRAVEL_FILE).read_bytes()
    (tmp_path / SITING_TRAVEL_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="not a travel-time matrix"):
        read_siting(tmp_path)
    (tmp_path / SITING_TRAVEL_FILE).unlink()
    with pytest.raises(DataUnavailableError, match="no such file"):
        read_siting(tmp_path)
    with pytest.raises(DataUnavailableError):
        read_rounds(tmp_path)
    assert not (tmp_path / ROUNDS_FILE).exists()
