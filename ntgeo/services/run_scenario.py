"""The main job: a scenario file in, a run folder out, whole or not at all."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from ntgeo import __version__, mapping, reports
from ntgeo.domain.run import OutputFile, RunOutcome, RunRecord
from ntgeo.domain.units import LONDON
from ntgeo.errors import PlanRejectedError
from ntgeo.files import sha256_of
from ntgeo.progress import SILENT, Progress
from ntgeo.services.answer_scenario import Answer, answer_scenario
from ntgeo.services.check_run import check_run
from ntgeo.services.question import Question, open_question
from ntgeo.services.run_files import write_run_record
from ntgeo.services.run_folder import new_run_folder
from ntgeo.services.stage_times import StageTimes
from ntgeo.services.write_outputs import sentences_of, write_outputs
from ntgeo.settings import Settings

__all__ = ["Run", "run_scenario"]

_LIBRARIES: Final = (
    *("folium", "geopandas", "networkx", "numba", "numpy", "ortools", "osmium", "osmnx"),
    *("pandas", "pyarrow", "pyproj", "scipy", "shapely", "statsmodels"),
)
_GIT_S: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run.

    Args:
        folder: Where its files are.
        record: ``run.json``.
        sentences: The answer in at most five plain sentences.
    """

    folder: Path
    record: RunRecord
    sentences: tuple[str, ...]


def run_scenario(path: Path, settings: Settings, *, progress: Progress = SILENT) -> Run:
    """Answer a scenario and write ``maps/<scenario>/<run>/``.

    The folder appears whole, after it passed :func:`~ntgeo.services.check_run.check_run`; on any
    error or on Ctrl-C there is none, and earlier runs are untouched.

    Raises:
        NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
    """
    started = datetime.now(LONDON)
    times = StageTimes(progress)
    question = open_question(path)
    mapping.find_basemap(question.scenario.basemap, settings.basemap_key)
    reports.require_exports(question.scenario.exports)
    answer = answer_scenario(question, settings, progress=times)
    sentences = sentences_of(answer)
    with new_run_folder(settings.maps_folder / question.scenario.id) as folder:
        described = write_outputs(
            folder.partial,
            question,
            answer,
            started.date(),
            basemap_key=settings.basemap_key,
            progress=times,
        )
        times.stage("Checking the run")
        record = _record(question, answer, folder.partial, described, started, times)
        write_run_record(folder.partial, record)
        checked = check_run(folder.partial)
        if not checked.is_sound:
            raise PlanRejectedError([*checked.altered, *checked.faults])
        return Run(folder=folder.publish(started), record=record, sentences=tuple(sentences))


def _record(
    question: Question,
    answer: Answer,
    folder: Path,
    described: dict[str, str],
    started: datetime,
    times: StageTimes,
) -> RunRecord:
    siting, rounds = answer.siting, answer.rounds
    is_short = (siting is not None and bool(siting.plan.unserved)) or (
        rounds is not None and rounds.is_short
    )
    return RunRecord(
        scenario_id=question.scenario.id,
        scenario_toml=question.text,
        title=question.scenario.title,
        started_at=started.isoformat(timespec="seconds"),
        wall_time_s=times.finished(),
        seed=question.scenario.seed,
        versions=_versions(),
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        commit=_commit(),
        inputs=question.inputs,
        demand_in=None if siting is None else float(answer.demand.weight.sum()),
        demand_out=None if siting is None else siting.demand_out,
        siting=None if siting is None else siting.plan.report,
        rounds=None if rounds is None else rounds.plan.report,
        visits_set_aside=0 if rounds is None else len({fault.row for fault in rounds.set_aside}),
        notes=tuple(dict.fromkeys((*answer.notes, *times.notes))),
        outcome=RunOutcome.DONE_WITH_UNSERVED if is_short else RunOutcome.DONE,
        outputs=tuple(
            OutputFile(file=name, sha256=sha256_of(folder / name), description=text)
            for name, text in sorted(described.items())
        ),
    )


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"ntgeo": __version__, "python": platform.python_version(), **libraries}


def _commit() -> str | None:
    """Return the commit of ntgeo's own source, where it runs from a checkout."""
    source = Path(__file__).resolve().parents[2]
    if not (source / ".git").exists():
        return None
    try:
        found = subprocess.run(  # noqa: S603 - fixed words and our own folder
            ["git", "-C", str(source), "rev-parse", "HEAD"],  # noqa: S607 - whichever git there is
            capture_output=True,
            check=True,
            text=True,
            timeout=_GIT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()
