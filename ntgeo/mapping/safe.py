"""The one gate that untrusted text passes on its way into a page.

Names, notes and titles come from other people's files. In a page they may stand in HTML, in the
JSON that a script reads, or (in a Folium template) in a Jinja template or a JavaScript template
literal; text that passed :func:`safe` is inert in each of the four.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

__all__ = ["asset", "cleaned", "page_template", "safe", "safe_json"]

_HIDDEN_CHARACTERS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, lone surrogates, and marks that reorder the text around them."""

_ENTITIES: Final = str.maketrans(
    {
        character: f"&#{ord(character)};"
        for character in ("&", "<", ">", '"', "'", "`", "$", "\\", "{", "}", "\u2028", "\u2029")
    }
)
_PLAIN: Final = frozenset({int, float, bool, type(None)})
_JSON_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "$": "\\u0024", "`": "\\u0060"}
)


def cleaned(text: str) -> str:
    """Return ``text`` with each control or reordering character shown as U+FFFD."""
    return _HIDDEN_CHARACTERS.sub("\ufffd", text)


def safe(value: object) -> str:
    """Return ``value`` as text that a page shows and never runs.

    HTML's five characters, the backtick, ``$``, the backslash, braces and the two line separators
    become numeric entities, which every parser between here and the screen leaves alone.
    """
    return cleaned(str(value)).translate(_ENTITIES)


def safe_json(value: Any) -> str:
    """Return ``value`` as ASCII JSON that cannot end the script element around it.

    Nor does it hold what starts a template: ``<``, ``>``, ``&``, ``$``, the backtick, ``{{``.

    Raises:
        ValueError: A number is NaN or infinite.
    """
    text = json.dumps(
        _cleaned_within(value), ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )
    return text.translate(_JSON_ESCAPES).replace("{{", "{\\u007b")


def _cleaned_within(value: Any) -> Any:
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list) and _PLAIN.issuperset(map(type, value)):
        return value  # the many corners of shapes: nothing in them to look at
    if isinstance(value, dict):
        return {cleaned(key): _cleaned_within(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned_within(item) for item in value]
    return value


def asset(name: str) -> str:
    """Return the text of a file in ``ntgeo/mapping/assets``."""
    return (files("ntgeo.mapping") / "assets" / name).read_text(encoding="utf-8")


def _escaped(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(safe(value))  # noqa: S704 - safe() made it


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        finalize=_escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page_template(name: str) -> Template:
    """Return a template of ``assets`` in which every inserted value passes :func:`safe`."""
    return _environment().get_template(name)
