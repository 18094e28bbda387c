"""Rounds as GPX 1.1 files: stops and the way between them, for a satnav or a map app."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd

from ntgeo.domain.path_steps import PathStep
from ntgeo.domain.rounds_words import begin_clause
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.units import WGS84, moment
from ntgeo.files import write_bytes
from ntgeo.reports.calendars import file_name_of
from ntgeo.reports.layers import RoutePaths, rounds_layers

__all__ = ["write_gpx", "write_path_gpx"]

_NAMESPACE: Final = "http://www.topografix.com/GPX/1/1"
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECIMALS: Final = 6
"""A tenth of a metre."""


def write_gpx(
    folder: Path,
    problem: RoutingProblem,
    plan: RoutePlan,
    paths: RoutePaths | None = None,
    *,
    place_lines: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """Write a ``.gpx`` file a round into ``folder`` and return them in order of shift.

    They tell where people are visited and when: for the staff who go there, and nobody else.

    Args:
        folder: Made where it is not there.
        problem: The question.
        plan: Its answer.
        paths: The way to each stop; see ``rounds_layers``.
        place_lines: Place id → where it is, in words.
    """
    layers = rounds_layers(problem, plan, paths)
    routes, stops = layers["routes"].to_crs(WGS84), layers["stops"].to_crs(WGS84)
    written = []
    for shift, line in zip(routes["shift_id"], routes.geometry, strict=True):
        path = folder / f"{file_name_of(shift)}.gpx"
        own = stops[stops["shift_id"] == shift]
        root = _document(problem.day, shift, own, np.array(line.coords), place_lines or {})
        ET.indent(root)
        content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        write_bytes(path, content + b"\n")
        written.append(path)
    return tuple(written)


def _document(
    day: date,
    shift: str,
    stops: gpd.GeoDataFrame,
    way: np.ndarray,
    place_lines: Mapping[str, str],
) -> ET.Element:
    root = _empty_document()
    for stop, point in zip(stops.to_dict("records"), stops.geometry, strict=True):
        element = ET.SubElement(root, "wpt", _position(point.x, point.y))
        at = moment(day, round(stop["begin_s"])).astimezone(UTC)
        _add(element, "time", f"{at:%Y-%m-%dT%H:%M:%SZ}")
        _add(element, "name", _stop_name(stop))
        _add(element, "cmt", _stop_comment(stop, place_lines))
        _add(element, "type", str(stop["kind"]))
    _add_track(root, f"Shift {shift}", way)
    return root


def write_path_gpx(path: Path, xy_m: np.ndarray, steps: Sequence[PathStep], *, epsg: int) -> None:
    """Write one way as a track, and its instructions as the points of a route.

    Args:
        path: Ends in ``.gpx``.
        xy_m: (points, 2) the way.
        steps: How to go.
        epsg: CRS of all coordinates.
    """
    places = np.array([(s.location.easting_m, s.location.northing_m) for s in steps], float)
    both = gpd.GeoSeries.from_xy(*np.vstack([places.reshape(-1, 2), xy_m]).T, crs=epsg).to_crs(
        WGS84
    )
    lon_lat = np.column_stack([both.x, both.y])
    root = _empty_document()
    route = ET.SubElement(root, "rte")
    for step, (longitude, latitude) in zip(steps, lon_lat[: len(steps)], strict=True):
        point = ET.SubElement(route, "rtept", _position(longitude, latitude))
        _add(point, "name", step.text)
    _add_track(root, "Way", lon_lat[len(steps) :])
    ET.indent(root)
    write_bytes(path, ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _empty_document() -> ET.Element:
    return ET.Element("gpx", {"version": "1.1", "creator": "ntgeo", "xmlns": _NAMESPACE})


def _add_track(root: ET.Element, name: str, way: np.ndarray) -> None:
    track = ET.SubElement(root, "trk")
    _add(track, "name", name)
    segment = ET.SubElement(track, "trkseg")
    for longitude, latitude in way[:, :2]:
        ET.SubElement(segment, "trkpt", _position(longitude, latitude))


def _position(longitude: float, latitude: float) -> dict[str, str]:
    return {"lat": f"{latitude:.{_DECIMALS}f}", "lon": f"{longitude:.{_DECIMALS}f}"}


def _stop_name(stop: Mapping[str, object]) -> str:
    if not pd.isna(stop["visit_number"]):  # type: ignore[call-overload]
        return f"{stop['visit_number']}. {stop['place_id']}"
    return f"{str(stop['kind']).capitalize()} {stop['place_id']}"


def _stop_comment(stop: Mapping[str, object], place_lines: Mapping[str, str]) -> str:
    told = [place_lines.get(str(stop["place_id"]), ""), f"begin {stop['begin']}"]
    if stop["with_staff"]:
        told.append(f"with {stop['with_staff']}")
    if stop["window"]:
        told.append(begin_clause(str(stop["window"])))
    told.append(str(stop["links"]))
    return "; ".join(text for text in told if text)


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _CONTROLS.sub(" ", text)
