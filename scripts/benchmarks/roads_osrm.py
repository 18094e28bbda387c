"""OSRM's table, over a contraction hierarchy, on the graph and the milliseconds of the others.

Every edge is written as a way of two points with its milliseconds in a tag, which the profile below
hands on as seconds, since OSRM keeps tenths of them; so its table is exact to the millisecond.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ntgeo.roads.network import SearchGraph
from ntgeo.roads.projection import project

_PROFILE = """
api_version = 4
function setup()
  return {
    properties = {
      weight_name = 'duration', u_turn_penalty = 0, max_turn_weight = 0,
      continue_straight_at_waypoint = false, use_turn_restrictions = false
    },
    default_mode = mode.driving
  }
end
function process_node(profile, node, result, relations) end
function process_way(profile, way, result, relations)
  result.duration = tonumber(way:get_value_by_key('ms'))
  result.forward_mode = mode.driving
  result.backward_mode = mode.inaccessible
end
function process_turn(profile, turn)
  turn.duration = 0
  turn.weight = 0
end
return {
  setup = setup, process_way = process_way, process_node = process_node,
  process_turn = process_turn
}
"""
_MOST_PLACES = 100_000


class OsrmTable:
    """OSRM's engine over one graph; the files it is made of are gone when it is."""

    def __init__(self, graph: SearchGraph, milliseconds: npt.NDArray[np.uint32], epsg: int) -> None:
        import osrm  # noqa: PLC0415 - a peer

        self._kit = osrm
        self._folder = tempfile.TemporaryDirectory()
        self._lon_lat = project(graph.xy_m, source=epsg, target=4326)
        base = Path(self._folder.name) / "roads.osm"
        _write_osm(base, graph, milliseconds, self._lon_lat)
        (base.parent / "profile.lua").write_text(_PROFILE, encoding="utf-8")
        programs = Path(osrm.__file__).parent / "bin"
        stem = base.with_suffix("")
        _run(programs / "osrm-extract", "-t", "1", "-p", base.parent / "profile.lua", base)
        _run(programs / "osrm-contract", "-t", "1", stem)
        self._engine = osrm.OSRM(
            algorithm="CH",
            storage_config=str(stem) + ".osrm",
            use_shared_memory=False,
            max_locations_distance_table=_MOST_PLACES,
        )

    def __call__(
        self, origins: npt.NDArray[np.int32], destinations: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.float64]:
        """Return seconds between vertices."""
        both = np.concatenate([origins, destinations])
        asked = self._kit.TableParameters(
            coordinates=[tuple(place) for place in self._lon_lat[both].tolist()],
            sources=list(range(len(origins))),
            destinations=list(range(len(origins), len(both))),
            annotations=["duration"],
            generate_hints=False,
        )
        rows = self._engine.Table(asked)["durations"]
        return np.array([list(row) for row in rows], float) / 1000.0  # None becomes NaN


def _write_osm(
    path: Path,
    graph: SearchGraph,
    milliseconds: npt.NDArray[np.uint32],
    lon_lat: npt.NDArray[np.float64],
) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('<osm version="0.6">\n')
        for number, (lon, lat) in enumerate(lon_lat.tolist(), start=1):
            out.write(f'<node id="{number}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>\n')
        ends = zip(graph.tail.tolist(), graph.head.tolist(), milliseconds.tolist(), strict=True)
        for number, (tail, head, ms) in enumerate(ends, start=1):
            out.write(
                f'<way id="{number}" version="1"><nd ref="{tail + 1}"/><nd ref="{head + 1}"/>'
                f'<tag k="highway" v="road"/><tag k="ms" v="{ms}"/></way>\n'
            )
        out.write("</osm>\n")


def _run(*command: object) -> None:
    subprocess.run(  # noqa: S603 - programs of the installed package
        [str(part) for part in command], check=True, stdout=subprocess.DEVNULL
    )
