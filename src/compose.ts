import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { createAuditFiles } from './adapters/blobs/audit-files.ts';
import { createEvidenceStore } from './adapters/blobs/evidence-store.ts';
import { createPreflightStore } from './adapters/blobs/preflight-store.ts';
import { createGraph } from './adapters/graph/graph.ts';
import { createRelayClient } from './adapters/relay/relay-client.ts';
import { createMessages } from './adapters/service-bus/messages.ts';
import { createAuditRuns } from './adapters/tables/audit-runs.ts';
import { createAuditTrail } from './adapters/tables/audit-trail.ts';
import { createCaseStore } from './adapters/tables/case-store.ts';
import { createLaneRecords, createSourceLeases } from './adapters/tables/leases.ts';
import type { AuditConfig, Config } from './config.ts';
import type { ApplyPolicy } from './domain/apply-gate.ts';
import type { Actor } from './domain/case.ts';
import type { AskedForm } from './domain/preflight.ts';
import { sha256 } from './domain/sha256.ts';
import { type Approval, approve, type PersonPolicy, recheck, reject, undo } from './pipeline/answer-person.ts';
import { apply } from './pipeline/apply.ts';
import type { AuditPolicy } from './pipeline/audit-policy.ts';
import { detect } from './pipeline/detect.ts';
import { diagnose } from './pipeline/diagnose.ts';
import { type ListRequest, listCases } from './pipeline/list.ts';
import { preflightMessage, wakePreflight } from './pipeline/preflight-message.ts';
import {
  auditTrend,
  type FindingsRequest,
  listAudits,
  type PredictionsRequest,
  readAudit,
  readFindings,
  readPredictions,
} from './pipeline/read-audits.ts';
import { readPreflight } from './pipeline/read-preflight.ts';
import { receive } from './pipeline/receive.ts';
import { resendDeadPreflights } from './pipeline/resend-preflights.ts';
import { sweep } from './pipeline/sweep.ts';
import { verify } from './pipeline/verify.ts';
import type { CaseMessage } from './pipeline/wake.ts';
import { caseMessage, laneMessage, wakeLane } from './pipeline/wake.ts';
import type { AuditFiles, AuditTrail, CaseStore, Clock, EvidenceEraser, OutgoingMessage } from './ports.ts';

const clock: Clock = { now: () => new Date() };

/** Everything that the functions can do, wired to the real systems that the configuration names. Nothing connects before it is used. */
export type Composition = ReturnType<typeof compose>;

