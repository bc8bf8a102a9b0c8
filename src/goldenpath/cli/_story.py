"""``goldenpath guard story``: a whole remediation, played on a miniature repository."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import cyclopts
from rich.console import Console

from goldenpath.guard._errors import ConfigurationError
from goldenpath.guard.story._play import Stage, UnexpectedError, play
from goldenpath.guard.story._repository import write_repository


def story(
    *,
    into: Path | None = None,
    only_repository: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    quiet: Annotated[bool, cyclopts.Parameter(negative="")] = False,
) -> int:
    """Play a whole remediation on a miniature repository, with the real commands.

    Args:
        into: A folder that is new or empty; a temporary one by default. It stays.
        only_repository: Write the repository, and leave the commands to you.
        quiet: Show of what a command prints only what tells how it has ended.
    """
    python = Path(sys.executable)
    if not only_repository and importlib.util.find_spec("pytest") is None:
        raise ConfigurationError(
            "the story runs tests with pytest, and it is not there: pip install pytest"
        )
    variables = _variables(python)
    folder = into or Path(tempfile.mkdtemp(prefix="goldenpath-story-")) / "chat"
    write_repository(folder, variables)
    print(f"The repository is in {folder}", flush=True)
    if only_repository:
        return 0
    console = Console(highlight=False)
    began = time.monotonic()

    def tell(text: str) -> None:
        console.print(f"\n{text}\n", style="bold", markup=False)

    def say(text: str) -> None:
        print(text, flush=True)

    try:
        play(Stage(folder, python, variables, tell, say, quiet))
    except UnexpectedError as error:
        print(f"\nthe story did not go as it should: {error}")
        return 1
    seconds = time.monotonic() - began
    tell(f"All of it went as it should, in {seconds:.0f} seconds.")
    print(f"Look round in {folder}: `git log`, REMEDIATION.md, and the branch main.")
    return 0


def _variables(python: Path) -> dict[str, str]:
    """Return the environment: the commands find this Python, and no foreign plugins."""
    given = dict(os.environ)
    mine = {name: text for name, text in given.items() if name[:4] != "GIT_"}
    return {
        **mine,
        "PATH": os.pathsep.join((str(python.parent), mine.get("PATH", os.defpath))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }
