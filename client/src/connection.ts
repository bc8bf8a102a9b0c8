/** One connection to the server, kept alive: opened, probed, replaced, and lost. */

import { Backoff } from "./backoff.js";
import { CLOSE_RULES, COME_BACK_BY_DEFAULT, SUBPROTOCOL, type ComeBack } from "./codes.gen.js";
import type { ClientFrame, Hello, ServerFrame, Welcome } from "./events.gen.js";
import { Lifecycle, type Effect, type Signal, type State } from "./lifecycle.js";

/** What is used of the WebSocket class; browsers and Node 22 have one. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export interface Clock {
  /** Seconds since 1970. */
  now(): number;
  /** Call once after so many seconds; returns how to call it off. */
  after(seconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  after: (seconds, call) => {
    const timer = setTimeout(call, seconds * 1000);
    return () => clearTimeout(timer);
  },
};

/** How it stands, for people: words appear only when it has lasted. */
export type Connectivity = "connecting" | "connected" | "reconnecting" | "offline" | "stopped";

/** Why it has stopped, and what to do about it. */
export interface Stopped {
  code: number;
  comeBack: ComeBack;
  meaning: string;
}

/** What a connection asks of whoever holds it. */
export interface Holder {
  /** What to say first. */
  hello(): Hello;
  /** What goes with it, if anything does. */
  ticket(): Promise<string> | null;
  /** It is ready; `hello` is what was said on it. What waits may be sent. */
  welcomed(frame: Welcome, hello: Hello): void;
  heard(frame: ServerFrame): void;
  /** Answers to what was sent on it will not come any more. */
  lost(): void;
  /** Something that will be answered, if there is anything to ask. */
  probe(): ClientFrame | null;
  changed(): void;
}

const RECONNECTING_AFTER = 2;
const OFFLINE_AFTER = 15;
// A connection that lasted so long was a good one; losing it is no repeated failure.
const GOOD_AFTER = 5;
// A successor that is not welcome by then is given up; the old one still stands.
const SUCCESSOR_WITHIN = 8;

export class Connection {
  stopped: Stopped | null = null;
  readonly #lifecycle = new Lifecycle();
  readonly #backoff: Backoff;
  readonly #hellos = new WeakMap<Socket, Hello>();
  #socket: Socket | null = null;
  #successor: Socket | null = null;
  #comeBack: { how: ComeBack; after: number | null } = { how: "back_off", after: null };
  #lostAt: number | null = null;
  #welcomedAt: number | null = null;
  #callOff: (() => void) | null = null;

  constructor(
    private readonly url: string,
    private readonly WebSocket: new (url: string, protocols: string[]) => unknown,
    private readonly clock: Clock,
    random: () => number,
    private readonly holder: Holder,
  ) {
    refuseEavesdroppers(url);
    this.#backoff = new Backoff(random);
  }

  get state(): State {
    return this.#lifecycle.state;
  }

  /** Whether frames can be sent: also while it is being probed. */
  get isOpen(): boolean {
    return this.state === "live" || this.state === "stale";
  }

  get connectivity(): Connectivity {
    if (this.isOpen) return "connected";
    if (this.state === "stopped" || this.state === "idle") return "stopped";
    const lost = this.clock.now() - (this.#lostAt ?? this.clock.now());
    if (lost >= OFFLINE_AFTER) return "offline";
    if (lost >= RECONNECTING_AFTER) return "reconnecting";
    return this.#welcomedAt === null ? "connecting" : "connected";
  }

  start(): void {
    if (this.state !== "idle" && this.state !== "stopped") return;
    this.stopped = null;
    this.#lostAt = this.clock.now();
    this.#signal("start");
  }

  stop(): void {
    this.#signal("stop");
  }

  /** Say that the device or the network woke up, or that somebody looks. */
  wake(): void {
    // A server that said when to come back is not asked earlier.
    if (this.state === "backoff" && this.#comeBack.after !== null) return;
    this.#signal("woke");
  }

  transmit(frame: ClientFrame): void {
    if (this.isOpen) this.#socket?.send(JSON.stringify(frame));
  }

  #signal(signal: Signal): void {
    this.#perform(this.#lifecycle.handle(signal, this.clock.now()));
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#do[effect]();
    this.#schedule();
    this.holder.changed();
  }

  readonly #do: Readonly<Record<Effect, () => void>> = {
    open: () => {
      this.#socket = this.#open();
    },
    hello: () => this.#greet(this.#socket!),
    probe: () => {
      const frame = this.holder.probe();
      if (frame !== null) this.transmit(frame);
    },
    close: () => {
      this.#leave(this.#socket);
      this.#leave(this.#successor);
      this.#socket = this.#successor = null;
      this.#lost({ how: "back_off", after: null });
    },
    wait: () => {
      const { how, after } = this.#comeBack;
      // Coming back at once, again and again, would be an attack.
      const wasGood =
        this.#welcomedAt !== null && this.#lostAt! - this.#welcomedAt >= GOOD_AFTER;
      if (wasGood) this.#backoff.succeeded();
      if (after !== null) this.#lifecycle.wait(this.#backoff.asked(after));
      else if (how === "at_once" && wasGood) this.#lifecycle.wait(0);
      else this.#lifecycle.wait(this.#backoff.failed());
    },
  };

