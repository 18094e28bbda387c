"""Chance for compiled searches: a seed gives the same numbers on any machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.kernel import inlined

__all__ = ["draw"]


@inlined
def draw(chance: Any) -> float:
    """Return a random number from 0 to below 1 (splitmix64, Steele et al. 2014).

    Args:
        chance: (1,) unsigned 64-bit state, moved on.
    """
    chance[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = chance[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return float(mixed >> np.uint64(11)) / 9007199254740992.0
