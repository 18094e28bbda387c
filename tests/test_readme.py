"""What the README says is tried, so that it cannot drift."""

import html
import re
import shlex
import tomllib

import pytest

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.domain.scenario import (
    DaylightTable,
    ReplanTable,
    RoundsPricesTable,
    RoundsTable,
    SitingTable,
)
from ntgeo.domain.siting import SitingObjective
from ntgeo.services.run_files import RUN_FILE, SEAL_FILE
from ntgeo.sources import LINK_COLUMNS, SHIFT_COLUMNS, VISIT_COLUMNS
from ntgeo.sources.day_events import EVENT_COLUMNS
from ntgeo.sources.scenario_file import parse_scenario


@pytest.fixture(scope="module")
def readme(repository):
    return (repository / "README.md").read_text(encoding="utf-8")


def fences(readme, language):
    return re.findall(rf"```{language}\n(.*?)```", readme, flags=re.DOTALL)


def test_it_opens_with_the_two_commands_then_a_picture(readme, repository):
    assert readme.index("scripts/demo") < readme.index("scripts/test") < readme.index("![")
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme):
        assert (repository / picture).stat().st_size > 10_000


def test_every_script_and_file_it_names_is_there(readme, repository):
    for name in set(re.findall(r"`((?:scripts|data|ntgeo|maps)/[\w./]*\w)`", readme)):
        assert (repository / name).exists(), name


def test_every_command_it_shows_exists(readme, capsys):
    shown = [line for block in fences(readme, "sh") for line in block.splitlines() if line]
    commands = [shlex.split(line, comments=True) for line in shown if line.startswith("ntgeo ")]
    assert len(commands) >= 10
    for _, name, *_ in commands:
        assert guarded(lambda name=name: app([name, "--help"], standalone_mode=False)) == 0
    capsys.readouterr()


def test_its_python_runs(readme, capsys):
    for code in fences(readme, "python"):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own README
        assert "proven best" in capsys.readouterr().out


def test_its_scenario_is_the_samples(readme, repository):
    (shown,) = fences(readme, "toml")
    asked = parse_scenario(shown, file="README.md")
    sample = (repository / "data" / "sample" / "scenario.toml").read_text()
    full = parse_scenario(sample, file="scenario.toml")
    for table in ("demand", "roads", "sites", "siting", "rounds", "seed", "id", "title"):
        assert getattr(asked, table) == getattr(full, table), table


def test_the_run_folder_is_as_it_says(readme, sample_run):
    section = readme.split("## What is in a run folder")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    told = {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}
    written = {item.file for item in sample_run.record.outputs} | {RUN_FILE, SEAL_FILE}
    public = {name for name in written if name.startswith("public/")}
    there = {re.sub(r"/.*\.", "/*.", name) for name in written - public} | {"public/"}
    only_if_asked = {"rejects.csv", "allocations.csv", "next_best.csv"}
    only_if_asked |= {"*.parquet", "tables.hyper", "*.qvd"}
    assert public
    assert told - only_if_asked == there


def test_the_answer_it_shows_is_the_answer(readme, sample_run):
    told = " ".join(re.sub(r"^> ?-?", "", readme, flags=re.MULTILINE).split())
    for sentence in sample_run.sentences:
        assert " ".join(sentence.split()) in told


def test_it_names_every_objective_and_every_rule(readme):
    section = readme.split("## Where sites should be")[1].split("\n## ")[0]
    told = set(re.findall(r"`(?:sites\.)?([\w-]+)[`\s]", section))
    assert set(SitingObjective) <= told
    not_rules = {"objective", "services", "explain", "time_limit_s"}
    assert set(SitingTable.model_fields) - not_rules <= told


def test_what_else_could_be_done_is_as_it_says(readme, sample_run):
    page = html.unescape((sample_run.folder / "report.html").read_text())
    section = readme.split("## Where sites should be")[1].split("\n## ")[0]
    quoted = " ".join(re.findall(r"^> (.*)$", section.split("siting_flips")[1], re.MULTILINE))
    sentences = [part.strip() for part in re.sub(r" +", " ", quoted).split("- ") if part.strip()]
    assert len(sentences) == 2
    for sentence in sentences:
        assert sentence in page


def test_it_names_every_column_and_key_of_rounds(readme):
    section = readme.split("## Who visits whom")[1].split("\n## ")[0]
    prose = re.sub(r"```.*?```", "", section, flags=re.DOTALL)
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", prose))))
    columns = {*VISIT_COLUMNS, *SHIFT_COLUMNS, *LINK_COLUMNS, *EVENT_COLUMNS}
    assert {name for name in columns if not re.search(r"\d_", name)} <= told
    (asked,) = re.findall(r"```\n(\[rounds\.prices\].*?)```", section, flags=re.DOTALL)
    tables = tomllib.loads(asked)["rounds"]
    assert set(tables["prices"]) == set(RoundsPricesTable.model_fields)
    assert set(tables["daylight"]) == set(DaylightTable.model_fields)
    assert (
        set(RoundsTable.model_fields) - {"day", "prices", "daylight", "explain"} - {"replan"}
        <= told
    )
    assert set(ReplanTable.model_fields) <= told


def test_its_changes_of_roads_can_be_asked(readme, repository):
    (changes,) = re.findall(r"```\n(\[\[roads\.changes\]\].*?)```", readme, flags=re.DOTALL)
    sample = (repository / "data" / "sample" / "scenario.toml").read_text()
    asked = parse_scenario(sample + changes, file="scenario.toml").roads.changes
    assert [change.kind for change in asked] == ["close", "new"]
