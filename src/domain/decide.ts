import type { Actor, Case } from './case.ts';
import type { CaseEvent, ChangeResult, HolderView, ObjectView } from './case-event.ts';
import { decideApproval } from './decide-approval.ts';
import { decideExecution } from './decide-execution.ts';
import { decideReport } from './decide-report.ts';
import { decideVerification } from './decide-verification.ts';
import type { Diagnosis, Fix, Verdict } from './diagnosis.ts';
import type { Sighting } from './sighting.ts';

/** What someone or something wants of a case. Times are ISO 8601. */
export type Command =
  | { readonly do: 'report'; readonly id: string; readonly keys: string[]; readonly sighting: Sighting }
  | { readonly do: 'noteAbsence'; readonly source: string }
  | {
      readonly do: 'recordDiagnosis';
      readonly evidence: string;
      readonly gatheredAt: string;
      readonly conflictSet?: string;
      readonly subject: ObjectView;
      readonly holders: HolderView[];
      readonly diagnosis: Diagnosis;
    }
  | {
      readonly do: 'requestDiagnosis';
      readonly reason: string /** A person asked: also an ended case is looked at. */;
      readonly byPerson: boolean;
    }
  | { readonly do: 'merge'; readonly into: string; readonly reason: string }
  | {
      readonly do: 'approve';
      readonly fixId: string;
      readonly planHash: string;
      readonly reason: string;
      readonly party?: Verdict;
      readonly until: string;
      readonly fourEyes: boolean;
    }
  | { readonly do: 'reject'; readonly reason: string }
  | { readonly do: 'proposeUndo'; readonly fix: Fix; readonly reason: string }
  | { readonly do: 'expire'; readonly now: string }
  | { readonly do: 'claim'; readonly lane: string; readonly now: string }
  | { readonly do: 'recordResults'; readonly results: ChangeResult[]; readonly now: string; readonly jitter: number }
  | { readonly do: 'noteDeadLetter'; readonly queue: string }
  | { readonly do: 'proveExport'; readonly at: string; readonly proof: string }
  | { readonly do: 'noteWaiting'; readonly message: string; readonly now: string }
  | { readonly do: 'proveStage'; readonly proof: string }
  | { readonly do: 'stillQuarantined'; readonly intervalsWithoutHolder: number; readonly message: string }
  | { readonly do: 'resolve'; readonly cause: 'fixed' | 'elsewhere'; readonly proof: string }
  | { readonly do: 'confirmLater'; readonly days: number; readonly proof: string }
  | { readonly do: 'reopen'; readonly reason: string }
  | { readonly do: 'revert'; readonly reason: string };

/** Why a command was not carried out; an expected outcome. */
export interface Refusal {
  readonly code:
    | 'NotFound'
    | 'WrongState'
    | 'NoSuchFix'
    | 'RunbookOnly'
    | 'PlanHashMismatch'
    | 'PartyStatementNeeded'
    | 'FourEyes'
    | 'NothingToUndo';
  readonly message: string;
  /** With PlanHashMismatch: the current hash of that fix. */
  readonly planHash?: string;
}

/** Events to append (none: nothing to do), or the reason why not. */
export type Decision = { readonly events: readonly CaseEvent[] } | { readonly refusal: Refusal };

/** What follows from a command in a state. Pure: every choice that a case can make is made here and in its four parts. */
export function decide(command: Command, subject: Case | undefined, by: Actor): Decision {
  if (command.do === 'report') return decideReport(command, subject);
  if (!subject) return { refusal: { code: 'NotFound', message: 'There is no such case.' } };
  switch (command.do) {
    case 'noteAbsence':
    case 'recordDiagnosis':
    case 'requestDiagnosis':
    case 'merge':
      return decideReport(command, subject);
    case 'approve':
    case 'reject':
    case 'proposeUndo':
    case 'expire':
      return decideApproval(command, subject, by);
    case 'claim':
    case 'recordResults':
    case 'noteDeadLetter':
      return decideExecution(command, subject);
    default:
      return decideVerification(command, subject);
  }
}

export const nothing: Decision = { events: [] };
export const wrongState = (subject: Case, wanted: string): Decision => ({
  refusal: { code: 'WrongState', message: `The case is ${subject.state}; ${wanted}` },
});
