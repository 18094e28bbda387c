"""Personal columns that a table of service use has no need of, and must not carry."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from ntgeo.errors import Fault
from ntgeo.sources.headings import heading_key

__all__ = ["personal_faults"]

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_PERSONAL: Final = re.compile(
    r"nhs(no|num|number|id)?|chinumber|dob|dateofbirth|birthdate|birthday|name|fullname|clientname"
    r"|patientname|personname|(fore|first|given|middle|last|sur|family|maiden)names?|nino"
    r"|(ni|nationalinsurance)(no|number)|e?mail(address)?|(tele|mobile)?phone(no|number)?|mobile"
    r"|telephone|address(line)?\d?|homeaddress|passport(no|number)?|bankaccount"
)


def _letters(heading: str) -> str:
    return _NOT_LETTERS.sub("", heading).casefold()


def personal_faults(file: str, headings: Sequence[str], asked_for: Collection[str]) -> list[Fault]:
    """Return a fault for each personal column that nobody asked for.

    Args:
        file: File name.
        headings: All headings of the file.
        asked_for: Headings that the user mapped to a column of ntgeo.
    """
    wanted = {heading_key(heading) for heading in asked_for}
    return [
        Fault(
            file=file,
            row=1,
            column=heading.strip(),
            what="is personal data that is not needed here",
            fix="remove the column and export again; nothing of the file was kept",
            code="personal-column",
        )
        for heading in headings
        if heading_key(heading) not in wanted and _PERSONAL.fullmatch(_letters(heading))
    ]
