"""One name, one door: what may be imported, and from where."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import goldenpath

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
PACKAGE = Path(goldenpath.__file__).parent


def modules() -> dict[str, bool]:
    """Return the modules that may be imported, and whether each is a folder."""
    found = {"goldenpath": True}
    for module in pkgutil.walk_packages([str(PACKAGE)], "goldenpath."):
        if not any(part.startswith("_") for part in module.name.split(".")):
            found[module.name] = module.ispkg
    return found


FACES = [name for name, is_face in modules().items() if is_face]
FILES = [name for name, is_face in modules().items() if not is_face]


def parsed(name: str) -> ast.Module:
    file = importlib.import_module(name).__file__
    assert file is not None
    return ast.parse(Path(file).read_text("utf-8"))


def imports_of(name: str) -> list[ast.ImportFrom]:
    """Return what a face imports, also what it only tells type checkers."""
    return [
        node
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.ImportFrom)
        and node.module not in ("__future__", "typing")
    ]


def defined(name: str) -> list[str]:
    """Return the public names that a file defines itself."""
    return [
        node.name
        for node in parsed(name).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
    ]


def offered(name: str) -> list[str]:
    module = importlib.import_module(name)
    return list(module.__all__) if hasattr(module, "__all__") else defined(name)


def doors() -> dict[int, list[str]]:
    """Return the import paths of every public thing."""
    found = defaultdict(list)
    for module in modules():
        for name in offered(module):
            thing = getattr(importlib.import_module(module), name)
            found[id(thing)].append(f"{module}.{name}")
    return found


def order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions; as the linter sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_public_name_has_one_door() -> None:
    """Two import paths for one thing is what this project exists to prevent."""
    assert [paths for paths in doors().values() if len(paths) > 1] == []


def test_the_everyday_names_are_in_no_other_face() -> None:
    """A reader who knows `goldenpath.Settings` must not meet it elsewhere."""
    everyday = set(goldenpath.__all__)

    again = {name: everyday & set(offered(name)) for name in modules()}

    assert {k: v for k, v in again.items() if v} == {"goldenpath": everyday}


# The first door imports a name when it is asked for: see docs/decisions/0016.
@pytest.mark.parametrize("name", sorted(set(FACES) - {"goldenpath"}))
def test_a_face_has_a_docstring_imports_and_a_list_only(name: str) -> None:
    """Logic in a face runs at import, where nobody looks for it."""
    tree = parsed(name)
    assert ast.get_docstring(tree), f"{name} does not say what it is for"

    *imports, names = tree.body[1:]

    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    assert isinstance(names, ast.Assign)
    assert ast.unparse(names.targets[0]) == "__all__"


@pytest.mark.parametrize("name", FACES)
def test_a_face_offers_what_it_imports_in_order(name: str) -> None:
    """A name that is imported and not listed is a door left ajar."""
    imported = {
        alias.asname or alias.name for node in imports_of(name) for alias in node.names
    }

    assert set(offered(name)) == imported
    assert offered(name) == sorted(offered(name), key=order)


@pytest.mark.parametrize("name", FACES)
def test_a_face_imports_from_the_file_that_defines_the_name(name: str) -> None:
    """A chain of faces hides where a thing is."""
    for node in imports_of(name):
        assert node.module is not None
        assert node.module.rpartition(".")[2].startswith("_"), node.module


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_underscore_offers_its_own_names_only(name: str) -> None:
    """Its path says which extra it needs; what it borrows has a door already."""
    assert set(offered(name)) <= set(defined(name))


def test_code_inside_imports_from_no_face() -> None:
    """A face is for those outside; inside it would be a second path, and a circle."""
    faces = set(FACES)
    through = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.module}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name not in ("__init__.py", "__main__.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module in faces
        and not all(alias.name.startswith("_") for alias in node.names)
    ]

    assert through == []


def test_a_public_thing_says_truly_where_it_is_defined() -> None:
    """Otherwise tools show the wrong source for it."""
    for module in modules():
        for name in offered(module):
            thing = getattr(importlib.import_module(module), name)
            if isinstance(thing, type) or callable(thing):
                home = getattr(thing, "__module__", "")
                if home.startswith("goldenpath"):
                    found = getattr(importlib.import_module(home), name, None)
                    assert found is thing, f"{module}.{name} is not in {home}"


def test_everything_public_is_documented_and_the_reverse() -> None:
    """A name that is not in the reference is not public, and must say so."""
    documented = headings("api.md") | {
        f"goldenpath.errors.{name}"
        for name in re.findall(
            r"^### `(\w+)`$", (REFERENCE / "errors.md").read_text("utf-8"), re.MULTILINE
        )
    }

    public = {f"{module}.{name}" for module in modules() for name in offered(module)}

    assert public - documented == set()
    assert documented - public == set()


def headings(page: str) -> set[str]:
    found = set()
    door = ""
    for line in (REFERENCE / page).read_text("utf-8").splitlines():
        if match := re.fullmatch(r"(##|###) `([\w.]+)`", line):
            if match[1] == "##":
                door = match[2]
            else:
                found.add(f"{door}.{match[2]}")
    return found


def test_everything_public_says_what_it_is_for() -> None:
    """A docstring is the promise."""
    silent = [
        f"{module}.{name}"
        for module in modules()
        for name in offered(module)
        if isinstance(thing := getattr(importlib.import_module(module), name), type)
        and not (thing.__doc__ or "").strip()
    ]

    assert silent == []


def test_the_door_finds_what_a_type_checker_is_told() -> None:
    """Names of the door are written twice: for who checks types, and for who runs."""
    told = {
        alias.name: str(node.module)
        for node in imports_of("goldenpath")
        for alias in node.names
    }

    assert sorted(told) == sorted(goldenpath.__all__)
    for name, home in told.items():
        assert getattr(goldenpath, name) is getattr(importlib.import_module(home), name)


def test_the_door_names_what_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'WebsocketManager'"):
        goldenpath.WebsocketManager  # noqa: B018 - to be asked is to be looked for


def test_the_guard_loads_nothing_of_the_runtime() -> None:
    """It is run before every commit, by people who may not run the runtime at all."""
    script = (
        "import sys, goldenpath.cli._main, goldenpath.cli._guard, goldenpath.guard\n"
        "print(*(name for name in sys.modules if name.startswith('goldenpath.')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()

    known = ("goldenpath.cli", "goldenpath.guard", "goldenpath.errors")
    assert "goldenpath.guard._scan" in loaded
    assert [name for name in loaded if not name.startswith(known)] == []
