import { z } from 'zod';
import { valueState } from './domain/change.ts';
import { adObject, contribution } from './domain/evidence.ts';

/**
 * The HTTP shapes between the cloud side and the on-premises relay. All paths start with `/v1`. Errors are RFC 9457
 * problem details. Reads need the app role `Relay.Read`, the others `Relay.Write`.
 */

/** POST /v1/search: every object in every forest (global catalogue) that yields one value, read again in its home domain. */
export const searchRequest = z.strictObject({
  by: z.discriminatedUnion('kind', [
    /** Objects whose userPrincipalName, mail, proxyAddresses (any prefix) or mailNickname-with-domain equals the address, ignoring case. */
    z.strictObject({ kind: z.literal('address'), address: z.string().min(1).max(1123) }),
    z.strictObject({ kind: z.literal('objectGuid'), objectGuid: z.guid() }),
    /** Base64; matches objectGUID or mS-DS-ConsistencyGuid. */
    z.strictObject({ kind: z.literal('sourceAnchor'), sourceAnchor: z.string().min(1).max(60) }),
    z.strictObject({ kind: z.literal('distinguishedName'), distinguishedName: z.string().min(1).max(2048) }),
    z.strictObject({ kind: z.literal('employeeId'), employeeId: z.string().min(1).max(64) }),
    /** sAMAccountName, which is unique within a domain only. */
    z.strictObject({ kind: z.literal('accountName'), accountName: z.string().min(1).max(256) }),
  ]),
});
export type SearchRequest = z.infer<typeof searchRequest>;
export const searchResponse = z.strictObject({
  objects: z.array(adObject),
  /** Where it was looked: one entry a global catalogue. Incomplete when a forest did not answer: then the whole search is a 503. */
  searched: z.array(
    z.strictObject({
      forest: z.string(),
      domainController: z.string(),
      highestCommittedUsn: z.string(),
      invocationId: z.string(),
    }),
  ),
});
export type SearchResponse = z.infer<typeof searchResponse>;

/**
 * POST /v1/changes/read: the present state of what each change touches, on the domain controller that will be written, or on
 * the one that is named.
 */
export const directoryChange = z.strictObject({
  forest: z.string().min(1),
  objectGuid: z.guid(),
  attribute: z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/),
  operation: z.enum(['add', 'delete', 'replace']),
  values: z.array(z.string().max(1123)).max(100),
  before: valueState,
  after: valueState,
});
export type DirectoryChange = z.infer<typeof directoryChange>;
export const readStatesRequest = z.strictObject({
  changes: z.array(directoryChange).min(1).max(50),
  /** As an earlier answer named it. Another one is never asked in its place: it may not have what was written there. */
  domainController: z.string().min(1).max(255).optional(),
});
export const changeAnswer = z.discriminatedUnion('outcome', [
  /** Reading: the state found. */
  z.strictObject({ outcome: z.literal('state'), found: valueState, domainController: z.string() }),
  /** Writing: done by this request, or by an earlier one with the same idempotency key. */
  z.strictObject({
    outcome: z.literal('applied'),
    domainController: z.string(),
    /** USN of the object on that controller after the write. */
    usn: z.string(),
    at: z.iso.datetime(),
  }),
  z.strictObject({ outcome: z.literal('stale'), found: valueState, domainController: z.string() }),
  z.strictObject({ outcome: z.literal('gone'), message: z.string() }),
  z.strictObject({ outcome: z.literal('notPermitted'), message: z.string(), remedy: z.string() }),
  /** `code` such as `UpnNotUniqueInForest`, `ConstraintViolation`, `ProtectedAttribute`. */
  z.strictObject({ outcome: z.literal('refused'), code: z.string(), message: z.string() }),
  z.strictObject({ outcome: z.literal('tryAgain'), message: z.string() }),
]);
export type ChangeAnswer = z.infer<typeof changeAnswer>;
/** One answer a change, in the order asked. */
export const changeAnswers = z.strictObject({ answers: z.array(changeAnswer) });

/** POST /v1/changes: compare-and-set of each change. `begun`: an earlier attempt of this very change may have been written, so a state equal to `after` is `applied`. */
export const applyRequest = z.strictObject({
  changes: z
    .array(z.strictObject({ idempotencyKey: z.string().min(1).max(200), begun: z.boolean(), change: directoryChange }))
    .min(1)
    .max(50),
});
export type ApplyRequest = z.infer<typeof applyRequest>;

