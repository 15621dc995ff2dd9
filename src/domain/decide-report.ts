import type { Case, CaseStateName } from './case.ts';
import { type Command, type Decision, nothing } from './decide.ts';

type ReportCommand = Extract<
  Command,
  { do: 'report' | 'noteAbsence' | 'recordDiagnosis' | 'requestDiagnosis' | 'merge' }
>;

/** A diagnosis may replace what these states show; in all others an approved plan is under way or the case has ended. */
const open: readonly CaseStateName[] = [
  'Detected',
  'AwaitingApproval',
  'NeedsPerson',
  'Stale',
  'Failed',
  'Reopened',
  'Reverted',
  'Expired',
  'PartlyApplied',
];

export function decideReport(command: ReportCommand, subject: Case | undefined): Decision {
  if (command.do === 'report') return report(command, subject);
  if (!subject) return nothing;
  switch (command.do) {
    case 'noteAbsence':
      return noteAbsence(command.source, subject);
    case 'recordDiagnosis': {
      if (!open.includes(subject.state)) return nothing;
      const { do: _command, ...data } = command;
      return { events: [{ type: 'Diagnosed', data }] };
    }
    case 'requestDiagnosis':
      return requestDiagnosis(command, subject);
    case 'merge':
      return open.includes(subject.state) && command.into !== subject.id
        ? { events: [{ type: 'MergedInto', data: { into: command.into, reason: command.reason } }] }
        : nothing;
  }
}

function report({ id, keys, sighting }: Extract<Command, { do: 'report' }>, subject: Case | undefined): Decision {
  const sighted = { events: [{ type: 'Sighted' as const, data: { id: subject?.id ?? id, keys, sighting } }] };
  if (!subject) return sighted;
  const unheardOf = subject.sources[sighting.source] === undefined || keys.some((key) => !subject.keys.includes(key));
  const cameBack = (subject.sources[sighting.source] ?? 0) > 0 || subject.state === 'Resolved';
  return unheardOf || cameBack ? sighted : nothing;
}

/** Two complete reads in a row without the error ask for one look; that look, not the absence, closes the case. */
function noteAbsence(source: string, subject: Case): Decision {
  const reads = subject.sources[source];
  if (reads === undefined || reads >= 2 || !open.includes(subject.state)) return nothing;
  return { events: [{ type: 'AbsentSeen', data: { source, reads: reads + 1 } }] };
}

function requestDiagnosis({ reason, byPerson }: Extract<Command, { do: 'requestDiagnosis' }>, subject: Case): Decision {
  const event: Decision = { events: [{ type: 'DiagnosisRequested', data: { reason } }] };
  if (open.includes(subject.state)) return event;
  if (!byPerson) return nothing;
  const why = reasonAgainstDiagnosis(subject);
  return why === undefined ? event : { refusal: { code: 'WrongState', message: why } };
}

function reasonAgainstDiagnosis({ state, mergedInto }: Case): string | undefined {
  switch (state) {
    case 'MergedInto':
      return `The case is part of ${mergedInto}; look there.`;
    case 'Approved':
    case 'Applying':
    case 'Applied':
      return `The case is ${state}: its plan is under way and is verified by itself.`;
    case 'UndoProposed':
      return 'An undo is proposed: approve or reject it first.';
    default:
      return undefined;
  }
}
