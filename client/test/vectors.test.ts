/** What both languages must agree on: `tests/vectors/*.json`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CLOSE_RULES, COME_BACK_BY_DEFAULT } from "../src/codes.gen.js";
import type { EventFrame, Snapshot } from "../src/events.gen.js";
import { EVENT_DEFAULTS } from "../src/events.gen.js";
import { Replica } from "../src/replica.js";
import { Transcript } from "../src/transcript.js";

// The tests are bundled into node_modules/.test/.
function vectors(name: string): any {
  const file = new URL(`../../../tests/vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Compare as JSON: `undefined` is not a value on the wire. */
function same(actual: unknown, expected: unknown): void {
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
}

for (const { name, events, items } of vectors("transcript")) {
  test(`transcript: ${name}`, () => {
    const transcript = new Transcript();
    for (const event of events) transcript.apply(event);

    same(transcript.items, items);
  });
}

for (const vector of vectors("replica")) {
  test(`replica: ${vector.name}`, () => {
    const replica = new Replica(vector.log);
    replica.cursor = vector.start;
    for (const { frame, expected, cursor } of vector.steps) {
      let became: string = "replaced";
      if (frame.frame === "snapshot") replica.snapshot(frame as Snapshot);
      else became = replica.event(frame as EventFrame);

      assert.equal(became, expected);
      same(replica.cursor, cursor);
    }
    same(replica.before, vector.before);
    same(replica.threads, vector.threads);
    same(replica.transcript.items, vector.items);
  });
}

test("close codes: the table is the same", () => {
  for (const { code, come_back, meaning } of vectors("close_codes")) {
    assert.deepEqual(CLOSE_RULES[code], { comeBack: come_back, meaning });
  }
  assert.equal(Object.keys(CLOSE_RULES).length, vectors("close_codes").length);
  assert.equal(COME_BACK_BY_DEFAULT, "back_off");
});

for (const { name, direction, json, normal, error, typed } of vectors("frames").cases) {
  if (direction !== "server" || typed) continue;
  test(`frames: ${name}`, () => {
    let frame: any = null;
    try {
      frame = JSON.parse(json);
    } catch {
      assert.ok(error, "only what is refused may be unreadable");
      return;
    }
    if (error || normal === null) return; // an unknown kind: the client ignores it
    contains(frame, normal);
  });
}

/** Compare the fields that `normal` names; an unknown event may stay as it came. */
function contains(actual: any, normal: any): void {
  if (normal === null || typeof normal !== "object") return assert.deepEqual(actual, normal);
  if (normal.type === "unreadable" && actual.type !== "unreadable") {
    return assert.ok(!(actual.type in EVENT_DEFAULTS));
  }
  for (const key of Object.keys(normal)) contains(actual[key], normal[key]);
}
