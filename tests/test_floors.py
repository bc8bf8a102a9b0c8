"""What import contracts cannot say: faces, tasks, threads, the environment."""

import ast
from pathlib import Path

import pytest

import goldenpath

ROOT = Path(goldenpath.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
FACES = {
    ".".join(("goldenpath", *path.parent.relative_to(ROOT).parts))
    for path in ROOT.rglob("__init__.py")
}


def tree(path):
    return ast.parse(path.read_text(), str(path))


def place(path):
    return str(path.relative_to(ROOT))


def calls(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", FILES, ids=place)
def test_names_are_imported_from_the_file_that_defines_them(path):
    """Two ways to one name is what this project exists to prevent."""
    is_face = path.name in ("__init__.py", "__main__.py")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert all(alias.name != "*" for alias in node.names)
            if is_face or node.module not in FACES:
                continue
            for alias in node.names:
                module = ROOT.parent / node.module.replace(".", "/") / alias.name
                assert module.with_suffix(".py").exists(), (
                    f"{node.module}.{alias.name} is imported through a face"
                )


# `to_thread` in auth is for hashing, with a limit of its own; the manager's chores
# and the client's one task are theirs to end.
@pytest.mark.parametrize("path", FILES, ids=place)
def test_only_three_floors_start_tasks_or_threads(path):
    if place(path).split("/")[0] in (
        "connections",
        "runs",
        "storage",
        "cli",
        "testing",
        # A task for each request and socket, as every server has it.
        "server",
    ):
        return
    allowed = {
        "_manager.py": {"asyncio.create_task"},
        "client/_client.py": {"asyncio.create_task"},
        "agents/local.py": {"concurrent.futures.ThreadPoolExecutor"},
        # Each waits for a process that imports a module.
        "guard/repair/_verify.py": {"concurrent.futures.ThreadPoolExecutor"},
    }.get(place(path), set())
    starts = {
        call
        for call in calls(path)
        if call.rpartition(".")[2]
        in ("create_task", "ensure_future", "Thread", "ThreadPoolExecutor", "TaskGroup")
    }

    assert starts <= allowed


@pytest.mark.parametrize("path", FILES, ids=place)
def test_the_environment_is_read_in_the_cli_only(path):
    if place(path).startswith("cli/"):
        return
    text = ast.unparse(tree(path))

    assert "os.environ" not in text
    assert "import environ" not in text
    assert "getenv" not in text


@pytest.mark.parametrize("path", FILES, ids=place)
def test_every_queue_has_a_cap(path):
    """What can grow without a limit will (S38)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "asyncio.Queue",
            "queue.Queue",
        ):
            assert node.args or node.keywords
        assert not (
            isinstance(node, ast.Call) and ast.unparse(node.func) == "queue.SimpleQueue"
        )
