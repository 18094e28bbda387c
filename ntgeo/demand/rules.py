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

    Args:
        name: As a scenario writes it.
        largest_hidden: Counts from 1 to this are hidden.
        hides_zero: Whether 0 is hidden too.
        rounded_to: Counts shown are rounded to the nearest multiple of this, halves up; 1 leaves
            them as they are.
        hides_second: Whether further counts are hidden where a hidden one could be had by
            subtraction from a total.
        mark: What stands for a hidden count; ``None`` is a missing value.
        source: Where the rule comes from.
    """

    name: str
    largest_hidden: int
    hides_zero: bool
    rounded_to: int
    hides_second: bool
    mark: str | None
    source: str

    @property
    def least_hidden(self) -> int:
        """The smallest value a hidden count can have."""
        return 0 if self.hides_zero else 1

    @property
    def text(self) -> str:
        """The rule in words, for a footnote."""
        zero = "0" if self.hides_zero else "1"
        shown = (
            "others are exact"
            if self.rounded_to == 1
            else f"others to the nearest {self.rounded_to}"
        )
        second = "; some larger counts are withheld to protect them" if self.hides_second else ""
        text = f"Counts of {zero} to {self.largest_hidden} are withheld; {shown}{second}"
        if self.rounded_to == 1:
            return f"{text}. Exact counts of two releases can be compared: publish one."
        return (
            f"{text}; a few counts just above and a few zeros are withheld by chance, so that "
            "releases cannot be compared."
        )


_RULES: Final = (
    DisclosureRule(
        name="local-5",
        largest_hidden=4,
        hides_zero=False,
        rounded_to=5,
        hides_second=True,
        mark=None,
        source="ntgeo's default, after the practice of local authority public health teams: no "
        "count below 5, the rest rounded to 5. Check it against your council's own policy.",
    ),
    DisclosureRule(
        name="ons-10",
        largest_hidden=9,
        hides_zero=True,
        rounded_to=1,
        hides_second=True,
        mark=None,
        source="Office for National Statistics, Secure Research Service Output Checking Guidance "
        "(v1.1, 2022): a threshold of 10 for frequency tables, low counts and zeros alike.",
    ),
    DisclosureRule(
        name="nhs-hes",
        largest_hidden=7,
        hides_zero=False,
        rounded_to=5,
        hides_second=False,
        mark="*",
        source="NHS Digital, Disclosure control methodology for Hospital Episode Statistics and "
        "Emergency Care Data Set (September 2018): 1 to 7 shown as *, others rounded to 5, totals "
        "reckoned first and rounded apart; the rounding stands in for secondary suppression.",
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
