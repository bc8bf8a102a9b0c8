/** The chat page: what is on the screen, and what a person's acts set in motion. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { Client } from "../src/client.js";
import type { EventFrame, ThreadSummary } from "../src/events.gen.js";
import type { Replica } from "../src/replica.js";
import { answerText, type Item, type MessageItem, type RunItem } from "../src/transcript.js";
import type { UnsentMessage } from "../src/unsent.js";
import { attachWakeUps } from "../src/wakeups.js";
import "./composer.js";
import type { ComposerElement } from "./composer.js";
import { HttpError, request } from "./http.js";
import { icon, sign } from "./icons.js";
import { deviceName, keep, keptUser, randomName, storage } from "./keep.js";
import "./run-view.js";
import type { RunActions } from "./run-view.js";
import { ScrollKeeper } from "./scroll.js";
import "./sidebar.js";
import type { SidebarActions } from "./sidebar.js";
import { markedText } from "./text.js";

const EXAMPLES = [
  { title: "Work something out", text: "What is 15% of 240?" },
  { title: "Convert a unit", text: "Convert 10 km to miles" },
  { title: "Count the days", text: "How many days until 2027-03-01?" },
  { title: "Watch a long task", text: "/slow 10" },
];

/** Why it has stopped, where a person would not say it as the protocol does. */
const WHY: Readonly<Record<number, string>> = {
  4409: "You have this open in too many places, so this one was disconnected.",
  4426: "This page is out of date.",
};

export class AppElement extends LitElement {
  static override properties = {
    thread: { state: true },
    leader: { state: true },
    isOpen: { state: true },
    refusal: { state: true },
    isFar: { state: true },
    announcement: { state: true },
    isLoadingOlder: { state: true },
  };

  /** The thread on the screen, or null for a new one. */
  declare thread: string | null;
  /** The message that will make the new thread. */
  declare leader: string | null;
  /** Whether the sidebar covers a narrow screen. */
  declare isOpen: boolean;
  declare refusal: string;
  /** Whether the newest is out of sight. */
  declare isFar: boolean;
  declare announcement: string;
  declare isLoadingOlder: boolean;

  #client: Client | null = null;
  #replica: Replica | null = null;
  #scroll!: ScrollKeeper;
  #news = new Set<string>();
  #running = new Set<string>();
  #announced = new Map<string, string>();
  #isLeaving = false;

