import { type CaseStateName, endedStates } from '../domain/case.ts';
import { system } from '../domain/case-event.ts';
import type { Sighting } from '../domain/sighting.ts';
import { sightingKeys } from '../domain/sighting-keys.ts';
import type { CaseSummary } from '../domain/summary.ts';
import { type SightingSource, type SourceLeases, StoreUnavailable } from '../ports.ts';
import { type AuditPolicy, usualAuditPolicy } from './audit-policy.ts';
import { type CommitPorts, commit } from './commit.ts';
import { inParallel } from './in-parallel.ts';
import { type StillFoundPorts, stillThere } from './still-found.ts';

export interface DetectPorts extends CommitPorts, StillFoundPorts {
  readonly leases: SourceLeases;
}

export interface Detection {
  readonly source: string;
  readonly outcome: 'read' | 'taken' | 'failed';
  readonly sightings: number;
  readonly newCases: number;
  readonly absent: number;
  readonly complete: boolean;
  readonly problems: readonly string[];
}

/** A run that dies gives its lease back after this long, unless its source says otherwise. */
const usualLeaseSeconds = 120;
const width = 8;
/** A chain of merges longer than this would be a circle. */
const mostMerges = 10;

/**
 * Reads one source and turns its sightings into cases. Overlapping runs are harmless: a run that finds the source taken
 * leaves a note, and the run that holds it reads once more.
 *
 * @param owner names this run
 * @param policy by which a finding of the audit is looked at once more
 */
export async function detect(
  ports: DetectPorts,
  source: SightingSource,
  owner: string,
  policy: AuditPolicy = usualAuditPolicy,
): Promise<Detection> {
  for (;;) {
    const lease = await ports.leases.take(source.name, owner, leaseEnd(ports, source));
    if (!lease.ok) return notRead(source, 'failed', [lease.failure.message]);
    if (lease.value === null) return notRead(source, 'taken', []);
    const detection = await readOnce(ports, source, policy, keeperOf(ports, source, owner));
    const cursor = detection.complete
      ? JSON.stringify({ completeAt: ports.clock.now().toISOString(), sightings: detection.sightings })
      : lease.value.cursor;
    const released = await ports.leases.release(source.name, owner, cursor);
    if (!released.ok || !released.value.again) return detection;
  }
}

const leaseEnd = ({ clock }: DetectPorts, { leaseSeconds = usualLeaseSeconds }: SightingSource): Date =>
  new Date(clock.now().getTime() + leaseSeconds * 1000);

/** Renews the lease once a quarter of it is over. A store that does not answer leaves the rest of the lease to try again in. */
function keeperOf(ports: DetectPorts, source: SightingSource, owner: string): () => Promise<boolean> {
  const quarter = ((source.leaseSeconds ?? usualLeaseSeconds) * 1000) / 4;
  let renewedAt = ports.clock.now().getTime();
  let isHeld = true;
  return async () => {
    const now = ports.clock.now().getTime();
    if (!isHeld || now - renewedAt < quarter) return isHeld;
    const renewed = await ports.leases.renew(source.name, owner, leaseEnd(ports, source));
    if (renewed.ok) renewedAt = now;
    isHeld = renewed.ok ? renewed.value : now - renewedAt < 4 * quarter;
    return isHeld;
  };
}

/** A store that is out of reach is an incomplete read: the next run finds everything again. */
async function readOnce(
  ports: DetectPorts,
  source: SightingSource,
  policy: AuditPolicy,
  keepLease: () => Promise<boolean>,
): Promise<Detection> {
  try {
    return await readAndReport(ports, source, policy, keepLease);
  } catch (cause) {
    if (!(cause instanceof StoreUnavailable)) throw cause;
    return notRead(source, 'failed', [cause.message]);
  }
}

