"""How much of the road length lacks a tag that times or maps would need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["COUNTED_TAGS", "TagGap", "has_tag", "tag_gaps"]

COUNTED_TAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "maxspeed": ("maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type"),
    "name": ("name", "ref"),
    "surface": ("surface",),
}
"""Tags that are counted, and the keys of which any one will do."""
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGap:
    """A tag that some roads lack.

    Args:
        tag: Such as ``"maxspeed"``.
        share: Of the road length, without it.
        ways: OSM ids of the longest ways without it, at most five.
    """

    tag: str
    share: float
    ways: tuple[int, ...]


def has_tag(tags: Mapping[str, object], tag: str) -> bool:
    """Tell whether any of the keys that stand for a counted tag is there."""
    said = (str(tags.get(key, "")) for key in COUNTED_TAGS[tag])
    return any(value not in {"", "nan", "None"} for value in said)


def tag_gaps(
    way: npt.NDArray[np.int64],
    length_m: npt.NDArray[np.float64],
    is_tagged: Mapping[str, npt.NDArray[np.bool_]],
) -> tuple[TagGap, ...]:
    """Measure what is missing.

    Args:
        way: (pieces,) OSM id of the way of each piece of road; 0 where unknown.
        length_m: (pieces,) metres.
        is_tagged: For each tag, (pieces,) whether the piece has it.
    """
    total_m = max(float(length_m.sum()), 1e-9)
    gaps = []
    for tag, is_there in sorted(is_tagged.items()):
        ids, of_way = np.unique(way[~is_there], return_inverse=True)
        missing_m = np.bincount(of_way, weights=length_m[~is_there], minlength=len(ids))
        longest = np.argsort(-missing_m, kind="stable")
        known = [int(ids[at]) for at in longest[: _SHOWN + 1] if ids[at] > 0]
        share = float(missing_m.sum()) / total_m
        gaps.append(TagGap(tag=tag, share=share, ways=tuple(known[:_SHOWN])))
    return tuple(gaps)
