"""Whoever has two releases that differ by one record, and an integer program.

Unknown are, by cell, the count of the first release and what the record changed; where people are
told beside counts, they too. What a release tells is given as sums of cells between two ends.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MOST = 80
LIMIT_S = 2.0


@dataclass(frozen=True)
class Told:
    """The sum of some cells is from ``low`` to ``high``; of people if ``of_people``."""

    cells: tuple[int, ...]
    low: float
    high: float
    of_people: bool = False


def told_of(cells, shown, rule, *, of_people=False, least=0):
    """What a figure tells of its cells: a number, or ``None`` where it is withheld.

    A withheld figure may be anything: 0 by chance, or large, to protect another.
    """
    if shown is None:
        return Told(tuple(cells), least, MOST * len(cells), of_people)
    if shown == 0:
        return Told(tuple(cells), 0, 0, of_people)
    half = rule.rounded_to // 2
    low = max(shown - half, rule.largest_hidden + 1)
    return Told(tuple(cells), low, shown + half, of_people)


class Attack:
    """Least and greatest value of each cell, over all that would have been released so."""

    def __init__(self, first, second, size, *, people=False):
        # Variables, each by cell: count, record came, record went; people, and how they changed.
        self.size, self.people = size, people
        self.width = size * (5 if people else 3)
        self.rows, self.lows, self.highs = [], [], []
        for which, release in enumerate((first, second)):
            for told in release:
                row = sum(self.value(which, cell, of_people=told.of_people) for cell in told.cells)
                self.say(row, told.low, told.high)
        if people:
            self.link_people()
        self.say(sum(self.unit(1, c) + self.unit(2, c) for c in range(size)), 1, 1)

    def unit(self, block, cell):
        row = np.zeros(self.width)
        row[block * self.size + cell] = 1
        return row

    def value(self, which, cell, *, of_people=False):
        if of_people:
            return self.unit(3, cell) + which * self.unit(4, cell)
        return self.unit(0, cell) + which * (self.unit(1, cell) - self.unit(2, cell))

    def link_people(self):
        """Nobody is counted without a use, none used without somebody, and one record is of one."""
        for cell in range(self.size):
            for which in range(2):
                count, people = self.value(which, cell), self.value(which, cell, of_people=True)
                self.say(count - people, 0, np.inf)
                self.say(MOST * people - count, 0, np.inf)
            self.say(self.unit(1, cell) - self.unit(4, cell), 0, np.inf)
            self.say(self.unit(2, cell) + self.unit(4, cell), 0, np.inf)

    def say(self, row, low, high):
        self.rows.append(row)
        self.lows.append(low)
        self.highs.append(high)

    def range_of(self, which, cells, *, of_people=False):
        return [self.end_of(which, cells, sign, of_people=of_people) for sign in (1, -1)]

    def tells(self, which, cells, truth, *, of_people=False):
        """Whether the sum of some cells can have no value but the true one."""
        ends = (self.end_of(which, cells, sign, of_people=of_people) for sign in (1, -1))
        return all(end == truth for end in ends)

    def end_of(self, which, cells, sign, *, of_people=False):
        """Least sum of some cells by sign 1, greatest by sign -1."""
        goal = sum(self.value(which, cell, of_people=of_people) for cell in cells)
        known = LinearConstraint(np.array(self.rows), self.lows, self.highs)
        most = np.full(self.width, MOST)
        most[self.size : 3 * self.size] = 1
        least = np.zeros(self.width)
        if self.people:
            least[4 * self.size :], most[4 * self.size :] = -1, 1
        found = milp(
            sign * goal,
            constraints=known,
            bounds=Bounds(least, most),
            integrality=1,
            options={"time_limit": LIMIT_S},
        )
        assert found.success, found.message
        return round(sign * found.fun)
