"""The tests round a concept: which there are, of what kind, and how they get at it.

Rule 1: a test's kind comes with the reason for it: a marker, a folder, an import, a
        fixture.
Rule 2: the inventory is truthful: tests that do nothing, are skipped, cannot fail or
        replace the very thing that they test are counted as such.
"""

from __future__ import annotations

import bisect
import dataclasses
import fnmatch
from collections.abc import Iterator

from goldenpath.guard._config import TestKind
from goldenpath.guard._facts import (
    Binding,
    Call,
    Class,
    DottedString,
    FileFacts,
    Test,
)
from goldenpath.guard._resolve import Thing
from goldenpath.guard._rivals import THRESHOLD, rivals
from goldenpath.guard._roles import PROMISES
from goldenpath.guard._uses import touches
from goldenpath.guard._view import View

DEFAULT_KINDS = (
    TestKind(
        name="mission critical",
        markers=("mission_critical", "critical", "smoke"),
        paths=("*mission_critical*", "*/critical/*"),
    ),
    TestKind(
        name="end to end",
        markers=("e2e", "end_to_end", "staging", "browser"),
        paths=("*e2e*", "*end_to_end*", "*/staging/*", "*/browser/*"),
        imports=("playwright", "selenium", "pyppeteer", "splinter"),
        fixtures=("page", "browser", "live_server"),
    ),
    TestKind(
        name="integration",
        markers=("integration", "db", "django_db", "slow", "process"),
        paths=("*integration*", "*/process/*"),
        imports=(
            "docker", "testcontainers", "redis", "asyncpg", "psycopg", "psycopg2",
            "sqlalchemy", "fastapi.testclient", "starlette.testclient", "httpx",
            "requests", "websockets", "aiohttp", "socket", "subprocess", "uvicorn",
        ),
        fixtures=("client", "async_client", "db", "session", "redis", "server"),
    ),
)  # fmt: skip
UNIT = "unit"

# How a test gets at the concept; of several ways of one file the last one counts.
PATTERNS = {
    "import": "imports it only",
    "factory": "asks the factory for one",
    "fixture": "is given one by a fixture",
    "constructor": "makes one",
    "spec": "replaces it by a mock with a spec",
    "subclass": "derives from it",
    "second path": "takes it by another path or name than its home's",
    "own": "has an implementation of its own",
    "mock": "replaces it by a mock without a spec",
}
UNSOUND = ("second path", "own", "mock")
_MOCKS = frozenset(
    ("Mock", "MagicMock", "AsyncMock", "NonCallableMock", "patch", "object")
)
_SPECS = frozenset(("spec", "spec_set", "autospec", "wraps", "new", "new_callable"))


@dataclasses.dataclass(frozen=True, slots=True)
class TestFile:
    """A file of tests that touches the concept.

    Attributes:
        path: The file.
        kind: Its kind.
        kind_reason: Why it is one of these.
        pattern: How it gets at the concept; the least sound way counts.
        reasons: Lines that show it: ``"12: patch(…) without spec"``.
        tests: Its tests.
        reach: How many places of the concept it touches: how much it protects.
    """

    path: str
    kind: str
    kind_reason: str
    pattern: str
    reasons: tuple[str, ...]
    tests: tuple[Test, ...]
    reach: int

    @property
    def executed(self) -> int:
        """Tests that do something and are not skipped."""
        return sum(not t.is_empty and not t.is_skipped for t in self.tests)

    @property
    def empty(self) -> int:
        """Tests that do nothing."""
        return sum(t.is_empty for t in self.tests)

    @property
    def skipped(self) -> int:
        """Tests that are skipped whatever happens."""
        return sum(t.is_skipped for t in self.tests)

    @property
    def toothless(self) -> int:
        """Tests that cannot fail: they assert nothing, or only what is always so."""
        return sum(
            not t.is_empty and not t.is_skipped and t.asserts <= t.constant_asserts
            for t in self.tests
        )


def inventory(view: View) -> list[TestFile]:
    """Return the files of tests that touch the concept, the most protective first."""
    touched: dict[str, int] = {}
    for touch in view.once(touches):
        touched[touch.path] = touched.get(touch.path, 0) + 1
    found = []
    for path in view.candidates:
        facts = view.facts(path)
        if not view.is_test(path) or facts.error:
            continue
        ways = dict(_ways(view, path, facts))
        if not ways:
            continue
        pattern = max(ways, key=list(PATTERNS).index)
        kind, why = kind_of(view, path, facts)
        found.append(
            TestFile(
                path,
                kind,
                why,
                pattern,
                ways[pattern],
                facts.tests,
                touched.get(path, 0),
            )
        )
    return sorted(found, key=lambda one: (-one.reach, one.path))


