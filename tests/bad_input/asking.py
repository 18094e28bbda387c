"""A bad input asked of the command line, and what each class of answer must be.

====== ======================== =================================================================
class  helper                   what must be told
====== ======================== =================================================================
E      :func:`refused`          the sentence, with a fix, and nothing written
Q      :func:`set_aside`        the row, its column and value, and the answer without it
W      :func:`warned`           the answer, and a note of what should be looked at
N      :func:`noted`            the answer, and a note of what was cleaned (or nothing to note)
P      :func:`partial`          the answer with a reason for each thing it leaves out
====== ======================== =================================================================
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded
from ntgeo.errors import HIDDEN

__all__ = ["HIDDEN", "Told", "noted", "partial", "refused", "set_aside", "warned"]


@dataclass(kw_only=True)
class Told:
    """What a command told, and what it left.

    Args:
        code: Exit code.
        out: Standard output.
        err: Standard error.
        written: Files it wrote, relative to the folder of the borough; the cache apart.
        record: ``run.json`` of the run that it made, or an empty dictionary.
        rejects: Lines of ``rejects.csv`` of that run, headings first.
        checked: Classes that the helpers below have checked.
    """

    code: int
    out: str
    err: str
    written: Sequence[str]
    record: dict
    rejects: Sequence[str]
    checked: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything that the user can read: the screen, and the notes of the run's record."""
        notes = [*self.record.get("notes", []), *self.rejects]
        notes += [note for file in self.record.get("inputs", []) for note in file["notes"]]
        if self.out.startswith("{"):
            notes += self.json.get("notes", [])
        return "\n".join([self.out, self.err, *notes])

    @property
    def json(self) -> dict:
        """The document that ``--json`` prints."""
        return json.loads(self.out)


def ask(
    folder: Path,
    command: Sequence[str],
    capsys,
    secrets: Sequence[str] = (),
    *,
    altered: Sequence[str] = (),
    is_our_bug: bool = False,
) -> Told:
    """Run a command on the scenario of a folder; see :func:`tell`."""
    name, *options = command
    arguments = [name, str(folder / "scenario.toml"), "--folder", str(folder), *options]
    return tell(folder, arguments, capsys, secrets, altered=altered, is_our_bug=is_our_bug)


def tell(
    folder: Path,
    arguments: Sequence[str],
    capsys,
    secrets: Sequence[str] = (),
    *,
    altered: Sequence[str] = (),
    is_our_bug: bool = False,
) -> Told:
    """Run a command on files of a folder and check what holds for every answer.

    No traceback; no path of this machine; nothing of ``secrets``; the files that were given are as
    they were, but for those that somebody else ``altered``; a refusal says how to mend it, and
    leaves nothing behind. Only ``is_our_bug`` may a plan be called a bug of ours.
    """
    before = _contents(folder)
    capsys.readouterr()
    code = guarded(lambda: app(arguments, standalone_mode=False))
    shown = capsys.readouterr()
    after = _contents(folder)
    written = sorted(set(after) - set(before))
    told = Told(
        code=code, out=shown.out, err=shown.err, written=written, **_run_of(folder, written)
    )
    changed = {file for file in before if after.get(file) != before[file]}
    assert changed <= set(altered), f"{changed} were altered"
    assert "Traceback" not in told.words
    assert ("bug in ntgeo" in told.words) == is_our_bug, told.words
    assert str(folder.parent) not in told.words.replace(str(folder / "maps"), "maps"), told.words
    for secret in secrets:
        assert secret not in told.words, f"{secret} is told"
        assert not any(secret in _text(folder / file) for file in written), f"{secret} is written"
    if code not in {0, 1}:
        assert "Fix:" in told.err, told.err
        assert not told.out or set(told.json) == {"code", "error"}
        assert written == []
        assert not any("partial" in item.name for item in folder.rglob("*"))
    return told


def _contents(folder: Path) -> dict[str, str]:
    """Return file → hash of its bytes, the cache of travel times apart; links as they are."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[:2] != ("data", "cache")
    }


def _run_of(folder: Path, written: Sequence[str]) -> dict:
    record = next((file for file in written if Path(file).name == "run.json"), None)
    rejects = next((file for file in written if Path(file).name == "rejects.csv"), None)
    return {
        "record": json.loads((folder / record).read_text()) if record else {},
        "rejects": (folder / rejects).read_text().splitlines() if rejects else [],
    }


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "ignore")


def _says(text: str, *parts: object) -> None:
    for part in parts:
        assert str(part) in text, f"{part} is not in:\n{text}"


def _place(
    file: str,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    feature: int | None = None,
) -> str:
    """Return the beginning of the sentence about a cell, as :class:`ntgeo.errors.Fault` writes."""
    place = file if row is None else f"{file} row {row:,}"
    place += "" if feature is None else f" feature {feature:,}"
    place += "" if column is None else f", column {column}"
    if value is not None:
        place += f", value {HIDDEN}" if value == HIDDEN else f', value "{value}"'
    return f"{place}:"


def refused(told: Told, *says: str, file: str, code: int = 2, **where: int | str | None) -> None:
    """E: the sentence names the place, says what is wrong and what to do; nothing is written.

    ``where`` is its row (or feature, of a layer), column and value.
    """
    told.checked.append("E")
    assert told.code == code, told.words
    place = _place(file, **where)
    _says(told.err, place, *says)
    line = next(line for line in told.err.splitlines() if place in line)
    assert "Fix: " in told.err[told.err.index(line) :]


def set_aside(
    told: Told,
    *says: str,
    file: str,
    row: int,
    column: str,
    value: str,
    code: int = 0,
) -> None:
    """Q: the answer is there without the row, and the sentence about it is told with a fix."""
    told.checked.append("Q")
    assert told.code == code, told.words
    place = _place(file, row, column, value)
    _says(told.words, place, *says)
    line = next(line for line in told.words.splitlines() if place in line)
    assert "Fix: " in line or "rejects" in line, line


def warned(told: Told, *says: str, file: str, code: int = 0) -> None:
    """W: accepted, with a note that names the file."""
    told.checked.append("W")
    _answered(told, says, file, code)


def noted(told: Told, *says: str, file: str = "", code: int = 0) -> None:
    """N: cleaned and, where anything was changed, noted with the name of the file."""
    told.checked.append("N")
    _answered(told, says, file if says else "", code)


def partial(told: Told, *says: str) -> None:
    """P: done with something unserved, and each such thing has its reason."""
    told.checked.append("P")
    assert told.code == 1, told.words
    _says(told.words, *says)


def _answered(told: Told, says: Sequence[str], file: str, code: int) -> None:
    assert told.code == code, told.words
    _says(told.words, *says)
    for part in says:
        lines = [line for line in told.words.splitlines() if part in line]
        assert any(file in line for line in lines), f"{file} is not named beside {part}"
