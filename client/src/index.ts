/** The client of goldenpath: one connection, kept alive, and what it reads. */

export { Client } from "./client.js";
export type { Options, Place } from "./client.js";
export { CLOSE_RULES, SUBPROTOCOL } from "./codes.gen.js";
export type { Clock, Connectivity, Socket, Stopped } from "./connection.js";
export type * from "./events.gen.js";
export { Replica, ThreadList } from "./replica.js";
export { RequestError } from "./requests.js";
export { answerText, Transcript } from "./transcript.js";
export type {
  Item, MessageItem, Part, QuestionPart, RunItem, TextPart, ToolPart,
} from "./transcript.js";
export type { KeyValueStorage, UnsentMessage } from "./unsent.js";
export { attachWakeUps } from "./wakeups.js";
