"""What a manager asks of a plan of rounds: what would mend it, what if the day goes awry."""

from __future__ import annotations

from ntgeo.routing.answers.replan import plan_anew

__all__ = ["plan_anew"]
