import { z } from 'zod';
import type { OutgoingMessage } from '../ports.ts';

/** Body of a message that says: go on with this request. */
export const preflightMessage = z.strictObject({
  v: z.literal(1),
  tenant: z.string().min(1),
  preflight: z.string().regex(/^[0-9a-f]{32}$/),
  /** How often it has been put off without getting further. */
  attempt: z.int().min(0),
});
export type PreflightMessage = z.infer<typeof preflightMessage>;

/** @param done objects that are answered already */
export function wakePreflight(tenant: string, id: string, done: number, attempt: number): OutgoingMessage {
  return {
    queue: 'preflight',
    id: `${id}.${done}.${attempt}`,
    body: { v: 1, tenant, preflight: id, attempt } satisfies PreflightMessage,
  };
}
