"""Which column is which: headings matched as people write them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from ntgeo.errors import Fault, first_five, visible
from ntgeo.sources.cell_text import clean_cell
from ntgeo.sources.noted import Cleansed

__all__ = [
    "ALIASES",
    "column_letter",
    "heading_key",
    "heading_notes",
    "match_headings",
    "missing_column",
    "misspelt_notes",
    "nearest_heading",
    "repeated_headings",
    "unread_note",
]

_NEAR: Final = 0.85
_NOT_SEEN: Final = re.compile(r"[\s_\u00ad\u200b-\u200f\u2060\ufeff]+")

ALIASES: Final[Mapping[str, re.Pattern[str]]] = {
    "id": re.compile(r"(site|visit|depot|place|stop|origin|destination|area)id|lsoa(11|21)?(cd)?"),
    "lsoa": re.compile(r"lsoa(20)?(01|11|21)?(cd?|code)?(\((2011|2021)\))?"),
    "lsoa_name": re.compile(r"lsoa(20)?(01|11|21)?(nm|name)"),
    "lsoa11": re.compile(r"lsoa(20)?11(cd?|code)?|lsoacode\(2011\)"),
    "lsoa21": re.compile(r"lsoa(20)?21(cd?|code)?|lsoacode\(2021\)"),
    "change": re.compile(r"chg?ind|changecode|changeindicator"),
    "district": re.compile(r"l(ad|tla)(20)?(\d\d)?(cd?|code)"),
    "district_name": re.compile(r"l(ad|tla)(20)?(\d\d)?(nm|name)"),
    "postcode": re.compile(r"postcode|postalcode|pcds?|pcd[278]"),
    "easting": re.compile(r"easting(s|m)?|(os)?east1m|bngeasting|geometryx"),
    "northing": re.compile(r"northing(s|m)?|(os)?nrth1m|north1m|bngnorthing|geometryy"),
    "lon": re.compile(r"lon|long|lng|longitude"),
    "lat": re.compile(r"lat|latitude"),
}
"""Usual headings of columns that go by many names, as :func:`heading_key` writes them."""


def heading_key(heading: str) -> str:
    """Return a heading without case, blanks, underscores and invisible marks."""
    return _NOT_SEEN.sub("", heading).casefold()


def column_letter(index: int) -> str:
    """Return the spreadsheet's letter of a column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def repeated_headings(file: str, headings: Sequence[str], *, row: int = 1) -> list[Fault]:
    """Return a fault for each heading that stands more than once; ``row`` is where they stand."""
    places: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        if key := heading_key(heading):
            places.setdefault(key, []).append(index)
    return [
        Fault(
            file=file,
            row=row,
            column=headings[indices[0]].strip(),
            what=f"this heading appears in columns {first_five(map(column_letter, indices))}",
            fix="rename or delete one of them",
            code="repeated-heading",
        )
        for indices in places.values()
        if len(indices) > 1
    ]


def match_headings(
    headings: Sequence[str], wanted: Iterable[str], columns: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Find the wanted columns.

    A column that ``columns`` maps is looked for under that heading only; any other under its own
    name, then under the :data:`ALIASES` of its kind.

    Returns:
        Canonical name → position, for those found.
    """
    mapped = columns or {}
    position = {heading_key(heading): i for i, heading in reversed(list(enumerate(headings)))}
    position.pop("", None)
    found: dict[str, int] = {}
    for name in wanted:
        key = heading_key(mapped.get(name, name))
        if key in position:
            found[name] = position[key]
        elif name not in mapped and (alias := ALIASES.get(name)):
            alike = sorted(i for text, i in position.items() if alias.fullmatch(text))
            if alike:
                found[name] = alike[0]
    return found


def heading_notes(
    file: str,
    found: Mapping[str, int],
    headings: Sequence[str],
    columns: Collection[str] = (),
) -> tuple[str, ...]:
    """Return a note of headings that are not written as their columns usually are.

    Args:
        file: File name.
        found: Canonical name → position, of :func:`match_headings`.
        headings: As they stand in the file.
        columns: Canonical names of those that were looked for under a heading of their own.
    """
    odd = []
    for name, position in found.items():
        if name in columns:
            continue
        heading = headings[position]
        is_spelt_oddly = heading_key(heading) == heading_key(name) and heading != name
        if is_spelt_oddly or heading != clean_cell(heading):
            odd.append(f'"{visible(heading)}" as {name}')
    if not odd:
        return ()
    return (Cleansed("layouts", f"{file}: headings are read as follows: {first_five(odd)}."),)


def nearest_heading(wanted: Sequence[str], headings: Sequence[str]) -> str | None:
    """Return the heading that is most like one of the wanted ones, if any is."""
    by_key = {heading_key(heading): clean_cell(heading) for heading in headings}
    for name in wanted:
        near = difflib.get_close_matches(heading_key(name), by_key, n=1, cutoff=0.5)
        if near:
            return by_key[near[0]]
    return None


def missing_column(
    file: str, wanted: str, headings: Sequence[str], *, name: str = "", row: int = 1
) -> Fault:
    """Return the fault of a column that is not there, with the nearest heading that is.

    Args:
        file: The file's name.
        wanted: Heading that was looked for.
        headings: Those there are.
        name: Canonical name to map, where it differs from ``wanted``.
        row: Where the headings stand.
    """
    there = [heading.strip() for heading in headings if heading.strip()]
    near = nearest_heading((wanted,), there)
    hint = f'; did you mean "{near}"' if near else ""
    return Fault(
        file=file,
        row=row,
        column=wanted,
        what=f"there is no such column; found {first_five(there)}{hint}",
        fix=f'add it, or map the column "{name or wanted}" to its heading in the scenario',
        code="missing-column",
    )


def unread_note(file: str, headings: Sequence[str], read: Mapping[str, str]) -> str | None:
    """Tell which columns of a file are not read.

    Columns are told by their letter: a heading may itself be somebody's data.

    Args:
        file: The file's name.
        headings: Those there are.
        read: Canonical name → heading, for those that are read.
    """
    unread = _unread(headings, read.values())
    if not unread:
        return None
    listed = f"{'column' if len(unread) == 1 else 'columns'} {first_five(unread)}"
    return f"{file}: not read, and shown nowhere: {listed}."


def misspelt_notes(
    file: str, headings: Sequence[str], read: Mapping[str, int], known: Iterable[str]
) -> tuple[str, ...]:
    """Tell which headings that are not read look like those of columns that are not there.

    Args:
        file: The file's name.
        headings: Those there are.
        read: Canonical name → position, of :func:`match_headings`.
        known: Canonical names of all columns that could be.
    """
    absent = {heading_key(name): name for name in known if name not in read}
    unread = _unread(headings, (headings[position] for position in read.values()))
    near = [
        f"{letter} looks like {absent[found[0]]}"
        for letter, key in unread.items()
        if (found := difflib.get_close_matches(key, absent, n=1, cutoff=_NEAR))
    ]
    if not near:
        return ()
    return (f"{file}: column {first_five(near)}, and is not read; correct its heading if it is.",)


def _unread(headings: Sequence[str], read: Iterable[str]) -> dict[str, str]:
    """Return column letter → heading, as :func:`heading_key` writes it, of those not read."""
    taken = {heading_key(heading) for heading in read}
    keys = {column_letter(index): heading_key(heading) for index, heading in enumerate(headings)}
    return {letter: key for letter, key in keys.items() if key and key not in taken}
