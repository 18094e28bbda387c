"""Which counts of a table must be hidden so that no small one can be had by subtraction."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.demand.audit import pinned_cells
from ntgeo.demand.rules import DisclosureRule

__all__ = ["Suppression", "suppress"]

Indices = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_FEWEST_HIDDEN: Final = 2
_ZEROS_HIDDEN_SHARE: Final = 0.1
_MOST_FURTHER: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suppression:
    """What is hidden.

    Args:
        is_hidden: (cells,) true where a count is not shown.
        withheld: Positions of the lines whose total must not be shown either, since all that could
            be hidden in them is hidden, and their total would still tell.
    """

    is_hidden: BoolArray
    withheld: frozenset[int]


def suppress(
    counts: Counts,
    lines: Sequence[Indices],
    order: Indices,
    rule: DisclosureRule,
    draws: FloatArray | None = None,
) -> Suppression:
    """Hide small counts, and then as many others as protect them.

    A *line* is a set of cells whose total is, or may be, published. Cells that are shown are taken
    as known to the unit, although a rule may round them: what is safe so is safe rounded. Then

    1. in each line with hidden cells there are at least two, and by that line alone each of them
       could be anything from the smallest hidden value to the largest;
    2. all lines together leave each hidden cell at least two possible values.

    Where a further cell must be hidden, the smallest is taken; the shortest lines come first.

    Two releases that differ by a record could still be compared: a 0 that becomes hidden would be
    1, and what was hidden and is now shown would be the largest hidden value. So by ``draws`` a few
    zeros, and a few counts just above the largest hidden value, are hidden too.

    Args:
        counts: (cells,) whole counts.
        lines: For each, the positions of its cells.
        order: (cells,) rank of each cell by its keys, which breaks ties whatever the order of rows.
        rule: What is small.
        draws: (cells,) chance from 0 to 1 of each cell, different in every release; ``None`` where
            there is one release only.

    Returns:
        What is hidden. Lines that cannot be protected are named: their totals are withheld.

    Source: complementary suppression and its audit as in L. Willenborg and T. de Waal, "Elements
    of Statistical Disclosure Control" (2001), chapter 6.
    """
    is_hidden = (counts <= rule.largest_hidden) & (counts >= rule.least_hidden)
    if draws is not None:
        is_hidden |= (counts > 0) & (counts <= rule.largest_hidden + _further(draws))
    work = _Suppressing(counts, lines, order, rule, is_hidden)
    work.protect_lines(range(len(lines)))
    while pinned := work.pinned():
        work.blur(pinned)
    is_hidden = work.is_hidden
    if draws is not None:
        # Last, so that the others are safe even for whoever guesses which zeros are hidden.
        is_hidden = is_hidden | _hidden_zeros(counts, lines, is_hidden, draws)
    return Suppression(is_hidden=is_hidden, withheld=frozenset(work.withheld))


def _hidden_zeros(
    counts: Counts, lines: Sequence[Indices], is_hidden: BoolArray, draws: FloatArray
) -> BoolArray:
    """Return the zeros to hide: some by chance, and one beside a count hidden by itself."""
    chosen = (counts == 0) & (draws < _ZEROS_HIDDEN_SHARE)
    for cells in (*lines, np.arange(len(counts))):
        zeros = cells[(counts[cells] == 0) & ~is_hidden[cells]]
        if len(zeros) and np.count_nonzero(is_hidden[cells] | chosen[cells]) == 1:
            chosen[zeros[np.lexsort((zeros, draws[zeros]))[0]]] = True
    return chosen


def _further(draws: FloatArray) -> Counts:
    """Return how far above the largest hidden value counts are hidden too: 0, 1 or 2."""
    return np.floor(draws * (_MOST_FURTHER + 1)).astype(np.int64)


class _Suppressing:
    """The state of a suppression under way."""

    def __init__(
        self,
        counts: Counts,
        lines: Sequence[Indices],
        order: Indices,
        rule: DisclosureRule,
        is_hidden: BoolArray,
    ) -> None:
        self.counts, self.lines, self.order, self.rule = counts, lines, order, rule
        self.is_hidden = is_hidden
        self.withheld: set[int] = set()
        self._lines_of: list[list[int]] = [[] for _ in counts]
        for line, cells in enumerate(lines):
            for cell in cells.tolist():
                self._lines_of[cell].append(line)
        firsts = [int(order[cells].min(initial=len(counts))) for cells in lines]
        by_length = sorted(range(len(lines)), key=lambda n: (len(lines[n]), firsts[n], n))
        self._turn = {line: turn for turn, line in enumerate(by_length)}

    def protect_lines(self, first: Iterable[int]) -> None:
        """Hide cells until each line is safe by itself, or withheld."""
        waiting = [(self._turn[line], line) for line in first]
        heapq.heapify(waiting)
        while waiting:
            _, line = heapq.heappop(waiting)
            if line in self.withheld or self._is_safe(line):
                continue
            cell = self._cheapest([line])
            if cell is None:
                self.withheld.add(line)
                continue
            self.is_hidden[cell] = True
            for other in self._lines_of[cell]:
                heapq.heappush(waiting, (self._turn[other], other))

    def pinned(self) -> list[int]:
        """Return the hidden cells that all lines together tell, by rank."""
        shown = [cells for line, cells in enumerate(self.lines) if line not in self.withheld]
        found = pinned_cells(self.counts, self.is_hidden, shown, self.rule.least_hidden)
        return sorted(found, key=lambda cell: int(self.order[cell]))

    def blur(self, pinned: Sequence[int]) -> None:
        """Hide one more cell beside the first of ``pinned`` that has one; else withhold totals."""
        for told in pinned:
            lines = [line for line in self._lines_of[told] if line not in self.withheld]
            cell = self._cheapest(lines)
            if cell is not None:
                self.is_hidden[cell] = True
                self.protect_lines(self._lines_of[cell])
                return
        self.withheld.update(self._lines_of[pinned[0]])

    def _is_safe(self, line: int) -> bool:
        cells = self.lines[line]
        hidden = self.counts[cells[self.is_hidden[cells]]]
        if len(hidden) == 0:
            return True
        widest = int(hidden.sum()) - self.rule.least_hidden * (len(hidden) - 1)
        return len(hidden) >= _FEWEST_HIDDEN and widest >= self.rule.largest_hidden

    def _cheapest(self, lines: Sequence[int]) -> int | None:
        cells = np.unique(np.concatenate([self.lines[line] for line in lines]))
        free = cells[~self.is_hidden[cells] & (self.counts[cells] > 0)]
        if len(free) == 0:
            return None
        return int(free[np.lexsort((self.order[free], self.counts[free]))[0]])
