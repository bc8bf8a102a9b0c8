"""What happens to people, written once, for any server.

A scenario drives a :class:`Side`, a server under the emulator with devices of its own
kind, and returns what is wrong with what they show in the end. Nothing must be wrong
with ours; something must be wrong with the naive one, or the scenario is void.

The answer to every question is known beforehand (:mod:`tests.naive.counting`), so that
no server is believed.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from emulator import Emulator, FaultProxy, Faults, Platform, always, websockets_only
from tests.naive.counting import whole

PATIENCE = 60.0
SHORT = "count to 1"
LONG = "count to 50 every 0.03"


@dataclasses.dataclass(frozen=True)
class Shown:
    """A question on a screen, and what is below it.

    Attributes:
        question: What was asked.
        answer: The answer so far.
        is_over: Whether it ended, in whatever way.
        may_be_partial: Whether the screen says that the answer is not whole.
    """

    question: str
    answer: str
    is_over: bool
    may_be_partial: bool = False


class Device(Protocol):
    """One device of one person."""

    name: str

    async def open(self) -> None:
        """Connect, and stay connected until closed."""

    async def close(self) -> None:
        """Leave."""

    async def ask(self, question: str) -> None:
        """Send a question; return when the device takes it for sent."""

    async def reopen(self) -> None:
        """Take the connection for dead, which it may not be, and open another."""

    async def ask_again(self) -> None:
        """Send again what was not answered."""

    def screen(self) -> Sequence[Shown]:
        """Return what a person sees."""


class Side(Protocol):
    """A kind of server, and the devices that go with it."""

    async def emulate(self, **knobs: Any) -> Emulator:
        """Start an emulator for it, with some knobs."""

    def device(self, url: str, name: str) -> Device:
        """Return a device; all of them show the same conversation."""

    async def settle(self, emulator: Emulator, devices: Sequence[Device]) -> list[str]:
        """Wait until all that will come has come.

        Returns what the server's own checker finds, if it has one.
        """


def platform(command: tuple[str, ...], **knobs: Any) -> Platform:
    """Return a platform that does nothing by itself, except by these knobs."""
    still: dict[str, Any] = {
        "request_timeout": 3600.0,
        "scale_in_after": None,
        "probe": "http:/readyz",
        "startup_within": PATIENCE,
        "queue_within": PATIENCE,
        "grace": 10.0,
    }
    return Platform(command=command, **(still | knobs))


async def until(
    is_true: Callable[[], bool], what: str, *, within: float = PATIENCE
) -> None:
    """Wait until something shows on a screen."""
    try:
        async with asyncio.timeout(within):
            while not is_true():  # noqa: ASYNC110 - devices of two kinds are looked at
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"waited in vain until {what}") from None


def find(device: Device, question: str) -> list[Shown]:
    """Return what a device shows of a question."""
    return [shown for shown in device.screen() if shown.question == question]


async def has_begun(device: Device, question: str, *, words: int = 5) -> None:
    """Wait until a device shows a few words of an answer."""
    await until(
        lambda: any(
            shown.answer.count(" ") >= words for shown in find(device, question)
        ),
        f"{device.name} shows the beginning of the answer to {question!r}",
    )


async def is_whole(device: Device, question: str, *, within: float = PATIENCE) -> None:
    """Wait until a device shows a whole answer."""
    await until(
        lambda: any(
            shown.is_over and shown.answer == whole(question)
            for shown in find(device, question)
        ),
        f"{device.name} shows the whole answer to {question!r}",
        within=within,
    )


def wrong_with(devices: Sequence[Device], *asked: str) -> list[str]:
    """Return what people would complain about, in words."""
    found = []
    for device in devices:
        for question in asked:
            complaint = _complaint(find(device, question), whole(question))
            if complaint is not None:
                found.append(f"{device.name}: {question!r}: {complaint}")
    return found


def _complaint(shown: list[Shown], right: str) -> str | None:
    if not shown:
        return "it is gone"
    if len(shown) > 1:
        return "it is there twice"
    said = shown[0].answer
    numbers = [int(word.rstrip(".")) for word in said.split()]
    if len(set(numbers)) < len(numbers):
        return "words come twice"
    if not shown[0].is_over:
        return "the answer never ends"
    if said == right or (shown[0].may_be_partial and right.startswith(said)):
        return None
    return "words are missing"


def closes(emulator: Emulator) -> list[int]:
    """Return the codes with which servers closed connections."""
    return [
        line["code"]
        for line in emulator.record.lines("message")
        if line["kind"] == "close" and line["direction"] == "down"
    ]


def timeouts(emulator: Emulator) -> int:
    """Return how many connections the host cut because of their age."""
    return sum(line["why"] == "timeout" for line in emulator.record.lines("closed"))


def instance_of(emulator: Emulator, name: str) -> int:
    """Return the instance that the newest connection of a device is on."""
    mine = [
        line["instance"]
        for line in emulator.record.lines("opened")
        if line["websocket"] and line["target"].endswith(name)
    ]
    return int(mine[-1])


async def opened(side: Side, emulator: Emulator, *names: str) -> list[Device]:
    """Return devices that are connected, and known to the server as such."""
    devices = [side.device(emulator.url, name) for name in names]
    for device in devices:
        await device.open()
    await side.settle(emulator, devices)
    return devices


async def in_conversation(side: Side, emulator: Emulator) -> tuple[Device, Device]:
    """Return two devices that show a short question with its answer."""
    (ann,) = await opened(side, emulator, "ann")
    await ann.ask(SHORT)
    await is_whole(ann, SHORT)
    (bob,) = await opened(side, emulator, "bob")
    return ann, bob


# The scenarios, each by its fault.


async def f10_the_host_takes_an_open_port_for_readiness(side: Side) -> list[str]:
    """The first device comes to a slow start, and the probe looks at the port only."""
    emulator = await side.emulate(probe="tcp", environment={"START_TAKES": "5.0"})
    ann = side.device(emulator.url, "ann")
    opening = asyncio.create_task(ann.open())
    found = []
    await until(
        lambda: any(each.state == "ready" for each in emulator.alive()),
        "the host takes the instance for ready",
    )
    async with asyncio.timeout(PATIENCE):
        # Less than half of what the start takes: a server that listens only when it
        # is ready answers long before, and one that listens first cannot.
        await asyncio.wait([opening], timeout=2.0)
        if not opening.done():
            found.append("the handshake hangs though the instance is taken for ready")
        await opening
    return found


async def f05_a_device_asks_at_once(side: Side) -> list[str]:
    """A question is sent in the moment in which the connection is there."""
    emulator = await side.emulate()
    ann = side.device(emulator.url, "ann")
    await ann.open()
    await ann.ask(LONG)
    await side.settle(emulator, [ann])
    await ann.ask(SHORT)
    await is_whole(ann, SHORT)
    found = await side.settle(emulator, [ann])
    return found + wrong_with([ann], LONG, SHORT)


async def f13_an_old_connection_ends_after_the_new_one_began(side: Side) -> list[str]:
    """The same device connects again, and its old connection ends only then."""
    emulator = await side.emulate()
    ann, old = await in_conversation(side, emulator)
    (new,) = await opened(side, emulator, old.name)
    await old.close()
    await emulator.wait_open(2)
    await ann.ask(LONG)
    await is_whole(ann, LONG)
    found = await side.settle(emulator, [ann, new])
    return found + wrong_with([ann, new], LONG)


async def f36_people_join_while_an_answer_comes(side: Side) -> list[str]:
    """What is published between a newcomer's reading and subscribing must arrive."""
    emulator = await side.emulate()
    question = "count to 80 every 0.03"
    devices = await opened(side, emulator, "ann")
    ann = devices[0]
    await ann.ask(question)
    await has_begun(ann, question)
    for number in range(4):
        devices.append(side.device(emulator.url, f"newcomer{number}"))
        await devices[-1].open()
    assert not find(ann, question)[0].is_over, "they came too late: nothing was tried"
    found = await side.settle(emulator, devices)
    return found + wrong_with(devices, question)


