"""``ntgeo offer`` and ``ntgeo replan`` on a day small enough to follow by hand."""

import json

import pytest
import toytown

from ntgeo import Workspace
from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.domain.routing import StopKind
from ntgeo.domain.scenario import ReplanTable
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing import find_faults, solve_routing
from ntgeo.services.ask_day import OfferAsked, ReplanAsked
from ntgeo.services.plan_files import read_rounds, write_rounds
from ntgeo.sources.day_events import events_told

LIMITS = SolveLimits(time_limit_s=20)


@pytest.fixture(scope="module")
def planned():
    """Two members of staff who can do all, and three visits."""
    shifts = tuple(
        toytown.shift(name, skills=frozenset({"lift"}), hours=toytown.hours(9, 17), breaks=())
        for name in "AB"
    )
    problem = toytown.routing_problem(shifts=shifts)
    plan = solve_routing(problem, LIMITS)
    assert not plan.unmade
    return problem, plan


@pytest.fixture
def run(planned, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    write_rounds(folder, *planned)
    return folder


def asked(capsys, *command):
    code = guarded(lambda: app([*map(str, command)], standalone_mode=False))
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    return code, shown


def staff_of(plan, visit):
    return {
        route.staff
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT and stop.place == visit
    }


def test_whoever_is_ill_makes_no_more_visits(planned, run, capsys, tmp_path):
    problem, plan = planned
    (ill,) = staff_of(plan, "V1")
    out = tmp_path / "anew"
    code, shown = asked(
        capsys,
        *("replan", run, "--now", "00:10", "--ill", ill, "--out", out, "--json"),
        *("--time-limit", "30"),
    )
    told = json.loads(shown.out)
    assert code == 0
    made = [stop for stop in told["stops"] if stop["kind"] == "visit"]
    assert {stop["visit_id"] for stop in made} == {"V1", "V2", "V3"}
    assert ill not in {stop["staff_id"] for stop in made}
    was = [visit.id for visit in problem.visits if staff_of(plan, visit.id) == {ill}]
    assert told["moved"] == len(was)
    assert [change["visit_id"] for change in told["changes"] if change["change"] == "moved"] == was
    assert told["is_moved_least"]
    day, anew = read_rounds(out)
    assert not find_faults(day, anew)
    assert (out / "changes.csv").read_text().startswith("visit_id,change,")
    assert set(told["files"]) <= {path.name for path in out.iterdir()}
    assert "What changes for families and staff" in (out / "report.html").read_text()


def test_a_day_can_be_planned_anew_again_and_python_gives_the_same(run, capsys, tmp_path):
    out = tmp_path / "anew"
    first = asked(capsys, "replan", run, "--now", "09:05", "--promised", "V3", "--out", out)
    assert first[0] == 0
    second = asked(capsys, "replan", out, "--now", "09:10", "--json")
    assert second[0] == 0
    told = json.loads(second[1].out)
    workspace = Workspace(tmp_path)
    day = workspace.replan(ReplanAsked(run=out, now="09:10", events=events_told()))
    assert told["moved"] == day.new.moved == 0
    assert told["cost"] == day.new.plan.cost.terms


def test_the_rules_of_the_scenario_hold_unless_others_are_given(run, tmp_path):
    scenario = run / "scenario.toml"
    scenario.write_text(
        'id = "x"\ntitle = "x"\n[areas]\nboundaries = "a"\npopulation = "b"\n'
        '[[demand.records]]\nfile = "c"\n[rounds]\nday = 2026-11-24\ndepots = "d"\n'
        'visits = "e"\nshifts = "f"\n[rounds.replan]\nfixed_min = 30\nsame_staff_min = 60\n'
    )
    workspace = Workspace(tmp_path)
    day = workspace.replan(ReplanAsked(run=run, now="09:00"))
    assert day.state.freedom.fixed_until_s == 34_200
    assert day.state.freedom.same_staff_until_s == 36_000
    assert day.scenario_toml == scenario.read_text()
    free = workspace.replan(ReplanAsked(run=run, now="09:00", rules=ReplanTable()))
    assert free.state.freedom.fixed_until_s == 32_400


def test_slots_are_offered_with_their_price(run, capsys, tmp_path):
    slots = "09:30-10:30,14:00-15:00,03:00-04:00"
    command = ("offer", run, "--visit", "V1", "--slots", slots, "--move-others")
    code, shown = asked(capsys, *command, "--json")
    told = json.loads(shown.out)
    assert (code, told["visit_id"]) == (0, "V1")
    assert [offer["slot"] for offer in told["offers"]] == [
        "09:30–10:30",
        "14:00–15:00",
        "03:00–04:00",
    ]
    good, late, night = told["offers"]
    assert good["instead"] in {"A", "B"}
    assert late["extra_gbp"] is not None
    assert (night["instead"], night["extra_gbp"]) == ("", None)
    assert night["reason"]
    found = Workspace(tmp_path).offer(
        OfferAsked(run=run, visit="V1", slots=slots, moves_others=True)
    )
    assert [offer.extra_gbp for offer in found.offers] == [
        offer["extra_gbp"] for offer in told["offers"]
    ]
    assert asked(capsys, *command[:5], "03:00-04:00")[0] == 1


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("replan", "--now", "9.10"), "Fix: use 09:10"),
        (("replan", "--now", "10:00", "--ill", "nobody"), "has no shift that day"),
        (("replan", "--now", "10:00", "--new", "x.csv"), "name it with --scenario"),
        (("offer", "--visit", "V9", "--slots", "09:00-10:00"), "is not among the visits"),
        (("offer", "--visit", "V1", "--slots", "09:00"), "is no slot"),
        (("offer", "--visit", "V1", "--slots", "11:00-10:00"), "ends before it starts"),
        (("offer", "--visit", "V1", "--slots", "nine"), "is not a time of day"),
    ],
)
def test_what_cannot_be_asked_is_refused(run, capsys, command, says):
    code, shown = asked(capsys, command[0], run, *command[1:])
    assert code == 2
    assert says in shown.err
    assert "Fix:" in shown.err


