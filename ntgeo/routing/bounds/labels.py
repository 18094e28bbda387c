"""Labels of partial rounds: what is kept of each, and which of two is never worse."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.kernel import inlined

__all__ = [
    "BEATEN",
    "COST_GBP",
    "LATE_GBP",
    "LOAD",
    "NONE",
    "PARENT",
    "PLACE",
    "READY_S",
    "RESTS",
    "START",
    "WORK",
    "Labels",
    "keep_label",
    "new_labels",
    "next_label",
]

NONE: Final = -1
START: Final = -1
"""The place of a label that has left nowhere yet."""

READY_S: Final = 0
"""When the partial round can be over."""
COST_GBP: Final = 1
"""What it costs if left at that moment."""
LATE_GBP: Final = 2
"""Where the line of those that had to wait starts."""
LOAD: Final = 3
"""Of all its visits."""

PLACE: Final = 0
"""Its last visit; ``START`` for none."""
RESTS: Final = 1
"""How many breaks lie behind."""
PARENT: Final = 2
"""The label that it was grown from."""
FOLLOWING: Final = 3
"""The next label of the same place and breaks, by time."""
BEATEN: Final = 4
"""Whether another is never worse."""

WORK: Final = 2
"""Where in the sizes the comparisons are counted."""

_SEEN_BITS = 64
_SLACK = 1e-9


class Labels(NamedTuple):
    """Partial rounds, a row each.

    A partial round can be left at any moment from ``READY_S`` on; by then it has cost
    ``max(COST_GBP, LATE_GBP + pay × moment)``: waiting costs pay only where the start cannot be
    later. Both are reduced costs in pounds: the duals are taken off.

    Attributes:
        figures: (room, 4) ``READY_S``, ``COST_GBP``, ``LATE_GBP`` and ``LOAD``.
        links: (room, 5) ``PLACE``, ``RESTS``, ``PARENT``, ``FOLLOWING`` and ``BEATEN``.
        seen: (room, words) visits that it may not make again, a bit each.
        first: (places × breaks,) where the list of each starts.
        heap: (room,) labels still to be grown, the soonest ready on top.
        sizes: (3,) labels, labels in the heap, and comparisons made.
    """

    figures: npt.NDArray[np.float64]
    links: npt.NDArray[np.int64]
    seen: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64]
    heap: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]


def new_labels(room: int, visits: int, most_rests: int) -> Labels:
    """Return room for so many labels."""
    return Labels(
        figures=np.zeros((room, 4)),
        links=np.zeros((room, 5), dtype=np.int64),
        seen=np.zeros((room, (visits + _SEEN_BITS - 1) // _SEEN_BITS), dtype=np.uint64),
        first=np.full((visits + 1) * (most_rests + 1), NONE, dtype=np.int64),
        heap=np.zeros(room, dtype=np.int64),
        sizes=np.zeros(3, dtype=np.int64),
    )


@inlined
def keep_label(labels: Any, breaks: int, is_rough: bool) -> None:  # noqa: FBT001 - numba
    """Keep the label written behind the last one, unless another is never worse.

    Args:
        labels: Those known; the one in question stands behind them.
        breaks: How many breaks a round of the shift has.
        is_rough: Whether to compare time and cost alone: quicker, and no proof.
    """
    figures, links, seen = labels.figures, labels.links, labels.seen
    new = labels.sizes[0]
    here = (links[new, PLACE] + 1) * (breaks + 1) + links[new, RESTS]
    before, other = NONE, labels.first[here]
    while other != NONE and figures[other, READY_S] <= figures[new, READY_S]:
        if _is_never_worse(figures, seen, other, new, is_rough):
            return
        before, other = other, links[other, FOLLOWING]
        labels.sizes[WORK] += 1
    links[new, FOLLOWING] = other
    if before == NONE:
        labels.first[here] = new
    else:
        links[before, FOLLOWING] = new
    links[new, BEATEN] = 0
    before = new
    while other != NONE:
        after = links[other, FOLLOWING]
        if _is_never_worse(figures, seen, new, other, is_rough):
            links[other, BEATEN] = 1
            links[before, FOLLOWING] = after
        else:
            before = other
        other = after
        labels.sizes[WORK] += 1
    labels.sizes[0] = new + 1
    _push(labels.heap, figures, labels.sizes, new)


@inlined
def _is_never_worse(figures: Any, seen: Any, one: int, other: int, is_rough: bool) -> bool:  # noqa: FBT001
    """Return whether every round grown from another is no better than from one ready sooner."""
    if figures[one, COST_GBP] > figures[other, COST_GBP] + _SLACK:
        return False
    if is_rough:
        return True
    if figures[one, LATE_GBP] > figures[other, LATE_GBP] + _SLACK:
        return False
    if figures[one, LOAD] > figures[other, LOAD]:
        return False
    for word in range(seen.shape[1]):  # noqa: SIM110 - compiled
        if seen[one, word] & ~seen[other, word]:
            return False
    return True


@inlined
def _push(heap: Any, figures: Any, sizes: Any, new: int) -> None:
    at = sizes[1]
    sizes[1] = at + 1
    while at > 0 and figures[heap[(at - 1) // 2], READY_S] > figures[new, READY_S]:
        heap[at] = heap[(at - 1) // 2]
        at = (at - 1) // 2
    heap[at] = new


@inlined
def next_label(labels: Any) -> int:
    """Take the soonest ready label off the heap; ``NONE`` when it is empty."""
    heap, figures = labels.heap, labels.figures
    size = labels.sizes[1] - 1
    if size < 0:
        return NONE
    labels.sizes[1] = size
    top, last = heap[0], heap[size]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and figures[heap[child + 1], READY_S] < figures[heap[child], READY_S]:
            child += 1
        if figures[heap[child], READY_S] >= figures[last, READY_S]:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
    return top
