/** A page's events, and what they ask of the client. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { attachWakeUps } from "../src/wakeups.js";
import { MemoryStorage, World } from "./world.js";

function pageOf(): { page: EventTarget; document: EventTarget & { visibilityState: string } } {
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  return { page: Object.assign(new EventTarget(), { document }), document };
}

const WAKING: [string, Record<string, unknown>, boolean][] = [
  ["online", {}, true],
  ["focus", {}, true],
  ["pageshow", { persisted: true }, true],
  ["pageshow", { persisted: false }, false],
];

for (const [type, fields, wakes] of WAKING) {
  test(`F27: ${type} ${JSON.stringify(fields)} ${wakes ? "asks the server" : "asks nothing"}`, () => {
    const world = new World();
    const { page } = pageOf();
    const socket = world.live();
    attachWakeUps(world.client, page as Window & typeof globalThis);
    page.dispatchEvent(Object.assign(new Event(type), fields));

    assert.equal(world.client.state, wakes ? "stale" : "live");
    assert.equal(socket.of("resume").length, wakes ? 1 : 0);
  });
}

test("F25: being looked at again asks the server, being hidden does not", () => {
  const world = new World();
  const { page, document } = pageOf();
  world.live();
  const end = attachWakeUps(world.client, page as Window & typeof globalThis);
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(world.client.state, "live");
  end();
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(world.client.state, "live");

  attachWakeUps(world.client, page as Window & typeof globalThis);
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(world.client.state, "stale");
});

test("what another tab has stored is taken in", () => {
  const storage = new MemoryStorage();
  const world = new World(storage, { user: "u1" });
  const { page } = pageOf();
  attachWakeUps(world.client, page as Window & typeof globalThis);
  new World(storage, { user: "u1" }).client.send("From the other", { thread: "t1" });
  const [[key, newValue]] = [...storage.values] as [[string, string]];
  page.dispatchEvent(Object.assign(new Event("storage"), { key, newValue }));

  assert.deepEqual(world.client.unsent.map(({ text }) => text), ["From the other"]);
});
