"""What would mend a conflict: the smallest change of one rule after which a plan exists."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.answers.rule_list import Rule
from ntgeo.siting.answers.trial import try_solving
from ntgeo.siting.clock import Clock
from ntgeo.siting.stages.reasons import time_text

__all__ = ["Mend", "find_mends"]

Changed = Callable[[float], SitingProblem | None]
_CLOSE_SHARE = 0.005
_MOST_VALUES = 2_000
_SMALL = 10.0
"""Figures above this are told as whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mend:
    """A change of one rule after which the whole question has a plan.

    Args:
        rule: Name of the rule.
        text: The change, as a clause: ``"raise the travel limit to 34 min"``.
        value: The new figure, in the rule's unit; a multiple for capacities; ``None`` where the
            rule is dropped.
        is_least: Whether no smaller change of this rule does, as far as figures of its kind go:
            whole counts, times and distances of the matrix, others to half a per cent.
        plan: A plan that keeps all the rules after the change.
    """

    rule: str
    text: str
    value: float | None
    is_least: bool
    plan: SitingPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dial:
    """A rule as a figure that can be turned.

    Args:
        values: From the least change to the greatest; a plan that one allows, all after it allow,
            unless ``is_uneven``.
        changed: Returns the question with a figure.
        text: Tells the change; ``{}`` is the figure.
        told: Writes a figure.
        is_uneven: Whether each figure has to be tried.
    """

    values: Sequence[float]
    changed: Changed
    text: str
    told: Callable[[float], str]
    is_uneven: bool = False


def find_mends(
    problem: SitingProblem, conflict: Sequence[Rule], limits: SolveLimits, clock: Clock
) -> tuple[Mend, ...]:
    """Return, for each rule in a conflict, the smallest change that mends the question, if any.

    Figures that change come first, then rules that are dropped.

    Args:
        problem: The question that has no plan.
        conflict: Rules that conflict.
        limits: Of each trial.
        clock: When to end; the time left is shared out evenly.
    """
    mends = []
    for done, rule in enumerate(conflict):
        part = clock.part(1.0 / (len(conflict) - done))
        mend = _mend(problem, rule, limits, part)
        if mend is not None:
            mends.append(mend)
    return tuple(sorted(mends, key=lambda mend: mend.value is None))


def _mend(problem: SitingProblem, rule: Rule, limits: SolveLimits, clock: Clock) -> Mend | None:
    dial = _dial_of(problem, rule.name)
    if dial is not None:
        found = _least(dial, limits, clock)
        if found is None:
            return None
        value, plan, is_least = found
        text = dial.text.format(dial.told(value))
        return Mend(rule=rule.name, text=text, value=value, is_least=is_least, plan=plan)
    text = _DROPPED.get(rule.name, "")
    dropped = try_solving(rule.lift(problem), limits, clock).plan if text else None
    if dropped is None:
        return None
    return Mend(rule=rule.name, text=text, value=None, is_least=True, plan=dropped)


_DROPPED = {
    "must_serve_all": "let some go unserved",
    "assignment": "let areas be split between sites",
    "group": "let areas of a group go to different sites",
    "required sites": "require fewer sites",
    "excluded sites": "allow sites that are excluded",
}


def _least(dial: _Dial, limits: SolveLimits, clock: Clock) -> tuple[float, SitingPlan, bool] | None:
    """Return the first value that has a plan, the plan, and whether all before it have none."""
    if dial.is_uneven:
        return _first(dial, limits, clock)
    low, high = -1, len(dial.values) - 1
    best: tuple[float, SitingPlan] | None = None
    is_least = True
    while low < high - (best is not None):
        middle = high if best is None else (low + high) // 2
        trial = try_solving(dial.changed(dial.values[middle]), limits, clock)
        if trial.plan is not None:
            best, high = (dial.values[middle], trial.plan), middle
        elif best is None:
            return None
        else:
            is_least &= trial.is_impossible
            low = middle
    return None if best is None else (*best, is_least)


def _first(dial: _Dial, limits: SolveLimits, clock: Clock) -> tuple[float, SitingPlan, bool] | None:
    is_least = True
    for value in dial.values:
        if clock.is_up():
            return None
        trial = try_solving(dial.changed(value), limits, clock)
        if trial.plan is not None:
            return value, trial.plan, is_least
        is_least &= trial.is_impossible
    return None


def _dial_of(problem: SitingProblem, name: str) -> _Dial | None:
    """Return the rule as a figure; ``None`` where it has none."""
    zone = name.removeprefix("zone_minimums ")
    if zone != name:
        return _zone_dial(problem, zone)
    builder = _DIALS.get(name)
    return None if builder is None else builder(problem)


def _with_rules(problem: SitingProblem, **changes: object) -> SitingProblem | None:
    """Return the question with rules changed; ``None`` if it then makes no sense."""
    try:
        return replace(problem, rules=replace(problem.rules, **changes))  # type: ignore[arg-type]
    except ValueError:
        return None


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _limit_dial(problem: SitingProblem) -> _Dial:
    own, common_s = problem.area_rules.travel_limit_s, problem.rules.travel_limit_s
    time_s = np.asarray(problem.travel.time_s)
    least_s = float(problem.limit_s.min())
    longer = np.unique(time_s[np.isfinite(time_s) & (time_s > least_s)])
    if len(longer) > _MOST_VALUES:
        longer = np.unique(np.ceil(longer / 60.0) * 60.0)

    def changed(limit_s: float) -> SitingProblem | None:
        limits_s = None if own is None else np.maximum(own, limit_s)
        common = None if common_s is None else max(common_s, limit_s)
        rules = replace(problem.rules, travel_limit_s=common)
        area_rules = replace(problem.area_rules, travel_limit_s=limits_s)
        return replace(problem, rules=rules, area_rules=area_rules)

    text = "raise the travel limit to {}"
    return _Dial(values=longer.tolist(), changed=changed, text=text, told=time_text)


