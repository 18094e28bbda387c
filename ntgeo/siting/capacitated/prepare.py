"""Compiles the kernels of this room once on a machine, and loads them in this process."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.capacitated.question import CapacitatedQuestion
from ntgeo.siting.capacitated.solve_capacitated import solve_capacitated
from ntgeo.siting.clock import ENDLESS

__all__ = ["prepare_capacitated"]


@cache
def prepare_capacitated() -> None:
    """Answer a small question whose gap takes every kernel to close.

    Numba writes what it compiles beside the source; later processes load it in a second. Once a
    process.
    """
    place = np.arange(24.0)
    x, y = place * 37 % 101, place * 61 % 97
    question = CapacitatedQuestion(
        cost=np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]),
        demand=place * 13 % 11 + 1,
        capacity=np.full(24, 37.0),
        state=np.zeros(24, dtype=np.int8),
        count=4,
        open_cost=np.zeros(24),
        leave_cost=np.full(24, math.inf),
    )
    solve_capacitated(question, SolveLimits(), ENDLESS, in_child=False)
