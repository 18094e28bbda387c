"""Cells of a table read one row after another, with every fault kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.clock import ClockError, read_clock
from ntgeo.sources.tables import TextTable
from ntgeo.sources.unique_ids import parse_words

__all__ = ["Cells", "numbered"]

Choice = TypeVar("Choice", bound=StrEnum)
_YES_NO = {"yes": True, "y": True, "true": True, "1": True} | dict.fromkeys(
    ("no", "n", "false", "0"), False
)


def numbered(stem: str, count: int) -> tuple[str, ...]:
    """Return names of columns that may stand several times: ``break``, ``break2`` and so on."""
    return (stem, *(f"{stem}{number}" for number in range(2, count + 1)))


class Cells:
    """The cells of a table of one day.

    What is wrong with them is gathered in ``faults``, what is only odd in ``notes``.

    Args:
        table: The table.
        day: Whose clock times its times are.
        amounts: Column of numbers → what may stand there; all of them are read at once.
    """

    def __init__(self, table: TextTable, day: date, amounts: Mapping[str, Range]) -> None:
        self.table, self.day = table, day
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._texts: dict[str, list[str]] = {}
        self._numbers: dict[str, npt.NDArray[np.float64]] = {}
        for column, allowed in amounts.items():
            found = parse_amounts(table, column, allowed)
            self.faults.extend(found.faults)
            self.notes.extend(found.notes)
            self._numbers[column] = found.numbers

    def refuse(self, row: int, column: str, *, what: str, fix: str, code: str) -> None:
        """Keep a fault of a cell."""
        self.faults.append(self.table.fault(row, column, what=what, fix=fix, code=code))

    def remark(self, row: int, column: str, *, what: str, fix: str) -> None:
        """Keep a note of a cell that is taken as it stands, or was read leniently."""
        self.notes.append(str(self.table.fault(row, column, what=what, fix=fix, code="note")))

    def text(self, row: int, column: str) -> str:
        """Return a cell as it stands; ``""`` where it is blank."""
        if column not in self._texts:
            self._texts[column] = self.table.texts(column).tolist()
        return self._texts[column][row]

    def number(self, row: int, column: str) -> float | None:
        """Return a number; ``None`` where it is blank or wrong."""
        value = float(self._numbers[column][row])
        return None if math.isnan(value) else value

    def amount(self, row: int, column: str) -> float:
        """Return a number; 0 where it is blank or wrong."""
        return self.number(row, column) or 0.0

    def seconds(self, row: int, column: str) -> int | None:
        """Return minutes as seconds; ``None`` where they are blank or wrong."""
        minutes = self.number(row, column)
        return None if minutes is None else round(minutes * SECONDS_PER_MINUTE)

    def words(self, row: int, column: str) -> frozenset[str]:
        """Return words separated by semicolons, in lower case."""
        return parse_words(self.text(row, column))

    def ids(self, row: int, column: str) -> tuple[str, ...]:
        """Return ids separated by semicolons, as they are written."""
        return tuple(part for text in self.text(row, column).split(";") if (part := text.strip()))

    def choice(self, row: int, column: str, kinds: type[Choice]) -> Choice | None:
        """Return one of a few words, in any case; ``None`` where it is blank or wrong."""
        text = self.text(row, column).casefold()
        found = next((kind for kind in kinds if kind.value == text.replace(" ", "-")), None)
        if text and found is None:
            fix = f"write one of {', '.join(kinds)}, or leave it blank"
            self.refuse(row, column, what="is not known", fix=fix, code="unknown-word")
        return found

    def is_yes(self, row: int, column: str, *, otherwise: bool) -> bool:
        """Return yes or no; ``otherwise`` where it is blank or wrong."""
        text = self.text(row, column).casefold()
        if text and text not in _YES_NO:
            what, fix = "is neither yes nor no", "write yes or no, or leave it blank"
            self.refuse(row, column, what=what, fix=fix, code="yes-or-no")
        return _YES_NO.get(text, otherwise)

    def clock(self, row: int, column: str, *, after_s: int = -1) -> int | None:
        """Return a clock time as seconds since midnight; ``None`` where it is wrong.

        What was read leniently is kept in ``notes``.

        Args:
            row: The row.
            column: The column.
            after_s: A time before this is on the next day, unless it has a date.
        """
        text = self.text(row, column)
        try:
            found = read_clock(text, self.day)
            if found.at_s < after_s and not found.is_dated:
                found = read_clock(text, self.day, next_day=True)
        except ClockError as error:
            self.refuse(row, column, what=error.what, fix=error.fix, code=error.code)
            return None
        if found.note:
            self.remark(row, column, what=found.note, fix="nothing, if that is meant")
        return found.at_s

    def clock_or_blank(self, row: int, column: str, *, after_s: int = -1) -> int | None:
        """Return a clock time as :meth:`clock`; ``None`` where it is blank, too."""
        return self.clock(row, column, after_s=after_s) if self.text(row, column) else None

    def has_any(self, row: int, columns: Sequence[str]) -> bool:
        """Tell whether something stands in one of some cells."""
        return any(self.text(row, column) for column in columns)
