"""The report of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ntgeo import __version__, reports
from ntgeo.domain.units import duration_text
from ntgeo.services.desk import Desk
from ntgeo.services.siting_section import siting_section

__all__ = ["write_report"]


def write_report(desk: Desk, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Write the report and the route sheets, as pages and to print; yield each file and what it is.

    Args:
        desk: What to write from.
        files: What lies beside the report.
    """
    rounds = desk.answer.rounds
    if rounds is not None:
        reports.write_route_sheets(
            desk.folder / "route_sheets.html",
            rounds.problem,
            rounds.plan,
            title=desk.scenario.title,
            ways=reports.ways_in_words(rounds.steps),
            is_synthetic=desk.scenario.is_synthetic,
        )
        yield "route_sheets.html", "A sheet to print for each round"
        _print(desk, "route_sheets")
        yield "route_sheets.pdf", "The route sheets, ready to print"
    reports.write_report(desk.folder / "report.html", _content(desk, files))
    yield "report.html", "The whole answer on one page"
    _print(desk, "report")
    yield "report.pdf", "The report, ready to print"


def _print(desk: Desk, page: str) -> None:
    reports.write_pdf(desk.folder / f"{page}.pdf", desk.folder / f"{page}.html")


def _content(desk: Desk, files: Mapping[str, str]) -> reports.ReportContent:
    answer, scenario = desk.answer, desk.scenario
    rounds = answer.rounds
    return reports.ReportContent(
        title=scenario.title,
        question=tuple(text for text in (scenario.description,) if text),
        siting=_siting_section(desk),
        rounds=None
        if rounds is None
        else reports.RoundsSection(
            problem=rounds.problem,
            plan=rounds.plan,
            map_picture=desk.folder / "rounds.png",
            sheets_file="route_sheets.html",
            next_best=reports.next_best_table(rounds.next_best) if rounds.next_best else None,
        ),
        demand=_demand_section(desk),
        inputs=desk.inputs,
        set_aside=desk.rejects if len(desk.rejects) else None,
        notes=answer.notes,
        sources=scenario.sources,
        facts=_facts(desk),
        files=files,
        is_synthetic=scenario.is_synthetic,
    )


def _siting_section(desk: Desk) -> reports.SitingSection | None:
    siting, shown = desk.answer.siting, desk.siting
    if siting is None or shown is None:
        return None
    return siting_section(siting, shown, map_picture=desk.folder / "map.png")


def _demand_section(desk: Desk) -> reports.DemandSection | None:
    demand, shown = desk.answer.demand, desk.shown
    if shown.by_decile is None:
        return None
    mine = demand.of_service(shown.by_area).rename(columns={"count": "observed"})
    return reports.DemandSection(
        by_decile=shown.by_decile,
        indices=demand.inequality,
        service=demand.service,
        expected_by_decile=reports.expected_by_decile_table(demand.expected, desk.area_facts),
        unmet_areas=reports.unmet_areas_table(mine, desk.area_facts, service=demand.service),
        notes=tuple(note for note in (*_model_notes(desk), shown.rule_text) if note),
    )


def _model_notes(desk: Desk) -> Iterator[str]:
    for model in desk.answer.demand.models:
        yield f"{model.service}: expected use by {model.family} regression; {model.offset}."


def _facts(desk: Desk) -> dict[str, str]:
    facts = {
        "Made on": f"{desk.made_on:%d %B %Y}".lstrip("0"),
        "ntgeo": __version__,
        "Seed": str(desk.scenario.seed),
        "Areas": f"{len(desk.answer.places.codes):,} ({desk.answer.places.vintage} LSOAs)",
    }
    if desk.answer.places.edition is not None:
        facts["Deprivation"] = desk.answer.places.edition
    if desk.answer.siting is not None:
        report = desk.answer.siting.plan.report
        facts["Time to choose sites"] = duration_text(report.wall_time_s)
    return facts
