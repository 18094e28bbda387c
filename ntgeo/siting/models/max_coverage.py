"""Most demand served: the maximal covering location problem (Church and ReVelle 1974).

Variables: ``y_j`` whether site *j* is open, ``z_i`` whether area *i* has an open site in reach.
Maximise ``Σ w_i z_i`` (demand). Areas with the very same sites in reach count as one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.formulation import Formulation

__all__ = ["build_max_coverage"]

IndexArray = npt.NDArray[np.intp]


def build_max_coverage(
    choice: SiteChoice, site_count: int, *, unit_of_demand: float
) -> tuple[Formulation, IndexArray]:
    """Build the model; return it and the numbers of the ``y_j``.

    Args:
        choice: The question.
        site_count: How many sites are open.
        unit_of_demand: Demand that counts as 1 in the model, for sound numerics.
    """
    model = Formulation(is_maximised=True)
    opened = model.add_choices(
        np.zeros(len(choice.is_required)), lower=choice.is_required.astype(np.float64)
    )
    with_demand = choice.demand > 0
    reach, group = np.unique(choice.within[with_demand], axis=0, return_inverse=True)
    demand = np.bincount(group.reshape(-1), weights=choice.demand[with_demand])
    covered = model.add_shares(demand / unit_of_demand)
    _open_the_asked_number(model, opened, site_count)
    _cover_from_open_sites(model, opened, covered, reach)
    return model, opened


def _open_the_asked_number(model: Formulation, opened: IndexArray, site_count: int) -> None:
    """Exactly the asked number of sites is open: ``Σ_j y_j = p``."""
    model.add_rows((0, opened, 1.0), lower=site_count, upper=site_count)


def _cover_from_open_sites(
    model: Formulation, opened: IndexArray, covered: IndexArray, reach: npt.NDArray[np.bool_]
) -> None:
    """An area counts only with an open site in reach: ``z_i ≤ Σ_{j in reach} y_j``."""
    row, site = np.nonzero(reach)
    own = np.arange(len(covered))
    model.add_rows(
        (
            np.concatenate([own, row]),
            np.concatenate([covered, opened[site]]),
            np.concatenate([np.ones(len(own)), -np.ones(len(row))]),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(covered),
    )
