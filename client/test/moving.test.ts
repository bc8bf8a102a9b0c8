/** Moving to the next connection before the old one is closed: a deploy, or its age. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { EPOCH, event, FakeSocket, SAID, settled, snapshot, welcome, World } from "./world.js";

function draining(reconnect_after: number, reason = "deploy", within = 3): object {
  return { frame: "draining", within, reconnect_after, reason };
}

/** A world whose connection is asked to leave, with its successor being opened. */
function moving(): { world: World; old: FakeSocket; next: FakeSocket } {
  const world = new World();
  const old = world.live();
  world.client.follow("t1");
  old.says(snapshot("thread:t1", 4));
  old.says(draining(0.5));
  world.clock.pass(0.5);
  assert.equal(FakeSocket.all.length, 2);
  return { world, old, next: world.socket };
}

for (const reason of ["deploy", "age"]) {
  test(`F57: for ${reason} the next connection is welcome before the old one is left`, () => {
    const world = new World();
    const words = new Set<string>();
    world.client.watch(() => words.add(world.client.connectivity));
    const old = world.live();
    words.clear();
    const replica = world.client.follow("t1");
    old.says(snapshot("thread:t1", 0));
    old.says(draining(0.5, reason));
    world.clock.pass(0.4);
    assert.equal(FakeSocket.all.length, 1);
    world.clock.pass(0.1);
    const next = world.socket;
    assert.notEqual(next, old);

    old.says(event("thread:t1", 1, SAID));
    next.onopen?.();
    const [hello] = next.of("hello");
    assert.deepEqual(hello.cursors["thread:t1"], { ...EPOCH, number: 1 });
    assert.equal(hello.previous, "c1");
    old.says(event("thread:t1", 2, SAID));
    assert.equal(old.closed, null);

    next.says(welcome());
    assert.equal(old.closed, 1000);
    assert.equal(next.closed, null);
    // Both bring what came between the hello and the welcome.
    for (const number of [2, 3]) next.says(event("thread:t1", number, SAID));
    assert.equal(replica.transcript.items.length, 3);
    assert.equal(next.of("resume").length, 0);
    assert.deepEqual([...words], ["connected"]);
    assert.equal(world.client.state, "live");
  });
}

test("F57: a successor that is refused leaves the old one standing, and is tried again", () => {
  const { world, old, next } = moving();
  next.ends(1006); // what a browser makes of 503
  assert.equal(world.client.state, "live");
  old.says(event("thread:t1", 5, SAID));
  assert.equal(world.client.follow("t1").cursor?.number, 5);
  world.clock.pass(2.5); // the old one is closed 3 s after it was asked to leave

  assert.equal(FakeSocket.all.length, 3);
  assert.equal(old.closed, null);
  world.welcome();
  assert.equal(old.closed, 1000);
  assert.equal(world.client.connectivity, "connected");
});

test("F57: a successor that is told when to come back comes back then", () => {
  const { world, old, next } = moving();
  next.onopen?.();
  next.ends(1013, "retry_after=1.500 the server is full for now");
  world.clock.pass(1.4);
  assert.equal(FakeSocket.all.length, 2);
  world.clock.pass(1.1); // and some spread

  assert.equal(FakeSocket.all.length, 3);
  assert.equal(old.closed, null);
});

test("F57: a successor that is never welcome is given up", () => {
  const { world, old, next } = moving();
  next.onopen?.();
  world.clock.pass(7.9);
  assert.equal(next.closed, null);
  old.says({ frame: "ping", heads: {} });
  world.clock.pass(0.5);

  assert.equal(next.closed, 1000);
  assert.equal(FakeSocket.all.length, 3);
  assert.equal(old.closed, null);
});

test("F57: a successor that nobody may open is not tried again while the old one stands", () => {
  const { world, old, next } = moving();
  next.ends(4401);
  world.clock.pass(9);
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(world.client.state, "live");

  old.ends(1001);
  world.clock.pass(1);
  world.socket.ends(4401);
  assert.equal(world.client.stopped?.comeBack, "log_in");
});

for (const isOpen of [false, true]) {
  const when = isOpen ? "after it said hello" : "before it is open";
  test(`F57: the successor takes the place of an old one that ends ${when}`, async () => {
    const { world, old, next } = moving();
    const retried = world.client.retry("r1");
    if (isOpen) next.onopen?.();
    old.ends(1001, "retry_after=0.500 the server is moving; nothing is lost");
    world.clock.pass(1.5);
    assert.equal(world.client.connectivity, "connected");
    if (!isOpen) next.onopen?.();
    next.says(welcome());

    assert.equal(FakeSocket.all.length, 2);
    assert.equal(next.of("hello").length, 1);
    assert.equal(world.client.state, "live");
    const [again] = next.of("retry");
    next.says({ frame: "result", id: again.id, run: "r2" });
    assert.equal((await retried).run, "r2");
  });
}

