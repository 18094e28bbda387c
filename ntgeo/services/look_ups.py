"""Reads the look-up tables of a scenario, each once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from ntgeo import sources
from ntgeo.services.question import Question
from ntgeo.sources.noted import Noted

__all__ = ["load_lsoa_lookup", "load_postcodes"]


def load_postcodes(question: Question) -> pd.DataFrame | None:
    """Return ``postcode, easting_m, northing_m, lsoa``; ``None`` where the scenario names no file.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: The file is not there.
    """
    file = question.scenario.areas.postcodes
    wanted = question.vintage if question.vintage in {"2011", "2021"} else None
    return _read_once(question, "postcodes", file, partial(sources.read_postcodes, vintage=wanted))


def load_lsoa_lookup(question: Question) -> pd.DataFrame | None:
    """Return ``lsoa11, change, lsoa21``; ``None`` where the scenario names no file.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: The file is not there.
    """
    return _read_once(question, "lookup", question.scenario.areas.lookup, sources.read_lsoa_lookup)


def _read_once(
    question: Question, key: str, file: str | None, read: Callable[[Path], Noted[pd.DataFrame]]
) -> pd.DataFrame | None:
    if file is None:
        return None
    if key not in question.tables:
        table = read(question.path_of(f"areas.{key}", file))
        question.log(f"areas.{key}", file, rows=len(table.read), notes=table.notes)
        question.tables[key] = table.read
    return question.tables[key]
