"""Three people with five threads each, and everything that one may ask for."""

import contextlib
import json

from goldenpath.errors import AgentError
from tests.asgi.conftest import Talk

NAMES = ("ada", "bob", "cid")
THREADS = 5
# Nobody is slowed down here: that is held elsewhere.
SETTINGS = {
    "frames_per_second": 1e6,
    "frames_burst": 10**6,
    "handshakes_per_second": 1e6,
    "handshakes_burst": 10**6,
    "runs_queued_per_user": 10**6,
    "heartbeat_every": 3600.0,
    "silent_after": 7200.0,
    "connections_per_user": 1000,
    # Some wait for an answer that nobody gives.
    "finish_within": 0.0,
}


async def agent(message, ctx):
    """Ask, fail or answer, as the message says."""
    if message.startswith("ask"):
        yield f"you said {await ctx.ask('Which?')}"
    elif message.startswith("fail"):
        raise AgentError("as you said")
    else:
        yield f"re: {message}"


class Person:
    """Somebody with one open connection, who keeps all that they are sent."""

    def __init__(self, door, name, websocket):
        self.door = door
        self.name = name
        self.talk = Talk(websocket)
        self.received = []
        self.count = 0
        self.id = self.hello(self.talk)["user"]["id"]

    def hello(self, talk, **fields):
        talk.put("hello", device=f"device-of-{self.name}", **fields)
        return self.read(talk, lambda frame: frame["frame"] == "welcome")

    def read(self, talk, is_it):
        """Keep what comes until the frame that is waited for; return that."""
        while True:
            frame = json.loads(talk.websocket.recv(30))
            self.received.append(frame)
            if is_it(frame):
                return frame

    def ask(self, kind, **fields):
        """Make a request over the connection; return the answer without its id."""
        self.count += 1
        asked = f"{self.name}-{self.count}"
        self.talk.put(kind, id=asked, **fields)
        answer = self.read(
            self.talk,
            lambda f: f["frame"] in ("result", "error") and f.get("id") == asked,
        )
        return {name: value for name, value in answer.items() if name != "id"}

    def resume(self, log, **fields):
        """Resume a log; it has no answer but an error or what it asked for."""
        self.count += 1
        self.talk.put("resume", log=log, **fields)
        # Answered in order, so that whatever the resume brings comes before or after,
        # but its refusal before.
        mark = len(self.received)
        self.ask("unsubscribe", thread="nothing")
        refused = [f for f in self.received[mark:] if f["frame"] == "error"]
        return refused[0] if refused else {"frame": "result"}

    def http(self, method, path, body=None):
        """Make a request over HTTP; return status and body."""
        headers = self.door.bearer(self.name)
        response = self.door.ask(method, path, body, headers=headers)
        content = response.json() if response.content else {}
        self.received.append(content)
        return response.status_code, content

    def settle(self):
        """Read all that is on its way."""
        self.ask("unsubscribe", thread="nothing")


class Thread:
    """A thread as its owner knows it: the model."""

    def __init__(self, owner, index):
        self.owner = owner
        self.title = f"thread {index} of {owner.name}"
        status, made = owner.http("POST", "/threads", {"title": self.title})
        assert status == 201
        self.id = made["id"]
        self.log = f"thread:{self.id}"
        self.is_deleted = False
        self.messages = 1
        self.said = f"message-{self.id}"
        text = ("ask", "fail", "hello")[index % 3]
        owner.ask("subscribe", thread=self.id)
        sent = owner.ask("send", thread=self.id, client_message_id=self.said, text=text)
        self.run = sent["run"]
        last = {"ask": "input_requested", "fail": "agent_failed"}.get(
            text, "agent_completed"
        )
        # Whether it comes by itself or within a snapshot.
        while not (events := list(self._events(owner, last))):
            owner.read(owner.talk, lambda _: True)
        self.call = events[0]["event"].get("call", "no call")
        self.cursor = {
            name: events[0][name] for name in ("epoch", "incarnation", "number")
        }

    def _events(self, owner, kind):
        for frame in owner.received:
            events = frame.get("state", {}).get("events", [])
            for one in (frame, *events):
                if one.get("log") == self.log and (
                    one.get("event", {}).get("type") == kind
                ):
                    yield one

    @classmethod
    def missing(cls):
        """Return one that nobody has, with ids as real ones are."""
        made = cls.__new__(cls)
        made.owner = None
        made.is_deleted = True
        made.id = made.run = made.call = made.said = "A" * 22
        made.log = f"thread:{made.id}"
        made.cursor = {"epoch": "e" * 22, "incarnation": "i" * 22, "number": 1}
        return made