def kind_of(view: View, path: str, facts: FileFacts) -> tuple[str, str]:
    """Return a file's kind and the reason."""
    for kind in (*view.configuration.kind, *DEFAULT_KINDS):
        reason = _kind_reason(kind, path, facts)
        if reason:
            return kind.name, reason
    return UNIT, "nothing says otherwise"


def _kind_reason(kind: TestKind, path: str, facts: FileFacts) -> str:
    return (
        _by_marker(kind, facts)
        or _by_path(kind, path)
        or _by_import(kind, facts)
        or _by_fixture(kind, facts)
    )


def _by_marker(kind: TestKind, facts: FileFacts) -> str:
    for test in facts.tests:
        for marker in test.markers:
            if marker.removesuffix("()").rpartition(".")[2] in kind.markers:
                return f"line {test.line}: marked {marker}"
    for binding in facts.bindings:
        if binding.name != "pytestmark" or binding.scope:
            continue
        texts = [text for text, _scope, line in facts.reads if line == binding.line]
        for text in (*texts, binding.target):
            if ".mark." in text and text.rpartition(".")[2] in kind.markers:
                return f"line {binding.line}: the file is marked {text}"
    return ""


def _by_path(kind: TestKind, path: str) -> str:
    for pattern in kind.paths:
        if fnmatch.fnmatchcase(path, pattern):
            return f"its path is like {pattern}"
    return ""


def _by_import(kind: TestKind, facts: FileFacts) -> str:
    for binding in facts.bindings:
        if binding.kind in ("from", "import", "import_as"):
            module = binding.target.partition(":")[0]
            for wanted in kind.imports:
                if module == wanted or module.startswith(wanted + "."):
                    return f"line {binding.line}: imports {module}"
    return ""


def _by_fixture(kind: TestKind, facts: FileFacts) -> str:
    for test in facts.tests:
        for fixture in test.fixtures:
            if fixture in kind.fixtures:
                return f"line {test.line}: takes the fixture {fixture}"
    return ""


