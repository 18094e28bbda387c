"""Kernels that have no way in from Python are called by kernels only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ntgeo.routing

ROOM = Path(ntgeo.routing.__file__).parent
SOURCES = {
    ".".join(("ntgeo", "routing", *path.relative_to(ROOM).with_suffix("").parts)): path.read_text()
    for path in sorted(ROOM.rglob("*.py"))
}
COMPILED = {"entry", "kernel", "inlined"}


def functions(source: str) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))


def decorators(function: ast.FunctionDef) -> set[str]:
    return {one.id for one in function.decorator_list if isinstance(one, ast.Name)}


def kernels(source: str) -> set[str]:
    return {one.name for one in functions(source) if "kernel" in decorators(one)}


def named_kernels(module: str) -> set[str]:
    """Return the kernels that a module defines or imports."""
    imports = (n for n in ast.walk(ast.parse(SOURCES[module])) if isinstance(n, ast.ImportFrom))
    brought = {
        alias.name
        for one in imports
        for alias in one.names
        if alias.name in kernels(SOURCES.get(one.module or "", ""))
    }
    return kernels(SOURCES[module]) | brought


def named_by_python(source: str, names: set[str]) -> list[str]:
    return [
        node.id
        for function in functions(source)
        if not decorators(function) & COMPILED
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id in names
    ]


def test_there_are_kernels() -> None:
    assert "settle" in named_kernels("ntgeo.routing.general.search")


def test_a_call_from_python_is_seen() -> None:
    source = "def plan():\n    return fit(1)\n\n@kernel\ndef fit(x):\n    return fit(x)\n"
    assert named_by_python(source, {"fit"}) == ["fit"]


@pytest.mark.parametrize("module", SOURCES)
def test_python_calls_no_kernel(module: str) -> None:
    assert named_by_python(SOURCES[module], named_kernels(module)) == []
