"""The one object behind every door: it opens settings, scenarios and runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ntgeo.progress import SILENT, Progress
from ntgeo.settings import Settings

if TYPE_CHECKING:
    from ntgeo.domain.matrix import TravelTimeMatrix
    from ntgeo.services.answer_rounds import Rounds
    from ntgeo.services.answer_scenario import Siting
    from ntgeo.services.ask_day import DayOffers, OfferAsked, ReplanAsked, ReplannedDay
    from ntgeo.services.build_demand import Demand
    from ntgeo.services.check_rounds import CheckedRounds
    from ntgeo.services.check_run import CheckedRun
    from ntgeo.services.compare_roads import RoadsComparison
    from ntgeo.services.plan_services import SharedSiting
    from ntgeo.services.plan_vroom import VroomPlan
    from ntgeo.services.print_sheets import PrintedSheets
    from ntgeo.services.protected import ShownDemand
    from ntgeo.services.run_scenario import Run
    from ntgeo.services.shown_siting import ShownSiting
    from ntgeo.services.validate import Validation

__all__ = ["Workspace"]


class Workspace:
    """A folder with its cache and its runs.

    Args:
        folder: Runs go to ``maps/`` and kept matrices to ``data/cache/`` below it.
        progress: Told where long work is.

    Example:
        >>> from ntgeo import Workspace
        >>> run = Workspace().run("data/sample/scenario.toml")  # doctest: +SKIP
        >>> run.sentences[0]  # doctest: +SKIP
    """

    def __init__(self, folder: Path | str = ".", *, progress: Progress = SILENT) -> None:
        self.folder = Path(folder)
        self.settings = Settings.from_environment(self.folder)
        self._progress = progress

    def run(self, scenario: Path | str) -> Run:
        """Answer a scenario and write its run folder.

        Raises:
            NtgeoError: Any of the tree in :mod:`ntgeo.errors`.
        """
        from ntgeo.services.run_scenario import run_scenario  # noqa: PLC0415 - loads solvers

        return run_scenario(Path(scenario), self.settings, progress=self._progress)

    def validate(self, path: Path | str, *, kind: str | None = None) -> Validation:
        """Read a scenario and all it names, or one file, and tell all that is wrong; plan nothing.

        Args:
            path: A scenario (``.toml``) or a single file.
            kind: What a single file holds, such as ``"visits"``, where its headings do not tell.
        """
        from ntgeo.services.validate import validate  # noqa: PLC0415 - loads solvers
        from ntgeo.services.validate_file import validate_file  # noqa: PLC0415 - loads readers

        if Path(path).suffix.lower() == ".toml":
            return validate(Path(path), self.settings, progress=self._progress)
        return validate_file(Path(path), kind=kind, progress=self._progress)

    def check(self, run: Path | str) -> CheckedRun:
        """Check a run folder again, without any solver."""
        from ntgeo.services.check_run import check_run  # noqa: PLC0415 - loads solvers

        return check_run(Path(run))

    def check_rounds(self, asked: Path | str, plan: Path | str) -> CheckedRounds:
        """Check rounds that somebody made by hand, and reckon what they cost.

        Args:
            asked: A scenario, or a run folder, whose own plan is told beside.
            plan: The file: ``shift_id``, ``visit_id`` and, where known, ``arrive`` or ``begin``.
        """
        from ntgeo.services.check_rounds import check_rounds  # noqa: PLC0415 - loads tables

        return check_rounds(Path(asked), Path(plan), self.settings, progress=self._progress)

    def print_sheets(self, run: Path | str, lines: Path | str, out: Path | str) -> PrintedSheets:
        """Write a run's route sheets with address lines and notes, outside the run.

        Args:
            run: A run folder, or a day that was planned anew.
            lines: A table of ``visit_id, address_line`` and, if wished, ``note``.
            out: The folder to write to.
        """
        from ntgeo.services.print_sheets import print_sheets  # noqa: PLC0415 - loads tables

        return print_sheets(Path(run), Path(lines), Path(out))

    def demand(self, scenario: Path | str) -> Demand:
        """Reckon a scenario's demand, as it is; see :meth:`demand_shown` before you share it."""
        return self.demand_shown(scenario)[0]

    def demand_shown(self, scenario: Path | str) -> tuple[Demand, ShownDemand]:
        """Reckon a scenario's demand, and the same with its small counts protected."""
        from ntgeo.services import steps  # noqa: PLC0415 - loads solvers

        return steps.shown_demand_of(Path(scenario), progress=self._progress)

    def matrix(self, scenario: Path | str, *, scheduler: str | None = None) -> TravelTimeMatrix:
        """Return the travel times from a scenario's areas to its sites.

        Args:
            scenario: The file.
            scheduler: Address of a Dask scheduler, instead of the settings' own.
        """
        from ntgeo.services import steps  # noqa: PLC0415 - loads solvers

        settings = replace(self.settings, scheduler=scheduler or self.settings.scheduler)
        return steps.matrix_of(Path(scenario), settings, progress=self._progress)

    def site(self, scenario: Path | str, *, explain: bool = True) -> Siting:
        """Answer a scenario's siting question only; see :meth:`site_shown` before you share it."""
        return self.site_shown(scenario, explain=explain)[0]

    def site_shown(
        self, scenario: Path | str, *, explain: bool = True
    ) -> tuple[Siting, ShownSiting]:
        """Answer a scenario's siting question, and give its tables with small counts protected.

        Args:
            scenario: The file.
            explain: Whether to weigh every other choice too, as the scenario asks.
        """
        from ntgeo.services import steps  # noqa: PLC0415 - loads solvers

        return steps.siting_shown_of(
            Path(scenario), self.settings, explain=explain, progress=self._progress
        )

    def site_services(self, scenario: Path | str) -> SharedSiting | None:
        """Answer which services should run where; ``None`` where a scenario asks of one service."""
        from ntgeo.services import steps  # noqa: PLC0415 - loads solvers

        return steps.shared_siting_of(Path(scenario), self.settings, progress=self._progress)

    def route(
        self, scenario: Path | str, *, explain: bool = True, next_best: bool = False
    ) -> Rounds:
        """Answer a scenario's rounds question only.

        Args:
            scenario: The file.
            explain: Whether to tell what would mend the plan, as the scenario asks.
            next_best: Whether to tell who would make each visit instead, in any case.
        """
        from ntgeo.services import steps  # noqa: PLC0415 - loads solvers

        return steps.rounds_of(
            Path(scenario),
            self.settings,
            explain=explain,
            next_best=next_best,
            progress=self._progress,
        )

    def route_vroom(
        self,
        file: Path | str,
        *,
        network: Path | str | None = None,
        time_limit_s: float = 60.0,
        seed: int = 1,
    ) -> VroomPlan:
        """Answer a day that VROOM's JSON asks; ``content`` is the answer as VROOM writes it.

        Args:
            file: The question.
            network: Roads, where it has coordinates and no matrices; straight lines without.
            time_limit_s: The solver's time limit.
            seed: Of every random choice.
        """
        from ntgeo.domain.solving import SolveLimits  # noqa: PLC0415 - as below
        from ntgeo.services.plan_vroom import plan_vroom  # noqa: PLC0415 - loads solvers

        limits = SolveLimits(time_limit_s=time_limit_s, seed=seed, workers=self.settings.workers)
        roads = None if network is None else Path(network)
        return plan_vroom(Path(file), limits, network=roads, progress=self._progress)

    def offer(self, asked: OfferAsked) -> DayOffers:
        """Tell which slots a visit of a planned day can be offered in, and what each costs."""
        from ntgeo.services.ask_day import offer_visit  # noqa: PLC0415 - loads solvers

        return offer_visit(asked, self.settings, progress=self._progress)

    def replan(self, asked: ReplanAsked) -> ReplannedDay:
        """Plan the rest of a day that no longer goes as planned, with the fewest changes."""
        from ntgeo.services.ask_day import replan_day  # noqa: PLC0415 - loads solvers

        return replan_day(asked, self.settings, progress=self._progress)

    def whatif(self, scenario: Path | str) -> RoadsComparison:
        """Compare journeys to the nearest site with and without the changes of roads."""
        from ntgeo.services.compare_roads import compare_roads  # noqa: PLC0415 - loads solvers

        return compare_roads(Path(scenario), self.settings, progress=self._progress)

    def map(self, scenario: Path | str, out: Path | str) -> dict[str, str]:
        """Answer a scenario and draw its maps into ``out``; return file name → what it is."""
        from ntgeo.services import steps  # noqa: PLC0415 - loads solvers

        return steps.draw_maps_of(Path(scenario), Path(out), self.settings, progress=self._progress)
