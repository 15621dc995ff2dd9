import { z } from 'zod';
import { claimKey, claimsOf } from '../audit/preflight-claims.ts';
import { readWanted, type WantedIdentity, type WantedObject } from '../audit/preflight-wanted.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import {
  type AskedForm,
  askedObject,
  mostLiveObjects,
  mostLiveValues,
  type PreflightJob,
  preflightDays,
} from '../domain/preflight.ts';
import { giveUpAfterSeconds, secondsUntilNextAttempt } from '../domain/retry-schedule.ts';
import { sha256 } from '../domain/sha256.ts';
import { isWithinDays } from '../domain/time.ts';
import { type Messages, type OutgoingMessage, type PreflightStore, StoreUnavailable } from '../ports.ts';
import { type AuditPolicy, auditSettings } from './audit-policy.ts';
import { inParallel } from './in-parallel.ts';
import { type PreflightPorts, preflight, type TimedAnswer } from './preflight.ts';

export interface JobPorts extends PreflightPorts {
  readonly tenant: string;
  readonly preflights: PreflightStore;
  readonly messages: Messages;
}

/** Body of a message that says: go on with this request. */
export const preflightMessage = z.strictObject({
  v: z.literal(1),
  tenant: z.string().min(1),
  preflight: z.string().regex(/^[0-9a-f]{32}$/),
  /** How often it has been put off without getting further. */
  attempt: z.int().min(0),
});
export type PreflightMessage = z.infer<typeof preflightMessage>;

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

/** @returns null when there is no such request, or its answers are over */
export async function readPreflight(
  { preflights, clock, tenant }: JobPorts,
  id: string,
  from: number,
  count: number,
): Promise<{ job: PreflightJob; answers: readonly unknown[] } | null> {
  const job = (await preflights.read(id))?.job;
  if (job === undefined || job.tenant !== tenant) return null;
  if (!isWithinDays(job.createdAt, preflightDays, clock.now().toISOString())) return null;
  const first = from - (from % mostLiveObjects);
  const end = Math.min(job.done, from + count);
  const parts = Array.from({ length: Math.ceil(Math.max(0, end - first) / mostLiveObjects) }, (_, part) => part);
  const answers = await inParallel(width, parts, (part) => preflights.answers(id, first + part * mostLiveObjects));
  return { job, answers: answers.flatMap((part) => part ?? []).slice(from - first, end - first) };
}

/** Parts of the answers that are read at once. */
const width = 4;

/** After this long the rest is left to the next message: the host ends functions that run for ten minutes. */
const longest = 4 * 60 * 1000;
/** A source that did not answer so often in a row is not waited for any longer: its facts are unknown then. */
const patience = 5;

/**
 * Answers a long request part by part, from where it stands. A part that was answered and not recorded is answered again. What
 * cannot go on now is put off.
 */
export async function continuePreflight(
  ports: JobPorts,
  policy: AuditPolicy,
  message: PreflightMessage,
): Promise<void> {
  const { preflights, clock } = ports;
  const id = message.preflight;
  const read = await preflights.read(id);
  if (read === null || read.job.state === 'completed' || read.job.state === 'failed') return;
  const objects = z.array(askedObject).parse(await preflights.objects(id, read.job.requestHash));
  const { wanted } = readAsked(objects);
  const endsAt = clock.now().getTime() + longest;
  let { job, revision } = read;
  let { attempt } = message;
  while (job.done < job.total) {
    if (clock.now().getTime() > endsAt) return send(ports, wakePreflight(ports.tenant, id, job.done, 0));
    const places = placesFrom(job);
    const part = await preflight(ports, policy, wanted, places, new Map(job.promised));
    if (part.throttledFor > 0 || (part.isUnreachable && attempt < patience)) {
      return putOff(ports, { ...message, attempt }, job, revision, part.throttledFor);
    }
    await preflights.putAnswers(id, job.done, part.answers);
    const { message: _, ...going } = job;
    const done = job.done + places.length;
    const next: PreflightJob = {
      ...going,
      state: done === job.total ? 'completed' : 'running',
      updatedAt: clock.now().toISOString(),
      done,
      deadLetters: 0,
      promised: [...job.promised, ...part.promised],
    };
    const recorded = await preflights.replace(id, next, revision);
    // Somebody else goes on with it.
    if (recorded === null) return;
    job = next;
    revision = recorded;
    attempt = part.isUnreachable ? patience : 0;
  }
}

