import { z } from 'zod';

/** More are answered by the worker, under a status address. */
export const mostLiveObjects = 20;
/** New values of all objects of a request that is answered at once: each takes a look into both directories. */
export const mostLiveValues = 100;
export const mostPreflightObjects = 5000;
export const largestPreflightBody = 1024 * 1024;
/** Answers are kept for so long. */
export const preflightDays = 7;

const text = z.string().min(1).max(2048);

/** By what an existing object is named: exactly one. */
const existing = z
  .strictObject({
    objectGUID: z.guid('must be a GUID in its dashed form').toLowerCase().optional(),
    distinguishedName: text.optional(),
    userPrincipalName: text.optional(),
    entraId: z.guid('must be the id of an object of Entra, a GUID').toLowerCase().optional(),
  })
  .refine((named) => Object.keys(named).length === 1, {
    error: 'name it by one of objectGUID, distinguishedName, userPrincipalName and entraId',
  });

const attributeValue = z.union(
  [z.string().max(4096), z.number(), z.boolean(), z.array(z.string().max(4096)).max(2000), z.null()],
  { error: 'must be text, a number, true, false, a list of texts, or null to clear it' },
);

/** An object that somebody wants to create, or attributes of one that somebody wants to change. */
export const askedObject = z.strictObject({
  /** The asker's own name for it; its place in the request when absent. */
  key: z.string().min(1).max(200).optional(),
  /** Absent: it is to be created. */
  existing: existing.optional(),
  /** Of a new object. */
  objectType: z.enum(['user', 'group', 'contact']).default('user'),
  /** Where a new object is to be created. */
  createIn: z.enum(['active-directory', 'entra']).default('active-directory'),
  /** By LDAP name. */
  attributes: z
    .record(z.string().max(100), attributeValue)
    .refine((attributes) => Object.keys(attributes).length > 0, { error: 'give at least one attribute' }),
});
export type AskedForm = z.output<typeof askedObject>;

export const preflightRequest = z.strictObject({
  objects: z
    .array(askedObject)
    .min(1, 'give at least one object')
    .max(mostPreflightObjects, `give at most ${mostPreflightObjects} objects`)
    .check((context) => {
      for (const [place, { name, first }] of repeated(context.value))
        context.issues.push({
          code: 'custom',
          input: context.value[place],
          path: [place, name],
          message: `is that of objects.${first} too`,
        });
    }),
});

/** Objects that cannot be told from an earlier one of the request. */
function repeated(objects: readonly AskedForm[]): [place: number, { name: string; first: number }][] {
  const firsts = new Map<string, number>();
  return objects.flatMap(({ key, existing: named }, place) => {
    const marks = [
      ['key', key ?? String(place)] as const,
      ...(named ? [['existing', JSON.stringify(named)] as const] : []),
    ];
    return marks.flatMap(([name, mark]): [number, { name: string; first: number }][] => {
      const known = `${name} ${mark.toLowerCase()}`;
      const first = firsts.get(known);
      if (first === undefined) firsts.set(known, place);
      return first === undefined ? [] : [[place, { name, first }]];
    });
  });
}

/** How far the worker has come with a long request. */
export const preflightJob = z.strictObject({
  v: z.literal(1),
  tenant: z.string(),
  state: z.enum(['queued', 'running', 'completed', 'failed']),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  total: z.number(),
  /** Objects that are answered, from the first on. */
  done: z.number(),
  /** Why it waits, or has failed. */
  message: z.string().optional(),
  /** SHA-256 of the request: one idempotency key, one request. */
  requestHash: z.string(),
  /** How often its message has become a dead letter since it last got further. */
  deadLetters: z.number(),
  /** What has been proposed to which object, so that nobody else is. */
  promised: z.array(z.tuple([z.string(), z.number()])),
});
export type PreflightJob = z.output<typeof preflightJob>;

export const isPreflightId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id);
