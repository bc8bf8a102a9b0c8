"""What a project says about itself: ``[tool.goldenpath.guard]`` in pyproject.toml.

A concept can also be given on the command line, so that a tree that was never seen
needs no configuration.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard._words import words_of

Kind = TypeVar("Kind")

# Of TOML, in words.
_KINDS = {
    "array": "a list",
    "bool": "true or false",
    "date": "a date",
    "float": "a number",
    "int": "a number",
    "object": "a table",
    "str": "a text",
}


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Findings of a concept that somebody answers for, until a day.

    Attributes:
        codes: The rules', such as ``GP103``.
        subject: What they are about, ``package.module:Name`` or a module; ``""`` for
            whatever stands in the path.
        path: Pattern of the paths of their files; ``""`` for every file.
        reason: Why they are not mended now.
        owner: Who answers for them.
        until: The last day on which they are waived.
    """

    codes: tuple[str, ...]
    subject: str = ""
    path: str = ""
    reason: str
    owner: str
    until: dt.date

    @property
    def what(self) -> str:
        """What it waives, as people write it."""
        return f"{', '.join(self.codes)} of {self.subject or self.path}"


class Concept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An idea that has one home.

    Attributes:
        name: What people call it.
        home: ``package.module:Class``: the one implementation.
        door: ``package:Class``: the one other path by which it may be imported.
        factory: ``package.module:function``: the way to get one, if there is one.
        words: What else it is called; rivals are looked for under these words.
        fakes: Folders or files of stand-ins for tests.
        methods: What a class must offer to be a rival; by default what the home
            offers.
        waiver: What is not counted, until a day.
    """

    name: str
    home: str
    door: str = ""
    factory: str = ""
    words: tuple[str, ...] = ()
    fakes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    waiver: tuple[Waiver, ...] = ()

    @property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The words of each of its names, the home's class included."""
        class_ = self.home.rpartition(":")[2]
        names = (self.name, class_, *self.words)
        return tuple(dict.fromkeys(filter(None, map(words_of, names))))


class TestKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of test, and how to recognise one; any of these is enough.

    Attributes:
        name: Such as ``mission critical``.
        markers: Names of pytest markers.
        paths: Patterns of paths, such as ``tests/e2e/*``.
        imports: Modules whose import makes a test one of these.
        fixtures: Names of fixtures.
    """

    name: str
    markers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()


class Configuration(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The whole table.

    Attributes:
        concept: The concepts.
        source_roots: Where imports start from; more are found.
        exclude: Patterns of paths that are left out.
        ignore: Codes of rules that are not applied.
        tests: Patterns of the paths of tests.
        kind: Kinds of tests, the most important first; there are defaults.
        baseline: File of findings that are accepted for now.
        today: By which waivers are counted; by default the first of all days, on
            which none has expired. It is not written down but looked up.
    """

    concept: tuple[Concept, ...] = ()
    source_roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    tests: tuple[str, ...] = ("tests/*", "test/*", "*/tests/*", "*/test/*")
    kind: tuple[TestKind, ...] = ()
    baseline: str = ".goldenpath-baseline.json"
    today: dt.date = dt.date.min


def load(root: Path, *, today: dt.date | None = None) -> Configuration:
    """Return the configuration of a tree; the defaults if it has none.

    Args:
        root: The tree.
        today: By which waivers are counted; None for the day that it is, UTC.

    Raises:
        ConfigurationError: It makes no sense; the message says where and why.
    """
    path = root / "pyproject.toml"
    day = today or dt.datetime.now(tz=dt.UTC).date()
    if not path.is_file():
        return Configuration(today=day)
    try:
        whole = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None
    table: Any = whole
    for key in ("tool", "goldenpath", "guard"):
        table = table.get(key, {})
        if not isinstance(table, Mapping):
            raise ConfigurationError(f"{path}: {key!r} is no table")
    where = f"{path}: [tool.goldenpath.guard]"
    if "today" in table:
        raise ConfigurationError(f"{where}: there is no key 'today'")
    configuration = _convert(table, Configuration, where)
    for place in configuration.source_roots:
        if not (root / place).is_dir():
            raise ConfigurationError(f"{where}: there is no folder {place!r}")
    for concept in configuration.concept:
        for waiver in concept.waiver:
            _require_answerable(waiver, where)
    return msgspec.structs.replace(configuration, today=day)


def _require_answerable(waiver: Waiver, where: str) -> None:
    """Refuse a waiver that nobody can answer for.

    Raises:
        ConfigurationError: It has no reason or owner, or would waive everything.
    """
    if not waiver.codes or not (waiver.subject or waiver.path):
        raise ConfigurationError(
            f"{where}: a waiver needs codes, and a subject or a path"
        )
    for key in ("reason", "owner"):
        if not getattr(waiver, key).strip():
            raise ConfigurationError(
                f"{where}: the waiver of {waiver.what} has no {key}"
            )


def _convert(table: Any, kind: type[Kind], where: str) -> Kind:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{where}: {_sentence(str(error), kind)}") from None


def _sentence(text: str, kind: type[Any]) -> str:
    """Turn msgspec's words into ours, with what may have been meant."""
    text = text.replace("`$.", "`").replace("- at `$`", "").strip()
    prefix = "Object contains unknown field `"
    if text.startswith(prefix):
        name = text[len(prefix) :].partition("`")[0]
        known = [
            field
            for struct in (kind, Concept, TestKind, Waiver)
            for field in struct.__struct_fields__
        ]
        near = difflib.get_close_matches(name, known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"there is no key {name!r}{hint}"
    missing = re.fullmatch(r"Object missing required field `(.*?)`(.*)", text)
    if missing is not None:
        return f"{missing[1]!r} is missing{missing[2].replace(' - at', ' in')}"
    wrong = re.fullmatch(r"Expected `(.*?)`, got `(.*?)` - at `(.*?)`", text)
    if wrong is not None:
        is_wanted, is_given = (_KINDS.get(kind, kind) for kind in wrong.groups()[:2])
        return f"`{wrong[3]}` must be {is_wanted} and is {is_given}"
    return text[0].lower() + text[1:]


def concept_of(
    *, home: str, name: str = "", words: tuple[str, ...] = (), factory: str = ""
) -> Concept:
    """Return a concept as it is given on the command line.

    Raises:
        ConfigurationError: The home is not of the form ``module:Class``.
    """
    class_ = home.rpartition(":")[2]
    return Concept(
        name=name or " ".join(words_of(class_)), home=home, words=words, factory=factory
    )


def split_place(text: str, what: str) -> tuple[str, str]:
    """Return module and name of ``module:Name``.

    Raises:
        ConfigurationError: It has another form.
    """
    module, colon, name = text.partition(":")
    parts = [*module.split("."), *name.split(".")]
    if not colon or not all(part.isidentifier() for part in parts):
        raise ConfigurationError(
            f"{what} {text!r} is not of the form package.module:Class"
        )
    return module, name
