/** Requests to the server that are not about a connection. */

export interface Refusal {
  code: string;
  message: string;
  retry_after?: number;
  reference?: string;
}

/** What the server, or the network, did not do. */
export class HttpError extends Error {
  constructor(readonly status: number, readonly refusal: Refusal) {
    super(refusal.message);
  }
}

/** Make a request with JSON in and out; addresses are relative to the page. */
export async function request<T>(
  method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    throw new HttpError(0, { code: "unreachable", message: "The server cannot be reached" });
  }
  if (response.ok) return (response.status === 204 ? null : await response.json()) as T;
  let refusal: Refusal = { code: "error", message: `The server answered ${response.status}` };
  try {
    refusal = { ...refusal, ...(await response.json()).error };
  } catch {
    // Not ours: a proxy's page.
  }
  const after = Number(response.headers.get("Retry-After"));
  if (after > 0) refusal.retry_after ??= after;
  throw new HttpError(response.status, refusal);
}