async function readAndReport(
  ports: DetectPorts,
  source: SightingSource,
  policy: AuditPolicy,
  keepLease: () => Promise<boolean>,
): Promise<Detection> {
  const read = await source.read(keepLease);
  if (!read.ok) return notRead(source, 'failed', [read.failure.message]);
  const { sightings, complete, problems } = read.value;
  const summaries = await ports.store.summaries();
  const known = knownCases(summaries);
  const reported = await inParallel(width, sightings, (sighting) => report(ports, sighting, known, policy));
  const absent = complete ? await noteAbsent(ports, source, sightings, summaries) : 0;
  return {
    source: source.name,
    outcome: 'read',
    sightings: sightings.length,
    newCases: reported.filter((outcome) => outcome === 'new').length,
    absent,
    complete,
    problems,
  };
}

/** By id and by key; a case that has become part of another leads there. */
function knownCases(summaries: readonly CaseSummary[]): Map<string, CaseSummary> {
  const byId = new Map(summaries.map((summary) => [summary.id, summary]));
  const survivorOf = (summary: CaseSummary, hops = 0): CaseSummary => {
    const into = hops < mostMerges ? byId.get(summary.mergedInto) : undefined;
    return into ? survivorOf(into, hops + 1) : summary;
  };
  const byAge = summaries.toSorted((left, right) => Date.parse(right.createdAt) - Date.parse(left.createdAt));
  // The oldest comes last and wins.
  return new Map(
    byAge.flatMap((summary) => {
      const survivor = survivorOf(summary);
      return [summary.id, ...summary.keys].map((key) => [key, survivor] as const);
    }),
  );
}

async function report(
  ports: DetectPorts,
  sighting: Sighting,
  known: Map<string, CaseSummary>,
  policy: AuditPolicy,
): Promise<'new' | 'known'> {
  const keys = sightingKeys(sighting);
  const [first] = keys;
  if (first === undefined) return 'known';
  const summary = keys.map((key) => known.get(key)).find((found) => found !== undefined);
  if (summary && isOldNews(summary, sighting, keys)) return 'known';
  if (summary?.state === 'Resolved' && !(await stillThere(ports, sighting, policy))) return 'known';
  const owners = await Promise.all(keys.map((key) => ports.store.claimKey(key, summary?.id ?? first)));
  const candidates = new Set([...(summary ? [summary.id] : []), ...owners.map((id) => known.get(id)?.id ?? id)]);
  const [id = first, ...others] = [...candidates].sort((left, right) => age(known, left) - age(known, right));
  const committed = await commit(ports, id, system, { do: 'report', id, keys, sighting });
  for (const younger of others) {
    await commit(ports, younger, system, {
      do: 'merge',
      into: id,
      reason: 'Two sources reported one fault under different names of the object.',
    });
  }
  return summary === undefined && 'case' in committed && committed.changed ? 'new' : 'known';
}

function isOldNews(summary: CaseSummary, sighting: Sighting, keys: readonly string[]): boolean {
  const absentReads = summary.sources[sighting.source];
  return summary.state !== 'Resolved' && absentReads === 0 && keys.every((key) => summary.keys.includes(key));
}

/** Cases that exist, oldest first; a key whose case was never written comes last. A case's id is one of its keys. */
function age(known: Map<string, CaseSummary>, id: string): number {
  const summary = known.get(id);
  return summary ? Date.parse(summary.createdAt) : Number.MAX_SAFE_INTEGER;
}

const cannotBeAbsent: readonly CaseStateName[] = [...endedStates, 'Approved', 'Applying', 'Applied', 'UndoProposed'];

async function noteAbsent(
  ports: DetectPorts,
  source: SightingSource,
  sightings: readonly Sighting[],
  summaries: readonly CaseSummary[],
): Promise<number> {
  const seen = new Set(sightings.flatMap(sightingKeys));
  const gone = summaries.filter(
    (summary) =>
      !cannotBeAbsent.includes(summary.state) &&
      (summary.sources[source.name] ?? 2) < 2 &&
      !summary.keys.some((key) => seen.has(key)),
  );
  await inParallel(width, gone, (summary) =>
    commit(ports, summary.id, system, { do: 'noteAbsence', source: source.name }),
  );
  return gone.length;
}

function notRead(source: SightingSource, outcome: 'taken' | 'failed', problems: string[]): Detection {
  return { source: source.name, outcome, sightings: 0, newCases: 0, absent: 0, complete: false, problems };
}