def _count_dial(problem: SitingProblem) -> _Dial:
    count = problem.rules.site_count or 0
    usable = sum(site.may_open for site in problem.sites)
    up = range(count + 1, usable + 1)
    values = [float(value) for value in up]
    is_exact = not problem.rules.may_open_fewer
    if is_exact:
        near = sorted({*up, *range(1, count)}, key=lambda value: (abs(value - count), -value))
        values = [float(value) for value in near]
    return _Dial(
        values=values,
        changed=lambda value: _with_rules(problem, site_count=int(value)),
        text="open {} sites" if is_exact else "allow {} sites",
        told=_whole,
        is_uneven=is_exact,
    )


def _budget_dial(problem: SitingProblem) -> _Dial:
    budget = problem.rules.budget_gbp or 0.0
    most = math.fsum(site.fixed_cost_gbp or 0.0 for site in problem.sites if site.may_open)
    return _Dial(
        values=[float(math.ceil(value)) for value in _between(budget, most + 1.0)],
        changed=lambda value: _with_rules(problem, budget_gbp=value),
        text="raise the budget to £{}",
        told=_whole,
    )


def _between(start: float, end: float) -> list[float]:
    """Figures after the start up to the end, in steps of half a per cent of their size."""
    step = _CLOSE_SHARE * max(abs(start), abs(end))
    count = max(1, math.ceil(abs(end - start) / step)) if step > 0 else 1
    return [float(value) for value in np.linspace(start, end, count + 1)[1:]]


def _integer_dial(name: str, text: str, *, is_raised: bool) -> Callable[[SitingProblem], _Dial]:
    def build(problem: SitingProblem) -> _Dial:
        count, most = getattr(problem.rules, name), len(problem.sites)
        values = range(count + 1, most + 1) if is_raised else range(count - 1, -1, -1)
        return _Dial(
            values=[float(value) for value in values],
            changed=lambda value: _with_rules(problem, **{name: int(value)}),
            text=text,
            told=_whole,
        )

    return build


def _throughput_dial(problem: SitingProblem) -> _Dial:
    values = _between(problem.rules.min_throughput or 0.0, 0.0)
    return _Dial(
        values=[float(math.floor(value)) if value > _SMALL else value for value in values],
        changed=lambda value: _with_rules(problem, min_throughput=value),
        text="ask each site to serve {}",
        told=lambda value: f"{value:,g}",
    )


def _target_dial(problem: SitingProblem) -> _Dial:
    values = [math.floor(value * 1e3) / 1e3 for value in _between(problem.rules.target_share, 0.0)]
    return _Dial(
        values=[value for value in values if value > 0],
        changed=lambda value: _with_rules(problem, target_share=value),
        text="cover only {} of the demand",
        told=lambda value: f"{value:.1%}",
    )


def _separation_dial(problem: SitingProblem) -> _Dial:
    places = np.array([(s.location.easting_m, s.location.northing_m) for s in problem.sites])
    apart_m = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    nearer = np.unique(np.floor(apart_m[apart_m < (problem.rules.min_separation_m or 0.0)]))
    return _Dial(
        values=nearer[::-1].tolist(),
        changed=lambda value: _with_rules(problem, min_separation_m=value),
        text="let sites be {} m apart",
        told=_whole,
    )


def _zone_dial(problem: SitingProblem, zone: str) -> _Dial:
    minimums = dict(problem.rules.zone_minimums)

    def changed(value: float) -> SitingProblem | None:
        lowered = tuple((minimums | {zone: int(value)}).items())
        return _with_rules(problem, zone_minimums=lowered)

    return _Dial(
        values=[float(value) for value in range(minimums[zone] - 1, -1, -1)],
        changed=changed,
        text=f"ask for {{}} in zone {zone}",
        told=_whole,
    )


def _capacity_dial(problem: SitingProblem) -> _Dial:
    sizes = [site.capacity for site in problem.sites if site.may_open and site.capacity]
    most = max(2.0, math.fsum(problem.demand) / min(sizes)) if sizes else 1.0

    def changed(factor: float) -> SitingProblem:
        sites = tuple(
            site if site.capacity is None else replace(site, capacity=site.capacity * factor)
            for site in problem.sites
        )
        return replace(problem, sites=sites)

    steps = max(1, math.ceil(math.log(most) / math.log1p(_CLOSE_SHARE)))
    return _Dial(
        values=[math.exp(math.log(most) * step / steps) for step in range(1, steps + 1)],
        changed=changed,
        text="make every capacity {} of what it is",
        told=lambda factor: f"{math.ceil(factor * 1000) / 10:,g} %",
    )


_DIALS: dict[str, Callable[[SitingProblem], _Dial]] = {
    "travel_limit_s": _limit_dial,
    "site_count": _count_dial,
    "budget_gbp": _budget_dial,
    "keep_existing_at_least": _integer_dial(
        "keep_existing_at_least", "keep {} of the sites open today", is_raised=False
    ),
    "close_at_most": _integer_dial("close_at_most", "let {} be closed", is_raised=True),
    "open_new_at_most": _integer_dial("open_new_at_most", "let {} be newly opened", is_raised=True),
    "min_throughput": _throughput_dial,
    "target_share": _target_dial,
    "min_separation_m": _separation_dial,
    "capacity": _capacity_dial,
}
