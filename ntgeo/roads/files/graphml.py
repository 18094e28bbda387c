"""Read GraphML as osmnx writes it, without running what a hostile file may ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from ntgeo.errors import Fault, InputError
from ntgeo.roads.building.extract import refuse_too_many, unreadable
from ntgeo.roads.files.osmnx_graph import EdgeRow, GraphRows, build_from_rows
from ntgeo.roads.network import RoadNetwork
from ntgeo.roads.speeds import SpeedTable

__all__ = ["read_graphml"]

_BLOCK_BYTES: Final = 1 << 20


def read_graphml(path: Path, speeds: SpeedTable) -> RoadNetwork:
    """Read an osmnx GraphML file; its own lengths and travel times count.

    Raises:
        InputError: The file is empty, cut short, declares a document type, or an attribute is not
            what it should be; all faults are told at once.
    """
    collector = _Collector(path.name)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = collector.refuse_doctype
    parser.StartElementHandler = collector.open
    parser.EndElementHandler = collector.close
    parser.CharacterDataHandler = collector.text
    parser.buffer_text = True
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                parser.Parse(block, False)  # noqa: FBT003 - expat takes no keywords
            parser.Parse(b"", True)  # noqa: FBT003 - as above
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise unreadable(path.name, f"it is not whole XML ({error})") from error
    if not collector.saw_graph:
        raise unreadable(path.name, "it holds no graph")
    return build_from_rows(collector.rows(), speeds)


class _Collector:
    """Takes what expat tells, and keeps nodes and edges with their named attributes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.saw_graph = False
        self.name_of_key: dict[str, str] = {}
        self.graph: dict[str, Any] = {}
        self.points: list[tuple[str, dict[str, Any]]] = []
        self.edges: list[EdgeRow] = []
        self.owner: dict[str, Any] = self.graph
        self.key = ""
        self.parts: list[str] = []

    def refuse_doctype(self, *_: object) -> None:
        what = "it declares a document type (DTD), which is not allowed"
        fix = "save the graph again with osmnx; GraphML needs no DTD"
        raise InputError(Fault(file=self.file, what=what, fix=fix, code="graphml-dtd"))

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rsplit(":", 1)[-1]
        if kind == "key":
            self.name_of_key[attributes.get("id", "")] = attributes.get("attr.name", "")
        elif kind == "graph":
            self.saw_graph = True
        elif kind == "node":
            self.owner = {}
            self.points.append((attributes.get("id", ""), self.owner))
        elif kind == "edge":
            self.owner = {}
            ends = attributes.get("source", ""), attributes.get("target", "")
            self.edges.append((*ends, self.owner))
            refuse_too_many(self.file, len(self.edges), "edges")
        elif kind == "data":
            self.key = self.name_of_key.get(attributes.get("key", ""), "")
            self.parts = []

    def text(self, part: str) -> None:
        if self.key:
            self.parts.append(part)

    def close(self, tag: str) -> None:
        kind = tag.rsplit(":", 1)[-1]
        if kind == "data" and self.key:
            self.owner[self.key] = "".join(self.parts).strip()
            self.key = ""
        elif kind in {"node", "edge"}:
            self.owner = self.graph

    def rows(self) -> GraphRows:
        return GraphRows(
            file=self.file,
            crs=self.graph.get("crs"),
            points=self.points,
            edges=self.edges,
            dated=self.graph.get("created_date", ""),
        )
