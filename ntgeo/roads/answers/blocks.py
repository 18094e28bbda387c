"""Matrices larger than memory: written block by block, read as memory maps."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import time
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TimeRange, TravelMode, TravelTimeMatrix
from ntgeo.errors import DataUnavailableError, Fault, InputError
from ntgeo.files import write_text
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.search.dijkstra import ABSENT
from ntgeo.roads.search.questions import answer_blocks, ask_times, method_of
from ntgeo.roads.search.snapping import PlacesToSnap

__all__ = ["NO_WAY", "TimesOnDisk", "open_times", "write_times"]

Whole = npt.NDArray[np.uint32]
Longs = npt.NDArray[np.int64]

NO_WAY: Final = np.uint32(0xFFFFFFFF)
"""What stands on disk, in both arrays, for a pair that no way joins."""
_FORMAT_VERSION: Final = 2
_HEADER, _TIMES, _DISTANCES = "matrix.json", "time_ms.npy", "distance_cm.npy"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimesOnDisk:
    """Travel times on disk.

    Args:
        origins: Ids of the rows.
        destinations: Ids of the columns.
        time_ms: (origins, destinations) memory map of milliseconds; :data:`NO_WAY` where none.
        distance_cm: The same, centimetres.
        mode: Who travels.
        method: In words, as in :class:`~ntgeo.domain.matrix.TravelTimeMatrix`.
        time_range: As there.
        departs_at: As there.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    time_ms: Whole
    distance_cm: Whole
    mode: TravelMode
    method: str
    time_range: TimeRange
    departs_at: time | None

    def select(self, origins: Sequence[str], destinations: Sequence[str]) -> TravelTimeMatrix:
        """Read the part between the given ids, in the given order.

        Raises:
            KeyError: An id is not in the matrix.
        """
        row_of = {place: row for row, place in enumerate(self.origins)}
        column_of = {place: column for column, place in enumerate(self.destinations)}
        rows = np.array([row_of[place] for place in origins], np.intp)
        columns = np.array([column_of[place] for place in destinations], np.intp)
        parts = []
        for array, unit in ((self.time_ms, 1000.0), (self.distance_cm, 100.0)):
            whole = array[rows][:, columns]
            parts.append(np.where(whole == NO_WAY, np.nan, whole / unit))
        return TravelTimeMatrix(
            origins=tuple(origins),
            destinations=tuple(destinations),
            time_s=parts[0],
            distance_m=parts[1],
            mode=self.mode,
            method=self.method,
            time_range=self.time_range,
            departs_at=self.departs_at,
        )


def write_times(  # noqa: PLR0913 - as travel_times, and where to
    network: RoadNetwork,
    origins: PlacesToSnap,
    destinations: PlacesToSnap,
    folder: Path,
    *,
    snap_limit_m: float = 1000.0,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress = SILENT,
) -> TimesOnDisk:
    """Write travel times and distances to a folder, never holding more than a few blocks.

    Args:
        network: The roads and the mode.
        origins: Locations by id, in the network's CRS, or places already snapped.
        destinations: The same.
        folder: Made, whole or not at all; it must not be there yet.
        snap_limit_m: As for :func:`~ntgeo.roads.answers.times.travel_times`.
        workers: Threads.
        scheduler: As for :func:`~ntgeo.roads.answers.times.travel_times`.
        progress: Told the origins done.

    Raises:
        FileExistsError: The folder is there.
        DataUnavailableError: The Dask cluster cannot be used.
    """
    if folder.exists():
        msg = f"{folder.name} is already there"
        raise FileExistsError(msg)
    folder.parent.mkdir(parents=True, exist_ok=True)
    question = ask_times(network, origins, destinations, snap_limit_m=snap_limit_m)
    half_made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        blocks = answer_blocks(question, workers=workers, scheduler=scheduler, progress=progress)
        _fill(half_made, (len(question.starts.ids), len(question.ends.ids)), blocks)
        told = {
            "format_version": _FORMAT_VERSION,
            "mode": network.mode.value,
            "method": method_of(network),
            "time_range": asdict(network.time_range),
            "departs_at": "" if network.departs_at is None else network.departs_at.isoformat(),
            "origins": question.starts.ids,
            "destinations": question.ends.ids,
        }
        write_text(half_made / _HEADER, json.dumps(told))
        half_made.rename(folder)
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
    return open_times(folder)


def _fill(folder: Path, shape: tuple[int, int], blocks: Iterable[tuple[int, Longs]]) -> None:
    header = {"descr": np.dtype(np.uint32).str, "fortran_order": False, "shape": shape}
    with (folder / _TIMES).open("wb") as times, (folder / _DISTANCES).open("wb") as distances:
        for stream in (times, distances):
            np.lib.format.write_array_header_1_0(stream, header)
        for _, packed in blocks:
            is_absent = packed >= ABSENT
            for stream, part in ((times, packed >> 32), (distances, packed)):
                # The low 32 bits of a packed cost are its centimetres.
                stream.write(np.where(is_absent, NO_WAY, part.astype(np.uint32)).tobytes())


def open_times(folder: Path) -> TimesOnDisk:
    """Open what :func:`write_times` wrote; nothing is read before it is asked for.

    Raises:
        DataUnavailableError: There is no such folder.
        InputError: The folder is not whole.
    """
    if not (folder / _HEADER).is_file():
        fix = "compute the matrix again"
        raise DataUnavailableError(folder.name, "there is no such matrix", fix)
    try:
        told = json.loads((folder / _HEADER).read_text(encoding="utf-8"))
        shape = (len(told["origins"]), len(told["destinations"]))
        # Nothing cannot be mapped into memory.
        way: Literal["r"] | None = "r" if min(shape) else None
        maps = [np.load(folder / name, mmap_mode=way) for name in (_TIMES, _DISTANCES)]
    except (OSError, EOFError, KeyError, ValueError) as error:
        raise InputError(_not_whole(folder, str(error))) from error
    if told["format_version"] != _FORMAT_VERSION or any(part.shape != shape for part in maps):
        raise InputError(_not_whole(folder, "its parts do not belong together"))
    return TimesOnDisk(
        origins=tuple(told["origins"]),
        destinations=tuple(told["destinations"]),
        time_ms=maps[0],
        distance_cm=maps[1],
        mode=TravelMode(told["mode"]),
        method=str(told["method"]),
        time_range=TimeRange(**told["time_range"]),
        departs_at=time.fromisoformat(told["departs_at"]) if told["departs_at"] else None,
    )


def _not_whole(folder: Path, why: str) -> Fault:
    what = f"the matrix is not whole ({why})"
    return Fault(file=folder.name, what=what, fix="compute it again", code="matrix-not-whole")
