"""Fewest sites: the location set covering problem (Toregas, Swain, ReVelle and Bergman 1971).

Variables: ``y_j`` whether site *j* is open. Minimise ``Σ y_j`` (sites). Areas that no usable site
reaches within the limit are not in the model: the plan tells them as unserved.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.formulation import Formulation

__all__ = ["build_set_cover", "without_the_dominated"]

BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]
_MOST_COMPARED = 4_000


def build_set_cover(choice: SiteChoice) -> tuple[Formulation, IndexArray]:
    """Build the model; return it and the site of each variable."""
    covered = choice.within[:, choice.is_required].any(axis=1)
    reach = choice.within.copy()
    reach[:, choice.is_required] = False
    reach, others = without_the_dominated(reach[~covered])
    required = np.flatnonzero(choice.is_required)
    model = Formulation()
    model.add_choices(np.ones(len(required)), lower=1.0)
    opened = model.add_choices(np.ones(len(others)))
    _open_at_least_the_required(model, len(required))
    _cover_every_area(model, opened, reach)
    return model, np.concatenate([required, others])


def _open_at_least_the_required(model: Formulation, count: int) -> None:
    """The required sites count among those open: ``Σ_j y_j`` is at least their number."""
    model.add_rows((0, np.arange(model.variable_count), 1.0), lower=count, upper=np.inf)


def _cover_every_area(model: Formulation, opened: IndexArray, reach: BoolArray) -> None:
    """Every area has an open site within the limit: ``Σ_{j in reach} y_j ≥ 1``."""
    row, site = np.nonzero(reach)
    model.add_rows((row, opened[site], 1.0), lower=1.0, upper=np.inf, count=len(reach))


def without_the_dominated(reach: BoolArray) -> tuple[BoolArray, IndexArray]:
    """Leave out what never changes the fewest: return the rows left, and the sites of the columns.

    An area whose sites include all those of another is covered with it; a site that covers no area
    that another does not need never be open.

    Args:
        reach: (areas, sites) whether the site covers the area.
    """
    sites = np.arange(reach.shape[1])
    while True:
        before = reach.shape
        if max(before) > _MOST_COMPARED:
            return reach, sites
        reach = np.unique(reach, axis=0)
        reach = reach[~_contains_another(reach)]
        kept = ~_contains_another(~reach.T)
        reach, sites = reach[:, kept], sites[kept]
        if reach.shape == before:
            return reach, sites


def _contains_another(sets: BoolArray) -> BoolArray:
    """(rows,) whether a row contains another as a set; of equal rows the first does not count."""
    if not sets.shape[0]:
        return np.zeros(0, dtype=np.bool_)
    members = sets.astype(np.float32)
    shared = members @ members.T
    size = members.sum(axis=1)
    contains = shared == size[None, :]
    equal = contains & contains.T
    earlier = np.tri(len(sets), k=-1, dtype=np.bool_)
    found: BoolArray = ((contains & ~equal) | (equal & earlier)).any(axis=1)
    return found
