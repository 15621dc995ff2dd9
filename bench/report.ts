/** One measured figure. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What it stands beside, measured in the same run. */
  readonly comparedWith?: string;
  /** What we aim at; nothing fails when it is missed. */
  readonly aim?: string;
}

/** Prints figures as a table that can be pasted into a page of documentation. */
export function report(title: string, figures: readonly Figure[]): void {
  const head = ['', 'Measured', 'Compared with', 'Aim'];
  const rows = figures.map(({ what, value, comparedWith = '', aim = '' }) => [what, value, comparedWith, aim]);
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  console.log([`\n### ${title}\n`, line(head), rule, ...rows.map(line), ''].join('\n'));
}

/** What is being done now, on stderr, so that the figures alone can be kept. */
export function progress(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
