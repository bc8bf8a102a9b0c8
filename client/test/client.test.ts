/** The client: its connection, its logs and its unsent messages. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../src/client.js";
import { CLOSE_RULES } from "../src/codes.gen.js";
import {
  EPOCH, event, FakeSocket, MemoryStorage, SAID, settled, snapshot, welcome, World,
} from "./world.js";

test("it says hello first, and is live with the welcome", () => {
  const world = new World();
  world.client.follow("t1");
  world.client.start();
  assert.equal(world.client.state, "connecting");
  world.socket.onopen?.();

  assert.equal(world.client.state, "hello_sent");
  assert.deepEqual(world.socket.protocols, ["goldenpath.v1"]);
  assert.deepEqual(world.socket.sent, [
    { frame: "hello", device: "d1", threads: ["t1"], cursors: {} },
  ]);
  world.socket.says(welcome());
  assert.equal(world.client.state, "live");
  assert.equal(world.client.user?.id, "u1");
});

test("where no cookie says who it is, every hello brings a ticket of its own", async () => {
  let count = 0;
  const ticket = async () => `t${++count}`;
  const world = new World(new MemoryStorage(), { ticket, isTicketed: true });
  world.client.start();
  for (const name of ["t1", "t2"]) {
    world.socket.onopen?.();
    assert.deepEqual(world.socket.sent, []);
    await settled();
    assert.deepEqual(world.socket.of("hello").map((hello) => hello.ticket), [name]);
    world.socket.says(welcome());
    world.socket.ends(1006);
    world.clock.pass(1);
  }
});

test("a ticket that is not to be had is asked for again, later", async () => {
  const ticket = () => Promise.reject(new Error("down"));
  const world = new World(new MemoryStorage(), { ticket, isTicketed: true });
  world.client.start();
  const first = world.socket;
  first.onopen?.();
  await settled();
  assert.equal(first.closed, 1000);
  first.ends(1000);

  assert.equal(world.client.state, "backoff");
});

test("a thread that was opened before the welcome is subscribed with it", () => {
  const world = new World();
  world.client.start();
  world.socket.onopen?.();
  world.client.follow("t1");
  world.socket.says(welcome());

  assert.deepEqual(world.socket.of("subscribe").map(({ thread }) => thread), ["t1"]);
});

test("a missing welcome is not waited for longer than 8 s", () => {
  const world = new World();
  world.client.start();
  const first = world.socket;
  first.onopen?.();
  world.clock.pass(7.9);
  assert.equal(first.closed, null);
  world.clock.pass(0.2);

  assert.equal(first.closed, 1000);
  assert.equal(world.client.state, "backoff");
  world.clock.pass(1);
  assert.notEqual(world.socket, first);
});

test("after a loss it resumes from its cursors", () => {
  const world = new World();
  const first = world.live();
  world.client.follow("t1");
  first.says(snapshot("thread:t1", 4));
  first.says(event("thread:t1", 5, SAID));
  first.ends(1006);
  world.clock.pass(1);
  world.socket.onopen?.();

  const [hello] = world.socket.of("hello");
  assert.deepEqual(hello.cursors["thread:t1"], { ...EPOCH, number: 5 });
  assert.deepEqual(hello.cursors["user:u1"], { ...EPOCH, number: 0 });
  assert.equal(hello.previous, "c1");
});

test("a hole is repaired once, and what lies behind it is held back", () => {
  const world = new World();
  const socket = world.live();
  const replica = world.client.follow("t1");
  socket.says(snapshot("thread:t1", 4));
  socket.says(event("thread:t1", 6, SAID));
  socket.says(event("thread:t1", 7, SAID));

  assert.deepEqual(socket.of("resume"), [
    { frame: "resume", log: "thread:t1", cursor: { ...EPOCH, number: 4 } },
  ]);
  assert.equal(replica.transcript.items.length, 0);
  for (const number of [5, 6, 7, 6]) socket.says(event("thread:t1", number, SAID));
  assert.equal(replica.transcript.items.length, 3);
});

test("a head beyond the cursor is asked for, and every ping answered", () => {
  const world = new World();
  const socket = world.live();
  socket.says({ frame: "ping", heads: { "user:u1": { ...EPOCH, number: 3 }, "thread:other": { ...EPOCH, number: 1 } } });

  assert.equal(socket.of("pong").length, 1);
  assert.deepEqual(socket.of("resume").map(({ log }) => log), ["user:u1"]);
  socket.says({ frame: "ping", heads: { "user:u1": { ...EPOCH, number: 0 } } });
  assert.equal(socket.of("resume").length, 1);
});

test("what is not known is ignored", () => {
  const world = new World();
  const socket = world.live();
  socket.says({ frame: "confetti", amount: 12 });
  socket.says(event("user:u1", 1, { type: "moon_landed" }));
  socket.onmessage?.({ data: "no JSON" });

  assert.equal(world.client.state, "live");
});

test("the list of threads follows the user's log", () => {
  const world = new World();
  const socket = world.live();
  const steps = [
    { type: "thread_created", thread: "t1", title: "One" },
    { type: "thread_created", thread: "t2", title: "Two" },
    { type: "run_queued", thread: "t1", run: "r1" },
    { type: "thread_renamed", thread: "t2", title: "Zwei" },
  ];
  steps.forEach((step, i) => socket.says(event("user:u1", i + 1, step)));
  const seen = () => world.client.threads.all.map((one) => [one.title, one.is_running]);

  assert.deepEqual(seen(), [["One", true], ["Zwei", false]]);
  socket.says(event("user:u1", 5, { type: "run_ended", thread: "t1", run: "r1", state: "completed" }));
  socket.says(event("user:u1", 6, { type: "thread_deleted", thread: "t2" }));
  assert.deepEqual(seen(), [["One", false]]);
});

test("a message is stored before it is sent, and removed only when acknowledged", async () => {
  const world = new World();
  const socket = world.live();
  const id = world.client.send("Hi", { thread: "t1" });
  const [sent] = socket.of("send");
  assert.deepEqual(sent, { frame: "send", client_message_id: id, text: "Hi", thread: "t1", id: sent.id });
  assert.equal(world.storage.length, 1);

  socket.ends(1006);
  world.clock.pass(1);
  const second = world.welcome();
  const [again] = second.of("send");
  assert.equal(again.client_message_id, id);
  second.says({ frame: "result", id: again.id, thread: "t1", run: "r1", number: 1 });
  await settled();
  assert.equal(world.storage.length, 0);
  assert.deepEqual(world.client.placeOf(id), { thread: "t1", run: "r1", number: 1 });
  // Not seen in the log yet: it stays on the screen.
  assert.equal(world.client.unsent.length, 1);
  world.client.follow("t1");
  second.says(snapshot("thread:t1", 1));
  assert.equal(world.client.unsent.length, 0);
});

test("messages for a thread that does not exist yet wait for the first", async () => {
  const world = new World();
  const socket = world.live();
  const first = world.client.send("One");
  world.client.send("Two", { follows: first });
  assert.deepEqual(socket.of("send").map(({ text }) => text), ["One"]);
  socket.says({ frame: "result", id: socket.of("send")[0].id, thread: "t9", run: "r1", number: 1 });
  await settled();

  const [, second] = socket.of("send");
  assert.deepEqual([second.text, second.thread], ["Two", "t9"]);
});

test("a refusal stays with the message, and the next one is sent", async () => {
  const world = new World();
  const socket = world.live();
  world.client.send("Bad", { thread: "t1" });
  world.client.send("Good", { thread: "t1" });
  const [bad] = socket.of("send");
  socket.says({ frame: "error", id: bad.id, code: "not_found", message: "no such thread" });
  await settled();

  assert.equal(socket.of("send")[1].text, "Good");
  assert.equal(world.client.unsent[0]!.refused, "no such thread");
  world.client.discard(world.client.unsent[0]!.client_message_id);
  assert.deepEqual(world.client.unsent.map(({ text }) => text), ["Good"]);
});

test("what may succeed later is sent later", async () => {
  const world = new World();
  const socket = world.live();
  world.client.send("Hi", { thread: "t1" });
  const [first] = socket.of("send");
  socket.says({ frame: "error", id: first.id, code: "unavailable", message: "", retryable: true, retry_after: 3 });
  await settled();
  world.clock.pass(2.9);
  assert.equal(socket.of("send").length, 1);
  world.clock.pass(0.2);

  assert.equal(socket.of("send").length, 2);
});

test("a tab finds what another has left, and nobody sends what another user wrote", () => {
  const storage = new MemoryStorage();
  const before = new World(storage, { user: "u1" });
  before.client.send("Left behind", { thread: "t1" });

  const same = new World(storage);
  assert.deepEqual(same.live().of("send").map(({ text }) => text), ["Left behind"]);
  const other = new World(storage);
  other.client.start();
  assert.deepEqual(other.welcome("u2").of("send"), []);
  assert.equal(storage.length, 1);
});

test("a message that another tab has sent is kept by its own until it was answered", async () => {
  const storage = new MemoryStorage();
  const world = new World(storage, { user: "u1" });
  const id = world.client.send("Hi");
  const [key] = [...storage.values.keys()];
  storage.removeItem(key!);
  world.client.stored(key!, null);
  const [sent] = world.live().of("send");

  assert.equal(sent.client_message_id, id);
  world.client.stored(key!, '"discarded"');
  assert.deepEqual(world.client.unsent, []);
});

test("cancelling works before the server has the message, and before its run is known", () => {
  const world = new World();
  const early = world.client.send("Never mind", { thread: "t1" });
  void world.client.cancel({ client_message_id: early });
  assert.deepEqual(world.client.unsent, []);

  const socket = world.live();
  const sent = world.client.send("Stop this", { thread: "t1" });
  void world.client.cancel({ client_message_id: sent });
  assert.deepEqual(socket.of("cancel").map((one) => one.client_message_id), [sent]);
});

test("a stop survives a loss of the connection, a retry is not repeated", async () => {
  const world = new World();
  const first = world.live();
  void world.client.cancel({ run: "r1" });
  const retried = world.client.retry("r2");
  first.ends(1006);
  await assert.rejects(retried, { message: "The connection was lost" });
  world.clock.pass(1);
  const second = world.welcome();

  assert.deepEqual(second.of("cancel").map(({ run }) => run), ["r1"]);
  assert.deepEqual(second.of("retry"), []);
});

test("a wake-up asks, and silence for 3 s opens a new connection", () => {
  const world = new World();
  const first = world.live();
  world.client.wake();
  assert.equal(world.client.state, "stale");
  assert.equal(first.of("resume").length, 1);
  first.says({ frame: "live", log: "user:u1", ...EPOCH, number: 0 });
  assert.equal(world.client.state, "live");

  world.client.wake();
  world.clock.pass(3.1);
  assert.equal(first.closed, 1000);
  assert.equal(world.client.state, "connecting");
  assert.equal(FakeSocket.all.length, 2);
});

test("what is sent while the connection is being probed is sent at once", () => {
  const world = new World();
  const socket = world.live();
  world.client.wake();
  world.client.send("Hi", { thread: "t1" });

  assert.equal(world.client.state, "stale");
  assert.equal(socket.of("send").length, 1);
});

test("a silent connection is asked by itself", () => {
  const world = new World();
  world.live();
  world.clock.pass(29);
  assert.equal(world.client.state, "live");
  world.clock.pass(1.5);

  assert.equal(world.client.state, "stale");
});

test("a wake-up ends the waiting, unless the server said how long to wait", () => {
  const world = new World();
  world.live().ends(1006);
  world.client.wake();
  assert.equal(world.client.state, "connecting");

  world.welcome().ends(1013, "retry_after=4.000 the server is full for now");
  world.client.wake();
  assert.equal(world.client.state, "backoff");
  world.clock.pass(3.9);
  assert.equal(world.client.state, "backoff");
  world.clock.pass(1);
  assert.equal(world.client.state, "connecting");
});

for (const [code, { comeBack }] of Object.entries(CLOSE_RULES)) {
  test(`F45: a close with ${code} means ${comeBack}`, () => {
    const world = new World();
    const socket = world.live();
    world.clock.pass(10);
    socket.says({ frame: "ping", heads: {} });
    socket.ends(Number(code));

    const isOver = ["log_in", "never", "reload"].includes(comeBack);
    assert.equal(world.client.state, isOver ? "stopped" : "backoff");
    assert.equal(world.client.stopped?.comeBack ?? null, isOver ? comeBack : null);
    world.clock.pass(isOver ? 3600 : comeBack === "at_once" ? 0 : 31);
    assert.equal(FakeSocket.all.length > 1, !isOver);
    if (!isOver) return;
    // Looking at the page is no act that changes anything; asking for it is.
    world.client.wake();
    assert.equal(FakeSocket.all.length, 1);
    world.client.start();
    world.welcome();
    assert.equal(world.client.state, "live");
    assert.equal(world.client.stopped, null);
  });
}

test("connections that do not last are not opened again at once", () => {
  const world = new World();
  world.client.start();
  for (let i = 0; i < 8; i++) {
    world.welcome().ends(4413);
    world.clock.pass(0);
    assert.equal(world.client.state, "backoff");
    while (world.client.state === "backoff") world.clock.pass(0.01);
  }

  assert.equal(FakeSocket.all.length, 9);
  assert.ok(world.clock.now() > 1010, "it waited longer and longer");
});

test("a loss is told only when it has lasted: 2 s and 15 s", () => {
  const world = new World();
  let changes = 0;
  world.live().ends(1006);
  const fail = () => world.socket.ends(1006);
  assert.equal(world.client.connectivity, "connected");
  world.client.watch(() => changes++);
  world.clock.pass(1.9);
  assert.equal(world.client.connectivity, "connected");
  world.clock.pass(0.2);
  assert.equal(world.client.connectivity, "reconnecting");
  fail();
  world.clock.pass(13);
  fail();
  assert.equal(world.client.connectivity, "offline");
  assert.ok(changes > 1, "whoever watches was told");
});

test("S59: what is unencrypted is refused, except on this machine", () => {
  const make = (url: string) => () =>
    new Client({ url, device: "d", WebSocket: FakeSocket, storage: new MemoryStorage() });

  for (const url of [
    "ws://example.org/ws", "ws://192.168.1.2/ws", "ws://0.0.0.0/", "ws://[::]/", "ws://[::2]/",
    "ws://127.0.0.1.evil.org/", "ws://localhost.evil.org/", "ws://evil.org/localhost",
    "ws://localhost@evil.org/", "ws://evil.org:80/#127.0.0.1", "ws://notlocalhost/", "http://evil.org/",
  ]) {
    assert.throws(make(url), /not encrypted/, url);
  }
  for (const url of [
    "wss://example.org/ws", "ws://localhost:8000/ws", "ws://127.0.0.1/", "ws://127.8.9.1/",
    "ws://chat.localhost/", "ws://[::1]:1/ws", "WS://LOCALHOST/",
  ]) {
    assert.doesNotThrow(make(url), url);
  }
});

test("how far it is is told at most once a second", () => {
  const world = new World();
  const socket = world.live();
  for (let number = 1; number <= 5; number++) {
    socket.says(event("user:u1", number, { type: "thread_deleted", thread: "t" }));
  }
  assert.equal(socket.of("acknowledge").length, 0);
  world.clock.pass(1.1);

  assert.deepEqual(socket.of("acknowledge"), [
    { frame: "acknowledge", cursors: { "user:u1": { ...EPOCH, number: 5 } } },
  ]);
});

test("another user on the same page sees nothing of the one before", () => {
  const world = new World();
  const socket = world.live();
  world.client.follow("t1");
  socket.says(snapshot("thread:t1", 3));
  socket.ends(1006);
  world.clock.pass(1);
  world.welcome("u2");

  assert.equal(world.client.user?.id, "u2");
  assert.equal(world.client.follow("t1").cursor, null);
});

test("a thread that may not be read any more is forgotten", () => {
  const world = new World();
  const socket = world.live();
  const replica = world.client.follow("t1");
  socket.says(snapshot("thread:t1", 3));
  socket.says({ frame: "revoked", log: "thread:t1" });

  assert.equal(replica.refused?.code, "revoked");
  socket.ends(1006);
  world.clock.pass(1);
  world.socket.onopen?.();
  assert.deepEqual(world.socket.of("hello")[0].threads, []);
});
