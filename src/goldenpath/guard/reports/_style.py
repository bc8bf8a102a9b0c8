"""The look of the page: plain, both themes, and for paper."""

STYLE = """
:root { --ink: #1a1d21; --dim: #5b6470; --paper: #ffffff; --line: #d8dde3;
  --soft: #f3f5f7; --good: #1f7a4d; --bad: #b4232a; --mark: #2f5fd0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --dim: #9aa4b1;
  --paper: #14171b; --line: #333a43; --soft: #1d2127; --good: #5cc492; --bad: #ff7b7f;
  --mark: #8fb0ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 2rem; margin: 0; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line);
  padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
code { font: .875em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
small, .home, .more { color: var(--dim); }
.home { margin: .25rem 0; }
.verdict { font-size: 1.125rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; padding: 0; }
.tiles li { border: 1px solid var(--line); border-left: 4px solid var(--bad);
  border-radius: .375rem; padding: .5rem .9rem; background: var(--soft); }
.tiles li.good { border-left-color: var(--good); }
.tiles b { font-size: 1.375rem; margin-right: .25rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th { text-align: left; color: var(--dim); font-weight: 600; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
.bars { width: auto; } .bars td { border: 0; }
.bar { width: 16rem; } .bar span { display: block; height: 1rem;
  background: var(--mark); border-radius: 2px; margin-top: .2rem; }
.bad .bar span { background: var(--bad); }
.reasons { font-size: .9375rem; }
svg { width: 100%; height: auto; max-height: 44rem; }
svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
svg .dim { fill: var(--dim); font-size: 12px; }
svg rect { fill: var(--soft); stroke: var(--line); }
svg .home rect { stroke: var(--good); stroke-width: 2; }
svg .bad rect { stroke: var(--bad); }
svg path { fill: none; stroke: var(--dim); }
svg .bad path { stroke: var(--bad); stroke-dasharray: 4 3; }
@media print { body { font-size: 11pt; } main { max-width: none; padding: 0; }
  section, tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""