async def f43_a_device_is_cut_again_and_again(side: Side) -> list[str]:
    """And shows in the end what one shows that was never cut."""
    emulator = await side.emulate()
    question = "count to 80 every 0.03"
    (ann,) = await opened(side, emulator, "ann")
    await ann.ask(question)
    often = websockets_only(always(Faults(cut_within=0.15)))
    async with FaultProxy(emulator.port, often) as proxy:
        bob = side.device(proxy.url, "bob")
        await bob.open()
        await has_begun(ann, question, words=20)
        await proxy.wait_opened(4, within=PATIENCE)
        # The last connection is left alone, and begins before the answer ends.
        proxy.rule = always(Faults())
        proxy.cut()
        assert not find(ann, question)[0].is_over, "it ended too early"
        await is_whole(ann, question)
        found = await side.settle(emulator, [ann, bob])
        await bob.close()
    return found + wrong_with([ann, bob], question)


async def f51_the_instance_is_terminated(side: Side) -> tuple[list[str], list[int]]:
    """SIGTERM in the midst of an answer; returns the close codes, too."""
    emulator = await side.emulate()
    ann, bob = await in_conversation(side, emulator)
    await ann.ask(LONG)
    await has_begun(bob, LONG)
    status = await emulator.terminate()
    found = [] if status == 0 else [f"exit status {status}"]
    found += await side.settle(emulator, [ann, bob])
    return found + wrong_with([ann, bob], SHORT, LONG), closes(emulator)


