"""Who may go where: one function a rule."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective
from ntgeo.siting.models.siting_model import SitingModel

__all__ = ["keep_area_rules", "keep_cover_rules"]

IndexArray = npt.NDArray[np.intp]
_SLACK_SHARE = 1e-9


def keep_area_rules(model: SitingModel) -> None:
    """State every rule about who goes where."""
    _go_once(model)
    _go_to_open_sites(model)
    _keep_capacities(model)
    _fill_open_sites(model)
    _go_to_the_nearest(model)
    keep_cover_rules(model)


def keep_cover_rules(model: SitingModel) -> None:
    """State who must be served."""
    _leave_only_out_of_reach(model)
    _serve_all(model)
    _cover(model)
    _cover_twice(model)


def _go_once(model: SitingModel) -> None:
    """Each unit goes somewhere or is left: ``Σ_j x_uj + v_u = 1``."""
    units = np.concatenate([model.unit, np.arange(model.unit_count)])
    variables = np.concatenate([model.going, model.left])
    model.form.add_rows((units, variables, 1.0), lower=1.0, upper=1.0, count=model.unit_count)


def _go_to_open_sites(model: SitingModel) -> None:
    """Only an open site serves: ``x_uj ≤ y_j``, link by link, since the sum is far weaker."""
    linked = np.flatnonzero(~model.question.is_required[model.site])
    rows = np.arange(len(linked))
    model.form.add_rows(
        (
            np.concatenate([rows, rows]),
            np.concatenate([model.going[linked], model.opened[model.site[linked]]]),
            np.repeat([1.0, -1.0], len(linked)),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(linked),
    )


def _keep_capacities(model: SitingModel) -> None:
    """No open site serves more than it can hold: ``Σ_u w_u x_uj ≤ c_j y_j + o_j``."""
    capacity = model.question.sites.capacity
    demand = model.unit_demand
    is_soft = model.question.rules.capacity is CapacityRule.SOFT
    for site in np.flatnonzero(np.isfinite(capacity)):
        links = np.flatnonzero(model.site == site)
        unit = max(1.0, float(demand[model.unit[links]].max(initial=0.0)))
        held = capacity[site] * (1 + (0.0 if is_soft else _SLACK_SHARE))
        variables = [*model.going[links], model.opened[site]]
        coefficients = [*demand[model.unit[links]], -held]
        if is_soft:
            variables.append(model.over[site])
            coefficients.append(-1.0)
        model.form.add_rows(
            (0, np.array(variables), np.array(coefficients) / unit), lower=-np.inf, upper=0.0
        )


def _fill_open_sites(model: SitingModel) -> None:
    """Each open site serves its least: ``Σ_u w_u x_uj ≥ L y_j``."""
    least = model.question.rules.min_throughput
    if not least:
        return
    demand = model.unit_demand
    for site, opened in enumerate(model.opened):
        links = np.flatnonzero(model.site == site)
        variables = np.concatenate([model.going[links], [opened]])
        coefficients = np.concatenate([demand[model.unit[links]], [-least * (1 - _SLACK_SHARE)]])
        model.form.add_rows((0, variables, coefficients / least), lower=0.0, upper=np.inf)


def _go_to_the_nearest(model: SitingModel) -> None:
    """People go to the nearest open site: what goes no farther than an open site is all.

    ``s_ik ≥ y_j`` for the *k*-th site *j* as area *i* sees them, with ``s_ik = s_i,k-1 + x_ij``:
    the constraints of Wagner and Falkson (1975), chained to stay sparse.
    """
    question = model.question
    if not question.sends or question.rules.assignment is not Assignment.NEAREST:
        return
    order = np.argsort(question.areas.time_s, axis=1, kind="stable")
    going = np.full((model.unit_count, len(model.opened)), -1, dtype=np.intp)
    going[model.unit, model.site] = model.going
    for area, sites in enumerate(order):
        near = sites[: int(question.areas.reach[area].sum())]
        summed = model.form.add_shares(np.zeros(len(near)))
        _chain(model, summed, going[model.unit_of[area], near], near)


def _chain(model: SitingModel, summed: IndexArray, going: IndexArray, sites: IndexArray) -> None:
    place = np.arange(len(sites))
    has_link = np.flatnonzero(going >= 0)
    model.form.add_rows(
        (
            np.concatenate([place, place[1:], has_link]),
            np.concatenate([summed, summed[:-1], going[has_link]]),
            np.concatenate(
                [np.ones(len(place)), np.full(len(place[1:]), -1.0), np.full(len(has_link), -1.0)]
            ),
        ),
        lower=0.0,
        upper=0.0,
        count=len(place),
    )
    model.form.add_rows(
        (
            np.concatenate([place, place]),
            np.concatenate([summed, model.opened[sites]]),
            np.repeat([1.0, -1.0], len(place)),
        ),
        lower=0.0,
        upper=np.inf,
        count=len(place),
    )


def _leave_only_out_of_reach(model: SitingModel) -> None:
    """Where plans do not choose who is left, nobody with an open site in reach is.

    ``v_u + y_j ≤ 1``; needed only where something is cheaper to leave than to serve.
    """
    question = model.question
    named = {aim for aim, _ in question.aims}
    leaving_pays = SitingObjective.LEAST_COST in named and question.rules.outreach_gbp is not None
    if question.sends or question.may_leave or not leaving_pays:
        return
    area, site = np.nonzero(question.within)
    rows = np.arange(len(area))
    model.form.add_rows(
        (
            np.concatenate([rows, rows]),
            np.concatenate([model.left[model.unit_of[area]], model.opened[site]]),
            1.0,
        ),
        lower=-np.inf,
        upper=1.0,
        count=len(rows),
    )


def _serve_all(model: SitingModel) -> None:
    """Nobody is left, where the rules say so: ``v_u = 0``."""
    if model.question.rules.must_serve_all:
        _leave_none(model, np.arange(model.unit_count))


def _leave_none(model: SitingModel, units: IndexArray) -> None:
    rows = np.arange(len(units))
    model.form.add_rows((rows, model.left[units], 1.0), lower=0.0, upper=0.0, count=len(units))


def _cover(model: SitingModel) -> None:
    """Set cover serves everyone in reach, or a share of all demand: ``Σ_u w_u v_u ≤ (1-s) W``."""
    question = model.question
    if SitingObjective.SET_COVER not in {aim for aim, _ in question.aims}:
        return
    if question.rules.target_share >= 1:
        _leave_none(model, np.unique(model.unit_of[question.is_servable]))
        return
    most = (1 - question.rules.target_share) - question.out_of_reach / question.total
    shares = model.unit_demand / question.total
    model.form.add_rows((0, model.left, shares), lower=-np.inf, upper=most + _SLACK_SHARE)


def _cover_twice(model: SitingModel) -> None:
    """Without a number of sites, two open sites are in reach of each area that can have two."""
    question = model.question
    named = {aim for aim, _ in question.aims}
    if SitingObjective.BACKUP_COVER not in named or question.is_maximised(
        SitingObjective.BACKUP_COVER
    ):
        return
    reach = np.unique(question.areas.reach, axis=0)
    row, site = np.nonzero(reach)
    wanted = np.minimum(2, reach.sum(axis=1))
    model.form.add_rows(
        (row, model.opened[site], 1.0), lower=wanted, upper=np.inf, count=len(reach)
    )
