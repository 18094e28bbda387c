"""Reads a scenario file, and says where each fault in it stands."""

from __future__ import annotations

import difflib
import math
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ntgeo.domain.scenario import Scenario
from ntgeo.errors import DataUnavailableError, Fault, ScenarioError

__all__ = ["data_folder_of", "parse_scenario", "read_scenario"]

_LARGEST_BYTES: Final = 256_000
_MOST_LINES, _MOST_DOTS = 2_000, 1_000
"""A key of a hundred thousand parts takes the parser gigabytes; faults are found line by line."""
_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
_CONTAINERS: Final = frozenset({"tuple", "dict"})
_KINDS: Final = frozenset({"close", "slow", "one-way", "new"})
"""Of changes to roads; pydantic puts these, like containers, between the keys of a location."""
_NO_KIND: Final = {
    "union_tag_not_found": "this key is needed",
    "union_tag_invalid": "this kind is not known",
}
_BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "{} or less"),
}
_BASES: Final = frozenset({"base", "based_on", "extends", "include", "inherits", "parent"})
_LEADING_ZERO: Final = re.compile(r"=\s*[+-]?0\d")
_ADVICE: Final[Mapping[str, str]] = {
    "missing": "add it",
    "extra_forbidden": "remove it, or correct its spelling",
    "string_type": 'put it in "quotes"',
    "string_pattern_mismatch": "use a-z, 0-9, - and _ only",
    "date_from_datetime_parsing": "write it as 2026-11-24, without quotes",
    "union_tag_not_found": 'add kind = "close", "slow", "one-way" or "new"',
    "union_tag_invalid": 'write kind = "close", "slow", "one-way" or "new"',
    "date_type": "write it as 2026-11-24, without quotes",
    "time_type": "write it as 08:30:00, without quotes",
}


def read_scenario(path: Path) -> tuple[Scenario, str]:
    """Read a scenario file.

    Returns:
        The scenario, and the text of the file.

    Raises:
        DataUnavailableError: The file is not there.
        ScenarioError: It is not TOML, or asks something that cannot be asked; all faults at once.
    """
    if not path.is_file():
        raise DataUnavailableError(str(path), "there is no such file", "check the name and folder")
    if path.stat().st_size > _LARGEST_BYTES:
        raise ScenarioError(
            Fault(
                file=path.name,
                what=f"{path.stat().st_size:,} bytes is too long for a scenario",
                fix="name the scenario file, not a data file",
                code="too-long",
            )
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(
            file=path.name,
            what=f"byte {error.start:,} is not UTF-8",
            fix="save the file as UTF-8",
            code="encoding",
        )
        raise ScenarioError(fault) from None
    return parse_scenario(text, file=path.name), text


def parse_scenario(text: str, *, file: str) -> Scenario:
    """Parse the text of a scenario file.

    Raises:
        ScenarioError: It is not TOML, or asks something that cannot be asked; all faults at once.
    """
    _refuse_long(text, file)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(_syntax_fault(str(error), text, file)) from None
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults = [_fault(detail, text, file) for detail in details if not _is_echo(detail, details)]
        raise ScenarioError(faults) from None


def _refuse_long(text: str, file: str) -> None:
    lines = text.split("\n")
    dots = [line.count(".") for line in lines]
    row = next((i for i, count in enumerate(dots, start=1) if count > _MOST_DOTS), None)
    if row is None and len(lines) <= _MOST_LINES:
        return
    what = f"has {len(lines):,} lines; the limit is {_MOST_LINES:,}"
    if row is not None:
        what = f"has {dots[row - 1]:,} dots; the limit is {_MOST_DOTS:,}"
    fix = "keep data in files of its own, which the scenario names"
    raise ScenarioError(
        Fault(file=file, row=row, row_word="line", what=what, fix=fix, code="too-long")
    )


def data_folder_of(scenario: Scenario, path: Path) -> Path:
    """Return the folder that the scenario's files lie in.

    Raises:
        ScenarioError: It names an environment variable that is not set and has no default.
    """

    def value_of(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        value = os.environ.get(name) or default
        if value is None:
            fault = Fault(
                file=path.name,
                column="data_folder",
                value=scenario.data_folder,
                what=f"the environment variable {name} is not set",
                fix=f"set {name} to the folder that holds the data",
                code="environment",
            )
            raise ScenarioError(fault)
        return value

    return path.parent / Path(_VARIABLE.sub(value_of, scenario.data_folder))


def _syntax_fault(message: str, text: str, file: str) -> Fault:
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    row = int(found[1]) if found else len(text.splitlines()) or None
    line = "" if row is None else text.splitlines()[row - 1 : row][0].strip()
    key, value = (part.strip() for part in line.partition("=")[::2])
    what = f"not valid TOML ({message.split(' (at', maxsplit=1)[0]})"
    fix = 'write each line as key = value, texts in "quotes"'
    if "overwrite" in message or "twice" in message or "already" in message:
        what, fix = "the key stands twice", "remove one of the two"
    elif _LEADING_ZERO.search(line):
        what, fix = "a number may not begin with 0", "write it without the 0"
    elif "date" in message.casefold() or re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        what, fix = "no such day exists", "give a day of the calendar, such as 2026-11-24"
    else:
        key = value = ""
    return Fault(
        file=file,
        row=row,
        row_word="line",
        column=key or None,
        column_word="key",
        value=value or None,
        what=what,
        fix=fix,
        code="toml",
    )


def _is_echo(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Tell whether a list is called too short only because its items were refused."""
    depth = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == detail["loc"] for other in details
    )


def _fault(detail: ErrorDetails, text: str, file: str) -> Fault:
    location = [part for part in detail["loc"] if part not in _CONTAINERS | _KINDS]
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in location)
    kind = detail["type"]
    what = detail["msg"].removeprefix("Value error, ")
    what = what[:1].lower() + what[1:]
    value = detail["input"]
    fix = _ADVICE.get(kind, "correct the value")
    if kind in _BOUNDS:
        what, fix = _bound_told(detail)
    elif kind == "string_pattern_mismatch":
        what = "holds characters that may not stand there"
    if kind == "extra_forbidden":
        what = "unknown key"
        nearest = difflib.get_close_matches(str(location[-1]), _keys_at(detail["loc"][:-1]), n=1)
        fix = f'did you mean "{nearest[0]}"? Otherwise remove it' if nearest else fix
        if location[-1] in _BASES:
            fix = "copy what you need: a scenario is whole in one file, and built on no other"
    elif kind == "missing":
        what = "this key is needed"
    elif kind.startswith("union_tag"):
        key, what, value = f"{key}.kind", _NO_KIND[kind], detail["input"].get("kind")
    return Fault(
        file=file,
        row=_line_of(location, text),
        row_word="line",
        column=key or "(whole file)",
        column_word="key",
        value=None if value is None or isinstance(value, dict | list | tuple) else str(value),
        what=what,
        fix=fix,
        code=f"scenario-{kind}",
    )


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