# Everything that names somebody's thread, run, message or question.


def _subscribe(person, thread):
    return person.ask("subscribe", thread=thread.id, cursor=thread.cursor)


def _subscribe_anew(person, thread):
    return person.ask("subscribe", thread=thread.id, detail="summary")


def _resume(person, thread):
    return person.resume(thread.log, cursor=thread.cursor)


def _send(person, thread):
    person.count += 1
    name = f"new-{person.name}-{person.count}"
    return person.ask("send", thread=thread.id, client_message_id=name, text="hi")


def _cancel(person, thread):
    return person.ask("cancel", run=thread.run)


def _cancel_by_message(person, thread):
    return person.ask("cancel", client_message_id=thread.said)


def _retry(person, thread):
    return person.ask("retry", run=thread.run)


def _answer(person, thread):
    return person.ask("answer", run=thread.run, call=thread.call, value="mine")


def _over_http(method, path, body=None):
    def do(person, thread):
        status, content = person.http(method, path.format(thread.id), body)
        return content.get("error", {"frame": "result"}) | {"status": status}

    return do


def _hello(person, thread):
    """Say hello on a connection of its own; a thread is revoked, or comes."""
    headers = person.door.bearer(person.name)
    with person.door.open(additional_headers=headers, max_queue=None) as websocket:
        talk = Talk(websocket)
        person.hello(talk, threads=[thread.id], cursors={thread.log: thread.cursor})
        answer = person.read(talk, lambda f: f.get("log") == thread.log)
    if answer["frame"] == "revoked":
        return {"code": "not_found", "message": "revoked"}
    return {"frame": "result"}


ASKS = {
    "subscribe": _subscribe,
    "subscribe anew": _subscribe_anew,
    "resume": _resume,
    "send": _send,
    "cancel": _cancel,
    "cancel by message": _cancel_by_message,
    "retry": _retry,
    "answer": _answer,
    "hello": _hello,
    "history": _over_http("GET", "/threads/{}/history"),
    "rename": _over_http("PATCH", "/threads/{}", {"title": "renamed"}),
    "delete": _over_http("DELETE", "/threads/{}"),
}


class Town:
    """The people, connected, and the threads that they made."""

    def __init__(self, door, stack):
        self.people = []
        for name in NAMES:
            # Whatever is left unread at the end does not hold up the close.
            opened = door.open(additional_headers=door.bearer(name), max_queue=None)
            person = Person(door, name, stack.enter_context(opened))
            self.people.append(person)
        self.threads = [
            [Thread(person, index) for index in range(THREADS)]
            for person in self.people
        ]

    def everything_stayed_with_its_owner(self):
        """Check the threads against the model, and what everybody was sent."""
        for person, threads in zip(self.people, self.threads, strict=True):
            person.settle()
            for thread in threads:
                status, page = person.http("GET", f"/threads/{thread.id}/history")
                assert (status == 200) is not thread.is_deleted
                if thread.is_deleted:
                    continue
                said = [
                    event["event"]
                    for event in page["events"]
                    if event["event"]["type"] == "user_message"
                ]
                assert len(said) == thread.messages
                assert {one["device"] for one in said} == {f"device-of-{person.name}"}
            _, page = person.http("GET", "/threads?limit=200")
            titles = {one["id"]: one["title"] for one in page["threads"]}
            for thread in threads:
                assert titles.get(thread.id) == (
                    None if thread.is_deleted else thread.title
                )
            mine = {f"user:{person.id}", *(f"thread:{one}" for one in titles)}
            mine |= {thread.log for thread in threads}
            for frame in person.received:
                if frame.get("frame") in ("event", "snapshot", "live"):
                    assert frame["log"] in mine
                if frame.get("frame") == "ping":
                    assert frame["heads"].keys() <= mine


@contextlib.contextmanager
def town(door):
    """Let people move in; to be entered."""
    with contextlib.ExitStack() as stack:
        yield Town(door, stack)
