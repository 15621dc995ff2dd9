import type { Case, CaseStateName } from './case.ts';
import { executedFix, toldOfWaiting } from './case.ts';
import { type Command, type Decision, nothing } from './decide.ts';

type VerificationCommand = Extract<
  Command,
  {
    do:
      | 'proveExport'
      | 'noteWaiting'
      | 'proveStage'
      | 'stillQuarantined'
      | 'resolve'
      | 'confirmLater'
      | 'reopen'
      | 'revert';
  }
>;

const closable: readonly CaseStateName[] = [
  'Detected',
  'AwaitingApproval',
  'NeedsPerson',
  'Stale',
  'Failed',
  'Reopened',
  'Reverted',
  'Expired',
  'PartlyApplied',
  'Applied',
];

/** Records what a look at the directories has shown. A look that comes too late for its state changes nothing. */
export function decideVerification(command: VerificationCommand, subject: Case): Decision {
  const awaitsProof = ['Applying', 'Applied'].includes(subject.state) && subject.execution?.awaitingProof === true;
  switch (command.do) {
    case 'proveExport':
      return awaitsProof && !subject.execution?.exportProvenAt
        ? { events: [{ type: 'ExportProven', data: { at: command.at, proof: command.proof } }] }
        : nothing;
    case 'noteWaiting':
      return awaitsProof && !subject.execution?.exportProvenAt ? noteWaiting(command, subject) : nothing;
    case 'proveStage':
      return awaitsProof ? proveStage(command.proof, subject) : nothing;
    case 'stillQuarantined': {
      const { do: _command, ...data } = command;
      return awaitsProof ? { events: [{ type: 'StillQuarantined', data }] } : nothing;
    }
    case 'resolve':
      return closable.includes(subject.state)
        ? { events: [{ type: 'Resolved', data: { cause: command.cause, proof: command.proof } }] }
        : nothing;
    case 'confirmLater':
      return subject.state === 'Resolved' && (subject.resolution?.confirmedDays ?? 0) < command.days
        ? { events: [{ type: 'ConfirmedLater', data: { days: command.days, proof: command.proof } }] }
        : nothing;
    case 'reopen':
      return awaitsProof ? { events: [{ type: 'Reopened', data: { reason: command.reason } }] } : nothing;
    case 'revert':
      return subject.state === 'Resolved' || awaitsProof
        ? { events: [{ type: 'Reverted', data: { reason: command.reason } }] }
        : nothing;
  }
}

/** A write that nothing has carried on within this time is told to a person: eight cycles of the standard schedule. */
const waitsLongAfter = 4 * 60 * 60 * 1000;
/** It is told anew once a day, because the reason may be another one by then. */
const toldAgainAfter = 24 * 60 * 60 * 1000;

function noteWaiting({ message, now }: Extract<Command, { do: 'noteWaiting' }>, subject: Case): Decision {
  const since = subject.execution?.writtenAt;
  const told = toldOfWaiting(subject);
  const elapsed = (moment: string): number => Date.parse(now) - Date.parse(moment);
  if (since === undefined || elapsed(since) < waitsLongAfter) return nothing;
  if (told !== undefined && elapsed(told) < toldAgainAfter) return nothing;
  const text = `Written at the master at ${since}, and still not in Entra at ${now}: ${message} Nothing is lost; when Entra has the change, the proof goes on by itself.`;
  return { events: [{ type: 'StillWaiting', data: { since, message: text } }] };
}

function proveStage(proof: string, subject: Case): Decision {
  if (subject.state === 'Applying') return { events: [{ type: 'ReleaseProven', data: { proof } }] };
  const undo = executedFix(subject)?.undoOf !== undefined;
  return {
    events: [undo ? { type: 'Undone', data: { proof } } : { type: 'Resolved', data: { cause: 'fixed', proof } }],
  };
}