async def f53_the_instance_is_killed(side: Side) -> list[str]:
    """SIGKILL in the midst of an answer."""
    emulator = await side.emulate()
    ann, bob = await in_conversation(side, emulator)
    await ann.ask(LONG)
    await has_begun(bob, LONG)
    await emulator.kill()
    found = await side.settle(emulator, [ann, bob])
    return found + wrong_with([ann, bob], SHORT, LONG)


async def f54_a_frozen_instance_wakes_after_it_was_replaced(side: Side) -> list[str]:
    """Two writers for one answer, if nobody fences the first one off."""
    emulator = await side.emulate()
    (ann,) = await opened(side, emulator, "ann")
    await ann.ask(LONG)
    await has_begun(ann, LONG)
    await emulator.freeze(1)
    await ann.reopen()
    await side.settle(emulator, [ann])
    await ann.ask_again()
    await has_begun(ann, LONG)
    await emulator.thaw(1)
    await until(
        lambda: all(shown.is_over for shown in ann.screen()),
        "the answer is over for ann",
    )
    await emulator.kill(1)
    found = await side.settle(emulator, [ann])
    return found + wrong_with([ann], LONG)


async def f57_the_host_cuts_requests_by_their_age(
    side: Side, *, age: float
) -> tuple[list[str], int]:
    """An answer takes longer than a request may; returns how many were cut, too."""
    question = f"count to {int(age * 25)} every 0.05"
    emulator = await side.emulate(request_timeout=age)
    await emulator.scale_to(1)
    ann, bob = await in_conversation(side, emulator)
    await ann.ask(question)
    await until(
        lambda: (
            any(shown.is_over for shown in find(ann, question))
            or timeouts(emulator) > 1
        ),
        "the answer is over, or connections were cut",
    )
    cut = timeouts(emulator)
    found = await side.settle(emulator, [ann, bob])
    return found + wrong_with([ann, bob], question), cut


async def f58_devices_are_on_several_instances(side: Side) -> list[str]:
    """Without affinity, who is on which instance is chance."""
    emulator = await side.emulate(max_instances=3)
    await emulator.scale_to(3)
    devices = await opened(side, emulator, *(f"device{number}" for number in range(6)))
    places = {instance_of(emulator, device.name) for device in devices}
    assert len(places) > 1, "all are on one instance: nothing was tried"
    await devices[0].ask(LONG)
    await is_whole(devices[0], LONG)
    found = await side.settle(emulator, devices)
    return found + wrong_with(devices, LONG)
