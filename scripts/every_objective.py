"""Asks every question of a file about one place, and prints each answer.

    python scripts/every_objective.py scripts/scenarios/every_objective_sandhaven.toml

The file names a scenario, and holds a table for each question: a title and the tables that stand
instead of the scenario's own. Each question is written as a scenario beside its run, to copy.
"""

from __future__ import annotations

import json
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from ntgeo import Workspace
from ntgeo.errors import NoPlanError
from ntgeo.sources.scenario_file import data_folder_of, read_scenario

LEFT_OUT = ("rounds", "description")


def toml_of(value: Any) -> str:
    """Return a value as TOML, tables in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {toml_of(own)}' for key, own in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_of(item) for item in value) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


def write_scenarios(questions: Path, folder: Path) -> list[Path]:
    """Write a scenario for each question and return their paths."""
    asked = tomllib.loads(questions.read_text(encoding="utf-8"))
    place = questions.parent / asked.pop("scenario")
    scenario, text = read_scenario(place)
    own = {key: value for key, value in tomllib.loads(text).items() if key not in LEFT_OUT}
    own["data_folder"] = str(data_folder_of(scenario, place).resolve())
    paths = []
    for name, question in asked.items():
        content = {**own, **question, "id": f"{own['id']}-{name}"}
        path = folder / f"{content['id']}.toml"
        lines = [f"{key} = {toml_of(value)}" for key, value in content.items()]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def main(questions: Path, folder: Path) -> None:
    """Ask every question of a file; runs go to ``maps/`` below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in write_scenarios(questions, folder):
        print(f"\n{path.stem}")
        try:
            run = Workspace(folder).run(path)
        except NoPlanError as error:
            print(f"  {error}")
            continue
        for sentence in run.sentences:
            print(f"  - {sentence}")
        print(f"  {run.folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "."))  # noqa: PLR2004
