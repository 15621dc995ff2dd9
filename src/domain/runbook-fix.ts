import type { Fix, Risk, Step } from './diagnosis.ts';
import { planHash } from './plan-hash.ts';

/** A fix that only a person can carry out. */
export function runbookFix(fix: { id: string; title: string; risk: Risk; runbook: Step[]; notes?: string[] }): Fix {
  return { kind: 'runbook', recommended: false, planHash: planHash([]), changes: [], derived: [], notes: [], ...fix };
}
