import type { Markup } from './markup.ts'

/** Light and dark by the reader's wish; on paper always light, and no section is cut in two. */
export const STYLE: Markup = {
  markup: `
:root { color-scheme: light dark; --ground: #fff; --text: #1a1d21; --dim: #575e66; --line: #d8dce1; --pale: #f3f5f7;
  --first: #1c5fb0; --second: #a14a00; --good: #1b6e3c; --bad: #b3261e; --bad-ground: #fdecea; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --text: #e6e8eb; --dim: #a3abb4; --line: #363c44; --pale: #1e2329;
  --first: #7db3f5; --second: #f0a35e; --good: #6fcf97; --bad: #ff8a80; --bad-ground: #3a1f1d; } }
@media print { :root { --ground: #fff; --text: #000; --dim: #444; --line: #bbb; --pale: #f3f5f7; --first: #1c5fb0; --second: #a14a00;
  --good: #1b6e3c; --bad: #b3261e; --bad-ground: #fdecea; } body { font-size: 10pt; max-width: none; margin: 0; } section { break-inside: avoid; } a { color: inherit; } }
* { box-sizing: border-box; }
body { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1.25rem; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; } p { margin: .5rem 0; } .dim { color: var(--dim); } a { color: var(--first); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
dl.facts > div { background: var(--pale); border-radius: .5rem; padding: .6rem .8rem; } dl.facts dt { color: var(--dim); font-size: .8rem; } dl.facts dd { margin: 0; font-size: 1.15rem; font-weight: 600; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; } caption { text-align: left; color: var(--dim); padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); } thead th { color: var(--dim); font-weight: 600; } td.number, th.number { text-align: right; }
sup { font-size: .7em; line-height: 0; } sup a { text-decoration: none; padding-left: .15em; } em.kind { font-style: normal; font-size: .75em; color: var(--second); border: 1px solid; border-radius: .25rem; padding: 0 .25em; }
.limit { background: var(--pale); border-left: 4px solid var(--second); border-radius: .25rem; padding: .6rem .9rem; margin: .75rem 0; } .limit.first { background: var(--bad-ground); border-color: var(--bad); } .limit.unknown { background: var(--pale); border-color: var(--dim); }
.limit strong { display: block; } .limit strong::first-letter, dd::first-letter { text-transform: uppercase; } .ports { white-space: pre; } .limit ul { margin: .4rem 0 0; padding-left: 1.2rem; color: var(--dim); font-size: .9rem; }
.problem { border-left: 4px solid var(--second); padding: .4rem .8rem; margin: .75rem 0; background: var(--pale); }
figure { margin: 1rem 0; } figcaption { color: var(--dim); font-size: .85rem; } svg { width: 100%; height: auto; max-width: 46rem; font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); } svg .faint { fill: var(--dim); } svg .rule { stroke: var(--line); } svg .box { fill: var(--pale); stroke: var(--line); } svg .box.bad { fill: var(--bad-ground); stroke: var(--bad); stroke-width: 2; }
svg .upload { stroke: var(--first); fill: none; } svg .download { stroke: var(--second); fill: none; } svg .dot.upload { fill: var(--first); } svg .dot.download { fill: none; } svg text.upload { fill: var(--first); stroke: none; } svg text.download { fill: var(--second); stroke: none; }
svg .bar { fill: var(--first); } svg .bar.passed { fill: var(--good); } svg .bar.failed { fill: none; stroke: var(--bad); stroke-dasharray: 4 3; }
ol.sources { font-size: .8rem; color: var(--dim); } ol.sources li:target { color: var(--text); font-weight: 600; } footer { margin: 2.5rem 0 1rem; color: var(--dim); font-size: .85rem; }
`,
}
