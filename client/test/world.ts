/** A world for the client: a clock that is moved by hand, sockets without a network. */

import { Client, type Options } from "../src/client.js";
import type { Clock } from "../src/connection.js";
import type { KeyValueStorage } from "../src/unsent.js";

export class ManualClock implements Clock {
  #now = 1000;
  #waiting: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(seconds: number, call: () => void): () => void {
    const entry = { at: this.#now + seconds, call };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
    };
  }

  /** Let time pass; everything that becomes due is called at its time. */
  pass(seconds: number): void {
    const end = this.#now + seconds;
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#waiting = this.#waiting.filter((one) => one !== due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
    }
    this.#now = end;
  }
}

export class MemoryStorage implements KeyValueStorage {
  values = new Map<string, string>();
  get length(): number {
    return this.values.size;
  }
  key(index: number): string | null {
    return [...this.values.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.values.set(key, value);
  }
  removeItem(key: string): void {
    this.values.delete(key);
  }
}

export class FakeSocket {
  static all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  sent: any[] = [];
  closed: number | null = null;

  constructor(readonly url: string, readonly protocols: string[]) {
    FakeSocket.all.push(this);
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }
  close(code?: number): void {
    this.closed = code ?? 1005;
  }

  // What the server does:
  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  ends(code: number, reason = ""): void {
    this.onclose?.({ code, reason });
  }
  /** Return what was sent of a kind. */
  of(kind: string): any[] {
    return this.sent.filter(({ frame }) => frame === kind);
  }
}

export const EPOCH = { epoch: "e1", incarnation: "i1" };

export function welcome(user = "u1"): object {
  return {
    frame: "welcome", connection: "c1", user: { id: user, name: user }, log: `user:${user}`,
    cursors: {}, heartbeat_every: 20, silent_after: 45, expires_in: 1000, server_time: 1000,
    limits: { frame_bytes: 1000, message_bytes: 100, frames_per_second: 20, frames_burst: 60 },
  };
}

export function snapshot(log: string, number: number, state: object = {}): object {
  return { frame: "snapshot", log, cursor: { ...EPOCH, number }, why: "new", state };
}

export function event(log: string, number: number, what: object, run?: string): object {
  return { frame: "event", log, ...EPOCH, number, time: 1000 + number, event: what, run };
}

export const SAID = { type: "user_message", text: "Hi", client_message_id: "x" };

export class World {
  clock = new ManualClock();
  client: Client;
  #ids = 0;

  constructor(readonly storage = new MemoryStorage(), options: Partial<Options> = {}) {
    FakeSocket.all = [];
    this.client = new Client({
      url: "ws://localhost/ws", device: "d1", WebSocket: FakeSocket, storage, clock: this.clock,
      random: () => 0.5, newId: () => `m${++this.#ids}`, ...options,
    });
  }

  get socket(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }

  /** Open the newest socket and say welcome on it. */
  welcome(user = "u1"): FakeSocket {
    const { socket } = this;
    socket.onopen?.();
    socket.says(welcome(user));
    return socket;
  }

  /** Start, and come to live. */
  live(): FakeSocket {
    this.client.start();
    const socket = this.welcome();
    socket.says(snapshot("user:u1", 0));
    return socket;
  }
}

/** Let promises that are settled run on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await null;
}
