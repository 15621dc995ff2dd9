import { z } from 'zod';

/** How an object is known to the source that saw it; at least one is given. */
export const identities = z
  .strictObject({
    /** Base64 source anchor (immutableId). */
    sourceAnchor: z.string().optional(),
    /** Entra object id. */
    cloudId: z.string().optional(),
    distinguishedName: z.string().optional(),
  })
  .refine((known) => Object.values(known).some((value) => value !== undefined), 'names no identity');

/** One observation of one sync error by one source. */
export const sighting = z.strictObject({
  v: z.literal(1),
  tenant: z.string(),
  source: z.enum(['graph', 'sync-engine', 'directory-audit']),
  /** The catalogue's canonical code; `NotUnderstood` when the catalogue has none for what the source said. */
  code: z.string(),
  /** Errors of one family on the same value are one fault: a quarantine and a hard error are both `DuplicateValue`. */
  family: z.string(),
  /** The source's own word for the error. */
  originalCode: z.string(),
  objectType: z.enum(['user', 'group', 'contact', 'unknown']),
  displayName: z.string(),
  identities,
  /** LDAP or Graph name in its exact casing: `userPrincipalName`, `proxyAddresses`. */
  attribute: z.string().optional(),
  /** As the source gave it. */
  value: z.string().optional(),
  occurredAt: z.iso.datetime().optional(),
  /** Everything else that the source said, kept as it came. */
  raw: z.record(z.string(), z.unknown()),
});
export type Sighting = z.infer<typeof sighting>;
