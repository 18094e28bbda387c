"""A question without a plan is told with the rules that conflict; a bad plan is never passed on."""

from types import SimpleNamespace

import pytest
import toytown

from ntgeo import siting
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import InfeasibleError, PlanRejectedError
from ntgeo.services.plan_sites import plan_sites

LIMITS = SolveLimits(time_limit_s=20)


def refuse(*_, **__):
    msg = "proven: no plan"
    raise InfeasibleError(msg)


def test_no_plan_is_told_with_the_rules_that_conflict(monkeypatch):
    conflict = SimpleNamespace(in_words="No plan exists: one site, and ten minutes.")
    monkeypatch.setattr(siting, "solve_siting", refuse)
    monkeypatch.setattr(siting, "find_conflict", lambda *_, **__: conflict)
    with pytest.raises(InfeasibleError, match="one site, and ten minutes"):
        plan_sites(toytown.siting_problem(), LIMITS)


def test_where_no_conflict_is_found_the_solvers_own_word_stands(monkeypatch):
    monkeypatch.setattr(siting, "solve_siting", refuse)
    with pytest.raises(InfeasibleError, match="proven: no plan"):
        plan_sites(toytown.siting_problem(), LIMITS)


def test_a_plan_that_fails_its_check_is_not_passed_on(monkeypatch):
    monkeypatch.setattr(siting, "find_faults", lambda *_: ["a fault"])
    with pytest.raises(PlanRejectedError, match="a fault"):
        plan_sites(toytown.siting_problem(), LIMITS)
