"""The story: a whole remediation on a miniature repository, played once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from goldenpath.guard.story._play import Stage, UnexpectedError
from goldenpath.guard.story._repository import HISTORY, decisions, files, relapse
from tests.guard.repositories import git

pytestmark = [
    pytest.mark.filterwarnings("ignore:Cyclopts application invoked"),
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here"),
]


@pytest.mark.timeout(600)  # half a minute, on a machine that does nothing else
def test_the_story_ends_as_it_should(tmp_path):
    folder = tmp_path / "chat"
    command = (sys.executable, "-m", "goldenpath", "guard", "story", "--into", folder)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout

    assert done.returncode == 0, said + done.stderr
    # In order: what was found, where a person decided, how it ended and began again.
    place = 0
    for text in (
        "answer: You said: hello",
        "12 findings in 20 files",
        "not yet: Repair, Verify, Close",
        "4. A person decides",
        '-                await answers.send({"kind": "answer", "text": answer})',
        "chat/unified.py is deleted",
        "7 of 7 boxes hold",
        "0 findings in 18 files",
        "17 of 17 tests are proved",
        "everything that it says is so",
        "6. Somebody brings the alias back",
        "box 5, Verify, is ticked and does not hold",
        "chat.hub:SocketHub was retired on ",
        "All of it went as it should",
    ):
        assert text in said[place:], text
        place = said.index(text, place)
    assert git(folder, "status", "--porcelain") == ""
    log = git(folder, "log", "--reverse", "--format=%s", "main..").splitlines()
    decided = [one.title for one in (*decisions(), relapse())]
    assert [one for one in log if not one.startswith("Give websocket")] == decided


def test_only_the_repository_is_written_if_that_is_asked_for(guard, tmp_path):
    folder = tmp_path / "chat"

    status, said, _ = guard("story", "--only-repository", "--into", folder)

    assert (status, said) == (0, f"The repository is in {folder}\n")
    log = git(folder, "log", "--reverse", "--format=%ad %an: %s", "--date=short")
    assert log.splitlines() == [f"{h.day} {h.author}: {h.subject}" for h in HISTORY]
    assert git(folder, "status", "--porcelain") == ""
    listed = git(folder, "ls-files").splitlines()
    assert sorted(listed) == sorted(path for path, _ in files())


def test_the_gate_of_the_repository_is_open_and_its_tests_pass(guard, tmp_path):
    guard("story", "--only-repository", "--into", tmp_path / "chat")
    for command in (("gate.py",), ("-m", "pytest", "-q")):
        done = subprocess.run(
            (sys.executable, "-B", *command),
            cwd=tmp_path / "chat",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_writes_over_nothing(guard, tmp_path):
    (tmp_path / "mine").write_text("mine")

    status, _, error = guard("story", "--only-repository", "--into", tmp_path)

    assert status == 2
    assert "is not empty; name a folder that is new" in error
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


def test_without_git_it_says_so_in_a_sentence(guard, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))

    status, said, error = guard("story", "--into", tmp_path / "chat")

    assert (status, said) == (2, "")
    assert error == (
        "goldenpath: the story is told with git, and there is no git here\n"
    )
    assert not (tmp_path / "chat").exists()


def test_a_story_that_does_not_go_as_it_should_says_where(guard, tmp_path, monkeypatch):
    def gone_wrong(_stage):
        raise UnexpectedError("`goldenpath guard scan`: it ended with 2 and not with 1")

    monkeypatch.setattr("goldenpath.cli._story.play", gone_wrong)

    status, said, _ = guard("story", "--into", tmp_path / "chat")

    assert status == 1
    assert said.endswith("as it should: `goldenpath guard scan`: it ended with 2 and "
                         "not with 1\n")  # fmt: skip


@pytest.mark.parametrize(
    ("command", "ends", "says", "complaint"),
    [
        ("git --version", 0, ("git version",), ""),
        ("git --version", 1, ("git",), "it ended with 0 and not with 1"),
        ("git --version", 0, ("goldenpath",), "it does not say 'goldenpath'"),
        ("git no-command", 0, (), "it ended with 1 and not with 0"),
    ],
)
def test_a_step_is_held_against_how_it_must_end(
    tmp_path, command, ends, says, complaint
):
    said = []
    python = Path(sys.executable)
    stage = Stage(tmp_path, python, dict(os.environ), said.append, said.append)
    if complaint:
        with pytest.raises(UnexpectedError, match=complaint):
            stage.run(command, ends=ends, says=says)
    else:
        stage.run(command, ends=ends, says=says)
    assert said[0] == f"$ {command}"
