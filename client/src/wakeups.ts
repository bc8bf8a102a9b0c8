/** When a page has slept, lost its network or is looked at: ask the server. */

import type { Client } from "./client.js";

/** Wake a client on the page's events; returns how to end that. */
export function attachWakeUps(client: Client, page: Window): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const wake = () => client.wake();
  page.addEventListener("online", wake, { signal });
  page.addEventListener("focus", wake, { signal });
  page.addEventListener("pageshow", (event) => event.persisted && wake(), { signal });
  const stored = ({ key, newValue }: StorageEvent) => key !== null && client.stored(key, newValue);
  page.addEventListener("storage", stored, { signal });
  page.document.addEventListener(
    "visibilitychange",
    () => page.document.visibilityState === "visible" && wake(),
    { signal },
  );
  return () => ended.abort();
}
