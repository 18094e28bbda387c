"""What a run says of itself, so that it can be repeated and questioned."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from ntgeo.domain.solving import SolveReport

__all__ = ["InputFile", "OutputFile", "RunOutcome", "RunRecord"]


class RunOutcome(IntEnum):
    """How a run ended; the value is the exit code of the command line."""

    DONE = 0
    DONE_WITH_UNSERVED = 1
    INPUT_REFUSED = 2
    NO_PLAN = 3
    DATA_UNAVAILABLE = 4
    OUR_BUG = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that the run read.

    Args:
        role: What it was read as, such as ``areas.population``.
        file: As the scenario names it; never an absolute path.
        sha256: Of its bytes.
        rows: Rows or features read; ``None`` where that means nothing.
        notes: What was cleaned or set aside, in words.
    """

    role: str
    file: str
    sha256: str
    rows: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """A file that the run wrote, relative to its folder."""

    file: str
    sha256: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """``run.json``.

    Args:
        schema: Of this record.
        scenario_id: As the scenario says.
        scenario_toml: The scenario file, whole.
        title: As the scenario says.
        started_at: ISO 8601 in Europe/London with its offset.
        wall_time_s: By stage.
        seed: Of every random choice.
        versions: Of ntgeo, Python and the libraries that decide figures.
        machine: Processor and cores, without a name.
        commit: Of ntgeo's source, where it is known.
        inputs: Every file read.
        demand_in: Sum of the sited demand as read.
        demand_out: Sum of the same as allocated and unserved; equal to ``demand_in``.
        siting: The proof, where sites were asked for.
        rounds: The proof, where rounds were asked for.
        visits_set_aside: Rows of visits that could not be planned.
        notes: What a reader must know, in words.
        outcome: How it ended.
        outputs: Every file written but this one.
    """

    schema: str = "ntgeo-run/1"
    scenario_id: str
    scenario_toml: str
    title: str
    started_at: str
    wall_time_s: dict[str, float]
    seed: int
    versions: dict[str, str]
    machine: str
    commit: str | None
    inputs: tuple[InputFile, ...]
    demand_in: float | None
    demand_out: float | None
    siting: SolveReport | None
    rounds: SolveReport | None
    notes: tuple[str, ...]
    outcome: RunOutcome
    visits_set_aside: int = 0
    outputs: tuple[OutputFile, ...] = field(default=())
