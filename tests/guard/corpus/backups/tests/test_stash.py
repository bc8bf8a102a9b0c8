import io

import pytest

from console.commands import BackupConsole
from stash.core.errors import RestoreFailed
from stash.core.manager import BackupManager
from stash.plugins.notify import NotifyingBackups
from stash.plugins.storage import DiskStorage
from tests.doubles import MemoryBackups


@pytest.fixture
def manager(tmp_path):
    return BackupManager(DiskStorage(tmp_path / "store"))


def test_what_was_saved_comes_back(manager, tmp_path):
    source = tmp_path / "src"
    (source / "a").mkdir(parents=True)
    (source / "a" / "b.txt").write_text("hello")
    snap = manager.create(str(source))
    manager.restore(snap.id, str(tmp_path / "out"))
    assert (tmp_path / "out" / "a" / "b.txt").read_text() == "hello"


def test_console_prints_the_id():
    out = io.StringIO()
    BackupConsole(MemoryBackups(), out).do_backup("/srv")
    assert out.getvalue() == "s0\n"


def test_failure_is_told():
    told = []

    class Reporter:
        def failure(self, *args):
            told.append(args)

    with pytest.raises(RestoreFailed):
        NotifyingBackups(MemoryBackups(), Reporter()).restore("nope", "/tmp")
    assert told[0][0] == "restore"
