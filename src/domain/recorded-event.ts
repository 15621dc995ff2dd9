import { z } from 'zod';
import { caseState } from './case.ts';
import { actor, type CaseEvent, caseEvent } from './case-event.ts';

/** An event as it stands in the store: its place in the case, who and when, and (unless erased) what. */
export const recordedEvent = z.strictObject({
  v: z.literal(1),
  sequence: z.number(),
  at: z.iso.datetime(),
  by: actor,
  type: z.string(),
  /** State of the case after the event: survives erasure. */
  state: caseState,
  /** null: erased. */
  event: caseEvent.nullable(),
});
export type RecordedEvent = z.infer<typeof recordedEvent>;
export type { CaseEvent };
