/** The table of the client's life, and its backoff. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../src/backoff.js";
import { Lifecycle, TRANSITIONS, type Signal, type State } from "../src/lifecycle.js";

const SIGNALS: Signal[] = [
  "start", "opened", "welcomed", "heard", "woke", "late", "lost", "replaced", "ended", "stop",
];

test("whatever happens in whatever order, time never ends in a state without a way on", () => {
  const paths: Signal[][] = SIGNALS.flatMap((a) =>
    SIGNALS.flatMap((b) => SIGNALS.flatMap((c) => SIGNALS.map((d) => [a, b, c, d]))),
  );
  for (const path of paths) {
    const lifecycle = new Lifecycle();
    lifecycle.wait(1);
    for (const signal of path) lifecycle.handle(signal, 0);
    const isWaiting = !["idle", "stopped"].includes(lifecycle.state);

    assert.equal(lifecycle.deadline() !== null, isWaiting, `${path} → ${lifecycle.state}`);
    if (isWaiting) assert.notDeepEqual(lifecycle.tick(1000), [], String(path));
  }
});

test("every state but the last can be left for good", () => {
  for (const state of Object.keys(TRANSITIONS) as State[]) {
    if (state !== "stopped") assert.equal(TRANSITIONS[state].stop?.[0], "stopped");
  }
});

test("a frozen page asks again before it gives its connection up", () => {
  const lifecycle = new Lifecycle();
  for (const signal of ["start", "opened", "welcomed", "woke"] as const) lifecycle.handle(signal, 0);
  assert.equal(lifecycle.state, "stale");

  assert.deepEqual(lifecycle.tick(60), ["probe"]);
  assert.equal(lifecycle.state, "stale");
  assert.deepEqual(lifecycle.tick(63), ["close", "open"]);
});

test("where timers come a minute late, a connection that is lost is still given up", () => {
  const lifecycle = new Lifecycle();
  for (const signal of ["start", "opened", "welcomed"] as const) lifecycle.handle(signal, 0);

  for (const start of [0, 1000]) {
    lifecycle.handle("heard", start);
    assert.deepEqual(lifecycle.tick(start + 60), ["probe"]);
    assert.deepEqual(lifecycle.tick(start + 120), ["probe"]);
  }
  assert.deepEqual(lifecycle.tick(1180), ["close", "open"]);
});

test("F25: where timers come a minute late, pings alone keep a connection", () => {
  const lifecycle = new Lifecycle();
  for (const signal of ["start", "opened", "welcomed"] as const) lifecycle.handle(signal, 0);
  for (let now = 16; now < 3600; now += 16) {
    lifecycle.handle("heard", now);
    if (now % 60 < 16) assert.deepEqual(lifecycle.tick(now), []);
  }

  assert.equal(lifecycle.state, "live");
});

test("the backoff has full jitter, grows, and ends at 30 s", () => {
  const most = new Backoff(() => 1);
  const waits = Array.from({ length: 12 }, () => most.failed());
  assert.deepEqual(waits.slice(0, 4), [0.25, 0.5, 1, 2]);
  assert.equal(Math.max(...waits), 30);
  most.succeeded();
  assert.equal(most.failed(), 0.25);

  assert.equal(new Backoff(() => 0).failed(), 0);
  assert.ok(new Backoff(() => 0.99).asked(3) >= 3);
});
