"""What is wrong with the keys of a scenario: where it stands, and what to write instead."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ntgeo.domain.scenario import Scenario
from ntgeo.errors import Fault

__all__ = ["scenario_faults"]

_CONTAINERS: Final = frozenset({"tuple", "dict"})
_KINDS: Final = frozenset({"close", "slow", "one-way", "new"})
"""Of changes to roads; pydantic puts these, like containers, between the keys of a location."""
_NO_KEYS: Final = _CONTAINERS | _KINDS
_BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "{} or less"),
}
_LONGEST_ID: Final = 64
_BASES: Final = frozenset({"base", "based_on", "extends", "include", "inherits", "parent"})
_WHOLE: Final = ("is no whole number", "write digits only, such as 12")
_NUMBER: Final = ("is not a number", "write digits only, such as 12.5")
_YES_NO: Final = ("is neither true nor false", "write true or false, without quotes")
_DAY: Final = ("is not a day", "write it as 2026-11-24, without quotes")
_TIME: Final = ("is not a time of day", "write it as 08:30:00, without quotes")
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("this key is needed", "add it"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": ("is not whole", "give a whole number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "string_type": ("is not a text", 'put it in "quotes"'),
    "tuple_type": ("is not a list", "put it in [brackets], parted by commas"),
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": ("has a time of day", "write the day alone, as 2026-11-24"),
    "time_type": _TIME,
    "time_parsing": _TIME,
    "union_tag_not_found": (
        "this key is needed",
        'add kind = "close", "slow", "one-way" or "new"',
    ),
    "union_tag_invalid": (
        "this kind is not known",
        'write kind = "close", "slow", "one-way" or "new"',
    ),
}


def scenario_faults(error: ValidationError, text: str, file: str) -> list[Fault]:
    """Return a fault for each key that pydantic refused.

    Args:
        error: What it raised.
        text: Of the scenario.
        file: Its name.
    """
    details = error.errors(include_url=False)
    return [_fault(detail, text, file) for detail in details if not _is_echo(detail, details)]


def _is_echo(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Tell whether a list is called too short only because its items were refused."""
    depth = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == detail["loc"] for other in details
    )


def _fault(detail: ErrorDetails, text: str, file: str) -> Fault:
    location = [part for part in detail["loc"] if part not in _NO_KEYS]
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in location)
    kind, value = detail["type"], detail["input"]
    what, fix = _told(detail, location)
    if kind == "missing":
        value = None
    elif kind.startswith("union_tag"):
        key, value = f"{key}.kind", detail["input"].get("kind")
    return Fault(
        file=file,
        row=_line_of(location, text),
        row_word="line",
        column=key or "(whole file)",
        column_word="key",
        value=_shown(value),
        what=what,
        fix=fix,
        code=f"scenario-{kind}",
    )


def _shown(value: object) -> str | None:
    """Return a value as a scenario writes it; nothing for tables and lists."""
    if value is None or isinstance(value, dict | list | tuple):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(detail: ErrorDetails, location: Sequence[str | int]) -> tuple[str, str]:
    """Say what is wrong with a key, and what to do."""
    kind = detail["type"]
    if kind in _BOUNDS:
        return _bound_told(detail)
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "extra_forbidden":
        return "unknown key", _advice_on_unknown(str(location[-1]), detail["loc"][:-1])
    if kind in {"literal_error", "enum"}:
        return _choice_told(detail)
    if kind == "string_pattern_mismatch":
        is_long = len(str(detail["input"])) > _LONGEST_ID
        what = "is too long" if is_long else "holds characters that may not stand there"
        return what, f"use a-z, 0-9, - and _ only, and {_LONGEST_ID} of them at most"
    what = detail["msg"].removeprefix("Value error, ")
    return what[:1].lower() + what[1:], "correct the value"


def _choice_told(detail: ErrorDetails) -> tuple[str, str]:
    choices = re.findall(r"'([^']+)'", detail.get("ctx", {}).get("expected", ""))
    near = difflib.get_close_matches(str(detail["input"]).casefold(), choices, n=1)
    hint = f'did you mean "{near[0]}"? It may be ' if near else "write one of "
    return "is none of its choices", hint + ", ".join(choices)


def _advice_on_unknown(key: str, location: Sequence[str | int]) -> str:
    if key in _BASES:
        return "copy what you need: a scenario is whole in one file, and built on no other"
    here = ".".join(part for part in location if isinstance(part, str) and part not in _NO_KEYS)
    elsewhere = next((table for table in _tables_with(key, Scenario) if table != here), None)
    if elsewhere is not None:
        place = f"below [{elsewhere}]" if elsewhere else "above the first [table]"
        return f"move it {place}, where it belongs, or remove it"
    nearest = difflib.get_close_matches(key, _keys_at(location), n=1)
    if nearest:
        return f'did you mean "{nearest[0]}"? Otherwise remove it'
    return "remove it, or correct its spelling"


def _tables_with(key: str, model: type[BaseModel], table: str = "") -> Iterator[str]:
    """Return the dotted names of the tables that may hold a key."""
    if key in model.model_fields:
        yield table
    for name, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            yield from _tables_with(key, inner, f"{table}.{name}" if table else name)


def _bound_told(detail: ErrorDetails) -> tuple[str, str]:
    """Say what a number must be, and what to do."""
    value = detail["input"]
    if isinstance(value, float) and not math.isfinite(value):
        return "is not a finite number", "write digits only, such as 12.5"
    bound, words = _BOUNDS[detail["type"]]
    told = words.format(f"{detail.get('ctx', {})[bound]:g}")
    return f"must be {told}", f"give a number {told}"


def _keys_at(location: Sequence[str | int]) -> list[str]:
    models: list[type[BaseModel]] = [Scenario]
    for part in location:
        if part in _KINDS:
            models = [model for model in models if part in _kinds_of(model)]
        elif isinstance(part, str) and part not in _CONTAINERS:
            fields = [model.model_fields[part] for model in models if part in model.model_fields]
            models = [inner for field in fields for inner in _models_in(field.annotation)]
    return list(dict.fromkeys(key for model in models for key in model.model_fields))


def _kinds_of(model: type[BaseModel]) -> tuple[object, ...]:
    field = model.model_fields.get("kind")
    return () if field is None else get_args(field.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _line_of(location: Sequence[str | int], text: str) -> int | None:
    names = [part for part in location if isinstance(part, str)]
    if not names:
        return None
    lines = text.splitlines()
    if isinstance(location[-1], int):
        heading = re.compile(rf"^\s*\[\[\s*{re.escape('.'.join(names))}\s*\]\]")
        starts = [number for number, line in enumerate(lines, start=1) if heading.match(line)]
        if location[-1] < len(starts):
            return starts[location[-1]]
    table, start = ".".join(names[:-1]), 0
    headings = re.compile(rf"^\s*\[\[?\s*{re.escape(table)}\s*\]\]?") if table else None
    if headings:
        starts = [number for number, line in enumerate(lines) if headings.match(line)]
        index = next((part for part in location if isinstance(part, int)), 0)
        start = starts[min(index, len(starts) - 1)] if starts else 0
    key = re.compile(rf"^\s*\"?{re.escape(names[-1])}\"?\s*=|^\s*\[\[?\s*[\w.]*{names[-1]}\s*\]")
    return next((n + 1 for n in range(start, len(lines)) if key.match(lines[n])), None)
