"""What a manager asks of a plan of rounds: what would mend it, what if the day goes awry."""

from __future__ import annotations

from ntgeo.routing.answers.accept import accept_offer
from ntgeo.routing.answers.next_best import next_best_staff
from ntgeo.routing.answers.replan import plan_anew
from ntgeo.routing.answers.slots import offer_slots
from ntgeo.routing.answers.weigh import weigh_changes

__all__ = ["accept_offer", "next_best_staff", "offer_slots", "plan_anew", "weigh_changes"]
