/** The page's icons: drawn on a grid of 24, in the colour of the text. */

import { svg, type TemplateResult } from "lit";

const SHAPES = {
  alert: svg`<path d="M12 8v5M12 16.5v.01"/><circle cx="12" cy="12" r="9"/>`,
  arrowDown: svg`<path d="M12 5v14M6 13l6 6 6-6"/>`,
  arrowUp: svg`<path d="M12 19V5M6 11l6-6 6 6"/>`,
  check: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
  chevron: svg`<path d="M9 6l6 6-6 6"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/>`,
  leave: svg`<path d="M10 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h4M14 8l4 4-4 4M18 12H9"/>`,
  menu: svg`<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><path d="M9.5 4.5v15"/>`,
  moon: svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`,
  pen: svg`<path d="M4 20l1-4L16.5 4.5a1.4 1.4 0 0 1 2 0l1 1a1.4 1.4 0 0 1 0 2L8 19z"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  question: svg`<path d="M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1-1.3 2.1M12 17v.01"/><circle cx="12" cy="12" r="9"/>`,
  retry: svg`<path d="M5 12a7 7 0 1 0 2.3-5.2L5 9M5 4.5V9h4.5"/>`,
  screen: svg`<rect x="3.5" y="5" width="17" height="11.5" rx="1.5"/><path d="M9 20h6"/>`,
  stop: svg`<rect class="filled" x="7" y="7" width="10" height="10" rx="2"/>`,
  sun: svg`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4"/>`,
  thought: svg`<path d="M12 4l1.8 4.7L18.5 10.5l-4.7 1.8L12 17l-1.8-4.7L5.5 10.5l4.7-1.8zM18.5 16.5v4M16.5 18.5h4"/>`,
  tool: svg`<path d="M14.5 6.5a4 4 0 0 0-5.2 5.2L4 17l3 3 5.3-5.3a4 4 0 0 0 5.2-5.2l-2.6 2.6-2.5-.6-.6-2.5z"/>`,
  trash: svg`<path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7M10.5 11v5M13.5 11v5"/>`,
};

/** Return an icon; what it means stands beside it in words. */
export function icon(name: keyof typeof SHAPES): TemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[name]}</svg>` as TemplateResult;
}

/** The product's sign: a path that arrives. */
export const sign = svg`<svg class="sign" viewBox="0 0 32 32" aria-hidden="true">
  <rect width="32" height="32" rx="9"/>
  <path d="M8 23c0-6 4-6.5 8-7s8-1.5 8-7"/>
  <circle cx="8" cy="23" r="2.4"/><circle cx="24" cy="9" r="2.4"/>
</svg>`;
