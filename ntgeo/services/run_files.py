"""``run.json`` and the seal over it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from ntgeo.domain.run import RunRecord
from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.files import write_text

__all__ = ["RUN_FILE", "SEAL_FILE", "is_seal_whole", "read_run", "write_run_record"]

RUN_FILE: Final = "run.json"
SEAL_FILE: Final = "run.sha256"
_RECORD: Final = TypeAdapter(RunRecord)


def write_run_record(folder: Path, record: RunRecord) -> None:
    """Write ``run.json``, and its SHA-256 beside it in the layout of ``sha256sum``."""
    content = _RECORD.dump_json(record, indent=1).decode() + "\n"
    write_text(folder / RUN_FILE, content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    write_text(folder / SEAL_FILE, f"{digest}  {RUN_FILE}\n")


def read_run(folder: Path) -> RunRecord:
    """Read the record of a run folder.

    Raises:
        DataUnavailableError: There is none.
        InputError: It is not what ntgeo wrote.
    """
    path = folder / RUN_FILE
    if not path.is_file():
        raise DataUnavailableError(
            folder.name, f"this folder holds no {RUN_FILE}", "name the folder of a run"
        )
    try:
        return _RECORD.validate_json(path.read_bytes())
    except ValidationError as error:
        fault = Fault(
            file=RUN_FILE,
            what=f"not a run record as ntgeo writes it ({error.error_count()} faults)",
            fix="run the scenario again",
            code="torn-file",
        )
        raise InputError(fault) from None


def is_seal_whole(folder: Path) -> bool:
    """Tell whether ``run.json`` is as it was written."""
    seal = folder / SEAL_FILE
    if not seal.is_file():
        return False
    digest = hashlib.sha256((folder / RUN_FILE).read_bytes()).hexdigest()
    return seal.read_bytes() == f"{digest}  {RUN_FILE}\n".encode()
