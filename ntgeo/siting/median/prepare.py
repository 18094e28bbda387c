"""Compiles the kernels of this room once on a machine, and loads them in this process."""

from __future__ import annotations

from functools import cache

import numpy as np

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import ENDLESS
from ntgeo.siting.median.rows import build_rows
from ntgeo.siting.median.solve_median import MedianQuestion, solve_median

__all__ = ["prepare_median"]


@cache
def prepare_median() -> None:
    """Answer a small question with and without columns, once a process."""
    place = np.arange(24.0)
    x, y = place * 37 % 101, place * 61 % 97
    rows = build_rows(np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]))
    for costs in (rows, rows.with_columns()):
        question = MedianQuestion(
            rows=costs, state=np.zeros(24, dtype=np.int8), count=4, in_child=False
        )
        solve_median(question, SolveLimits(), ENDLESS)
