/** Keeps the newest in sight, unless the person looks at something older. */

// Closer to the end than this counts as being there.
const NEAR = 60;

export class ScrollKeeper {
  #isPinned = true;
  #lastTop = 0;
  #heldFromEnd: number | null = null;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly listener: { moved(isFar: boolean): void; reachedTop(): void },
  ) {
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Markdown is laid out after the page's own update; so are fonts and windows.
    const observer = new ResizeObserver(() => this.keep());
    observer.observe(scroller);
    observer.observe(scroller.firstElementChild!);
  }

  get #fromEnd(): number {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  /** Go to the newest, and stay there. */
  toEnd(): void {
    this.#isPinned = true;
    this.keep();
    this.listener.moved(false);
  }

  /** Older things will be put above: what is looked at must not move. */
  holdPlace(): void {
    this.#heldFromEnd = this.#fromEnd;
  }

  /** The contents changed. */
  keep(): void {
    const { scroller } = this;
    if (this.#heldFromEnd !== null && !this.#isPinned) {
      scroller.scrollTop = scroller.scrollHeight - scroller.clientHeight - this.#heldFromEnd;
    } else if (this.#isPinned) {
      scroller.scrollTop = scroller.scrollHeight;
    }
    this.#lastTop = scroller.scrollTop;
  }

  #scrolled(): void {
    const top = this.scroller.scrollTop;
    const isUpwards = top < this.#lastTop - 1;
    this.#lastTop = top;
    this.#heldFromEnd = null;
    // Growing text moves the end away; only the person moves upwards.
    if (isUpwards && this.#fromEnd > 4) this.#isPinned = false;
    if (this.#fromEnd < (isUpwards ? 4 : NEAR)) this.#isPinned = true;
    this.listener.moved(!this.#isPinned && this.#fromEnd > NEAR);
    if (isUpwards && top < 400) this.listener.reachedTop();
  }
}
