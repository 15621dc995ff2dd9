import type { Severity } from '../../audit/finding.ts';
import type { ReportKind, ReportRow } from './report.ts';

/** Counts of what was found. */
export class Tally {
  readonly bySeverity: Record<Severity, number> = { error: 0, warning: 0, information: 0 };
  readonly byRule = new Map<string, number>();
  readonly byAttribute = new Map<string, number>();
  notes = 0;

  get findings(): number {
    return this.bySeverity.error + this.bySeverity.warning + this.bySeverity.information;
  }

  add({ severity, rule, attribute, isNote }: ReportRow): void {
    if (isNote) {
      this.notes++;
      return;
    }
    this.bySeverity[severity]++;
    this.byRule.set(rule, (this.byRule.get(rule) ?? 0) + 1);
    this.byAttribute.set(attribute, (this.byAttribute.get(attribute) ?? 0) + 1);
  }
}

/** The most frequent first. */
export const descending = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort(([a, one], [b, other]) => other - one || a.localeCompare(b, 'en'));

/** `1,234 objects`. */
export function amount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

export const nounOf: Readonly<Record<ReportKind, string>> = {
  findings: 'finding',
  predictions: 'prediction',
  'idfix-rows': 'finding',
};

export function severitiesInWords({ bySeverity }: Tally): string {
  const { error, warning, information } = bySeverity;
  return `${amount(error, 'error')}, ${amount(warning, 'warning')}, ${amount(information, 'information', 'information')}`;
}
