"""Names of streets, wards and buildings, from words of our own."""

from __future__ import annotations

from typing import Final

import numpy as np

from ntgeo.sample.arterials import Street

__all__ = ["PARK_NAMES", "RIVER_NAME", "WARD_NAMES", "name_streets"]

RIVER_NAME: Final = "River Wend"
WARD_NAMES: Final = (
    "Abbotsmoor", "Beacon Hill", "Castle Garth", "Dunes", "Eastcliff", "Fairholm", "Gull Rock",
    "Harbour", "Inchmere", "Kelpwick", "Lanternhead", "Marram", "Netherby", "Oystergate",
    "Priory", "Quarry Bank", "Ropewalk", "Saltpans", "Thornlea", "Westerhope",
)  # fmt: skip
PARK_NAMES: Final = (
    "Jubilee Park", "Priory Park", "Harbour Green", "Miller's Field", "Westerhope Park",
    "Bandstand Gardens", "Lantern Park",
)  # fmt: skip
_STEMS: Final = (
    "Alder", "Amber", "Anchor", "Ashby", "Auckland", "Bamber", "Barley", "Beadle", "Beech",
    "Bellrock", "Birch", "Bosun", "Bracken", "Bramble", "Brig", "Cable", "Caldbeck", "Capstan",
    "Carding", "Cedar", "Chandler", "Chapel", "Clover", "Cobble", "Cooper", "Coral", "Cowrie",
    "Craster", "Curlew", "Dabchick", "Dove", "Drift", "Dunlin", "Eider", "Elder", "Elm",
    "Fennel", "Fern", "Fisher", "Foreland", "Foxglove", "Fulmar", "Galley", "Gannet", "Garnet",
    "Gorse", "Granby", "Grebe", "Guillemot", "Haddock", "Halyard", "Harebell", "Hawthorn",
    "Hazel", "Heather", "Herring", "Holly", "Hornbeam", "Hyssop", "Ivy", "Jasper", "Juniper",
    "Keel", "Kestrel", "Kittiwake", "Lantern", "Larch", "Lavender", "Linnet", "Lobster", "Lugger",
    "Mackerel", "Mallow", "Maltings", "Maple", "Mariner", "Marlin", "Martin", "Merlin", "Minster",
    "Moss", "Neptune", "Oak", "Osprey", "Otter", "Paxford", "Pebble", "Petrel", "Pilot", "Plover",
    "Poplar", "Puffin", "Quill", "Redshank", "Rigg", "Rowan", "Rushy", "Sailmaker", "Sanderling",
    "Sandpiper", "Schooner", "Sextant", "Shingle", "Skipper", "Sorrel", "Spindrift", "Starling",
    "Stonecrop", "Swallow", "Sycamore", "Tansy", "Teal", "Tern", "Thimble", "Thistle", "Thrift",
    "Tiller", "Turnstone", "Vetch", "Wagtail", "Walnut", "Weaver", "Wherry", "Whin", "Willow",
    "Windlass", "Wren", "Yarrow",
)  # fmt: skip
_KINDS: Final = {
    "arterial": ("Road", "Lane", "Bank"),
    "centre": ("Street", "Row", "Gate"),
    "terrace": ("Street", "Terrace", "Road"),
    "semi": ("Avenue", "Road", "Drive", "Gardens"),
    "crescent": ("Crescent",),
    "ring": ("Grove", "Circle", "Crescent", "Walk"),
    "close": ("Way", "Drive", "Rise"),
    "close end": ("Close", "Court", "Mews", "Garth"),
    "works": ("Works Road", "Yard"),
    "rural": ("Farm Road",),
}


def name_streets(streets: list[Street], rng: np.random.Generator) -> None:
    """Give every street without a name one, each name once; paths and circles stay without."""
    deck = {
        kind: [f"{stem} {kind}" for stem in np.array(_STEMS)[rng.permutation(len(_STEMS))]]
        for kind in sorted({kind for kinds in _KINDS.values() for kind in kinds})
    }
    for street in streets:
        kinds = _KINDS.get(street.pattern)
        if street.name or kinds is None or street.highway in {"footway", "cycleway"}:
            continue
        longest = max((deck[kind] for kind in kinds), key=len)
        choice = deck[kinds[int(rng.integers(len(kinds)))]] or longest
        if choice:
            street.name = choice.pop()
