/** The login page. */

import { HttpError, request } from "./http.js";
import { keep } from "./keep.js";

const form = document.querySelector("form")!;
const button = form.querySelector("button")!;
const notice = document.querySelector<HTMLElement>("#notice")!;

function say(text: string): void {
  notice.textContent = text;
  notice.hidden = text === "";
}

/** Count down until the server will listen again. */
function hold(seconds: number): void {
  if (seconds <= 0) {
    button.disabled = false;
    say("");
    return;
  }
  button.disabled = true;
  say(`Too many attempts. Try again in ${Math.ceil(seconds)} s.`);
  setTimeout(() => hold(seconds - 1), 1000);
}

function told(error: unknown): string {
  if (!(error instanceof HttpError)) return "Something went wrong. Try again.";
  if (error.status === 401) return "That name and password do not match.";
  if (error.status === 0) return "The server cannot be reached. Check your connection.";
  const { message, reference } = error.refusal;
  return reference ? `${message} (reference ${reference})` : message;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  say("");
  button.disabled = true;
  try {
    const { user } = await request<{ user: { id: string; name: string } }>("POST", "login", {
      name: String(data.get("name")).trim(),
      password: String(data.get("password")),
    });
    keep("user", JSON.stringify(user));
    // The hash says which thread was open.
    location.replace(`./${location.hash}`);
    return;
  } catch (error) {
    button.disabled = false;
    say(told(error));
    const password = form.elements.namedItem("password") as HTMLInputElement;
    password.select();
    if (error instanceof HttpError && error.status === 429) hold(error.refusal.retry_after ?? 10);
  }
});
