/** Text for people: hidden characters marked, numbers and times in words. */

const HIDDEN =
  // Direction overrides, zero-width characters, controls other than tab and newline.
  "\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u061c\\u034f\\ufeff\\u00ad" +
  "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufff9-\\ufffb" +
  // Fillers and signs of scripts, music and shorthand that take no place.
  "\\u115f\\u1160\\u3164\\uffa0\\u17b4\\u17b5\\u180e\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}";
const LATIN = "\\u0000-\\u0022\\u0024-\\u0029\\u002b-\\u002f\\u003a-\\u00a8\\u00aa-\\u00ad\\u00af-\\u024f";
const SELECTORS = "[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]";
const MARKED = new RegExp(
  [
    `[${HIDDEN}]`,
    // Joiners belong into many scripts and emoji, but not between Latin letters.
    "(?<=[\\u0020-\\u024f])[\\u200c\\u200d]|[\\u200c\\u200d](?=[\\u0020-\\u024f])",
    // Tag characters belong behind the black flag, six of them, and nowhere else.
    "(?<!\\u{1f3f4}[\\u{e0020}-\\u{e007f}]{0,5})[\\u{e0000}-\\u{e007f}]+",
    // A selector varies one character before it, and those of the later block Chinese
    // ones: anywhere else each of them is a letter that nobody sees.
    `(?<=^|[${LATIN}]|${SELECTORS})${SELECTORS}+|(?<!\\p{Script=Han})[\\u{e0100}-\\u{e01ef}]+`,
  ].join("|"),
  "gu",
);

/** Append text in which nothing can hide: characters that do not show are named. */
export function appendText(parent: Node, text: string): void {
  let end = 0;
  for (const match of text.matchAll(MARKED)) {
    if (match.index > end) parent.appendChild(new Text(text.slice(end, match.index)));
    const mark = document.createElement("span");
    mark.className = "hidden-character";
    const code = match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    mark.textContent = `U+${code}`;
    mark.title = "A character that does not show, or that changes the order of the text";
    parent.appendChild(mark);
    end = match.index + match[0].length;
  }
  if (end < text.length) parent.appendChild(new Text(text.slice(end)));
}

/** Return a fragment of such text, for templates. */
export function markedText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  appendText(fragment, text);
  return fragment;
}

/** Return a duration in words. */
export function durationOf(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Return the heading under which a thread is listed. */
export function dayOf(time: number, now: Date): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const days = Math.ceil((midnight - time * 1000) / 86_400_000);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days <= 7) return "Last 7 days";
  return days <= 30 ? "Last 30 days" : "Older";
}

/** Return JSON as a person would write it: short things on one line. */
export function shownJson(value: unknown): string {
  if (typeof value === "string") return value;
  const line = JSON.stringify(value) ?? "";
  return line.length <= 72 ? line : JSON.stringify(value, null, 2);
}

/** Return a call's arguments in one line. */
export function argumentsLine(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value);
  const shown = (one: unknown) => (typeof one === "string" ? one : (JSON.stringify(one) ?? ""));
  if (entries.length === 1) return shown(entries[0]![1]);
  return entries.map(([name, one]) => `${name}: ${shown(one)}`).join(", ");
}

/** Put text on the clipboard, also where the page is not served securely. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
