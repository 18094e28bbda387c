"""Every siting question as one model: who opens, who goes where, who is left.

Variables: ``y_j`` whether site *j* is open, ``x_uj`` the share of unit *u* that goes to site *j*,
``v_u`` the share left unserved, ``o_j`` demand over a soft capacity. A unit is an area, or a group
of areas that go together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import Assignment, CapacityRule
from ntgeo.siting.facts import ALONE
from ntgeo.siting.formulation import Formulation
from ntgeo.siting.question import SitingQuestion
from ntgeo.siting.worth import Sending, send_to_nearest

__all__ = ["CostKind", "SitingModel", "read_sending", "start_model"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_NOTHING = 1e-7


class CostKind(StrEnum):
    """What an area suffers."""

    TIME = "time"
    """Seconds; 0 where it is left."""
    GROWN = "grown"
    """``e^(κ t)``; 0 where it is left."""
    LOST = "lost"
    """Share that does not come; 1 where it is left."""


@dataclass(slots=True, kw_only=True, eq=False)
class SitingModel:
    """The variables of a siting question, and the formulation they stand in.

    Args:
        question: What is asked.
        form: Rows and variables.
        opened: (sites,) variables ``y_j``.
        unit_of: (areas,) the unit of each area.
        unit: (links,) unit of each link.
        site: (links,) site of each link.
        going: (links,) variables ``x_uj``.
        left: (units,) variables ``v_u``.
        over: (sites,) variables ``o_j``; none without soft capacities.
        area: (journeys,) area of each journey: each link once for each area of its unit.
        link: (journeys,) link of each journey.
        suffered: Of each kind of cost: (areas,) variables, where the model has no links.
        won: (areas,) variables of the share won from competitors, where an aim has them.
    """

    question: SitingQuestion
    form: Formulation
    opened: IndexArray
    unit_of: IndexArray
    unit: IndexArray
    site: IndexArray
    going: IndexArray
    left: IndexArray
    over: IndexArray
    area: IndexArray
    link: IndexArray
    suffered: dict[CostKind, IndexArray] = field(default_factory=dict)
    won: IndexArray | None = None

    @property
    def unit_count(self) -> int:
        """How many units there are."""
        return len(self.left)

    @property
    def unit_demand(self) -> FloatArray:
        """(units,) demand."""
        summed: FloatArray = np.bincount(
            self.unit_of, weights=self.question.demand, minlength=self.unit_count
        ).astype(np.float64)
        return summed

    def on_links(self, amount: FloatArray) -> FloatArray:
        """(links,) sum over the areas of the link's unit.

        Args:
            amount: (areas, sites).
        """
        summed: FloatArray = np.bincount(
            self.link,
            weights=amount[self.area, self.site[self.link]],
            minlength=len(self.going),
        ).astype(np.float64)
        return summed

    def on_units(self, amount: FloatArray) -> FloatArray:
        """(units,) sum over the areas of the unit.

        Args:
            amount: (areas,).
        """
        summed: FloatArray = np.bincount(
            self.unit_of, weights=amount, minlength=self.unit_count
        ).astype(np.float64)
        return summed


def start_model(
    question: SitingQuestion,
    form: Formulation | None = None,
    *,
    has_links: bool = True,
    leaves_alike: bool = False,
) -> SitingModel:
    """Return a model with its variables and no rows.

    Args:
        question: What is asked.
        form: Where the variables are to stand, if other questions stand there too.
        has_links: Whether there are variables for who goes where.
        leaves_alike: Whether areas with the same sites in reach are all left or none.
    """
    form = Formulation() if form is None else form
    opened = form.add_choices(
        np.zeros(len(question.is_required)), lower=question.is_required.astype(np.float64)
    )
    unit_of, count = _units(question)
    within = np.full((count, len(opened)), has_links)
    np.logical_and.at(within, unit_of, question.within)
    unit, site = np.nonzero(within)
    is_chosen = question.sends and question.rules.assignment is Assignment.WHOLE
    add = form.add_choices if is_chosen else form.add_shares
    going = add(np.zeros(len(unit)))
    left = _add_left(form, question, count, leaves_alike=leaves_alike)
    is_soft = question.rules.capacity is CapacityRule.SOFT
    over = form.add_amounts(np.zeros(len(opened) if is_soft else 0))
    area, link = _journeys(unit_of, unit, count)
    return SitingModel(
        question=question,
        form=form,
        opened=opened,
        unit_of=unit_of,
        unit=unit,
        site=site,
        going=going,
        left=left,
        over=over,
        area=area,
        link=link,
    )


def _add_left(
    form: Formulation, question: SitingQuestion, count: int, *, leaves_alike: bool
) -> IndexArray:
    """(units,) variables ``v_u``; areas that are left alike share one."""
    is_whole = question.may_leave and not question.splits
    add = form.add_choices if is_whole else form.add_shares
    if not leaves_alike:
        return add(np.zeros(count))
    reach, alike = np.unique(question.within, axis=0, return_inverse=True)
    return add(np.zeros(len(reach)))[alike.reshape(-1)]


def _units(question: SitingQuestion) -> tuple[IndexArray, int]:
    """(areas,) number of each area's unit, and how many there are."""
    group = question.areas.group
    own = np.where(group == ALONE, np.arange(len(group)) + group.max(initial=0) + 1, group)
    numbers, unit_of = np.unique(own, return_inverse=True)
    return unit_of.reshape(-1), len(numbers)


def _journeys(unit_of: IndexArray, unit: IndexArray, count: int) -> tuple[IndexArray, IndexArray]:
    """Each area with each link of its unit."""
    start = np.searchsorted(unit, np.arange(count + 1))
    links = np.diff(start)[unit_of]
    area = np.repeat(np.arange(len(unit_of)), links)
    ends = np.cumsum(links)
    place = np.arange(len(area)) - np.repeat(ends - links, links)
    return area, start[unit_of][area] + place if len(area) else area


def read_sending(model: SitingModel, values: FloatArray) -> Sending:
    """Return the plan of a solution.

    Args:
        model: That was solved.
        values: (variables,) of the solution.
    """
    question = model.question
    opened = np.flatnonzero(values[model.opened] > 1 / 2)
    if not question.sends or question.rules.assignment is Assignment.NEAREST:
        if not question.may_leave:
            return send_to_nearest(question, opened)
        left = values[model.left][model.unit_of]
        return send_to_nearest(question, opened, left if question.splits else np.round(left))
    share = values[model.going]
    if not question.splits:
        share = np.round(share)
    share = np.where(share > _NOTHING, share, 0.0)
    gone = np.bincount(model.unit, weights=share, minlength=model.unit_count)
    is_whole = gone > 1 - _NOTHING
    share = np.where(is_whole[model.unit], share / np.maximum(gone[model.unit], _NOTHING), share)
    journeys = np.flatnonzero(share[model.link] > 0)
    link = model.link[journeys]
    return Sending(
        opened=opened, area=model.area[journeys], site=model.site[link], share=share[link]
    )
