/** Where a reader stands in one log, the names of logs, and the apply rule. */

import type { Cursor, EventFrame } from "./events.gen.js";

/** What became of an event frame. */
export type Applied = "applied" | "dropped" | "missing";

/** Say what to do with an event: the same three lines in every language. */
export function judge(cursor: Cursor | null, frame: EventFrame): Applied {
  if (cursor === null || frame.epoch !== cursor.epoch) return "missing";
  if (frame.number <= cursor.number) return "dropped";
  return (frame.first ?? frame.number) > cursor.number + 1 ? "missing" : "applied";
}

/** Whether a log's head is beyond a reader, or of another history. */
export function isBehind(cursor: Cursor | null, head: Cursor): boolean {
  return cursor === null || head.epoch !== cursor.epoch || head.number > cursor.number;
}

/** Return the name of a thread's log. */
export function threadLog(thread: string): string {
  return `thread:${thread}`;
}

/** Return the thread whose log this is, or null. */
export function threadOf(log: string): string | null {
  return log.startsWith("thread:") && log.length > 7 ? log.slice(7) : null;
}
