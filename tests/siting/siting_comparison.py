"""The engine's answer against the oracle's: the plan, each aim's value, and what is proven."""

from siting.siting_oracle import Oracle, best_by_trying_all, is_plan, worth_of_plan

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.siting_stages import UNSERVED_STAGE, is_made_most, stage_name
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import InfeasibleError
from ntgeo.siting import find_faults, solve_here

__all__ = ["best_told", "differences"]

LIMITS = SolveLimits(time_limit_s=300)  # compiling counts, where nothing is cached yet
_SHARE = 1e-5


def differences(problem):
    """What is wrong with the engine's answer, in words; nothing where it is the oracle's."""
    best = best_by_trying_all(problem)
    try:
        plan = solve_here(problem, LIMITS)
    except InfeasibleError:
        return [] if best is None else [f"no plan is told, but one comes to {best}"]
    if best is None:
        return [f"a plan is told where none exists; its faults: {find_faults(problem, plan)}"]
    oracle, worth = Oracle(problem), worth_of_plan(problem, plan)
    return [
        *find_faults(problem, plan),
        *([] if is_plan(problem, plan) else ["the oracle would not have tried this plan"]),
        *_differences_of_worth(oracle, best, worth),
        *_differences_of_proof(oracle, best, plan.report),
    ]


def best_told(problem):
    """The best possible of each aim in order, as the engine tells it; least best, as the oracle."""
    try:
        report = solve_here(problem, LIMITS).report
    except InfeasibleError:
        return None
    stages = report.stages or (report,)
    return [-stage.bound if stage.is_maximised else stage.bound for stage in stages]


def _tolerance(value):
    return _SHARE * max(1.0, abs(value))


def _differences_of_worth(oracle, best, worth):
    caps = oracle.caps(best, oracle.stages[-1])
    for place, (name, least, most, value) in enumerate(
        zip(oracle.stages, best, caps, worth, strict=True)
    ):
        is_last = place == len(best) - 1
        if value > (least if is_last else most) + _tolerance(most):
            yield f"{name}: the plan comes to {value:.9g}, the best possible is {least:.9g}"
        if most == least and value < least - _tolerance(least):
            yield f"{name}: the plan comes to {value:.9g}, below the oracle's {least:.9g}"


def _differences_of_proof(oracle, best, report):
    problem = oracle.problem
    least_of = dict(zip(oracle.stages, best, strict=True))
    is_proven = report.bound is not None and abs(report.objective - report.bound) <= _tolerance(
        report.objective
    )
    if report.status is SolveStatus.OPTIMAL and not is_proven:
        yield f"told as {report.status}: objective {report.objective}, bound {report.bound}"
    told = [(problem.objective, report), *_named_stages(problem, report)]
    for name, proof in told:
        is_most = name != UNSERVED_STAGE and is_made_most(problem, name)
        least = least_of[name]
        bound = None if proof.bound is None else (-proof.bound if is_most else proof.bound)
        if bound is None or abs(bound - least) > _tolerance(least):
            yield f"{name}: bound {proof.bound} is told, the best possible is {least:.9g}"


def _named_stages(problem, report):
    """Each aim with its stage; where two share a name, the first is the aim's."""
    stages = {}
    for stage in report.stages:
        stages.setdefault(stage.name, stage)
    if UNSERVED_STAGE in stages:
        yield UNSERVED_STAGE, stages[UNSERVED_STAGE]
    for aim in problem.aims:
        name = stage_name(problem, SitingObjective(aim))
        if name in stages:
            yield aim, stages[name]