test("F57: when both are lost, it is a loss like any other", async () => {
  const { world, old, next } = moving();
  const retried = world.client.retry("r1");
  old.ends(1006);
  next.ends(1006);
  await assert.rejects(retried, { message: "The connection was lost" });
  assert.equal(world.client.state, "backoff");
  world.clock.pass(1);
  assert.equal(FakeSocket.all.length, 3);
  world.welcome();

  assert.equal(world.client.state, "live");
  world.clock.pass(20);
  assert.equal(FakeSocket.all.length, 3);
});

test("F57: the session's end is told by the successor, if the old one ends with it", () => {
  const { world, old, next } = moving();
  old.ends(4410);
  assert.notEqual(world.client.state, "stopped");
  next.onopen?.();
  next.ends(4401);

  assert.equal(world.client.state, "stopped");
  assert.equal(world.client.stopped?.comeBack, "log_in");
});

test("F57: a successor that takes over and is silent is not waited for for ever", () => {
  const { world, old, next } = moving();
  old.ends(1001);
  world.clock.pass(10.1);

  assert.equal(next.closed, 1000);
  assert.equal(world.client.connectivity, "reconnecting");
  world.clock.pass(1);
  assert.equal(FakeSocket.all.length, 3);
});

test("F57: what was asked on the old one and not answered is asked again on the next", async () => {
  const { world, old, next } = moving();
  next.onopen?.();
  const id = world.client.send("Hi", { thread: "t1" });
  const cancelled = world.client.cancel({ run: "r1" });
  const retried = world.client.retry("r2");
  const asked = old.sent.filter(({ frame }) => frame !== "hello");
  next.says(welcome());

  assert.deepEqual(next.sent.filter(({ frame }) => frame !== "hello"), asked);
  for (const { id: one } of asked) {
    next.says({ frame: "result", id: one, thread: "t1", run: "r3", number: 5 });
  }
  assert.equal((await cancelled)?.run, "r3");
  assert.equal((await retried).run, "r3");
  await settled();
  assert.deepEqual(world.client.placeOf(id), { thread: "t1", run: "r3", number: 5 });
  assert.equal(next.of("send").length, 1);
  assert.equal(world.storage.length, 0);
});

test("F57: a message that is written while no connection is welcome goes over the next", () => {
  const { world, old, next } = moving();
  old.ends(1001);
  world.client.send("Hi", { thread: "t1" });
  next.onopen?.();
  assert.equal(next.of("send").length, 0);
  next.says(welcome());

  assert.deepEqual(next.of("send").map(({ text }) => text), ["Hi"]);
});

test("F57: what comes on the screen or leaves it meanwhile is told to the next", () => {
  const { world, old, next } = moving();
  next.onopen?.();
  world.client.unfollow("t1");
  world.client.follow("t2");
  for (const { id } of [...old.of("subscribe"), ...old.of("unsubscribe")]) {
    old.says({ frame: "result", id });
  }
  next.says(welcome());

  assert.ok(next.of("subscribe").some(({ thread }) => thread === "t2"));
  assert.ok(next.of("unsubscribe").some(({ thread }) => thread === "t1"));
});

test("F57: a connection that is gone when its successor is due has none", () => {
  const world = new World();
  const old = world.live();
  old.says(draining(2));
  old.ends(1006);
  world.clock.pass(1);
  world.welcome();
  world.clock.pass(20);

  assert.equal(FakeSocket.all.length, 2);
});

test("F57: to be asked twice opens one successor, and the successor may be asked too", () => {
  const { world, old, next } = moving();
  old.says(draining(0.1, "age", 30));
  world.clock.pass(0.2);
  assert.equal(FakeSocket.all.length, 2);
  next.onopen?.();
  next.says(welcome());
  next.says(draining(0.1, "age", 30));
  world.clock.pass(0.2);

  assert.equal(FakeSocket.all.length, 3);
  world.welcome();
  assert.equal(next.closed, 1000);
});

test("F57: who stops leaves both, and opens none", () => {
  const { world, old, next } = moving();
  world.client.stop();
  world.clock.pass(60);

  assert.deepEqual([old.closed, next.closed, FakeSocket.all.length], [1000, 1000, 2]);
});
