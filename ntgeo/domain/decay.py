"""How attendance or cover falls with travel time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

__all__ = ["Decay", "DecayKind"]

FloatArray = npt.NDArray[np.float64]
_STEEPEST = 20.0


class DecayKind(StrEnum):
    """The shape of the fall, beyond the time up to which everyone comes."""

    LINEAR = "linear"
    """Straight down to nobody at ``zero_s``."""
    POWER = "power"
    """``(full_s / t)^exponent``."""
    EXPONENTIAL = "exponential"
    """Half as many with each further ``halving_s``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decay:
    """The share of the demand that comes from a travel time away; 1 up to ``full_s``, then falling.

    The shapes are those of gradual cover (Berman, Krass and Drezner 2003) and of spatial
    interaction (Wilson 1971).

    Args:
        kind: The shape.
        full_s: Everyone comes from no farther than this; above 0 for a power.
        zero_s: For linear: nobody comes from farther than this.
        exponent: For power: how steeply it falls.
        halving_s: For exponential: the time in which it halves.
    """

    kind: DecayKind
    full_s: float = 0.0
    zero_s: float | None = None
    exponent: float | None = None
    halving_s: float | None = None

    def __post_init__(self) -> None:
        """Check that the shape has its own figure, and no other."""
        object.__setattr__(self, "kind", DecayKind(self.kind))
        own = {
            DecayKind.LINEAR: "zero_s",
            DecayKind.POWER: "exponent",
            DecayKind.EXPONENTIAL: "halving_s",
        }[self.kind]
        given = [n for n in ("zero_s", "exponent", "halving_s") if getattr(self, n) is not None]
        if given != [own]:
            msg = f"a {self.kind} decay needs {own} and nothing else; given: {given or 'nothing'}"
            raise ValueError(msg)
        if not 0 <= self.full_s < math.inf or (self.kind is DecayKind.POWER and self.full_s <= 0):
            msg = f"full_s {self.full_s}: it must be finite, 0 or more; above 0 for a power"
            raise ValueError(msg)
        least = self.full_s if self.kind is DecayKind.LINEAR else 0.0
        most = _STEEPEST if self.kind is DecayKind.POWER else math.inf
        value = getattr(self, own)
        if not least < value <= most or math.isinf(value):
            msg = f"{own} {value}: it must be finite and above {least:g}"
            raise ValueError(msg)

    def share(self, time_s: FloatArray) -> FloatArray:
        """Return the share that comes, 0 to 1; NaN and infinite times give 0.

        Args:
            time_s: Seconds, of any shape, 0 or more.
        """
        beyond = np.maximum(np.where(np.isfinite(time_s), time_s, np.inf) - self.full_s, 0.0)
        if self.zero_s is not None:
            share = np.maximum(0.0, 1.0 - beyond / (self.zero_s - self.full_s))
        elif self.halving_s is not None:
            share = np.exp2(-beyond / self.halving_s)
        else:
            assert self.exponent is not None  # noqa: S101 - checked when it was made
            share = (self.full_s / (self.full_s + beyond)) ** self.exponent
        return np.asarray(share, dtype=np.float64)
