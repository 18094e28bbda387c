"""Fits the speeds of a mode to observed journeys, and writes them as a speeds file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.units import LONDON
from ntgeo.progress import SILENT, Progress
from ntgeo.roads import SpeedFit, fit_speeds, read_parted_roads, read_speeds, write_speeds
from ntgeo.roads.speeds import SPEEDS_FILE
from ntgeo.sources import read_observed_times

__all__ = ["calibrate_speeds"]


def calibrate_speeds(
    network: Path,
    observed: Path,
    *,
    mode: TravelMode,
    speeds_file: Path = SPEEDS_FILE,
    out: Path | None = None,
    progress: Progress = SILENT,
) -> SpeedFit:
    """Calibrate speeds.

    Args:
        network: A road file, without travel times of its own.
        observed: Journeys; see :func:`~ntgeo.sources.read_observed_times`.
        mode: Who travelled.
        speeds_file: Speeds to start from.
        out: Where to write the fitted speeds; nowhere unless given.
        progress: Told where it is.

    Raises:
        InputError: A file is faulty, or too few journeys can be used.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading observed journeys")
    journeys = read_observed_times(observed)
    for note in journeys.notes:
        progress.note(note)
    speeds = read_speeds(mode, speeds_file)
    roads = read_parted_roads(network, speeds, progress=progress)
    today = datetime.now(LONDON).date()
    fit = fit_speeds(roads, journeys, today=today, progress=progress)
    if out is not None:
        write_speeds(out, fit, speeds_file, observed=observed.name, today=today)
    return fit
