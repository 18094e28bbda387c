"""Postcodes of an area, XN, that the postal service has never given out."""

from __future__ import annotations

from typing import Final

import numpy as np

from ntgeo.sample.addresses import Addresses
from ntgeo.sample.areas import Areas
from ntgeo.sample.streams import Part, stream

__all__ = ["POSTCODES", "build_postcodes"]

POSTCODES: Final = 2_500
_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"
_IN_A_SECTOR: Final = 60


def build_postcodes(
    addresses: Addresses, areas: Areas, seed: int
) -> list[tuple[str, float, float, str]]:
    """Return postcode, easting, northing and area of each, in order of postcode."""
    rng = stream(seed, Part.POSTCODES)
    share = addresses.people / addresses.people.sum()
    chosen = rng.choice(len(share), POSTCODES, replace=False, p=share)
    wards = sorted(set(areas.ward_codes))
    ward = np.array([wards.index(areas.ward_codes[area]) for area in addresses.area[chosen]])
    spots = addresses.spots[chosen]
    rows = []
    for index in range(len(wards)):
        here = chosen[ward == index]
        order = np.lexsort((spots[ward == index, 0], spots[ward == index, 1].round(-2)))
        for place, address in enumerate(here[order].tolist()):
            sector, unit = divmod(place, _IN_A_SECTOR)
            letters = _LETTERS[unit // len(_LETTERS)] + _LETTERS[unit % len(_LETTERS)]
            easting, northing = addresses.spots[address].tolist()
            code = f"XN{index + 1} {sector + 1}{letters}"
            rows.append((code, easting, northing, areas.codes[addresses.area[address]]))
    return sorted(rows)
