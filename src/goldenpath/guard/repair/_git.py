"""What a repair asks of git: is the tree clean, a branch, and a commit a phase."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from goldenpath.guard._errors import RepairError

_SECONDS = 120
# A repair is not looked for further back.
_FAR = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """How much Python differs between two trees.

    Attributes:
        files: Files that differ.
        added: Lines that came.
        removed: Lines that went.
    """

    files: int
    added: int
    removed: int


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A commit of a repair.

    Attributes:
        name: Its short name.
        what: What it did, in its message's first line.
        files: How many Python files it changes.
    """

    name: str
    what: str
    files: int


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

    def before(self, subject: str) -> str:
        """Return the commit that the first of some commits stands on.

        Args:
            subject: How the messages of these commits begin.

        Returns:
            Its name; the last commit's if there are no such commits.
        """
        log = self._run("log", "--first-parent", f"-{_FAR}", "--format=%H %s")
        mine = [line[:40] for line in log.splitlines() if line[41:].startswith(subject)]
        return self._run("rev-parse", f"{mine[-1]}^" if mine else "HEAD").strip()

    def changed_since(self, commit: str) -> list[str]:
        """Return the files of the tree that differ from a commit's, by path."""
        listed = self._run("diff", "--name-only", "--relative", commit, "--", ".")
        return listed.splitlines()

    def differs(self, paths: Sequence[str]) -> bool:
        """Tell whether files are not as they were committed."""
        return bool(self._run("status", "--porcelain", "--", *paths).strip())

    def name_of(self, commit: str) -> str:
        """Return the whole name of a commit, a branch or a tag.

        Raises:
            GitError: There is none of that name.
        """
        return self._run("rev-parse", "--verify", f"{commit}^{{commit}}").strip()

    def lines_since(self, commit: str) -> Lines:
        """Count the lines of Python files that came and went since a commit."""
        listed = self._run("diff", "--numstat", commit, "--", ".").splitlines()
        rows = [line.split("\t") for line in listed if line.endswith(".py")]
        plain = [row for row in rows if row[0] != "-"]  # what git takes for text
        return Lines(
            len(rows),
            sum(int(row[0]) for row in plain),
            sum(int(row[1]) for row in plain),
        )

    def steps_since(self, commit: str, subject: str) -> list[Step]:
        """Return the commits since another whose messages begin so, the oldest first.

        Those that only say how far it is are not among them: they come after.
        """
        log = self._run(
            "log", "--reverse", "--format=%x01%h %s", "--name-only", f"{commit}..HEAD"
        )
        found = []
        for part in log.split("\x01")[1:]:
            first, *files = part.splitlines()
            name, _, text = first.partition(" ")
            changed = [file for file in files if file.endswith(".py")]
            if text.startswith(subject) and changed:
                found.append(Step(name, text.removeprefix(subject), len(changed)))
        return found

    def lines_in_log(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield the lines of messages that begin with a word, the newest first.

        Yields:
            The rest of the line; and when, in which commit, and what that commit did.
        """
        log = self._run(
            "log",
            f"--grep=^{prefix}",
            "--date=short",
            "--format=%x01%ad in %h (%s)%n%b",
        )
        for part in log.split("\x01")[1:]:
            first, *lines = part.splitlines()
            for line in lines:
                if line.startswith(prefix):
                    yield line.removeprefix(prefix), first

    def missing_from(self, branches: Sequence[str]) -> tuple[str, int]:
        """Return the first branch that has commits which are not here, and how many.

        ``("", 0)`` if none has.
        """
        for name in branches:
            if self._run("branch", "--list", name).strip():
                count = int(self._run("rev-list", "--count", f"HEAD..{name}"))
                if count:
                    return name, count
        return "", 0

    @contextlib.contextmanager
    def worktree(self, commit: str) -> Iterator[Path]:
        """Lay a commit out in a scratch folder; yield the tree in it.

        Raises:
            GitError: There is no such commit.
        """
        prefix = self._run("rev-parse", "--show-prefix").strip()
        with tempfile.TemporaryDirectory(prefix="goldenpath-") as folder:
            place = Path(folder) / "before"
            self._run("worktree", "add", "--quiet", "--detach", str(place), commit)
            try:
                yield place / prefix
            finally:
                self._run("worktree", "remove", "--force", str(place))

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
