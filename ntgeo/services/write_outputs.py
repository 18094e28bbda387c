"""Everything a run shows: the plans as files, tables, layers, maps and the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from ntgeo import reports
from ntgeo.files import write_text
from ntgeo.mapping import Backdrop
from ntgeo.progress import SILENT, Progress
from ntgeo.services.answer_scenario import Answer
from ntgeo.services.desk import Desk
from ntgeo.services.plan_files import (
    ROUNDS_FILE,
    SITING_FILE,
    SITING_TRAVEL_FILE,
    rounds_travel_files,
    write_rounds,
    write_siting,
)
from ntgeo.services.question import Question
from ntgeo.services.write_maps import map_backdrop, write_maps
from ntgeo.services.write_report import write_report
from ntgeo.services.write_tables import write_for_staff, write_layers, write_tables

__all__ = ["PUBLIC", "sentences_of", "write_outputs", "write_public"]

PUBLIC: Final = "public"
"""Folder of a run that may be given to anyone."""


def sentences_of(answer: Answer) -> list[str]:
    """Return the answer in at most five plain sentences."""
    siting, rounds = answer.siting, answer.rounds
    areas = pd.DataFrame(answer.places.areas.drop(columns="geometry"))
    return reports.five_sentences(
        siting=None if siting is None else (siting.problem, siting.plan, areas),
        rounds=None if rounds is None else (rounds.problem, rounds.plan),
    )


def write_outputs(
    folder: Path,
    question: Question,
    answer: Answer,
    made_on: date,
    *,
    basemap_key: str | None = None,
    progress: Progress = SILENT,
) -> dict[str, str]:
    """Write every file of a run but its record.

    Args:
        folder: Where to.
        question: The scenario and what was read.
        answer: Checked.
        made_on: Date of the run in London.
        basemap_key: Of the map tiles asked for, where they need one.
        progress: Told what is written.

    Returns:
        File name → what it is, for each file written.
    """
    desk = Desk.of(folder, question, answer, made_on, basemap_key)
    progress.stage("Writing tables")
    described = dict(
        [*_plans(desk), *write_tables(desk), *write_layers(desk), *write_for_staff(desk)]
    )
    progress.stage("Drawing maps")
    backdrop = map_backdrop(desk)
    described |= dict(write_maps(desk, backdrop))
    progress.stage("Writing the report")
    described |= dict(write_report(desk, described))
    progress.stage("Writing what may be published")
    return described | dict(write_public(desk, backdrop))


def write_public(desk: Desk, backdrop: Backdrop) -> Iterator[tuple[str, str]]:
    """Write what anyone may see to a folder of its own: areas and totals, nothing of staff."""
    if desk.answer.siting is None:
        return
    public = desk.for_public(desk.folder / PUBLIC)
    public.folder.mkdir()
    files = dict([*write_tables(public), *write_layers(public), *write_maps(public, backdrop)])
    files |= dict(write_report(public, files))
    for file, what in files.items():
        yield f"{PUBLIC}/{file}", f"{what}; may be published"


def _plans(desk: Desk) -> Iterator[tuple[str, str]]:
    write_text(desk.folder / "scenario.toml", desk.question.text)
    yield "scenario.toml", "The question, as it was asked"
    siting, rounds = desk.answer.siting, desk.answer.rounds
    if siting is not None:
        write_siting(desk.folder, siting.problem, siting.plan)
        yield SITING_FILE, "The siting problem and plan, for ntgeo check"
        yield SITING_TRAVEL_FILE, "Travel times from areas to sites, for ntgeo check"
    if rounds is not None:
        write_rounds(desk.folder, rounds.problem, rounds.plan)
        yield ROUNDS_FILE, "The rounds problem and plan, for ntgeo check"
        matrices = (rounds.problem.travel, *rounds.problem.more_travel)
        for file, travel in zip(rounds_travel_files(len(matrices)), matrices, strict=True):
            at = "" if travel.departs_at is None else f" at {travel.departs_at:%H:%M}"
            yield file, f"Travel times between visits by {travel.mode}{at}, for ntgeo check"
