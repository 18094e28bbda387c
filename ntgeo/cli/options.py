"""The arguments that commands share, and the workspace they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ntgeo.cli.progress import TerminalProgress, cancelled_by_ctrl_c
from ntgeo.domain.matrix import TravelMode

if TYPE_CHECKING:
    from ntgeo.workspace import Workspace

__all__ = [
    "AsJson",
    "Folder",
    "Mode",
    "RunFolder",
    "ScenarioFile",
    "Scheduler",
    "opened_workspace",
]

ScenarioFile = Annotated[Path, typer.Argument(help="The scenario, a .toml file.", metavar="FILE")]
RunFolder = Annotated[Path, typer.Argument(help="A folder below maps/.", metavar="RUN")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Folder = Annotated[
    Path, typer.Option(help="Runs go to maps/ below this folder, the cache to data/cache.")
]
Mode = Annotated[TravelMode, typer.Option(help="Who travels.")]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Address of a Dask scheduler whose workers share the work: tcp://HOST:PORT."),
]


@contextmanager
def opened_workspace(folder: Path, *, is_quiet: bool) -> Iterator[Workspace]:
    """Yield a workspace whose progress is shown, and which Ctrl-C stops."""
    from ntgeo.workspace import Workspace  # noqa: PLC0415 - loads table libraries

    progress = TerminalProgress(quiet=is_quiet)
    with cancelled_by_ctrl_c(progress):
        yield Workspace(folder, progress=progress)
