"""Reads a scenario file, and says where each fault in it stands."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from ntgeo.domain.scenario import Scenario
from ntgeo.errors import DataUnavailableError, Fault, ScenarioError
from ntgeo.sources.scenario_faults import scenario_faults

__all__ = ["data_folder_of", "parse_scenario", "read_scenario"]

_LARGEST_BYTES: Final = 256_000
_MOST_LINES, _MOST_DOTS = 2_000, 1_000
"""A key of a hundred thousand parts takes the parser gigabytes; faults are found line by line."""
_VARIABLE: Final = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")
_LEADING_ZERO: Final = re.compile(r"=\s*[+-]?0\d")


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
        # As JSON, pydantic takes a list for a tuple without also taking true for the number 1.
        return Scenario.model_validate_json(json.dumps(content, default=str), strict=True)
    except ValidationError as error:
        raise ScenarioError(scenario_faults(error, text, file)) from None


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
