"""Node, the library as it is built, and servers to talk to."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import browser, start_server

__all__ = ["browser", "start_server"]

HERE = Path(__file__).parent
CLIENT = HERE.parents[1] / "client"

RunNode = Callable[..., Any]


def missing(what: str) -> None:
    pytest.skip(f"NO {what}: the TypeScript client was NOT tested in Node")


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `npm ci` installs; done here if nobody has done it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        missing("NODE")
    # Several workers of pytest may come at once.
    lock_path = tmp_path_factory.getbasetemp().parent / "npm-ci.lock"
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CLIENT / "node_modules" / "ws").exists():
            command = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=CLIENT, check=False)
            if done.returncode != 0:
                missing("NPM PACKAGES (`npm ci` failed in client/)")
    return CLIENT / "node_modules"


@pytest.fixture(scope="session")
def library(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library as an application gets it."""
    out = tmp_path_factory.mktemp("library")
    command = ["node", "build.mjs", "--library", "--out", str(out)]
    subprocess.run(command, cwd=CLIENT, check=True)
    (out / "package.json").write_text('{"type": "module"}')
    return out / "index.js"


@pytest.fixture
def run_node(node_modules: Path) -> RunNode:
    """Runs a script of this folder; returns the JSON that it prints."""

    def run(script: str, *arguments: str) -> Any:
        done = subprocess.run(
            ["node", str(HERE / script), *arguments],
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
