import { z } from 'zod';

/**
 * The part of an attribute that a change speaks of. For a multi-valued attribute only the touched values and the primary
 * address count: other writers may add values of their own without making a plan stale.
 */
export const valueState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single'), value: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('multiple'),
    present: z.array(z.string()),
    absent: z.array(z.string()),
    /** The primary address (value with the prefix `SMTP:`), null when there is none. */
    primary: z.string().nullable(),
  }),
]);
export type ValueState = z.infer<typeof valueState>;

/** One modification of one attribute of one object, on the side that owns it. */
export const change = z.strictObject({
  target: z.enum(['entra', 'active-directory']),
  /** Entra: the object id; Active Directory: the objectGUID. */
  objectId: z.string(),
  objectType: z.enum(['user', 'group', 'contact']),
  /** How people know the object: display name or DN when the plan was made. Never used to find it. */
  objectName: z.string(),
  /** Active Directory only: DNS name of the forest whose directory holds the object. */
  forest: z.string().optional(),
  attribute: z.string(),
  operation: z.enum(['add', 'delete', 'replace']),
  /**
   * Values added or deleted, or the one new value of a replace (empty: the attribute is cleared). A replace on a
   * multi-valued attribute exchanges the values of `before.present` for these, in one modification, and leaves every
   * other value alone: it is how one primary address takes the place of another.
   */
  values: z.array(z.string()),
  before: valueState,
  after: valueState,
  /** A claim is written only after Entra has proven that the release took effect. */
  stage: z.enum(['release', 'claim']),
});
export type Change = z.infer<typeof change>;
