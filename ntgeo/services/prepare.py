"""Compiles the engines once on a machine, so that no first run waits for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ntgeo.progress import SILENT, Progress
from ntgeo.services.steps import rounds_of, siting_of
from ntgeo.settings import Settings

__all__ = ["prepare"]


def prepare(scenario: Path, settings: Settings, *, progress: Progress = SILENT) -> None:
    """Answer a scenario's questions once, and keep nothing but the compiled code.

    Numba writes what it compiles beside the source (or below ``NUMBA_CACHE_DIR``); later processes
    load it in a second.

    Args:
        scenario: One with roads, sites and rounds, such as the sample's.
        settings: Of this machine; its cache is not touched.
        progress: Told where it is.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    with TemporaryDirectory() as folder:
        apart = replace(settings, cache_folder=Path(folder))
        siting_of(scenario, apart, progress=progress)
        rounds_of(scenario, apart, progress=progress)