  #open(): Socket {
    const socket = new this.WebSocket(this.url, [SUBPROTOCOL]) as Socket;
    socket.onopen = () => {
      if (socket === this.#socket) this.#signal("opened");
      else this.#greet(socket);
    };
    socket.onmessage = ({ data }: { data: unknown }) => this.#heard(socket, data);
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (socket === this.#successor) this.#failed(code, reason);
      else this.#closed(code, reason);
    };
    return socket;
  }

  #greet(socket: Socket): void {
    const hello = this.holder.hello();
    this.#hellos.set(socket, hello);
    const say = (what: Hello) => socket.send(JSON.stringify(what));
    const ticket = this.holder.ticket();
    if (ticket === null) say(hello);
    else ticket.then((ticket) => say({ ...hello, ticket }), () => socket.close(1000));
  }

  #leave(socket: Socket | null): void {
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #heard(socket: Socket, data: unknown): void {
    let frame: ServerFrame;
    try {
      frame = JSON.parse(String(data)) as ServerFrame;
    } catch {
      return;
    }
    if (frame.frame === "welcome") return this.#welcomed(socket, frame);
    if (frame.frame === "draining") this.#succeed(socket, frame.reconnect_after);
    if (socket === this.#socket) this.#lifecycle.handle("heard", this.clock.now());
    this.holder.heard(frame);
    this.#schedule();
    this.holder.changed();
  }

  #welcomed(socket: Socket, frame: Welcome): void {
    if (socket === this.#successor) {
      // Whatever was asked on the old one and not answered is asked again on this one.
      this.#leave(this.#socket);
      this.#socket = socket;
      this.#successor = null;
    }
    this.#lostAt = null;
    this.#welcomedAt = this.clock.now();
    this.#lifecycle.probeAfter = frame.heartbeat_every * 1.5;
    this.#signal("welcomed");
    this.holder.welcomed(frame, this.#hellos.get(socket)!);
    this.holder.changed();
  }

  /** Open the next connection while the old one still stands, until one is welcome. */
  #succeed(old: Socket, after: number): void {
    this.clock.after(after, () => {
      if (this.#socket !== old || this.#successor !== null) return;
      const socket = (this.#successor = this.#open());
      this.clock.after(SUCCESSOR_WITHIN, () => {
        if (this.#successor !== socket) return;
        this.#leave(socket);
        this.#failed(1006, "");
      });
    });
  }

  /** The successor is gone: keep to the old connection, and try again. */
  #failed(code: number, reason: string): void {
    this.#successor = null;
    // What a person has to mend is told when the old one is closed.
    if (isOver(comeBackOf(code))) return;
    const after = retryAfter(reason);
    this.#succeed(this.#socket!, after === null ? this.#backoff.failed() : this.#backoff.asked(after));
  }

  #closed(code: number, reason: string): void {
    this.#socket = this.#successor;
    this.#successor = null;
    if (this.#socket !== null) {
      // Its own fate decides, also whether anybody has to log in.
      this.#lostAt = this.clock.now();
      return this.#signal("replaced");
    }
    const how = comeBackOf(code);
    this.#lost({ how, after: retryAfter(reason) });
    if (isOver(how)) this.stopped = { code, comeBack: how, meaning: CLOSE_RULES[code]!.meaning };
    this.#signal(isOver(how) ? "ended" : "lost");
  }

  #lost(comeBack: { how: ComeBack; after: number | null }): void {
    this.#lostAt ??= this.clock.now();
    this.#comeBack = comeBack;
    this.holder.lost();
  }

  /** Be called when the state's deadline, or the next word for people, is due. */
  #schedule(): void {
    this.#callOff?.();
    this.#callOff = null;
    const now = this.clock.now();
    const deadline = this.#lifecycle.deadline();
    const times = deadline === null ? [] : [Math.max(deadline, now)];
    if (this.#lostAt !== null && this.state !== "stopped") {
      for (const after of [RECONNECTING_AFTER, OFFLINE_AFTER]) {
        if (this.#lostAt + after > now) times.push(this.#lostAt + after);
      }
    }
    if (times.length === 0) return;
    this.#callOff = this.clock.after(Math.min(...times) - now, () => {
      this.#perform(this.#lifecycle.tick(this.clock.now()));
    });
  }
}

function comeBackOf(code: number): ComeBack {
  return CLOSE_RULES[code]?.comeBack ?? COME_BACK_BY_DEFAULT;
}

/** Whether trying again is no use until a person acts. */
function isOver(how: ComeBack): boolean {
  return how === "log_in" || how === "reload" || how === "never";
}

/** Return the seconds that a close reason asks for, if it does. */
function retryAfter(reason: string): number | null {
  const asked = /^retry_after=([0-9.]+)/.exec(reason);
  return asked === null ? null : Number(asked[1]);
}

/** What is said over plain `ws://` can be read by everybody on the way. */
function refuseEavesdroppers(url: string): void {
  const { protocol, hostname } = new URL(url);
  const isLoopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === "wss:" || (protocol === "ws:" && isLoopback)) return;
  throw new Error(
    `${protocol}//${hostname} is not encrypted, so others could read along; ` +
      "use https (wss), or open it on this machine as localhost",
  );
}
