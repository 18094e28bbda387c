"""The question a run answered, as its folder has it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ntgeo.domain.scenario import Scenario
from ntgeo.errors import ScenarioError
from ntgeo.sources.scenario_file import parse_scenario

__all__ = ["SCENARIO_FILE", "scenario_of_run"]

SCENARIO_FILE: Final = "scenario.toml"


def scenario_of_run(run: Path) -> tuple[Scenario | None, str]:
    """Return a run's scenario, ``None`` where it has none that can be read, and its text."""
    path = run / SCENARIO_FILE
    if not path.is_file():
        return None, ""
    text = path.read_text(encoding="utf-8")
    try:
        return parse_scenario(text, file=path.name), text
    except ScenarioError:
        return None, text
