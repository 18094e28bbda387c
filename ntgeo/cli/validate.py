"""``ntgeo validate``: what is wrong with files, all at once, before anything is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ntgeo.cli.door import print_json, say
from ntgeo.cli.options import AsJson, Folder, opened_workspace
from ntgeo.domain.run import RunOutcome
from ntgeo.errors import Fault, first_of_each_kind

if TYPE_CHECKING:
    from ntgeo.services.validate import Validation

__all__ = ["add_to"]

Files = Annotated[
    list[Path],
    typer.Argument(
        help="Scenarios (.toml), each with all it names, or single files.", metavar="FILE…"
    ),
]
Kind = Annotated[
    str | None,
    typer.Option("--as", help="What single files hold, where their headings do not tell."),
]
RejectsFile = Annotated[
    Path | None, typer.Option("--rejects", help="Write every fault and its fix to this CSV file.")
]


def add_to(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(validate)


def validate(
    files: Files,
    folder: Folder = Path(),
    kind: Kind = None,
    rejects: RejectsFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Read files and tell all that is wrong with them, without planning anything."""
    with opened_workspace(folder, is_quiet=as_json) as workspace:
        found = {path: workspace.validate(path, kind=kind) for path in files}
    if rejects is not None:
        _write_rejects(rejects, list(found.values()))
    if as_json:
        print_json({"files": [_content(path, one) for path, one in found.items()]})
    else:
        for path, one in found.items():
            _tell(path, one)
    if any(one.faults for one in found.values()):
        raise typer.Exit(int(RunOutcome.INPUT_REFUSED))
    if any(not one.is_sound for one in found.values()):
        raise typer.Exit(int(RunOutcome.DATA_UNAVAILABLE))


def _write_rejects(path: Path, found: Sequence[Validation]) -> None:
    from ntgeo.reports import rejects_table  # noqa: PLC0415 - loads table libraries
    from ntgeo.reports.exports import write_csv_table  # noqa: PLC0415 - as above

    faults = dict.fromkeys(fault for one in found for fault in (*one.faults, *one.set_aside))
    write_csv_table(path, rejects_table(list(faults)))


def _tell(path: Path, found: Validation) -> None:
    say(f"{path.name}")
    for item in found.inputs:
        rows = "" if item.rows is None else f"{item.rows:,} {'row' if item.rows == 1 else 'rows'}"
        say(f"  {item.role:<18} {item.file:<28} {rows:>16}")
        for note in item.notes:
            say(f"    {note}")
    for count in found.records:
        say(
            f"  {count.file}: {count.total:,.0f} uses = {count.kept:,.0f} here + "
            f"{count.outside:,.0f} in other areas + {count.set_aside:,.0f} set aside"
        )
    for note in found.notes:
        say(f"  Note: {note}")
    for line in first_of_each_kind(found.set_aside):
        say(f"  Set aside: {line}")
    for line in (*first_of_each_kind(found.faults), *found.refusals):
        say(f"  Refused: {line}", err=True)
    say(f"  {_verdict(found)}", err=not found.is_sound)


def _verdict(found: Validation) -> str:
    if found.is_sound:
        return "Nothing stands in the way of a plan."
    count = len(found.faults) + len(found.refusals)
    told = f"{count:,} {'thing stands' if count == 1 else 'things stand'} in the way of a plan."
    return told if found.unchecked is None else f"{told} {found.unchecked}"


def _content(path: Path, found: Validation) -> Mapping[str, Any]:
    return {
        "file": path.name,
        "is_sound": found.is_sound,
        "inputs": [
            {
                "role": i.role,
                "file": i.file,
                "sha256": i.sha256,
                "rows": i.rows,
                "notes": list(i.notes),
            }
            for i in found.inputs
        ],
        "faults": [_fault(fault) for fault in found.faults],
        "refusals": list(found.refusals),
        "set_aside": [_fault(fault) for fault in found.set_aside],
        "records": [
            {
                "file": count.file,
                "total": count.total,
                "kept": count.kept,
                "outside": count.outside,
                "set_aside": count.set_aside,
            }
            for count in found.records
        ],
        "notes": list(found.notes),
        "unchecked": found.unchecked,
    }


def _fault(fault: Fault) -> Mapping[str, Any]:
    names = ("file", "row", "column", "value", "what", "fix", "code")
    return {name: getattr(fault, name) for name in names}
