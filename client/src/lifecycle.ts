/**
 * The life of a client, as a table.
 *
 * Rule 1: every state and every transition is in this file.
 * Rule 2: nothing here waits, reads a clock or opens a socket. Time comes in as
 *         `now`, in seconds; what has to happen goes out as effects.
 */

export type State =
  | "idle" // never started
  | "connecting" // a socket is being opened
  | "hello_sent" // it is open; the server has not said welcome
  | "live" // frames pass
  | "stale" // nothing was heard for long, or the device slept: probing
  | "backoff" // waiting before the next try
  | "stopped"; // by the person, or because trying again would be no use

export type Signal =
  | "start"
  | "opened"
  | "welcomed"
  | "heard"
  | "woke" // the device or the network came back, or somebody looks
  | "late" // the state's deadline has passed
  | "lost" // the socket is gone; it may be opened again
  | "replaced" // it is gone, and its successor is being opened already
  | "ended" // the socket is gone, and only a person can change that
  | "stop";

export type Effect =
  | "open"
  | "hello"
  | "probe" // send something that will be answered
  | "close"
  | "wait"; // choose how long to wait, and tell it to `wait`

type Row = Partial<Record<Signal, readonly [State, ...Effect[]]>>;

const END: Row = { ended: ["stopped"], stop: ["stopped", "close"] };

export const TRANSITIONS: Readonly<Record<State, Row>> = {
  idle: { ...END, start: ["connecting", "open"] },
  connecting: {
    ...END,
    opened: ["hello_sent", "hello"],
    // A successor may have said hello before it took the old one's place.
    welcomed: ["live"],
    lost: ["backoff", "wait"],
    late: ["backoff", "close", "wait"],
  },
  hello_sent: {
    ...END,
    welcomed: ["live"],
    lost: ["backoff", "wait"],
    late: ["backoff", "close", "wait"],
  },
  live: {
    ...END,
    // A second welcome: the connection that was opened before leaving the old.
    welcomed: ["live"],
    woke: ["stale", "probe"],
    late: ["stale", "probe"],
    lost: ["backoff", "wait"],
    replaced: ["connecting"],
  },
  stale: {
    ...END,
    welcomed: ["live"],
    heard: ["live"],
    lost: ["backoff", "wait"],
    replaced: ["connecting"],
    // No waiting here: the server is not known to be down, the path is.
    late: ["connecting", "close", "open"],
  },
  backoff: {
    ...END,
    woke: ["connecting", "open"],
    late: ["connecting", "open"],
  },
  stopped: { start: ["connecting", "open"] },
};

const WITHIN: Partial<Record<State, number>> = { connecting: 10, hello_sent: 8, stale: 3 };

export class Lifecycle {
  state: State = "idle";
  #enteredAt = 0;
  #heardAt = 0;
  #waits = 0;
  #isAskedAgain = false;
  /** Seconds of silence after which a live connection is probed. */
  probeAfter = 30;

  /** Move to the next state and return what has to be done. */
  handle(signal: Signal, now: number): readonly Effect[] {
    this.#heardAt = signal === "heard" || signal === "welcomed" ? now : this.#heardAt;
    const row = TRANSITIONS[this.state][signal];
    if (row === undefined) return []; // such as the transport's echo of our close
    const [state, ...effects] = row;
    this.state = state;
    this.#enteredAt = now;
    this.#isAskedAgain = false;
    return effects;
  }

  /** Say how long the backoff lasts. */
  wait(seconds: number): void {
    this.#waits = seconds;
  }

  /** Return when to call `tick` next, or null if never. */
  deadline(): number | null {
    if (this.state === "live") return this.#heardAt + this.probeAfter;
    if (this.state === "backoff") return this.#enteredAt + this.#waits;
    const within = WITHIN[this.state];
    return within === undefined ? null : this.#enteredAt + within;
  }

  /** Let time pass. */
  tick(now: number): readonly Effect[] {
    const deadline = this.deadline();
    if (deadline === null || now < deadline) return [];
    if (this.state === "stale" && now > deadline + 1 && !this.#isAskedAgain) {
      // This program was frozen: the answer may be there, not yet read. Only once:
      // where timers come a minute late, every deadline looks like that.
      this.#isAskedAgain = true;
      this.#enteredAt = now;
      return ["probe"];
    }
    return this.handle("late", now);
  }
}
