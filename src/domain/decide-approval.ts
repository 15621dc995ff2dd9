import { type Actor, type Case, type CaseStateName, executedFix } from './case.ts';
import { type Command, type Decision, nothing, wrongState } from './decide.ts';

type ApprovalCommand = Extract<Command, { do: 'approve' | 'reject' | 'proposeUndo' | 'expire' }>;

const approvable: readonly CaseStateName[] = ['AwaitingApproval', 'NeedsPerson', 'UndoProposed'];
const rejectable: readonly CaseStateName[] = [
  'Detected',
  'AwaitingApproval',
  'NeedsPerson',
  'Approved',
  'Stale',
  'Failed',
  'Reopened',
  'Reverted',
  'Expired',
  'PartlyApplied',
  'UndoProposed',
];
const undoable: readonly CaseStateName[] = [
  'Applied',
  'Resolved',
  'PartlyApplied',
  'Failed',
  'Stale',
  'Reopened',
  'Reverted',
  'AwaitingApproval',
  'NeedsPerson',
  'UndoProposed',
  'Expired',
  'Rejected',
];

export function decideApproval(command: ApprovalCommand, subject: Case, by: Actor): Decision {
  switch (command.do) {
    case 'approve':
      return approve(command, subject, by);
    case 'reject':
      return rejectable.includes(subject.state)
        ? { events: [{ type: 'Rejected', data: { reason: command.reason } }] }
        : wrongState(subject, 'only a case that waits for a decision can be rejected.');
    case 'proposeUndo':
      return proposeUndo(command, subject);
    case 'expire':
      return subject.state === 'Approved' && subject.execution && subject.execution.until <= command.now
        ? {
            events: [
              {
                type: 'Expired',
                data: {
                  reason: 'The approval ran out before the change could be written. Recheck the case to plan anew.',
                },
              },
            ],
          }
        : nothing;
  }
}

/** An undo that is running must keep its fix: proposing another would take its place, and rejecting that would take it away. */
function proposeUndo({ fix, reason }: Extract<Command, { do: 'proposeUndo' }>, subject: Case): Decision {
  if (executedFix(subject)?.undoOf)
    return wrongState(subject, 'an undo has been written and waits for its proof; ask again when that has come.');
  const isWritten = subject.state === 'Applying' && subject.execution?.awaitingProof;
  return isWritten || undoable.includes(subject.state)
    ? { events: [{ type: 'UndoProposed', data: { fix, reason } }] }
    : wrongState(subject, 'undo is possible once something has been written.');
}

function approve(command: Extract<Command, { do: 'approve' }>, subject: Case, by: Actor): Decision {
  const { fixId, planHash, reason, party, until, fourEyes } = command;
  if (!approvable.includes(subject.state)) {
    return wrongState(subject, 'a fix can be approved in AwaitingApproval, NeedsPerson and UndoProposed.');
  }
  const fix = subject.fixes.find((candidate) => candidate.id === fixId);
  if (!fix) {
    const known = subject.fixes.map((candidate) => candidate.id).join(', ') || 'none';
    return { refusal: { code: 'NoSuchFix', message: `The case has no fix '${fixId}'. Its fixes: ${known}.` } };
  }
  if (fix.kind === 'runbook') {
    return {
      refusal: {
        code: 'RunbookOnly',
        message: 'This fix is a runbook for a person: carry it out, then recheck the case.',
      },
    };
  }
  if (fix.planHash !== planHash) {
    return {
      refusal: {
        code: 'PlanHashMismatch',
        message: 'The plan has changed since you read it. Read it again; its present hash is in planHash.',
        planHash: fix.planHash,
      },
    };
  }
  if (subject.state === 'UndoProposed' && !fix.undoOf) return wrongState(subject, 'only its undo can be approved now.');
  if (!fix.undoOf && subject.diagnosis?.party?.verdict === 'Undecided' && party !== 'DifferentParties') {
    return {
      refusal: {
        code: 'PartyStatementNeeded',
        message:
          'It is undecided whether these are one person or two. If you know that they are two, send party: "DifferentParties"; it is recorded as your statement.',
      },
    };
  }
  if (fourEyes && fix.undoOf && subject.undo?.by.oid === by.oid) {
    return { refusal: { code: 'FourEyes', message: 'You proposed this undo; someone else has to approve it.' } };
  }
  return {
    events: [{ type: 'Approved', data: { fixId, planHash, reason, ...(party === undefined ? {} : { party }), until } }],
  };
}
