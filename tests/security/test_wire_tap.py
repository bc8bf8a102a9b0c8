"""S19: of fifty people at once, nobody is sent a word of somebody else."""

import asyncio
import contextlib
import contextvars
import json
import os
import random
import re

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.security.town import SETTINGS

pytestmark = pytest.mark.timeout(180)

SEED = int(os.environ.get("GOLDENPATH_SEED", "20261209"))
PEOPLE, STEPS = 50, 8
MARK = re.compile(r"mark-(\w+)-\d+-")
WHO = contextvars.ContextVar("who")


async def agent(message, ctx):
    """Repeat what was said in every way, from where other runs could meddle."""
    WHO.set(message)
    await ctx.think(f"thinking of {message}")
    async with ctx.tool("look", {"at": message}) as call:
        await call.progress(0.5, text=WHO.get())
        call.result = {"found": WHO.get()}
    if message.startswith("ask"):
        await ctx.ask(f"really {WHO.get()}?")
    for turn in ctx.history[-2:]:
        yield turn.text + " "
    for word in WHO.get().split():
        await asyncio.sleep(0)
        yield word + " "


class Tapped:
    """Somebody whose wire is tapped: every text that reaches them is kept."""

    def __init__(self, door, http, name, known, dice):
        self.http = http
        self.door = door
        self.name = name
        self.known = known
        self.dice = dice
        self.wire = []
        self.count = 0
        self.threads = []
        self.websocket = None

    def mark(self):
        self.count += 1
        return f"mark-{self.name}-{self.count}-"

    async def live(self):
        await self.connect()
        for _ in range(STEPS):
            step = self.dice.choice(self.STEPS)
            with contextlib.suppress(ConnectionClosed):
                await step(self)
        await self.connect()
        await self.hear_an_answer()
        await self.websocket.close()

    async def connect(self):
        """Come back, and ask for threads of others with their cursors."""
        if self.websocket is not None:
            self.websocket.transport.abort()
        how, ticket = self.door.bearer(self.name), None
        if self.dice.random() < 0.3:
            answer = await self.asks("POST", "/ws/ticket", {})
            how, ticket = {}, answer["ticket"]
        self.websocket = await connect(
            f"ws://127.0.0.1:{self.door.port}/ws",
            subprotocols=["goldenpath.v1"],
            additional_headers=how,
            compression=None,
            proxy=None,
            max_queue=None,
        )
        threads = [one["thread"] for one in self.some_of_others(3)] + self.threads[-3:]
        cursors = {
            f"thread:{thread}": {
                "epoch": self.known.epoch,
                "incarnation": "",
                "number": 0,
            }
            for thread in threads
        }
        hello = {"device": "d", "threads": threads, "cursors": cursors}
        await self.put("hello", **hello, **({"ticket": ticket} if ticket else {}))
        await self.take(lambda frame: frame["frame"] == "welcome")

    def some_of_others(self, count):
        others = [one for one in self.known.said if one["by"] != self.name]
        return self.dice.sample(others, min(count, len(others)))

    async def put(self, kind, **fields):
        await self.websocket.send(json.dumps({"frame": kind, **fields}))

    async def take(self, is_it):
        while True:
            text = await asyncio.wait_for(self.websocket.recv(), 60)
            self.wire.append(text)
            frame = json.loads(text)
            if frame.get("epoch"):
                self.known.epoch = frame["epoch"]
            if is_it(frame):
                return frame

    async def request(self, kind, **fields):
        self.count += 1
        asked = str(self.count)
        await self.put(kind, id=asked, **fields)
        return await self.take(lambda frame: frame.get("id") == asked)

    async def asks(self, method, path, body=None):
        headers = self.door.bearer(self.name)
        response = await self.http.request(method, path, json=body, headers=headers)
        self.wire.append(response.text)
        return response.json() if response.content else {}

    async def say(self):
        text = self.dice.choice(["tell ", "ask "]) + self.mark()
        thread = self.dice.choice([None, *self.threads])
        name = self.mark()
        sent = await self.request(
            "send",
            text=text,
            client_message_id=name,
            **({"thread": thread} if thread else {}),
        )
        self.known.said.append(sent | {"by": self.name})
        if sent["thread"] not in self.threads:
            self.threads.append(sent["thread"])
            await self.request("subscribe", thread=sent["thread"])

    async def name_things(self):
        made = await self.asks("POST", "/threads", {"title": self.mark()})
        await self.asks("PATCH", f"/threads/{made['id']}", {"title": self.mark()})
        await self.asks("GET", "/threads")

    async def reach_for_others(self):
        for one in self.some_of_others(2):
            thread, run = one["thread"], one["run"]
            await self.request("subscribe", thread=thread)
            await self.put("resume", log=f"thread:{thread}")
            await self.request("cancel", run=run)
            await self.request("retry", run=run)
            await self.request("answer", run=run, call="any", value=self.mark())
            await self.request(
                "send", thread=thread, text=self.mark(), client_message_id=self.mark()
            )
            # The name that somebody else gave to a message is anybody's to use.
            named = one["client_message_id"]
            await self.request("send", text=self.mark(), client_message_id=named[::-1])

    async def reach_for_others_over_http(self):
        for one in self.some_of_others(2):
            path = f"/threads/{one['thread']}"
            await self.asks("GET", f"{path}/history")
            await self.asks("PATCH", path, {"title": self.mark()})
            await self.asks("DELETE", path)

    async def look_back(self):
        for thread in self.threads[-2:]:
            await self.asks("GET", f"/threads/{thread}/history")

    async def hear_an_answer(self):
        """Say something and hear it: a wire that carries nothing leaks nothing."""
        mark = self.mark()
        sent = await self.request("send", text=mark, client_message_id=self.mark())
        await self.request("subscribe", thread=sent["thread"])
        ended = json.dumps({"type": "run_ended"})[1:-1].replace(" ", "")
        while not any(
            ended in text.replace(" ", "") and sent["run"] in text for text in self.wire
        ):
            await self.take(lambda _: True)
        await self.asks("GET", f"/threads/{sent['thread']}/history")
        assert f'"text":"{mark} "' in self.wire[-1]

    STEPS = (
        *(say, say, say, connect, name_things, reach_for_others),
        *(reach_for_others_over_http, look_back),
    )


class Known:
    """What an attacker may have got to know: every name there is."""

    def __init__(self):
        self.said = []
        self.epoch = ""


def test_s19_no_marker_crosses_from_one_wire_to_another(make_door):
    names = [f"p{number:02}" for number in range(PEOPLE)]
    door = make_door(*names, agent=agent, **SETTINGS)
    known = Known()

    async def all_of_them():
        async with httpx2.AsyncClient(
            base_url=door.url, trust_env=False, timeout=60
        ) as http:
            people = [
                Tapped(door, http, name, known, random.Random(f"{SEED}-{name}"))
                for name in names
            ]
            await asyncio.gather(*(person.live() for person in people))
        return people

    people = asyncio.run(all_of_them())

    for person in people:
        seen = {name for text in person.wire for name in MARK.findall(text)}
        assert seen == {person.name}, f"GOLDENPATH_SEED={SEED}"
    assert len(known.said) > PEOPLE
