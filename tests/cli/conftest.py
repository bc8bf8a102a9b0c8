"""The command line as people use it: real processes, always stopped by their pid."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest

PASSWORD = "correct horse"
COMMAND = [sys.executable, "-m", "goldenpath"]


def environment(**changes):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GOLDENPATH_", "OPENAI_", "COV_"))
        and not name.lower().endswith("_proxy")
    }
    kept.pop("PORT", None)
    return kept | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"} | changes


class Shell:
    """Runs commands in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder / "data"

    def run(self, *arguments, stdin="", check=None, **variables):
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment(GOLDENPATH_DATA=str(self.data), **variables),
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if check is not None:
            assert done.returncode == check, done.stdout + done.stderr
        return done

    def add_user(self, name="ada"):
        self.run("users", "add", name, "--password-stdin", stdin=PASSWORD, check=0)

    @contextlib.contextmanager
    def serving(self, *arguments, agent="tools", data=None):
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--agent", agent, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=environment(GOLDENPATH_DATA=str(data or self.data)),
        )
        try:
            yield Serving(process)
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
            process.stdout.close()
            process.stderr.close()


class Serving:
    def __init__(self, process):
        self.process = process
        self.greeting = ""
        while "Ctrl+C" not in self.greeting:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            self.greeting += line
        self.url = re.search(r"http://\S+", self.greeting).group()
        self.port = int(self.url.rpartition(":")[2])

    def signal(self, number):
        os.kill(self.process.pid, number)

    def stopped(self, within=15):
        """Wait for its end; return its status, how long it took and its errors."""
        began = time.monotonic()
        _, errors = self.process.communicate(timeout=within)
        assert "Traceback" not in errors, errors
        return self.process.returncode, time.monotonic() - began, errors


@pytest.fixture
def shell(tmp_path):
    (tmp_path / "work").mkdir()
    return Shell(tmp_path / "work")
