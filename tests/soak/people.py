"""What people do all day, drawn from a seed; none of it may get them stuck."""

import asyncio
import contextlib
import random
import traceback

from websockets.exceptions import WebSocketException

from goldenpath._ids import new_id
from goldenpath.errors import AuthError, GoldenpathError, RefusedError, StorageError
from goldenpath.protocol._frames import Subscribe
from goldenpath.protocol._transcript import QuestionPart, RunItem
from tests.faults.scene import PATIENCE

# Longer than any fault lasts, and than one that follows it at once.
NOBODY_WAITS_LONGER = 120.0
_THREADS = 5
# What may be said of what a person asks for while the server is in trouble.
_TOLD = {"unavailable", "not_found", "conflict", "rate_limited"}


class Person:
    """Somebody with one or two devices.

    Args:
        town: Where they live.
        name: As they log in.
    """

    def __init__(self, town, name):
        self.town = town
        self.name = name
        self.dice = random.Random(f"{name} {town.seed}")
        self.devices = []
        self.threads = town.threads[name] = []

    async def live(self):
        """Do one thing after the other until it is over."""
        await self._move_in()
        doings = {
            self._say: 40,
            self._say_twice: 8,
            self._say_much: 4,
            self._stop_a_run: 10,
            self._retry: 10,
            self._answer: 10,
            self._leave_and_return: 8,
            self._log_out: 3,
            self._delete: 3,
            self._read_nothing: 3,
            self._flood: 2,
            self._pry: 4,
        }
        while not self.town.is_over.is_set():
            await self.town.rest(self.dice.uniform(2.0, 9.0))
            (doing,) = self.dice.choices(list(doings), list(doings.values()))
            await self._try(doing)

    async def finish(self):
        """Come to an end: stop what waits for an answer, now or when its turn comes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while set(self.town.runs().values()) & {"queued", "running"}:
                    await self._stop_all()
                    await asyncio.sleep(0.5)

    async def _stop_all(self):
        # Also what no device follows: a question waits there for ever.
        mine = self.town.rows(
            "SELECT runs.id FROM runs JOIN users ON runs.user = users.id"
            " WHERE name = ? AND state = 'running'",
            self.name,
        )
        device = next((one for one in self.devices if one.stopped is None), None)
        for (run,) in mine if device is not None else ():
            with contextlib.suppress(RefusedError, TimeoutError):
                async with asyncio.timeout(NOBODY_WAITS_LONGER):
                    await device.cancel(run=run)

    async def _try(self, doing):
        self.town.counts[doing.__name__.strip("_")] += 1
        try:
            async with asyncio.timeout(NOBODY_WAITS_LONGER):
                await doing()
        except RefusedError as error:
            if error.code not in _TOLD:
                self._complain(doing, f"{error.code}: {error}")
        except TimeoutError:
            self._complain(doing, "is stuck")
        except (AuthError, StorageError, OSError, WebSocketException):
            pass  # the session or the server is just gone
        except GoldenpathError as error:
            self._complain(doing, repr(error))
        # Whatever it is, the others go on.
        except Exception:  # noqa: BLE001
            self._complain(doing, traceback.format_exc())

    def _complain(self, doing, what):
        self.town.wrong.append(f"{self.name}: {doing.__name__}: {what}")

    async def _move_in(self):
        for number in range(self.dice.choice((1, 1, 2))):
            proxy = self.town.proxies[(number + self.dice.randrange(2)) % 2]
            token = await self.town.session(self.name)
            device = self.town.device(
                self.name, url=proxy.url, token=token, back_off_most=1.0
            )
            device.start()
            self.devices.append(device)

    def _device(self):
        return self.dice.choice(self.devices)

    def _thread(self):
        if len(self.threads) < _THREADS and self.dice.random() < 0.3:
            return None
        return self.dice.choice(self.threads) if self.threads else None

    def _text(self):
        return f"{self.name} {self.dice.getrandbits(32):x}"

    def _runs(self, device):
        return [
            item
            for replica in device.replicas.values()
            for item in replica.transcript.items
            if isinstance(item, RunItem)
        ]

    def _knows(self, sent):
        if sent.thread not in self.threads:
            self.threads.append(sent.thread)

    # What they do.

    async def _say(self):
        device = self._device()
        sent = await device.say(self._text(), thread=self._thread())
        self._knows(sent)
        if self.dice.random() < 0.5:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5.0):
                    await device.wait_run_ended(sent)

    async def _say_twice(self):
        """The same message, from wherever: it is one."""
        name, text, thread = new_id(), self._text(), self._thread()
        first, second = self._device(), self._device()
        results = [
            await device.send(text, thread=thread, client_message_id=name)
            for device in (first, second)
        ]
        for device, sent in zip((first, second), results, strict=True):
            device.witness.acknowledged.append(sent)
            self._knows(sent)
        one, other = [(sent.thread, sent.run, sent.number) for sent in results]
        if one != other:
            self._complain(self._say_twice, f"I1: {one} and {other} for one message")

    async def _say_much(self):
        device, thread = self._device(), self._thread()
        for sent in await asyncio.gather(
            *(device.say(self._text(), thread=thread) for _ in range(5))
        ):
            self._knows(sent)

    async def _stop_a_run(self):
        device = self._device()
        if under_way := [run for run in self._runs(device) if run.state == "running"]:
            await device.cancel(run=self.dice.choice(under_way).run)

    async def _retry(self):
        device = self._device()
        if ended := [r for r in self._runs(device) if r.state == "interrupted"]:
            await device.retry(ended[-1].run)

    async def _answer(self):
        device = self._device()
        for run in self._runs(device):
            for part in run.parts:
                if isinstance(part, QuestionPart) and part.state == "open":
                    await device.answer(run.run, part.call, "red")

    async def _leave_and_return(self):
        device = self._device()
        await device.stop()
        await self.town.rest(self.dice.uniform(0.0, 5.0))
        device.start()

    async def _log_out(self):
        """Its session ends, and the device is let in with another one."""
        device = self._device()
        old = self.town.http(self.name, self.town.plain.url, token=device.http.token)
        await old.logout()
        with contextlib.suppress(AuthError):
            await device.wait_for(lambda: False)
        device.http.token = await self.town.session(self.name)
        if device.stopped is not None:
            await device.stop()
            device.start()

    async def _delete(self):
        if len(self.threads) > 1:
            thread = self.threads.pop(0)
            http = self.town.http(
                self.name, self.town.plain.url, token=self._device().http.token
            )
            await http.delete_thread(thread)

    async def _read_nothing(self):
        """A tab that has stopped, on the busiest of their threads."""
        async with self.town.peer(self.name, url=self.town.plain.url) as peer:
            await peer.hello()
            for thread in self.threads:
                await peer.put(Subscribe(id=new_id(), thread=thread))
            await self.town.rest(self.dice.uniform(2.0, 8.0))

    async def _pry(self):
        """Follow what is somebody else's, with all that can be known of it."""
        theirs = [
            thread
            for name, threads in self.town.threads.items()
            for thread in threads
            if name != self.name
        ]
        if not theirs:
            return
        device, thread = self._device(), self.dice.choice(theirs)
        with contextlib.suppress(RefusedError):
            await device.follow(thread)
            self._complain(self._pry, f"I4: could follow {thread}")

    async def _flood(self):
        """Far more frames than are allowed."""
        async with self.town.peer(self.name, url=self.town.plain.url) as peer:
            await peer.hello()
            for number in range(300):
                await peer.put(Subscribe(id=str(number), thread="none"))
            await peer.wait_closed()
            if peer.closed[0] not in (1001, 1006, 4429):
                self._complain(self._flood, f"closed with {peer.closed}")