/** POST /v1/explain: which AD objects and attributes feed a cloud attribute. */
export const explainRequest = z.strictObject({
  sourceAnchor: z.string().min(1).max(60),
  attribute: z.string().min(1).max(100),
});
export const explainResponse = z.strictObject({ found: z.boolean(), contributions: z.array(contribution) });
export type ExplainResponse = z.infer<typeof explainResponse>;

/** POST /v1/metaverse-connections */
export const connectionsRequest = z.strictObject({ sourceAnchor: z.string().min(1).max(60) });
export const connectionsResponse = z.strictObject({
  found: z.boolean(),
  connectors: z.array(
    z.strictObject({ connectorName: z.string(), distinguishedName: z.string(), objectGuid: z.string().nullable() }),
  ),
});
export type ConnectionsResponse = z.infer<typeof connectionsResponse>;

/** POST /v1/connector-space-object {connectorName, distinguishedName}; for the AD connector give the objectGuid instead of the DN. */
export const connectorSpaceRequest = z.union([
  z.strictObject({ connectorName: z.string().min(1), distinguishedName: z.string().min(1) }),
  /** The AD connector of `forest` is looked up, and the object's present DN. */
  z.strictObject({ forest: z.string().min(1), objectGuid: z.guid() }),
  /** The Entra connector's object of this anchor. */
  z.strictObject({ sourceAnchor: z.string().min(1).max(60) }),
]);
export type ConnectorSpaceRequest = z.infer<typeof connectorSpaceRequest>;
export const connectorSpaceObject = z.strictObject({
  found: z.literal(true),
  connectorName: z.string(),
  distinguishedName: z.string(),
  objectType: z.string(),
  attributes: z.record(z.string(), z.array(z.string())),
  lineage: z.array(
    z.strictObject({
      attribute: z.string(),
      syncRuleName: z.string(),
      flow: z.enum(['direct', 'expression']),
      sourceAttributes: z.array(z.string()),
    }),
  ),
  connectedMvObjectId: z.string().nullable(),
  sourceAnchor: z.string().nullable(),
  exportError: z.unknown().nullable(),
  lastImportedAt: z.string().nullable(),
  lastExportedAt: z.string().nullable(),
  blockOnPremisesSync: z.boolean(),
});
export const connectorSpaceResponse = z.discriminatedUnion('found', [
  z.strictObject({ found: z.literal(false) }),
  connectorSpaceObject,
]);
export type ConnectorSpaceResponse = z.infer<typeof connectorSpaceResponse>;

/** GET /v1/scheduler */
export const schedulerResponse = z.strictObject({
  installed: z.boolean(),
  version: z.string().nullable(),
  stagingModeEnabled: z.boolean(),
  syncCycleEnabled: z.boolean(),
  schedulerSuspended: z.boolean(),
  syncCycleInProgress: z.boolean(),
  nextSyncCycleStartTimeInUtc: z.string().nullable(),
  currentlyEffectiveSyncCycleInterval: z.string().nullable(),
  nextSyncCyclePolicyType: z.string().nullable(),
});
export type SchedulerResponse = z.infer<typeof schedulerResponse>;

/** GET /v1/run-history?count=n: newest first, as the engine said. */
export const runHistoryResponse = z.strictObject({
  runs: z.array(
    z.strictObject({
      runHistoryId: z.string(),
      connectorName: z.string(),
      connectorType: z.enum(['AD', 'AAD']),
      runProfileName: z.string(),
      result: z.string(),
      startDate: z.string(),
      endDate: z.string().nullable(),
      steps: z.array(z.strictObject({ stepNumber: z.number(), stepResult: z.string() })),
    }),
  ),
});
export type RunHistoryResponse = z.infer<typeof runHistoryResponse>;

