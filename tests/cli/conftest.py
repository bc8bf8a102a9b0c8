"""The command line as people use it, in this process or in one of its own.

Processes are always stopped by their pid.
"""

import contextlib
import io
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings

import pytest

from goldenpath.cli import main

PASSWORD = "correct horse"
QUIETED = ("uvicorn", "httpx2", "httpcore2", "websockets")
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


AGENTS = """
import asyncio


async def agent(message, ctx):
    if message == "fail":
        raise ValueError("a secret of the server")
    if message == "ask":
        yield f"you like {await ctx.ask('Which?', choices=['red', 'blue'])}"
        return
    await ctx.think("hm")
    async with ctx.tool("look", {"at": message}) as call:
        await call.progress(0.5, text="half way")
        call.result = {"found": message}
    for word in message.split(" "):
        yield word + " "
        await asyncio.sleep(0.01)
    if message == "sleep":
        await asyncio.Event().wait()


async def never_yields(message, ctx):
    return message
"""


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
            env=environment(**{"GOLDENPATH_DATA": str(self.data)} | variables),
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if check is not None:
            assert done.returncode == check, done.stdout + done.stderr
        return done

    def add_user(self, name="ada"):
        self.run("users", "add", name, "--password-stdin", stdin=PASSWORD, check=0)

    def add_agents(self):
        """Put agents of one's own in the folder: ``--agent talk:agent``."""
        (self.folder / "talk.py").write_text(AGENTS)

    @contextlib.contextmanager
    def serving(self, *arguments, agent="tools", data=None, port=0):
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port), "--agent", agent, *arguments],
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
        # The log has a traceback in one line, which begins like this.
        assert " (at " not in errors, errors
        return self.process.returncode, time.monotonic() - began, errors


@pytest.fixture
def shell(tmp_path):
    (tmp_path / "work").mkdir()
    return Shell(tmp_path / "work")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return one server with agents of its own for all tests of a module."""
    folder = tmp_path_factory.mktemp("served")
    shell = Shell(folder)
    shell.add_agents()
    shell.add_user()
    with shell.serving("--log-level", "error", agent="talk:agent") as serving:
        serving.data = shell.data
        serving.password = PASSWORD
        yield serving


class Outcome:
    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    def __repr__(self):
        return f"exit {self.code}\nstdout:\n{self.out}\nstderr:\n{self.err}"


@pytest.fixture
def goldenpath(monkeypatch, capsys, tmp_path):
    """Run a command as the program does, but in this process, which is quick."""
    for name in set(os.environ) - environment().keys():
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    levels = {name: logging.getLogger(name).level for name in QUIETED}
    # What `serve` sets for its process is to be undone in this one.
    for module, hook in ((sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))

    def run(*arguments, stdin=""):
        monkeypatch.setattr(sys, "argv", ["goldenpath", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with warnings.catch_warnings():
            # The arguments are in sys.argv, where it does not expect a test's.
            warnings.filterwarnings("ignore", "Cyclopts application invoked")
            with pytest.raises(SystemExit) as exit_:
                main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(exit_.value.code, captured.out, captured.err)

    yield run
    logging.captureWarnings(capture=False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
