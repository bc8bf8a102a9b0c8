"""Starting, refusing to start, draining and stopping, with real processes."""

import asyncio
import json
import shlex
import signal
import time

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from goldenpath.client import Client, HTTPClient
from goldenpath.protocol._transcript import MessageItem
from tests.support.raw import RawPeer

pytestmark = pytest.mark.process

PASSWORD = "correct horse"


def open_connection(serving, token, **how):
    return connect(
        f"ws://127.0.0.1:{serving.port}/ws",
        subprotocols=["goldenpath.v1"],
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        proxy=None,
        **how,
    )


def log_in(serving, name="ada", password=PASSWORD):
    response = httpx2.post(
        f"{serving.url}/login",
        json={"name": name, "password": password},
        trust_env=False,
    )
    return response.cookies.get("goldenpath")


def hello(websocket):
    websocket.send(json.dumps({"frame": "hello", "device": "phone"}))
    return take(websocket, "welcome")


def take(websocket, kind):
    while True:
        frame = json.loads(websocket.recv(10))
        if frame["frame"] == kind:
            return frame


def closed(websocket):
    with pytest.raises(ConnectionClosed) as caught:  # noqa: PT012 - drains it
        while True:
            websocket.recv(10)
    return caught.value.rcvd.code


def test_the_first_start_prints_a_login_that_works_and_the_next_does_not(shell):
    with shell.serving() as serving:
        lines = serving.greeting.splitlines()
        at = next(n for n, line in enumerate(lines) if line.startswith("login"))
        name, password = lines[at].split()[1], lines[at + 1].strip()
        assert log_in(serving, name, password)
        serving.signal(signal.SIGTERM)
        assert serving.stopped()[0] == 0
    with shell.serving() as serving:
        assert password not in serving.greeting
        assert f"login  {name}" in serving.greeting
        assert log_in(serving, name, password)


def test_sigterm_lets_connections_move_and_exits_with_0(shell):
    shell.add_user()
    with shell.serving() as serving:
        token = log_in(serving)
        with open_connection(serving, token) as websocket:
            hello(websocket)
            websocket.send(
                json.dumps(
                    {
                        "frame": "send",
                        "id": "1",
                        "client_message_id": "m",
                        "text": "/slow 30",
                    }
                )
            )
            take(websocket, "result")
            serving.signal(signal.SIGTERM)
            draining = take(websocket, "draining")
            ready = httpx2.get(f"{serving.url}/readyz", trust_env=False)
            assert ready.status_code == 503
            assert closed(websocket) == 1001
        status, seconds, errors = serving.stopped()

    assert draining["reason"] == "deploy"
    assert 0 < draining["reconnect_after"] <= 1.5
    assert status == 0
    assert seconds < 8
    assert "ERROR" not in errors


def test_no_more_connections_are_open_at_once_than_were_asked_for(shell):
    with (
        shell.serving("--max-connections", "2") as serving,
        RawPeer(serving.port),
        RawPeer(serving.port),
        RawPeer(serving.port) as one,
    ):
        status, headers, _ = one.open()

    assert (status, headers["retry-after"]) == (503, "1")


def test_ctrl_c_exits_with_0_too(shell):
    shell.add_user()
    with shell.serving() as serving:
        serving.signal(signal.SIGINT)
        status, seconds, _ = serving.stopped()

    assert status == 0
    assert seconds < 3


def test_a_second_signal_stops_at_once(shell):
    shell.add_user()
    with (
        shell.serving() as serving,
        open_connection(serving, log_in(serving), close_timeout=0.1) as websocket,
    ):
        hello(websocket)
        serving.signal(signal.SIGTERM)
        take(websocket, "draining")
        serving.signal(signal.SIGTERM)
        status, seconds, _ = serving.stopped()

    assert status == 128 + signal.SIGTERM
    assert seconds < 2


def test_a_killed_servers_run_is_ended_by_the_next(shell):
    """P4, with SIGKILL: the next start knows at once that its owner is gone."""
    (shell.folder / "forever.py").write_text(
        "import asyncio\n"
        "async def agent(message, ctx):\n"
        "    yield 'half'\n"
        "    await asyncio.sleep(3600)\n"
    )
    shell.add_user()
    with shell.serving(agent="forever:agent") as serving:
        token = log_in(serving)
        with open_connection(serving, token) as websocket:
            hello(websocket)
            websocket.send(
                json.dumps(
                    {
                        "frame": "send",
                        "id": "1",
                        "client_message_id": "m",
                        "text": "go",
                    }
                )
            )
            sent = take(websocket, "result")
            events = []
            while "text_delta" not in events:
                events = types(serving, token, sent["thread"])
            serving.signal(signal.SIGKILL)
            serving.process.wait(10)
    with shell.serving() as serving:
        events = types(serving, token, sent["thread"])

    assert events == [
        "user_message",
        "agent_started",
        "text_delta",
        "agent_interrupted",
    ]


def types(serving, token, thread):
    history = httpx2.get(
        f"{serving.url}/threads/{thread}/history",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    ).json()
    return [event["event"]["type"] for event in history["events"]]