export function compose(config: Config) {
  const tenant = config.SYNCMEND_TENANT_ID;
  const credential = managedIdentity(config.SYNCMEND_IDENTITY_CLIENT_ID);
  const tables = { url: config.SYNCMEND_TABLES_URL, credential, tenant };
  const graph = createGraph({ baseUrl: config.SYNCMEND_GRAPH_URL, credential, tenant, clock });
  const relay = createRelayClient({
    url: config.SYNCMEND_RELAY_URL,
    credential,
    scope: config.SYNCMEND_RELAY_SCOPE,
    tenant,
    ...objectsOptions(config),
  });
  const ports = {
    clock,
    tenant,
    random: Math.random,
    pause: (milliseconds: number) => sleep(milliseconds),
    store: createCaseStore(tables),
    leases: createSourceLeases(tables, clock),
    lanes: createLaneRecords(tables),
    evidence: createEvidenceStore({ url: config.SYNCMEND_BLOBS_URL, credential }),
    preflights: createPreflightStore({ url: config.SYNCMEND_BLOBS_URL, credential }),
    messages: createMessages({
      namespace: config.ServiceBus__fullyQualifiedNamespace,
      credential,
      ...(config.SYNCMEND_SERVICE_BUS_ENDPOINT ? { customEndpointAddress: config.SYNCMEND_SERVICE_BUS_ENDPOINT } : {}),
    }),
    directory: graph.directory,
    onPremises: relay.onPremises,
    target: (lane: string) => (lane.startsWith('ad:') ? relay.target : graph.target),
  };
  const sources = { graph: graph.source, 'sync-engine': relay.source };
  const runs = createAuditRuns(tables);
  const blobs = createAuditFiles({ url: config.SYNCMEND_BLOBS_URL, credential });
  const files: AuditFiles = {
    ...blobs,
    async *read(name, offset) {
      const { jsonLines } = await import('./adapters/files/json-lines.ts');
      yield* jsonLines(blobs.chunks(name, offset));
    },
  };
  const person = personPolicy(config);
  const verification = {
    audit: auditPolicy(config),
    releaseIntervalSeconds: config.SYNCMEND_RELEASE_INTERVAL_SECONDS,
    pollSeconds: config.SYNCMEND_VERIFY_POLL_SECONDS,
  };

  return {
    config,
    detect: (...names: (keyof typeof sources)[]) =>
      Promise.all(names.map((name) => detect(ports, sources[name], randomUUID()))),
    /** The rules, and what reads with them, are loaded with the first run. */
    async audit(asked: 'full' | 'changes') {
      const [{ audit }, { ndjsonSource }] = await Promise.all([
        import('./pipeline/audit.ts'),
        import('./adapters/files/ndjson-source.ts'),
      ]);
      const auditPorts = {
        ...ports,
        objects: relay.objects,
        cloudObjects: graph.objects,
        files,
        runs,
        sourceOf: (names: readonly string[], onProblem: (message: string) => void) =>
          ndjsonSource(
            () => chunksOf(blobs, names),
            ({ line, message }) => onProblem(`Line ${line} of the files of this run: ${message}`),
          ),
      };
      const limits = { mostCases: config.SYNCMEND_AUDIT_MOST_CASES };
      return audit(auditPorts, auditPolicy(config), limits, asked, randomUUID());
    },
    listAudits: (pageSize: number, continuationToken: string | undefined) =>
      listAudits(runs, pageSize, continuationToken),
    readAudit: (id: string) => readAudit(runs, id),
    readFindings: (id: string, request: FindingsRequest) => readFindings(runs, files, id, request),
    readPredictions: (id: string, request: PredictionsRequest) => readPredictions(runs, files, id, request),
    async listLeavers(days: number | undefined, pageSize: number, continuationToken: string | undefined) {
      const { listLeavers } = await import('./pipeline/leavers.ts');
      const leaverPorts = { ...ports, accounts: graph.accounts, runs, files };
      return listLeavers(leaverPorts, auditPolicy(config), { days, pageSize, continuationToken });
    },
    auditTrend: (days: number) => auditTrend(runs, clock.now(), days),
    diagnose: (body: unknown) =>
      receive(ports, 'diagnose', caseMessage, body, (message) => diagnose(ports, person, message), again('diagnose')),
    apply: (body: unknown) =>
      receive(
        ports,
        'apply',
        laneMessage,
        body,
        (message) => apply(ports, applyPolicy(config), message),
        ({ lane }, later) => wakeLane(tenant, lane, later(0)),
      ),
    verify: (body: unknown) =>
      receive(ports, 'verify', caseMessage, body, (message) => verify(ports, verification, message), again('verify')),
    /** The rules of the audit are loaded with the first message or request. */
    preflight: (body: unknown) =>
      receive(
        ports,
        'preflight',
        preflightMessage,
        body,
        async (message) => {
          const { continuePreflight } = await import('./pipeline/continue-preflight.ts');
          await continuePreflight(ports, auditPolicy(config), message);
        },
        ({ preflight, attempt }, later) => ({
          ...wakePreflight(tenant, preflight, -1, attempt + 1),
          notBefore: later(attempt),
        }),
      ),
    sweep: async () => ({ ...(await sweep(ports)), deadPreflights: await resendDeadPreflights(ports) }),
    listCases: (request: ListRequest) => listCases(ports.store, request),
    async readCase(id: string) {
      const stored = await ports.store.read(id);
      if (!stored) return null;
      // What was appended between the two reads belongs to a later state than the one that is shown.
      const events = await ports.store.events(id);
      return { case: stored.case, events: events.filter(({ sequence }) => sequence <= stored.case.sequence) };
    },
    /** @param key the asker's idempotency key: with the same one the same request has the same id */
    async askPreflight(objects: readonly AskedForm[], oid: string, key: string | null) {
      const { askPreflight } = await import('./pipeline/ask-preflight.ts');
      const id =
        key === null ? randomUUID().replaceAll('-', '') : sha256(JSON.stringify([tenant, oid, key])).slice(0, 32);
      return askPreflight(ports, auditPolicy(config), objects, id);
    },
    readPreflight: (id: string, from: number, count: number) => readPreflight(ports, id, from, count),
    approve: (id: string, by: Actor, approval: Approval) => approve(ports, person, id, by, approval),
    reject: (id: string, by: Actor, reason: string) => reject(ports, id, by, reason),
    undo: (id: string, by: Actor, reason: string) => undo(ports, person, id, by, reason),
    recheck: (id: string, by: Actor, reason: string | undefined) => recheck(ports, id, by, reason),
  };
}

