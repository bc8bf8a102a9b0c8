"""The look of the page: plain, both themes, narrow screens, and paper."""

STYLE = """
:root { color-scheme: light dark;
  --ink: #1a1d21; --dim: #57606c; --paper: #ffffff; --line: #d0d6dd;
  --soft: #f3f5f7; --good: #1f7a4d; --bad: #b4232a; --mark: #2f5fd0; }
@media screen and (prefers-color-scheme: dark) { :root {
  --ink: #e6e9ee; --dim: #a3adba; --paper: #14171b; --line: #3b434d;
  --soft: #1d2127; --good: #5cc492; --bad: #ff7b7f; --mark: #8fb0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 2rem 1.25rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; text-wrap: balance; }
h2, h3, h4 { line-height: 1.3; margin: 2rem 0 .75rem; }
h2 { font-size: 1.375rem; margin-top: 2.5rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 1.125rem; }
h4 { font-size: 1rem; }
p { margin: .5rem 0; }
a { color: var(--mark); }
code { font: .875em/1.4 ui-monospace, monospace; unicode-bidi: isolate; }
:is(a, summary, .wide):focus-visible { outline: 3px solid var(--mark);
  outline-offset: 2px; border-radius: 2px; }
small, .home-place, .more, .note, .none, .way, summary, footer { color: var(--dim); }
.verdict { font-size: 1.125rem; }
.tag, .hidden { border: 1px solid currentColor; border-radius: .25rem;
  padding: 0 .3rem; font-size: .8125rem; white-space: nowrap; }
.tag { color: var(--dim); }
.tag.bad, .hidden { color: var(--bad); }

.tiles { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; padding: 0;
  margin: 1rem 0; }
.tiles li { border: 1px solid var(--line); border-left: 4px solid var(--bad);
  border-radius: .375rem; padding: .5rem .9rem; background: var(--soft); }
.tiles b { font-size: 1.375rem; margin-right: .25rem; }
.sign { color: var(--bad); font-weight: 700; margin-left: .375rem; }
.tiles .good { border-left-color: var(--good); }
.good .sign { color: var(--good); }

table { border-collapse: collapse; width: 100%; font-size: .9375rem;
  margin: .75rem 0; }
th { text-align: left; font-weight: 400; }
thead th { color: var(--dim); font-weight: 600; }
th, td { padding: .375rem 1rem .375rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
thead th { vertical-align: bottom; }
th:last-child, td:last-child { padding-right: 0; }
.count { text-align: right; font-variant-numeric: tabular-nums; width: 1%; }
thead .count { white-space: nowrap; }
.way { font-size: .875rem; padding-left: 1rem; }
.ways td:nth-child(2) { white-space: nowrap; }
.places > * > tr > :first-child { width: 36%; }
details { margin: .5rem 0; }
summary { cursor: pointer; padding: .25rem 0; }

.wide { overflow-x: auto; }
.matrix { width: auto; min-width: 100%; }
.matrix tr > :first-child { position: sticky; left: 0; background: var(--paper); }
.matrix tbody th { min-width: 10rem; }
.matrix thead code { color: var(--ink); }
.no { color: var(--dim); }
.reasons > li { margin: .75rem 0; }
.reasons, .reasons ul { padding-left: 1.25rem; font-size: .9375rem; }
.bars { width: auto; }
.bars :is(th, td) { border: 0; width: auto; }
.bars .bar { width: 16rem; }
.bar span { display: block; height: 1rem; margin-top: .2rem; border-radius: 2px;
  background: var(--mark); print-color-adjust: exact; }
.bad .bar span { background: var(--bad); }

.picture { display: grid; gap: .75rem 4rem; align-items: center; margin: 1rem 0;
  grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr) minmax(0, 1fr); }
.picture ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem;
  grid-template-columns: minmax(0, 1fr); }
.picture .none { text-align: center; }
.paths li, .centre { position: relative; }
.box { border: 1px solid var(--line); border-radius: .375rem; background: var(--soft);
  padding: .5rem .75rem; }
.box code { display: block; color: var(--ink); }
.note { display: block; font-size: .8125rem; line-height: 1.35; }
.box.home { border: 2px solid var(--good); }
.box.good { border-color: var(--good); }
.box.bad { border: 1px dashed var(--bad); }
.paths li::after, .paths li::before, .paths + .centre::before { content: "";
  position: absolute; border: 0 solid var(--dim); }
.paths li::after { left: 100%; width: 2rem; top: 50%; border-top-width: 1px; }
.paths li::before { left: calc(100% + 2rem); top: -.375rem; bottom: -.375rem;
  border-left-width: 1px; }
.paths li:first-child::before { top: 50%; }
.paths li:last-child::before { bottom: 50%; }
.paths + .centre::before { right: 100%; width: 2rem; top: 50%; border-top-width: 1px; }
.paths + .centre::after { content: ""; position: absolute; right: 100%;
  top: calc(50% - .3125rem); border: .3125rem solid transparent;
  border-left: .5rem solid var(--dim); border-right: 0; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line);
  font-size: .9375rem; }

@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem; }
  h1 { font-size: 1.625rem; }
  .tiles { gap: .5rem; }
  .picture { grid-template-columns: minmax(0, 1fr); }
  .picture .none { text-align: left; }
  .picture .beside { margin-top: 1rem; }
  thead .count { white-space: normal; }
  .paths li::after, .paths li::before { display: none; }
  .paths + .centre { padding-top: 1.5rem; }
  .paths + .centre::before { left: 50%; right: auto; width: 0; top: 0; height: 1rem;
    border-width: 0 0 0 1px; }
  .paths + .centre::after { left: calc(50% - .3125rem); right: auto; top: 1rem;
    border: .3125rem solid transparent; border-top: .5rem solid var(--dim);
    border-bottom: 0; }
  .stack, .stack :is(tbody, tr, th, td) { display: block; width: auto; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  .stack tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stack :is(th, td) { border: 0; padding: .0625rem 0; text-align: left; }
  .stack.places > * > tr > :first-child { width: auto; }
  .ways td:nth-child(2) { white-space: normal; }
  .matrix tbody th { min-width: 0; }
  .stack td[data-label]::before { content: attr(data-label) ": ";
    color: var(--dim); }
  .stack.places td::before { content: none; }
  .bars { width: 100%; }
  .bars .bar { width: 40%; }
}
@page { margin: 16mm 14mm; }
@media print {
  :root { color-scheme: light; font-size: 10pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 1.5rem; }
  h1, h2, h3, h4, summary { break-after: avoid; }
  tr, .box, .tiles, .bars, .reasons > li { break-inside: avoid; }
  p { break-inside: avoid; }
  p:has(+ .wide, + .bars) { break-after: avoid; }
  .wide { overflow: visible; break-inside: avoid; }
  .matrix tr > :first-child { position: static; min-width: 0; }
  .tiles li { padding: .25rem .75rem; }
  .matrix { width: 100%; font-size: .875rem; overflow-wrap: anywhere; }
  .matrix :is(th, td) { padding-right: .5rem; }
  .matrix tbody th { overflow-wrap: break-word; }
  .picture { column-gap: 3rem; break-inside: avoid-page; }
  .paths li::after, .paths + .centre::before { width: 1.5rem; }
  .paths li::before { left: calc(100% + 1.5rem); }
  a { color: inherit; text-decoration: none; }
  details::details-content { content-visibility: visible; display: block;
    block-size: auto; }
  summary { list-style: none; }
  footer { margin-top: 1rem; break-before: avoid; }
}
"""