/** GET /v1/export-errors: per-object export errors of the Entra connector, as the engine said. */
export const exportErrorsResponse = z.strictObject({
  errors: z.array(
    z.strictObject({
      csObjectId: z.string(),
      connectorName: z.string(),
      distinguishedName: z.string(),
      objectType: z.string(),
      sourceAnchor: z.string(),
      onPremisesDistinguishedName: z.string().nullable(),
      errorType: z.string(),
      errorCode: z.string().nullable(),
      errorMessage: z.string(),
      extraDetails: z.array(z.strictObject({ Key: z.string(), Value: z.array(z.string()) })),
      dateOccurred: z.string(),
      firstOccurred: z.string(),
      retryCount: z.number(),
      displayName: z.string().nullable(),
    }),
  ),
});
export type ExportErrorsResponse = z.infer<typeof exportErrorsResponse>;

/** POST /v1/sync-cycles {policyType} -> 202 {id}; GET /v1/sync-cycles/{id}. A cycle asked for while one runs waits its turn; equal waiting requests share one. */
export const syncCycleRequest = z.strictObject({ policyType: z.enum(['Delta', 'Initial']) });
export const syncCycleAccepted = z.strictObject({ id: z.string() });
export const syncCycleResponse = z.strictObject({
  id: z.string(),
  policyType: z.enum(['Delta', 'Initial']),
  state: z.enum(['queued', 'running', 'completed', 'failed']),
  requestedAt: z.string(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
  /** Why it failed; null otherwise. */
  message: z.string().nullable(),
});
export type SyncCycleResponse = z.infer<typeof syncCycleResponse>;

/** Bodies above this many bytes are refused with 413. */
export const largestRelayBody = 1024 * 1024;

/** GET /v1/domains: what there is to read with `/v1/objects`. */
export const domainsResponse = z.strictObject({
  domains: z.array(z.strictObject({ forest: z.string(), domain: z.string() })),
});
export type DomainsResponse = z.infer<typeof domainsResponse>;

const usn = z.string().regex(/^\d{1,19}$/);
/**
 * How far the objects of one domain have been read, in update sequence numbers of one domain controller's database. `next` is
 * the first number that has not been read. `until` is the highest that there was when the run began; null: no run has begun,
 * and a run over the changes since then is what follows.
 */
export const objectsCheckpoint = z.strictObject({
  forest: z.string().min(1),
  domain: z.string().min(1),
  domainController: z.string(),
  invocationId: z.string(),
  mode: z.enum(['full', 'changes']),
  next: usn,
  until: usn.nullable(),
  /** When the run began. */
  at: z.iso.datetime(),
});
export type ObjectsCheckpoint = z.infer<typeof objectsCheckpoint>;

/**
 * POST /v1/objects: users, groups and contacts of one domain, as NDJSON. The first line is a `header`, the last one an `end`;
 * a stream without `end` is not complete, and is asked for again from its last `checkpoint`. Blank lines only keep the
 * connection alive.
 */
export const objectsRequest = z.strictObject({
  forest: z.string().min(1),
  domain: z.string().min(1),
  /** null: everything is read. */
  from: objectsCheckpoint.nullable(),
  /** Attributes that are read beside the usual ones, into `others`. */
  further: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/))
    .max(20)
    .default([]),
});
export type ObjectsRequest = z.infer<typeof objectsRequest>;

/** Every line but `{object: AuditObject}`, of which there are too many to look at each field twice. */
export const objectsControlLine = z.union([
  z.strictObject({
    header: z.strictObject({
      forest: z.string(),
      domain: z.string(),
      /** DNS name. */
      domainController: z.string(),
      invocationId: z.string(),
      highestCommittedUsn: usn,
      mode: z.enum(['full', 'changes']),
      /** Why everything is read although a checkpoint was given. */
      because: z.string().optional(),
    }),
  }),
  z.strictObject({ deleted: z.strictObject({ objectGUID: z.guid(), distinguishedName: z.string() }) }),
  z.strictObject({
    problem: z.strictObject({ distinguishedName: z.string(), attribute: z.string(), message: z.string() }),
  }),
  z.strictObject({ checkpoint: objectsCheckpoint }),
  /** The controller stopped answering: the last line of a stream that is not complete. */
  z.strictObject({ interrupted: z.strictObject({ message: z.string() }) }),
  /** `count`: objects and deleted ones in this stream. The next run starts from the checkpoint. */
  z.strictObject({ end: z.strictObject({ count: z.number().int(), checkpoint: objectsCheckpoint }) }),
]);
export type ObjectsControlLine = z.infer<typeof objectsControlLine>;
