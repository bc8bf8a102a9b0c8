"""The naive server fails: what it passed would prove nothing about ours.

Where a scenario is shared, ``test_goldenpath_holds.py`` runs the same one.
"""

import asyncio
import importlib.util
import re
import shutil
import sys

import pytest

from emulator import FaultProxy
from tests.faults import scenarios
from tests.faults.scenarios import (
    LONG,
    SHORT,
    closes,
    find,
    in_conversation,
    is_whole,
    opened,
    wrong_with,
)
from tests.naive.side import COMMAND, NaiveSide
from tests.support.browser import FLAGS, NAMES
from tests.support.raw import RawPeer

pytestmark = [pytest.mark.anyio, pytest.mark.process]
LISTEN_FIRST = (sys.executable, "listen_first.py", "{port}")
GUNICORN = (
    sys.executable, "-m", "gunicorn", "--worker-class", "uvicorn_worker.UvicornWorker",
    "--bind", "127.0.0.1:{port}", "server:app",
)  # fmt: skip


@pytest.fixture
async def start(tmp_path):
    """Makes sides of the naive server, and ends them."""
    sides = []

    def make(command=COMMAND, **environment):
        sides.append(NaiveSide(tmp_path, command=command, environment=environment))
        return sides[-1]

    yield make
    for side in sides:
        await side.__aexit__()


@pytest.fixture
def naive(start):
    return start()


# Handshake.


