import type { Case, CaseStateName } from './case.ts';
import { executedFix } from './case.ts';
import { type Command, type Decision, nothing } from './decide.ts';

type VerificationCommand = Extract<
  Command,
  { do: 'proveExport' | 'proveStage' | 'stillQuarantined' | 'resolve' | 'confirmLater' | 'reopen' | 'revert' }
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

function proveStage(proof: string, subject: Case): Decision {
  if (subject.state === 'Applying') return { events: [{ type: 'ReleaseProven', data: { proof } }] };
  const undo = executedFix(subject)?.undoOf !== undefined;
  return {
    events: [undo ? { type: 'Undone', data: { proof } } : { type: 'Resolved', data: { cause: 'fixed', proof } }],
  };
}
