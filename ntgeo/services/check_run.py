"""Checks a run folder again, without any solver: nothing altered, and every plan sound."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from ntgeo.domain.run import RunOutcome, RunRecord
from ntgeo.domain.solving import SolveReport
from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.files import sha256_of
from ntgeo.routing.verify import find_faults as find_rounds_faults
from ntgeo.services.plan_files import read_rounds, read_siting
from ntgeo.services.run_files import RUN_FILE, SEAL_FILE, is_seal_whole, read_run
from ntgeo.siting.verify import find_faults as find_siting_faults

__all__ = ["CheckedRun", "check_run"]

Found = TypeVar("Found")
_TO_THE_UNIT: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRun:
    """What the check found.

    Args:
        folder: The run.
        record: What the run says of itself.
        altered: Each file that is not as the run wrote it, in words.
        faults: Each rule that a plan breaks, in words.
    """

    folder: Path
    record: RunRecord
    altered: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was altered and every plan keeps every rule."""
        return not self.altered and not self.faults


def check_run(folder: Path) -> CheckedRun:
    """Check a run folder.

    Raises:
        DataUnavailableError: It holds no run.
        InputError: Its record cannot be read.
    """
    record = read_run(folder)
    return CheckedRun(
        folder=folder,
        record=record,
        altered=tuple(_alterations(folder, record)),
        faults=tuple(_plan_faults(folder, record)),
    )


def _alterations(folder: Path, record: RunRecord) -> Iterator[str]:
    if not is_seal_whole(folder):
        yield f"{RUN_FILE} is not as it was written (its seal {SEAL_FILE} does not fit)"
    listed = {output.file: output.sha256 for output in record.outputs}
    for file, digest in sorted(listed.items()):
        path = folder / file
        if not path.is_file():
            yield f"{file} is missing"
        elif sha256_of(path) != digest:
            yield f"{file} was altered after the run"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for file in sorted(there - listed.keys() - {RUN_FILE, SEAL_FILE}):
        yield f"{file} was not written by the run"


def _plan_faults(folder: Path, record: RunRecord) -> Iterator[str]:
    left = record.visits_set_aside
    if record.siting is not None:
        siting, why = _read(read_siting, folder)
        if siting is None:
            yield why
        else:
            problem, plan = siting
            yield from find_siting_faults(problem, plan)
            yield from _report_faults("siting", record.siting, plan.report)
            yield from _sum_faults(record, float(problem.demand.sum()))
            left += len(plan.unserved)
    if record.rounds is not None:
        rounds, why = _read(read_rounds, folder)
        if rounds is None:
            yield why
        else:
            yield from find_rounds_faults(*rounds)
            yield from _report_faults("rounds", record.rounds, rounds[1].report)
            left += len(rounds[1].unmade)
    yield from _outcome_faults(record, left)


def _read(read: Callable[[Path], Found], folder: Path) -> tuple[Found | None, str]:
    try:
        return read(folder), ""
    except (InputError, DataUnavailableError) as error:
        return None, str(error)


def _report_faults(name: str, told: SolveReport, kept: SolveReport) -> Iterator[str]:
    if replace(told, wall_time_s=0.0) != replace(kept, wall_time_s=0.0):
        yield f"{RUN_FILE} tells another {name} proof than {name}.json"


def _sum_faults(record: RunRecord, demand: float) -> Iterator[str]:
    for label, told in (("in", record.demand_in), ("out", record.demand_out)):
        if told is None or not math.isclose(told, demand, rel_tol=_TO_THE_UNIT):
            yield f"demand {label} is told as {told}, but the areas sum to {demand:,.3f}"


def _outcome_faults(record: RunRecord, left: int) -> Iterator[str]:
    if record.outcome not in {RunOutcome.DONE, RunOutcome.DONE_WITH_UNSERVED}:
        yield f"a run folder is only kept for a run that was done, not for {record.outcome.name}"
    elif (record.outcome is RunOutcome.DONE) is (left > 0):
        told = record.outcome.name.lower().replace("_", " ")
        yield f"the run is told as {told}, but its plans leave {left:,} areas or visits"
