"""The road command that tells the way from one place to another."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Mode
from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.domain.units import METRES_PER_KILOMETRE, SECONDS_PER_MINUTE
from ntgeo.errors import Fault, InputError

if TYPE_CHECKING:
    from ntgeo.services.find_path import FoundPath

__all__ = ["add_to"]

_COORDINATES = 2
_MOST_DEGREES = 180

NetworkFile = Annotated[
    Path,
    typer.Argument(
        help="OSM .osm.pbf, Overpass .json, osmnx .graphml or .gpkg of links.", metavar="NETWORK"
    ),
]
From = Annotated[str, typer.Option("--from", help="Easting,northing in metres.")]
To = Annotated[str, typer.Option("--to", help="The same.")]
GpxFile = Annotated[Path | None, typer.Option("--gpx", help="Write the way as a .gpx track too.")]


def add_to(app: typer.Typer) -> None:
    """Add the command of this file to ``app``."""
    app.command()(path)


def path(
    network: NetworkFile,
    *,
    start: From,
    end: To,
    mode: Mode = TravelMode.CAR,
    gpx: GpxFile = None,
    as_json: AsJson = False,
) -> None:
    """Tell the fastest way from one place to another, street by street."""
    from ntgeo.reports.gpx import write_path_gpx  # noqa: PLC0415 - loads table libraries
    from ntgeo.services.find_path import find_path  # noqa: PLC0415 - loads road libraries

    places = _location("--from", start), _location("--to", end)
    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        found = find_path(network, *places, mode=mode, progress=progress)
    if gpx is not None:
        write_path_gpx(gpx, found.path.xy_m, found.path.steps, epsg=found.epsg)
    if as_json:
        print_json(_as_json(found, mode))
        return
    for number, step in enumerate(found.path.steps, start=1):
        say(f"{number:>3}. {step.text} ({_length(step.distance_m)})")
    told = f"{found.path.time_s / SECONDS_PER_MINUTE:.1f} minutes by {mode}"
    say(f"\n{_length(found.path.distance_m)}, {told}" + (f": {gpx}" if gpx else ""))


def _location(option: str, text: str) -> Location:
    """Read ``easting,northing``."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    fix = "give easting,northing in metres, such as 545000,258000"
    if len(numbers) != _COORDINATES or not all(map(math.isfinite, numbers)):
        what = "this is no pair of coordinates"
        raise InputError(Fault(file=option, value=text, what=what, fix=fix, code="coordinates"))
    if max(map(abs, numbers)) <= _MOST_DEGREES:
        what = "this looks like degrees, not metres"
        raise InputError(Fault(file=option, value=text, what=what, fix=fix, code="coordinates"))
    return Location(easting_m=numbers[0], northing_m=numbers[1])


def _length(metres: float) -> str:
    if metres < METRES_PER_KILOMETRE:
        return f"{metres:,.0f} m"
    return f"{metres / METRES_PER_KILOMETRE:,.1f} km"


def _as_json(found: FoundPath, mode: TravelMode) -> dict[str, object]:
    way = found.path
    return {
        "mode": mode.value,
        "time_s": way.time_s,
        "distance_m": way.distance_m,
        "epsg": found.epsg,
        "steps": [
            {
                "text": step.text,
                "distance_m": round(step.distance_m, 2),
                "time_s": round(step.time_s, 3),
                "bearing_deg": round(step.bearing_deg % 360, 1),
                "easting_m": round(step.location.easting_m, 2),
                "northing_m": round(step.location.northing_m, 2),
            }
            for step in way.steps
        ],
        "xy_m": way.xy_m.round(2).tolist(),
    }