def test_a_disabled_users_open_connection_is_closed_through_the_database_only(shell):
    shell.add_user("ada")
    shell.add_user("bob")
    with (
        shell.serving() as serving,
        open_connection(serving, log_in(serving, "ada")) as ada,
        open_connection(serving, log_in(serving, "bob")) as bob,
    ):
        hello(ada)
        hello(bob)
        shell.run("users", "disable", "ada", check=0)
        began = time.monotonic()
        assert closed(ada) == 4410
        assert time.monotonic() - began < 2
        assert log_in(serving, "ada") is None
        bob.send('{"frame":"unsubscribe","id":"1","thread":"t"}')
        take(bob, "result")
        shell.run("users", "enable", "ada", check=0)
        assert log_in(serving, "ada")


def test_a_port_in_use_is_said_with_a_hint(shell):
    shell.add_user()
    with shell.serving() as serving:
        done = shell.run("serve", "--port", str(serving.port), "--agent", "tools")

    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{serving.port}" in done.stderr
    assert "\n\nhint: " in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agent", "nonsense"], "no agent is called 'nonsense'"),
        (["--agent", "nowhere:agent"], "no module 'nowhere'"),
        (["--agent", ":agent"], "not of the form module:function"),
        (["--agent", "json:"], "not of the form module:function"),
        (["--agent", "json:nothing"], "has no 'nothing'"),
        (["--agent", "sys:path"], "is not callable"),
        (["--port", "70000"], "there is no port 70000"),
        (["--port", "x"], "x"),
        (["--host", "256.1.1.1", "--port", "0"], "cannot listen on 256.1.1.1"),
        (["--log-level", "loud"], "no log level is called 'loud'"),
        (["--origin", "chat.example.com"], "is not an origin"),
        (["--data", "/dev/null/x"], "/dev/null/x"),
    ],
)
def test_settings_that_cannot_work_are_named_before_anything_is_served(
    goldenpath, tmp_path, arguments, said
):
    if "--agent" not in arguments:
        arguments = [*arguments, "--agent", "tools"]
    if "--port" not in arguments:
        arguments = [*arguments, "--port", "0"]
    outcome = goldenpath("serve", *arguments)

    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_greeting_says_where_it_is_who_answers_and_how_to_stop_it(shell):
    with shell.serving() as serving:
        lines = serving.greeting.splitlines()

    assert lines[0] == f"goldenpath serves http://127.0.0.1:{serving.port}"
    assert lines[1] == "agent  the built-in tools, as asked; no language model"
    assert lines[2] == "login  me"
    assert lines[4].startswith("       shown only now; `goldenpath users password me")
    assert lines[5:] == ["stop   Ctrl+C"]


def test_the_command_that_is_shown_resets_the_password_of_this_very_server(shell):
    """Also if the folder and the name are such that a shell would split them."""
    shell.data = shell.folder / "my data"
    shell.add_user("ada lovelace")
    with shell.serving() as serving:
        (line,) = [x for x in serving.greeting.splitlines() if x.startswith("login")]
        assert line.startswith("login  ada lovelace   (forgot the password? `")
        command = shlex.split(line.partition("`")[2].partition("`")[0])
        assert command[0] == "goldenpath"
        shell.run(
            *(*command[1:], "--password-stdin"),
            stdin="a new one",
            check=0,
            GOLDENPATH_DATA="/nonexistent",
        )

        assert log_in(serving, "ada lovelace", "a new one")
        assert log_in(serving, "ada lovelace", PASSWORD) is None


def test_a_server_whose_users_are_all_disabled_says_so_and_makes_nobody(shell):
    shell.add_user()
    shell.run("users", "disable", "ada", check=0)
    with shell.serving() as serving:
        assert "login  nobody; `goldenpath users enable NAME" in serving.greeting

    assert len(json.loads(shell.run("users", "list", "--json").stdout)) == 1


def test_a_device_moves_to_the_next_server_at_the_same_address(shell):
    """SIGTERM, and another process on the same port: a deploy on one machine."""
    shell.add_user()
    shell.add_agents()

    async def talk():
        with shell.serving(agent="talk:agent") as first:
            async with HTTPClient(first.url) as http:
                await http.login("ada", PASSWORD)
                async with Client(http, back_off_most=0.1) as client:
                    sent = await client.send("before")
                    await client.wait_run_ended(sent)
                    first.signal(signal.SIGTERM)
                    status, seconds, _ = await asyncio.to_thread(first.stopped)
                    sending = client.send("after", thread=sent.thread)
                    asking = asyncio.create_task(sending)
                    with shell.serving(agent="talk:agent", port=first.port):
                        state = await client.wait_run_ended(await asking)
                        items = client.replica(sent.thread).transcript.items
        assert (status, state) == (0, "completed")
        # There was nowhere to go to, so it stayed as long as it could.
        assert seconds < 8
        return [item.text for item in items if isinstance(item, MessageItem)]

    assert asyncio.run(talk()) == ["before", "after"]


def test_the_environment_says_where_and_what_unless_an_option_does(shell):
    """`shell.serving` gives --port and --agent; the folder is GOLDENPATH_DATA."""
    elsewhere = shell.folder / "elsewhere"
    with shell.serving() as serving:
        taken = str(serving.port)
        in_use = shell.run("serve", "--agent", "tools", PORT=taken)
        assert in_use.returncode == 2
        assert f"cannot listen on 127.0.0.1:{taken}" in in_use.stderr
        with shell.serving("--data", str(elsewhere)) as other:
            assert other.port != serving.port
            assert (elsewhere / "goldenpath.db").exists()
            assert f"--data {elsewhere}" in other.greeting
    assert (shell.data / "goldenpath.db").exists()