const placesFrom = ({ done, total }: PreflightJob): number[] =>
  Array.from({ length: Math.min(mostLiveObjects, total - done) }, (_, index) => done + index);

async function putOff(
  ports: JobPorts,
  { preflight: id, attempt }: PreflightMessage,
  job: PreflightJob,
  revision: string,
  throttledFor: number,
): Promise<void> {
  const now = ports.clock.now();
  const isOver = now.getTime() - Date.parse(job.createdAt) > giveUpAfterSeconds * 1000;
  const because = throttledFor > 0 ? 'Microsoft Graph asked to wait.' : 'A directory does not answer.';
  const recorded = await ports.preflights.replace(
    id,
    {
      ...job,
      state: isOver ? 'failed' : 'running',
      updatedAt: now.toISOString(),
      message: isOver ? `${because} Nothing could be read for a day; ask again.` : `${because} It goes on by itself.`,
    },
    revision,
  );
  if (isOver || recorded === null) return;
  const wait = secondsUntilNextAttempt(attempt, 0.5, throttledFor) * 1000;
  await send(ports, {
    ...wakePreflight(ports.tenant, id, job.done, attempt + 1),
    notBefore: new Date(now.getTime() + wait),
  });
}

const deadLettersAtOnce = 100;
/** Rounds of deliveries that a request is given without getting further. */
const mostDeadLetters = 3;
const deadLetterDelay = 30_000;

/**
 * Sends what ended as a dead letter again: when a worker ends, the host uses up all deliveries before the next one has started.
 * A request that ends the worker again and again has failed.
 *
 * @returns how many there were
 */
export async function resendDeadPreflights(ports: JobPorts): Promise<number> {
  const drained = await ports.messages.drainDeadLetters('preflight', deadLettersAtOnce, async (body) => {
    const parsed = preflightMessage.safeParse(body);
    return !parsed.success || resend(ports, parsed.data);
  });
  return drained.ok ? drained.value : 0;
}

/** @returns whether the dead letter is not needed any more */
async function resend(ports: JobPorts, { preflight: id }: PreflightMessage): Promise<boolean> {
  const { preflights, messages, clock, tenant } = ports;
  const read = await preflights.read(id);
  if (read === null || read.job.state === 'completed' || read.job.state === 'failed') return true;
  const now = clock.now();
  const deadLetters = read.job.deadLetters + 1;
  const job: PreflightJob = { ...read.job, deadLetters, updatedAt: now.toISOString() };
  if (deadLetters > mostDeadLetters) {
    const message =
      'The worker ended again and again before it could answer. What is answered is kept; ask for the rest again.';
    return (await preflights.replace(id, { ...job, state: 'failed', message }, read.revision)) !== null;
  }
  const wake = wakePreflight(tenant, id, job.done, 0);
  const sent = await messages.send({
    ...wake,
    id: `${wake.id}.${deadLetters}`,
    notBefore: new Date(now.getTime() + deadLetterDelay),
  });
  return sent.ok && (await preflights.replace(id, job, read.revision)) !== null;
}

/** A message that cannot be sent goes back to the broker, which delivers the present one again. */
async function send({ messages }: JobPorts, message: OutgoingMessage): Promise<void> {
  const sent = await messages.send(message);
  if (!sent.ok) throw new Error(`the rest of a preflight could not be scheduled: ${sent.failure.message}`);
}

export function wakePreflight(tenant: string, id: string, done: number, attempt: number): OutgoingMessage {
  return {
    queue: 'preflight',
    id: `${id}.${done}.${attempt}`,
    body: { v: 1, tenant, preflight: id, attempt } satisfies PreflightMessage,
  };
}
