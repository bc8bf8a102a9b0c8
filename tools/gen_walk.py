"""Records the walk of docs/tutorial/one-home.md: `python tools/gen_walk.py`.

The page is the script. In a block of ``console``, lines after ``$`` are commands and
the rest is what they print, ``…`` standing for what was left out. A block of ``diff``
is an edit that the reader makes. All of it is done in a scratch folder; what a command
prints now replaces what the page says, unless that is the same but for commits, days
and times. With ``--check`` nothing is written.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from generated import write_or_check

ROOT = Path(__file__).parent.parent
PAGE = "docs/tutorial/one-home.md"
_BLOCK = re.compile(r"^```(console|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
# What is another in each walk.
_MASKS = (
    # Seven letters may be a word, but not where a commit stands.
    (re.compile(r"\b((?=[0-9a-f]*\d)|(?<= in ))[0-9a-f]{7,40}\b"), "COMMIT"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DAY"),
    (re.compile(r"\b\d+\.\d+s\b"), "TIME"),
)


@dataclasses.dataclass
class Walk:
    """Somebody who does what a page says.

    Attributes:
        folder: Where they are.
        bin: Where their commands are.
        status: With what the last command ended.
    """

    folder: Path
    bin: Path
    status: int = 0

    def run(self, command: str) -> str:
        """Run a command as a shell would that is always the same; return its output."""
        where = self.bin / "where"
        script = (
            f"(exit {self.status})\n{command}\nended=$?\npwd > {where}\nexit $ended"
        )
        done = subprocess.run(
            ("sh", "-c", script),
            cwd=self.folder,
            env=self._variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.status = done.returncode
        self.folder = Path(where.read_text("utf-8").strip())
        return done.stdout

    def edit(self, diff: str) -> None:
        """Make an edit.

        Raises:
            CalledProcessError: It does not fit.
        """
        subprocess.run(
            ("git", "apply", "-"),
            cwd=self.folder,
            input=diff,
            text=True,
            check=True,
        )

    def _variables(self) -> dict[str, str]:
        given = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        return {
            **given,
            "PATH": os.pathsep.join((str(self.bin), given.get("PATH", os.defpath))),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }


def walked(text: str) -> str:
    """Do what a page says; return the page as it should be."""
    with tempfile.TemporaryDirectory(prefix="goldenpath-") as scratch:
        commands = Path(scratch) / "bin"
        commands.mkdir()
        for name, more in (("python", ""), ("goldenpath", " -m goldenpath")):
            file = commands / name
            file.write_text(f'#!/bin/sh\nexec "{sys.executable}"{more} "$@"\n')
            file.chmod(0o755)
        walk = Walk(Path(scratch), commands)

        def command(found: re.Match[str]) -> str:
            said = walk.run(found[1])
            kept = found[2] if is_told(found[2], said) else said
            return f"$ {found[1]}\n{kept}"

        def block(found: re.Match[str]) -> str:
            if found[1] == "diff":
                walk.edit(found[2])
                return found[0]
            return f"```console\n{_COMMAND.sub(command, found[2])}```"

        return _BLOCK.sub(block, text)


def is_told(told: str, said: str) -> bool:
    """Tell whether what a page says is what a command printed.

    >>> is_told("phase 1 in 4353be5… ok", "phase 1 in 9e00c68, phase 2, ok")
    True
    >>> is_told("2 findings", "3 findings")
    False
    """
    pattern = re.escape(_masked(told)).replace("…", ".*")
    return re.fullmatch(pattern, _masked(said), re.DOTALL) is not None


def _masked(text: str) -> str:
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` say whether it is as it should be."""
    text = (ROOT / PAGE).read_text("utf-8")
    return write_or_check(
        {PAGE: walked(text)},
        root=ROOT,
        arguments=arguments,
        command="python tools/gen_walk.py",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