def _ways(
    view: View, path: str, facts: FileFacts
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each way in which a file gets at the concept, with the lines."""
    lines: dict[str, list[str]] = {}
    for pattern, line, text in (
        *_takes(view, path),
        *_is_given(view, facts),
        *_replaces(view, path, facts),
    ):
        lines.setdefault(pattern, []).append(f"{line}: {text}")
    for pattern, reasons in lines.items():
        yield pattern, tuple(reasons[:5])


def _takes(view: View, path: str) -> Iterator[tuple[str, int, str]]:
    for offered in view.paths:
        for use in offered.uses:
            if use.path == path:
                pattern = "import" if offered.is_allowed else "second path"
                yield pattern, use.line, f"takes {offered.place}"
    for made in view.constructions:
        if made.path == path:
            pattern = "factory" if made.via_factory else "constructor"
            yield pattern, made.call.line, f"{made.through}()"


def _is_given(view: View, facts: FileFacts) -> Iterator[tuple[str, int, str]]:
    for binding in facts.bindings:
        if binding.kind == "parameter" and _is_given_one(view, binding):
            yield "fixture", binding.line, f"takes the fixture {binding.name}"


def _replaces(
    view: View, path: str, facts: FileFacts
) -> Iterator[tuple[str, int, str]]:
    for call in facts.calls:
        way = _mocked(view, path, facts, call)
        if way:
            yield way, call.line, f"{call.target}(…)"
    for class_ in facts.classes:
        for base in class_.bases:
            if view.means_home(path, base, line=class_.line) and not class_.is_empty:
                yield "subclass", class_.line, f"class {class_.name}"
    if view.is_fake(path):
        return
    for rival in view.once(rivals):
        if rival.thing.path != path or rival.role != "fake":
            continue
        # What it only inherits was written elsewhere.
        defined = view.resolver.methods(rival.thing)
        if (
            rival.score >= THRESHOLD
            and not defined.keys().isdisjoint(rival.shared)
            and not _stands_for_another(view, rival.thing)
        ):
            yield "own", rival.thing.line, f"class {rival.thing.name}"


def _stands_for_another(view: View, thing: Thing) -> bool:
    """Tell whether a stand-in promises something, and the home something else."""
    mine, homes = set(_promises(view, thing)), set(_promises(view, view.home))
    return bool(mine and homes) and mine.isdisjoint(homes)


def _promises(view: View, thing: Thing) -> Iterator[Thing]:
    """Yield what a class is said to keep: abstract bases, and interfaces of Zope's."""
    for one in (thing, *view.resolver.ancestors(thing)):
        class_ = view.resolver.class_of(one)
        if class_ is None:
            continue
        if one != thing and any(
            base.name in PROMISES for base in view.resolver.bases(one)
        ):
            yield one
        yield from _implemented(view, one.path, class_)


def _implemented(view: View, path: str, class_: Class) -> Iterator[Thing]:
    """Yield the interfaces that a class's decorator ``implementer`` names."""
    facts = view.facts(path)
    above = max((c.line for c in facts.classes if c.line < class_.line), default=0)
    for call in facts.calls:
        if not above < call.line <= class_.line or call.scope != class_.scope:
            continue
        if call.target.rpartition(".")[2] == "implementer":
            for text in filter(None, call.arguments):
                for answer in view.resolver.lookup(
                    path, text, scope=call.scope, line=call.line
                ):
                    yield answer.thing


def _is_given_one(view: View, binding: Binding) -> bool:
    """Tell whether a parameter of a test is a fixture that gives one."""
    if not binding.scope.rpartition(".")[2].startswith("test"):
        return False
    return binding.name in view.once(_fixtures)


def _fixtures(view: View) -> frozenset[str]:
    """Return the names of fixtures that give one."""
    found = set()
    for path in view.related:
        if not view.is_test(path):
            continue
        for function in view.facts(path).functions:
            is_fixture = any("fixture" in d for d in function.decorators)
            if is_fixture and _gives_one(view, path, function.name):
                found.add(function.name)
    return frozenset(found)


def _gives_one(view: View, path: str, name: str) -> bool:
    return any(
        made.path == path and made.call.scope == name for made in view.constructions
    )


def _mocked(view: View, path: str, facts: FileFacts, call: Call) -> str:
    """Return how a call replaces the concept by a mock, if it does."""
    last = call.target.removesuffix("()").rpartition(".")[2]
    if last == "create_autospec" and any(
        argument and view.means_home(path, argument, scope=call.scope, line=call.line)
        for argument in call.arguments
    ):
        return "spec"
    if last not in _MOCKS or not _is_home_named(view, path, facts, call):
        return ""
    # Of ``patch.object`` the name is an argument of its own.
    is_replaced = call.positional > (2 if last == "object" else 1)
    has_spec = bool(_SPECS & set(call.keywords))
    return "spec" if has_spec or is_replaced else "mock"


def _is_home_named(view: View, path: str, facts: FileFacts, call: Call) -> bool:
    """Tell whether a call names the home: in one string, or as an attribute."""
    known = view.once(_strings)
    if path not in known:
        known[path] = _strings_of_calls(facts)
    for string in known[path].get((call.line, call.column), ()):
        if string.receiver != call.target:
            continue  # of what a chain of calls begins with
        answers = view.resolver.absolute(string.text.replace(":", "."), importer=path)
        if answers and view.is_home(answers):
            return True
    if len(call.arguments) > 1 and call.arguments[1].startswith("'"):
        text = f"{call.arguments[0]}.{call.arguments[1][1:-1]}"
        return view.means_home(path, text, scope=call.scope, line=call.line)
    return False


def _strings(_view: View) -> dict[str, dict[tuple[int, int], list[DottedString]]]:
    """Return what is known of files' strings; it grows as it is asked."""
    return {}


def _strings_of_calls(
    facts: FileFacts,
) -> dict[tuple[int, int], list[DottedString]]:
    """Return the strings that are arguments, by the place of their call.

    One is an argument of the nearest call of its receiver that begins before it.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for call in facts.calls:
        places.setdefault(call.target, []).append((call.line, call.column))
    for begun in places.values():
        begun.sort()
    found: dict[tuple[int, int], list[DottedString]] = {}
    for string in facts.strings:
        begun = places.get(string.receiver, [])
        nearest = bisect.bisect_left(begun, (string.line, string.column))
        if nearest:
            found.setdefault(begun[nearest - 1], []).append(string)
    return found
