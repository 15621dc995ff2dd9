import type { Case } from '../domain/case.ts';
import { system } from '../domain/case-event.ts';
import { type CommitPorts, commit } from './commit.ts';

/** Approving a plan makes the plans of the same pair of objects stale: they were made for objects that will change. */
export async function supersedeOthers(ports: CommitPorts, approved: Case): Promise<void> {
  if (!approved.conflictSet) return;
  const others = (await ports.store.summaries()).filter(
    (other) =>
      other.id !== approved.id &&
      other.conflictSet === approved.conflictSet &&
      ['AwaitingApproval', 'NeedsPerson'].includes(other.state),
  );
  for (const other of others) {
    await commit(ports, other.id, approved.execution?.by ?? system, {
      do: 'requestDiagnosis',
      reason: 'A plan for the same pair of objects was approved; this case is diagnosed again.',
      byPerson: false,
    });
  }
}
