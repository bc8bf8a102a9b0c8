/**
 * One connection to the server, kept alive, and what was read through it.
 *
 * Rule 1: what is shown comes from the logs; a request's answer never changes it.
 * Rule 2: a message is unsent until the server has acknowledged it.
 * Rule 3: the socket class, the storage, the clock and the dice are parameters.
 */

import { Connection, systemClock } from "./connection.js";
import type { Clock, Connectivity, Stopped } from "./connection.js";
import { isBehind, threadLog, threadOf } from "./cursor.js";
import type {
  Cursor, EventFrame, Hello, Limits, Person, Result, Send, ServerFrame, Welcome,
} from "./events.gen.js";
import type { State } from "./lifecycle.js";
import { Replica, ThreadList } from "./replica.js";
import { Requests, type RequestError } from "./requests.js";
import { Unsent, type KeyValueStorage, type UnsentMessage } from "./unsent.js";

export interface Options {
  url: string;
  /** The device's own name for itself, kept by it. */
  device: string;
  WebSocket: new (url: string, protocols: string[]) => unknown;
  storage: KeyValueStorage;
  clock?: Clock;
  random?: () => number;
  newId?: () => string;
  /** Whose unsent messages to show before the server says who it is. */
  user?: string;
  /** Gives a ticket when the session is about to end. */
  ticket?: () => Promise<string>;
  /** Prove by a ticket who it is: where no cookie does, on other origins and devices. */
  isTicketed?: boolean;
}

/** Where the server has put a message. */
export interface Place {
  thread: string;
  run: string;
  number: number;
}

// Asking again at once could go on for ever if the server disagrees about a hole.
const RESUME_AGAIN_AFTER = 1;
// Threads that are off the screen and still held.
const KEPT = 20;

export class Client {
  readonly threads = new ThreadList();
  user: Person | null = null;
  limits: Limits | null = null;
  /** When the session ends, in seconds since 1970, once that is near. */
  expiresAt: number | null = null;

  readonly #options: Options;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #connection: Connection;
  readonly #requests: Requests;
  readonly #unsent: Unsent;
  readonly #watchers = new Set<() => void>();
  readonly #replicas = new Map<string, Replica>();
  readonly #followed = new Set<string>();
  readonly #resumedAt = new Map<string, number>();
  readonly #places = new Map<string, Place>();
  readonly #delivered = new Map<string, UnsentMessage>();
  #userLog: Replica | null = null;
  #previous: string | null = null;
  #sending: string | null = null;
  #isFlushPaused = false;
  #failures = 0;
  #isAcknowledgeDue = false;

