import { type Html, html } from './html-text.ts';

export interface Bar {
  readonly label: string;
  readonly count: number;
  /** Part of the address after # that shows what the bar counts; empty: nothing does. */
  readonly shows: string;
  /** A class of the style sheet. */
  readonly look: string;
}

const width = 440;
const labelWidth = 220;
const barWidth = 150;
const height = 26;
const longestLabel = 29;

/** Horizontal bars, each a link to the rows that it counts. */
export function chart(title: string, bars: readonly Bar[]): Html {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return html`<section class="chart"><h2>${title}</h2>
<svg viewBox="0 0 ${width} ${bars.length * height}" role="img" aria-label="${inWords(title, bars)}">
${bars.map((bar, position) => barOf(bar, position * height, lengthOf(bar.count, most)))}</svg></section>
`;
}

const inWords = (title: string, bars: readonly Bar[]): string =>
  `${title}: ${bars.map(({ label, count }) => `${label} ${count}`).join(', ')}`;

/** What there is must be seen, however little. */
const lengthOf = (count: number, most: number): number => (count === 0 ? 0 : Math.max(1.5, (barWidth * count) / most));

function barOf({ label, count, shows, look }: Bar, top: number, length: number): Html {
  const middle = top + height / 2 + 5;
  const drawn = html`<rect class="reach" x="0" y="${top}" width="${width}" height="${height}"/>
<text x="0" y="${middle}">${label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label}</text>
<rect class="${look}" x="${labelWidth}" y="${top + 5}" width="${length.toFixed(1)}" height="${height - 10}" rx="3"/>
<text class="count" x="${(labelWidth + length + 8).toFixed(1)}" y="${middle}">${count.toLocaleString('en')}</text>`;
  if (shows === '') return html`<g><title>${label}: ${count}</title>${drawn}</g>\n`;
  return html`<a href="#${shows}"><title>${label}: ${count}</title>${drawn}</a>\n`;
}
