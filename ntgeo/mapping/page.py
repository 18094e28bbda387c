"""The page around a map: Folium draws, this puts it where nothing is fetched and nothing runs
that was not written by ntgeo or Leaflet.

Each script is allowed by its hash in a Content-Security-Policy, so that text which somehow became
a script would still not run, and no host may be asked for anything but the tiles that were wanted.
"""  # noqa: D205 - the first sentence needs two lines

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import folium
import xyzservices
from branca.element import MacroElement
from jinja2 import Template
from markupsafe import Markup

from ntgeo.errors import SettingsError
from ntgeo.files import write_text
from ntgeo.mapping.leaflet import leaflet_script, leaflet_style
from ntgeo.mapping.safe import asset, page_template, safe_json

__all__ = ["Basemap", "find_basemap", "write_page"]

_BASEMAP_NAMES: Final = {"osm": "OpenStreetMap.Mapnik", "os": "OrdnanceSurvey.Light"}
_SCRIPTS: Final = {
    "siting": ("map.js", "many.js", "siting.js"),
    "rounds": ("map.js", "day.js", "rounds.js"),
}
_KEY_FIELDS: Final = ("key", "apikey", "apiKey", "accessToken", "token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basemap:
    """Tiles that a reader asked for.

    Args:
        url: Template of a tile's address.
        attribution: HTML of the provider.
        hosts: Where the page will ask.
        longest_zoom: Beyond which there are no tiles.
    """

    url: str
    attribution: str
    hosts: tuple[str, ...]
    longest_zoom: int


def find_basemap(name: str | None, key: str | None = None) -> Basemap | None:
    """Return the tiles called ``name``, or ``None`` where no tiles are wanted.

    Raises:
        SettingsError: There is no such provider, or it needs a key.
    """
    if name is None:
        return None
    try:
        provider = xyzservices.providers.query_name(_BASEMAP_NAMES.get(name, name))
    except ValueError:
        msg = f'basemap "{name}" is not known. Fix: use "osm", "os" or a name of xyzservices.'
        raise SettingsError(msg) from None
    if key is not None:
        provider = provider(**{field: key for field in _KEY_FIELDS if field in provider})
    if provider.requires_token():
        msg = f'basemap "{name}" needs a key. Fix: set its key, or leave the basemap out.'
        raise SettingsError(msg)
    host = urlsplit(provider.build_url(x=0, y=0, z=0)).hostname or ""
    has_parts = "{s}" in provider["url"]
    return Basemap(
        url=provider.build_url(fill_subdomain=False),
        attribution=provider.html_attribution,
        hosts=("*." + host.split(".", 1)[1] if has_parts else host,),
        longest_zoom=int(provider.get("max_zoom", 19)),
    )


class _Drawing(MacroElement):  # type: ignore[misc] # branca ships no types
    """Hands the page's data to one of the scripts in ``assets``."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.function }}({{ this._parent.get_name() }}, "
        'JSON.parse(document.getElementById("ntgeo-data").textContent));'
        "{% endmacro %}"
    )

    def __init__(self, function: str) -> None:
        super().__init__()
        self._name = "Drawing"
        self.function = function


def _folium_map(name: str, basemap: Basemap | None) -> folium.Map:
    drawn = folium.Map(
        location=(52.5, -1.5),
        tiles=None,
        zoom_start=6,
        zoom_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        attribution_control=False,
    )
    drawn.default_js, drawn.default_css = [], []
    if basemap is not None:
        folium.TileLayer(
            tiles=basemap.url,
            attr=basemap.attribution,
            max_native_zoom=basemap.longest_zoom,
            max_zoom=20,
            control=False,
        ).add_to(drawn)
    _Drawing(f"ntgeo.{name}").add_to(drawn)
    return drawn


def _folium_parts(drawn: folium.Map, name: str) -> tuple[str, str]:
    """Return HTML and script of a map whose element names do not differ between runs."""
    figure = drawn.get_root()
    drawn._id = name  # noqa: SLF001 - Folium names elements by chance; the page must not differ
    for position, child in enumerate(drawn._children.values()):  # noqa: SLF001 - as above
        child._id = f"{name}_{position}"  # noqa: SLF001 - as above
    figure.render()
    return figure.html.render(), figure.script.render()


def _policy(scripts: list[str], basemap: Basemap | None) -> str:
    """Return a Content-Security-Policy that allows these scripts and these tiles alone."""
    hashes = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(found).decode()}'" for found in hashes)
    hosts = () if basemap is None else basemap.hosts
    images = " ".join(["data:", *(f"https://{host}" for host in hosts)])
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        f"img-src {images}; base-uri 'none'; form-action 'none'"
    )


def write_page(
    path: Path,
    name: str,
    facts: Mapping[str, Any],
    drawing: Mapping[str, Any],
    basemap: Basemap | None,
) -> None:
    """Write a map's page, whole or not at all.

    Args:
        path: Of the HTML file.
        name: ``siting`` or ``rounds``: template, script and function have this name.
        facts: For the template, which passes each through ``safe``.
        drawing: For the script, as JSON.
        basemap: Tiles to be asked for, if any.
    """
    html, script = _folium_parts(_folium_map(name, basemap), name)
    own = "".join(asset(part) for part in _SCRIPTS[name])
    scripts = [leaflet_script(), own, script]
    page = page_template(f"{name}.html").render(
        facts,
        map_html=Markup(html),  # noqa: S704 - Folium made it from names of ours alone
        style=Markup(leaflet_style() + asset("page.css")),  # noqa: S704 - packaged files
        scripts=[Markup(part) for part in scripts],  # noqa: S704 - packaged files and Folium's
        drawing=Markup(safe_json(drawing)),  # noqa: S704 - safe_json made it
        policy=Markup(_policy(scripts, basemap)),  # noqa: S704 - hashes and host names
        licence=asset("leaflet-licence.txt"),
        tile_hosts=basemap.hosts if basemap else (),
        tile_attribution=Markup(basemap.attribution if basemap else ""),  # noqa: S704 - xyzservices
    )
    write_text(path, page)
