import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Bar, chart } from './html-chart.ts';
import { Html, html, jsonInPage } from './html-text.ts';
import type { ReportContext, ReportedBatches, ReportKind, ReportRow } from './report.ts';
import { amount, descending, Tally } from './tally.ts';

/** More would make a page that no browser shows at ease. The counts and charts are of all. */
const mostListed = 50_000;
const mostNotes = 1_000;
const mostBars = 14;

const fileOfPage = (name: string): string => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');

const findingColumns = [
  ['severity', 'Severity'],
  ['object', 'Object'],
  ['attribute', 'Attribute'],
  ['value', 'Value'],
  ['rule', 'Rule'],
  ['message', 'What is wrong'],
  ['proposal', 'Proposal'],
] as const;

const predictionColumns = [
  ['severity', 'Severity'],
  ['rule', 'Outcome'],
  ['certainty', 'How sure'],
  ['object', 'Object'],
  ['attribute', 'Attribute'],
  ['value', 'Value'],
  ['message', 'What will happen'],
] as const;

const idFixColumns = [
  ['object', 'Object'],
  ['attribute', 'Attribute'],
  ['rule', 'Error'],
  ['action', 'Action'],
  ['value', 'Value'],
  ['proposal', 'Update'],
  ['message', 'Note'],
] as const;

interface Wording {
  readonly title: string;
  readonly columns: readonly (readonly [name: string, title: string])[];
  /** Plural of what is listed. */
  readonly noun: string;
  /** What `rule` is called. */
  readonly rule: string;
}

const wordings: Readonly<Record<ReportKind, Wording>> = {
  findings: { title: 'Directory audit', columns: findingColumns, noun: 'findings', rule: 'Rule' },
  predictions: { title: 'Next synchronisation', columns: predictionColumns, noun: 'predictions', rule: 'Outcome' },
  'idfix-rows': { title: 'Directory audit', columns: idFixColumns, noun: 'rows', rule: 'Error' },
};

/**
 * One file that needs nothing else: no network, no other file. The findings are written as they come, as data that the script
 * of the page shows; the counts, known at the end, come after them.
 */
export async function* writeHtml(found: ReportedBatches, context: ReportContext): AsyncGenerator<string> {
  const style = fileOfPage('report.css');
  const script = fileOfPage('report.js');
  const tally = new Tally();
  const notes: ReportRow[] = [];
  let listed = 0;

  yield head(context, style, script).toString();
  yield '<script type="application/json" id="findings">[';
  for await (const batch of found) {
    let text = '';
    for (const { row } of batch) {
      tally.add(row);
      if (row.isNote) {
        if (notes.length < mostNotes) notes.push(row);
      } else if (listed < mostListed) text += `${listed++ === 0 ? '\n' : ',\n'}${jsonInPage(shown(row))}`;
    }
    if (text !== '') yield text;
  }
  yield ']</script>\n';
  yield body(context, tally, notes, listed).toString();
  const program = tally.findings === 0 ? html`` : html`<script>${Html.trusted(script)}</script>\n`;
  yield html`${program}</body>
</html>
`.toString();
}

