"""Write the sample: the one verb of this room."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.polygon import orient

from ntgeo.files import write_text
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.sample.addresses import Addresses, build_addresses
from ntgeo.sample.areas import AREAS, Areas, Blocks, build_areas, build_blocks
from ntgeo.sample.deprivation import DOMAINS, Deprivation, build_deprivation
from ntgeo.sample.ground import BOROUGH, Floats, to_lon_lat
from ntgeo.sample.osm import write_roads
from ntgeo.sample.people import build_population, distance_to_sea_m
from ntgeo.sample.postcodes import build_postcodes
from ntgeo.sample.records import RECORDS, RECORDS_AT_FULL_SCALE, build_records, write_records
from ntgeo.sample.sites import SITE_COLUMNS, Site, build_sites
from ntgeo.sample.streams import Part, stream
from ntgeo.sample.tables import write_csv
from ntgeo.sample.town import Town, build_town
from ntgeo.sample.use import distances_m, expected_use
from ntgeo.sample.visits import (
    DEPOT_COLUMNS,
    LINK_COLUMNS,
    SHIFT_COLUMNS,
    VISIT_COLUMNS,
    build_depots,
    build_shifts,
    build_visits,
)

__all__ = ["DISTRICT_CODE", "SEED", "Borough", "build_borough", "write_sample"]

SEED: Final = 22
DISTRICT_CODE: Final = "X08000001"
_NOTE: Final = "Synthetic sample made by ntgeo. No such place, and no such people, exist."


@dataclass(frozen=True, slots=True, kw_only=True)
class Borough:
    """The town with its people, before any service is used."""

    town: Town
    blocks: Blocks
    areas: Areas
    addresses: Addresses
    centroids: Floats
    population: npt.NDArray[np.int64]
    deprivation: dict[str, Deprivation]
    sites: list[Site]


def build_borough(seed: int = SEED) -> Borough:
    """Return the borough of a seed."""
    town = build_town(seed)
    blocks = build_blocks(town, stream(seed, Part.AREAS))
    areas = build_areas(blocks)
    addresses = build_addresses(town.network, blocks, areas)
    centroids = addresses.centroids(AREAS)
    to_sea_m = distance_to_sea_m(centroids, shapely.get_coordinates(town.ground.coast))
    return Borough(
        town=town,
        blocks=blocks,
        areas=areas,
        addresses=addresses,
        centroids=centroids,
        population=build_population(areas, blocks, centroids, to_sea_m, seed),
        deprivation=build_deprivation(centroids, seed),
        sites=build_sites(addresses, areas, blocks.bank, seed),
    )


def write_sample(
    folder: Path, *, seed: int = SEED, full_scale: bool = False, progress: Progress = SILENT
) -> tuple[Path, ...]:
    """Write the synthetic borough, byte for byte the same for a seed.

    Args:
        folder: Where; made if it is not there. Files of the same names are replaced.
        seed: Of all chance.
        full_scale: Two million service records instead of twelve thousand; all other files are
            the same.
        progress: Told of each stage.

    Returns:
        The files written.

    Raises:
        CancelledError: The user stopped; no half-written file is left.
    """
    progress.stage("building the synthetic borough")
    borough = build_borough(seed)
    raise_if_cancelled(progress)
    progress.stage("writing its tables")
    paths = [
        _write_areas(borough.areas, folder / "areas.geojson"),
        *_write_people(borough, folder),
        *_write_services(borough, folder, seed),
        folder / "roads.osm.pbf",
    ]
    write_roads(borough.town, paths[-1])
    raise_if_cancelled(progress)
    progress.stage("building service records")
    rng = stream(seed, Part.RECORDS)
    away_m = distances_m(borough.town.network, borough.addresses, borough.sites)
    use = expected_use(borough.population, borough.deprivation["IMD"], away_m, rng)
    total = RECORDS_AT_FULL_SCALE if full_scale else RECORDS
    records = build_records(use, borough.population, borough.areas.codes, rng, total=total)
    paths.append(folder / "records.csv")
    write_records(records, paths[-1], progress)
    return tuple(paths)


def _write_areas(areas: Areas, path: Path) -> Path:
    """Write the areas as GeoJSON (RFC 7946: longitude and latitude, rings anticlockwise)."""
    features = []
    for number, shape in enumerate(areas.shapes):
        about = {
            "LSOA21CD": areas.codes[number],
            "LSOA21NM": areas.names[number],
            "WD24CD": areas.ward_codes[number],
            "WD24NM": areas.ward_names[number],
            "LAD24CD": DISTRICT_CODE,
            "LAD24NM": BOROUGH,
            "synthetic": True,
        }
        geometry = {"type": "Polygon", "coordinates": _rings(shape)}
        feature = {"type": "Feature", "properties": about, "geometry": geometry}
        features.append(json.dumps(feature, separators=(",", ":")))
    head = f'"type":"FeatureCollection","name":"{BOROUGH}","note":"{_NOTE}"'
    write_text(path, "{" + head + ',"features":[\n' + ",\n".join(features) + "\n]}\n")
    return path


def _rings(shape: Any) -> list[list[list[float]]]:
    turned = orient(shape)
    return [
        to_lon_lat(shapely.get_coordinates(ring)).tolist()
        for ring in (turned.exterior, *turned.interiors)
    ]


def _write_people(borough: Borough, folder: Path) -> list[Path]:
    areas = borough.areas
    names = ("population.csv", "deprivation.csv", "centroids.csv")
    population, deprivation, centroids = (folder / name for name in names)
    ages = [*map(str, range(90)), "90+"]
    write_csv(
        population,
        ["LSOA21CD", "LSOA21NM", "Total", *ages],
        [
            (code, name, sum(row), *row)
            for code, name, row in zip(
                areas.codes, areas.names, borough.population.tolist(), strict=True
            )
        ],
    )
    columns, cells = _deprivation_columns(borough.deprivation)
    write_csv(
        deprivation,
        ["lsoa21_code", "lsoa21_name", *columns],
        [
            (code, name, *(column[k] for column in cells))
            for k, (code, name) in enumerate(zip(areas.codes, areas.names, strict=True))
        ],
    )
    write_csv(
        centroids,
        ["LSOA21CD", "easting", "northing"],
        [(code, *spot) for code, spot in zip(areas.codes, borough.centroids.tolist(), strict=True)],
    )
    return [population, deprivation, centroids]


def _deprivation_columns(
    deprivation: dict[str, Deprivation],
) -> tuple[list[str], list[Sequence[object]]]:
    columns: list[str] = []
    cells: list[Sequence[object]] = []
    for name in ("IMD", *DOMAINS, "IDACI", "IDAOPI"):
        found = deprivation[name]
        columns += [f"{name}_score", f"{name}_rank", f"{name}_decile"]
        cells += [found.score.tolist(), found.rank.tolist(), found.decile.tolist()]
    return columns, cells


def _write_services(borough: Borough, folder: Path, seed: int) -> list[Path]:
    addresses, areas = borough.addresses, borough.areas
    visits, links = build_visits(borough.town.network, addresses, seed)
    tables: dict[str, tuple[Sequence[str], list[tuple[Any, ...]]]] = {
        "postcodes.csv": (
            ("postcode", "easting", "northing", "lsoa21_code"),
            list(build_postcodes(addresses, areas, seed)),
        ),
        "sites.csv": (SITE_COLUMNS, [site.row(addresses) for site in borough.sites]),
        "depots.csv": (DEPOT_COLUMNS, build_depots(addresses)),
        "shifts.csv": (SHIFT_COLUMNS, build_shifts()),
        "visits.csv": (VISIT_COLUMNS, visits),
        "links.csv": (LINK_COLUMNS, links),
    }
    for name, (headings, rows) in tables.items():
        write_csv(folder / name, headings, rows)
    return [folder / name for name in tables]
