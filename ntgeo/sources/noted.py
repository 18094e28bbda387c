"""What a reader says beside what it read: notes, and which of them tell of a cleansing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from ntgeo.domain.scenario import Cleansing

__all__ = ["Cleansed", "Noted"]

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Noted(Generic[Read]):
    """What was read from a file, and what the user should know of the reading.

    Args:
        read: The content.
        notes: In sentences, each with the name of the file.
    """

    read: Read
    notes: tuple[str, ...] = ()


class Cleansed(str):
    """A note that something of a file was not taken as it stands.

    Args:
        text: The sentence.
        kind: The key of the scenario's ``[cleansing]`` by which it can be switched off.
    """

    __slots__ = ("kind",)
    kind: Cleansing

    def __new__(cls, kind: Cleansing, text: str) -> Self:
        """Make the note."""
        note = super().__new__(cls, text)
        note.kind = kind
        return note

    def __reduce__(self) -> tuple[type[Cleansed], tuple[Cleansing, str]]:
        """Rebuild from the facts when unpickled."""
        return type(self), (self.kind, str(self))
