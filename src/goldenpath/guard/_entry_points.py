"""Names that a project's settings hand to others: its commands and its plug-ins.

Whoever installs the project imports what they name, so they count like imports.
Read are the tables of ``pyproject.toml`` that the packaging guide describes, those of
poetry, and ``setup.cfg``.
"""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

_REFERENCE = re.compile(
    r"\s*(?P<module>[\w.]+)\s*(?::\s*(?P<name>[\w.]+))?\s*(\[.*\])?\s*"
)


class EntryPoint(msgspec.Struct, frozen=True):
    """Something that settings name.

    Attributes:
        path: The file of settings, from the root of the tree.
        line: Where it stands there; 1 if that cannot be told.
        group: Such as ``console_scripts``, or the table's name.
        module: The module that is imported.
        name: What is taken from it; ``""`` for nothing.
    """

    path: str
    line: int
    group: str
    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The whole of it, with dots."""
        return f"{self.module}.{self.name}" if self.name else self.module


def entry_points(root: Path) -> tuple[EntryPoint, ...]:
    """Return what the settings of a tree name; nothing if they cannot be read."""
    found: list[EntryPoint] = []
    for name, read in (("pyproject.toml", in_pyproject), ("setup.cfg", in_setup_cfg)):
        try:
            text = (root / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found += read(text)
    return tuple(found)


def in_pyproject(text: str) -> list[EntryPoint]:
    """Return what a ``pyproject.toml`` names."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return []
    project = _table(whole, "project")
    groups = {
        "scripts": _table(project, "scripts"),
        "gui-scripts": _table(project, "gui-scripts"),
        **_table(project, "entry-points"),
        "tool.poetry.scripts": _table(whole, "tool", "poetry", "scripts"),
    }
    return [
        point
        for group, table in groups.items()
        if isinstance(table, Mapping)
        for key, value in table.items()
        for point in _points("pyproject.toml", text, group, key, _reference(value))
    ]


def in_setup_cfg(text: str) -> list[EntryPoint]:
    """Return what a ``setup.cfg`` names."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    section = "options.entry_points"
    groups = dict(parser[section]) if parser.has_section(section) else {}
    return [
        point
        for group, lines in groups.items()
        for line in lines.splitlines()
        if "=" in line
        for key, _, value in (line.partition("="),)
        for point in _points("setup.cfg", text, group, key.strip(), value)
    ]


def _table(whole: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = whole.get(key)
        if not isinstance(inner, Mapping):
            return {}
        whole = inner
    return whole


def _reference(value: object) -> str:
    """Return what an entry names; poetry may say more of it in a table."""
    if isinstance(value, Mapping):
        value = value.get("reference", value.get("callable"))
    return value if isinstance(value, str) else ""


def _points(
    path: str, text: str, group: str, key: str, value: str
) -> Iterator[EntryPoint]:
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return
    line = 1
    for number, written in enumerate(text.splitlines(), 1):
        if key in written.partition("=")[0] and value.strip() in written:
            line = number
            break
    yield EntryPoint(path, line, group, found["module"], found["name"] or "")
