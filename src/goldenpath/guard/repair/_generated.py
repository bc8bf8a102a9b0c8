"""Writes the tests of a plan: what fails until a repair is done, and what must hold.

What is written stands alone: it needs pytest and the standard library, reads the tree
with ``ast`` and imports nothing of it. For rules that need all of the guard it asks the
guard, and is skipped where that is not installed.
"""

from __future__ import annotations

import ast
import dataclasses
import json
from collections.abc import Iterator, Sequence

from goldenpath.guard._findings import Finding
from goldenpath.guard._test_plan import TestPlan, ToWrite
from goldenpath.guard._view import View

#: Stands in every file of written tests. They name what is to go, and use none of it.
MARK = "Written by `goldenpath guard tests --write`"
_HEAD = '''\
"""{title}

{mark} for the home {home}.
The tests under "fails until" fail as long as somebody departs from it; those under
"holds" say what a repair must not change. Nothing of the tree is imported.
"""

import ast
import pathlib
{imports}
ROOT = pathlib.Path(__file__).resolve().parents[{depth}]
#: Where imports start from.
SOURCES = {roots!r}
SKIPPED = {skipped!r}
'''

_SUPPORT = '''

def parsed(word):
    """Yield the path and the tree of every file in which a word stands."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if path == pathlib.Path(__file__).resolve() or any(
            part in SKIPPED or part.startswith(".") for part in parts[:-1]
        ):
            continue
        try:
            content = path.read_bytes()
            if word.encode() in content:
                yield "/".join(parts), ast.parse(content)
        except (OSError, SyntaxError, ValueError):
            continue


def names_of(path):
    """Return the names by which a file can be imported, the shortest first."""
    roots = [root for root in SOURCES if not root or path.startswith(root + "/")]
    inner = [path[len(root) :].strip("/") for root in sorted(roots, key=len)[::-1]]
    return [name[:-3].removesuffix("/__init__").replace("/", ".") for name in inner]


def imported_from(path, node):
    """Return the absolute name of the module that a `from` statement names."""
    if not node.level:
        return node.module or ""
    parts = names_of(path)[0].split(".")
    up = node.level - path.endswith("/__init__.py")
    base = parts[: len(parts) - up]
    return ".".join([*base, *filter(None, [node.module])])


def dotted(node):
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return node.id if isinstance(node, ast.Name) else ""


def takers(place, name):
    """Return where a name is taken from a file's module, in whatever way."""
    found = []
    for module in names_of(place):
        found += takers_from(module, name)
    return sorted(set(found))


def takers_from(module, name):
    found = []
    for path, tree in parsed(module.rpartition(".")[2]):
        known, stars = set(), []
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                known |= {a.asname or a.name for a in node.names if a.name == module}
            elif isinstance(node, ast.ImportFrom):
                source = imported_from(path, node)
                for a in node.names:
                    if source == module and a.name == name:
                        found.append(f"{path}:{node.lineno}")
                    elif source == module and a.name == "*":
                        stars.append(node.lineno)
                    elif f"{source}.{a.name}" == module:
                        known.add(a.asname or a.name)
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr == name:
                if dotted(node.value) in known:
                    found.append(f"{path}:{node.lineno}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.replace(":", ".")
                if text == f"{module}.{name}" or text.startswith(f"{module}.{name}."):
                    found.append(f"{path}:{node.lineno}")
            elif isinstance(node, ast.Name) and node.id == name:
                found += [f"{path}:{line}" for line in stars]
    return found


def top(path):
    file = ROOT / path
    return ast.parse(file.read_bytes()).body if file.exists() else []


def exported(path, name):
    """Tell whether a file lists a name in its `__all__`."""
    return [
        f"{path}:{node.lineno}"
        for node in top(path)
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        and "__all__" in ast.unparse(node).partition("=")[0]
        and any(
            isinstance(item, ast.Constant) and item.value == name
            for item in ast.walk(node.value)
        )
    ]


def assigned(path, name):
    """Return where a file gives something a name, or derives a class of that name."""
    return [
        f"{path}:{node.lineno}"
        for node in top(path)
        if (isinstance(node, ast.ClassDef) and node.name == name)
        or (isinstance(node, ast.Assign) and name in map(dotted, node.targets))
    ]


def signature(path, *names):
    """Return what a function takes, as it is written."""
    nodes = top(path)
    for name in names:
        node = next(n for n in nodes if getattr(n, "name", None) == name)
        nodes = getattr(node, "body", [])
    kind = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    return f"{kind}({ast.unparse(node.args)})"


def methods(path, name):
    """Return the names of what a class offers."""
    node = next(n for n in top(path) if getattr(n, "name", None) == name)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {n.name for n in node.body if isinstance(n, kinds) and n.name[0] != "_"}
'''

_ASK = '''

@functools.cache
def findings():
    """Return what a scan finds; it is asked once for all tests of a run."""
    done = subprocess.run(
        [sys.executable, "-m", "goldenpath", "guard", "scan", str(ROOT), *CONCEPT],
        capture_output=True,
        text=True,
    )
    if done.returncode > 1:
        pytest.fail(done.stderr)
    return json.loads(done.stdout)["findings"]


def found_by_the_guard(code):
    """Return what a scan says, without what it says of other rules."""
    if importlib.util.find_spec("goldenpath") is None:
        pytest.skip("the guard is not installed: pip install goldenpath")
    return [one for one in findings() if one["code"] == code]
'''

