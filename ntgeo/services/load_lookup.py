"""Reads the LSOA 2011 to 2021 lookup of a scenario, once."""

from __future__ import annotations

import pandas as pd

from ntgeo import sources
from ntgeo.services.question import Question

__all__ = ["load_lookup"]


def load_lookup(question: Question) -> pd.DataFrame | None:
    """Return ``lsoa11, change, lsoa21``; ``None`` where the scenario names no file.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: The file is not there.
    """
    file = question.scenario.areas.lookup
    if file is None:
        return None
    if "lookup" not in question.tables:
        lookup = sources.read_lsoa_lookup(question.path_of("areas.lookup", file))
        question.log("areas.lookup", file, rows=len(lookup))
        question.tables["lookup"] = lookup
    return question.tables["lookup"]
