"""The page about a bus and a log of one's own: its tests are run, and can fail."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent.parent / "docs/how-to/own-bus-and-log.md"
BLOCKS = re.findall(r"(?s)```python\n(.*?)\n```\n", PAGE.read_text("utf-8"))
UNDO = "self._listeners.get(log, {}).pop(heard, None)"


def run(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess:
    (folder / "test_own.py").write_text(program, "utf-8")
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    return subprocess.run(
        [*command, *arguments, "test_own.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", ["TestBareBus", "TestSQLiteLog"])
@pytest.mark.timeout(120)
def test_what_the_page_shows_keeps_the_contract(tmp_path, name) -> None:
    """Whoever begins with a copy of it begins with green."""
    done = run(tmp_path, "\n".join(BLOCKS), "-k", name)

    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 10
    assert "skipped" not in done.stdout


@pytest.mark.timeout(120)
def test_a_bus_that_does_not_let_go_fails(tmp_path) -> None:
    """Otherwise green would say nothing."""
    program = "\n".join(BLOCKS)
    assert UNDO in program

    done = run(tmp_path, program.replace(UNDO, "pass"), "-k", "TestBareBus")

    assert done.returncode == 1
    assert "test_no_call_follows_unsubscribing" in done.stdout
