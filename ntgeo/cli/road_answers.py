"""Road commands that answer a question about places: access, matrix."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Mode, Scheduler
from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.errors import Fault, InputError, first_five
from ntgeo.settings import Settings

if TYPE_CHECKING:
    from ntgeo.roads import AccessCounts

__all__ = ["Minutes", "Mode", "Network", "Origins", "Workers", "add_to", "limits_of"]

_MOST_MINUTES = 24 * 60

Network = Annotated[
    Path, typer.Option(help="OSM .osm.pbf, Overpass .json, osmnx .graphml or .gpkg of links.")
]
Origins = Annotated[
    Path,
    typer.Argument(
        help="CSV or XLSX with id, and easting and northing or lon and lat.", metavar="ORIGINS"
    ),
]
Destinations = Annotated[Path, typer.Argument(help="The same.", metavar="DESTINATIONS")]
Minutes = Annotated[str, typer.Option(help="Minutes, such as 10 or 5,10,20.")]
Weight = Annotated[
    str | None, typer.Option(help="Heading of what a destination counts for, such as its places.")
]
OutFile = Annotated[Path | None, typer.Option("--out", help="Write to this CSV file instead.")]
MatrixOut = Annotated[
    Path, typer.Option("--out", help="A .csv file, or a new folder for a matrix of any size.")
]
DepartsAt = Annotated[
    datetime | None,
    typer.Option(formats=["%H:%M"], help="Local time whose traffic is met, such as 08:30."),
]
Workers = Annotated[int, typer.Option(min=1, help="Threads.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file to ``app``."""
    app.command()(access)
    app.command()(matrix)


def access(  # noqa: PLR0913 - each is an option of the command
    origins: Origins,
    destinations: Destinations,
    *,
    network: Network,
    minutes: Minutes = "15",
    mode: Mode = TravelMode.CAR,
    weight: Weight = None,
    out: OutFile = None,
    workers: Workers = 1,
    as_json: AsJson = False,
) -> None:
    """Count the places within reach of each origin, and tell the nearest."""
    from ntgeo.services.count_access import count_access  # noqa: PLC0415 - loads road libraries

    limits_s = limits_of(minutes)
    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        found = count_access(
            network,
            origins,
            destinations,
            limits_s,
            mode=mode,
            weight=weight,
            workers=workers,
            progress=progress,
        )
    _tell_access(found, out, as_json=as_json)


def matrix(  # noqa: PLR0913 - each is an option of the command
    origins: Origins,
    destinations: Destinations,
    *,
    network: Network,
    out: MatrixOut,
    mode: Mode = TravelMode.CAR,
    departs_at: DepartsAt = None,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Write the travel times and distances between all pairs, of any number."""
    from ntgeo.services.write_matrix import write_matrix  # noqa: PLC0415 - loads road libraries

    settings = Settings.from_environment(Path())
    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        shape = write_matrix(
            network,
            origins,
            destinations,
            out,
            replace(settings, scheduler=scheduler or settings.scheduler),
            mode=mode,
            departs_at=None if departs_at is None else departs_at.time(),
            progress=progress,
        )
    if as_json:
        print_json({"origins": shape[0], "destinations": shape[1], "out": str(out)})
    else:
        say(f"{shape[0]:,} × {shape[1]:,} travel times by {mode}: {out}")


def limits_of(minutes: str) -> list[float]:
    """Read minutes, separated by commas, as seconds in ascending order."""
    limits_s = []
    for text in minutes.split(","):
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 < number <= _MOST_MINUTES:
            what = f"minutes must be above 0 and at most {_MOST_MINUTES:,}"
            fix = "give minutes such as 10 or 5,10,20"
            raise InputError(
                Fault(file="--minutes", value=text, what=what, fix=fix, code="minutes")
            )
        limits_s.append(number * SECONDS_PER_MINUTE)
    return sorted(set(limits_s))


def _tell_access(found: AccessCounts, out: Path | None, *, as_json: bool) -> None:
    from ntgeo.reports.access_tables import access_table  # noqa: PLC0415 - loads table libraries
    from ntgeo.reports.exports import write_csv_table  # noqa: PLC0415 - as above

    table = access_table(
        found.origins,
        found.limits_s,
        (found.counts, found.weights),
        (found.nearest.nearest, found.nearest_s),
    )
    if out is not None:
        write_csv_table(out, table)
    if as_json:
        facts = {"mode": found.nearest.mode.value, "method": found.nearest.method}
        rows = {} if out is not None else {"access": json.loads(table.to_json(orient="records"))}
        print_json({**facts, "origins": len(found.origins), **rows})
    elif out is None:
        typer.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    else:
        for sentence in _access_sentences(found):
            say(sentence)
        say(f"All {len(table):,} rows: {out}")


def _access_sentences(found: AccessCounts) -> list[str]:
    count = len(found.origins)
    told = [
        f"Within {limit_s / SECONDS_PER_MINUTE:g} minutes {int((reached > 0).sum()):,} of "
        f"{count:,} origins reach a destination; the median reaches {np.median(reached):g}."
        for limit_s, reached in zip(found.limits_s, found.counts.T, strict=True)
    ]
    seconds = found.nearest_s
    is_reached = np.isfinite(seconds)
    if is_reached.any():
        farthest = int(np.nanargmax(seconds))
        told.append(
            f"The nearest is {np.median(seconds[is_reached]) / SECONDS_PER_MINUTE:.1f} minutes off "
            f"in the median, and {seconds[farthest] / SECONDS_PER_MINUTE:.1f} at most "
            f"({found.origins[farthest]})."
        )
    without = [found.origins[row] for row in np.flatnonzero(~is_reached).tolist()]
    if without:
        told.append(f"No destination is reached from {first_five(without)}.")
    return told
