"""A visit as it was put into a round, and what is asked of it besides."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Call", "clock"]


def clock(minutes: float) -> str:
    """Return minutes from midnight as ``HH:MM``."""
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


@dataclass(slots=True, kw_only=True)
class Call:
    """A visit of a round; times in minutes from midnight.

    Args:
        shift: Place of the round's shift among the shifts; ``None`` for a visit of nobody.
        address: Place among the addresses.
        duration_min: How long it lasts.
        start_min: When it starts in the round.
        skills: Needed.
        opens_min: Start of its window.
        closes_min: End of its window.
        asks: Column → cell of what else is asked.
    """

    shift: int | None
    address: int
    duration_min: int
    start_min: float
    skills: tuple[str, ...]
    opens_min: int = 0
    closes_min: int = 0
    asks: dict[str, object] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether nothing else is asked of it."""
        return not self.asks

    def widen(self, before_min: int, after_min: int) -> None:
        """Open its window by at least so much around its start, on quarter hours."""
        start = int(self.start_min)
        self.opens_min = min(self.opens_min, (start - before_min) // 15 * 15)
        self.closes_min = max(self.closes_min, -((-start - after_min) // 15) * 15)
