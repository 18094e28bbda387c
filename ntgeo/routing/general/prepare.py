"""Compiles the kernels of this room once on a machine."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    Depot,
    DepotId,
    RoutingProblem,
    Shift,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitId,
)
from ntgeo.domain.solving import SolveLimits
from ntgeo.routing.general.anneal import Effort, search_orders
from ntgeo.routing.general.sheets import write_soonest

__all__ = ["prepare_general"]


@cache
def prepare_general() -> None:
    """Plan a day of one visit, which compiles every kernel.

    Numba writes what it compiles beside the source; later processes load it in seconds. Once a
    process.
    """
    here, hours = Location(easting_m=0.0, northing_m=0.0), TimeWindow(start_s=0, end_s=36_000)
    visit = Visit(id=VisitId("v"), location=here, service_s=600, windows=(hours,))
    depot = Depot(id=DepotId("d"), name="d", location=here)
    shift = Shift(
        id=ShiftId("s"),
        staff=StaffId("s"),
        start_place=depot.id,
        end_place=depot.id,
        hours=hours,
    )
    apart = np.array([[0.0, 60.0], [60.0, 0.0]])
    travel = TravelTimeMatrix(
        origins=("d", "v"),
        destinations=("d", "v"),
        time_s=apart,
        distance_m=apart,
        mode=TravelMode.CAR,
        method="made up",
    )
    problem = RoutingProblem(
        day=date(2026, 11, 24), visits=(visit,), shifts=(shift,), depots=(depot,), travel=travel
    )
    effort = Effort(SolveLimits(time_limit_s=1.0), 1.0)
    orders, _ = search_orders(problem, effort, lambda _: None, ((0,),))
    write_soonest(problem, orders)