_ASKING = ("functools", "importlib.util", "json", "subprocess", "sys")
_SKIPPED = (
    "__pycache__", "node_modules", "site-packages", "build", "dist", "venv", "env",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class WrittenTest:
    """A test that was written.

    Attributes:
        name: Its function's name.
        holds: What it holds.
        code: The rule that it fails on; ``""`` if it holds what must stay.
        text: Its source.
    """

    name: str
    holds: str
    code: str
    text: str

    @property
    def fails_now(self) -> bool:
        """Whether it must fail until a repair is done."""
        return bool(self.code)


def tests_for(
    view: View, findings: Sequence[Finding], plan: TestPlan
) -> list[WrittenTest]:
    """Return the tests of a plan, those that fail first."""
    mine = [one for one in findings if one.concept == view.concept.name]
    found: dict[str, WrittenTest] = {}
    for wanted in (*plan.failing, *plan.stability):
        body = list(_body(view, mine, wanted))
        name = wanted.name
        while name in found:
            name += "_too"
        lines = [f"def {name}():", f'    """{_sentence(wanted)}"""', *body]
        text = "\n".join(lines)
        found[name] = WrittenTest(name, wanted.holds, wanted.code, text)
    return list(found.values())


def file_of(
    view: View, tests: Sequence[WrittenTest], *, depth: int, asked: Sequence[str]
) -> str:
    """Return a file with tests.

    Args:
        view: What they are about.
        tests: The tests.
        depth: How many folders the file is below the tree's root.
        asked: The arguments that name the concept to the guard.
    """
    asks = any("found_by_the_guard" in test.text for test in tests)
    modules = _ASKING if asks else ()
    imports = "".join(f"import {name}\n" for name in modules)
    parts = [
        _HEAD.format(
            title=f"{view.concept.name[:1].upper()}{view.concept.name[1:]}: one home.",
            mark=MARK,
            home=view.home_place,
            imports=imports + ("\nimport pytest\n" if asks else ""),
            depth=depth,
            roots=list(view.project.modules.roots),
            skipped=_SKIPPED,
        )
    ]
    if asks:
        parts.append(f"CONCEPT = {[*asked, '--format', 'json']!r}\n")
    parts.append(_SUPPORT)
    if asks:
        parts.append(_ASK)
    for title, some in (
        ("Fails until it is repaired.", [one for one in tests if one.code]),
        ("Holds, before and after.", [one for one in tests if not one.code]),
    ):
        if some:
            parts.append(f"\n\n# {title}\n")
            parts += [f"\n\n{one.text}\n" for one in some]
    return "".join(parts)


def _sentence(wanted: ToWrite) -> str:
    rule = f"{wanted.code}: " if wanted.code else ""
    text = f"{rule}{wanted.holds}."
    return text if wanted.code else text[:1].upper() + text[1:]


def _body(view: View, findings: Sequence[Finding], wanted: ToWrite) -> Iterator[str]:
    code = wanted.code
    finding = next(
        (
            one
            for one in findings
            if one.code == code and wanted.subject in ("", one.subject)
        ),
        None,
    )
    if not code:
        yield from _stability(view, wanted)
    elif finding is None or code not in _BY_PATH:
        yield f'    assert found_by_the_guard("{code}") == []'
    elif code == "GP108":
        yield f'    assert not (ROOT / "{finding.path}").exists()'
    else:
        # Files are named, and no modules: a string with a module's name in it would
        # be one more that stands on it.
        name = finding.subject.partition(":")[2]
        if code in ("GP102", "GP103"):
            yield f'    assert takers("{finding.path}", "{name}") == []'
            yield f'    assert exported("{finding.path}", "{name}") == []'
        if code != "GP102":
            yield f'    assert assigned("{finding.path}", "{name}") == []'


_BY_PATH = ("GP101", "GP102", "GP103", "GP108", "GP109")


def _stability(view: View, wanted: ToWrite) -> Iterator[str]:
    home = view.home
    kind, _, what = wanted.subject.partition(" ")
    where = _arguments(home.path, *home.name.split("."))
    if kind == "surface":
        methods = view.resolver.methods(home)
        names = sorted(name for name in methods if not name.startswith("_"))
        yield "    now = {"
        yield from (f'        "{name}",' for name in names)
        yield "    }"
        yield f"    assert methods({where}) >= now"
        return
    place = (home.path, *home.name.split("."), what or "__init__")
    if kind == "factory" and view.factory is not None:
        place = (view.factory.path, view.factory.name)
    yield f"    taken = signature({_arguments(*place)})"
    yield f"    assert taken == {json.dumps(_signature(view, *place))}"


def _arguments(*texts: str) -> str:
    return ", ".join(f'"{text}"' for text in texts)


def _signature(view: View, path: str, *names: str) -> str:
    """Return what a function takes, as the test will read it."""
    nodes: list[ast.stmt] = ast.parse(view.project.content(path)).body
    found: ast.AST | None = None
    for name in names:
        found = next(n for n in nodes if getattr(n, "name", None) == name)
        nodes = getattr(found, "body", [])
    assert isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef)
    kind = "async " if isinstance(found, ast.AsyncFunctionDef) else ""
    return f"{kind}({ast.unparse(found.args)})"
