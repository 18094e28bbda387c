"""What a speeds file may hold for one mode, checked."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

__all__ = ["SpeedSection"]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

_STRICT: Final = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Table(BaseModel):
    model_config = _STRICT


class ClassRow(_Table):
    """A class of road: its usual limit or speed, and the share of it that is driven."""

    limit_mph: Positive | None = None
    kph: Positive | None = None
    share: Positive = 1.0

    @model_validator(mode="after")
    def _one_speed(self) -> Self:
        if (self.limit_mph is None) == (self.kph is None):
            msg = "it needs either limit_mph or kph"
            raise ValueError(msg)
        return self


class Pushed(_Table):
    """A bicycle pushed along."""

    kph: Positive


class Delays(_Table):
    """Seconds lost at points of a road, and at junctions without any."""

    traffic_signals: Seconds
    crossing: Seconds
    stop: Seconds
    give_way: Seconds
    mini_roundabout: Seconds
    gate: Seconds
    toll_booth: Seconds
    ferry: Seconds
    junction: Seconds
    minor_into_major: Seconds


class TurnSeconds(_Table):
    """Seconds lost by turning."""

    right: Seconds
    left: Seconds
    straight: Seconds
    u_turn: Seconds


class RangeRow(_Table):
    """How far a journey may lie from its central time, and who says so."""

    low_share: Annotated[float, Field(gt=0, le=1)]
    high_share: Annotated[float, Field(ge=1, allow_inf_nan=False)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SpeedSection(_Table):
    """``[car]``, ``[bicycle]`` or ``[foot]`` of a speeds file."""

    highest_kph: Positive
    unknown_class_kph: Positive
    restricted_share: Positive
    classes: Annotated[dict[str, ClassRow], Field(min_length=1)]
    pushed: Pushed | None = None
    delays_s: Delays
    turns_s: TurnSeconds
    time_of_day: dict[Clock, Positive] = Field(default_factory=dict)
    range: RangeRow
