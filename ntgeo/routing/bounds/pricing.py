"""The cheapest round at given duals: labelling over the ng-route relaxation, compiled.

A round may come back to a visit only by way of visits that are not near it (ng-routes: Baldacci,
Mingozzi and Roberti, Operations Research 59 (2011) 1269–1283). Pay counts from a start that is as
late as the round allows: two lines a label (Tilk and Irnich, Transportation Science 51 (2017)).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.bounds.completions import (
    find_completions,
    least_rest_gbp,
    least_round_gbp,
)
from ntgeo.routing.bounds.labels import (
    BEATEN,
    COST_GBP,
    LATE_GBP,
    LOAD,
    NONE,
    PARENT,
    PLACE,
    READY_S,
    RESTS,
    START,
    WORK,
    Labels,
    keep_label,
    next_label,
)
from ntgeo.routing.bounds.ways import RoundWay
from ntgeo.routing.kernel import entry, inlined

__all__ = ["Look", "PricedRounds", "cheapest_rounds"]

_SLACK_S = 1e-6
_SLACK_LOAD = 1e-9


class Look(NamedTuple):
    """What one look for the cheapest rounds of a way reads and writes.

    Attributes:
        duals_gbp: (visits,) what somebody's coming to each visit is worth.
        near: (visits, words) which visits a round remembers on reaching each, a bit each.
        labels: Room for labels.
        closed_gbp: (room,) to hold the reduced cost of ending at each label.
        cutoff_gbp: Only rounds of a smaller reduced cost are looked for; at most 0.
        most_work: Comparisons to make at most.
        is_rough: Whether to compare labels by time and cost alone: quicker, and no proof.
    """

    duals_gbp: npt.NDArray[np.float64]
    near: npt.NDArray[np.uint64]
    labels: Labels
    closed_gbp: npt.NDArray[np.float64]
    cutoff_gbp: float
    most_work: int
    is_rough: bool


class PricedRounds(NamedTuple):
    """What a look found.

    Attributes:
        least_gbp: No round has a smaller reduced cost; at most the cutoff.
        is_whole: Whether every round was looked at, so that the bound is met or the cutoff.
        rounds: Visits in order, and the reduced cost, of the cheapest.
    """

    least_gbp: float
    is_whole: bool
    rounds: tuple[tuple[tuple[int, ...], float], ...]


def cheapest_rounds(way: RoundWay, look: Look, most: int) -> PricedRounds:
    """Return the cheapest rounds of a way below the cutoff, so many at most."""
    labels = look.labels
    labels.first[:] = NONE
    labels.sizes[:] = 0
    look.closed_gbp[:] = np.inf
    rests = find_completions(way, look.duals_gbp)
    is_whole = _grow(way, look, rests)
    closed_gbp = look.closed_gbp[: labels.sizes[0]]
    found = np.flatnonzero(closed_gbp < look.cutoff_gbp)
    found = found[np.argsort(closed_gbp[found], kind="stable")][:most]
    rounds = tuple((_visits_of(labels, int(label)), float(closed_gbp[label])) for label in found)
    least_gbp = least_round_gbp(way, look.duals_gbp, rests)
    if is_whole and not look.is_rough:
        least_gbp = min((gbp for _, gbp in rounds), default=look.cutoff_gbp)
    return PricedRounds(min(least_gbp, look.cutoff_gbp), is_whole, rounds)


def _visits_of(labels: Labels, label: int) -> tuple[int, ...]:
    visits: list[int] = []
    while labels.links[label, PARENT] != NONE:
        parent = int(labels.links[label, PARENT])
        if labels.links[parent, RESTS] == labels.links[label, RESTS]:
            visits.append(int(labels.links[label, PLACE]))
        label = parent
    return tuple(reversed(visits))


@entry
def _grow(way: Any, look: Any, rests: Any) -> bool:
    """Grow every label in order of time; say whether there was room for all."""
    figures, links, seen, sizes = (
        look.labels.figures,
        look.labels.links,
        look.labels.seen,
        look.labels.sizes,
    )
    before_s, latest_s, load = way.before_s, way.latest_s, way.load
    visits, breaks = len(load), len(way.rests)
    most_new = visits * way.windows_s.shape[1] + 2
    _start(way, look.labels)
    keep_label(look.labels, breaks, look.is_rough)
    while True:
        label = next_label(look.labels)
        if label == NONE:
            return True
        if links[label, BEATEN]:
            continue
        sizes[WORK] += visits
        if sizes[0] + most_new >= len(links) or sizes[WORK] > look.most_work:
            return False
        place = links[label, PLACE]
        if place != START and links[label, RESTS] == breaks:
            look.closed_gbp[label] = _closed_gbp(way, figures[label], place)
        if links[label, RESTS] < breaks:
            _rest(way, look, label)
        row = visits if place == START else place
        for visit in range(visits):
            if (
                figures[label, READY_S] + before_s[row, visit] <= latest_s[visit] + _SLACK_S
                and figures[label, LOAD] + load[visit] <= way.capacity + _SLACK_LOAD
                and not (seen[label, visit // 64] >> np.uint64(visit % 64)) & np.uint64(1)
            ):
                _reach(way, look, rests, label, visit)


@inlined
def _start(way: Any, labels: Any) -> None:
    labels.figures[0, READY_S] = way.start_s
    labels.figures[0, COST_GBP] = way.round_gbp
    labels.figures[0, LATE_GBP] = way.round_gbp - way.pay_gbp_per_s * way.latest_start_s
    labels.figures[0, LOAD] = 0.0
    labels.seen[0, :] = 0
    labels.links[0, PLACE] = START
    labels.links[0, RESTS] = 0
    labels.links[0, PARENT] = NONE


@inlined
def _reach(way: Any, look: Any, rests: Any, label: int, visit: int) -> None:
    """Add a visit to a label, in each of its windows that can still be reached."""
    figures, links, seen = look.labels.figures, look.labels.links, look.labels.seen
    row = len(way.load) if links[label, PLACE] == START else links[label, PLACE]
    pay, after_s = way.pay_gbp_per_s, way.after_s[row, visit]
    arrive_s = figures[label, READY_S] + way.before_s[row, visit]
    for number in range(way.windows_s.shape[1]):
        start_s, end_s = way.windows_s[visit, number]
        begin_s = max(arrive_s, start_s)
        if arrive_s > end_s + _SLACK_S or begin_s + after_s > way.over_s + _SLACK_S:
            continue
        gbp = way.leg_gbp[row, visit] - look.duals_gbp[visit]
        for soft in range(way.late.shape[1]):
            gbp += way.late[visit, soft, 1] * max(0.0, begin_s - way.late[visit, soft, 0])
        cost_gbp = figures[label, COST_GBP] + gbp + pay * way.before_s[row, visit]
        late_gbp = max(figures[label, LATE_GBP] + gbp, cost_gbp - pay * end_s)
        new = look.labels.sizes[0]
        figures[new, READY_S] = begin_s + after_s
        figures[new, COST_GBP] = max(cost_gbp, late_gbp + pay * begin_s) + pay * after_s
        figures[new, LATE_GBP] = late_gbp
        figures[new, LOAD] = figures[label, LOAD] + way.load[visit]
        for word in range(seen.shape[1]):
            seen[new, word] = seen[label, word] & look.near[visit, word]
        seen[new, visit // 64] |= np.uint64(1) << np.uint64(visit % 64)
        links[new, PLACE] = visit
        links[new, RESTS] = links[label, RESTS]
        links[new, PARENT] = label
        least_gbp = figures[new, COST_GBP] + least_rest_gbp(
            rests, seen[new], visit, begin_s + after_s
        )
        if least_gbp < look.cutoff_gbp:
            keep_label(look.labels, len(way.rests), look.is_rough)


@inlined
def _rest(way: Any, look: Any, label: int) -> None:
    """Add the next break to a label: taken, and left out where it may be."""
    figures, pay = look.labels.figures, way.pay_gbp_per_s
    start_s, end_s, length_s, paid_share, is_spare = way.rests[look.labels.links[label, RESTS]]
    if is_spare > 0.0:
        _write_same(look.labels, label)
        keep_label(look.labels, len(way.rests), look.is_rough)
    if figures[label, READY_S] > end_s + _SLACK_S:
        return
    _write_same(look.labels, label)
    new = look.labels.sizes[0]
    begin_s = max(figures[label, READY_S], start_s)
    late_gbp = max(figures[label, LATE_GBP], figures[label, COST_GBP] - pay * end_s)
    cost_gbp = max(figures[label, COST_GBP], late_gbp + pay * begin_s)
    figures[new, READY_S] = begin_s + length_s
    figures[new, COST_GBP] = cost_gbp + pay * length_s * paid_share
    figures[new, LATE_GBP] = late_gbp - pay * length_s * (1.0 - paid_share)
    keep_label(look.labels, len(way.rests), look.is_rough)


@inlined
def _write_same(labels: Any, label: int) -> None:
    """Write a label with one break more behind the last one, its time and cost as they were."""
    new = labels.sizes[0]
    for column in range(labels.figures.shape[1]):
        labels.figures[new, column] = labels.figures[label, column]
    for word in range(labels.seen.shape[1]):
        labels.seen[new, word] = labels.seen[label, word]
    labels.links[new, PLACE] = labels.links[label, PLACE]
    labels.links[new, RESTS] = labels.links[label, RESTS] + 1
    labels.links[new, PARENT] = label


@inlined
def _closed_gbp(way: Any, figures: Any, place: int) -> float:
    """Return the reduced cost of ending a round after a label; infinite if it cannot end."""
    over_s, pay = figures[READY_S] + way.end_s[place], way.pay_gbp_per_s
    if not over_s <= way.over_s + _SLACK_S:
        return np.inf
    on_time_gbp = figures[COST_GBP] + pay * way.end_s[place]
    cost_gbp = max(on_time_gbp, figures[LATE_GBP] + pay * over_s) + way.end_gbp[place]
    return cost_gbp + way.overtime_gbp_per_s * max(0.0, over_s - way.overtime_s)
