"""Leaflet itself, from the package that carries its plain files, ready to stand inside a page."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["leaflet_script", "leaflet_style"]

_PACKAGE: Final = "js_lib_leaflet"
_FOLDER: Final = "static/js_lib_leaflet"
_IMAGE: Final = re.compile(r"url\(images/([\w.-]+\.png)\)")
_SOURCE_MAP: Final = re.compile(r"\n?//# sourceMappingURL=\S+\s*$")


@cache
def leaflet_script() -> str:
    """Return Leaflet's JavaScript without its pointer to a source map."""
    text = (files(_PACKAGE) / _FOLDER / "leaflet.js").read_text(encoding="utf-8")
    return _SOURCE_MAP.sub("", text)


@cache
def leaflet_style() -> str:
    """Return Leaflet's style sheet with its images inside it."""
    text = (files(_PACKAGE) / _FOLDER / "leaflet.css").read_text(encoding="utf-8")
    return _IMAGE.sub(lambda found: f"url({_image(found[1])})", text)


def _image(name: str) -> str:
    content = (files(_PACKAGE) / _FOLDER / "images" / name).read_bytes()
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")
