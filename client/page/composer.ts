/** Where a message is written; what was not sent stays, a draft a thread. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";

import { icon } from "./icons.js";
import { keep, kept } from "./keep.js";

export class ComposerElement extends LitElement {
  static override properties = {
    place: { attribute: false },
    mayStop: { attribute: false },
    mostBytes: { attribute: false },
    bytes: { state: true },
    isEmpty: { state: true },
  };

  /** Names the draft: a thread, or `new`. */
  declare place: string;
  declare mayStop: boolean;
  declare mostBytes: number;
  declare bytes: number;
  declare isEmpty: boolean;

  constructor() {
    super();
    this.place = "new";
    this.mayStop = false;
    this.mostBytes = 65536;
    this.bytes = 0;
    this.isEmpty = true;
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("place")) this.write(kept(`draft.${this.place}`) ?? "");
  }

  /** The place got its name while something was being written in it. */
  carryTo(place: string): void {
    const text = this.#field.value;
    keep(`draft.${this.place}`, null);
    if (text !== "") keep(`draft.${place}`, text);
  }

  get #field(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  /** Put the person's hands on it. */
  override focus(): void {
    this.#field?.focus();
  }

  /** Replace what is written. */
  write(text: string): void {
    this.#field.value = text;
    this.#measure();
  }

  override render(): TemplateResult {
    const isLong = this.bytes > this.mostBytes * 0.8;
    const isTooLong = this.bytes > this.mostBytes;
    return html`
      <form class="composer" @submit=${this.#submit}>
        <textarea rows="1" placeholder="Ask something" aria-label="Message" aria-describedby="composer-hint"
          aria-invalid=${isTooLong} dir="auto" enterkeyhint="send" @input=${this.#typed} @keydown=${this.#pressed}></textarea>
        ${this.mayStop
          ? html`<button type="button" class="round stop" aria-label="Stop" title="Stop (Escape)" @click=${this.#stop}>${icon("stop")}</button>`
          : nothing}
        ${this.mayStop && this.isEmpty
          ? nothing
          : html`<button class="round send" aria-label="Send" title="Send (Enter)" ?disabled=${this.isEmpty || isTooLong}>${icon("arrowUp")}</button>`}
      </form>
      <p id="composer-hint" class="hint ${isTooLong ? "too-long" : ""}">
        ${isLong
          ? html`${this.bytes.toLocaleString()} of ${this.mostBytes.toLocaleString()} bytes${isTooLong ? ": too long to send" : ""}`
          : html`<kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> starts a line`}
      </p>
    `;
  }

  #typed(): void {
    this.#measure();
    keep(`draft.${this.place}`, this.#field.value);
  }

  #measure(): void {
    const field = this.#field;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    this.isEmpty = field.value.trim() === "";
    this.bytes = new TextEncoder().encode(field.value).length;
  }

  #pressed(event: KeyboardEvent): void {
    // While a word is being composed (Japanese, Chinese), Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#field.value.trim();
    if (text === "" || this.bytes > this.mostBytes) return;
    keep(`draft.${this.place}`, null);
    this.write("");
    this.dispatchEvent(new CustomEvent("message", { detail: text, bubbles: true }));
  }

  #stop(): void {
    this.dispatchEvent(new CustomEvent("stop", { bubbles: true }));
    this.focus();
  }
}

customElements.define("gp-composer", ComposerElement);
