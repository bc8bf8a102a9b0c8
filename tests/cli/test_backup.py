"""A copy of the database, and a server that lives on with it."""

import asyncio
import stat

import pytest

from goldenpath.client import Client, HTTPClient
from goldenpath.protocol import Transcript, UserMessage

PASSWORD = "correct horse"


@pytest.fixture
def data(goldenpath, tmp_path, monkeypatch):
    """A data folder with a user."""
    monkeypatch.setenv("GOLDENPATH_DATA", str(tmp_path / "data"))
    goldenpath("users", "add", "ada", "--password-stdin", stdin=PASSWORD)
    return tmp_path / "data"


def test_the_copy_is_named_and_nobody_elses_to_read(goldenpath, data, tmp_path):
    copy = tmp_path / "copy.db"

    outcome = goldenpath("backup", copy)

    assert outcome.code == 0
    assert outcome.out == ""
    assert outcome.err == f"{copy} holds {copy.stat().st_size:,} bytes\n"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]


def test_nothing_is_overwritten(goldenpath, data, tmp_path):
    (tmp_path / "precious").write_text("do not touch")

    outcome = goldenpath("backup", tmp_path / "precious")

    assert outcome.code == 2
    assert "exists already; choose another name" in outcome.err
    assert (tmp_path / "precious").read_text() == "do not touch"


@pytest.mark.parametrize("target", ["missing/copy.db", "."])
def test_a_place_that_cannot_be_written_is_named(goldenpath, data, tmp_path, target):
    outcome = goldenpath("backup", tmp_path / target)

    assert outcome.code == 2
    assert str(tmp_path) in outcome.err


def test_a_folder_without_a_database_is_named_and_left_alone(goldenpath, tmp_path):
    outcome = goldenpath("backup", tmp_path / "copy.db", "--data", tmp_path / "none")

    assert outcome.code == 2
    assert f"there is no database at '{tmp_path / 'none'}/goldenpath.db'" in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_a_copy_made_under_load_is_restored_by_putting_it_in_place(shell):
    """What was acknowledged before the copy began is in it, and all of it is whole.

    The device that saw more than the copy holds is sent fresh snapshots.
    """
    shell.add_user()
    shell.add_agents()
    copy = shell.folder / "copy.db"
    restored = shell.folder / "restored"

    async def load(url, stop):
        async with HTTPClient(url) as http:
            await http.login("ada", PASSWORD)
            async with Client(http) as client:
                while not stop.is_set():
                    await client.wait_run_ended(await client.send("many words " * 9))

    async def talk(url):
        async with HTTPClient(url) as http:
            await http.login("ada", PASSWORD)
            async with Client(http) as client:
                sent = await client.send("What is 17 * 23?")
                await client.wait_run_ended(sent)
                stop = asyncio.Event()
                busy = [asyncio.create_task(load(url, stop)) for _ in range(3)]
                done = await asyncio.to_thread(shell.run, "backup", str(copy))
                stop.set()
                await asyncio.gather(*busy)
                after = await client.send("later", thread=sent.thread)
                await client.wait_run_ended(after)
                held = client.replica(sent.thread).transcript.as_json()
                assert held == await _told(http, sent.thread)
                return done, sent.thread, http.token

    with shell.serving("--log-level", "warning", agent="talk:agent") as serving:
        done, thread, token = asyncio.run(talk(serving.url))
        assert done.returncode == 0, done.stderr
        assert "bytes" in done.stderr

    restored.mkdir()
    copy.rename(restored / "goldenpath.db")

    async def look(url):
        async with HTTPClient(url) as http:
            http.token = token
            history = await http.history(thread)
            assert len(await http.threads()) >= 1
            async with Client(http) as client:
                replica = await client.follow(thread)
                await client.wait_for(lambda: replica.transcript.items)
                again = await client.send("What is 2 + 3?", thread=thread)
                assert await client.wait_run_ended(again) == "completed"
                assert "5" in replica.transcript.text_of(again.run)
            return history

    with shell.serving(data=restored, agent="tools") as serving:
        assert "login  ada" in serving.greeting
        history = asyncio.run(look(serving.url))

    said = [f.event.text for f in history if isinstance(f.event, UserMessage)]
    assert said == ["What is 17 * 23?"]


async def _told(http, thread):
    transcript = Transcript()
    for frame in await http.history(thread):
        transcript.apply(frame)
    return transcript.as_json()
