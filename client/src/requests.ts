/** What was asked of the server, until it is answered or the connection is lost. */

import type { Clock } from "./connection.js";
import type { ClientFrame, ErrorFrame, Result } from "./events.gen.js";

/** The server's refusal of one request. */
export class RequestError extends Error {
  constructor(readonly frame: Partial<ErrorFrame> & { code: string; message: string }) {
    super(frame.message);
  }
}

type Numbered = Extract<ClientFrame, { id: string }>;
/** A request that has no id yet. */
export type Request = Numbered extends infer R ? (R extends Numbered ? Omit<R, "id"> : never) : never;

interface Pending {
  frame: Numbered;
  resolve: (result: Result) => void;
  reject: (error: RequestError) => void;
}

/** What requests need of the connection. */
export interface Path {
  readonly isOpen: boolean;
  transmit(frame: ClientFrame): void;
  wake(): void;
}

const ANSWERED_WITHIN = 10;
// Doing these twice is the same as doing them once.
const REPEATABLE: ReadonlySet<string> = new Set(["cancel", "answer"]);

export class Requests {
  readonly #pending = new Map<string, Pending>();
  #count = 0;

  constructor(
    private readonly path: Path,
    private readonly clock: Clock,
  ) {}

  /** Send a request; the promise settles with its answer. */
  ask(request: Request): Promise<Result> {
    const id = `r${++this.#count}`;
    const frame = { ...request, id } as Numbered;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { frame, resolve, reject });
      if (this.path.isOpen) this.path.transmit(frame);
      else if (!REPEATABLE.has(frame.frame)) this.#fail(id, "lost", "Not connected");
      this.clock.after(ANSWERED_WITHIN, () => {
        if (!this.#pending.has(id)) return;
        // Silence about one request says that the path may be broken.
        this.path.wake();
        this.#fail(id, "unanswered", "The server did not answer in time");
      });
    });
  }

  /** Take in an answer. */
  answered(frame: Result | ErrorFrame): void {
    const pending = frame.id == null ? undefined : this.#pending.get(frame.id);
    if (pending === undefined) return;
    this.#pending.delete(frame.id!);
    if (frame.frame === "result") pending.resolve(frame);
    else pending.reject(new RequestError(frame));
  }

  /** The connection is lost: only what may be done twice is kept for the next. */
  lost(): void {
    for (const [id, { frame }] of this.#pending) {
      if (!REPEATABLE.has(frame.frame)) this.#fail(id, "lost", "The connection was lost");
    }
  }

  /** Ask again on a new connection. */
  repeat(): void {
    for (const { frame } of this.#pending.values()) this.path.transmit(frame);
  }

  #fail(id: string, code: string, message: string): void {
    this.answered({ frame: "error", id, code, message, retryable: true });
  }
}
