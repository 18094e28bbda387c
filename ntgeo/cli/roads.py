"""Road commands: ``ntgeo roads …``."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntgeo.cli import road_answers, road_areas, road_path
from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, Mode, ScenarioFile, opened_workspace
from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.run import RunOutcome
from ntgeo.domain.units import LONDON

if TYPE_CHECKING:
    from ntgeo.roads import NetworkChecks

__all__ = ["roads_app"]

roads_app = typer.Typer(
    name="roads",
    help="Road networks: fetch, check, change and calibrate them, and ask them about places.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
road_answers.add_to(roads_app)
road_areas.add_to(roads_app)
road_path.add_to(roads_app)

NetworkFile = Annotated[
    Path,
    typer.Argument(
        help="OSM .osm.pbf, Overpass .json, osmnx .graphml or a .gpkg of links.", metavar="NETWORK"
    ),
]
AreaFile = Annotated[
    Path | None, typer.Option(help="The boundary to cover: .geojson, .gpkg or .shp.")
]

Layer = Annotated[str | None, typer.Option(help="Layer of a GeoPackage that has several.")]
Ferries = Annotated[bool, typer.Option("--ferries", help="Ferries may be taken, after a wait.")]
Boundary = Annotated[
    str,
    typer.Argument(
        help="A .geojson, .gpkg or .shp file, or west,south,east,north.", metavar="BOUNDARY"
    ),
]
OutFile = Annotated[Path, typer.Option("--out", "-o", help="The .json file to write.")]
TableFile = Annotated[Path | None, typer.Option("--out", help="Write every area to this CSV file.")]
LinksFile = Annotated[Path, typer.Option("--out", "-o", help="The .gpkg file to write.")]
Buffer = Annotated[float, typer.Option(help="Roads this far outside are fetched too.")]
Server = Annotated[str | None, typer.Option("--overpass", help="The Overpass server to ask.")]
Again = Annotated[bool, typer.Option("--again", help="Ask even if the answer was kept.")]


ObservedFile = Annotated[
    Path, typer.Argument(help="Journeys, CSV or XLSX; see the README.", metavar="OBSERVED")
]
SpeedsFile = Annotated[
    Path | None, typer.Option(help="Speeds to start from; ntgeo's own unless given.")
]
FittedFile = Annotated[
    Path | None, typer.Option("--out", help="Write the fitted speeds to this .toml file.")
]


# A box west of Greenwich starts with a minus, which is not to be taken for an option.
@roads_app.command(context_settings={"ignore_unknown_options": True})
def download(  # noqa: PLR0913 - each is an option of the command
    boundary: Boundary,
    out: OutFile,
    folder: Folder = Path(),
    buffer_m: Buffer = 2000.0,
    overpass: Server = None,
    *,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Fetch the roads of a boundary from OpenStreetMap, once; the answer is kept."""
    from ntgeo.roads.files.download import OVERPASS_URL, Overpass  # noqa: PLC0415 - loads road libraries
    from ntgeo.services.download_roads import download_roads  # noqa: PLC0415 - as above
    from ntgeo.settings import Settings  # noqa: PLC0415 - as above

    cache_folder = Settings.from_environment(folder).cache_folder
    url = overpass or OVERPASS_URL
    server = Overpass(cache_folder=cache_folder, url=url, asks_again=again)
    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        done = download_roads(boundary, out, server, buffer_m=buffer_m, progress=progress)
    if as_json:
        print_json({**asdict(done), "file": str(done.file)})
    else:
        say(
            f"{done.ways:,} roads and ferries and {done.restrictions:,} turn restrictions, dated "
            f"{done.dated[:10] or 'unknown'}: {done.file} (© OpenStreetMap contributors, ODbL 1.0)"
        )


@roads_app.command()
def check(
    network: NetworkFile,
    mode: Mode = TravelMode.CAR,
    area: AreaFile = None,
    layer: Layer = None,
    *,
    ferries: Ferries = False,
    as_json: AsJson = False,
) -> None:
    """Tell what to know of a road file before trusting it; 1 if something needs a look."""
    from ntgeo.services.check_roads import check_roads  # noqa: PLC0415 - loads road libraries

    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        today = datetime.now(LONDON).date()
        checks = check_roads(
            network,
            mode=mode,
            today=today,
            area=area,
            layer=layer,
            ferries=ferries,
            progress=progress,
        )
    if as_json:
        print_json({"needs_look": checks.needs_look, **asdict(checks)})
    else:
        _show_checks(network.name, mode, checks)
    needs_look = RunOutcome.DONE_WITH_UNSERVED if checks.needs_look else RunOutcome.DONE
    raise typer.Exit(int(needs_look))


