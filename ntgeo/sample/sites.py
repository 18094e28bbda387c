"""Facilities of today, and buildings that might house one tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ntgeo.sample.addresses import Addresses
from ntgeo.sample.areas import Areas
from ntgeo.sample.ground import placed
from ntgeo.sample.network import Whole
from ntgeo.sample.streams import Part, stream

__all__ = ["SITE_COLUMNS", "Site", "build_sites"]

SITE_COLUMNS: Final = (
    "site_id", "name", "type", "status", "capacity", "fixed_cost_gbp", "zone", "attractiveness",
    "easting", "northing",
)  # fmt: skip

_EXISTING: Final[dict[str, tuple[tuple[str, float, float], ...]]] = {
    "library": (
        ("Central Library", 5720, 3990), ("Eastcliff Library", 7080, 4380),
        ("Bay Library", 6760, 5720), ("Beacon Hill Library", 5380, 6020),
        ("Priory Library", 4300, 4120), ("Westerhope Library", 2850, 4480),
        ("South Bank Library", 6000, 2640), ("Saltpans Library", 6900, 1420),
        ("Mill Lane Library", 5080, 1900),
    ),
    "family hub": (
        ("Castle Garth Family Hub", 5400, 4650), ("South Bank Family Hub", 6120, 2560),
        ("Western Family Hub", 3420, 4300), ("Bay Family Hub", 6720, 5600),
    ),
    "leisure centre": (
        ("Quayside Leisure Centre", 5880, 3680), ("Bay Leisure Centre", 6800, 6050),
        ("Western Leisure Centre", 3300, 4020), ("Ropewalk Leisure Centre", 5600, 2380),
    ),
    "advice centre": (
        ("Market Advice Centre", 5520, 3900), ("Westerhope Advice Centre", 2760, 4380),
    ),
}  # fmt: skip
_OTHER_PROVIDERS: Final[tuple[tuple[str, float, float], ...]] = (
    ("Harbour Books and Café", 6320, 3480), ("Bay Books and Café", 6600, 5480),
    ("Southgate Books and Café", 5480, 2240),
)  # fmt: skip
_BOOKSHOP: Final = "bookshop café"
_ZONES: Final = ("north bank", "south bank")
_ATTRACTIVENESS: Final = {"library": 1.6, "leisure centre": 1.4, "school": 0.8, _BOOKSHOP: 1.2}
"""Against 1 of the other kinds."""
_CAPACITY_AND_COST: Final = {
    "library": (18_000, 42_000, 180_000, 420_000),
    "family hub": (30_000, 55_000, 240_000, 420_000),
    "leisure centre": (40_000, 70_000, 900_000, 1_600_000),
    "advice centre": (60_000, 110_000, 150_000, 260_000),
    "school": (16_000, 30_000, 70_000, 140_000),
    "community centre": (20_000, 38_000, 95_000, 180_000),
    "health centre": (30_000, 55_000, 150_000, 260_000),
    _BOOKSHOP: (20_000, 30_000, 120_000, 160_000),
}
_RESIDENTS_PER_USE: Final = 50  # twelve thousand records stand for two hundred thousand residents
_CANDIDATES: Final = ("school",) * 20 + ("community centre",) * 12 + ("health centre",) * 8
_WORDS: Final = (
    "Abbey", "Anchor", "Ashgrove", "Bankside", "Beechfield", "Birchwood", "Brigham", "Cliffe",
    "Copperfield", "Crossgate", "Dunelm", "Edgewater", "Fairway", "Fernhill", "Foxholes",
    "Grangefield", "Greenacre", "Hallgarth", "Heathfield", "Highfield", "Holmside", "Kirkgate",
    "Langdale", "Lingfield", "Marshside", "Meadowbank", "Moorside", "Northgate", "Oakdene",
    "Parkway", "Ravensworth", "Riverside", "Seaview", "Southfield", "Stonebridge", "Thornhill",
    "Tideway", "Wellburn", "Westfield", "Woodlands",
)  # fmt: skip
_TITLES: Final = {
    "school": "Primary School",
    "community centre": "Community Centre",
    "health centre": "Health Centre",
}
_REQUIRED: Final = ("community centre", 2)
_EXCLUDED: Final = ("school", 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A row of the table of sites, and where its door meets the street."""

    site_id: str
    name: str
    kind: str
    status: str
    capacity: int
    fixed_cost_gbp: int
    zone: str
    address: int

    def row(self, addresses: Addresses) -> tuple[object, ...]:
        """Return the site as a row in the order of :data:`SITE_COLUMNS`."""
        easting, northing = addresses.spots[self.address].tolist()
        return (
            self.site_id, self.name, self.kind, self.status, self.capacity, self.fixed_cost_gbp,
            self.zone, _ATTRACTIVENESS.get(self.kind, 1.0), easting, northing,
        )  # fmt: skip


def build_sites(addresses: Addresses, areas: Areas, bank: Whole, seed: int) -> list[Site]:
    """Return existing facilities, candidate sites, two a ward, and other providers' places.

    Args:
        addresses: Where their doors may be.
        areas: For the wards.
        bank: Of each block: 0 north of the river, 1 south.
        seed: Of the borough.
    """
    rng = stream(seed, Part.SITES)
    places: list[tuple[str, str, str, int]] = []
    for kind, known in _EXISTING.items():
        for name, x, y in known:
            places.append((name, kind, "existing", _nearest(addresses, x, y)))
    places += _candidates(addresses, areas, rng)
    for name, x, y in _OTHER_PROVIDERS:
        places.append((name, _BOOKSHOP, "competitor", _nearest(addresses, x, y)))
    return [
        Site(
            site_id=f"S{number:03d}",
            name=name,
            kind=kind,
            status=status,
            capacity=_between(rng, *_CAPACITY_AND_COST[kind][:2]) // _RESIDENTS_PER_USE,
            fixed_cost_gbp=_between(rng, *_CAPACITY_AND_COST[kind][2:]),
            zone=_ZONES[int(bank[addresses.block[address]])],
            address=address,
        )
        for number, (name, kind, status, address) in enumerate(places, start=1)
    ]


def _nearest(addresses: Addresses, x: float, y: float) -> int:
    """Return the address nearest to a place."""
    return int(np.hypot(*(addresses.spots - placed([(x, y)])[0]).T).argmin())


def _between(rng: np.random.Generator, least: int, most: int) -> int:
    return round(rng.uniform(least, most) / 1000) * 1000


def _candidates(
    addresses: Addresses, areas: Areas, rng: np.random.Generator
) -> list[tuple[str, str, str, int]]:
    kinds = np.array(_CANDIDATES)[rng.permutation(len(_CANDIDATES))].tolist()
    words = np.array(_WORDS)[rng.permutation(len(_WORDS))].tolist()
    wards = sorted(set(areas.ward_codes))
    of_area = np.array([wards.index(code) for code in areas.ward_codes])
    found: list[tuple[str, str, str, int]] = []
    for ward in range(len(wards)):
        own = np.flatnonzero(of_area == ward)
        for area in own[rng.permutation(len(own))[:2]].tolist():
            here = np.flatnonzero((addresses.area == area) & (addresses.people > 1))
            kind, word = kinds[len(found)], words[len(found)]
            count = sum(other[1] == kind for other in found)
            status = {_REQUIRED: "required", _EXCLUDED: "excluded"}.get((kind, count), "candidate")
            spot = int(here[rng.integers(len(here))])
            found.append((f"{word} {_TITLES[kind]}", kind, status, spot))
    return sorted(found, key=lambda site: (-_CANDIDATES.count(site[1]), site[0]))
