"""Turn restrictions as OpenStreetMap's relations tell them (wiki, "Relation:restriction")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ntgeo.domain.matrix import TravelMode

__all__ = ["RESTRICTION_KEYS", "TurnRestriction", "is_restriction", "read_restriction"]

RESTRICTION_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "restriction": frozenset(),
    "restriction:vehicle": frozenset({"vehicle"}),
    "restriction:motor_vehicle": frozenset({"motor_vehicle"}),
    "restriction:motorcar": frozenset({"motorcar"}),
    "restriction:bicycle": frozenset({"bicycle"}),
}
"""Keys that are read, and whom they are for; those for lorries or buses alone are left aside."""
_CONDITIONAL: Final = "restriction:conditional"
_NAMES_OF_MODE: Final = {
    TravelMode.CAR: frozenset({"motorcar", "motor_vehicle", "vehicle"}),
    TravelMode.BICYCLE: frozenset({"bicycle", "vehicle"}),
    TravelMode.FOOT: frozenset({"foot"}),
}
_TIMED: Final = ("day_on", "day_off", "hour_on", "hour_off")


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRestriction:
    """A way of turning that signs forbid, or the only one that they allow.

    Args:
        kind: Such as ``"no_right_turn"`` or ``"only_straight_on"``.
        from_way: OSM id of the way turned from.
        to_way: OSM id of the way turned into.
        via_point: OSM id of the point where the turn is made; 0 where it is made along ways.
        via_ways: OSM ids of those ways, in order.
        only_for: Kinds of traffic to which it applies; empty for all vehicles.
        spared: Kinds of traffic to which it does not apply, such as ``"bicycle"``.
    """

    kind: str
    from_way: int
    to_way: int
    via_point: int = 0
    via_ways: tuple[int, ...] = ()
    only_for: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()

    def applies_to(self, mode: TravelMode) -> bool:
        """Tell whether a mode must keep it; nobody on foot need."""
        names = _NAMES_OF_MODE[mode]
        is_meant = not self.only_for or bool(self.only_for & names)
        return mode is not TravelMode.FOOT and is_meant and not self.spared & names


def is_restriction(tags: Mapping[str, str]) -> bool:
    """Tell whether a relation restricts turns of anyone who counts here."""
    return any(key in tags for key in (*RESTRICTION_KEYS, _CONDITIONAL))


def read_restriction(
    tags: Mapping[str, str], members: Iterable[tuple[str, int, str]]
) -> tuple[list[TurnRestriction], str]:
    """Read one relation.

    Args:
        tags: Of the relation.
        members: Type (``"n"``, ``"w"`` or ``"r"``), OSM id and role of each, in order.

    Returns:
        Its restrictions, one for each pair of ways; and what is to be noted, if anything.
    """
    kinds = {key: tags[key] for key in RESTRICTION_KEYS if tags.get(key)}
    timed = "turn restriction at some times only, left aside"
    if not kinds or any(key in tags for key in _TIMED):
        return [], timed
    by_role: dict[tuple[str, str], list[int]] = {}
    for type_, osm, role in members:
        by_role.setdefault((role, type_), []).append(osm)
    from_ways, to_ways = by_role.get(("from", "w"), []), by_role.get(("to", "w"), [])
    points, ways = by_role.get(("via", "n"), []), by_role.get(("via", "w"), [])
    is_whole = from_ways and to_ways and (len(points), bool(ways)) in {(1, False), (0, True)}
    spared = frozenset(part.strip() for part in tags.get("except", "").split(";") if part.strip())
    found = []
    for key, kind in kinds.items():
        is_plain = kind.startswith("no_") or len(from_ways) == len(to_ways) == 1
        if not is_whole or not kind.startswith(("no_", "only_")) or not is_plain:
            return [], "turn restriction not understood"
        found += [
            TurnRestriction(
                kind=kind,
                from_way=start,
                to_way=end,
                via_point=points[0] if points else 0,
                via_ways=tuple(ways),
                only_for=RESTRICTION_KEYS[key],
                spared=spared,
            )
            for start in from_ways
            for end in to_ways
        ]
    return found, timed if _CONDITIONAL in tags else ""
