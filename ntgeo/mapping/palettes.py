"""Colours that people with colour-blindness can order, and that print in grey in the same order.

The sequential and diverging anchors are the nine- and eleven-class schemes of Cynthia Brewer's
ColorBrewer (colorbrewer2.org); the categorical colours are Okabe and Ito (2008), darkened until
white text on them reaches 4.5:1.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "CATCHMENT_COLOURS",
    "CHANGE_STYLES",
    "PALETTES",
    "SHIFT_COLOURS",
    "SHIFT_DASHES",
    "contrast_ratio",
    "shades",
]

PALETTES: Final[dict[str, tuple[str, ...]]] = {
    "demand": (
        "#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494",
        "#081d58",
    ),
    "need": (
        "#ffffe5", "#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#993404",
        "#662506",
    ),
    "deprivation": (
        "#fcfbfd", "#efedf5", "#dadaeb", "#bcbddc", "#9e9ac8", "#807dba", "#6a51a3", "#54278f",
        "#3f007d",
    ),
    "travel": (
        "#f7fcfd", "#e5f5f9", "#ccece6", "#99d8c9", "#66c2a4", "#41ae76", "#238b45", "#006d2c",
        "#00441b",
    ),
    "difference": (
        "#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2",
        "#8073ac", "#542788", "#2d004b",
    ),
}  # fmt: skip
"""Light to dark, but for ``difference``: orange below zero, purple above."""

CATCHMENT_COLOURS: Final = (
    "#8ecae6", "#f6bd60", "#a7c957", "#cdb4db", "#f4978e", "#84dcc6", "#d4c19c", "#b8c0ff",
)  # fmt: skip
"""Light tints; neighbours never share one unless there are more than eight around one."""

SHIFT_COLOURS: Final = (
    "#0060a8", "#b3420a", "#00704f", "#8c2f74", "#5b4a00", "#4a3fb5", "#a3123a", "#00636f",
    "#3d4a54", "#6b4e16",
)  # fmt: skip
SHIFT_DASHES: Final = ("", "11 6", "2 6", "14 5 2 5", "22 7", "7 4 2 4 2 4")
"""SVG dash arrays in pixels; with ten colours, the first thirty shifts differ."""

CHANGE_STYLES: Final = {
    "slow": {"word": "slowed", "colour": "#b35806", "dash": "", "look": "orange"},
    "one-way": {
        "word": "made one-way",
        "colour": "#8c2f74",
        "dash": "9 5",
        "look": "purple dashes",
    },
    "new": {"word": "new", "colour": "#00694a", "dash": "", "look": "green"},
    "close": {"word": "closed", "colour": "#b3260a", "dash": "3 6", "look": "red dots"},
}
"""How changed roads are drawn, by kind, the last on top."""

_FEW: Final = 7
_LINEAR_BELOW: Final = 0.04045
_LUMINANCE_WEIGHTS: Final = (0.2126, 0.7152, 0.0722)


def shades(palette: str, count: int) -> tuple[str, ...]:
    """Return ``count`` colours of a palette, evenly spread.

    Up to seven classes leave out the ends: the palest is lost on white paper, and roads and lines
    are lost on the two darkest.
    """
    anchors = PALETTES[palette]
    if count <= _FEW:
        anchors = anchors[1:-1] if palette == "difference" else anchors[1:-2]
    if count == 1:
        return (anchors[len(anchors) // 2],)
    steps = [i * (len(anchors) - 1) / (count - 1) for i in range(count)]
    return tuple(_between(anchors, step) for step in steps)


def _between(anchors: tuple[str, ...], step: float) -> str:
    low = min(int(step), len(anchors) - 2)
    share = step - low
    mixed = (
        round(a + (b - a) * share)
        for a, b in zip(_channels(anchors[low]), _channels(anchors[low + 1]), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = (
        c / 12.92 if c <= _LINEAR_BELOW else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    )
    return sum(weight * c for weight, c in zip(_LUMINANCE_WEIGHTS, linear, strict=True))


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
