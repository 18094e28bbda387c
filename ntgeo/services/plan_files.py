"""Problems and plans as files that ``ntgeo check`` can read without a solver.

A plan is JSON that a person can read. Its travel times are arrays, so they lie beside it in NumPy's
``.npz``, which is opened with pickles refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from pydantic import TypeAdapter

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite
from ntgeo.domain.routing import (
    Depot,
    RoundsPrices,
    RoutePlan,
    RoutingProblem,
    Shift,
    TimeWindow,
    Visit,
    VisitLink,
)
from ntgeo.domain.siting import (
    AreaRules,
    NextAim,
    SitingObjective,
    SitingPlan,
    SitingProblem,
    SitingRules,
)
from ntgeo.domain.siting_rules import NO_AREA_RULES
from ntgeo.domain.sparse_times import SparseTravelTimes
from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.files import write_text
from ntgeo.services.travel_files import read_travel, write_travel

__all__ = [
    "ROUNDS_FILE",
    "ROUNDS_TRAVEL_FILE",
    "SITING_FILE",
    "SITING_TRAVEL_FILE",
    "read_rounds",
    "read_siting",
    "rounds_travel_files",
    "write_rounds",
    "write_siting",
]

SITING_FILE: Final = "siting.json"
SITING_TRAVEL_FILE: Final = "siting_travel.npz"
ROUNDS_FILE: Final = "rounds.json"
ROUNDS_TRAVEL_FILE: Final = "rounds_travel.npz"
_SCHEMA: Final = 1

_SITES = TypeAdapter(tuple[CandidateSite, ...])
_RULES = TypeAdapter(SitingRules)
_AIMS = TypeAdapter(tuple[NextAim, ...])
_SITING_PLAN = TypeAdapter(SitingPlan)
_VISITS = TypeAdapter(tuple[Visit, ...])
_SHIFTS = TypeAdapter(tuple[Shift, ...])
_DEPOTS = TypeAdapter(tuple[Depot, ...])
_LINKS = TypeAdapter(tuple[VisitLink, ...])
_PRICES = TypeAdapter(RoundsPrices)
_DAYLIGHT = TypeAdapter(TimeWindow | None)
_ROUTE_PLAN = TypeAdapter(RoutePlan)


Answer = TypeVar("Answer")


def write_siting(folder: Path, problem: SitingProblem, plan: SitingPlan) -> None:
    """Write ``siting.json`` and ``siting_travel.npz``; the same plan gives the same bytes.

    Raises:
        TypeError: The travel times are sparse, which no scenario asks for.
    """
    if isinstance(problem.travel, SparseTravelTimes):
        msg = "a run holds the travel times of every pair; these are sparse"
        raise TypeError(msg)
    asked = {
        "areas": list(problem.areas),
        "demand": problem.demand.tolist(),
        "demand_unit": problem.demand_unit,
        "sites": _SITES.dump_python(problem.sites, mode="json"),
        "objective": problem.objective.value,
        "rules": _RULES.dump_python(problem.rules, mode="json"),
        "then": _AIMS.dump_python(problem.then, mode="json"),
        "imd_decile": None if problem.imd_decile is None else problem.imd_decile.tolist(),
        "area_rules": _area_rules_content(problem.area_rules),
    }
    timeless = replace(plan, report=replace(plan.report, wall_time_s=0.0))
    _write_json(folder / SITING_FILE, asked, _SITING_PLAN.dump_python(timeless, mode="json"))
    write_travel(folder / SITING_TRAVEL_FILE, problem.travel)


def read_siting(folder: Path) -> tuple[SitingProblem, SitingPlan]:
    """Read what :func:`write_siting` wrote; the wall time is in ``run.json`` and reads as 0.

    Raises:
        DataUnavailableError: A file is missing.
        InputError: A file is not what ntgeo wrote.
    """
    travel = read_travel(folder / SITING_TRAVEL_FILE)
    return _read_json(folder / SITING_FILE, lambda content: _siting_of(content, travel))


def _siting_of(
    content: dict[str, Any], travel: TravelTimeMatrix
) -> tuple[SitingProblem, SitingPlan]:
    asked = content["problem"]
    deciles = asked.get("imd_decile")
    problem = SitingProblem(
        areas=tuple(asked["areas"]),
        demand=np.array(asked["demand"], dtype=np.float64),
        demand_unit=asked["demand_unit"],
        sites=_SITES.validate_python(asked["sites"]),
        travel=travel,
        objective=SitingObjective(asked["objective"]),
        rules=_RULES.validate_python(asked["rules"]),
        then=_AIMS.validate_python(asked.get("then", ())),
        imd_decile=None if deciles is None else np.array(deciles, dtype=np.intp),
        area_rules=_area_rules_of(asked.get("area_rules")),
    )
    return problem, _SITING_PLAN.validate_python(content["plan"])


def _area_rules_content(rules: AreaRules) -> dict[str, Any]:
    """Return the rules as JSON takes them, without those there are none of."""
    content: dict[str, Any] = {}
    if rules.travel_limit_s is not None:
        limits_s = rules.travel_limit_s.tolist()
        content["travel_limit_s"] = [None if math.isnan(own) else own for own in limits_s]
    if rules.decay_stretch is not None:
        content["decay_stretch"] = rules.decay_stretch.tolist()
    if rules.group is not None:
        content["group"] = list(rules.group)
    return content


def _area_rules_of(content: Mapping[str, Any] | None) -> AreaRules:
    if not content:
        return NO_AREA_RULES
    figures = {
        name: np.array(content[name], dtype=np.float64)
        for name in ("travel_limit_s", "decay_stretch")
        if name in content
    }
    group = content.get("group")
    return AreaRules(**figures, group=None if group is None else tuple(group))


def rounds_travel_files(count: int) -> tuple[str, ...]:
    """Return the file name of each of a number of travel-time matrices of rounds."""
    stem, end = ROUNDS_TRAVEL_FILE.split(".")
    return (ROUNDS_TRAVEL_FILE, *(f"{stem}_{number}.{end}" for number in range(2, count + 1)))


def write_rounds(folder: Path, problem: RoutingProblem, plan: RoutePlan) -> None:
    """Write ``rounds.json`` and the ``.npz`` of each matrix; the same plan gives the same bytes."""
    travel = (problem.travel, *problem.more_travel)
    asked = {
        "day": problem.day.isoformat(),
        "visits": _in_order(_VISITS.dump_python(problem.visits)),
        "shifts": _in_order(_SHIFTS.dump_python(problem.shifts)),
        "depots": _in_order(_DEPOTS.dump_python(problem.depots)),
        "links": _in_order(_LINKS.dump_python(problem.links)),
        "prices": _in_order(_PRICES.dump_python(problem.prices)),
        "daylight": _in_order(_DAYLIGHT.dump_python(problem.daylight)),
        "travel_files": list(rounds_travel_files(len(travel))),
    }
    timeless = replace(plan, report=replace(plan.report, wall_time_s=0.0))
    _write_json(folder / ROUNDS_FILE, asked, _ROUTE_PLAN.dump_python(timeless, mode="json"))
    for file, matrix in zip(asked["travel_files"], travel, strict=True):
        write_travel(folder / file, matrix)


def _in_order(content: Any) -> Any:
    """Return what JSON takes, with the members of every set in order."""
    if isinstance(content, set | frozenset):
        return sorted(content)
    if isinstance(content, dict):
        return {key: _in_order(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_in_order(value) for value in content]
    return content.isoformat() if isinstance(content, time) else content


def read_rounds(folder: Path) -> tuple[RoutingProblem, RoutePlan]:
    """Read what :func:`write_rounds` wrote; the wall time is in ``run.json`` and reads as 0.

    Raises:
        DataUnavailableError: A file is missing.
        InputError: A file is not what ntgeo wrote.
    """
    return _read_json(folder / ROUNDS_FILE, lambda content: _rounds_of(content, folder))


def _rounds_of(content: dict[str, Any], folder: Path) -> tuple[RoutingProblem, RoutePlan]:
    asked = content["problem"]
    files = rounds_travel_files(len(asked["travel_files"]))
    travel, *more_travel = (read_travel(folder / file) for file in files)
    problem = RoutingProblem(
        day=date.fromisoformat(asked["day"]),
        visits=_VISITS.validate_python(asked["visits"]),
        shifts=_SHIFTS.validate_python(asked["shifts"]),
        depots=_DEPOTS.validate_python(asked["depots"]),
        travel=travel,
        more_travel=tuple(more_travel),
        links=_LINKS.validate_python(asked["links"]),
        prices=_PRICES.validate_python(asked["prices"]),
        daylight=_DAYLIGHT.validate_python(asked["daylight"]),
    )
    return problem, _ROUTE_PLAN.validate_python(content["plan"])


def _write_json(path: Path, problem: dict[str, Any], plan: dict[str, Any]) -> None:
    content = {"schema": _SCHEMA, "problem": problem, "plan": plan}
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def _read_json(path: Path, build: Callable[[dict[str, Any]], Answer]) -> Answer:
    if not path.is_file():
        raise DataUnavailableError(path.name, "there is no such file", "run the scenario again")
    try:
        return build(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        fault = Fault(
            file=path.name,
            what=f"not a plan as ntgeo writes it ({type(error).__name__}: {_first_line(error)})",
            fix="run the scenario again",
            code="torn-file",
        )
        raise InputError(fault) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:100]
