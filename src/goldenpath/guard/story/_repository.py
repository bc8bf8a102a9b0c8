"""Writes the miniature repository of the story, with a history of a few commits."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from goldenpath.guard._errors import TreeError

_HERE = Path(__file__).parent
_SUFFIX = ".txt"
# A name with a dot in front would be left out of some packages.
_NAMES = {"gitignore": ".gitignore"}


@dataclasses.dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the history.

    Attributes:
        day: When.
        author: Who.
        subject: What was done.
        paths: The files that came with it; ``.`` for all that are left.
    """

    day: str
    author: str
    subject: str
    paths: tuple[str, ...]


HISTORY = (
    Commit(
        "2023-03-06",
        "Ada",
        "Chat over a WebSocket",
        (".gitignore", "README.md", "chat/__init__.py", "chat/legacy.py"),
    ),
    Commit(
        "2023-09-18",
        "Ada",
        "Give sockets a manager, and start over with it",
        ("chat/websocket", "chat/presence.py", "tests"),
    ),
    Commit(
        "2024-02-05",
        "Cem",
        "Let old imports work, and mobile have its name",
        ("chat/ws.py", "chat/hub.py", "chat/agent.py"),
    ),
    Commit(
        "2024-08-12",
        "Bob",
        "Send answers by a manager of our own",
        ("chat/unified.py", "chat/app.py"),
    ),
    Commit(
        "2025-11-03",
        "Eve",
        "Write down what the one manager is, and what must always work",
        (".",),
    ),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """An edit that a person makes.

    Attributes:
        title: What is done.
        why: Why, in a sentence.
        patch: The edit, as a unified diff.
    """

    title: str
    why: str
    patch: str


def files() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file of the repository."""
    root = _HERE / "repository"
    for file in sorted(root.rglob(f"*{_SUFFIX}")):
        path = file.relative_to(root).as_posix().removesuffix(_SUFFIX)
        yield _NAMES.get(path, path), file.read_text("utf-8")


def decisions() -> list[Decision]:
    """Return what a person decides, in order."""
    return [_decision(file) for file in sorted((_HERE / "decisions").glob("*.diff"))]


def relapse() -> Decision:
    """Return the edit that somebody makes after all is done."""
    return _decision(_HERE / "relapse.diff")


def _decision(file: Path) -> Decision:
    text = file.read_text("utf-8")
    head, mark, patch = text.partition("diff --git ")
    title, why = head.strip().split("\n\n")
    return Decision(title, why, mark + patch)


def write_repository(folder: Path, variables: Mapping[str, str]) -> None:
    """Write the repository and its history into a new or an empty folder.

    Args:
        folder: Where.
        variables: The environment for git.

    Raises:
        TreeError: There is something in the folder already, or no git.
    """
    if shutil.which("git", path=variables.get("PATH")) is None:
        raise TreeError("the story is told with git, and there is no git here")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TreeError(f"{str(folder)!r} is not empty; name a folder that is new")
    try:
        for path, text in files():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
    except OSError as error:
        raise TreeError(f"cannot write {str(folder)!r}: {error.strerror}") from None
    git(folder, variables, "init", "--quiet", "--initial-branch=main")
    git(folder, variables, "config", "user.name", "You")
    git(folder, variables, "config", "user.email", "you@example.com")
    git(folder, variables, "config", "commit.gpgSign", "false")
    for one in HISTORY:
        git(folder, variables, "add", "--", *one.paths)
        commit(folder, variables, one.subject, author=one.author, day=one.day)


def commit(
    folder: Path,
    variables: Mapping[str, str],
    message: str,
    *,
    author: str = "",
    day: str = "",
) -> None:
    """Commit what is staged.

    Raises:
        TreeError: Git refuses.
    """
    who = {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": "team@example.com"}
    when = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z"}
    more = (who if author else {}) | (when if day else {})
    if day:
        more |= {key.replace("AUTHOR", "COMMITTER"): text for key, text in more.items()}
    git(folder, {**variables, **more}, "commit", "--quiet", "--message", message)


def git(
    folder: Path, variables: Mapping[str, str], *arguments: str, given: str = ""
) -> str:
    """Run git; return what it prints.

    Raises:
        TreeError: It refuses.
    """
    done = subprocess.run(  # noqa: S603 - arguments are no shell's
        ("git", *arguments),  # noqa: S607
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        env=_undisturbed(variables),
        check=False,
    )
    if done.returncode:
        raise TreeError(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


def _undisturbed(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what somebody has set for all repositories."""
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return {**variables, **nothing}
