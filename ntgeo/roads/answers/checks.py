"""What to know of a road network before trusting it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.loose_parts import LooseParts, find_loose_parts
from ntgeo.roads.tag_gaps import TagGap

__all__ = [
    "Finding",
    "NetworkChecks",
    "check_network",
    "days_too_old",
    "uncovered_share",
]

Floats = npt.NDArray[np.float64]

_CONNECTED_ENOUGH: Final = 0.90
_COVERED_ENOUGH: Final = 0.02
_FEW_LOOSE: Final = 0.02
_ABSURD_KPH: Final = 130.0
_OLD_DAYS: Final = 365
_FAR_M: Final = 1000.0
_SAMPLES_A_SIDE: Final = 60
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found.

    Args:
        text: As a sentence.
        needs_look: Whether an analyst should look before using the network; else it is a note.
        osm_ids: The first five of the worst cases, such as ``"way/123"``, as on the OSM website.
    """

    text: str
    needs_look: bool
    osm_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkChecks:
    """Counts and shares of a network.

    Args:
        junctions: How many.
        links: How many.
        length_km: Of all links.
        class_km: Length by road class, the longest first.
        connected_share: Of the length, joined to the largest part, in one direction at least.
        one_way_share: Of the length, one-way.
        traps: Junctions that can be reached from that part, but not left for it.
        sources: Junctions that can be left for that part, but not reached from it.
        islands: Junctions joined to that part in neither way.
        zero_length: Links of no length.
        absurdly_fast: Links on which one would move at more than 130 km/h.
        tag_gaps: Tags that roads lack, by share of length.
        dated: When the data left OSM; empty where unknown.
        age_days: How long ago that was; ``None`` where unknown or not asked.
        far_share: Of the area asked about, farther than 1 km from every road; ``None`` if none was.
        findings: What was found, as sentences.
    """

    junctions: int
    links: int
    length_km: float
    class_km: Mapping[str, float]
    connected_share: float
    one_way_share: float
    traps: int
    sources: int
    islands: int
    zero_length: int
    absurdly_fast: int
    tag_gaps: tuple[TagGap, ...]
    dated: str
    age_days: int | None
    far_share: float | None
    findings: tuple[Finding, ...]

    @property
    def needs_look(self) -> bool:
        """Whether any finding does."""
        return any(finding.needs_look for finding in self.findings)


def check_network(
    network: RoadNetwork,
    area: shapely.Polygon | shapely.MultiPolygon | None = None,
    *,
    today: date | None = None,
) -> NetworkChecks:
    """Check a network.

    Args:
        network: The roads.
        area: The area it should cover, in the network's CRS.
        today: To tell how old the data is.
    """
    length_m = shapely.length(network.lines)
    total_m = max(float(length_m.sum()), 1e-9)
    is_one_way = np.asarray((network.link_arcs < 0).any(axis=1), np.bool_)
    loose = find_loose_parts(network, length_m)
    fast = _fastest(network)
    zero = np.flatnonzero(length_m == 0)
    age_days = _age_days(network.dated, today)
    far_share = None if area is None else uncovered_share(network, area)
    return NetworkChecks(
        junctions=network.junction_count,
        links=network.link_count,
        length_km=total_m / 1000,
        class_km=_by_class(network, length_m),
        connected_share=loose.connected_share,
        one_way_share=float(length_m[is_one_way].sum()) / total_m,
        traps=loose.traps,
        sources=loose.sources,
        islands=loose.islands,
        zero_length=len(zero),
        absurdly_fast=len(fast),
        tag_gaps=network.tag_gaps,
        dated=network.dated,
        age_days=age_days,
        far_share=far_share,
        findings=(
            *_of_parts(loose, network.junction_count),
            *_of_links(network, zero, fast),
            *_of_age(network.dated, age_days),
            *_of_area(far_share),
            *(Finding(text=f"{note}.", needs_look=False) for note in network.notes),
        ),
    )


def _by_class(network: RoadNetwork, length_m: Floats) -> dict[str, float]:
    km = np.bincount(network.links.road_class, length_m, len(network.classes)) / 1000
    order = np.argsort(-km, kind="stable").tolist()
    return {network.classes[number]: float(km[number]) for number in order if km[number] > 0}


