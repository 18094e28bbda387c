"""Road commands that draw areas: reach and catchments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Mode
from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.cli.road_answers import Minutes, Network, Origins, Workers, limits_of
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import METRES_PER_KILOMETRE, SECONDS_PER_MINUTE

__all__ = ["add_to"]

OutFile = Annotated[Path, typer.Option("--out", help="The .gpkg file to write.")]
Facilities = Annotated[
    Path,
    typer.Argument(
        help="CSV or XLSX with id, and easting and northing or lon and lat.", metavar="FACILITIES"
    ),
]
Limit = Annotated[str | None, typer.Option("--minutes", help="Roads farther off are nobody's.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    for command in (reach, catchments):
        app.command()(command)


def reach(  # noqa: PLR0913 - each is an option of the command
    origins: Origins,
    *,
    network: Network,
    out: OutFile,
    minutes: Minutes = "15",
    mode: Mode = TravelMode.CAR,
    workers: Workers = 1,
    as_json: AsJson = False,
) -> None:
    """Draw how far one gets from each origin, and from all of them, as a GeoPackage."""
    from ntgeo.services.draw_areas import draw_reach  # noqa: PLC0415 - loads road libraries

    limits_s = limits_of(minutes)
    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        areas_km2 = draw_reach(
            network, origins, limits_s, out, mode=mode, workers=workers, progress=progress
        )
    told = [limit_s / SECONDS_PER_MINUTE for limit_s in limits_s]
    if as_json:
        bands = [
            {"minutes": limit, "more_km2": area}
            for limit, area in zip(told, areas_km2, strict=True)
        ]
        print_json({"file": str(out), "mode": mode.value, "bands": bands})
        return
    for number, limit in enumerate(told, start=1):
        say(f"Within {limit:g} minutes by {mode}: {sum(areas_km2[:number]):,.1f} km²")
    say(f"Layers reach and bands: {out}")


def catchments(
    facilities: Facilities,
    *,
    network: Network,
    out: OutFile,
    minutes: Limit = None,
    mode: Mode = TravelMode.CAR,
    as_json: AsJson = False,
) -> None:
    """Draw the catchment of each facility: where it is the nearest by time."""
    from ntgeo.services.draw_areas import draw_catchments  # noqa: PLC0415 - loads road libraries

    limit_s = None if minutes is None else limits_of(minutes)[-1]
    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        road_m = draw_catchments(
            network, facilities, out, mode=mode, limit_s=limit_s, progress=progress
        )
    if as_json:
        print_json({"file": str(out), "mode": mode.value, "road_m": road_m})
        return
    for facility, metres in road_m.items():
        say(f"{facility}: {metres / METRES_PER_KILOMETRE:,.1f} km of road")
    say(f"Layer catchments: {out}")
