/** A device's copy of one log: a thread's, or the user's own list of threads. */

import { judge, type Applied } from "./cursor.js";
import type { Cursor, EventFrame, Snapshot, ThreadSummary } from "./events.gen.js";
import { Transcript } from "./transcript.js";

export class Replica {
  /** The last entry that was applied, or null before the first frame. */
  cursor: Cursor | null = null;
  /** The fold over the events, for a thread's log. */
  transcript = new Transcript();
  /** Older events exist before this number. */
  before: number | null = null;
  /** A user log's newest threads as of its last snapshot. */
  threads: readonly ThreadSummary[] = [];
  /** Everything up to the head, as it was when we asked, is here. */
  isLive = false;
  /** Why the server does not let this log be read. */
  refused: { code: string; message: string } | null = null;
  /** Kept to fold again when older ones are loaded. */
  #events: EventFrame[] = [];

  constructor(readonly log: string) {}

  /** Take in an event frame of this log. */
  event(frame: EventFrame): Applied {
    const applied = judge(this.cursor, frame);
    if (applied !== "applied") return applied;
    this.#events.push(frame);
    this.transcript.apply(frame);
    const { epoch, incarnation, number } = frame;
    this.cursor = { epoch, incarnation, number };
    return applied;
  }

  /** Replace all that is held. */
  snapshot(frame: Snapshot): void {
    this.before = frame.state.before ?? null;
    this.threads = frame.state.threads ?? [];
    this.cursor = frame.cursor;
    this.#fold([...(frame.state.events ?? [])]);
  }

  /** Put older events, oldest first, in front of what is held. */
  prepend(events: readonly EventFrame[], before: number | null): void {
    this.before = before;
    this.#fold([...events, ...this.#events]);
  }

  #fold(events: EventFrame[]): void {
    this.#events = events;
    this.transcript = new Transcript();
    for (const event of events) this.transcript.apply(event);
  }
}

/** The user's threads, newest first: a fold over their user log. */
export class ThreadList {
  #threads = new Map<string, ThreadSummary>();
  #runs = new Map<string, Set<string>>();
  /** Whether the server has more threads than are held. */
  more = false;

  get all(): ThreadSummary[] {
    return [...this.#threads.values()].sort((a, b) => b.updated_at - a.updated_at);
  }

  get(thread: string): ThreadSummary | undefined {
    return this.#threads.get(thread);
  }

  /** Replace all that is held. */
  snapshot(frame: Snapshot): void {
    this.#threads = new Map((frame.state.threads ?? []).map((one) => [one.id, one]));
    this.#runs.clear();
    this.more = frame.state.more ?? false;
  }

  /** Take in a page of older threads. */
  append(threads: readonly ThreadSummary[], more: boolean): void {
    for (const one of threads) if (!this.#threads.has(one.id)) this.#threads.set(one.id, one);
    this.more = more;
  }

  /** Take in the next event of the user log. */
  apply({ event, time }: EventFrame): void {
    switch (event.type) {
      case "thread_created":
        this.#threads.set(event.thread, {
          id: event.thread, title: event.title, created_at: time, updated_at: time,
          is_running: false,
        });
        return;
      case "thread_renamed":
        return this.#change(event.thread, { title: event.title });
      case "thread_deleted":
        this.#threads.delete(event.thread);
        this.#runs.delete(event.thread);
        return;
      case "run_queued":
      case "run_started":
      case "run_ended": {
        const runs = this.#runs.get(event.thread) ?? new Set();
        this.#runs.set(event.thread, runs);
        if (event.type === "run_ended") {
          runs.delete(event.run);
          return this.#change(event.thread, { is_running: runs.size > 0 });
        }
        runs.add(event.run);
        const news = event.type === "run_queued" ? { updated_at: time } : {};
        return this.#change(event.thread, { is_running: true, ...news });
      }
    }
  }

  #change(thread: string, news: Partial<ThreadSummary>): void {
    const old = this.#threads.get(thread);
    if (old !== undefined) this.#threads.set(thread, { ...old, ...news });
  }
}
