"""What a repair asks of git: is the tree clean, a branch, and a commit a phase."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from goldenpath.guard._errors import RepairError

_SECONDS = 120


class GitError(RepairError):
    """Git refuses, or is not there."""


class Git:
    """The repository that a tree is in.

    Args:
        root: The tree.

    Raises:
        GitError: It is in none, or there is no git.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            self._run("rev-parse", "--show-toplevel")
        except GitError as error:
            raise GitError(
                f"{str(root)!r} is not in a git repository, where every phase could be "
                f"taken back ({error}); give --no-git to write all the same"
            ) from None

    def require_clean(self) -> None:
        """Refuse a tree in which somebody's work is not committed.

        Raises:
            GitError: There is some.
        """
        changed = self._changed()
        if changed:
            more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            raise GitError(
                f"the work tree has changes that are not committed: "
                f"{changed[0][3:]}{more}; commit or stash them, or give --allow-dirty"
            )

    @property
    def is_clean(self) -> bool:
        """Whether everything in the work tree is committed."""
        return not self._changed()

    def _changed(self) -> list[str]:
        return self._run("status", "--porcelain", "--", ".").splitlines()

    def branch(self, name: str) -> None:
        """Go to a branch; it is made if there is none.

        Raises:
            GitError: Git refuses.
        """
        if self._run("branch", "--show-current").strip() == name:
            return
        is_there = self._run("branch", "--list", name).strip()
        self._run("switch", *(() if is_there else ("-c",)), name)

    def commit(self, paths: Sequence[str], message: str) -> str:
        """Commit what a phase has changed; return the commit's short name.

        Raises:
            GitError: Git refuses, say for a hook; nothing is staged then.
        """
        try:
            self._run("add", "--all", "--", *paths)
            self._run("commit", "--quiet", "--file=-", "--", *paths, given=message)
        except GitError:
            self._run("reset", "--quiet", "--", *paths)
            raise
        return self.head()

    def head(self) -> str:
        """Return the short name of the commit that is checked out."""
        return self._run("rev-parse", "--short", "HEAD").strip()

    def _run(self, *arguments: str, given: str = "") -> str:
        try:
            done = subprocess.run(  # noqa: S603 - arguments are no shell's
                ("git", "-c", "core.quotePath=false", *arguments),  # noqa: S607
                cwd=self._root,
                input=given,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from None
        except subprocess.TimeoutExpired:
            raise GitError(
                f"git {arguments[0]} took more than {_SECONDS} seconds"
            ) from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason"]
            raise GitError(f"git {arguments[0]}: {said[-1]}")
        return done.stdout


def branch_for(concept: str) -> str:
    """Return the name of the branch on which a concept is repaired.

    >>> branch_for("WebSocket manager")
    'goldenpath/websocket-manager'
    """
    return f"goldenpath/{slug(concept)}"


def slug(concept: str) -> str:
    """Return a concept's name as it can stand in the name of a branch or a file."""
    return re.sub(r"[^a-z0-9]+", "-", concept.lower()).strip("-")
