"""The guard's command, for tests that run it as people do."""

import pytest

from goldenpath.cli import main

# The corpus has tests of its own, which are read and never run.
collect_ignore = ["corpus"]


@pytest.fixture
def guard(capsys, monkeypatch):
    """Run the command; return status, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["goldenpath", "guard", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run
