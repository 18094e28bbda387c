"""Questions with the travel times of only some pairs, made from whole ones."""

from dataclasses import replace

import numpy as np

from ntgeo.domain.sparse_times import SparseTravelTimes, least_absent_s


def thinned(travel, *, k=None, limit_s=None):
    """The nearest ``k`` pairs of each origin, or those within a limit, of a whole matrix."""
    row, column = np.nonzero(travel.is_reachable)
    time_s, distance_m = travel.of_pairs(row, column)
    order = np.lexsort((column, distance_m, time_s, row))
    place = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    kept = order[(place < (k or len(order))) & (time_s[order] <= (limit_s or np.inf))]
    counts = np.bincount(row[kept], minlength=len(travel.origins))
    start = np.concatenate([[0], np.cumsum(counts)])
    return SparseTravelTimes(
        origins=travel.origins,
        destinations=travel.destinations,
        row_start=start,
        column=column[kept],
        time_s=time_s[kept],
        distance_m=distance_m[kept],
        beyond_s=least_absent_s(start, time_s[kept], k=k, limit_s=limit_s),
        mode=travel.mode,
        method=travel.method,
    )


def thinned_problem(problem, **cut):
    return replace(problem, travel=thinned(problem.travel, **cut))
