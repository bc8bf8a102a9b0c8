/** The list of threads, and what concerns the person rather than a thread. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Person, ThreadSummary } from "../src/events.gen.js";
import { icon, sign } from "./icons.js";
import { keep, kept } from "./keep.js";
import { dayOf, markedText } from "./text.js";

const THEMES = ["system", "light", "dark"] as const;
const THEME_ICONS = { system: "screen", light: "sun", dark: "moon" } as const;

export interface SidebarActions {
  open(thread: string | null): void;
  rename(thread: string, title: string): Promise<void>;
  remove(thread: string): Promise<void>;
  more(): Promise<void>;
  leave(): void;
}

export class SidebarElement extends LitElement {
  static override properties = {
    threads: { attribute: false },
    current: { attribute: false },
    news: { attribute: false },
    user: { attribute: false },
    hasMore: { attribute: false },
    isLoaded: { attribute: false },
    renaming: { state: true },
    removing: { state: true },
    theme: { state: true },
    refusal: { state: true },
  };

  declare threads: ThreadSummary[];
  declare current: string | null;
  /** Threads with an answer that was not looked at. */
  declare news: ReadonlySet<string>;
  declare user: Person | null;
  declare hasMore: boolean;
  declare isLoaded: boolean;
  declare actions: SidebarActions;
  declare renaming: string | null;
  declare removing: ThreadSummary | null;
  declare theme: (typeof THEMES)[number];
  declare refusal: string;

  constructor() {
    super();
    this.renaming = this.removing = null;
    this.refusal = "";
    const theme = kept("theme");
    this.theme = theme === "light" || theme === "dark" ? theme : "system";
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override updated(): void {
    const field = this.querySelector<HTMLInputElement>("input.rename");
    if (field !== null && document.activeElement !== field) field.select();
    const dialog = this.querySelector("dialog")!;
    if (this.removing !== null && !dialog.open) dialog.showModal();
    if (this.removing === null && dialog.open) dialog.close();
  }

  override render(): TemplateResult {
    const now = new Date();
    let day = "";
    return html`
      <div class="brand">${sign}<span>goldenpath</span></div>
      <button type="button" class="new-chat" title="New chat (Ctrl K)" @click=${() => this.actions.open(null)}>
        ${icon("plus")}<span>New chat</span><kbd>Ctrl K</kbd>
      </button>
      <nav aria-label="Chats">
        <ul>
          ${repeat(this.threads, (thread) => thread.id, (thread) => {
            const heading = dayOf(thread.updated_at, now);
            const isFirst = heading !== day;
            day = heading;
            return html`<li>${isFirst ? html`<h2>${heading}</h2>` : nothing}${this.#entry(thread)}</li>`;
          })}
        </ul>
        ${this.isLoaded && this.threads.length === 0 ? html`<p class="none">Your chats will be listed here.</p>` : nothing}
        ${this.hasMore ? html`<button type="button" class="quiet more" @click=${() => this.actions.more()}>Show older chats</button>` : nothing}
        ${this.refusal ? html`<p class="refusal" role="alert">${this.refusal}</p>` : nothing}
      </nav>
      <footer class="person">
        <span class="initial" aria-hidden="true">${(this.user?.name ?? "?").slice(0, 1).toUpperCase()}</span>
        <span class="name">${markedText(this.user?.name ?? "")}</span>
        <button type="button" class="icon-button" aria-label=${`Colours: ${this.theme}`} title=${`Colours: ${this.theme}`} @click=${this.#turn}>${icon(THEME_ICONS[this.theme])}</button>
        <button type="button" class="icon-button" aria-label="Sign out" title="Sign out" @click=${() => this.actions.leave()}>${icon("leave")}</button>
      </footer>
      <dialog aria-labelledby="removing" @close=${() => (this.removing = null)} @click=${this.#outside}>
        <form method="dialog">
          <h2 id="removing">Delete this chat?</h2>
          <p>“${markedText(this.removing?.title ?? "")}” and its answers will be gone, on all your devices.</p>
          <div class="buttons">
            <button value="no">Keep it</button>
            <button value="yes" class="danger" @click=${this.#remove}>Delete</button>
          </div>
        </form>
      </dialog>
    `;
  }

  #entry(thread: ThreadSummary): TemplateResult {
    if (this.renaming === thread.id) {
      return html`<input class="rename" aria-label="New title" maxlength="200" .value=${thread.title}
        @keydown=${(event: KeyboardEvent) => this.#renamed(event, thread)} @blur=${() => (this.renaming = null)} />`;
    }
    const isCurrent = thread.id === this.current;
    const title = thread.title || "Untitled";
    return html`
      <div class="entry ${isCurrent ? "current" : ""}">
        <a href=${`#thread=${thread.id}`} aria-current=${isCurrent ? "page" : nothing} title=${title}>
          <span class="title" dir="auto">${markedText(title)}</span>
          ${thread.is_running
            ? html`<span class="pulse" role="img" aria-label="An answer is being written"></span>`
            : this.news.has(thread.id) ? html`<span class="news" role="img" aria-label="New answer"></span>` : nothing}
        </a>
        <span class="entry-actions">
          <button type="button" class="icon-button" aria-label=${`Rename ${title}`} title="Rename" @click=${() => (this.renaming = thread.id)}>${icon("pen")}</button>
          <button type="button" class="icon-button" aria-label=${`Delete ${title}`} title="Delete" @click=${() => (this.removing = thread)}>${icon("trash")}</button>
        </span>
      </div>
    `;
  }

  #renamed(event: KeyboardEvent, thread: ThreadSummary): void {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") this.renaming = null;
    if (event.key !== "Enter") return;
    const title = (event.target as HTMLInputElement).value.trim();
    this.renaming = null;
    if (title !== "" && title !== thread.title) this.#try(this.actions.rename(thread.id, title));
  }

  #remove(): void {
    const thread = this.removing;
    if (thread !== null) this.#try(this.actions.remove(thread.id));
  }

  #try(action: Promise<void>): void {
    this.refusal = "";
    action.catch((error: Error) => (this.refusal = error.message));
  }

  #outside(event: MouseEvent): void {
    if (event.target === event.currentTarget) this.removing = null;
  }

  #turn(): void {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length]!;
    keep("theme", this.theme === "system" ? null : this.theme);
    if (this.theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.theme;
  }
}

customElements.define("gp-sidebar", SidebarElement);
