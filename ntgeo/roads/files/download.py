"""Fetch the roads of an area from Overpass, by osmnx, politely.

osmnx asks one question at a time, waits for a free slot as the server's status page tells, and
waits when the server is busy. Its answers are kept; asked again, they come from there. Nothing is
ever geocoded: only a shape goes out.

Sources: OpenStreetMap wiki, "Overpass API" (usage policy, rate limits, remarks); osmnx
documentation, ``osmnx.settings``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import shapely

from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.files import write_text
from ntgeo.progress import SILENT, Progress, raise_if_cancelled

__all__ = ["MOST_KM2", "OVERPASS_URL", "Overpass", "fetch_roads"]

OVERPASS_URL: Final = "https://overpass-api.de/api"
MOST_KM2: Final = 5000.0
"""A larger area is for an extract of a whole county, not for Overpass."""

_WAYS: Final = ['["highway"]', '["route"="ferry"]']
_RESTRICTIONS: Final[dict[str, bool | str | list[str]]] = {
    f"restriction{kind}": True for kind in ("", ":motorcar", ":motor_vehicle", ":bicycle")
}
_AGENT: Final = "ntgeo, a planner for local government, by osmnx"
_MOST_REFUSALS: Final = 3
_BUSY: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.GATEWAY_TIMEOUT)
_WAIT_S: Final = 180.0
_STATUS_WAIT_S: Final = 20.0
_SLOTS: Final = re.compile(r"Rate limit: [1-9]")
_TAGS: Final = re.compile(r"<[^>]*>")
_LONGEST: Final = 160
_WHOLE: Final = "whole"
_SMALLER: Final = "wait a while, ask for a smaller area, or name another server (--overpass)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overpass:
    """A server, and where its answers are kept.

    Args:
        cache_folder: Answers are kept below it, by what was asked.
        url: Without ``/interpreter`` at its end.
        asks_again: Ask even if the answer is kept.
    """

    cache_folder: Path
    url: str = OVERPASS_URL
    asks_again: bool = False

    @property
    def host(self) -> str:
        """For messages."""
        return urlsplit(self.url).netloc


def fetch_roads(
    area: shapely.Polygon | shapely.MultiPolygon, server: Overpass, *, progress: Progress = SILENT
) -> dict[str, Any]:
    """Return all roads, ferries and turn restrictions of an area, as one Overpass answer.

    Ways that leave the area are whole. :func:`~ntgeo.roads.files.reading.read_roads` takes the
    answer, saved as ``.json``, for every mode. osmnx holds its settings for the whole process, so
    only one thread may fetch at a time; they are as before afterwards.

    Args:
        area: Longitude and latitude, at most :data:`MOST_KM2`.
        server: Whom to ask.
        progress: Told when the server is busy.

    Raises:
        DataUnavailableError: The server cannot be reached, is busy, or answers with an error.
        InputError: The address is none, the area is too large, or no road lies in it.
    """
    _check_area(area)
    folder = server.cache_folder / "overpass" / _key(area, server.url)
    if server.asks_again:
        shutil.rmtree(folder, ignore_errors=True)
    _drop_torn(folder)
    watch = _Watch(server.host, progress)
    changes = {
        "cache_folder": folder,
        "cache_only_mode": True,
        "use_cache": True,
        "doh_url_template": None,
        "http_referer": _AGENT,
        "http_user_agent": _AGENT,
        "overpass_url": server.url,
        "requests_kwargs": {"hooks": {"response": watch.look}},
        "requests_timeout": _WAIT_S,
    }
    if not (folder / _WHOLE).is_file():
        changes["overpass_rate_limit"] = _has_slots(server)
        progress.stage(f"Asking {server.host} for the roads of {_km2(area):,.0f} km²")
        with _settings(changes):
            _ask(area, server.host)
        _keep(folder, watch.remarked)
    return _merged(folder)


def _keep(folder: Path, remarked: list[dict[str, Any]]) -> None:
    """Keep the answers that osmnx does not, and note that all are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, answer in enumerate(remarked):
        write_text(folder / f"remarked-{number}.json", json.dumps(answer))
    (folder / _WHOLE).touch()


def _check_area(area: shapely.Polygon | shapely.MultiPolygon) -> None:
    km2 = _km2(area)
    if km2 <= MOST_KM2:
        return
    what = f"the area is {km2:,.0f} km², more than the {MOST_KM2:,.0f} km² that Overpass is for"
    fix = "fetch the .osm.pbf extract of the county or region (Geofabrik has them), or ask for less"
    raise InputError(Fault(file="boundary", what=what, fix=fix, code="area-too-large"))


def _km2(area: shapely.Polygon | shapely.MultiPolygon) -> float:
    from pyproj import Geod  # noqa: PLC0415 - only here

    return abs(float(Geod(ellps="WGS84").geometry_area_perimeter(area)[0])) / 1e6


