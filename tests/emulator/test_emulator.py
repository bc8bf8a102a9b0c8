"""The emulated host with the smallest of servers: each duty, and each knob."""

import asyncio
import contextlib
import dataclasses
import json
import re
import signal
import sys
import time
from pathlib import Path

import httpx2
import pytest

from emulator import Emulator, Faults, Platform, Way, always, websockets_only
from emulator.__main__ import _meanings
from tests.support.raw import frame, handshake

pytestmark = [pytest.mark.anyio, pytest.mark.process]
PLAIN = (sys.executable, "-S", str(Path(__file__).parent / "plain_instance.py"))
COMMAND = (*PLAIN, "{port}")


@pytest.fixture
async def emulate(tmp_path):
    """Starts emulators, and ends them."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(command=COMMAND, **knobs):
            platform = Platform(**{"command": command, "grace": 20.0} | knobs)
            return await stack.enter_async_context(Emulator(platform, folder=tmp_path))

        yield start


@pytest.fixture
async def sockets():
    """Opens WebSockets that know nothing but bytes, and closes them."""
    writers = []

    async def connect(emulator, **how):
        reader, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
        writers.append(writer)
        writer.write(handshake("emulated", **how))
        async with asyncio.timeout(30):
            head = await reader.readuntil(b"\r\n\r\n")
        return head, reader, writer

    yield connect
    for writer in writers:
        writer.transport.abort()
    await asyncio.sleep(0)


async def ask(emulator, **how):
    async with httpx2.AsyncClient(trust_env=False, verify=False, timeout=30) as http:
        return await http.get(emulator.url + "/", **how)


def states(emulator, number=None):
    return [
        line["state"]
        for line in emulator.record.lines("instance")
        if number in (None, line["instance"])
    ]


async def until(is_true):
    async with asyncio.timeout(30):
        while not is_true():  # noqa: ASYNC110 - other processes set no events
            await asyncio.sleep(0.01)


def is_there(pid):
    return Path(f"/proc/{pid}").exists()


def processor_state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


async def end_of(reader):
    """Return what still came, and how it ended."""
    data = b""
    try:
        async with asyncio.timeout(30):
            while more := await reader.read(65536):
                data += more
    except ConnectionResetError:
        return data, "rst"
    return data, "fin"


# Starting.


async def test_the_first_request_starts_an_instance_and_waits_for_it(emulate):
    emulator = await emulate(environment={"MARK": "mine"})
    assert emulator.alive() == []

    answers = await asyncio.gather(*(ask(emulator) for _ in range(5)))

    seen = answers[0].json()
    assert {answer.json()["pid"] for answer in answers} == {seen["pid"]}
    assert seen["environment"] == {
        "PORT": str(emulator.instances[0].port),
        "K_SERVICE": "emulated",
        "K_CONFIGURATION": "emulated",
        "K_REVISION": "emulated-00001",
        "MARK": "mine",
    }
    assert states(emulator) == ["starting", "ready"]


async def test_a_request_that_waits_too_long_for_a_start_is_refused(emulate):
    emulator = await emulate(startup_delay=60.0, queue_within=0.1)

    answer = await ask(emulator)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert [line["status"] for line in emulator.record.lines("refused")] == [503]


async def test_a_request_that_finds_all_busy_is_refused(emulate, sockets):
    emulator = await emulate(concurrency=1, queue_within=0.1)
    await emulator.scale_to(1)
    await sockets(emulator)

    assert (await ask(emulator)).status_code == 429


@pytest.mark.parametrize(
    ("probe", "is_trapped"), [("tcp", True), ("http:/readyz", False)]
)
async def test_an_open_port_is_taken_for_readiness_by_the_default_probe(
    emulate, probe, is_trapped
):
    """Which is the trap of servers that listen before they can answer."""
    emulator = await emulate((*COMMAND, "slow"), probe=probe)
    await emulator.scale_to(1)

    answering = asyncio.create_task(ask(emulator))
    async with asyncio.timeout(30):
        answered_at_once = await asyncio.wait([answering], timeout=0.2)

    assert bool(answered_at_once[1]) is is_trapped
    assert (await answering).status_code == 200


async def test_an_instance_that_cannot_start_is_said_to_be_so(emulate):
    emulator = await emulate((sys.executable, "-c", "raise SystemExit('no luck')"))

    with pytest.raises(RuntimeError, match="no luck"):
        await emulator.scale_to(1)
    assert states(emulator) == ["starting", "exited"]


async def test_an_instance_that_is_never_ready_is_killed(emulate):
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    emulator = await emulate(command, startup_within=0.2)

    with pytest.raises(RuntimeError, match="did not start"):
        await emulator.scale_to(1)
    assert states(emulator) == ["starting", "killed", "exited"]


async def test_the_minimum_is_always_there(emulate):
    emulator = await emulate(min_instances=1)
    await until(lambda: "ready" in states(emulator, 1))
    await emulator.kill(1)
    await until(lambda: "ready" in states(emulator, 2))


# Routing.


async def test_more_requests_than_one_can_take_start_another(emulate, sockets):
    emulator = await emulate(max_instances=3, concurrency=1)
    for _ in range(3):
        await sockets(emulator)

    assert sorted(each.open_requests for each in emulator.alive()) == [1, 1, 1]


async def test_requests_are_spread_over_all_instances(emulate):
    emulator = await emulate(max_instances=3, seed=1)
    await emulator.scale_to(3)
    answers = await asyncio.gather(*(ask(emulator) for _ in range(30)))

    assert len({answer.json()["pid"] for answer in answers}) == 3


async def test_a_cookie_brings_a_client_back_if_it_is_honoured(emulate):
    emulator = await emulate(max_instances=3, affinity=1.0)
    await emulator.scale_to(3)
    async with httpx2.AsyncClient(trust_env=False, verify=False, timeout=30) as http:
        pids = {(await http.get(emulator.url)).json()["pid"] for _ in range(10)}

    assert len(pids) == 1


# Headers.


async def test_an_instance_sees_what_a_front_end_makes_of_a_request(emulate):
    emulator = await emulate(strip=("authorization",))
    answer = await ask(
        emulator, headers={"X-Forwarded-For": "9.9.9.9", "Authorization": "Bearer x"}
    )

    headers = dict(answer.json()["headers"])
    assert headers["x-forwarded-for"] == "9.9.9.9, 127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert "authorization" not in headers


async def test_over_h2c_no_upgrade_gets_through(emulate, sockets):
    emulator = await emulate(h2c=True)
    head, reader, _ = await sockets(emulator)

    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"upstream connect error" in (await end_of(reader))[0]
    assert (await ask(emulator)).status_code == 200


async def test_what_is_no_request_is_refused(emulate):
    emulator = await emulate()
    reader, writer = await asyncio.open_connection("127.0.0.1", emulator.port)
    writer.write(b"no request\r\n\r\n")

    assert (await end_of(reader))[0].startswith(b"HTTP/1.1 400 ")
    writer.close()
    await writer.wait_closed()


# Limits.


@pytest.mark.parametrize(
    ("knobs", "why", "how"),
    [
        ({"request_timeout": 1.0}, "timeout", "fin"),
        ({"balancer_timeout": 1.0}, "balancer", "rst"),
        ({"idle_after": 1.0}, "idle", "torn"),
    ],
)
async def test_a_request_is_cut_when_a_limit_says_so(emulate, sockets, knobs, why, how):
    emulator = await emulate(request_cut=how, **knobs)
    await emulator.scale_to(1)
    _, reader, writer = await sockets(emulator)
    data, ended = await end_of(reader)
    writer.close()

    assert ended == {"fin": "fin", "rst": "rst", "torn": "fin"}[how]
    if how == "torn":
        # For the instance nothing has happened.
        assert len(data) == 3
        assert emulator.instances[0].open_requests == 1
    else:
        await emulator.wait_open(0)
        assert [line["why"] for line in emulator.record.lines("closed")] == [why]


async def test_a_busy_connection_is_not_idle(emulate, sockets):
    emulator = await emulate(scale=0.001, idle_after=500.0, request_timeout=60_000.0)
    _, reader, writer = await sockets(emulator)
    began = time.monotonic()
    while time.monotonic() - began < 2.2:
        writer.write(b"beat")
        await reader.readexactly(4)
        await asyncio.sleep(0.02)

    assert emulator.record.lines("closed") == []


# The processor.


async def test_without_requests_an_instance_is_stopped_until_the_next(emulate, sockets):
    emulator = await emulate(billing="request")
    pid = (await ask(emulator)).json()["pid"]
    await until(lambda: processor_state(pid) == "T")
    _, reader, writer = await sockets(emulator)
    writer.write(b"on again")

    assert await reader.readexactly(8) == b"on again"
    assert processor_state(pid) != "T"
    writer.transport.abort()
    await until(lambda: processor_state(pid) == "T")


async def test_an_instance_can_have_a_part_of_the_processor(emulate):
    emulator = await emulate(billing="request", idle_share=0.3)
    pid = (await ask(emulator)).json()["pid"]
    seen = set()

    def has_been_both():
        seen.add("stopped" if processor_state(pid) == "T" else "running")
        return len(seen) == 2

    await until(has_been_both)
    assert (await ask(emulator)).json()["pid"] == pid


async def test_a_frozen_instance_is_replaced_and_wakes_as_it_was(emulate, sockets):
    emulator = await emulate()
    _, reader, writer = await sockets(emulator)
    pid = (await ask(emulator)).json()["pid"]
    await emulator.freeze(1)
    writer.write(b"anybody?")
    other = (await ask(emulator)).json()["pid"]
    assert other != pid
    assert processor_state(pid) == "T"
    await emulator.thaw(1)

    assert await reader.readexactly(8) == b"anybody?"
    assert (await ask(emulator)).json()["pid"] == other


# Ending.


async def test_a_lost_instance_takes_its_connections_along(emulate, sockets):
    emulator = await emulate()
    _, reader, _ = await sockets(emulator)
    await emulator.kill()

    assert (await end_of(reader))[0] == b""
    assert (await ask(emulator)).status_code == 200
    assert states(emulator, 1) == ["starting", "ready", "killed", "exited"]
    assert emulator.instances[0].status == -signal.SIGKILL


async def test_an_instance_is_asked_to_leave_before_it_is_killed(emulate):
    emulator = await emulate()
    await emulator.scale_to(1)

    assert await emulator.terminate() == -signal.SIGTERM
    assert states(emulator) == ["starting", "ready", "terminated", "exited"]


async def test_an_instance_that_does_not_hear_is_killed_after_the_grace(emulate):
    emulator = await emulate((*COMMAND, "deaf"), grace=0.2)
    await ask(emulator)

    assert await emulator.terminate() == -signal.SIGKILL
    assert states(emulator)[-3:] == ["terminated", "killed", "exited"]


async def test_an_instance_that_is_stopped_can_still_leave(emulate):
    """SIGTERM waits for a stopped process to be continued."""
    emulator = await emulate(billing="request")
    pid = (await ask(emulator)).json()["pid"]
    await until(lambda: processor_state(pid) == "T")

    assert await emulator.terminate() == -signal.SIGTERM


async def test_an_instance_without_requests_is_scaled_in(emulate, sockets):
    emulator = await emulate(scale_in_after=0.5)
    _, _, writer = await sockets(emulator)
    assert emulator.alive()
    writer.transport.abort()

    await until(lambda: not emulator.alive())
    assert "terminated" in states(emulator)


async def test_a_host_may_end_an_instance_for_no_reason(emulate):
    emulator = await emulate(evict_every=0.1, min_instances=1)

    await until(lambda: len(emulator.instances) >= 3)
    assert "terminated" in states(emulator, 1)


async def test_nothing_is_left_of_an_emulator(tmp_path):
    command = (sys.executable, "-c", "import time; time.sleep(600)")
    platform = Platform(command=command, max_instances=3, startup_delay=0.1)
    async with Emulator(platform, folder=tmp_path) as emulator:
        asking = [asyncio.create_task(ask(emulator)) for _ in range(3)]
        await until(lambda: any(each.has_process for each in emulator.alive()))
        pids = [each._process.pid for each in emulator.alive() if each.has_process]
    await asyncio.gather(*asking, return_exceptions=True)

    assert not any(is_there(pid) for pid in pids)


async def test_instances_do_not_outlive_an_emulator_that_was_killed(tmp_path):
    """A test that was ended by force must not leave servers behind."""
    process = await run_command(tmp_path, *COMMAND)
    line = (await process.stdout.readline()).decode()
    async with httpx2.AsyncClient(trust_env=False, verify=False, timeout=30) as http:
        pid = (await http.get(line.split()[1])).json()["pid"]
    process.kill()
    await process.wait()

    await until(lambda: not is_there(pid))


# Deploying.


async def test_a_deploy_moves_new_requests_and_leaves_the_open_ones(emulate, sockets):
    emulator = await emulate(max_instances=2)
    _, reader, writer = await sockets(emulator)
    await emulator.deploy(environment={"MARK": "new"})
    answers = [(await ask(emulator)).json() for _ in range(5)]
    writer.write(b"still here")

    assert {answer["environment"]["MARK"] for answer in answers} == {"new"}
    assert answers[0]["environment"]["K_REVISION"] == "emulated-00002"
    assert await reader.readexactly(10) == b"still here"
    assert "terminated" not in states(emulator, 1)
    writer.transport.abort()
    await until(lambda: "exited" in states(emulator, 1))


async def test_a_deploy_ends_old_requests_that_do_not_end(emulate, sockets):
    emulator = await emulate(max_instances=2, drain_most=0.2)
    _, reader, _ = await sockets(emulator)
    await emulator.deploy()

    assert (await end_of(reader))[0] == b""


async def test_where_there_may_be_one_only_the_old_one_leaves_first(emulate):
    """As it must be where the store is a file of one process."""
    emulator = await emulate()
    await emulator.scale_to(1)
    deploying = asyncio.create_task(emulator.deploy())
    answer = await ask(emulator)
    await deploying

    assert answer.json()["environment"]["K_REVISION"] == "emulated-00002"
    assert states(emulator) == [
        "starting", "ready", "terminated", "exited", "starting", "ready"
    ]  # fmt: skip


# Bytes and messages.


async def test_bytes_of_a_connection_can_be_mistreated(emulate, sockets):
    rule = websockets_only(always(Faults(down=Way(cut_after=110))))
    emulator = await emulate(rule=rule)
    head, reader, writer = await sockets(emulator)
    writer.write(b"x" * 1000)
    data, _ = await end_of(reader)

    assert len(head) + len(data) <= 110
    assert (await ask(emulator)).status_code == 200


async def test_open_connections_can_be_stalled_and_cut(emulate, sockets):
    emulator = await emulate()
    _, reader, writer = await sockets(emulator)
    emulator.stall("up")
    writer.write(b"held")
    await ask(emulator)
    emulator.release("up")
    assert await reader.readexactly(4) == b"held"
    emulator.cut("fin")

    assert await end_of(reader) == (b"", "fin")


async def test_a_client_that_is_gone_can_be_hidden_from_the_instance(emulate, sockets):
    emulator = await emulate(hidden_for=60.0)
    _, _, writer = await sockets(emulator)
    writer.transport.abort()
    await ask(emulator)
    await until(lambda: emulator.record.lines("closed"))

    assert emulator.instances[0].open_requests == 1


async def test_every_message_is_recorded_with_its_place(emulate, sockets):
    emulator = await emulate()
    _, reader, writer = await sockets(emulator)
    sent = frame("hello")
    writer.write(sent)
    await reader.readexactly(len(sent))
    await until(lambda: len(emulator.record.lines("message")) == 2)

    lines = emulator.record.lines()
    found = [(line["direction"], line["data"], line["instance"]) for line in lines[-2:]]
    assert sorted(found) == [("down", "hello", 1), ("up", "hello", 1)]
    assert [line["what"] for line in lines[-4:-2]] == ["opened", "answered"]


# The admin.


async def test_the_admin_does_what_the_methods_do(emulate, sockets):
    emulator = await emulate(max_instances=2)
    async with httpx2.AsyncClient(trust_env=False, verify=False, timeout=30) as http:
        for path in ("scale/2", "instances/1/freeze", "instances/1/thaw",
                     "instances/1/throttle/0.5", "instances/1/kill", "deploy",
                     "connections/cut/rst", "connections/stall/up",
                     "connections/release/up", "instances/3/terminate"):  # fmt: skip
            answer = await http.post(f"{emulator.admin_url}/{path}")
            assert (path, answer.json()) == (path, {"ok": True})
        listed = (await http.get(f"{emulator.admin_url}/instances")).json()

    assert [(each["number"], each["revision"]) for each in listed] == [
        (1, 1), (2, 1), (3, 2)
    ]  # fmt: skip
    assert listed[0]["status"] == -signal.SIGKILL
    assert listed[2]["status"] == -signal.SIGTERM


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 405),
        ("POST", "nothing", 404),
        ("POST", "instances/9/kill", 404),
        ("POST", "instances/x/kill", 404),
    ],
)
async def test_the_admin_refuses_what_it_does_not_know(emulate, method, path, status):
    emulator = await emulate()
    async with httpx2.AsyncClient(trust_env=False, verify=False) as http:
        answer = await http.request(method, f"{emulator.admin_url}/{path}")

    assert answer.status_code == status
    assert "error" in json.loads(answer.text)


# The command.


async def run_command(folder, *command):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "emulator", "--port", "0", "--admin-port", "0",
        "--folder", str(folder), "--scale", "0.1", "--faults", "3", "--", *command,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_the_command_runs_an_emulator_until_it_is_stopped(tmp_path):
    process = await run_command(tmp_path, *COMMAND)
    try:
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode()
        async with httpx2.AsyncClient(
            trust_env=False, verify=False, timeout=30
        ) as http:
            await http.get(line.split()[1])
    finally:
        process.send_signal(signal.SIGTERM)
        status = await process.wait()

    assert status == 0
    assert (tmp_path / "record.jsonl").read_text().count("opened") == 1


KNOBS = {field.name for field in dataclasses.fields(Platform)}


def test_the_help_says_what_every_knob_means():
    assert _meanings().keys() == KNOBS


def test_the_page_names_every_knob():
    page = Path(__file__).parent.parent.parent / "docs" / "how-to" / "emulator.md"
    named = set(re.findall(r"`(\w+)`", page.read_text("utf-8")))

    assert named >= KNOBS
