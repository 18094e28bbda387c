"""A map as the report shows it: a link to the map itself, and its picture within the page."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any, Final

from PIL import Image

__all__ = ["map_view"]

_COLOURS: Final = 128
"""Of a picture within a page: a quarter of its size in the file, and no difference to see."""


def map_view(file: str, picture: Path | None, *, name: str, alt: str) -> dict[str, Any]:
    """Return what the page shows of a map.

    Args:
        file: The map, relative to the report.
        picture: The map as PNG; ``None`` for none.
        name: What it is called.
        alt: What is to be seen on it, for those who cannot see it.
    """
    found = None if picture is None or not picture.exists() else _embedded(picture)
    return {"file": file, "name": name, "alt": alt, "picture": found}


def _embedded(picture: Path) -> dict[str, Any]:
    written = io.BytesIO()
    with Image.open(picture) as whole:
        drawn = whole.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        drawn.save(written, format="PNG", optimize=True)
    text = base64.b64encode(written.getvalue()).decode("ascii")
    return {
        "source": f"data:image/png;base64,{text}",
        "width": drawn.width,
        "height": drawn.height,
    }
