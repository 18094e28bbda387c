from dataclasses import replace

import pytest
import report_plans
import toytown

from ntgeo.domain.matrix import TimeRange


@pytest.fixture
def siting():
    """Toytown's best plan of two sites, with the problem: S2 and S4 in place of S1 and S3."""
    problem = toytown.siting_problem()
    return problem, report_plans.siting_plan(problem)


@pytest.fixture
def limited():
    """The same with a limit of 10 minutes, which leaves X01000005 (20 minutes away) unserved."""
    problem = toytown.siting_problem(limit_minutes=10)
    return problem, report_plans.siting_plan(problem, unserved=("X01000005",))


@pytest.fixture
def ranged():
    """Return a function that gives a problem's times a range of 0.8 to 1.5."""
    told = TimeRange(low_share=0.8, high_share=1.5, source="by hand")
    return lambda problem: replace(problem, travel=replace(problem.travel, time_range=told))


@pytest.fixture
def areas():
    return report_plans.areas()


@pytest.fixture
def rounds():
    """A makes V1 and V2; B makes V3, waits for a break, and goes home."""
    return toytown.routing_problem(), report_plans.route_plan()


@pytest.fixture
def short_rounds():
    """B is not sent out, so V3 is unmade."""
    unmade = [("V3", "no-room", "every shift that could make it is full")]
    return toytown.routing_problem(), report_plans.route_plan([report_plans.ROUTE_A], unmade)


@pytest.fixture
def rich_rounds():
    """A crew, an order, new faces, a late visit, an unpaid break, and a visit left unmade."""
    return report_plans.rich_problem(), report_plans.rich_plan()
