"""The client and a real server, with a network between them that is cut."""

import asyncio
import contextlib
import itertools
import socket
import threading
import time

import argon2
import pytest
import uvicorn

from goldenpath._manager import WebSocketManager
from goldenpath._settings import Settings
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._users import Users
from goldenpath.client import Client, HTTPClient
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol._frames import EventFrame
from goldenpath.protocol._transcript import MessageItem, Transcript
from goldenpath.storage._sqlite import Database

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
WORDS = 60


async def agent(message, ctx):
    for number in range(WORDS):
        yield f"{number} "
        await asyncio.sleep(0.005)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")

    async def add():
        async with Database(WebSocketManager.database_path(data)) as database:
            users = Users(database, Passwords(CHEAP))
            for name in ("ada", "bob"):
                await users.add(name, PASSWORD, now=time.time())

    asyncio.run(add())
    manager = WebSocketManager(
        agent=agent, settings=Settings(data=data, delta_every=0.0)
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            manager.asgi(),
            ws="websockets-sansio",
            ws_ping_interval=None,
            log_config=None,
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture
async def http(served):
    async with HTTPClient(served) as http:
        await http.login("ada", PASSWORD)
        yield http


@contextlib.asynccontextmanager
async def within(seconds=15):
    async with asyncio.timeout(seconds):
        yield


async def test_an_answer_that_is_cut_again_and_again_is_whole(http):
    """F43: byte for byte what the server holds, without a gap or a repetition."""
    numbers = []

    def heard(frame):
        if isinstance(frame, EventFrame) and frame.log.startswith("thread:"):
            numbers.append((frame.first or frame.number, frame.number))

    async with within(), Client(http, heard=heard, back_off_most=0.02) as client:
        sent = await client.send("go")
        replica = client.replica(sent.thread)
        for share in range(1, 5):
            await client.wait_for(
                lambda n=share: (
                    len(replica.transcript.text_of(sent.run).split()) >= n * 10
                )
            )
            welcomes = client.welcomes
            client.cut()
            await client.wait_for(lambda n=welcomes: client.welcomes > n)
        assert await client.wait_run_ended(sent) == "completed"
        held = client.replica(sent.thread).transcript

    told = Transcript()
    for frame in await http.history(sent.thread):
        told.apply(frame)
    assert held.as_json() == told.as_json()
    assert held.text_of(sent.run) == "".join(f"{n} " for n in range(WORDS))
    for (_, before), (first, _) in itertools.pairwise(numbers):
        assert first == before + 1


async def test_a_message_that_met_a_cut_is_stored_once(http):
    """F39: sent again until it is acknowledged, and it is the same message."""
    async with within(), Client(http, back_off_most=0.02) as client:
        await client.wait_live()
        thread = (await client.send("first")).thread
        for _ in range(5):
            sending = asyncio.create_task(client.send("cut", thread=thread))
            await asyncio.sleep(0)
            client.cut()
            await sending
        await asyncio.sleep(0)

    history = Transcript()
    for frame in await http.history(thread):
        history.apply(frame)
    texts = [i.text for i in history.items if isinstance(i, MessageItem)]
    assert texts == ["first"] + ["cut"] * 5


async def test_what_is_asked_without_a_connection_waits_for_one(http):
    async with within(), Client(http, back_off_most=0.02) as client:
        await client.wait_live()
        client.cut()
        sent = await client.send("offline")

    assert sent.run


async def test_the_same_message_from_two_devices_is_one_message(http):
    async with within(), Client(http) as phone, Client(http) as tablet:
        one, two = await asyncio.gather(
            *[d.send("hi", client_message_id="same") for d in (phone, tablet)]
        )

    assert (one.thread, one.run) == (two.thread, two.run)


@pytest.mark.parametrize("is_connected", [True, False])
async def test_a_client_whose_session_ended_stops_and_says_so(http, is_connected):
    """4410 while it is connected, 401 at the handshake otherwise."""
    if not is_connected:
        await http.logout()
        http.token = "worthless"
    async with within(), Client(http) as client:
        if is_connected:
            await client.wait_live()
            await http.logout()
        with pytest.raises(AuthError):
            await client.wait_for(lambda: False)
        with pytest.raises(AuthError):
            await client.send("too late")
        assert client.welcomes == int(is_connected)


async def test_what_the_server_refuses_is_raised_where_it_was_asked(http, served):
    async with within(), Client(http) as client:
        sent = await client.send("mine")
        with pytest.raises(RefusedError) as empty:
            await client.send("   ")
        with pytest.raises(RefusedError) as missing:
            await client.send("hi", thread="nowhere")
        async with HTTPClient(served) as other:
            await other.login("bob", PASSWORD)
            async with Client(other) as bob:
                with pytest.raises(RefusedError) as foreign:
                    await bob.follow(sent.thread)
            with pytest.raises(RefusedError) as history:
                await other.history(sent.thread)

    codes = [e.value.code for e in (empty, missing, foreign, history)]
    assert codes == ["bad_message", "not_found", "not_found", "not_found"]


async def test_a_wrong_password_and_a_dead_server_are_different_errors(served):
    async with HTTPClient(served) as http:
        with pytest.raises(AuthError):
            await http.login("ada", "wrong")
        assert http.token == ""
        assert await http.is_ready()
    async with HTTPClient("http://127.0.0.1:9") as nowhere:
        with pytest.raises(RefusedError, match="does not answer"):
            await nowhere.login("ada", PASSWORD)
        assert not await nowhere.is_ready()


async def test_a_stopped_run_is_seen_as_cancelled_by_every_device(http):
    async with within(), Client(http) as phone, Client(http) as tablet:
        sent = await phone.send("go")
        await tablet.follow(sent.thread)
        await tablet.cancel(run=sent.run)
        states = [await device.wait_run_ended(sent) for device in (phone, tablet)]

    assert states == ["cancelled", "cancelled"]