@pytest.mark.browser
async def test_f01_the_naive_server_selects_no_subprotocol_and_no_browser_connects(
    naive, observe
):
    """While a client in Python is content, and so are all tests written in it."""
    from playwright.async_api import async_playwright

    browser = next((path for name in NAMES if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip("NO BROWSER: that browsers refuse it was NOT shown")
    emulator = await naive.emulate()
    await emulator.scale_to(1)
    status, headers, _ = await asyncio.to_thread(_shake_hands, emulator.port)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = await chromium.new_page()
        code = await page.evaluate(
            """url => new Promise(resolve => {
                const socket = new WebSocket(url, ["goldenpath.v1"]);
                socket.onopen = () => resolve("open");
                socket.onclose = event => resolve(event.code);
            })""",
            f"ws://127.0.0.1:{emulator.port}/ws/ann",
        )
        await chromium.close()

    assert (status, headers.get("sec-websocket-protocol")) == (101, None)
    assert code == 1006
    observe("F01", naive="clients in Python connect, every browser gives up (1006)")


def _shake_hands(port):
    with RawPeer(port) as peer:
        return peer.open(path="/ws/raw")


async def test_f03_the_naive_server_goes_on_after_its_own_close(naive, observe):
    emulator = await naive.emulate()
    (ann,) = await opened(naive, emulator, "ann")
    await ann.say({"type": "logout"})
    error = re.compile('error in websocket: .*Need to call "accept" first')

    await scenarios.until(
        lambda: len(error.findall(emulator.instances[0].log())) > 10,
        "the same error was logged again and again",
    )
    observe("F03", naive='logs "Need to call accept first" in a loop without an end')


async def test_f05_the_naive_server_loses_what_is_said_too_early(start, observe):
    # Long enough for a device on a busy machine to be too early.
    side = start(NAIVE_SETTLES_AFTER="2.0")
    wrong = await scenarios.f05_a_device_asks_at_once(side)

    assert wrong == [f"ann: {LONG!r}: it is gone"]
    observe("F05", naive="the first message is gone, and nobody is told")


async def test_f10_the_naive_server_is_taken_for_ready_before_it_is(start, observe):
    has_gunicorn = importlib.util.find_spec("gunicorn") is not None
    side = start(GUNICORN if has_gunicorn else LISTEN_FIRST)
    wrong = await scenarios.f10_the_host_takes_an_open_port_for_readiness(side)

    assert wrong == ["the handshake hangs though the instance is taken for ready"]
    observe("F10", naive="the port is open, so it gets traffic: handshakes hang")


async def test_f13_the_naive_server_forgets_the_newer_connection(naive, observe):
    wrong = await scenarios.f13_an_old_connection_ends_after_the_new_one_began(naive)

    assert wrong == [f"bob: {LONG!r}: it is gone"]
    observe("F13", naive="the device is connected and is sent nothing any more")


# The steady state.


async def test_f17_the_naive_server_waits_for_a_reader_that_is_stuck(naive, observe):
    # More than the kernel takes for one connection on loopback.
    question = "count to 60 every 0.01 padded 60000"
    emulator = await naive.emulate()
    ann, bob = await in_conversation(naive, emulator)
    async with FaultProxy(emulator.alive()[0].port, buffer_bytes=4096) as proxy:
        eve = naive.device(proxy.url, "eve")
        await eve.open()
        await naive.settle(emulator, [ann, bob, eve])
        proxy.stall("down")
        await ann.ask(question)
        with pytest.raises(AssertionError, match="in vain"):
            await is_whole(ann, question, within=2.0)
        # The rest of the server is well, and the connection too.
        await ann.ping()
        assert len(find(ann, question)[0].answer) < 60 * 60_000
        await eve.close()
    # Without her it goes on: it was her.
    await is_whole(ann, question)
    observe("F17", naive="one reader that is stuck stops the answer for everybody")


async def test_f37_the_naive_server_does_not_notice_what_its_bus_loses(start, observe):
    side = start(NAIVE_BUS_LOSES="0.2")
    emulator = await side.emulate()
    ann, bob = await opened(side, emulator, "ann", "bob")
    questions = [f"count to {number}" for number in range(20, 30)]
    for question in questions:
        await ann.ask(question)
    await side.settle(emulator, [ann, bob])

    wrong = wrong_with([bob], *questions)
    assert len(wrong) == len(questions)
    observe("F37", naive="words are missing from every answer, and stay missing")


# Reconnecting.


async def test_f36_the_naive_server_loses_what_is_said_while_one_joins(naive, observe):
    wrong = await scenarios.f36_people_join_while_an_answer_comes(naive)

    assert [line.partition(": ")[0] for line in wrong] == [
        f"newcomer{number}" for number in range(4)
    ]
    assert {line.rpartition(": ")[2] for line in wrong} == {"words are missing"}
    observe("F36", naive="what is said between history and subscription is lost")


async def test_f43_the_naive_server_shows_half_a_sentence_after_a_cut(naive, observe):
    wrong = await scenarios.f43_a_device_is_cut_again_and_again(naive)

    assert [line.rpartition(": ")[2] for line in wrong] == ["words are missing"]
    assert wrong[0].startswith("bob")
    observe("F43", naive="half the answer is missing on the device that was cut")


# The host.


async def test_f51_the_naive_server_loses_the_answer_on_sigterm(naive, observe):
    wrong, codes = await scenarios.f51_the_instance_is_terminated(naive)

    assert set(codes) == {1012}
    assert wrong == [
        "exit status -9",
        *(f"{name}: {asked!r}: it is gone"
          for name in ("ann", "bob") for asked in (SHORT, LONG)),
    ]  # fmt: skip
    observe("F51", naive="closes with 1012, hangs until it is killed, loses everything")


async def test_f53_the_naive_server_loses_everything_on_sigkill(naive, observe):
    wrong = await scenarios.f53_the_instance_is_killed(naive)

    assert wrong == [
        f"{name}: {asked!r}: it is gone"
        for name in ("ann", "bob")
        for asked in (SHORT, LONG)
    ]
    observe("F53", naive="the conversation is gone, the answer never ends")


async def test_f54_the_naive_server_lets_two_instances_write_one_answer(naive, observe):
    wrong = await scenarios.f54_a_frozen_instance_wakes_after_it_was_replaced(naive)

    assert wrong == [f"ann: {LONG!r}: words come twice"]
    observe("F54", naive="two instances write into one answer, word by word")


async def test_f57_the_naive_server_is_cut_by_the_clock_of_its_host(naive, observe):
    wrong, cut = await scenarios.f57_the_host_cuts_requests_by_their_age(naive, age=1.5)

    assert cut >= 2
    assert wrong
    assert {line.partition(": ")[0] for line in wrong} == {"ann", "bob"}
    assert closes(naive.emulator) == []
    observe("F57", naive="is cut in the midst of an answer (1006), and loses words")


async def test_f58_the_naive_server_knows_its_own_instance_only(naive, observe):
    wrong = await scenarios.f58_devices_are_on_several_instances(naive)
    asker, *others = naive.devices

    assert find(asker, LONG)
    assert wrong == [
        f"{device.name}: {LONG!r}: it is gone"
        for device in others
        if not find(device, LONG)
    ]
    assert wrong
    observe("F58", naive="devices on other instances never see the question")
