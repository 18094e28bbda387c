"""VROOM's JSON as it is written, checked key by key; all its faults are told at once.

The keys are those of VROOM 1.15 (github.com/VROOM-Project/vroom, docs/API.md): times in seconds,
distances in metres, coordinates as longitude and latitude.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ntgeo.errors import Fault
from ntgeo.files import parse_json
from ntgeo.sources.local_file import check_local_file, raise_faults, refuse

__all__ = [
    "Coordinates",
    "VroomBreak",
    "VroomFile",
    "VroomJob",
    "VroomMatrix",
    "VroomShipment",
    "VroomTask",
    "VroomVehicle",
    "parse_vroom_file",
    "read_vroom_file",
]

_LARGEST_BYTES: Final = 200_000_000
Whole = Annotated[int, Field(ge=0)]
Cost = Annotated[int, Field(ge=0, lt=1 << 31)]
"""Seconds, metres or a cost between two places, as many as VROOM itself can hold."""
Skills = tuple[Whole, ...]
Amounts = tuple[Whole, ...]
Window = tuple[Whole, Whole]
Coordinates = tuple[
    Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]
]


class _Part(BaseModel):
    """An object of the file; keys that ntgeo does not know are kept apart, and told."""

    model_config = ConfigDict(extra="allow", frozen=True)


class VroomTask(_Part):
    """What a job and both ends of a shipment have in common."""

    id: Whole
    description: str | None = None
    location: Coordinates | None = None
    location_index: Whole | None = None
    setup: Whole = 0
    service: Whole = 0
    service_per_type: dict[str, Whole] = Field(default_factory=dict)
    setup_per_type: dict[str, Whole] = Field(default_factory=dict)
    time_windows: tuple[Window, ...] = ()


class VroomJob(VroomTask):
    """A place to be visited once."""

    delivery: Amounts = ()
    pickup: Amounts = ()
    skills: Skills = ()
    priority: Annotated[int, Field(ge=0, le=100)] = 0


class VroomShipment(_Part):
    """Something to be fetched and brought by the same vehicle."""

    pickup: VroomTask
    delivery: VroomTask
    amount: Amounts = ()
    skills: Skills = ()
    priority: Annotated[int, Field(ge=0, le=100)] = 0


class VroomCosts(_Part):
    """What a route costs."""

    fixed: Whole = 0
    per_hour: Whole = 3600
    per_km: Whole = 0
    per_task_hour: Whole = 0


class VroomBreak(_Part):
    """A rest within a route."""

    id: Whole
    time_windows: tuple[Window, ...] = ()
    service: Whole = 0
    description: str | None = None
    max_load: Amounts = ()


class VroomVehicle(_Part):
    """Who makes a route."""

    id: Whole
    profile: str = "car"
    description: str | None = None
    start: Coordinates | None = None
    start_index: Whole | None = None
    end: Coordinates | None = None
    end_index: Whole | None = None
    capacity: Amounts = ()
    costs: VroomCosts = VroomCosts()
    skills: Skills = ()
    type: str | None = None
    time_window: Window | None = None
    breaks: tuple[VroomBreak, ...] = ()
    speed_factor: Annotated[float, Field(gt=0, le=5)] = 1.0
    max_tasks: Whole | None = None
    max_travel_time: Whole | None = None
    max_distance: Whole | None = None


class VroomMatrix(_Part):
    """Times, and perhaps distances, between numbered places."""

    durations: tuple[tuple[Cost, ...], ...]
    distances: tuple[tuple[Cost, ...], ...] | None = None
    costs: tuple[tuple[Cost, ...], ...] | None = None


class VroomFile(_Part):
    """The whole question."""

    vehicles: tuple[VroomVehicle, ...] = Field(min_length=1)
    jobs: tuple[VroomJob, ...] = ()
    shipments: tuple[VroomShipment, ...] = ()
    matrices: dict[str, VroomMatrix] = Field(default_factory=dict)

    @property
    def unknown_keys(self) -> tuple[str, ...]:
        """Keys that were not taken over, such as ``vehicles.steps``."""
        return tuple(sorted(set(_unknown_in(self, ""))))


def _unknown_in(part: BaseModel, where: str) -> Iterator[str]:
    yield from (f"{where}{key}" for key in part.model_extra or {})
    for key, value in part:
        inner = value.values() if isinstance(value, dict) else value
        items = [inner] if isinstance(inner, BaseModel) else inner
        if key in type(part).model_fields and not isinstance(items, str | int | float | None):
            for item in items:
                if isinstance(item, BaseModel):
                    yield from _unknown_in(item, f"{where}{key}.")


def read_vroom_file(path: Path) -> VroomFile:
    """Read VROOM's JSON.

    Raises:
        InputError: It is not such a file; all its faults are told.
        DataUnavailableError: There is no such file.
    """
    local = check_local_file(path)
    if local.stat().st_size > _LARGEST_BYTES:
        refuse(local.name, "is too large to be a day's question", "split the day", "too-long")
    try:
        content = parse_json(local.read_bytes())
    except (ValueError, RecursionError) as error:
        what = f"is not JSON ({type(error).__name__})"
        refuse(local.name, what, "export it again as JSON", "not-json")
    return parse_vroom_file(content, file=local.name)


def parse_vroom_file(content: Any, *, file: str) -> VroomFile:
    """Check the content of VROOM's JSON.

    Args:
        content: What the JSON holds; the old key ``matrix`` counts as the durations of ``car``.
        file: Its name.

    Raises:
        InputError: It asks something that cannot be asked; all its faults are told.
    """
    if isinstance(content, Mapping) and "matrix" in content and "matrices" not in content:
        rest = {key: value for key, value in content.items() if key != "matrix"}
        content = rest | {"matrices": {"car": {"durations": content["matrix"]}}}
    try:
        return VroomFile.model_validate(content)
    except ValidationError as error:
        raise_faults(
            [
                Fault(
                    file=file,
                    column=".".join(str(part) for part in detail["loc"]) or "(whole file)",
                    column_word="key",
                    value=_shown(detail["input"]),
                    what=detail["msg"][:1].lower() + detail["msg"][1:],
                    fix="write it as VROOM's API says",
                    code=f"vroom-{detail['type']}",
                )
                for detail in error.errors(include_url=False)
            ]
        )
        raise


def _shown(value: object) -> str | None:
    """Return a wrong number as it is; words may be personal, and are not told."""
    return str(value) if isinstance(value, int | float) else None
