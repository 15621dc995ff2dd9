import type { Actor, Case } from '../domain/case.ts';
import { executedFix } from '../domain/case.ts';
import type { Change } from '../domain/change.ts';
import type { Command, Refusal } from '../domain/decide.ts';
import type { Fix, Verdict } from '../domain/diagnosis.ts';
import { inverseFix, leavesNothing } from '../domain/inverse.ts';
import { kindOf } from '../errors/index.ts';
import { type Committed, commit } from './commit.ts';
import { approvedUntil, type DiagnosePolicy, type DiagnosePorts, sightingOf } from './diagnose.ts';
import { gather } from './gather.ts';
import { supersedeOthers } from './supersede-others.ts';

export interface PersonPolicy extends DiagnosePolicy {
  /** The approver of an undo is not the one who asked for it. */
  readonly fourEyes: boolean;
}

export interface Approval {
  readonly fixId: string;
  readonly planHash: string;
  readonly reason: string;
  readonly party?: Verdict | undefined;
}

/** Approves one fix; the plans of the same conflict are stale from then on. */
export async function approve(
  ports: DiagnosePorts,
  policy: PersonPolicy,
  id: string,
  by: Actor,
  approval: Approval,
): Promise<Committed> {
  const { party, ...asked } = approval;
  const committed = await commit(ports, id, by, {
    do: 'approve',
    ...asked,
    ...(party === undefined ? {} : { party }),
    until: approvedUntil(ports.clock.now(), policy.approvalDays),
    fourEyes: policy.fourEyes,
  });
  if ('case' in committed) await supersedeOthers(ports, committed.case);
  return committed;
}

export function reject(ports: DiagnosePorts, id: string, by: Actor, reason: string): Promise<Committed> {
  return request(ports, id, by, { do: 'reject', reason });
}

export function recheck(
  ports: DiagnosePorts,
  id: string,
  by: Actor,
  reason = 'A person asked for a new look.',
): Promise<Committed> {
  return request(ports, id, by, { do: 'requestDiagnosis', reason, byPerson: true });
}

const request = (ports: DiagnosePorts, id: string, by: Actor, command: Command): Promise<Committed> =>
  commit(ports, id, by, command);

/** Proposes to take back what the latest plan of the case has written; the proposal needs an approval of its own. */
export async function undo(
  ports: DiagnosePorts,
  policy: PersonPolicy,
  id: string,
  by: Actor,
  reason: string,
): Promise<Committed> {
  const subject = (await ports.store.read(id))?.case;
  if (!subject) return { refusal: { code: 'NotFound', message: 'There is no such case.' } };
  const latest = lastWritten(subject);
  if (!latest) return { refusal: nothingToUndo(subject) };
  const sought = kindOf(subject.error.code).seeks(sightingOf(subject));
  if (!sought) return { refusal: nothingToUndo(subject) };
  const { evidence } = await gather(ports, policy, subject, sought);
  return commit(ports, id, by, { do: 'proposeUndo', fix: inverseFix(latest.fix, latest.written, evidence), reason });
}

/** The newest plan of which something is left and that is not itself an undo, with the changes that it wrote. */
function lastWritten(subject: Case): { fix: Fix; written: Change[] } | undefined {
  const running = executedFix(subject);
  const runs = [...subject.done, ...(running && subject.execution ? [{ ...subject.execution, fix: running }] : [])];
  return runs
    .filter(({ fix }) => fix.undoOf === undefined)
    .map(({ fix, results }) => {
      const applied = new Set(results.filter(({ outcome }) => outcome === 'Applied').map(({ index }) => index));
      return { fix, written: fix.changes.filter((_change, index) => applied.has(index)) };
    })
    .findLast(({ written }) => !leavesNothing(written));
}

function nothingToUndo(subject: Case): Refusal {
  return {
    code: 'NothingToUndo',
    message: `Nothing has been written for this case (it is ${subject.state}), so there is nothing to take back.`,
  };
}
