"""Every way ntgeo says no.

::

    NtgeoError
    ├── InputError            a file or a value of the user's is refused      exit 2
    │   ├── MissingColumnError
    │   ├── DuplicateIdError
    │   ├── UnknownIdError
    │   ├── CrsError
    │   └── ScenarioError
    ├── SettingsError         this machine's settings are unusable            exit 2
    ├── DataUnavailableError  a file or a service cannot be reached           exit 4
    ├── UnreachableError      places that no road joins                       exit 2
    ├── NoPlanError           the question has no answer                      exit 3
    │   ├── InfeasibleError   proven: the rules contradict each other
    │   └── TimeLimitError    not proven: no plan was found in the time
    ├── CancelledError        the user stopped the work                       exit 130
    └── PlanRejectedError     a plan failed its own check: our bug            exit 70

A refusal is made of facts. :class:`Fault` holds one and writes its sentence,
``FILE row N, column C, value "V": what is wrong. Fix: what to do.``; an :class:`InputError` holds
all the faults of a table, and shows the first five of each kind and the count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

__all__ = [
    "CancelledError",
    "CrsError",
    "DataUnavailableError",
    "DuplicateIdError",
    "Fault",
    "InfeasibleError",
    "InputError",
    "MissingColumnError",
    "NoPlanError",
    "NtgeoError",
    "PlanRejectedError",
    "ScenarioError",
    "SettingsError",
    "TimeLimitError",
    "UnknownIdError",
    "UnreachableError",
    "first_five",
    "first_of_each_kind",
    "visible",
]

_SHOWN = 5
_LONGEST_VALUE = 60
HIDDEN = "(hidden)"


def first_five(items: Iterable[object]) -> str:
    """Join the first five items with commas and say how many more there are."""
    listed = [str(item) for item in items]
    shown = ", ".join(listed[:_SHOWN])
    return shown if len(listed) <= _SHOWN else f"{shown} and {len(listed) - _SHOWN:,} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with an input, as facts.

    Args:
        file: File name or table name as the user knows it; never a full path with a home folder.
        row: Row number as the user's spreadsheet counts it (headings are row 1).
        column: Column heading, or the key of a scenario.
        value: The offending text; pass ``errors.HIDDEN`` for personal data.
        what: What is wrong, as a clause without a full stop.
        fix: What to do, as a clause without a full stop.
        code: Short machine-readable kind, such as ``"unknown-lsoa"``; faults of one kind are
            counted together.
        row_word: What a row of this file is called; ``"line"`` in a scenario.
        column_word: What a column is called; ``"key"`` in a scenario.
    """

    file: str
    what: str
    fix: str
    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    row_word: str = "row"
    column_word: str = "column"

    def __str__(self) -> str:
        """Write the sentence."""
        place = self.file
        if self.row is not None:
            place += f" {self.row_word} {self.row:,}"
        if self.column is not None:
            place += f", {self.column_word} {self.column}"
        if self.value is not None:
            place += f", value {_quoted(self.value)}"
        return f"{place}: {self.what}. Fix: {self.fix}."


def visible(text: str) -> str:
    """Return a text with marks that nobody sees written as escapes."""
    return "".join(
        c if c.isprintable() else f"\\x{ord(c):02x}" if c < "\u0100" else f"\\u{ord(c):04x}"
        for c in text
    )


def _quoted(value: str) -> str:
    if value == HIDDEN:
        return HIDDEN
    text = visible(value)
    return f'"{text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"}"'


class NtgeoError(Exception):
    """Root of the tree; ``str(error)`` is the sentence for the user."""


class InputError(NtgeoError):
    """A file or a value of the user's is refused.

    Args:
        faults: One or more faults; all those of a table are told at once.
    """

    def __init__(self, faults: Fault | Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        if not self.faults:
            msg = "an InputError needs at least one fault"
            raise ValueError(msg)
        super().__init__("\n".join(first_of_each_kind(self.faults)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        """Rebuild from the facts, so that the error crosses a process boundary."""
        return type(self), (self.faults,)


def first_of_each_kind(faults: Sequence[Fault]) -> list[str]:
    """Return the first five faults of each file and kind, and how many more, as sentences."""
    lines: list[str] = []
    kinds = sorted(faults, key=lambda f: (f.file, f.code))
    for (file, _), group in groupby(kinds, key=lambda f: (f.file, f.code)):
        alike = list(group)
        lines.extend(str(fault) for fault in alike[:_SHOWN])
        if len(alike) > _SHOWN:
            lines.append(f"{file}: {len(alike) - _SHOWN:,} more of the same kind.")
    return lines


class MissingColumnError(InputError):
    """A table lacks a column that it needs."""


class DuplicateIdError(InputError):
    """An id that must be unique stands more than once."""


class UnknownIdError(InputError):
    """An id refers to nothing in the tables at hand."""


class CrsError(InputError):
    """Coordinates without, or in the wrong, coordinate reference system."""


class ScenarioError(InputError):
    """The scenario file asks something that cannot be asked."""


class SettingsError(NtgeoError):
    """This machine's settings are unusable."""


class DataUnavailableError(NtgeoError):
    """A file or a service cannot be reached.

    Args:
        what: The file or service, as the user knows it.
        why: The reason, as a clause.
        fix: What to do, as a clause.
    """

    def __init__(self, what: str, why: str, fix: str) -> None:
        self.what, self.why, self.fix = what, why, fix
        super().__init__(f"{what}: {why}. Fix: {fix}.")

    def __reduce__(self) -> tuple[type[DataUnavailableError], tuple[str, str, str]]:
        """Rebuild from the facts."""
        return type(self), (self.what, self.why, self.fix)


class UnreachableError(NtgeoError):
    """Places that no road joins to the rest.

    Args:
        ids: The places.
        why: What keeps them apart, as a clause.
        fix: What to do, as a clause.
    """

    def __init__(self, ids: Sequence[str], why: str, fix: str) -> None:
        self.ids, self.why, self.fix = tuple(ids), why, fix
        super().__init__(f"{first_five(ids)}: {why}. Fix: {fix}.")

    def __reduce__(self) -> tuple[type[UnreachableError], tuple[tuple[str, ...], str, str]]:
        """Rebuild from the facts."""
        return type(self), (self.ids, self.why, self.fix)


class NoPlanError(NtgeoError):
    """The question has no answer; ``str(error)`` says why in plain words."""


class InfeasibleError(NoPlanError):
    """Proven: no plan keeps all the rules."""


class TimeLimitError(NoPlanError):
    """Not proven: no plan was found within the time limit."""


class CancelledError(NtgeoError):
    """The user stopped the work."""


class PlanRejectedError(NtgeoError):
    """A plan failed the independent check: a bug of ours, so nothing is published.

    Args:
        faults: Each fault as a sentence.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "Plan not published: the independent check found faults, which is a bug in ntgeo.\n"
            + "\n".join(f"- {fault}" for fault in self.faults[:_SHOWN])
            + ("" if len(self.faults) <= _SHOWN else f"\n- and {len(self.faults) - _SHOWN} more")
            + "\nFix: tell the developers; another seed or time limit may find a sound plan."
        )

    def __reduce__(self) -> tuple[type[PlanRejectedError], tuple[tuple[str, ...]]]:
        """Rebuild from the facts."""
        return type(self), (self.faults,)
