"""A phase is written as a whole, or taken back as a whole."""

import errno
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from goldenpath.guard._errors import RepairError
from goldenpath.guard.repair import _journal
from goldenpath.guard.repair._changes import Change

BEFORE = {"a.py": b"a = 1\r\n", "b.py": b"b = 1\n", "c.py": b"c = 1\n"}
AFTER = {"a.py": b"a = 2\r\n", "b.py": None, "c.py": b"c = 2"}


@pytest.fixture
def root(tmp_path):
    for path, content in BEFORE.items():
        (tmp_path / path).write_bytes(content)
    return tmp_path


def changes():
    return [Change(path, BEFORE[path], AFTER[path], ()) for path in BEFORE]


def contents(root):
    return {path.name: path.read_bytes() for path in root.glob("*.py")}


def after():
    return {path: content for path, content in AFTER.items() if content is not None}


def test_all_files_become_what_was_planned(root):
    (root / "a.py").chmod(0o755)
    _journal.write(root, changes())
    _journal.finish(root)

    assert contents(root) == after()
    assert (root / "a.py").stat().st_mode & 0o777 == 0o755
    assert not (root / _journal.FOLDER).exists()
    assert _journal.take_back(root) == []
    assert contents(root) == after()


def test_until_it_is_finished_it_can_be_taken_back(root):
    _journal.write(root, changes())

    assert _journal.take_back(root) == ["a.py", "b.py", "c.py"]
    assert contents(root) == BEFORE
    assert not (root / _journal.FOLDER).exists()


def test_a_file_that_somebody_changed_meanwhile_stops_the_phase(root):
    (root / "c.py").write_bytes(b"c = 'mine'\n")

    with pytest.raises(RepairError, match=r"c\.py was changed by somebody else"):
        _journal.write(root, changes())
    assert contents(root) == BEFORE | {"c.py": b"c = 'mine'\n"}


def test_what_was_changed_after_an_interruption_is_not_overwritten(root):
    _journal.write(root, changes())
    (root / "c.py").write_bytes(b"c = 'mine'\n")

    with pytest.raises(RepairError, match=r"c\.py was changed after a repair"):
        _journal.take_back(root)
    assert contents(root)["c.py"] == b"c = 'mine'\n"
    assert (root / _journal.FOLDER / "0.before").read_bytes() == BEFORE["a.py"]


def test_a_full_disk_leaves_every_file_as_it_was(root, monkeypatch):
    fsync, count = os.fsync, []

    def full(descriptor):
        count.append(descriptor)
        if len(count) == 3:  # the journal, the first file, and then
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RepairError, match="No space left on device; the phase was"):
        _journal.write(root, changes())
    assert contents(root) == BEFORE
    assert list(root.glob(".*.goldenpath")) == []


@pytest.mark.parametrize("writes", range(1, 4))
def test_a_kill_is_taken_back_by_the_next_run(root, writes):
    """At the journal, at the first file, and at the last."""
    program = textwrap.dedent("""
        import os, pathlib, signal, sys
        from goldenpath.guard.repair import _journal
        from tests.guard.repair.test_journal import changes

        fsync, count = os.fsync, []

        def die(descriptor):
            fsync(descriptor)
            count.append(1)
            if len(count) == int(sys.argv[2]):
                os.kill(os.getpid(), signal.SIGKILL)

        os.fsync = die
        _journal.write(pathlib.Path(sys.argv[1]), changes())
        """)
    done = subprocess.run(
        [sys.executable, "-c", program, str(root), str(writes)], check=False
    )
    assert done.returncode == -signal.SIGKILL

    _journal.take_back(root)
    assert contents(root) == BEFORE


def test_a_link_stays_one(root):
    (root / "real").mkdir()
    (root / "a.py").rename(root / "real" / "a.py")
    (root / "a.py").symlink_to(root / "real" / "a.py")
    _journal.write(root, changes())

    assert (root / "a.py").is_symlink()
    assert (root / "real" / "a.py").read_bytes() == AFTER["a.py"]