@roads_app.command()
def links(
    network: NetworkFile,
    out: LinksFile,
    mode: Mode = TravelMode.CAR,
    layer: Layer = None,
    *,
    ferries: Ferries = False,
) -> None:
    """Write the links that a mode may use, with their times, as a layer for QGIS."""
    from ntgeo.roads import read_roads, write_links  # noqa: PLC0415 - loads road libraries

    progress = TerminalProgress()
    with cancelled_by_ctrl_c(progress):
        roads = read_roads(network, mode=mode, layer=layer, ferries=ferries, progress=progress)
        write_links(roads, out)
    say(f"{roads.link_count:,} links by {mode}, layer links: {out}")


@roads_app.command()
def calibrate(
    network: NetworkFile,
    observed: ObservedFile,
    mode: Mode = TravelMode.CAR,
    speeds: SpeedsFile = None,
    out: FittedFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Fit speeds to observed journeys, and tell how well they foretell others."""
    from ntgeo.cli.speed_fit import fit_facts, show_fit  # noqa: PLC0415 - as the next
    from ntgeo.roads.speeds import SPEEDS_FILE  # noqa: PLC0415 - loads road libraries
    from ntgeo.services.calibrate_speeds import calibrate_speeds  # noqa: PLC0415 - as above

    progress = TerminalProgress(quiet=as_json)
    with cancelled_by_ctrl_c(progress):
        base = speeds or SPEEDS_FILE
        fit = calibrate_speeds(
            network, observed, mode=mode, speeds_file=base, out=out, progress=progress
        )
    if as_json:
        print_json({**fit_facts(fit), "file": None if out is None else str(out)})
        return
    show_fit(fit)
    if out is not None:
        say(f'\nSpeeds: {out}; a scenario uses them by speeds = "…" under [roads].')


def _show_checks(file: str, mode: TravelMode, checks: NetworkChecks) -> None:
    age = "" if checks.age_days is None else f", {checks.age_days:,} days old"
    rows = [
        ("Roads", f"{file}, by {mode}{age}"),
        (
            "Size",
            f"{checks.length_km:,.0f} km, {checks.links:,} links, {checks.junctions:,} points",
        ),
        ("Connected", f"{checks.connected_share:.1%} of the length"),
        ("One-way", f"{checks.one_way_share:.1%} of the length"),
        *((f"No {gap.tag}", f"{gap.share:.1%} of the length") for gap in checks.tag_gaps),
        ("Classes", ", ".join(f"{name} {km:,.0f} km" for name, km in checks.class_km.items())),
    ]
    if checks.far_share is not None:
        rows.append(("Area covered", f"{1 - checks.far_share:.1%} within 1 km of a road"))
    for label, told in rows:
        say(f"{label + ':':<14}{told}")
    say("")
    for finding in sorted(checks.findings, key=lambda finding: not finding.needs_look):
        where = f" See {', '.join(finding.osm_ids)}." if finding.osm_ids else ""
        say(f"{'Look' if finding.needs_look else 'Note'}: {finding.text}{where}")
    if not checks.needs_look:
        say("Nothing needs a look.")


@roads_app.command()
def whatif(
    scenario: ScenarioFile,
    folder: Folder = Path(),
    out: TableFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare journeys with and without a scenario's changes of roads; 1 if areas are cut off."""
    from ntgeo.reports.exports import write_csv_table  # noqa: PLC0415 - loads table libraries

    with opened_workspace(folder, is_quiet=as_json) as workspace:
        found = workspace.whatif(scenario)
    if out is not None:
        write_csv_table(out, found.areas)
    if as_json:
        print_json(
            {
                "assumptions": list(found.assumptions),
                "sentences": list(found.sentences),
                **_finite(asdict(found.effect)),
                "prepare_s": found.prepare_s,
                "change_s": found.change_s,
                "areas": json.loads(found.areas.to_json(orient="records")),
            }
        )
    else:
        for sentence in (*found.assumptions, *found.sentences):
            say(f"• {sentence}")
        where = "--out FILE.csv writes every area" if out is None else f"Every area: {out}"
        say(
            f"\nThe roads were changed and prepared again in {found.change_s:.2f} s; preparing "
            f"them at first took {found.prepare_s:.2f} s.\n{where}."
        )
    is_short = found.effect.cut_off > 0
    raise typer.Exit(int(RunOutcome.DONE_WITH_UNSERVED if is_short else RunOutcome.DONE))


def _finite(figures: dict[str, Any]) -> dict[str, Any]:
    """Return figures with null for what is not a number, as JSON has it."""
    return {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in figures.items()
    }
