/**
 * Markdown, shown without trusting it.
 *
 * Rule 1: no text becomes HTML. Every node is made here, from a fixed list of tags.
 * Rule 2: always the whole text is read. Blocks that came out the same as before
 *         keep their nodes; the result is that of a first rendering.
 * Rule 3: a link goes to http, https or mailto, shows where, and waits for a click.
 *         Nothing is loaded: an image is a link to it.
 */

import { Lexer, type Token, type Tokens } from "marked";

import { appendText, copyText } from "./text.js";

// Reading is linear for what people and models write; beyond that, plain text.
const LONGEST = 200_000;
// A longer text is read less often while it grows.
const SMALL = 16_000;

export class MarkdownElement extends HTMLElement {
  #text = "";
  #blocks: { raw: string; node: Node }[] = [];
  #links = "";
  #isDue = false;
  #isGrowing = false;

  /** While it is, frames of the screen are enough; a whole text is shown at once. */
  set isGrowing(isGrowing: boolean) {
    this.#isGrowing = isGrowing;
    if (!isGrowing && this.#isDue) this.#render();
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    if (!this.#isGrowing) {
      this.#render();
      return;
    }
    if (this.#isDue) return;
    this.#isDue = true;
    const render = () => {
      if (this.#isDue) this.#render();
    };
    // A page behind others is given no frames: then time has to do.
    if (text.length < SMALL) requestAnimationFrame(render);
    setTimeout(render, 150);
  }

  #render(): void {
    this.#isDue = false;
    const { tokens, links } = read(this.#text);
    // A link's definition may stand anywhere and change any block.
    const known = JSON.stringify(links);
    if (known !== this.#links) this.#keep(0);
    this.#links = known;
    let same = 0;
    while (same < this.#blocks.length && this.#blocks[same]!.raw === tokens[same]?.raw) same++;
    this.#keep(same);
    for (const token of tokens.slice(same)) {
      const node = block(token);
      this.#blocks.push({ raw: token.raw, node });
      this.append(node);
    }
  }

  #keep(count: number): void {
    for (const { node } of this.#blocks.splice(count)) this.removeChild(node);
  }
}

function read(text: string): { tokens: Token[]; links: unknown } {
  const plain: Token[] = [{ type: "text", raw: text, text }];
  if (text.length > LONGEST) return { tokens: plain, links: {} };
  try {
    const tokens = new Lexer({ gfm: true, breaks: true }).lex(text);
    // A definition has no node, and a space none that shows.
    return { tokens: tokens.filter((one) => one.type !== "space"), links: tokens.links };
  } catch {
    return { tokens: plain, links: {} };
  }
}

/** Make an element with children; the only place where elements are made. */
function make(tag: Tag, children: readonly Token[] = []): HTMLElement {
  const element = document.createElement(tag);
  for (const child of children) inline(element, child);
  return element;
}

type Tag =
  | "a" | "blockquote" | "br" | "button" | "code" | "del" | "div" | "em" | "h3" | "h4" | "h5"
  | "h6" | "hr" | "input" | "li" | "ol" | "p" | "pre" | "span" | "strong" | "table" | "tbody"
  | "td" | "th" | "thead" | "tr" | "ul";

function block(token: Token): Node {
  const t = token as Tokens.Generic;
  switch (token.type) {
    case "paragraph":
      return withDirection(make("p", t.tokens));
    case "heading":
      // The page's own headings are levels 1 and 2.
      return withDirection(make(`h${Math.min(6, t.depth + 2)}` as Tag, t.tokens));
    case "code":
      return codeBlock(t.text as string, (t.lang as string | undefined) ?? "");
    case "blockquote":
      return blocks("blockquote", t.tokens ?? []);
    case "hr":
      return make("hr");
    case "list":
      return list(token as Tokens.List);
    case "table":
      return table(token as Tokens.Table);
    case "def":
      return new Text("");
    default: {
      const paragraph = withDirection(make("p", t.tokens));
      if (!t.tokens) appendText(paragraph, t.type === "text" ? decoded(t.text) : t.raw.trimEnd());
      return paragraph;
    }
  }
}

function withDirection(element: HTMLElement): HTMLElement {
  element.dir = "auto";
  return element;
}

function blocks(tag: Tag, tokens: readonly Token[]): HTMLElement {
  const element = make(tag);
  for (const token of tokens) if (token.type !== "space") element.append(block(token));
  return element;
}

function inline(parent: HTMLElement, token: Token): void {
  const t = token as Tokens.Generic;
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      parent.append(make(token.type, t.tokens));
      return;
    case "codespan": {
      const code = make("code");
      appendText(code, t.text as string);
      parent.append(code);
      return;
    }
    case "br":
      parent.append(make("br"));
      return;
    case "link":
    case "image":
      return link(parent, token as Tokens.Link | Tokens.Image);
    case "escape":
      return appendText(parent, t.text as string);
    case "text":
      if (t.tokens) for (const child of t.tokens) inline(parent, child);
      else appendText(parent, decoded(t.text as string));
      return;
    case "checkbox":
      return;
    default:
      // Raw HTML, and whatever a later version may bring: as it was written.
      return appendText(parent, t.raw);
  }
}

function link(parent: HTMLElement, token: Tokens.Link | Tokens.Image): void {
  const url = safeUrl(token.href);
  const target = url === null ? make("span") : make("a");
  if (token.type === "image") appendText(target, `Image: ${decoded(token.text) || "untitled"}`);
  else for (const child of token.tokens) inline(target, child);
  parent.append(target);
  if (url === null) {
    target.className = "inert";
    target.title = "This link was not made clickable: it does not lead to a web page";
    return;
  }
  const anchor = target as HTMLAnchorElement;
  anchor.href = url.href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  anchor.title = url.href;
  const host = url.protocol === "mailto:" ? url.pathname : url.host;
  if (!names(target.textContent ?? "", host)) {
    const shown = make("span");
    shown.className = "host";
    shown.textContent = ` (${host})`;
    parent.append(shown);
  }
}

/** Whether a link's text says where it leads, and nothing that looks like another place. */
function names(text: string, host: string): boolean {
  const said = safeUrl(text);
  // A host in foreign letters is compared as it is written, not as it is meant.
  return text === host || (said?.host === host && said.username === "" && text.includes(host));
}

/** Return the address if it may be clicked. */
export function safeUrl(href: string): URL | null {
  try {
    const url = new URL(href.startsWith("www.") ? `https://${href}` : href);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url : null;
  } catch {
    return null; // relative, or no address at all
  }
}

function list(token: Tokens.List): HTMLElement {
  const element = make(token.ordered ? "ol" : "ul");
  if (token.ordered && token.start !== 1) {
    (element as HTMLOListElement).start = Number(token.start) || 1;
  }
  for (const item of token.items) {
    const entry = withDirection(make("li"));
    if (item.task) {
      const box = make("input") as HTMLInputElement;
      box.type = "checkbox";
      box.disabled = true;
      box.checked = item.checked === true;
      entry.append(box, " ");
    }
    for (const child of item.tokens) {
      if (child.type === "text") inline(entry, child);
      else if (child.type !== "space" && child.type !== "checkbox") entry.append(block(child));
    }
    element.append(entry);
  }
  return element;
}

function table(token: Tokens.Table): HTMLElement {
  const row = (cells: readonly Tokens.TableCell[], tag: "td" | "th") => {
    const element = make("tr");
    cells.forEach((cell, column) => {
      const made = withDirection(make(tag, cell.tokens));
      const align = token.align[column];
      if (align) made.className = `align-${align}`;
      element.append(made);
    });
    return element;
  };
  const scroller = make("div");
  scroller.className = "table";
  const element = make("table");
  const head = make("thead");
  head.append(row(token.header, "th"));
  const body = make("tbody");
  body.append(...token.rows.map((cells) => row(cells, "td")));
  element.append(head, body);
  scroller.append(element);
  return scroller;
}

function codeBlock(text: string, language: string): HTMLElement {
  const frame = make("div");
  frame.className = "code";
  const bar = make("div");
  bar.className = "code-bar";
  const name = make("span");
  appendText(name, language.split(/\s/)[0]!.slice(0, 30) || "text");
  const button = make("button") as HTMLButtonElement;
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy code");
  button.addEventListener("click", () => {
    void copyText(text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  bar.append(name, button);
  const pre = make("pre");
  pre.tabIndex = 0;
  const code = make("code");
  appendText(code, text);
  pre.append(code);
  frame.append(bar, pre);
  return frame;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", copy: "©", reg: "®",
  hellip: "…", mdash: "—", ndash: "–", times: "×", deg: "°", euro: "€", rarr: "→", larr: "←",
};

/** Resolve character references: the reader of Markdown leaves them to HTML. */
function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,8}));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = dec !== undefined ? parseInt(dec, 10) : parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

customElements.define("gp-markdown", MarkdownElement);
