"""Plays the story: real commands, and what they really print.

Each step says how its commands have to end and what they have to say. At the first
that does not, the story stops and says so.
"""

from __future__ import annotations

import dataclasses
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from goldenpath.guard.story._repository import (
    Decision,
    commit,
    decisions,
    git,
    relapse,
)

_DIFF = ("diff", "--staged", "--no-color", "--irreversible-delete", "--unified=1")
_NOISE = ("index ", "--- ", "new file mode ")


class UnexpectedError(Exception):
    """A step has not ended as it should."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """Where the story is played.

    Attributes:
        folder: The repository.
        python: The interpreter that runs the guard, the tests and the gate.
        variables: The environment of all commands.
        tell: Prints a heading.
        say: Prints text.
        is_quiet: Whether only the lines are shown that tell how a step has ended.
    """

    folder: Path
    python: Path
    variables: Mapping[str, str]
    tell: Callable[[str], None]
    say: Callable[[str], None]
    is_quiet: bool = False

    def run(self, shown: str, *, ends: int = 0, says: Sequence[str] = ()) -> None:
        """Run a command, and show it with what it prints.

        Args:
            shown: As a person types it.
            ends: The exit status that it must have.
            says: What it must print.

        Raises:
            UnexpectedError: It does not.
        """
        self.say(f"$ {shown}")
        first, *rest = shlex.split(shown)
        given = {
            "goldenpath": (str(self.python), "-m", "goldenpath"),
            self.python.name: (str(self.python),),
        }
        lines = []
        with subprocess.Popen(  # noqa: S603 - one of the story's own commands
            (*given.get(first, (first,)), *rest),
            cwd=self.folder,
            env=dict(self.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                if not self.is_quiet:
                    self.say(line.rstrip("\n"))
        if self.is_quiet:
            for line in _telling(lines, says):
                self.say(line.rstrip("\n"))
        said = "".join(lines)
        wrong = [f"it does not say {text!r}" for text in says if text not in said]
        if process.returncode != ends:
            wrong.insert(0, f"it ended with {process.returncode} and not with {ends}")
        if wrong:
            shown_too = said if self.is_quiet else ""
            raise UnexpectedError(f"`{shown}`: {'; '.join(wrong)}\n{shown_too}".strip())
        if ends:
            self.say(f"(exit status {ends}, as it must be)")

    def decide(self, decision: Decision) -> None:
        """Make an edit, show it, and commit it."""
        folder, variables = self.folder, self.variables
        given = decision.patch
        git(folder, variables, "apply", "--index", "--recount", "-", given=given)
        self.say(f"* {decision.title}.")
        self.say(f"  {decision.why}")
        if not self.is_quiet:
            self.say("")
            for line in _short(git(folder, variables, *_DIFF)):
                self.say(f"    {line}")
            self.say("")
        commit(folder, variables, f"{decision.title}\n\n{decision.why}")


def _telling(lines: Sequence[str], says: Sequence[str]) -> list[str]:
    """Return the first line for each text that is to be said, else the last line."""
    first = [next((one for one in lines if text in one), "") for text in says]
    return [one for one in dict.fromkeys(first) if one] or list(lines[-1:])


def _short(diff: str) -> Iterator[str]:
    """Yield the lines of a diff that a person looks at."""
    path, is_begun = "", False
    for line in diff.splitlines():
        if line.startswith("diff --git "):
            path, is_begun = line.rpartition(" b/")[2], False
        elif line.startswith("deleted file mode "):
            yield f"{path} is deleted"
        elif line.startswith("+++ "):
            yield path
        elif line.startswith("@@"):
            if is_begun:
                yield "  ..."
            is_begun = True
        elif not line.startswith(_NOISE):
            yield f"  {line}".rstrip()


def play(stage: Stage) -> None:
    """Play all of it.

    Raises:
        UnexpectedError: A step has not ended as it should.
        TreeError: Git refuses, or an edit does not fit what the repair has left.
    """
    python = stage.python.name
    gate, tests = f"{python} gate.py", f"{python} -m pytest -q"
    checked = f'--test-command "{tests}" --gate "{gate}"'
    remediate = f"goldenpath guard remediate {checked}"
    begin, look, repair, people, end, relapsed = _HEADINGS

    stage.tell(begin)
    log = "git log --format='%ad %an: %s' --date=short --reverse"
    stage.run(log, says=("Ada", "Give sockets", "Let old", "Bob", "Eve"))
    stage.run("git ls-files chat tests", says=(*_THREE, "tests/test_hub.py"))
    stage.run(gate, says=("answer: You said: hello",))
    stage.run(tests, says=("passed",))

    stage.tell(look)
    stage.run(
        "goldenpath guard discover",
        says=("chat.websocket.manager:WebSocketManager", "chat.unified"),
    )
    rules = ("GP101", "GP102", "GP103", "GP106", "GP107", "GP108", "GP109", "GP111")
    stage.run(
        "goldenpath guard scan",
        ends=1,
        says=(*rules, "GP112", "GP201", "12 findings in 20 files"),
    )
    stage.run("goldenpath guard tests", says=("7 tests in 7 files",))
    stage.run("goldenpath guard plan", says=("## For a person",))

    stage.tell(repair)
    stage.run(
        remediate,
        ends=1,
        says=(
            "phase 1: ",
            "phase 5: ",
            "not yet: Repair, Verify, Close",
            "to a person",
            *("call cannot work", "GP101: ", "GP109: ", "GP112: ", "GP201: "),
        ),
    )

    stage.tell(people)
    for decision in decisions():
        stage.decide(decision)

    stage.tell(end)
    stage.run(remediate, says=("7 of 7 boxes hold",))
    stage.run("goldenpath guard scan", says=("0 findings",))
    stage.run(gate, says=("answer: You said: hello",))
    stage.run(tests, says=("25 passed",))
    stage.run("goldenpath guard prove", says=("17 of 17 tests are proved",))
    stage.run("goldenpath guard close --check", says=("everything that it says is so",))
    stage.run("git diff --stat main -- chat", says=("chat/legacy.py",))

    stage.tell(relapsed)
    stage.decide(relapse())
    stage.run(
        "goldenpath guard close --check",
        ends=1,
        says=(
            "box 5, Verify, is ticked and does not hold",
            "chat.hub:SocketHub was retired on ",
        ),
    )


_THREE = ("chat/legacy.py", "chat/unified.py", "chat/websocket/manager.py")
_HEADINGS = (
    "1. A chat backend in which one idea was written three times",
    "2. Look at it; nothing of it is run, and nothing is written",
    "3. Do what needs no person, in steps that are checked; stop where one is needed",
    "4. A person decides",
    "5. Go on until all seven boxes hold",
    "6. Somebody brings the alias back",
)