def _key(area: shapely.Polygon | shapely.MultiPolygon, url: str) -> str:
    asked = [shapely.to_wkt(area, rounding_precision=6), url, _WAYS, sorted(_RESTRICTIONS)]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _drop_torn(folder: Path) -> None:
    """Remove answers of which only a part was written, so that they are asked for again."""
    for path in folder.glob("*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            path.unlink()
            (folder / _WHOLE).unlink(missing_ok=True)


def _has_slots(server: Overpass) -> bool:
    """Tell whether the server counts its users' slots, so that osmnx must look before it asks.

    A server that cannot be reached is told of here, at once.
    """
    if not server.url.startswith(("https://", "http://")) or not server.host:
        what = "this is not the address of a server"
        fix = f"give it as {OVERPASS_URL}"
        raise InputError(Fault(file=server.url, what=what, fix=fix, code="overpass-url"))
    request = Request(f"{server.url.rstrip('/')}/status", headers={"User-Agent": _AGENT})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=_STATUS_WAIT_S) as answer:  # noqa: S310 - as above
            return _SLOTS.search(answer.read(_LONGEST * 10).decode("utf-8", "replace")) is not None
    except HTTPError as error:
        error.close()
        return False
    except OSError as error:
        raise _unreachable(server.host, error) from error


def _unreachable(host: str, error: OSError) -> DataUnavailableError:
    why = f"it cannot be reached ({type(getattr(error, 'reason', error)).__name__})"
    fix = "check the network and the address, or fetch an .osm.pbf extract by hand"
    return DataUnavailableError(host, why, fix)


@contextmanager
def _settings(changes: Mapping[str, Any]) -> Iterator[None]:
    """Change osmnx's settings for a while; osmnx also replaces how names are looked up."""
    from osmnx import settings  # noqa: PLC0415 - slow to load

    before = {name: getattr(settings, name) for name in changes}
    looked_up = socket.getaddrinfo
    for name, value in changes.items():
        setattr(settings, name, value)
    try:
        yield
    finally:
        socket.getaddrinfo = looked_up
        for name, value in before.items():
            setattr(settings, name, value)


def _ask(area: shapely.Polygon | shapely.MultiPolygon, host: str) -> None:
    from osmnx import features, graph  # noqa: PLC0415 - slow to load

    questions: tuple[Callable[[], object], ...] = (
        partial(graph.graph_from_polygon, area, custom_filter=_WAYS),
        partial(features.features_from_polygon, area, tags=_RESTRICTIONS),
    )
    for ask in questions:
        try:
            ask()
        except InterruptedError:
            continue  # how osmnx ends when it only fills its cache
        except OSError as error:
            raise _unreachable(host, error) from error


@dataclass(slots=True)
class _Watch:
    """Looks at every answer before osmnx does, since osmnx takes some errors for data.

    Args:
        host: For messages.
        progress: Told of waits.
        remarked: Answers with a harmless remark, which osmnx does not keep.
    """

    host: str
    progress: Progress
    remarked: list[dict[str, Any]] = field(default_factory=list)
    refusals: int = 0

    def look(self, response: Any, *_: object, **__: object) -> None:
        """Refuse errors; called by the HTTP library with each response."""
        raise_if_cancelled(self.progress)
        if not urlsplit(response.url).path.endswith("/interpreter"):
            return
        if response.status_code in _BUSY:
            self._count_refusal(response.status_code)
            return
        self.refusals = 0
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or response.status_code != HTTPStatus.OK:
            why = f"it answered {response.status_code} with no data ({_told(response.text)})"
            raise DataUnavailableError(self.host, why, _SMALLER)
        remark = str(answer.get("remark", ""))
        if "error" in remark.lower():
            raise DataUnavailableError(self.host, f"it gave up halfway ({_told(remark)})", _SMALLER)
        if remark:
            self.remarked.append(answer)

    def _count_refusal(self, code: int) -> None:
        self.refusals += 1
        if self.refusals > _MOST_REFUSALS:
            why = f"it is busy (it answered {code} {self.refusals} times)"
            raise DataUnavailableError(self.host, why, _SMALLER)
        self.progress.note(f"{self.host} is busy ({code}); asking again in a minute.")


def _told(page: str) -> str:
    """Return what a page says went wrong, in one short line."""
    body = page[page.find("Error</strong>") :] if "Error</strong>" in page else page
    words = " ".join(_TAGS.sub(" ", body).split())
    shown = "".join(letter for letter in words if letter.isprintable())
    return shown[:_LONGEST] or "an empty page"


def _merged(folder: Path) -> dict[str, Any]:
    elements: dict[tuple[str, int], Any] = {}
    dates = []
    for path in sorted(folder.glob("*.json")):
        answer = json.loads(path.read_bytes())
        dates.append(str(answer.get("osm3s", {}).get("timestamp_osm_base", "")))
        for element in answer["elements"]:
            elements.setdefault((element["type"], element["id"]), element)
    if not any(
        "highway" in e.get("tags", {}) for (kind, _), e in elements.items() if kind == "way"
    ):
        what = "OpenStreetMap has no road in this area"
        fix = "check that the boundary lies where you mean"
        raise InputError(Fault(file="boundary", what=what, fix=fix, code="no-roads"))
    return {
        "version": 0.6,
        "generator": "Overpass API, asked by osmnx for ntgeo",
        "osm3s": {
            "timestamp_osm_base": min(dates),
            "copyright": "© OpenStreetMap contributors, Open Database Licence 1.0",
        },
        "elements": [elements[key] for key in sorted(elements)],
    }
