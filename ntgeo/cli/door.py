"""What every command shares: errors become sentences and exit codes, answers text or JSON."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from unicodedata import category

import typer
from typer.exceptions import TyperException

from ntgeo.domain.run import RunOutcome
from ntgeo.errors import (
    CancelledError,
    DataUnavailableError,
    InputError,
    NoPlanError,
    NtgeoError,
    PlanRejectedError,
    SettingsError,
    UnreachableError,
    visible,
)

__all__ = ["exit_code_of", "guarded", "harmless", "print_json", "say"]

CANCELLED: Final = 130
_CODES: Final[tuple[tuple[type[NtgeoError], int], ...]] = (
    (InputError, RunOutcome.INPUT_REFUSED),
    (SettingsError, RunOutcome.INPUT_REFUSED),
    (UnreachableError, RunOutcome.INPUT_REFUSED),
    (NoPlanError, RunOutcome.NO_PLAN),
    (DataUnavailableError, RunOutcome.DATA_UNAVAILABLE),
    (CancelledError, CANCELLED),
    (PlanRejectedError, RunOutcome.OUR_BUG),
)


def exit_code_of(error: NtgeoError) -> int:
    """Return the exit code of an error; one that is not listed is our bug."""
    return next((int(code) for kind, code in _CODES if isinstance(error, kind)), 70)


def guarded(work: Callable[[], object]) -> int:
    """Call ``work`` and return the exit code; no traceback reaches the user.

    ``work`` may return the exit code itself.
    """
    try:
        code = work()
    except NtgeoError as error:
        _say(str(error))
        return exit_code_of(error)
    except KeyboardInterrupt:
        code = CANCELLED
    except TyperException as error:
        return _misused(error)
    except OSError as error:
        return _system_refused(error)
    except Exception as error:  # noqa: BLE001 - the last line before the user
        return _our_bug(error)
    if code == CANCELLED:  # Typer turns Ctrl-C into this code without a word
        _say("Stopped at your request; nothing was published, and no file is half-written.")
    return code if isinstance(code, int) else 0


def _misused(error: TyperException) -> int:
    """Tell what is wrong with the command itself, and how to see what there is."""
    told = getattr(error, "format_message", error.__str__)()
    _say(f"{told} Fix: see `ntgeo --help`, or `ntgeo COMMAND --help`.")
    return int(RunOutcome.INPUT_REFUSED)


def _system_refused(error: OSError) -> int:
    where = Path(str(error.filename)).name if error.filename else "a file"
    _say(f"{where}: the system refused it ({error.strerror or type(error).__name__}).")
    _say("Fix: free some disk space, or check that you may read and write there.")
    return int(RunOutcome.DATA_UNAVAILABLE)


def _our_bug(error: Exception) -> int:
    """Tell a bug without its message, since that may hold somebody's data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _say(
        f"This is a bug in ntgeo, not in your data: {type(error).__name__} in "
        f"{Path(place.filename).name} line {place.lineno}. Nothing was published."
    )
    _say("Fix: tell the developers that line; NTGEO_DEBUG=1 shows the whole trace.")
    if os.environ.get("NTGEO_DEBUG"):
        traceback.print_exception(error)
    return int(RunOutcome.OUR_BUG)


def _say(text: str) -> None:
    say(text, err=True)


def say(text: object, *, err: bool = False) -> None:
    """Print a text for people; names in it can do nothing to the terminal."""
    typer.echo(harmless(str(text)), err=err)


def harmless(text: str) -> str:
    """Return a text whose control characters, but for ends of lines and tabs, are escapes."""
    return "".join(visible(c) if category(c) == "Cc" and c not in "\n\t" else c for c in text)


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON document on standard output."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))
