"""A plan of rounds that somebody made by hand."""

from __future__ import annotations

from dataclasses import dataclass

from ntgeo.domain.visits import ShiftId, VisitId

__all__ = ["HandPlan", "HandStop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandStop:
    """A visit in a shift's round, as it was written down; neither need be known.

    Args:
        shift: Whose round.
        visit: Which visit.
        row: Row of the file that says so.
        arrive_s: When they arrive, in seconds since midnight; ``None`` where nothing is said.
        begin_s: When the visit begins; ``None`` where nothing is said.
    """

    shift: ShiftId
    visit: VisitId
    row: int
    arrive_s: int | None = None
    begin_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPlan:
    """A plan by hand.

    Args:
        file: Where it was written down.
        stops: In order; each shift's are its round. A crew visit stands in several shifts.
    """

    file: str
    stops: tuple[HandStop, ...]
