"""Each model by its size and by what each rule forbids."""

import time

import numpy as np
import pytest
import toytown

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.choice import SiteChoice, build_choice
from ntgeo.siting.clock import Clock
from ntgeo.siting.formulation import Formulation, solve_formulation
from ntgeo.siting.median.p_median import build_p_median
from ntgeo.siting.median.rows import FREE, IN, build_rows
from ntgeo.siting.models.cover_decision import cover_with
from ntgeo.siting.models.max_coverage import build_max_coverage
from ntgeo.siting.models.p_centre import least_worst_time
from ntgeo.siting.models.set_cover import build_set_cover

LIMITS = SolveLimits(time_limit_s=10)
MINUTES = np.array(
    [[0, 20, 40, 10], [10, 10, 30, 0], [20, 0, 20, 10], [30, 10, 10, 20], [40, 20, 0, 30]],
    dtype=float,
)
PEOPLE = np.array(toytown.AREA_PEOPLE)


def centre_choice(time_s, site_count):
    """A p-centre among any places, each an area of demand 1 and a site."""
    return SiteChoice(
        objective=SitingObjective.P_CENTRE,
        demand=np.ones(len(time_s)),
        time_s=time_s,
        columns=np.arange(len(time_s)),
        is_required=np.zeros(len(time_s), dtype=bool),
        site_count=site_count,
    )


def solved(model):
    return solve_formulation(model, LIMITS, time_left_s=10)


def median_of(state, count, leave=None):
    rows = build_rows(MINUTES * PEOPLE[:, None], leave_cost=leave)
    model, sites, always = build_p_median(rows, np.array(state, dtype=np.int8), count, unit=1.0)
    outcome = solved(model)
    opened = sites[outcome.values[: len(sites)] > 0.5].tolist()
    return opened, outcome.bound + always, model


def test_p_median_of_the_street_has_one_variable_and_one_link_a_pair():
    opened, value, model = median_of([FREE] * 4, 2)
    assert (opened, value) == ([1, 3], pytest.approx(500))
    assert (model.variable_count, model.row_count) == (4 + 20, 1 + 5 + 20)


def test_p_median_keeps_a_site_that_is_in_and_spares_its_links():
    opened, value, model = median_of([IN, FREE, FREE, FREE], 2)
    assert (opened, value) == ([0, 1], pytest.approx(600))
    assert model.row_count == 1 + 5 + 15


def test_p_median_leaves_an_area_only_at_its_price():
    assert median_of([FREE] * 4, 1, leave=PEOPLE * 15)[:2] == ([1], pytest.approx(700))
    assert median_of([FREE] * 4, 1, leave=PEOPLE * 1000)[:2] == ([1], pytest.approx(800))


@pytest.mark.parametrize(("count", "people"), [(1, 70), (2, 90), (3, 90)])
def test_max_coverage_counts_people_near_an_open_site(count, people):
    problem = toytown.siting_problem(objective="max-coverage", site_count=count, limit_minutes=10)
    model, sites = build_max_coverage(build_choice(problem), count, unit_of_demand=1.0)
    outcome = solved(model)
    assert outcome.bound == pytest.approx(people)
    assert outcome.values[sites].sum() == pytest.approx(count)


def test_max_coverage_keeps_a_required_site():
    problem = toytown.siting_problem(
        objective="max-coverage",
        site_count=1,
        limit_minutes=10,
        statuses={"S1": SiteStatus.REQUIRED},
    )
    model, _ = build_max_coverage(build_choice(problem), 1, unit_of_demand=1.0)
    assert solved(model).bound == pytest.approx(30)


def cover_of(**changes):
    problem = toytown.siting_problem(
        objective="set-cover", site_count=None, limit_minutes=10, **changes
    )
    model, sites = build_set_cover(build_choice(problem))
    outcome = solved(model)
    return sorted(sites[outcome.values > 0.5].tolist()), outcome.bound


def test_set_cover_of_the_street_takes_two_sites():
    assert cover_of() == ([2, 3], pytest.approx(2))


def test_set_cover_counts_a_required_site_on_top_of_those_needed():
    assert cover_of(statuses={"S2": SiteStatus.REQUIRED})[1] == pytest.approx(3)


def test_p_centre_of_the_street_halves_its_way_to_ten_minutes():
    problem = toytown.siting_problem(objective="p-centre", site_count=2)
    told = []
    clock = Clock(ends_at=time.time() + 10)
    opened, bound_s = least_worst_time(
        told.append, build_choice(problem), np.array([0, 1]), LIMITS, clock
    )
    assert (opened.tolist(), bound_s) == ([2, 3], 600)
    assert told


def test_a_model_without_a_solution_says_so():
    model = Formulation()
    site = model.add_choices([1.0])
    model.add_rows((0, site, 1.0), lower=2.0, upper=2.0)
    outcome = solved(model)
    assert outcome.values is None
    assert outcome.is_infeasible


def test_a_time_whose_question_was_given_up_is_asked_again_at_the_end(monkeypatch):
    rng = np.random.default_rng(8)
    places = rng.random((24, 2)) * 9_000
    away = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    choice = centre_choice(away, site_count=4)
    given_up = []

    def moody(reach, count, limits, clock):
        if reach.sum() not in given_up:
            given_up.append(reach.sum())
            return None, False
        return cover_with(reach, count, limits, clock)

    def asked():
        clock = Clock(ends_at=time.time() + 30)
        return least_worst_time(lambda _: None, choice, np.arange(4), LIMITS, clock)

    opened, bound_s = asked()
    monkeypatch.setattr("ntgeo.siting.models.p_centre.cover_with", moody)
    again, again_s = asked()
    assert len(given_up) > 3
    assert bound_s == again_s == choice.value(opened).worst_s == choice.value(again).worst_s
