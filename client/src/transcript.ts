/**
 * What a thread shows: a fold over its events.
 *
 * The Python package has the same fold; `tests/vectors/transcript.json` holds
 * what both must give.
 *
 * Rule 1: the fold never fails. What it does not know or cannot place, it ignores.
 * Rule 2: a delta that overlaps what is held is cut by `offset`.
 */

import { EVENT_DEFAULTS, RUN_ENDS } from "./events.gen.js";
import type { AnyEvent, EventFrame } from "./events.gen.js";

/** A stretch of the answer, or of reasoning. */
export interface TextPart {
  kind: "text" | "thinking";
  block: number;
  text: string;
  /** Where the block ends, in UTF-16 code units. */
  end: number;
}

/** A tool call. */
export interface ToolPart {
  kind: "tool";
  call: string;
  name: string;
  arguments: unknown;
  state: "running" | "completed" | "failed" | "stopped";
  fraction: number | null;
  progress: string;
  result: unknown;
  error: string | null;
  duration: number | null;
  cut_from: number | null;
}

/** A question to the person. */
export interface QuestionPart {
  kind: "question";
  call: string;
  question: string;
  choices: readonly string[];
  state: "open" | "answered" | "stopped";
  value: unknown;
}

export type Part = TextPart | ToolPart | QuestionPart;

/** A person's message. */
export interface MessageItem {
  kind: "message";
  number: number;
  time: number;
  text: string;
  client_message_id: string;
  device: string;
}

/** An answer; `state` is running, or the state in which the run ended. */
export interface RunItem {
  kind: "run";
  run: string;
  agent: string;
  note: string;
  message: number;
  state: string;
  parts: Part[];
  error: string;
  retryable: boolean;
  reference: string;
  duration: number | null;
  usage: Record<string, number>;
}

export type Item = MessageItem | RunItem;

/** An event with the fields that the wire leaves out. */
type Whole = { [K in AnyEvent as K["type"]]: Required<K> }[AnyEvent["type"]];

function whole(event: AnyEvent): Whole {
  return { ...EVENT_DEFAULTS[event.type], ...event } as Whole;
}

const OF_A_RUN: ReadonlySet<string> = new Set([
  "agent_started", "agent_thinking", "text_delta", "tool_executing", "tool_progress",
  "tool_completed", "input_requested", "input_received", ...Object.keys(RUN_ENDS),
]);

/** Messages and answers in the order of the log. */
export class Transcript {
  readonly items: Item[] = [];
  readonly #runs = new Map<string, RunItem>();
  readonly #revisions = new WeakMap<Item, number>();

  /** Take in the next event. */
  apply(frame: EventFrame): void {
    const event = whole(frame.event);
    if (event.type === "user_message") {
      const { text, client_message_id, device } = event;
      const { number, time } = frame;
      this.items.push({ kind: "message", number, time, text, client_message_id, device });
    } else if (frame.run != null && OF_A_RUN.has(event.type)) {
      const item = this.#run(frame.run);
      grow(item, event);
      this.#revisions.set(item, this.revision(item) + 1);
    }
  }

  /** Return a number that changes when the item does. */
  revision(item: Item): number {
    return this.#revisions.get(item) ?? 0;
  }

  /** Return a run's item, if anything of it was seen. */
  run(run: string): RunItem | undefined {
    return this.#runs.get(run);
  }

  #run(run: string): RunItem {
    let item = this.#runs.get(run);
    if (item === undefined) {
      item = {
        kind: "run", run, agent: "", note: "", message: 0, state: "running",
        parts: [], error: "", retryable: false, reference: "", duration: null, usage: {},
      };
      this.#runs.set(run, item);
      this.items.push(item);
    }
    return item;
  }
}

/** Return all text of an answer, without thinking and tools. */
export function answerText(item: RunItem): string {
  return item.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

function grow(item: RunItem, event: Whole): void {
  switch (event.type) {
    case "text_delta":
      return extend(item, "text", event);
    case "agent_thinking":
      return extend(item, "thinking", event);
    case "agent_started":
      item.agent = event.agent;
      item.note = event.note;
      item.message = event.message;
      return;
    case "tool_executing":
      item.parts.push({
        kind: "tool", call: event.call, name: event.name, arguments: event.arguments,
        state: "running", fraction: null, progress: "", result: null, error: null,
        duration: null, cut_from: null,
      });
      return;
    case "input_requested": {
      const { call, question, choices } = event;
      item.parts.push({ kind: "question", call, question, choices, state: "open", value: null });
      return;
    }
    case "tool_progress":
    case "tool_completed":
    case "input_received":
      return advanceCall(item, event);
    case "agent_completed":
    case "agent_failed":
    case "agent_cancelled":
    case "agent_interrupted":
      return end(item, event);
  }
}

function extend(
  item: RunItem,
  kind: TextPart["kind"],
  { text, block, offset }: { text: string; block: number; offset: number },
): void {
  const end = offset + text.length;
  for (let i = item.parts.length - 1; i >= 0; i--) {
    const part = item.parts[i]!;
    if (part.kind === kind && part.block === block) {
      part.text += cut(text, Math.max(0, part.end - offset));
      part.end = Math.max(part.end, end);
      return;
    }
  }
  item.parts.push({ kind, block, text, end });
}

function cut(text: string, units: number): string {
  // A cut through a surrogate pair leaves half a character: mark it.
  return units === 0 ? text : text.slice(units).replace(/\p{Surrogate}/gu, "\ufffd");
}

type CallEvent = Extract<Whole, { type: "tool_progress" | "tool_completed" | "input_received" }>;

function advanceCall(item: RunItem, event: CallEvent): void {
  for (const part of item.parts) {
    if (!("call" in part) || part.call !== event.call) continue;
    if (event.type === "tool_progress" && part.kind === "tool") {
      part.fraction = event.fraction;
      part.progress = event.text;
    } else if (event.type === "tool_completed" && part.kind === "tool") {
      part.state = event.error === null ? "completed" : "failed";
      part.result = event.result;
      part.error = event.error;
      part.duration = event.duration;
      part.cut_from = event.cut_from;
    } else if (event.type === "input_received" && part.kind === "question") {
      part.state = "answered";
      part.value = event.value;
    }
  }
}

type EndEvent = Extract<
  Whole,
  { type: "agent_completed" | "agent_failed" | "agent_cancelled" | "agent_interrupted" }
>;

function end(item: RunItem, event: EndEvent): void {
  item.state = RUN_ENDS[event.type]!;
  if (event.type === "agent_completed") {
    item.duration = event.duration;
    item.usage = { ...event.usage };
  } else {
    item.error = event.text;
    item.retryable = event.retryable;
  }
  if (event.type === "agent_failed") item.reference = event.reference;
  if (event.type === "agent_cancelled" || event.type === "agent_interrupted") {
    item.message = event.message || item.message;
  }
  for (const part of item.parts) {
    if (part.kind === "tool" && part.state === "running") part.state = "stopped";
    if (part.kind === "question" && part.state === "open") part.state = "stopped";
  }
}
