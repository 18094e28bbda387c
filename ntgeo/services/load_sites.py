"""Reads the sites of a scenario."""

from __future__ import annotations

from dataclasses import replace

from ntgeo import sources
from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.scenario import Scenario, SitesFile
from ntgeo.errors import DuplicateIdError, Fault, ScenarioError, UnknownIdError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.far_places import refuse_far_places
from ntgeo.services.load_places import Places
from ntgeo.services.look_ups import load_postcodes
from ntgeo.services.question import Question
from ntgeo.services.site_notes import caution_notes, site_notes

__all__ = ["load_sites", "read_site_file"]


def load_sites(
    question: Question, places: Places, *, progress: Progress = SILENT
) -> tuple[CandidateSite, ...]:
    """Read the ``[sites]`` table of a scenario, in order of id.

    Raises:
        InputError: A file is faulty, an id is unknown or stands twice, or a site lies nowhere near
            the areas.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading sites")
    asked = question.scenario.sites
    if asked is None:
        return ()
    sites: list[CandidateSite] = []
    for item in asked.files:
        table = read_site_file(question, item)
        found = table.sites
        question.log("sites.files", item.file, rows=len(found), notes=table.notes)
        for note in (*table.notes, *site_notes(question.scenario, found, places, file=item.file)):
            progress.note(note)
        locations = {str(site.id): site.location for site in found}
        refuse_far_places(locations, places.areas, file=item.file, column="site_id")
        sites.extend(found)
    _refuse_clashes(sites)
    sites = sorted(_with_statuses(question.scenario, sites), key=lambda candidate: candidate.id)
    for note in caution_notes(question, sites):
        progress.note(note)
    return tuple(sites)


def read_site_file(question: Question, item: SitesFile) -> sources.SiteTable:
    """Read one of ``[[sites.files]]`` by itself.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: It is not there.
    """
    found = sources.read_site_table(
        question.path_of("sites.files", item.file),
        columns=item.columns,
        postcodes=load_postcodes(question),
        status=item.status,
        id_prefix=item.id_prefix,
        where={column: set(values) for column, values in item.where.items()},
        service=question.scenario.demand.service,
    )
    sites = tuple(_with_usual_amounts(candidate, item) for candidate in found.sites)
    return replace(found, sites=sites)


def _with_usual_amounts(site: CandidateSite, item: SitesFile) -> CandidateSite:
    """Return a site with the capacity and cost of its file's other sites, where it has none."""
    return replace(
        site,
        capacity=item.capacity if site.capacity is None else site.capacity,
        fixed_cost_gbp=item.fixed_cost_gbp if site.fixed_cost_gbp is None else site.fixed_cost_gbp,
    )


def _refuse_clashes(sites: list[CandidateSite]) -> None:
    ids = [candidate.id for candidate in sites]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise DuplicateIdError(
            Fault(
                file="sites",
                column="site_id",
                what=f"these ids stand in more than one file: {first_five(twice)}",
                fix="give each file an id_prefix of its own",
                code="duplicate-id",
            )
        )


def _with_statuses(scenario: Scenario, sites: list[CandidateSite]) -> list[CandidateSite]:
    assert scenario.sites is not None  # noqa: S101 - the caller has read its files
    required, excluded = set(scenario.sites.required), set(scenario.sites.excluded)
    known = {str(candidate.id) for candidate in sites}
    faults = [
        Fault(
            file="scenario",
            column=f"sites.{key}",
            column_word="key",
            value=name,
            what="no site has this id",
            fix=f"use an id of the site files, such as {first_five(sorted(known)[:3])}",
            code="unknown-site",
        )
        for key, names in (("required", required), ("excluded", excluded))
        for name in sorted(names - known)
    ]
    if faults:
        raise UnknownIdError(faults)
    in_files = {str(site.id) for site in sites if site.status is SiteStatus.REQUIRED}
    both = sorted((required | in_files) & excluded)
    if both:
        raise ScenarioError(
            Fault(
                file="scenario",
                column="sites",
                column_word="key",
                what=f"{first_five(both)}: both required and excluded",
                fix="remove it from one of the two",
                code="required-and-excluded",
            )
        )
    return [_with_status(candidate, required, excluded) for candidate in sites]


def _with_status(site: CandidateSite, required: set[str], excluded: set[str]) -> CandidateSite:
    if site.id in required:
        return replace(site, status=SiteStatus.REQUIRED)
    if site.id in excluded:
        return replace(site, status=SiteStatus.EXCLUDED)
    return site
