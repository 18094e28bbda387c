"""Small-number rules for anything that leaves the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ntgeo.errors import Fault, InputError

__all__ = ["DISCLOSURE_RULES", "DisclosureRule", "rule_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRule:
    """What of a count may be shown.

    By every rule further counts are hidden where a hidden one could be had by subtraction from a
    total, and a few more by chance, so that two releases tell no more than one.

    Args:
        name: As a scenario writes it.
        largest_hidden: Counts from 1 to this are hidden.
        hides_zero: Whether 0 is hidden too.
        rounded_to: Counts shown are rounded to the nearest multiple of this, halves up.
        mark: What stands for a hidden count; ``None`` is a missing value.
        source: Where the rule comes from.
    """

    name: str
    largest_hidden: int
    hides_zero: bool
    rounded_to: int
    mark: str | None
    source: str

    @property
    def least_hidden(self) -> int:
        """The smallest value a hidden count can have."""
        return 0 if self.hides_zero else 1

    @property
    def text(self) -> str:
        """The rule in words, for a footnote."""
        by_chance = "a few counts just above"
        if not self.hides_zero:
            by_chance += " and a few zeros"
        return (
            f"Counts of {self.least_hidden} to {self.largest_hidden} are withheld; others to the "
            f"nearest {self.rounded_to}; some larger counts are withheld to protect them; "
            f"{by_chance} are withheld by chance, so that releases cannot be compared."
        )

    @property
    def stand_in(self) -> float:
        """What a withheld count counts as where it must count: the middle of what is hidden."""
        return (self.least_hidden + self.largest_hidden) / 2


_RULES: Final = (
    DisclosureRule(
        name="local-5",
        largest_hidden=4,
        hides_zero=False,
        rounded_to=5,
        mark=None,
        source="ntgeo's default, after the practice of local authority public health teams: no "
        "count below 5, the rest rounded to 5. Check it against your council's own policy.",
    ),
    DisclosureRule(
        name="ons-10",
        largest_hidden=9,
        hides_zero=True,
        rounded_to=5,
        mark=None,
        source="The threshold is that of the Office for National Statistics, Secure Research "
        "Service Output Checking Guidance (v1.1, 2022): 10 for frequency tables, low counts and "
        "zeros alike. Rounding the rest to 5, and withholding some counts of 10 and 11 by chance, "
        "are ntgeo's own additions and not in the guidance: exact counts of two releases that "
        "differ by a record could be compared.",
    ),
    DisclosureRule(
        name="nhs-hes",
        largest_hidden=7,
        hides_zero=False,
        rounded_to=5,
        mark="*",
        source="NHS Digital, Disclosure control methodology for Hospital Episode Statistics and "
        "Emergency Care Data Set (September 2018): 1 to 7 shown as *, others rounded to 5, totals "
        "reckoned first and rounded apart; there the rounding stands in for secondary suppression. "
        "That ntgeo withholds further counts all the same is its own addition: where two releases "
        "that differ by a record are compared, rounding does not stand in for it.",
    ),
)

DISCLOSURE_RULES: Final[Mapping[str, DisclosureRule]] = MappingProxyType(
    {rule.name: rule for rule in _RULES}
)
"""The rules by name."""


def rule_named(name: str) -> DisclosureRule:
    """Return a rule.

    Raises:
        InputError: There is no rule of that name.
    """
    if name not in DISCLOSURE_RULES:
        raise InputError(
            Fault(
                file="publication",
                column="rule",
                value=name,
                what="there is no such small-number rule",
                fix=f"use one of {', '.join(sorted(DISCLOSURE_RULES))}",
                code="unknown-rule",
            )
        )
    return DISCLOSURE_RULES[name]
