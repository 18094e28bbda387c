"""Which counts of a table must be hidden so that no small one can be had by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ntgeo.demand.rules import DisclosureRule
from ntgeo.errors import Fault, InputError

__all__ = ["Suppression", "suppress"]

Indices = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

_MOST_LINES: Final = 4000
_KNOWN: Final = 1e-6


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
    counts: npt.NDArray[np.int64],
    lines: Sequence[Indices],
    order: Indices,
    rule: DisclosureRule,
) -> Suppression:
    """Hide small counts, and then as many others as protect them.

    A *line* is a set of cells whose total is, or may be, published. Cells that are shown are taken
    as known to the unit, although a rule may round them: what is safe so is safe rounded. Then
    (1) in each line with hidden cells there are at least two of them, and together they leave
    each the whole range from the smallest hidden value to the largest; (2) no hidden cell follows
    from the totals of all lines together (its unit vector is not in the row space of the lines).
    Where a further cell must be hidden, the smallest is taken.

    Args:
        counts: (cells,) whole counts.
        lines: For each, the positions of its cells.
        order: (cells,) rank of each cell by its keys, which breaks ties whatever the order of rows.
        rule: What is small.

    Returns:
        What is hidden. Lines that cannot be protected are named: their totals are withheld.

    Source: complementary suppression as in L. Willenborg and T. de Waal, "Elements of Statistical
    Disclosure Control" (2001), with the linear audit of exact disclosure.
    """
    is_hidden = (counts <= rule.largest_hidden) & (counts >= rule.least_hidden)
    if not rule.hides_second:
        return Suppression(is_hidden=is_hidden, withheld=frozenset())
    work = _Work(counts=counts, lines=lines, order=order, rule=rule, is_hidden=is_hidden)
    work.protect_lines(range(len(lines)))
    while (told := work.told_cell()) is not None:
        work.blur(told)
    return Suppression(is_hidden=work.is_hidden, withheld=frozenset(work.withheld))


class _Work:
    """The state of a suppression under way."""

    def __init__(
        self,
        *,
        counts: npt.NDArray[np.int64],
        lines: Sequence[Indices],
        order: Indices,
        rule: DisclosureRule,
        is_hidden: BoolArray,
    ) -> None:
        self.counts, self.lines, self.order, self.rule = counts, lines, order, rule
        self.is_hidden = is_hidden.copy()
        self.withheld: set[int] = set()
        cells = np.concatenate([*lines, np.empty(0, np.intp)]).astype(np.intp)
        owners = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        shape = (len(counts), len(lines))
        self.lines_of = csr_array((np.ones(len(cells)), (cells, owners)), shape=shape)

    def protect_lines(self, first: Sequence[int] | range) -> None:
        """Hide cells until each line is safe by itself, or withheld."""
        waiting = list(first)[::-1]
        while waiting:
            line = waiting.pop()
            if line in self.withheld or self._is_safe(line):
                continue
            cell = self._cheapest([line])
            if cell is None:
                self.withheld.add(line)
                continue
            waiting.extend(self._hide(cell))

    def told_cell(self) -> int | None:
        """Return the first hidden cell that follows from the totals of all lines together."""
        cells = np.flatnonzero(self.is_hidden)
        shown = np.setdiff1d(np.arange(len(self.lines)), list(self.withheld)).astype(np.intp)
        incidence = self.lines_of[cells][:, shown]
        pairs = csr_array(incidence.T @ incidence)
        parts, part_of = connected_components(pairs, directed=False)
        told = [
            cells[position]
            for part in range(parts)
            for position in _told_positions(incidence, np.flatnonzero(part_of == part))
        ]
        return int(min(told, key=lambda cell: self.order[cell])) if told else None

    def blur(self, told: int) -> None:
        """Hide one more cell in the lines of a cell that could be had, or withhold their totals."""
        lines = [line for line in self._lines_of(told) if line not in self.withheld]
        cell = self._cheapest(lines)
        if cell is None:
            self.withheld.update(lines)
        else:
            self.protect_lines(self._hide(cell))

    def _lines_of(self, cell: int) -> list[int]:
        start, end = self.lines_of.indptr[cell], self.lines_of.indptr[cell + 1]
        return sorted(int(line) for line in self.lines_of.indices[start:end])

    def _is_safe(self, line: int) -> bool:
        hidden = self.counts[self.lines[line][self.is_hidden[self.lines[line]]]]
        if len(hidden) == 0:
            return True
        widest = int(hidden.sum()) - self.rule.least_hidden * (len(hidden) - 1)
        return len(hidden) > 1 and widest >= self.rule.largest_hidden

    def _cheapest(self, lines: Sequence[int]) -> int | None:
        cells = np.unique(np.concatenate([self.lines[line] for line in lines]))
        free = cells[~self.is_hidden[cells] & (self.counts[cells] > 0)]
        if len(free) == 0:
            return None
        return int(free[np.lexsort((self.order[free], self.counts[free]))[0]])

    def _hide(self, cell: int) -> list[int]:
        self.is_hidden[cell] = True
        return self._lines_of(cell)


def _told_positions(incidence: Any, lines: Indices) -> list[int]:
    """Return the cells (rows) that the totals of ``lines`` (columns) tell exactly."""
    if len(lines) > _MOST_LINES:
        raise InputError(
            Fault(
                file="publication",
                what=f"{len(lines):,} totals hang together, more than {_MOST_LINES:,}",
                fix="protect the table of one district at a time",
                code="table-too-large",
            )
        )
    part = incidence[:, lines]
    rows = np.unique(part.nonzero()[0])
    if len(rows) == 0:
        return []
    dense = part[rows].toarray()
    told = dense @ np.linalg.pinv(dense.T @ dense, hermitian=True)
    leverage = np.einsum("ij,ij->i", told, dense)
    return [int(row) for row in rows[leverage > 1 - _KNOWN]]
