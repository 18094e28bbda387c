"""What the maps are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import CandidateSite
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import CrsError, Fault, InputError, MissingColumnError, first_five

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Audience", "Backdrop", "Measure", "RoundsMapContent", "Scheme", "SitingMapContent"]

Scheme = Literal["quantile", "equal", "jenks", "deciles", "difference"]
Audience = Literal["public", "planner", "manager"]

_MOST_CLASSES: Final = 9
_AREA_COLUMNS: Final = ("lsoa", "name", "geometry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure that areas can be coloured by.

    Args:
        column: Column of the areas' frame.
        label: As a reader knows it: ``"GP registrations"``.
        unit: ``"per 1,000 residents"``; may be empty.
        decimals: Shown, and kept in the page.
        scheme: How classes are made; ``deciles`` takes 1 to 10 as they are, ``difference`` puts
            zero in the middle of the middle class.
        classes: How many; fewer where there are fewer different values.
        palette: Key of :data:`ntgeo.mapping.palettes.PALETTES`.
        note: A sentence under the legend.
        withheld_column: Boolean column that is true where the figure is withheld because it is
            small; such a figure must already be missing from ``column``.
    """

    column: str
    label: str
    unit: str = ""
    decimals: int = 1
    scheme: Scheme = "quantile"
    classes: int = 5
    palette: str = "demand"
    note: str = ""
    withheld_column: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 1 <= self.classes <= _MOST_CLASSES:
            msg = f"measure {self.column}: {self.classes} classes; 1 to {_MOST_CLASSES} are legible"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backdrop:
    """What lies under the plan, so that the map reads without tiles. EPSG:27700 throughout.

    Args:
        roads: Lines; with a column ``highway`` (OSM values) main roads are drawn wider.
        water: Polygons and lines.
        boundary: Outline of the place.
        changes: Lines of roads that the plan takes to be otherwise than today, with a column
            ``kind``: ``"close"``, ``"slow"``, ``"one-way"`` or ``"new"``.
        assumptions: What it takes to be otherwise, a sentence each; shown above the map.
    """

    roads: gpd.GeoDataFrame | None = None
    water: gpd.GeoDataFrame | None = None
    boundary: gpd.GeoDataFrame | None = None
    changes: gpd.GeoDataFrame | None = None
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse layers in other coordinates."""
        for name in ("roads", "water", "boundary", "changes"):
            layer = getattr(self, name)
            if layer is not None:
                check_grid(layer, f"backdrop {name}")


def check_grid(frame: gpd.GeoDataFrame, name: str) -> None:
    """Raise unless ``frame`` is in British National Grid.

    Raises:
        CrsError: It is not.
    """
    if frame.crs is None or frame.crs.to_epsg() != BRITISH_NATIONAL_GRID:
        known = "no coordinate reference system" if frame.crs is None else frame.crs.to_string()
        raise CrsError(
            Fault(
                file=name,
                what=f"it has {known}, and maps are drawn from EPSG:27700",
                fix="convert it with to_crs(27700)",
                code="crs",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingMapContent:
    """A siting plan and all that its map says.

    Demand, deprivation and travel times of today and of the plan are drawn from ``problem`` and
    ``plan``; ``measures`` adds others.

    Args:
        title: Heading of the page; untrusted text.
        is_synthetic: Whether to say on the page that the place is not real.
        areas: EPSG:27700, a row an area: ``lsoa, name, geometry``, and where known ``ward,
            population, imd_decile, easting_m, northing_m`` (population-weighted centroid) and the
            measures' columns. Areas that the problem does not know are left out.
        problem: The question.
        plan: The answer.
        measures: Drawn beside the built-in ones.
        backdrop: Roads, water and boundary.
        reach: What the open sites reach, a row a limit: ``minutes, geometry``; EPSG:27700.
        sites: To be drawn; without it, the problem's.
        sources: Where the figures and shapes come from, a sentence each.
        made_on: Date of the plan, shown on the page.
        basemap: ``None`` for no tiles; else ``"osm"`` or a name known to xyzservices. The page then
            asks that host for tiles, and says so.
        basemap_key: Of a provider that needs one.
        audience: ``public`` leaves out demand, but for its total; what its ``measures`` show must
            already be protected. ``planner`` and ``manager`` see the same.
    """

    title: str
    areas: gpd.GeoDataFrame
    problem: SitingProblem
    plan: SitingPlan
    made_on: date
    is_synthetic: bool = False
    measures: tuple[Measure, ...] = ()
    backdrop: Backdrop = field(default_factory=Backdrop)
    reach: gpd.GeoDataFrame | None = None
    sites: tuple[CandidateSite, ...] | None = None
    sources: tuple[str, ...] = ()
    basemap: str | None = None
    basemap_key: str | None = None
    audience: Audience = "planner"

    def __post_init__(self) -> None:
        """Check that shapes, plan and problem belong together."""
        check_grid(self.areas, "areas")
        if self.reach is not None:
            check_grid(self.reach, "reach")
        wanted = [*_AREA_COLUMNS, *(measure.column for measure in self.measures)]
        wanted += [m.withheld_column for m in self.measures if m.withheld_column is not None]
        missing = [column for column in wanted if column not in self.areas.columns]
        if missing:
            raise MissingColumnError(
                [
                    Fault(
                        file="areas",
                        column=column,
                        what="the map needs this column",
                        fix="add it to the table of areas",
                        code="missing-column",
                    )
                    for column in missing
                ]
            )
        shapeless = sorted(set(self.problem.areas) - set(self.areas["lsoa"]))
        if shapeless:
            raise InputError(
                Fault(
                    file="areas",
                    column="lsoa",
                    what=f"no shape for {first_five(shapeless)}",
                    fix="give a boundary to every area of the problem",
                    code="no-shape",
                )
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoundsMapContent:
    """A day's rounds and all that their map says. Visits are known by id only.

    Args:
        title: Heading of the page; untrusted text.
        is_synthetic: Whether to say on the page that the place is not real.
        problem: The question.
        plan: The answer.
        paths: Per shift id, one (k, 2) array of easting and northing per stop after the first: the
            way to that stop. A break has an empty one. Where a way is missing a straight line is
            drawn, and the page says so.
        backdrop: Roads, water and boundary.
        sources: Where the figures and shapes come from, a sentence each.
        basemap: As for :class:`SitingMapContent`.
        basemap_key: As for :class:`SitingMapContent`.
        audience: ``manager`` also sees the staff ids; ``public`` is refused.
    """

    title: str
    problem: RoutingProblem
    plan: RoutePlan
    paths: Mapping[str, Sequence[npt.NDArray[np.float64]]] = field(default_factory=dict)
    is_synthetic: bool = False
    backdrop: Backdrop = field(default_factory=Backdrop)
    sources: tuple[str, ...] = ()
    basemap: str | None = None
    basemap_key: str | None = None
    audience: Audience = "planner"

    def __post_init__(self) -> None:
        """Refuse an audience that must not see where visits are, and paths that do not fit."""
        if self.audience == "public":
            msg = "a rounds map shows where people are visited; it is never drawn for the public"
            raise ValueError(msg)
        for route in self.plan.routes:
            legs = self.paths.get(route.shift)
            if legs is not None and len(legs) != len(route.stops) - 1:
                msg = f"shift {route.shift}: {len(legs)} paths for {len(route.stops) - 1} legs"
                raise ValueError(msg)
