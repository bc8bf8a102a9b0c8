"""The golden path in a terminal."""

import asyncio
import io
import os
import pty
import signal
import subprocess
import sys
import time

import pytest
from rich.console import Console

from goldenpath._manager import WebSocketManager
from goldenpath.cli._chat import _Screen
from goldenpath.protocol import AgentCancelled, AgentThinking, TextDelta
from goldenpath.protocol._frames import EventFrame
from goldenpath.storage import Database

pytestmark = pytest.mark.process


@pytest.fixture
def chat(goldenpath, served):
    def run(*messages, lines="", url=served.url, user="ada", password=served.password):
        options = [part for text in messages for part in ("--message", text)]
        return goldenpath(
            *("chat", url, "--user", user, "--password-stdin", *options),
            stdin=f"{password}\n{lines}",
        )

    return run


@pytest.fixture
def at_a_terminal(served):
    """Start a chat at a terminal of its own; give its end of it."""
    started = []

    def start():
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-m", "goldenpath"),
                *("chat", served.url, "--user", "ada"),
            ],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - no threads here
            env=os.environ | {"TERM": "dumb", "NO_COLOR": "1"},
        )
        os.close(theirs)
        started.append((process, ours))
        terminal = Terminal(process, ours)
        terminal.wait_shown("Password: ")
        terminal.type(served.password)
        terminal.wait_shown("> ")
        return terminal

    yield start
    for process, ours in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)


def _hear_interrupts():
    # Where the tests themselves run in the background, the signal is ignored.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    def __init__(self, process, descriptor):
        self.process = process
        self.descriptor = descriptor
        self.shown = ""

    def type(self, line):
        self.shown = ""
        os.write(self.descriptor, f"{line}\n".encode())

    def wait_shown(self, text):
        while text not in self.shown:
            self.shown += os.read(self.descriptor, 4096).decode(errors="replace")

    def interrupt(self):
        """Press Ctrl+C; return the exit code and how long it took to leave."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20), time.monotonic() - began


async def _sessions(data):
    async with Database(WebSocketManager.database_path(data)) as database:
        return await database.read(
            lambda c: c.execute("SELECT count(*) FROM sessions").fetchone()[0]
        )


async def _until_newest_run_ended(data):
    """Return the state in which it ended."""
    newest = "SELECT state FROM runs ORDER BY place DESC LIMIT 1"
    async with (
        asyncio.timeout(10),
        Database(WebSocketManager.database_path(data)) as database,
    ):
        while True:
            state = await database.read(lambda c: c.execute(newest).fetchone()[0])
            if state not in ("queued", "running"):
                return state
            await asyncio.sleep(0.02)


def test_a_message_shows_what_happens_and_exits_with_0(chat, served):
    before = asyncio.run(_sessions(served.data))

    outcome = chat("two words")

    assert outcome.code == 0, outcome
    lines = outcome.out.splitlines()
    assert lines[:2] == ["connected as ada", "agent"]
    assert lines[2:] == [
        "hm",
        "⚙ look {'at': 'two words'}",
        "  50% half way",
        *[line for line in lines if line.startswith("✓ {'found': 'two words'} ")],
        "two words ",
        *[line for line in lines if line.startswith("completed in ")],
    ]
    assert len(lines) == 8
    assert outcome.err == ""
    assert asyncio.run(_sessions(served.data)) == before


def test_several_messages_are_of_one_thread(chat):
    outcome = chat("one", "two")

    assert outcome.code == 0
    assert outcome.out.index("one ") < outcome.out.index("two ")
    assert outcome.out.count("connected as ada") == 1


def test_lines_of_a_pipe_are_messages_until_an_empty_one(chat):
    outcome = chat(lines="first\nsecond\n\nthird\n")

    assert outcome.code == 0
    assert "first " in outcome.out
    assert "second " in outcome.out
    assert "third" not in outcome.out
    assert "> " not in outcome.out


def test_the_end_of_a_pipe_leaves_too(chat):
    assert chat(lines="").code == 0
    assert chat(lines="first").code == 0


def test_a_failed_answer_exits_with_1_and_hides_the_servers_secrets(chat):
    outcome = chat("fail")

    assert outcome.code == 1
    assert "a secret" not in outcome.out + outcome.err
    assert chat("fail", "recovered").code == 0


def test_a_question_is_answered_by_the_next_line(chat):
    outcome = chat(lines="ask\nblue\n")

    assert outcome.code == 0
    assert "? Which? red, blue" in outcome.out
    assert "you like blue" in outcome.out


def test_a_question_that_nobody_answers_is_called_off(chat):
    outcome = chat("ask")

    assert outcome.code == 1
    assert "? Which?" in outcome.out


def test_what_cannot_begin_is_2(chat):
    outcomes = [
        chat("x", password="wrong"),
        chat("x", url="http://127.0.0.1:9"),
        chat("x", url="nonsense"),
        chat("", ""),
    ]

    assert [outcome.code for outcome in outcomes] == [2, 2, 2, 2]
    assert "the name or the password is wrong" in outcomes[0].err
    assert "http://127.0.0.1:9 does not answer" in outcomes[1].err
    assert "is no address" in outcomes[2].err


def test_ctrl_c_at_the_prompt_leaves_at_once(at_a_terminal, served):
    """A thread that waits for a line would hold the program until there is one."""
    before = asyncio.run(_sessions(served.data))
    terminal = at_a_terminal()
    terminal.type("hello there")
    terminal.wait_shown("completed in")
    terminal.wait_shown("> ")

    code, seconds = terminal.interrupt()

    assert code == 0
    assert seconds < 3.0
    assert asyncio.run(_sessions(served.data)) == before


def test_ctrl_c_stops_the_answer_under_way(at_a_terminal, served):
    terminal = at_a_terminal()
    terminal.type("sleep")
    terminal.wait_shown("✓")

    code, seconds = terminal.interrupt()

    assert code == 0
    assert seconds < 6.0

    assert asyncio.run(_until_newest_run_ended(served.data)) == "cancelled"


# What is shown.


def _shown(*events):
    out = io.StringIO()
    screen = _Screen(Console(file=out, highlight=False, emoji=False, width=80))
    for number, event in enumerate(events, 1):
        frame = EventFrame(
            log="thread:t",
            epoch="e",
            incarnation="i",
            number=number,
            time=0.0,
            event=event,
            run="r",
        )
        screen.show(frame)
        screen.show(frame)
    return out.getvalue()


def test_text_is_shown_as_it_is_and_once():
    """No markup, no names of emoji, no folding at the width of a terminal."""
    text = "[bold]a[/bold] :smile: " + "word " * 40

    assert _shown(TextDelta(text=text)) == text


@pytest.mark.parametrize("control", ["\x1b[2J", "\x9b2J", "\x07", "\r", "\x08", "\x00"])
def test_an_agent_cannot_command_the_terminal(control):
    """It repeats what it has read somewhere: a page, a file, a tool's result."""
    shown = _shown(
        TextDelta(text=f"a{control}b\tc\nd"),
        AgentThinking(text=f"x{control}"),
        AgentCancelled(),
    )

    assert control[0] not in shown
    assert "c\nd" in shown
