"""Words that both pages use."""

from __future__ import annotations

from typing import Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.sparse_times import TravelTimes
from ntgeo.mapping.content import Backdrop
from ntgeo.mapping.palettes import CHANGE_STYLES

__all__ = ["MODE_TEXTS", "counted", "travel_text", "travel_warnings"]

MODE_TEXTS: Final = {
    TravelMode.CAR: "by car",
    TravelMode.BICYCLE: "by bicycle",
    TravelMode.FOOT: "on foot",
}
"""How people travel, for a sentence."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 area``, ``2 areas``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def travel_text(travel: TravelTimes) -> str:
    """Return how people travel and how the times came about."""
    mode = MODE_TEXTS[travel.mode]
    return travel.method if mode in travel.method else f"{mode}, {travel.method}"


def travel_warnings(travel: TravelTimes, backdrop: Backdrop) -> list[str]:
    """Return a warning where no roads were used, and what is assumed of those that were."""
    if "straight" in travel.method.lower():
        return [f"No roads were used. Travel times are {travel.method}."]
    if backdrop.changes is None:
        return list(backdrop.assumptions)
    kinds = set(backdrop.changes["kind"])
    looks = [f"{s['word']} in {s['look']}" for kind, s in CHANGE_STYLES.items() if kind in kinds]
    return [*backdrop.assumptions, f"Drawn on the map: roads {', '.join(looks)}."]