  constructor(options: Options) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#newId = options.newId ?? (() => crypto.randomUUID());
    this.#unsent = new Unsent(options.storage);
    if (options.user !== undefined) this.#unsent.belongTo(options.user);
    const random = options.random ?? Math.random;
    const { url, WebSocket } = options;
    this.#connection = new Connection(url, WebSocket, this.#clock, random, {
      hello: () => this.#hello(),
      ticket: () => (options.isTicketed ? options.ticket!() : null),
      welcomed: (frame, hello) => this.#welcomed(frame, hello),
      heard: (frame) => this.#heard(frame),
      lost: () => {
        this.#sending = null;
        this.#requests.lost();
      },
      probe: () => this.#userLog && { frame: "resume", log: this.#userLog.log, cursor: this.#userLog.cursor },
      changed: () => this.#changed(),
    });
    this.#requests = new Requests(this.#connection, this.#clock);
  }

  get state(): State {
    return this.#connection.state;
  }

  get connectivity(): Connectivity {
    return this.#connection.connectivity;
  }

  /** Why it has stopped by itself, if it has. */
  get stopped(): Stopped | null {
    return this.#connection.stopped;
  }

  /** Be called after every change; `unwatch` ends it. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  unwatch(watcher: () => void): void {
    this.#watchers.delete(watcher);
  }

  start(): void {
    this.#connection.start();
  }

  stop(): void {
    this.#connection.stop();
  }

  /** Say that the device or the network woke up, or that somebody looks. */
  wake(): void {
    this.#connection.wake();
  }

  /** Take in what another tab has put into the storage. */
  stored(key: string, value: string | null): void {
    this.#unsent.stored(key, value);
    this.#changed();
  }

  /** Bring a thread on the screen; its replica fills as events come. */
  follow(thread: string): Replica {
    const log = threadLog(thread);
    let replica = this.#replicas.get(log);
    if (replica === undefined) this.#replicas.set(log, (replica = new Replica(log)));
    if (!this.#followed.has(log)) {
      this.#followed.add(log);
      replica.isLive = false;
      if (this.#connection.isOpen) this.#subscribe(replica);
    }
    return replica;
  }

  /** Take a thread off the screen; what was read of it is kept for a while. */
  unfollow(thread: string): void {
    const log = threadLog(thread);
    if (!this.#followed.delete(log)) return;
    if (this.#connection.isOpen) this.#unsubscribe(thread);
    const replica = this.#replicas.get(log)!;
    this.#replicas.delete(log);
    this.#replicas.set(log, replica); // the one that was seen last comes last
    const unseen = [...this.#replicas.keys()].filter((one) => !this.#followed.has(one));
    for (const one of unseen.slice(0, -KEPT)) this.#replicas.delete(one);
  }

  /** Keep a message and send it as soon as possible; returns its name. */
  send(text: string, where: { thread?: string; follows?: string } = {}): string {
    const client_message_id = this.#newId();
    const made = where.follows && this.#places.get(where.follows)?.thread;
    const place = made ? { thread: made } : where;
    this.#unsent.keep({ client_message_id, text, at: this.#clock.now(), ...place });
    this.#flush();
    this.#changed();
    return client_message_id;
  }

  /** Give up a message that the server does not have. */
  discard(client_message_id: string): void {
    this.#unsent.discard(client_message_id);
    this.#changed();
  }

  /** Messages that this device has not seen in a log yet. */
  get unsent(): UnsentMessage[] {
    for (const id of this.#delivered.keys()) {
      const { thread, number } = this.#places.get(id)!;
      const cursor = this.#replicas.get(threadLog(thread))?.cursor;
      if (cursor && cursor.number >= number) this.#delivered.delete(id);
    }
    const waiting = this.#unsent.all.filter(
      ({ thread, client_message_id: id }) =>
        !this.#delivered.has(id) && (thread === undefined || !this.#hasMessage(thread, id)),
    );
    return [...this.#delivered.values(), ...waiting];
  }

  /** Where a message went, once the server has it. */
  placeOf(client_message_id: string): Place | null {
    return this.#places.get(client_message_id) ?? null;
  }

  /** Stop a run, by its id or by the message that it answers. */
  cancel(which: { run: string } | { client_message_id: string }): Promise<Result | null> {
    if ("client_message_id" in which && this.#unsent.get(which.client_message_id)) {
      if (this.#sending !== which.client_message_id) {
        this.discard(which.client_message_id);
        return Promise.resolve(null);
      }
    }
    return this.#requests.ask({ frame: "cancel", ...which });
  }

  /** Run again the message of a run that did not complete. */
  retry(run: string): Promise<Result> {
    return this.#requests.ask({ frame: "retry", run });
  }

  /** Give a person's answer to an agent's question. */
  answer(run: string, call: string, value: unknown): Promise<Result> {
    return this.#requests.ask({ frame: "answer", run, call, value });
  }

  // ---- the connection

  #hello(): Hello {
    const cursors: Record<string, Cursor> = {};
    for (const log of [...this.#followed, this.#userLog?.log ?? ""]) {
      const cursor = this.#replicaOf(log)?.cursor;
      if (cursor) cursors[log] = cursor;
    }
    const threads = [...this.#followed].map((log) => threadOf(log)!);
    const previous = this.#previous === null ? {} : { previous: this.#previous };
    return { frame: "hello", device: this.#options.device, threads, cursors, ...previous };
  }

  #welcomed(frame: Welcome, hello: Hello): void {
    this.#previous = frame.connection;
    if (this.user?.id !== frame.user.id) {
      if (this.user !== null) this.#forgetEverything();
      this.#unsent.belongTo(frame.user.id);
    }
    this.user = frame.user;
    this.limits = frame.limits;
    this.expiresAt = null;
    if (this.#userLog?.log !== frame.log) this.#userLog = new Replica(frame.log);
    this.#resumedAt.clear();
    this.#unsent.reload();
    this.#requests.repeat();
    // What came on the screen, or left it, after the hello.
    const said = new Set(hello.threads);
    for (const log of this.#followed) {
      if (!said.delete(threadOf(log)!)) this.#subscribe(this.#replicas.get(log)!);
    }
    for (const thread of said) this.#unsubscribe(thread);
    this.#isFlushPaused = false;
    this.#flush();
  }

  #heard(frame: ServerFrame): void {
    switch (frame.frame) {
      case "event":
        return this.#applyEvent(frame);
      case "snapshot": {
        const replica = this.#replicaOf(frame.log);
        if (replica === undefined) return;
        replica.snapshot(frame);
        if (replica === this.#userLog) this.threads.snapshot(frame);
        return this.#applied(frame.log);
      }
      case "live": {
        const replica = this.#replicaOf(frame.log);
        if (replica === undefined) return;
        if (isBehind(replica.cursor, frame)) this.#resume(replica);
        else replica.isLive = true;
        return;
      }
      case "result":
      case "error":
        return this.#requests.answered(frame);
      case "ping":
        this.#connection.transmit({ frame: "pong" });
        for (const [log, head] of Object.entries(frame.heads)) {
          const replica = this.#replicaOf(log);
          if (replica !== undefined && isBehind(replica.cursor, head)) this.#resume(replica);
        }
        return;
      case "expiring":
        return this.#expire(frame.within);
      case "revoked": {
        const replica = this.#replicas.get(frame.log);
        const message = "it does not exist, or may not be read any more";
        if (replica !== undefined) replica.refused = { code: "revoked", message };
        return this.#forget(frame.log);
      }
    }
  }

  #applyEvent(frame: EventFrame): void {
    const replica = this.#replicaOf(frame.log);
    if (replica === undefined) return;
    const applied = replica.event(frame);
    if (applied === "missing") {
      // Without a cursor a snapshot is on its way.
      if (replica.cursor !== null) this.#resume(replica);
    } else if (applied === "applied") {
      if (replica === this.#userLog) this.threads.apply(frame);
      const { event } = frame;
      if (event.type === "thread_deleted") this.#forget(threadLog(event.thread));
      this.#applied(frame.log);
    }
  }

  #replicaOf(log: string): Replica | undefined {
    if (log === this.#userLog?.log) return this.#userLog;
    return this.#followed.has(log) ? this.#replicas.get(log) : undefined;
  }

  #resume(replica: Replica): void {
    const now = this.#clock.now();
    if (now - (this.#resumedAt.get(replica.log) ?? -Infinity) < RESUME_AGAIN_AFTER) return;
    this.#resumedAt.set(replica.log, now);
    this.#connection.transmit({ frame: "resume", log: replica.log, cursor: replica.cursor });
  }

  /** Tell the server how far this device is, at most once a second. */
  #applied(log: string): void {
    this.#resumedAt.delete(log);
    if (this.#isAcknowledgeDue) return;
    this.#isAcknowledgeDue = true;
    this.#clock.after(1, () => {
      this.#isAcknowledgeDue = false;
      const cursors: Record<string, Cursor> = {};
      for (const name of [this.#userLog?.log ?? "", ...this.#followed]) {
        const cursor = this.#replicaOf(name)?.cursor;
        if (cursor) cursors[name] = cursor;
      }
      this.#connection.transmit({ frame: "acknowledge", cursors });
    });
  }

  #expire(within: number): void {
    this.expiresAt = this.#clock.now() + within;
    this.#options.ticket?.()
      .then((ticket) => this.#requests.ask({ frame: "authenticate", ticket }))
      .then(({ expires_in }) => {
        // A ticket of the same session changes nothing.
        if ((expires_in ?? 0) > within) this.expiresAt = null;
      })
      .catch(() => {})
      .then(() => this.#changed());
  }

  // ---- requests

  #subscribe(replica: Replica): void {
    const { cursor, log } = replica;
    this.#requests.ask({ frame: "subscribe", thread: threadOf(log)!, ...(cursor && { cursor }) }).catch(({ frame }: RequestError) => {
      // A connection that is lost says hello again, with this thread.
      if (frame.retryable) return;
      replica.refused = frame;
      this.#followed.delete(replica.log);
      this.#changed();
    });
  }

  #unsubscribe(thread: string): void {
    this.#requests.ask({ frame: "unsubscribe", thread }).catch(() => {});
  }

  /** Send the oldest unsent message that may be sent; its answer sends the next. */
  #flush(): void {
    if (!this.#connection.isOpen || this.#sending !== null || this.#isFlushPaused) return;
    const next = this.#unsent.all.find((one) => !one.refused && !one.follows);
    if (next === undefined) return;
    const { client_message_id, text, thread } = next;
    const frame: Omit<Send, "id"> = { frame: "send", client_message_id, text };
    if (thread !== undefined) frame.thread = thread;
    this.#sending = client_message_id;
    const done = () => {
      this.#sending = null;
      this.#flush();
      this.#changed();
    };
    this.#requests.ask(frame).then(
      (result) => {
        const place = {
          thread: result.thread ?? thread!, run: result.run ?? "", number: result.number ?? 0,
        };
        this.#failures = 0;
        this.#places.set(client_message_id, place);
        this.#delivered.set(client_message_id, { ...next, thread: place.thread });
        this.#unsent.acknowledged(client_message_id, place.thread);
        done();
      },
      ({ frame: error }: RequestError) => {
        if (error.code === "lost") return;
        if (!error.retryable) {
          for (const one of this.#unsent.all) {
            if (one.follows === client_message_id || one === next) {
              this.#unsent.keep({ ...one, refused: error.message });
            }
          }
          return done();
        }
        this.#isFlushPaused = true;
        const delay = error.retry_after ?? Math.min(30, 2 ** ++this.#failures);
        this.#clock.after(delay, () => {
          this.#isFlushPaused = false;
          this.#flush();
        });
        done();
      },
    );
  }

  #hasMessage(thread: string, client_message_id: string): boolean {
    const items = this.#replicas.get(threadLog(thread))?.transcript.items ?? [];
    return items.some(
      (item) => item.kind === "message" && item.client_message_id === client_message_id,
    );
  }

  #forget(log: string): void {
    this.#followed.delete(log);
    this.#replicas.delete(log);
    for (const [id, { thread }] of this.#places) {
      if (threadLog(thread) === log) this.#delivered.delete(id);
    }
  }

  /** Another user is logged in: nothing of the one before may stay. */
  #forgetEverything(): void {
    for (const log of [...this.#replicas.keys()]) this.#forget(log);
    this.#userLog = null;
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
