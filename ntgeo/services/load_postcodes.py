"""Reads the postcode look-up of a scenario, once."""

from __future__ import annotations

import pandas as pd

from ntgeo import sources
from ntgeo.services.question import Question

__all__ = ["load_postcodes"]


def load_postcodes(question: Question) -> pd.DataFrame | None:
    """Return ``postcode, easting_m, northing_m, lsoa``; ``None`` where the scenario names no file.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: The file is not there.
    """
    file = question.scenario.areas.postcodes
    if file is None:
        return None
    if "postcodes" not in question.tables:
        postcodes = sources.read_postcodes(question.path_of("areas.postcodes", file))
        question.log("areas.postcodes", file, rows=len(postcodes))
        question.tables["postcodes"] = postcodes
    return question.tables["postcodes"]
