"""A day's work as it is read: visits, shifts, and where those start and end."""

from __future__ import annotations

from dataclasses import dataclass

from ntgeo.domain.places import Location
from ntgeo.domain.shifts import Depot, Shift
from ntgeo.domain.visits import Visit, VisitLink
from ntgeo.errors import Fault

__all__ = ["VisitDay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDay:
    """A day's visits, the shifts that could make them, and where those start and end.

    Args:
        visits: Those that can be planned.
        shifts: Who works when.
        depots: Where shifts start and end.
        links: What visits have to do with each other.
        set_aside: Why rows of visits cannot be planned; each names its row.
    """

    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    depots: tuple[Depot, ...]
    links: tuple[VisitLink, ...] = ()
    set_aside: tuple[Fault, ...] = ()

    @property
    def locations(self) -> dict[str, Location]:
        """Where each depot and visit is, by id: depots, then visits, each in order of id."""
        depots = sorted(self.depots, key=lambda depot: depot.id)
        visits = sorted(self.visits, key=lambda visit: visit.id)
        places: tuple[Depot | Visit, ...] = (*depots, *visits)
        return {str(place.id): place.location for place in places}
