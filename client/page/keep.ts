/** What this browser remembers; without storage, as long as the page lives. */

import type { KeyValueStorage } from "../src/unsent.js";

class MemoryStorage implements KeyValueStorage {
  #values = new Map<string, string>();
  get length(): number {
    return this.#values.size;
  }
  key(index: number): string | null {
    return [...this.#values.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }
  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

function available(): KeyValueStorage {
  try {
    localStorage.setItem("goldenpath.probe", "1");
    localStorage.removeItem("goldenpath.probe");
    return localStorage;
  } catch {
    return new MemoryStorage();
  }
}

export const storage = available();

/** Remember a value, or forget it. */
export function keep(name: string, value: string | null): void {
  try {
    if (value === null || value === "") storage.removeItem(`goldenpath.${name}`);
    else storage.setItem(`goldenpath.${name}`, value);
  } catch {
    // Full: nothing that is kept here is needed.
  }
}

export function kept(name: string): string | null {
  return storage.getItem(`goldenpath.${name}`);
}

/** Return this browser's name for itself. */
export function deviceName(): string {
  let name = kept("device");
  if (name === null) keep("device", (name = crypto.randomUUID?.() ?? randomName()));
  return name;
}

/** A name where the page is not served securely: `crypto.randomUUID` is missing. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Who was logged in here last: theirs are the unsent messages. */
export function keptUser(): { id: string; name: string } | null {
  try {
    return JSON.parse(kept("user") ?? "null");
  } catch {
    return null;
  }
}
