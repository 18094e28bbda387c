"""Whether the roads of a scenario can be trusted, and what to know of them."""

from __future__ import annotations

from datetime import date, datetime

from ntgeo import roads
from ntgeo.domain.units import LONDON
from ntgeo.errors import Fault, InputError

__all__ = ["refuse_pieces", "road_notes"]


def refuse_pieces(network: roads.RoadNetwork, least_share: float, *, file: str) -> None:
    """Refuse roads in pieces, on which many a place could not be reached for no good reason.

    Args:
        network: As it was read, before any change.
        least_share: Of the length, to be joined in one direction at least.
        file: For the message.

    Raises:
        InputError: Less is joined.
    """
    if least_share == 0:
        return
    share = roads.check_network(network).connected_share
    if share >= least_share:
        return
    what = (
        f"only {share:.0%} of the road length is connected for the mode {network.mode}, and "
        f"{least_share:.0%} is the least; the extract may cut off a river crossing"
    )
    fix = (
        "fetch the roads with a wider margin (ntgeo roads download --buffer-m), or lower "
        "least_connected_share under [roads] where islands are meant"
    )
    raise InputError(Fault(file=file, what=what, fix=fix, code="roads-in-pieces"))


def road_notes(network: roads.RoadNetwork, today: date | None = None) -> tuple[str, ...]:
    """Return how old the roads are, and what was cleaned when they were read.

    Args:
        network: The roads.
        today: To tell how old they are; the day it is, unless given.
    """
    if not network.dated:
        return network.notes
    dated = f"dated {network.dated[:10]}"
    days = roads.days_too_old(network, today or datetime.now(LONDON).date())
    if days is not None:
        dated += f", {days:,} days ago, so fetch them again (ntgeo roads download)"
    return (dated, *network.notes)
