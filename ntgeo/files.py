"""Files written whole or not at all, and named by their content; JSON of others."""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import tempfile
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

__all__ = ["NPZ_DAMAGE", "parse_json", "replaced", "sha256_of", "write_bytes", "write_text"]

NPZ_DAMAGE: Final = (
    *(OSError, EOFError, KeyError, TypeError, ValueError, OverflowError, MemoryError),
    *(NotImplementedError, RuntimeError, struct.error, zipfile.BadZipFile, zlib.error),
    *(AttributeError, IndexError, SyntaxError, SystemError, tokenize.TokenError),
)
"""All that reading a damaged ``.npz`` file has been seen to raise."""
_BLOCK_BYTES: Final = 1 << 20
_HALF_LETTER: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success sync it to disk and put it in place.

    On any error the temporary file is removed and ``path`` is as it was. The temporary name keeps
    the suffix, since writers choose the format by it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, whole or not at all."""
    with replaced(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with line feeds at line ends to ``path``, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def parse_json(content: bytes) -> Any:
    """Return what JSON holds; half a letter, which no other file can hold, becomes U+FFFD.

    Raises:
        ValueError: It is not JSON, or not in an encoding of Unicode.
        RecursionError: It is nested too deeply.
    """
    text = content.decode(json.detect_encoding(content))
    hook = _whole_letters if _ESCAPED_HALF.search(text) else None
    return json.loads(text, object_pairs_hook=hook)


def _whole_letters(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {_whole(key): _whole(value) for key, value in pairs}


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF_LETTER.sub("\ufffd", value)
    return [_whole(item) for item in value] if isinstance(value, list) else value
