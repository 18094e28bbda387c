"""What the rounds benchmarks know of an instance, whatever the format of its file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.domain.routing import RoutePlan, RoutingProblem

DAY: Final = date(2026, 11, 24)


class Fleet(NamedTuple):
    """Vehicles that are the same.

    Attributes:
        depot: Row of the place where they start and end.
        count: How many may be used.
        capacity: Of each.
        most_work: Longest duration of a route; ``None`` for any.
    """

    depot: int
    count: int
    capacity: float
    most_work: int | None = None


class Published(NamedTuple):
    """Vehicle routing with time windows, as published.

    Attributes:
        table: (places, 6) x, y, load, earliest, latest, service; depots first.
        depots: How many of the places are depots.
        fleets: Who drives.
        apart: (places, places) distance, and travel time, by the instance's convention.
        per_unit: Whole numbers in a unit of time: what engines that reckon in whole numbers
            multiply by.
    """

    table: npt.NDArray[np.float64]
    depots: int
    fleets: tuple[Fleet, ...]
    apart: npt.NDArray[np.float64]
    per_unit: int


class Instance(NamedTuple):
    """A question with what is known of its answer.

    Attributes:
        name: As published.
        problem: In ntgeo's nouns.
        reckon: Cost of a plan by the instance's convention, in its own numbers.
        best_known: Least cost published; ``None`` where there is none.
        decimals: Of published costs.
        published: For the peers; ``None`` if they do not know such a question.
    """

    name: str
    problem: RoutingProblem
    reckon: Callable[[RoutePlan], float]
    best_known: float | None
    decimals: int
    published: Published | None = None