/** `isNote` and `objectGUID` are of no use there. */
const shown = ({ isNote: _, objectGUID: __, ...row }: ReportRow) => row;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function head({ kind, now }: ReportContext, style: string, script: string): Html {
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${wordings[kind].title}, ${now.slice(0, 10)}</title>
<style>${Html.trusted(style)}</style>
</head>
<body>
`;
}

function body(context: ReportContext, tally: Tally, notes: readonly ReportRow[], listed: number): Html {
  const { kind, profile, now, sources, objects, incomplete } = context;
  return html`<header>
<h1>${wordings[kind].title}</h1>
<p class="about">${sources.join(', ')} · profile ${profile} · ${now.slice(0, 16).replace('T', ' ')} UTC</p>
${incomplete ? html`<p class="incomplete">Not everything could be read; what was left out, and why, was said when the audit ran.</p>\n` : ''}</header>
<main>
${tiles(context, tally, objects)}${charts(context, tally)}${notesOf(notes, tally.notes)}${findings(context, tally, listed)}</main>
`;
}

const isIdFix = ({ kind }: ReportContext): boolean => kind === 'idfix-rows';

function tiles(context: ReportContext, { findings: all, bySeverity }: Tally, objects: number): Html {
  const tile = (count: number, label: string, look = ''): Html =>
    html`<div class="tile ${look}"><b>${count.toLocaleString('en')}</b><span>${label}</span></div>\n`;
  return html`<section class="tiles" aria-label="Counts">
${tile(objects, 'objects read')}${tile(all, wordings[context.kind].noun)}${
  isIdFix(context)
    ? ''
    : [
        tile(bySeverity.error, 'errors', 'error'),
        tile(bySeverity.warning, 'warnings', 'warning'),
        tile(bySeverity.information, 'information', 'information'),
      ]
}</section>
`;
}

function charts(context: ReportContext, { byRule, byAttribute, bySeverity, findings: all }: Tally): Html {
  if (all === 0) return html``;
  const severities = (['error', 'warning', 'information'] as const).map((severity) => ({
    label: severity,
    count: bySeverity[severity],
    shows: addressOf('severity', severity),
    look: severity,
  }));
  return html`<div class="charts">
${isIdFix(context) ? '' : chart('By severity', severities)}${chart(`By ${wordings[context.kind].rule.toLowerCase()}`, bars('rule', byRule))}${chart('By attribute', bars('attribute', withoutNone(byAttribute)))}</div>
`;
}

/** A prediction may be about an object as a whole. */
const withoutNone = (counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  new Map([...counts].filter(([name]) => name !== ''));

const addressOf = (name: string, value: string): string => new URLSearchParams({ [name]: value }).toString();

function bars(name: string, counts: ReadonlyMap<string, number>): Bar[] {
  const all = descending(counts);
  const first = all
    .slice(0, mostBars)
    .map(([label, count]) => ({ label, count, shows: addressOf(name, label), look: '' }));
  const rest = all.slice(mostBars);
  if (rest.length === 0) return first;
  const count = rest.reduce((sum, [, more]) => sum + more, 0);
  return [...first, { label: `${rest.length} others`, count, shows: '', look: '' }];
}

function notesOf(notes: readonly ReportRow[], all: number): Html {
  if (all === 0) return html``;
  const rest = all - notes.length;
  return html`<details class="notes"><summary>Carried over from IdFix: ${amount(all, 'value')} without a finding</summary><ul>
${notes.map(({ object, attribute, value, idFix }) => html`<li>${object}, ${attribute} <code>${value ?? '(absent)'}</code>: ${idFix}</li>\n`)}${
  rest > 0 ? html`<li>and ${rest.toLocaleString('en')} more</li>\n` : ''
}</ul></details>
`;
}

function findings(context: ReportContext, { findings: all }: Tally, listed: number): Html {
  if (all === 0) return html`<section class="findings"><h2>Nothing found</h2></section>\n`;
  const { columns, rule } = wordings[context.kind];
  const choice = (name: string, label: string): Html =>
    html`<label>${label}<select data-filter="${name}"><option value="">all</option></select></label>\n`;
  const severity = html`<label>Severity<select data-filter="severity"><option value="">all</option><option>error</option><option>warning</option><option>information</option></select></label>\n`;
  return html`<section class="findings" aria-label="Findings">
${listed < all ? html`<p class="incomplete">The first ${listed.toLocaleString('en')} of ${all.toLocaleString('en')} are listed here. Take the format csv or json for all.</p>\n` : ''}<noscript><p class="incomplete">The list needs JavaScript, which is part of this file.</p></noscript>
<div class="filters">
<label class="search">Search<input type="search" data-filter="q" placeholder="name, DN, value, words of the message"></label>
${isIdFix(context) ? '' : severity}${choice('rule', rule)}${context.kind === 'predictions' ? choice('certainty', 'How sure') : ''}${choice('attribute', 'Attribute')}${choice('objectType', 'Object type')}</div>
<div class="table"><table><caption aria-live="polite"></caption>
<thead><tr>${columns.map(([name, title]) => html`<th scope="col" data-column="${name}"><button type="button">${title}</button></th>`)}</tr></thead>
<tbody></tbody></table></div>
<nav aria-label="Pages"><button type="button" id="previous">Previous</button><span id="place"></span><button type="button" id="next">Next</button></nav>
</section>
`;
}
