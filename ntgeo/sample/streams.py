"""Chance, one stream a part: a change in one part moves no other."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

__all__ = ["Part", "stream"]


class Part(IntEnum):
    """A part of the borough with a stream of its own; numbers are never re-used."""

    GROUND = 1
    STREETS = 2
    TRAFFIC = 3
    NAMES = 4
    AREAS = 5
    PEOPLE = 6
    DEPRIVATION = 7
    POSTCODES = 8
    SITES = 9
    RECORDS = 10
    VISITS = 11
    VISIT_RULES = 12


def stream(seed: int, part: Part) -> np.random.Generator:
    """Return the generator of a part, the same whatever the other parts draw."""
    sequence = np.random.SeedSequence(seed, spawn_key=(int(part),))
    return np.random.Generator(np.random.PCG64(sequence))
