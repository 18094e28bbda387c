"""Plans as maps that anyone can open, read, print and trust. The only place that knows Folium."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ntgeo.mapping.content import Backdrop, Measure, RoundsMapContent, SitingMapContent
    from ntgeo.mapping.rounds_map import draw_rounds_map
    from ntgeo.mapping.siting_map import draw_siting_map

__all__ = [
    "Backdrop",
    "Measure",
    "RoundsMapContent",
    "SitingMapContent",
    "draw_rounds_map",
    "draw_siting_map",
]

_HOMES: Final = {
    "Backdrop": "content",
    "Measure": "content",
    "RoundsMapContent": "content",
    "SitingMapContent": "content",
    "draw_rounds_map": "rounds_map",
    "draw_siting_map": "siting_map",
}


def __getattr__(name: str) -> Any:
    """Import Folium and its kin only when a map is drawn."""
    if name in _HOMES:
        return getattr(import_module(f"ntgeo.mapping.{_HOMES[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
