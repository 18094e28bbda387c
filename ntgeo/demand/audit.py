"""The attacker: what can be worked out of hidden counts from totals and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ntgeo.errors import Fault, InputError

__all__ = ["pinned_cells"]

FloatArray = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

_MOST_HIDDEN: Final = 20_000
_TRIES: Final = 6
_ONE: Final = 1 - 1e-6
_SEED: Final = 22


def pinned_cells(
    counts: npt.NDArray[np.int64],
    is_hidden: npt.NDArray[np.bool_],
    lines: Sequence[Indices],
    least: int,
) -> list[int]:
    """Return the hidden cells that can have one value only.

    Whoever knows every shown cell and every total knows the sums of hidden cells, line by line, and
    that none is below ``least``. A cell is pinned if no solution of that system moves it by 1 from
    its true count. Solutions at the ends of seeded directions free most cells at once; the few left
    are tried one by one, up and down.

    Args:
        counts: (cells,) true counts.
        is_hidden: (cells,) true where hidden.
        lines: Cells of each published total.
        least: The smallest value a hidden count can have.

    Returns:
        Positions of pinned cells, ascending.

    Raises:
        InputError: More than 20,000 hidden cells hang together by their totals.
    """
    sums = csr_array(_incidence(len(counts), lines)[:, is_hidden])
    sums = sums[np.flatnonzero(np.diff(sums.indptr))]
    hidden = np.flatnonzero(is_hidden)
    _, part_of = connected_components(csr_array(sums.T @ sums), directed=False)
    pinned: list[int] = []
    by_part = np.argsort(part_of, kind="stable")
    for cells in np.split(by_part, np.flatnonzero(np.diff(part_of[by_part])) + 1):
        part = csr_array(sums[:, cells])
        part = part[np.flatnonzero(np.diff(part.indptr))]
        if part.shape[0] > 0:
            truth = counts[hidden[cells]].astype(np.float64)
            pinned += hidden[cells[_pinned(part, truth, least)]].tolist()
    return sorted(pinned)


def _incidence(cells: int, lines: Sequence[Indices]) -> csr_array:
    """Return (lines, cells) with 1 where a cell is of a line."""
    ends = np.cumsum([0, *(len(line) for line in lines)])
    columns = np.concatenate([*lines, np.empty(0, np.intp)]).astype(np.intp)
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(lines), cells))


def _pinned(sums: csr_array, truth: FloatArray, least: int) -> Indices:
    """Return the positions, within a part that hangs together, of cells that cannot move."""
    if len(truth) > _MOST_HIDDEN:
        raise InputError(
            Fault(
                file="publication",
                what=f"{len(truth):,} hidden counts hang together, above {_MOST_HIDDEN:,}",
                fix="protect the table of one district at a time",
                code="table-too-large",
            )
        )
    if sums.shape[0] == 1:
        return _pinned_in_one_line(truth, least)
    totals = sums @ truth
    moves = np.zeros(len(truth), np.bool_)
    chance = np.random.default_rng(_SEED)
    for _ in range(min(_TRIES, len(truth) // 2)):
        if moves.all():
            break
        direction = np.where(moves, 0.0, chance.choice([-1.0, 1.0], len(truth)))
        for sign in (1, -1):
            moves |= _moved(sums, totals, truth, least, sign * direction)
    for cell in np.flatnonzero(~moves):
        goal = np.zeros(len(truth))
        for sign in (1, -1):
            goal[cell] = sign
            if not moves[cell]:
                moves |= _moved(sums, totals, truth, least, goal)
    return np.flatnonzero(~moves)


def _pinned_in_one_line(truth: FloatArray, least: int) -> Indices:
    """Return the cells of a single line that cannot move, without a linear program.

    A cell can fall if it is above ``least`` and another can rise; it can rise if another can fall.
    """
    room = truth - least
    can_fall = (room >= _ONE) & (len(truth) > 1)
    can_rise = room.sum() - room >= _ONE
    return np.flatnonzero(~(can_fall | can_rise))


def _moved(
    sums: Any, totals: FloatArray, truth: FloatArray, least: int, goal: FloatArray
) -> npt.NDArray[np.bool_]:
    """Tell which cells the solution that is least by ``goal`` moves by 1 or more."""
    found = linprog(goal, A_eq=sums, b_eq=totals, bounds=(least, None), method="highs")
    if found.x is None or found.status != 0:  # not proven free, so it counts as not moved
        return np.zeros(len(truth), np.bool_)
    return np.asarray(np.abs(found.x - truth) >= _ONE)