/** What the audit trail's command line works with. */
export interface Audit {
  readonly clock: Clock;
  readonly trail: AuditTrail;
  readonly store: CaseStore;
  readonly evidence: EvidenceEraser;
}

/** The audit trail, with the identity of whoever runs it: `az login` on a desk, a managed identity in Azure. */
export function composeAudit(config: AuditConfig): Audit {
  const credential = whoeverRunsThis(config.SYNCMEND_IDENTITY_CLIENT_ID);
  const tables = { url: config.SYNCMEND_TABLES_URL, credential, tenant: config.SYNCMEND_TENANT_ID };
  return {
    clock,
    trail: createAuditTrail(tables),
    store: createCaseStore(tables),
    evidence: createEvidenceStore({ url: config.SYNCMEND_BLOBS_URL, credential }),
  };
}

/** The same work once more, later: the attempt is part of the message's id, so that it is not taken for a duplicate. */
const again =
  (queue: 'diagnose' | 'verify') =>
  (message: CaseMessage, later: (attempt: number) => Date): OutgoingMessage => {
    const next = { ...message, attempt: message.attempt + 1 };
    return {
      queue,
      id: `${next.case}.${next.sequence}.${next.attempt}`,
      notBefore: later(message.attempt),
      body: next,
    };
  };

async function* chunksOf(
  blobs: Pick<ReturnType<typeof createAuditFiles>, 'chunks'>,
  names: readonly string[],
): AsyncGenerator<Uint8Array> {
  for (const name of names) yield* blobs.chunks(name);
}

function auditPolicy(config: Config): AuditPolicy {
  const [by, attribute = ''] = config.SYNCMEND_MATCH_OPTION.split(':');
  const scope = config.SYNCMEND_SYNC_SCOPE;
  return {
    inactiveDays: config.SYNCMEND_AUDIT_INACTIVE_DAYS,
    userNameAttribute: config.SYNCMEND_USER_NAME_ATTRIBUTE,
    // The configuration has let no other word through.
    matchOption: (by === 'attribute' ? { by, attribute } : { by }) as AuditPolicy['matchOption'],
    scope: scope.length === 0 ? null : scope,
    exchangeAuthority: config.SYNCMEND_EXCHANGE_AUTHORITY,
  };
}

/** The attribute by which persons are matched is read beside the usual ones. */
function objectsOptions(config: Config): { objects?: { further: string[] } } {
  const { matchOption } = auditPolicy(config);
  return matchOption.by === 'attribute' ? { objects: { further: [matchOption.attribute] } } : {};
}

function personPolicy(config: Config): PersonPolicy {
  return {
    exchangeAuthority: config.SYNCMEND_EXCHANGE_AUTHORITY,
    allowDirectExchangeWrites: config.SYNCMEND_ALLOW_DIRECT_EXCHANGE_WRITES,
    protectedObjects: config.SYNCMEND_PROTECTED_OBJECTS.map((name) => name.toLowerCase()),
    approval: config.SYNCMEND_APPROVAL_POLICY,
    approvalDays: config.SYNCMEND_APPROVAL_DAYS,
    fourEyes: config.SYNCMEND_FOUR_EYES,
    audit: auditPolicy(config),
  };
}

function applyPolicy(config: Config): ApplyPolicy {
  return {
    killSwitch: config.SYNCMEND_KILL_SWITCH,
    mostChangesPerRun: config.SYNCMEND_MOST_CHANGES_PER_RUN,
    mostChangesPerHour: config.SYNCMEND_MOST_CHANGES_PER_HOUR,
    ...(config.SYNCMEND_QUIET_HOURS ? { quietHours: config.SYNCMEND_QUIET_HOURS } : {}),
    breaker: { atLeast: 20, mostRefusedShare: 0.5 },
  };
}

/** The app's managed identity. */
const managedIdentity = (clientId: string | undefined): TokenCredential =>
  whenNeeded(({ ManagedIdentityCredential }) =>
    clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential(),
  );

const whoeverRunsThis = (clientId: string | undefined): TokenCredential =>
  whenNeeded(
    ({ DefaultAzureCredential }) =>
      new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : undefined),
  );

/** The SDK is loaded with the first token. */
function whenNeeded(create: (sdk: typeof import('@azure/identity')) => TokenCredential): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      credential ??= import('@azure/identity').then(create);
      return (await credential).getToken(scopes, options);
    },
  };
}