def test_a_folder_without_a_plan(tmp_path, capsys):
    code, shown = asked(capsys, "replan", tmp_path, "--now", "10:00")
    assert code == 4
    assert "rounds.json" in shown.err


def test_a_slot_that_was_taken_is_promised_in_the_day_that_is_written(
    planned, run, capsys, tmp_path
):
    problem, before = planned
    visit, out = problem.visits[0].id, tmp_path / "promised"
    slot = "15:00-15:30"
    command = ("offer", run, "--visit", visit, "--slots", f"09:00-09:20,{slot}", "--move-others")
    code, shown = asked(capsys, *command, "--accept", slot, "--out", out, "--json")
    assert code == 0, shown.err
    told = json.loads(shown.out)
    assert set(told["files"]) <= {path.name for path in out.iterdir()}
    day, plan = read_rounds(out)
    assert not find_faults(day, plan)
    (begin_s,) = (s.begin_s for r in plan.routes for s in r.stops if s.place == visit)
    assert 15 * 3600 <= begin_s <= 15.5 * 3600
    (mine,) = (v for v in day.visits if v.id == visit)
    assert [(w.start_s, w.end_s) for w in mine.windows] == [(15 * 3600, 15.5 * 3600)]
    changes = (out / "changes.csv").read_text()
    assert visit in changes
    assert f"promised for {slot}" in (out / "report.html").read_text()
    price = told["offers"][1]["extra_gbp"]
    assert plan.cost.total_gbp == pytest.approx(before.cost.total_gbp + price, abs=0.011)
    # and the written day can be asked again
    code, _ = asked(capsys, "offer", out, "--visit", visit, "--slots", "10:00-10:30", "--json")
    assert code == 0


def test_a_slot_that_nobody_offered_is_not_promised(planned, run, capsys, tmp_path):
    visit, out = planned[0].visits[0].id, tmp_path / "promised"
    command = ("offer", run, "--visit", visit, "--slots", "15:00-15:30,03:00-03:10")
    code, shown = asked(capsys, *command, "--accept", "16:00-16:30", "--out", out)
    assert code == 2
    assert "was not among the slots asked for" in shown.err
    code, shown = asked(capsys, *command, "--accept", "03:00-03:10", "--out", out)
    assert code == 2
    assert "take a slot that is offered at a price" in shown.err
    code, shown = asked(capsys, *command, "--accept", "15:00-15:30")
    assert code == 2
    assert "--accept and --out go together" in shown.err
    assert not out.exists()
