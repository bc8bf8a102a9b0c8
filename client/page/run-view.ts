/** One answer: thinking, tools, questions and text, in the order in which they came. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";

import {
  answerText, type Part, type QuestionPart, type RunItem, type TextPart, type ToolPart,
} from "../src/transcript.js";
import { icon } from "./icons.js";
import "./markdown.js";
import { argumentsLine, copyText, durationOf, markedText, shownJson } from "./text.js";

/** What a person may do with an answer. */
export interface RunActions {
  retry(run: string): Promise<unknown>;
  answer(run: string, call: string, value: unknown): Promise<unknown>;
}

export class RunElement extends LitElement {
  static override properties = {
    item: { attribute: false },
    revision: { attribute: false },
    mayRetry: { attribute: false },
    isKnown: { attribute: false },
    asked: { state: true },
    copied: { state: true },
    refusal: { state: true },
  };

  declare item: RunItem;
  declare revision: number;
  declare mayRetry: boolean;
  /** Whether the answer before was of the same agent: what it is was said there. */
  declare isKnown: boolean;
  declare actions: RunActions;
  declare asked: string;
  declare copied: boolean;
  declare refusal: string;

  constructor() {
    super();
    this.asked = this.refusal = "";
    this.copied = false;
    this.mayRetry = this.isKnown = false;
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("item") || changed.has("revision")) this.asked = "";
  }

  override render(): TemplateResult {
    const { item } = this;
    const isRunning = item.state === "running";
    return html`
      <article class="run ${item.state}" aria-busy=${isRunning} data-run=${item.run}>
        <header>
          <span class="agent-mark" aria-hidden="true"></span>
          <h3>${markedText(item.agent || "Agent")}</h3>
          ${item.note && !this.isKnown ? html`<span class="note" title=${item.note}>${markedText(item.note)}</span>` : nothing}
        </header>
        <div class="parts">
          ${item.parts.map((part, index) => this.#part(part, isRunning && index === item.parts.length - 1))}
          ${isRunning && this.#isQuiet() ? html`<p class="working"><i></i><i></i><i></i><span>Working…</span></p>` : nothing}
        </div>
        ${isRunning ? nothing : this.#end()}
      </article>
    `;
  }

  #isQuiet(): boolean {
    const last = this.item.parts.at(-1);
    if (last === undefined) return true;
    return (last.kind === "tool" && last.state !== "running") ||
      (last.kind === "question" && last.state !== "open");
  }

  #part(part: Part, isGrowing: boolean): TemplateResult {
    switch (part.kind) {
      case "text":
        return html`<gp-markdown class="prose ${isGrowing ? "growing" : ""}" .text=${part.text} .isGrowing=${isGrowing}></gp-markdown>`;
      case "thinking":
        return this.#thinking(part, isGrowing);
      case "tool":
        return this.#tool(part);
      case "question":
        return this.#question(part);
    }
  }

  #thinking(part: TextPart, isGrowing: boolean): TemplateResult {
    const gist = part.text.trim().split("\n").at(-1)!.slice(0, 200);
    return html`
      <details class="thinking ${isGrowing ? "growing" : ""}">
        <summary>
          ${icon("thought")}<span class="label">${isGrowing ? "Thinking…" : "Thought"}</span>
          <span class="gist">${markedText(gist)}</span>${icon("chevron")}
        </summary>
        <div class="whole" dir="auto">${markedText(part.text)}</div>
      </details>
    `;
  }

  #tool(part: ToolPart): TemplateResult {
    const { state, fraction, error, result } = part;
    const words = {
      running: "Running",
      completed: part.duration === null ? "Done" : durationOf(part.duration),
      failed: "Failed",
      stopped: "Stopped",
    }[state];
    const isMeasured = state === "running" && fraction !== null;
    const bar = (element?: Element) => {
      (element as HTMLElement | undefined)?.style.setProperty("--fraction", String(fraction));
    };
    return html`
      <details class="tool ${state}" data-call=${part.call}>
        <summary>
          <span class="tool-state" aria-hidden="true">
            ${state === "running" ? html`<span class="spinner"></span>` : icon(state === "completed" ? "check" : state === "failed" ? "alert" : "stop")}
          </span>
          <span class="tool-name">${markedText(part.name)}</span>
          <span class="tool-arguments">${markedText(argumentsLine(part.arguments))}</span>
          <span class="tool-words">${words}</span>${icon("chevron")}
        </summary>
        <div class="tool-whole">
          ${part.arguments === null ? nothing : this.#value("Arguments", part.arguments)}
          ${state === "completed" ? this.#value("Result", result) : nothing}
          ${part.cut_from ? html`<p class="cut">Shortened; the whole result has ${part.cut_from.toLocaleString()} bytes.</p>` : nothing}
        </div>
      </details>
      ${state === "running"
        ? html`<div class="progress">
            <div class="bar ${isMeasured ? "" : "unmeasured"}" role="progressbar" aria-label=${`Progress of ${part.name}`}
              aria-valuemin="0" aria-valuemax="100" aria-valuenow=${isMeasured ? Math.round(fraction * 100) : nothing}>
              <span ${ref(bar)}></span>
            </div>
            ${part.progress ? html`<span class="progress-text">${markedText(part.progress)}</span>` : nothing}
          </div>`
        : nothing}
      ${error !== null ? html`<p class="tool-error">${markedText(error)}</p>` : nothing}
    `;
  }

  #value(label: string, value: unknown): TemplateResult {
    return html`<h4>${label}</h4><pre tabindex="0">${markedText(shownJson(value))}</pre>`;
  }

  #question(part: QuestionPart): TemplateResult {
    const isOpen = part.state === "open";
    const isAsked = this.asked === part.call;
    const choose = (value: string) => this.#give(part.call, value);
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const field = (event.target as HTMLFormElement).elements.namedItem("reply") as HTMLInputElement;
      if (field.value.trim() !== "") this.#give(part.call, field.value.trim());
    };
    return html`
      <section class="question ${part.state}" aria-label="Question">
        <p class="asks">${icon("question")}<span dir="auto">${markedText(part.question)}</span></p>
        ${!isOpen
          ? html`<p class="reply">${part.state === "answered" ? html`You answered <strong dir="auto">${markedText(shownJson(part.value))}</strong>` : "Not answered"}</p>`
          : part.choices.length > 0
            ? html`<div class="choices">
                ${part.choices.map((choice) => html`<button type="button" ?disabled=${isAsked} @click=${() => choose(choice)}>${markedText(choice)}</button>`)}
              </div>`
            : html`<form class="reply-form" @submit=${submit}>
                <input name="reply" aria-label="Your answer" placeholder="Your answer" autocomplete="off" ?disabled=${isAsked} />
                <button class="primary" ?disabled=${isAsked}>Answer</button>
              </form>`}
      </section>
    `;
  }

  #give(call: string, value: unknown): void {
    this.asked = call;
    this.refusal = "";
    this.actions.answer(this.item.run, call, value).catch((error: Error) => {
      this.asked = "";
      this.refusal = error.message;
    });
  }

  #end(): TemplateResult {
    const { item } = this;
    const text = answerText(item);
    const isWhole = item.state === "completed";
    const usage = Object.entries(item.usage).map(([kind, amount]) => `${amount} ${kind.replaceAll("_", " ")}`);
    return html`
      ${isWhole ? nothing : html`
        <p class="ending" role="note">
          ${icon(item.state === "cancelled" ? "stop" : "alert")}
          <span>${markedText(item.error || item.state)}${item.reference ? html`<small> Reference: <code>${item.reference}</code></small>` : nothing}</span>
        </p>`}
      ${this.refusal ? html`<p class="ending" role="alert">${icon("alert")}<span>${this.refusal}</span></p>` : nothing}
      <footer>
        ${this.mayRetry ? html`<button type="button" class="quiet" ?disabled=${this.asked === "retry"} @click=${this.#retry}>${icon("retry")}Retry</button>` : nothing}
        ${text ? html`<button type="button" class="quiet" aria-label="Copy answer" @click=${() => this.#copy(text)}>${icon(this.copied ? "check" : "copy")}${this.copied ? "Copied" : "Copy"}</button>` : nothing}
        ${item.duration === null ? nothing : html`<span class="took" title=${usage.join(", ") || nothing}>${durationOf(item.duration)}</span>`}
      </footer>
    `;
  }

  #retry(): void {
    this.asked = "retry";
    this.refusal = "";
    this.actions.retry(this.item.run).catch((error: Error) => {
      this.asked = "";
      this.refusal = error.message;
    });
  }

  #copy(text: string): void {
    void copyText(text);
    this.copied = true;
    setTimeout(() => (this.copied = false), 1500);
  }
}

customElements.define("gp-run", RunElement);