def _age_days(dated: str, today: date | None) -> int | None:
    try:
        return None if today is None else (today - date.fromisoformat(dated[:10])).days
    except ValueError:
        return None


def days_too_old(network: RoadNetwork, today: date) -> int | None:
    """Return how old roads are in days, if they are so old that they should be fetched again."""
    days = _age_days(network.dated, today)
    return days if days is not None and days > _OLD_DAYS else None


def _of_parts(loose: LooseParts, junctions: int) -> list[Finding]:
    told = []
    if loose.connected_share < _CONNECTED_ENOUGH:
        text = (
            f"Only {loose.connected_share:.0%} of the road length is connected; "
            "the extract may cut off a river crossing."
        )
        told.append(Finding(text=text, needs_look=True))
    for count, what, ways in (
        (loose.traps, "that can be reached but not left (one-way traps)", loose.trap_ways),
        (loose.sources, "that can be left but not reached (one-way)", loose.source_ways),
        (loose.islands, "on islands, joined to the other roads in neither way", loose.isles),
    ):
        if count:
            text = f"Junctions {what}: {count:,} of {junctions:,}."
            many = count > _FEW_LOOSE * junctions
            told.append(Finding(text=text, needs_look=many, osm_ids=_way_ids(ways)))
    return told


def _of_links(
    network: RoadNetwork, zero: npt.NDArray[np.int64], fast: npt.NDArray[np.int64]
) -> list[Finding]:
    told = []
    for links, what, needs_look in (
        (zero, "without length, which are kept and take no time", False),
        (fast, f"on which one would move at more than {_ABSURD_KPH:g} km/h", True),
    ):
        if len(links):
            ids = _way_ids(network.links.first_way[links[:_SHOWN]].tolist())
            text = f"Links {what}: {len(links):,} of {network.link_count:,}."
            told.append(Finding(text=text, needs_look=needs_look, osm_ids=ids))
    return told


def _way_ids(ways: list[int] | tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"way/{way}" for way in dict.fromkeys(ways) if way > 0)


def _of_age(dated: str, age_days: int | None) -> list[Finding]:
    if not dated:
        return [Finding(text="The file does not tell how old its data is.", needs_look=False)]
    if age_days is None or age_days <= _OLD_DAYS:
        return []
    text = f"The roads are dated {dated[:10]}, {age_days:,} days ago; fetch them again."
    return [Finding(text=text, needs_look=True)]


def _of_area(far_share: float | None) -> list[Finding]:
    if far_share is None or far_share <= _COVERED_ENOUGH:
        return []
    text = f"{far_share:.0%} of the area is more than {_FAR_M / 1000:g} km from a road."
    if far_share == 1:
        text = "The roads and the area do not overlap."
    return [Finding(text=text, needs_look=True)]


def _fastest(network: RoadNetwork) -> npt.NDArray[np.int64]:
    """Return the links that are absurdly fast, the fastest first."""
    arcs = network.arcs
    moving_ms = np.maximum(arcs.time_ms.astype(float) - arcs.delay_ms, 1e-9)
    kph = arcs.length_cm * 36.0 / moving_ms
    absurd = np.flatnonzero((kph > _ABSURD_KPH) & (arcs.length_cm > 0))
    links = arcs.link[absurd[np.argsort(-kph[absurd], kind="stable")]]
    return np.array(list(dict.fromkeys(links.tolist())), np.int64)


def uncovered_share(
    network: RoadNetwork, area: shapely.Polygon | shapely.MultiPolygon, far_m: float = _FAR_M
) -> float:
    """Return the share of an area farther than ``far_m`` from every road, by an even sample."""
    west, south, east, north = area.bounds
    x, y = np.meshgrid(
        np.linspace(west, east, _SAMPLES_A_SIDE), np.linspace(south, north, _SAMPLES_A_SIDE)
    )
    sample = shapely.points(x.ravel(), y.ravel())
    sample = sample[shapely.contains(area, sample)]
    if len(sample) == 0:
        sample = np.array([area.representative_point()])
    near = network.main_tree.query_nearest(sample, max_distance=far_m, all_matches=False)
    return 1.0 - len(np.unique(near[0])) / len(sample)
