"""Rules of a siting that cannot be kept, solvers that fail, and plans that a check refuses."""

import sys
from dataclasses import replace

import pytest
from asking import noted, partial, refused, warned
from spoiling import add_column, add_row, edit, set_cells
from tiny_borough import CODES, middle_of

from ntgeo import siting

REFUSED = "Plan not published"


def _with(borough, lines):
    edit(borough / "scenario.toml", ("site_count = 2\n", f"site_count = 2\n{lines}\n"))


def _room(borough, capacity):
    for site in ("S1", "S2", "S3", "S4"):
        set_cells(borough / "sites.csv", site, capacity=capacity)


def _site(borough, ask, *options, **how):
    return ask(borough, "site", "--no-explain", *options, **how)


@pytest.mark.bad_input("S06")
def test_less_room_than_demand_where_all_must_be_served(borough, ask):
    _room(borough, "100")
    _with(borough, 'capacity = "hard"\nmust_serve_all = true')
    refused(
        _site(borough, ask),
        "all 480 observed housing must be served",
        "hold 400 in all, and demand is 480",
        "let some go unserved",
        file="scenario, key siting",
        code=3,
    )


@pytest.mark.bad_input("S07")
def test_areas_larger_than_any_site(borough, ask):
    _room(borough, "20")
    _with(borough, 'capacity = "hard"')
    told = _site(borough, ask, "--json")
    partial(told)
    unserved = {area["lsoa"]: area for area in told.json["unserved"]}
    assert set(unserved) == set(CODES)
    for area in unserved.values():
        assert "has room for 20" in area["reason"]
        assert "room for 40 more" in area["change"]


@pytest.mark.bad_input("S09")
def test_no_capacity_is_no_limit(borough, ask):
    set_cells(borough / "sites.csv", "S2", capacity="")
    _with(borough, 'capacity = "hard"')
    noted(_site(borough, ask), "no capacity is given, so there is no limit: S2", file="sites.csv")


@pytest.mark.bad_input("S23")
def test_sites_that_are_never_so_far_apart(borough, ask):
    _with(borough, "min_separation_m = 20000")
    refused(
        _site(borough, ask),
        "open sites must be at least 20,000 m apart",
        "let sites be 1,581 m apart",
        file="scenario, key siting",
        code=3,
    )


@pytest.mark.bad_input("S22")
def test_rules_that_leave_no_choice(borough, ask):
    _with(borough, "open_new_at_most = 0")
    says = ("exactly 2 sites may be open", "at most 0 sites", "let 1 be newly opened")
    refused(_site(borough, ask), *says, file="scenario, key siting", code=3)


@pytest.mark.bad_input("S43")
def test_no_time_to_search_still_gives_a_plan_and_says_how_good_it_is(borough, ask):
    edit(borough / "scenario.toml", ("time_limit_s = 2", "time_limit_s = 0.001"))
    told = _site(borough, ask, "--json")
    noted(told)
    assert len(told.json["opened"]) == 2
    assert told.json["report"]["status"] in {"optimal", "feasible"}
    assert told.json["report"]["status"] == "optimal" or told.json["report"]["gap_share"] != 0


@pytest.mark.bad_input("S44")
def test_more_pairs_than_this_machine_may_hold(borough, ask, monkeypatch):
    monkeypatch.setenv("NTGEO_MEMORY_MB", "1")
    east, north = middle_of(CODES[0])
    rows = (f"N{n},Site {n},candidate,300,{east + n % 400},{north + n // 400}" for n in range(1400))
    add_row(borough / "sites.csv", *rows)
    refused(
        _site(borough, ask),
        "8 × 1,404 places are 0.01 million pairs",
        "ask for fewer sites",
        file="scenario, key sites",
    )


@pytest.mark.bad_input("S45")
def test_a_solver_that_dies_takes_no_plan_with_it(borough, ask, monkeypatch, tmp_path):
    shell = tmp_path / "dies"
    shell.write_text("#!/bin/sh\nkill -ABRT $$\n")
    shell.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(shell))
    _with(borough, 'then = [{ objective = "p-centre" }]')
    told = _site(borough, ask, "--json")
    noted(told)
    assert len(told.json["opened"]) == 2


def _spoil(monkeypatch, change):
    """Let the solver return its plan with something changed."""
    solve = siting.solve_siting

    def spoilt(problem, limits, *, progress):
        plan = solve(problem, limits, progress=progress)
        return change(problem, plan)

    monkeypatch.setattr(siting, "solve_siting", spoilt)


def _other_value(_problem, plan):
    return replace(plan, report=replace(plan.report, objective=plan.report.objective * 2))


def _lost_demand(_problem, plan):
    first, *others = plan.allocations
    return replace(plan, allocations=(replace(first, demand=first.demand - 30), *others))


def _lost_area(_problem, plan):
    return replace(plan, allocations=plan.allocations[1:])


def _too_far(problem, plan):
    place = [area.lsoa for area in plan.allocations].index(CODES[0])
    far = replace(
        plan.allocations[place],
        site="S4",
        time_s=float(problem.travel.select([CODES[0]], ["S4"]).time_s[0, 0]),
    )
    changed = (*plan.allocations[:place], far, *plan.allocations[place + 1 :])
    return replace(plan, allocations=changed)


@pytest.mark.bad_input("S46", "S48", "S49")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_other_value, "objective"),
        (_lost_demand, CODES[0]),
        (_lost_area, CODES[0]),
        (_too_far, CODES[0]),
    ],
)
def test_a_plan_that_the_check_does_not_confirm(borough, ask, monkeypatch, change, says):
    _with(borough, "travel_limit_min = 3.5\n")
    _spoil(monkeypatch, change)
    told = _site(borough, ask, is_our_bug=True)
    refused(told, "the independent check found faults", says, file=REFUSED, code=70)


@pytest.mark.bad_input("S50")
def test_more_sites_than_are_of_use(borough, ask):
    east, north = middle_of("E01034002")
    add_row(borough / "sites.csv", f"S9,Hall,candidate,300,{east},{north + 1}")
    edit(borough / "scenario.toml", ("site_count = 2", "site_count = 5"))
    says = "open, but serving nobody: S9. Fix: ask for fewer sites"
    warned(_site(borough, ask), says, file="scenario, key siting.site_count")


@pytest.mark.bad_input("S56")
def test_services_that_do_not_fit_a_site_together(borough, ask):
    demand = borough / "demand.csv"
    demand.write_text(demand.read_text().replace("housing", "clinic", 120))
    _room(borough, "250")
    for site in ("S2", "S3", "S4"):
        set_cells(borough / "sites.csv", site, status="excluded")
    services = '{ service = "housing", site_count = 1 }, { service = "clinic", site_count = 1 }'
    _with(borough, f'capacity = "hard"\nservices = [{services}]')
    refused(
        _site(borough, ask),
        "240 clinic + 240 housing are more than its capacity of 250",
        "exclude one of them",
        file="scenario, key siting.services",
        value="S1",
    )


def test_a_budget_that_buys_no_site(borough, ask):
    add_column(borough / "sites.csv", "fixed_cost_gbp", {f"S{n}": "1000" for n in range(1, 5)})
    edit(borough / "scenario.toml", ("site_count = 2", "budget_gbp = 10"))
    told = ask(borough, "site")
    says = 'key siting.budget_gbp, value "10": no site is open: the cheapest costs £1,000 a year'
    partial(told, says, "raise the budget")