  constructor() {
    super();
    this.thread = this.leader = null;
    this.isOpen = this.isFar = this.isLoadingOlder = false;
    this.refusal = this.announcement = "";
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const url = new URL("ws", document.baseURI);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.hash = "";
    const user = keptUser();
    try {
      this.#client = new Client({
        url: url.href,
        device: deviceName(),
        WebSocket,
        storage,
        newId: randomName,
        ...(user !== null && { user: user.id }),
        ticket: async () => (await request<{ ticket: string }>("POST", "ws/ticket", {})).ticket,
      });
    } catch (error) {
      this.refusal = (error as Error).message;
      return;
    }
    this.#client.watch(() => this.#changed());
    attachWakeUps(this.#client, window);
    window.addEventListener("hashchange", () => this.#route());
    window.addEventListener("keydown", (event) => this.#pressed(event));
    this.#route();
    if (this.thread === null) {
      this.leader = this.#client.unsent.find((one) => !one.thread && !one.follows)?.client_message_id ?? null;
    }
    this.#client.start();
  }

  override firstUpdated(): void {
    const scroller = this.querySelector<HTMLElement>(".scroller")!;
    this.#scroll = new ScrollKeeper(scroller, {
      moved: (isFar) => (this.isFar = isFar),
      reachedTop: () => void this.#older(),
    });
    this.#composer.focus();
  }

  get #composer(): ComposerElement {
    return this.querySelector("gp-composer")!;
  }

  // ---- which thread

  #route(): void {
    const thread = /^#thread=([\w-]{1,128})$/.exec(location.hash)?.[1] ?? null;
    this.isOpen = false;
    if (thread === this.thread && this.#replica !== null) return;
    if (this.thread !== null) this.#client?.unfollow(this.thread);
    this.thread = thread;
    if (thread !== null) this.leader = null;
    this.refusal = "";
    this.#replica = thread === null ? null : (this.#client?.follow(thread) ?? null);
    if (thread !== null) this.#news.delete(thread);
    this.#scroll?.toEnd();
    void this.updateComplete.then(() => this.#composer.focus());
  }

  #open(thread: string | null): void {
    this.isOpen = false;
    if (thread !== null) {
      location.hash = `#thread=${thread}`;
      return;
    }
    this.leader = null;
    if (location.hash !== "") history.pushState(null, "", location.pathname + location.search);
    this.#route();
    this.#composer.focus();
  }

  // ---- what changed

  #changed(): void {
    const client = this.#client!;
    const known = keptUser();
    if (client.user !== null && known?.id !== client.user.id) {
      keep("user", JSON.stringify(client.user));
      // Nobody else was here: what was written until now is this person's.
      if (known === null) this.#composer.carryTo(this.#draftOf(this.thread ?? "new"));
    }
    if (client.stopped?.comeBack === "log_in") this.#goToLogin();
    const place = this.leader === null ? null : client.placeOf(this.leader);
    if (place !== null) {
      this.leader = null;
      this.#composer.carryTo(this.#draftOf(place.thread));
      history.replaceState(null, "", `#thread=${place.thread}`);
      this.#route();
    }
    this.#notice(client.threads.all);
    this.requestUpdate();
  }

  #notice(threads: readonly ThreadSummary[]): void {
    for (const { id, is_running } of threads) {
      if (is_running) this.#running.add(id);
      else if (this.#running.delete(id) && id !== this.thread) this.#news.add(id);
    }
  }

  override updated(): void {
    this.toggleAttribute("cut-off", this.#isCutOff);
    this.#scroll?.keep();
    this.#announce();
    const title = this.thread === null ? "New chat" : (this.#summary?.title ?? "Chat");
    document.title = `${title} · goldenpath`;
  }

  /** Say what matters to somebody who listens: beginnings and ends, not each word. */
  #announce(): void {
    const asked = new Set(this.#items.slice(-8).flatMap((item) =>
      item.kind === "message" && this.#client!.placeOf(item.client_message_id) ? [item.number] : []));
    for (const item of this.#runs.slice(-4)) {
      const before = this.#announced.get(item.run);
      if (before === item.state) continue;
      this.#announced.set(item.run, item.state);
      if (item.state === "running") this.announcement = "An answer is being written";
      // What was over when the thread was opened is no news, unless it was asked here.
      else if (before === "running" || asked.has(item.message)) {
        const text = answerText(item);
        this.announcement =
          item.state === "completed" ? `Answer: ${text.slice(0, 600)}` : item.error || item.state;
      }
    }
  }

  #goToLogin(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    location.replace(`login${location.hash}`);
  }

  #draftOf(place: string): string {
    return `${keptUser()?.id ?? ""}.${place}`;
  }

  // ---- what a person does

  #send(text: string): void {
    const client = this.#client;
    if (client === null) return this.#composer.write(text);
    this.refusal = "";
    if (this.thread !== null) client.send(text, { thread: this.thread });
    else if (this.leader !== null) client.send(text, { follows: this.leader });
    else this.leader = client.send(text);
    this.#scroll.toEnd();
  }

  #stop(): void {
    const run = this.#runs.findLast((one) => one.state === "running");
    const queued = this.#queued[0];
    const waiting = this.#waiting[0];
    if (run !== undefined) this.#try(this.#client!.cancel({ run: run.run }));
    else if (queued !== undefined) this.#cancel(queued.client_message_id);
    else if (waiting !== undefined) this.#cancel(waiting.client_message_id);
  }

  #cancel(client_message_id: string): void {
    this.#try(this.#client!.cancel({ client_message_id }));
    if (this.leader === client_message_id && !this.#client!.unsent.some((one) => one.client_message_id === client_message_id)) {
      this.leader = null;
    }
  }

  readonly #runActions: RunActions = {
    retry: (run) => this.#client!.retry(run),
    answer: (run, call, value) => this.#client!.answer(run, call, value),
  };

  readonly #sidebarActions: SidebarActions = {
    open: (thread) => this.#open(thread),
    rename: (thread, title) => this.#http(() => request("PATCH", `threads/${thread}`, { title })),
    remove: async (thread) => {
      await this.#http(() => request("DELETE", `threads/${thread}`));
      if (thread === this.thread) this.#open(null);
    },
    more: () =>
      this.#http(async () => {
        const query = this.#nextThreads === null ? "" : `&before=${encodeURIComponent(this.#nextThreads)}`;
        const page = await request<{ threads: ThreadSummary[]; next: string | null }>("GET", `threads?limit=100${query}`);
        this.#nextThreads = page.next;
        this.#client!.threads.append(page.threads, page.next !== null);
        this.requestUpdate();
      }),
    leave: () => {
      void request("POST", "logout", {})
        .then(() => keep("user", null))
        .then(() => {
          this.#client?.stop();
          location.hash = "";
          this.#goToLogin();
        })
        .catch((error: Error) => (this.refusal = error.message));
    },
  };
  #nextThreads: string | null = null;

  async #http<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof HttpError && error.status === 401) this.#goToLogin();
      throw error;
    }
  }

  #try(act: Promise<unknown>): void {
    act.catch((error: Error) => (this.refusal = error.message));
  }

  async #older(): Promise<void> {
    const replica = this.#replica;
    if (replica === null || replica.before === null || this.isLoadingOlder) return;
    this.isLoadingOlder = true;
    try {
      const page = await this.#http(() =>
        request<{ events: EventFrame[]; before: number | null }>(
          "GET", `threads/${this.thread}/history?before=${replica.before}`,
        ),
      );
      this.#scroll.holdPlace();
      replica.prepend(page.events, page.before);
    } catch (error) {
      this.refusal = (error as Error).message;
    }
    this.isLoadingOlder = false;
  }

  #pressed(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.#open(null);
    }
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || this.querySelector("dialog[open]")) return;
    if (this.isOpen) this.isOpen = false;
    else if (this.#mayStop) this.#stop();
  }

  // ---- what is shown

  get #summary(): ThreadSummary | undefined {
    return this.thread === null ? undefined : this.#client?.threads.get(this.thread);
  }

  get #items(): readonly Item[] {
    return this.#replica?.transcript.items ?? [];
  }

  get #runs(): RunItem[] {
    return this.#items.filter((item) => item.kind === "run");
  }

  /** Messages in the log whose run has not begun. */
  get #queued(): MessageItem[] {
    const answered = new Set(this.#runs.map((run) => run.message));
    return this.#items.filter((item): item is MessageItem => item.kind === "message" && !answered.has(item.number));
  }

  /** Messages for this thread that no log has yet. */
  get #waiting(): UnsentMessage[] {
    const { thread, leader } = this;
    return (this.#client?.unsent ?? []).filter((one) =>
      thread !== null
        ? one.thread === thread
        : leader !== null && (one.client_message_id === leader || one.follows === leader),
    );
  }

  get #mayStop(): boolean {
    return (
      this.#runs.some((run) => run.state === "running") || this.#queued.length > 0 ||
      this.#waiting.some((one) => !one.refused)
    );
  }

  /** Whether it has lasted so long that nothing may look as if it moved. */
  get #isCutOff(): boolean {
    return ["offline", "stopped"].includes(this.#client?.connectivity ?? "stopped");
  }

  override render(): TemplateResult {
    const client = this.#client;
    const isNew = this.thread === null && this.#waiting.length === 0;
    return html`
      <gp-sidebar class=${this.isOpen ? "open" : ""} .actions=${this.#sidebarActions} .threads=${client?.threads.all ?? []}
        .current=${this.thread} .news=${this.#news} .user=${client?.user ?? keptUser()} .hasMore=${client?.threads.more ?? false}
        .isLoaded=${client?.user != null}></gp-sidebar>
      <div class="shade" ?hidden=${!this.isOpen} @click=${() => (this.isOpen = false)}></div>
      <main>
        <header class="top">
          <button type="button" class="icon-button menu" aria-label="Chats" aria-expanded=${this.isOpen} @click=${() => (this.isOpen = !this.isOpen)}>${icon("menu")}</button>
          <h1 dir="auto">${markedText(isNew ? "New chat" : (this.#summary?.title ?? ""))}</h1>
          ${this.#connectivity()}
          <button type="button" class="icon-button narrow" aria-label="New chat" @click=${() => this.#open(null)}>${icon("plus")}</button>
        </header>
        ${this.#banner()}
        <div class="scroller" tabindex="-1">
          <div class="transcript" role="log" aria-label="Conversation" aria-live="off">
            ${isNew ? this.#welcome() : this.#conversation()}
          </div>
        </div>
        <div class="bottom">
          ${this.isFar && !isNew ? html`<button type="button" class="latest" @click=${() => this.#scroll.toEnd()}>${icon("arrowDown")}Jump to latest</button>` : nothing}
          ${this.refusal ? html`<p class="refusal" role="alert">${icon("alert")}<span>${this.refusal}</span><button type="button" class="icon-button" aria-label="Dismiss" @click=${() => (this.refusal = "")}>${icon("close")}</button></p>` : nothing}
          <gp-composer .place=${this.#draftOf(this.thread ?? "new")} .mayStop=${this.#mayStop} .mostBytes=${client?.limits?.message_bytes ?? 65536}
            @message=${(event: CustomEvent<string>) => this.#send(event.detail)} @stop=${() => this.#stop()}></gp-composer>
        </div>
      </main>
      <p class="unseen" role="status" aria-live="polite">${this.announcement}</p>
    `;
  }

  #connectivity(): TemplateResult {
    const state = this.#client?.connectivity ?? "stopped";
    const words = {
      connected: "Connected",
      connecting: "Connecting…",
      reconnecting: "Reconnecting…",
      offline: "Offline, will send later",
      stopped: "Not connected",
    }[state];
    return html`<p class="connectivity ${state}" role="status"><span class="dot" aria-hidden="true"></span><span class="words">${words}</span></p>`;
  }

  #banner(): TemplateResult | typeof nothing {
    const client = this.#client;
    const stopped = client?.stopped;
    if (stopped != null && stopped.comeBack !== "log_in") {
      const isReload = stopped.comeBack === "reload";
      const why = WHY[stopped.code] ?? `Not connected: ${stopped.meaning}.`;
      return html`<p class="banner" role="alert">
        <span>${why}</span>
        <button type="button" @click=${() => (isReload ? location.reload() : client!.start())}>${isReload ? "Reload" : "Connect here"}</button>
      </p>`;
    }
    if (client?.expiresAt != null) {
      return html`<p class="banner" role="alert"><span>Your session is about to end.</span>
        <button type="button" @click=${() => this.#goToLogin()}>Sign in again</button></p>`;
    }
    return nothing;
  }

  #welcome(): TemplateResult {
    return html`
      <section class="welcome">
        ${sign}
        <h2>What would you like to know?</h2>
        <p>Answers are written where you can watch, and stay: close the page, and they go on.</p>
        <div class="examples">
          ${EXAMPLES.map(({ title, text }) => html`<button type="button" @click=${() => this.#send(text)}><strong>${title}</strong><span>${text}</span></button>`)}
        </div>
      </section>
    `;
  }

  #conversation(): TemplateResult {
    const replica = this.#replica;
    const refused = replica?.refused;
    if (refused != null) return html`<p class="nothing-here">This chat cannot be opened: ${refused.message}</p>`;
    const queued = new Set(this.#queued);
    const transcript = replica?.transcript;
    const runs = this.#runs;
    const latest = new Map(runs.map((run) => [run.message, run.run]));
    const known = new Set(runs.filter((run, i) => i > 0 && runs[i - 1]!.note === run.note));
    const isLoading = this.thread !== null && replica?.cursor == null && this.#waiting.length === 0;
    return html`
      ${replica?.before != null ? html`<button type="button" class="quiet older" ?disabled=${this.isLoadingOlder} @click=${() => this.#older()}>${this.isLoadingOlder ? "Loading…" : "Show earlier messages"}</button>` : nothing}
      ${!isLoading ? nothing : this.#isCutOff
        ? html`<p class="nothing-here">This chat will be here when you are connected again.</p>`
        : html`<div class="skeleton" role="status" aria-label="Loading"><i></i><i></i><i></i></div>`}
      ${repeat(
        this.#items,
        (item) => (item.kind === "run" ? item.run : item.number),
        (item) =>
          item.kind === "message"
            ? this.#message(item, queued.has(item))
            : html`<gp-run .item=${item} .revision=${transcript!.revision(item)} .actions=${this.#runActions}
                .isKnown=${known.has(item)} .mayRetry=${item.retryable && latest.get(item.message) === item.run}></gp-run>`,
      )}
      ${repeat(this.#waiting, (one) => one.client_message_id, (one) => this.#unsent(one))}
    `;
  }

  #message(item: MessageItem, isQueued: boolean): TemplateResult {
    const isBehind = isQueued && this.#runs.some((run) => run.state === "running");
    return html`
      <article class="message" title=${new Date(item.time * 1000).toLocaleString()}>
        <h3 class="unseen">You</h3>
        <div class="bubble" dir="auto">${markedText(item.text)}</div>
        ${isQueued
          ? html`<p class="fate">${icon("clock")}${isBehind ? "Queued after the answer above" : "Starting…"}
              <button type="button" class="quiet" @click=${() => this.#cancel(item.client_message_id)}>Cancel</button></p>`
          : nothing}
      </article>
    `;
  }

  #unsent(one: UnsentMessage): TemplateResult {
    const isConnected = this.#client!.connectivity === "connected";
    const discard = () => {
      this.#client!.discard(one.client_message_id);
      if (this.leader === one.client_message_id) this.leader = null;
    };
    const edit = () => {
      discard();
      this.#composer.write(one.text);
      this.#composer.focus();
    };
    return html`
      <article class="message unsent ${one.refused ? "refused" : ""}">
        <h3 class="unseen">You</h3>
        <div class="bubble" dir="auto">${markedText(one.text)}</div>
        ${one.refused
          ? html`<p class="fate" role="alert">${icon("alert")}Not sent: ${one.refused}
              <button type="button" class="quiet" @click=${edit}>Edit</button>
              <button type="button" class="quiet" @click=${discard}>Discard</button></p>`
          : html`<p class="fate">${icon("clock")}${isConnected ? "Sending…" : "Waiting to be sent"}
              ${isConnected ? nothing : html`<button type="button" class="quiet" @click=${discard}>Discard</button>`}</p>`}
      </article>
    `;
  }
}

customElements.define("gp-app", AppElement);
