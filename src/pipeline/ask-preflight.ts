import { claimKey, claimsOf } from '../audit/preflight/claims.ts';
import { readWanted, type WantedIdentity, type WantedObject } from '../audit/preflight/wanted.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { type AskedForm, mostLiveObjects, mostLiveValues, type PreflightJob } from '../domain/preflight.ts';
import { sha256 } from '../domain/sha256.ts';
import { type Messages, type PreflightStore, StoreUnavailable } from '../ports.ts';
import { type AuditPolicy, auditSettings } from './audit-policy.ts';
import { type PreflightPorts, preflight, type TimedAnswer } from './preflight.ts';
import { wakePreflight } from './preflight-message.ts';

export interface JobPorts extends PreflightPorts {
  readonly tenant: string;
  readonly preflights: PreflightStore;
  readonly messages: Messages;
}

/** What of the attributes cannot be read: by its field in the request. */
export interface AskedProblem {
  readonly field: string;
  readonly message: string;
}

/** What comes of a request: answers, what is wrong with it, or where its answers will be. */
export type AskedOutcome =
  | { readonly outcome: 'answered'; readonly answers: readonly TimedAnswer[] }
  | { readonly outcome: 'malformed'; readonly problems: readonly AskedProblem[] }
  | { readonly outcome: 'throttled'; readonly seconds: number }
  | { readonly outcome: 'accepted'; readonly id: string; readonly job: PreflightJob }
  | { readonly outcome: 'conflict' };

/** @param id 32 hex digits, for a request that is too long to be answered at once */
export async function askPreflight(
  ports: JobPorts,
  policy: AuditPolicy,
  objects: readonly AskedForm[],
  id: string,
): Promise<AskedOutcome> {
  const { wanted, problems } = readAsked(objects);
  if (problems.length > 0) return { outcome: 'malformed', problems };
  if (isShort(wanted, policy)) {
    const { answers, throttledFor } = await preflight(ports, policy, wanted);
    return throttledFor > 0 ? { outcome: 'throttled', seconds: throttledFor } : { outcome: 'answered', answers };
  }
  const job = await startPreflight(ports, id, objects);
  return job === 'conflict' ? { outcome: 'conflict' } : { outcome: 'accepted', id, job };
}

function isShort(wanted: readonly WantedObject[], policy: AuditPolicy): boolean {
  if (wanted.length > mostLiveObjects) return false;
  const settings = auditSettings(policy, notAsked, new Date(0));
  const values = wanted.map((one) => new Set(claimsOf(one.values, settings).map(claimKey)).size);
  return values.reduce((sum, count) => sum + count, 0) <= mostLiveValues;
}

/** What objects claim does not depend on the domains of the tenant. */
const notAsked = { state: 'unknown', because: '', remedy: '' } as const;

export function readAsked(objects: readonly AskedForm[]): { wanted: WantedObject[]; problems: AskedProblem[] } {
  const problems: AskedProblem[] = [];
  const wanted = objects.map(({ key, existing, ...asked }, place) => {
    const read = readWanted({ ...asked, key: key ?? String(place), existing: identityOf(existing) });
    for (const { field, message } of read.problems)
      problems.push({ field: `objects.${place}.attributes.${field}`, message });
    return read.wanted;
  });
  return { wanted, problems };
}

function identityOf(existing: AskedForm['existing']): WantedIdentity | null {
  const [named] = Object.entries(existing ?? {});
  return named === undefined ? null : ({ by: named[0], value: named[1] } as WantedIdentity);
}

/**
 * Puts a long request aside for the worker.
 * @param id 32 hex digits
 * @returns `conflict` when the id is that of another request; a request that is repeated is woken once more, which does no harm
 */
export async function startPreflight(
  ports: JobPorts,
  id: string,
  objects: readonly AskedForm[],
): Promise<PreflightJob | 'conflict'> {
  const now = ports.clock.now().toISOString();
  const job: PreflightJob = {
    v: 1,
    tenant: ports.tenant,
    state: 'queued',
    createdAt: now,
    updatedAt: now,
    total: objects.length,
    done: 0,
    requestHash: sha256(canonicalJson(objects)),
    deadLetters: 0,
    promised: [],
  };
  const isNew = await ports.preflights.create(id, job, objects);
  const stored = isNew ? job : (await ports.preflights.read(id))?.job;
  if (stored?.requestHash !== job.requestHash) return 'conflict';
  if (stored.state === 'completed' || stored.state === 'failed') return stored;
  const sent = await ports.messages.send(wakePreflight(ports.tenant, id, stored.done, 0));
  // Repeated, the request finds what is stored, and is sent then.
  if (!sent.ok) throw new StoreUnavailable(sent.failure.message);
  return stored;
}
