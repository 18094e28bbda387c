"""A scenario with the files it names, and a log of what was read from them."""

from __future__ import annotations

import difflib
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from ntgeo.domain.run import InputFile
from ntgeo.domain.scenario import Scenario, SitingTable
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import DataUnavailableError, Fault, InputError, visible
from ntgeo.files import sha256_of
from ntgeo.settings import Settings
from ntgeo.sources.local_file import LARGEST_FILE_BYTES, is_address, refuse_larger
from ntgeo.sources.noted import Cleansed
from ntgeo.sources.scenario_file import data_folder_of, read_scenario

__all__ = ["Question", "open_question"]


@dataclass(slots=True, kw_only=True)
class Question:
    """A scenario, where its files lie, and what has been read so far.

    Args:
        scenario: The parsed file.
        text: The file as it stands.
        folder: Where the files lie.
        vintage: Census of the areas, once they are read: ``"2011"``, ``"2021"`` or ``"sample"``.
        tables: Tables that several verbs need, kept so that each is read once.
    """

    scenario: Scenario
    text: str
    folder: Path
    vintage: str | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _read: dict[tuple[str, str], InputFile] = field(default_factory=dict)
    _stamps: dict[str, tuple[int, int]] = field(default_factory=dict)

    def path_of(self, role: str, file: str) -> Path:
        """Return the path of a file that the scenario names, and log its hash.

        Raises:
            DataUnavailableError: The file is not there.
            InputError: It is not an ordinary file below this machine's folders.
        """
        path = self.folder / file
        if (role, file) in self._read:
            return path
        if is_address(file):
            raise InputError(
                Fault(
                    file=file,
                    what="only files on this machine can be read",
                    fix=_address_advice(role),
                    code="not-local",
                )
            )
        if not path.exists():
            what = f"there is no such file in {self.folder.name or self.folder}"
            raise DataUnavailableError(file, f"{what}{_nearest(path)}", _advice(role))
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise InputError(
                Fault(
                    file=file,
                    what="this is not a regular file",
                    fix="name an ordinary file",
                    code="not-regular",
                )
            )
        refuse_larger(file, facts.st_size, LARGEST_FILE_BYTES)
        self._stamps[file] = (facts.st_size, facts.st_mtime_ns)
        self._read[role, file] = InputFile(role=role, file=file, sha256=sha256_of(path))
        return path

    def log(self, role: str, file: str, *, rows: int, notes: Sequence[str] = ()) -> None:
        """Log how many rows of a file were read, and what was done to them.

        Raises:
            InputError: The file needed a cleansing that the scenario switches off.
        """
        allowed = self.scenario.cleansing
        faults = [
            Fault(
                file=file,
                what=f"needs a cleansing that is switched off ({note.rstrip('.')})",
                fix=f"mend the file, or allow it with cleansing.{note.kind} = true",
                code="not-cleansed",
            )
            for note in notes
            if isinstance(note, Cleansed) and not allowed.allows(note.kind)
        ]
        if faults:
            raise InputError(faults)
        before = self._read[role, file]
        self._read[role, file] = InputFile(
            role=role, file=file, sha256=before.sha256, rows=rows, notes=tuple(notes)
        )

    def asking(self, siting: SitingTable) -> Question:
        """Return the same question with another ``[siting]``; what is read counts for both."""
        return replace(self, scenario=self.scenario.model_copy(update={"siting": siting}))

    def limits(self, settings: Settings, time_limit_s: float) -> SolveLimits:
        """Return what a solver may use: its time, this machine's cores and the scenario's seed."""
        return SolveLimits(
            time_limit_s=time_limit_s, seed=self.scenario.seed, workers=settings.workers
        )

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """Every file read, by role and name."""
        return tuple(self._read[key] for key in sorted(self._read))

    def hash_of(self, file: str) -> str:
        """Return the SHA-256 of a file that was read."""
        return next(item.sha256 for item in self._read.values() if item.file == file)

    def check_unchanged(self) -> None:
        """Refuse to go on if a file changed while it was read.

        Raises:
            InputError: A file's size or time of change is no longer what it was.
        """
        changed = []
        for file, stamp in sorted(self._stamps.items()):
            path = self.folder / file
            facts = path.stat() if path.exists() else None
            if facts is None or (facts.st_size, facts.st_mtime_ns) != stamp:
                changed.append(
                    Fault(
                        file=file,
                        what="the file changed during the run",
                        fix="run again when nobody is writing to it",
                        code="changed",
                    )
                )
        if changed:
            raise InputError(changed)


def _nearest(path: Path) -> str:
    """Return a question after the file of the same folder whose name is most alike."""
    if not path.parent.is_dir():
        return ""
    by_name = {other.name.casefold(): other.name for other in path.parent.iterdir()}
    near = difflib.get_close_matches(path.name.casefold(), by_name, n=1)
    return f'; did you mean "{visible(by_name[near[0]])}"' if near else ""


def _advice(role: str) -> str:
    return f"correct the name under {role} or data_folder in the scenario, or fetch the file"


def _address_advice(role: str) -> str:
    if role == "roads.network":
        return "fetch the roads once by ntgeo roads download, and name its file"
    return "download the file and name it"


def open_question(path: Path) -> Question:
    """Open a scenario file.

    Raises:
        DataUnavailableError: The file is not there.
        ScenarioError: It asks something that cannot be asked.
    """
    scenario, text = read_scenario(path)
    return Question(scenario=scenario, text=text, folder=data_folder_of(scenario, path))
