import { z } from 'zod';
import type { Case } from '../domain/case.ts';
import type { CaseEvent } from '../domain/case-event.ts';
import { dueWork } from '../domain/lane.ts';
import type { OutgoingMessage } from '../ports.ts';

/** Body of a message that names a case. What it asks for is its queue's; everything else is in the case. */
export const caseMessage = z.strictObject({
  v: z.literal(1),
  tenant: z.string().min(1),
  case: z.string().regex(/^[0-9a-f]{32}$/),
  /** Event that caused the message. */
  sequence: z.int().min(0),
  /** How often this work has been put off. */
  attempt: z.int().min(0),
});
export type CaseMessage = z.infer<typeof caseMessage>;

/** Body of a message that says: this lane has approved work. */
export const laneMessage = z.strictObject({ v: z.literal(1), tenant: z.string().min(1), lane: z.string().min(1) });
export type LaneMessage = z.infer<typeof laneMessage>;

const day = 24 * 60 * 60 * 1000;
/** A dead letter waits before it is sent again, so that a broken worker has time to come back. */
const deadLetterDelay = 30_000;

/** The message that an event calls for, if any: the only place that decides who is woken. */
export function wakeFor(event: CaseEvent, subject: Case): OutgoingMessage | undefined {
  switch (event.type) {
    case 'Sighted':
      return subject.state === 'Detected' || subject.state === 'Reopened' ? wakeCase('diagnose', subject) : undefined;
    case 'DiagnosisRequested':
    case 'WentStale':
    case 'Reopened':
    case 'Reverted':
    case 'StillQuarantined':
      return wakeCase('diagnose', subject);
    case 'AbsentSeen':
      return Object.values(subject.sources).every((reads) => reads >= 2) ? wakeCase('verify', subject) : undefined;
    case 'Approved':
    case 'Postponed':
    case 'ReleaseProven': {
      const due = dueWork(subject);
      return due && wakeLane(subject.tenant, due.lane, new Date(due.notBefore));
    }
    case 'ReleaseApplied':
    case 'Applied':
    case 'ExportProven':
    case 'StillWaiting':
      return wakeCase('verify', subject);
    case 'Rejected':
      // After a rejected undo the case goes on where it was.
      return subject.state === 'Resolved' || subject.execution?.awaitingProof ? wakeCase('verify', subject) : undefined;
    case 'Resolved':
      return event.data.cause === 'fixed' ? wakeCase('verify', subject, day) : undefined;
    case 'ConfirmedLater':
      return event.data.days < 7 ? wakeCase('verify', subject, 6 * day) : undefined;
    case 'DeadLettered':
      return wakeCase(event.data.queue === 'verify' ? 'verify' : 'diagnose', subject, deadLetterDelay);
    default:
      return undefined;
  }
}

export function wakeCase(queue: 'diagnose' | 'verify', subject: Case, delay = 0, attempt = 0): OutgoingMessage {
  const { id, tenant, sequence, updatedAt } = subject;
  return {
    queue,
    id: `${id}.${sequence}.${attempt}`,
    ...(delay > 0 ? { notBefore: new Date(Date.parse(updatedAt) + delay) } : {}),
    body: { v: 1, tenant, case: id, sequence, attempt } satisfies CaseMessage,
  };
}

/**
 * Wakes of one lane for one second are one message: it is delivered when the second has begun, so that it finds the work of
 * everyone who asked for it before.
 */
export function wakeLane(tenant: string, lane: string, moment: Date): OutgoingMessage {
  const second = Math.ceil((moment.getTime() + 1) / 1000);
  return {
    queue: 'apply',
    id: `${lane}@${second}`,
    sessionId: lane,
    notBefore: new Date(second * 1000),
    body: { v: 1, tenant, lane } satisfies LaneMessage,
  };
}
