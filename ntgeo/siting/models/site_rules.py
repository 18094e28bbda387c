"""Which sites may be open together: one function a rule."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.siting.models.siting_model import SitingModel

__all__ = ["keep_site_rules"]

IndexArray = npt.NDArray[np.intp]
_SLACK_SHARE = 1e-9


def keep_site_rules(model: SitingModel) -> None:
    """State every rule that sites alone can break."""
    _open_the_asked_number(model)
    _keep_the_budget(model)
    _keep_enough_existing(model)
    _close_few(model)
    _open_few_new(model)
    _serve_zones(model)
    _keep_apart(model)


def _open_the_asked_number(model: SitingModel) -> None:
    """As many sites are open as asked, or at most so many: ``Σ_j y_j = p`` or ``≤ p``."""
    rules = model.question.rules
    if rules.site_count is not None:
        least = 0 if rules.may_open_fewer else rules.site_count
        model.form.add_rows((0, model.opened, 1.0), lower=least, upper=rules.site_count)


def _keep_the_budget(model: SitingModel) -> None:
    """Fixed costs of open sites keep the budget: ``Σ_j f_j y_j ≤ B``, in pounds a year."""
    budget = model.question.rules.budget_gbp
    if budget is not None:
        unit = max(1.0, budget)
        most = budget / unit * (1 + _SLACK_SHARE)
        fixed = model.question.sites.fixed_gbp / unit
        model.form.add_rows((0, model.opened, fixed), lower=-np.inf, upper=most)


def _keep_enough_existing(model: SitingModel) -> None:
    """At least so many of the sites open today stay open."""
    least = model.question.rules.keep_existing_at_least
    if least is not None:
        _count(model, np.flatnonzero(model.question.sites.is_today), lower=least)


def _close_few(model: SitingModel) -> None:
    """At most so many of the sites open today are closed, those that may not open among them."""
    most = model.question.rules.close_at_most
    if most is not None:
        today = np.flatnonzero(model.question.sites.is_today)
        _count(model, today, lower=len(today) + model.question.sites.gone_today - most)


def _open_few_new(model: SitingModel) -> None:
    """At most so many of the sites not open today are opened."""
    most = model.question.rules.open_new_at_most
    if most is not None:
        _count(model, np.flatnonzero(~model.question.sites.is_today), upper=most)


def _serve_zones(model: SitingModel) -> None:
    """Each zone has its least number of open sites."""
    for sites, least in model.question.sites.zones:
        _count(model, sites, lower=least)


def _count(
    model: SitingModel, sites: IndexArray, *, lower: float = -np.inf, upper: float = np.inf
) -> None:
    model.form.add_rows((0, model.opened[sites], 1.0), lower=lower, upper=upper)


def _keep_apart(model: SitingModel) -> None:
    """Of sites that are too near to each other at most one is open: ``Σ_{j in clique} y_j ≤ 1``."""
    for clique in cliques_of(model.question.sites.too_near, len(model.opened)):
        _count(model, clique, upper=1.0)


def cliques_of(pairs: IndexArray, site_count: int) -> list[IndexArray]:
    """Return sets of sites, each two of them a pair, that hold every pair.

    One row a clique is much stronger than one a pair. Each clique grows from the first pair that no
    clique holds yet, by the sites that pair with all in it.

    Args:
        pairs: (pairs, 2) sites that exclude each other.
        site_count: How many sites there are.
    """
    excludes = np.zeros((site_count, site_count), dtype=np.bool_)
    excludes[pairs[:, 0], pairs[:, 1]] = True
    excludes |= excludes.T
    left, found = excludes.copy(), []
    for one, other in pairs:
        if not left[one, other]:
            continue
        clique = [one, other]
        may_join = excludes[one] & excludes[other]
        while may_join.any():
            joining = int(np.argmax(np.where(may_join, left[clique].sum(axis=0), -1)))
            clique.append(joining)
            may_join &= excludes[joining]
        members = np.sort(np.array(clique))
        left[np.ix_(members, members)] = False
        found.append(members)
    return found
