"""Fewest sites: the location set covering problem (Toregas, Swain, ReVelle and Bergman 1971).

Variables: ``y_j`` whether site *j* is open. Minimise ``Σ y_j`` (sites). Areas that no usable site
reaches within the limit are not in the model: the plan tells them as unserved.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.formulation import Formulation

__all__ = ["build_set_cover"]

IndexArray = npt.NDArray[np.intp]


def build_set_cover(choice: SiteChoice) -> tuple[Formulation, IndexArray]:
    """Build the model; return it and the numbers of the ``y_j``."""
    model = Formulation()
    opened = model.add_choices(
        np.ones(len(choice.is_required)), lower=choice.is_required.astype(np.float64)
    )
    _cover_every_area(model, opened, np.unique(choice.within, axis=0))
    return model, opened


def _cover_every_area(model: Formulation, opened: IndexArray, reach: npt.NDArray[np.bool_]) -> None:
    """Every area has an open site within the limit: ``Σ_{j in reach} y_j ≥ 1``."""
    row, site = np.nonzero(reach)
    model.add_rows((row, opened[site], 1.0), lower=1.0, upper=np.inf, count=len(reach))
