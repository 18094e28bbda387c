"""Plans as maps that anyone can open, read, print and trust. The only place that knows Folium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.mapping.content import Backdrop, Measure, RoundsMapContent, SitingMapContent
    from ntgeo.mapping.page import find_basemap
    from ntgeo.mapping.rounds_map import draw_rounds_map
    from ntgeo.mapping.siting_map import draw_siting_map

__all__ = [
    "Backdrop",
    "Measure",
    "RoundsMapContent",
    "SitingMapContent",
    "draw_rounds_map",
    "draw_siting_map",
    "find_basemap",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "content": ["Backdrop", "Measure", "RoundsMapContent", "SitingMapContent"],
        "page": ["find_basemap"],
        "rounds_map": ["draw_rounds_map"],
        "siting_map": ["draw_siting_map"],
    },
)
