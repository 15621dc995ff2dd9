import { type Case, executedFix, pendingChanges } from './case.ts';
import type { Change } from './change.ts';

/** One directory that is written by one worker at a time: `entra:<tenant>` or `ad:<forest>`. */
export function laneOf(tenant: string, change: Change): string {
  return change.target === 'entra' ? `entra:${tenant}` : `ad:${change.forest ?? 'unknown'}`;
}

/** The lane that has the case's next write, if one may be tried, and the moment from which. */
export function dueWork(subject: Case): { lane: string; notBefore: string } | undefined {
  const { execution } = subject;
  const writable = subject.state === 'Approved' || (subject.state === 'Applying' && !execution?.awaitingProof);
  const next = pendingChanges(subject)[0];
  const change = next === undefined ? undefined : executedFix(subject)?.changes[next];
  if (!writable || !execution || !change) return undefined;
  return { lane: laneOf(subject.tenant, change), notBefore: execution.notBefore ?? execution.at };
}
