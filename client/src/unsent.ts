/**
 * Messages that a client keeps until they are acknowledged.
 *
 * Rule 1: one storage key a message, so that tabs never overwrite one another.
 * Rule 2: keys name the user: nobody sends what somebody else wrote.
 * Rule 3: a message is stored before it is sent, and removed only when the server
 *         has it. Two tabs may send it; its name makes that one message.
 * Rule 4: the tab in which it was written keeps it until it was answered itself.
 */

export interface KeyValueStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface UnsentMessage {
  client_message_id: string;
  text: string;
  /** Seconds since 1970; they are sent in this order. */
  at: number;
  thread?: string;
  /** Goes to the thread that this message will make. */
  follows?: string;
  /** Why the server will not take it. It stays until the person decides. */
  refused?: string;
}

const PREFIX = "goldenpath.unsent";
// Stands for a moment where a message stood that the person gave up.
const DISCARDED = '"discarded"';

export class Unsent {
  #messages = new Map<string, UnsentMessage>();
  readonly #mine = new Set<string>();
  #user: string | null = null;

  constructor(private readonly storage: KeyValueStorage) {}

  /** All of the user's messages, oldest first. */
  get all(): UnsentMessage[] {
    return [...this.#messages.values()].sort((a, b) => a.at - b.at);
  }

  get(id: string): UnsentMessage | undefined {
    return this.#messages.get(id);
  }

  /** Say whose messages these are; those written before somebody was known join. */
  belongTo(user: string): void {
    const orphans = this.#user === null ? this.all : [];
    if (this.#user !== user) this.#messages.clear();
    this.#user = user;
    this.reload();
    for (const message of orphans) this.keep(message);
  }

  /** Read what this and other tabs have stored. */
  reload(): void {
    for (let i = 0; i < this.storage.length; i++) {
      const key = this.storage.key(i);
      if (key !== null) this.stored(key, this.storage.getItem(key));
    }
  }

  /** Take in what stands under a key of the storage now. */
  stored(key: string, value: string | null): void {
    const prefix = this.#key("");
    if (this.#user === null || !key.startsWith(prefix)) return;
    const id = key.slice(prefix.length);
    if (value === DISCARDED) this.#messages.delete(id);
    else if (value !== null) {
      try {
        this.#messages.set(id, JSON.parse(value) as UnsentMessage);
      } catch {
        // Somebody else's entry under our name: leave it alone.
      }
    } else if (!this.#mine.has(id)) this.#messages.delete(id);
  }

  /** Store a message, or what changed about it. */
  keep(message: UnsentMessage): void {
    this.#messages.set(message.client_message_id, message);
    this.#mine.add(message.client_message_id);
    if (this.#user === null) return;
    try {
      this.storage.setItem(this.#key(message.client_message_id), JSON.stringify(message));
    } catch {
      // Storage is full or forbidden: it lives as long as this page.
    }
  }

  /** The person gave a message up: no tab may send it. */
  discard(id: string): void {
    if (this.#user !== null) this.storage.setItem(this.#key(id), DISCARDED);
    this.#forget(id);
  }

  /** The server has a message: what follows it now knows its thread. */
  acknowledged(id: string, thread: string): void {
    for (const { follows, ...rest } of this.all) {
      if (follows === id) this.keep({ ...rest, thread });
    }
    this.#forget(id);
  }

  #forget(id: string): void {
    this.#messages.delete(id);
    if (this.#user !== null) this.storage.removeItem(this.#key(id));
  }

  #key(id: string): string {
    return `${PREFIX}.${encodeURIComponent(this.#user ?? "")}.${id}`;
  }
}
