import type { Client } from 'ldapts';
import type { ObjectsCheckpoint, ObjectsControlLine, ObjectsRequest } from '../relay-contract.ts';
import type { ReadAuditEntry } from './ldap/audit-object.ts';
import { openClient } from './ldap/connection.ts';
import type { Domain } from './ldap/directory.ts';
import { readState } from './ldap/domain-controller.ts';
import { type Met, readDomain, seesDeleted } from './ldap/domain-objects.ts';
import { ldapFailureOf } from './ldap/ldap-failure.ts';
import { type ObjectRun, planRun } from './ldap/object-run.ts';
import type { Log } from './log.ts';

/** A page of a large directory takes the controller longer than a single object does. */
const timeoutMs = 60_000;
/** Azure Relay cuts a stream that is idle for 60 s. */
const quietMs = 20_000;

/**
 * The lines of `POST /v1/objects`, many to a piece. Each is read when it is asked for, over a connection of its own: a write
 * does not wait behind a search, and the end of the connection is the end of the search on the controller too.
 *
 * @param narrowest sequence numbers between two checkpoints, at least
 */
export async function* objectLines(
  domain: Domain,
  request: ObjectsRequest,
  log: Log,
  narrowest?: bigint,
): AsyncGenerator<string, void, undefined> {
  const controller = await domain.home();
  const client = await openClient({ ...controller.connection.endpoint, timeoutMs });
  const told = { objects: 0, deleted: 0, complete: false };
  try {
    yield* tellDomain(client, domain, request, told, narrowest);
    told.complete = true;
  } catch (thrown) {
    const { message } = ldapFailureOf(thrown);
    yield line({ interrupted: { message: `${controller.name}: ${message}` } });
  } finally {
    client.unbind().catch(() => undefined);
    log(told.complete ? 'info' : 'warn', 'Objects told', { forest: request.forest, domain: request.domain, ...told });
  }
}

async function* tellDomain(
  client: Client,
  { baseDn }: Domain,
  { forest, domain, from, further }: ObjectsRequest,
  told: { objects: number; deleted: number },
  narrowest?: bigint,
): AsyncGenerator<string, void, undefined> {
  const { dnsName: domainController, invocationId, highestCommittedUsn } = await readState(client);
  const present = {
    dnsName: domainController,
    invocationId,
    highestCommittedUsn: BigInt(highestCommittedUsn),
    deletedHidden: (await seesDeleted(client, baseDn)) ? null : deletedHidden(baseDn),
    now: new Date(),
  };
  const run = planRun(from, present, narrowest);
  const place = { forest, domain, domainController, invocationId };
  const because = run.because === undefined ? {} : { because: run.because };
  yield line({ header: { ...place, highestCommittedUsn, mode: run.mode, ...because } });

  for await (const met of readDomain(client, baseDn, run, { forest, domainController, further })) {
    if (met.kind === 'objects') told.objects += met.read.length;
    if (met.kind === 'deleted') told.deleted += met.deleted.length;
    const lines = linesOf(met, place, run);
    if (lines !== '') yield lines;
  }
  const checkpoint: ObjectsCheckpoint = {
    ...place,
    mode: 'changes',
    next: String(run.until + 1n),
    until: null,
    at: run.at,
  };
  yield line({ end: { count: told.objects + told.deleted, checkpoint } });
}

const deletedHidden = (baseDn: string): string =>
  `no deleted object can be seen. If there is one, the account of the relay lacks the permission; on a controller of the domain: ` +
  `dsacls "CN=Deleted Objects,${baseDn}" /takeownership, then dsacls "CN=Deleted Objects,${baseDn}" /g <account>:LCRP`;

type Place = Pick<ObjectsCheckpoint, 'forest' | 'domain' | 'domainController' | 'invocationId'>;

function linesOf(met: Met, place: Place, { mode, until, at }: ObjectRun): string {
  switch (met.kind) {
    case 'objects':
      return met.read.map(objectLinesOf).join('');
    case 'deleted':
      return met.deleted.map((deleted) => line({ deleted })).join('');
    case 'position':
      return line({ checkpoint: { ...place, mode, next: String(met.next), until: String(until), at } });
  }
}

const objectLinesOf = ({ object, problems }: ReadAuditEntry): string =>
  `${JSON.stringify({ object })}\n${problems.map((problem) => line({ problem })).join('')}`;

const line = (value: ObjectsControlLine): string => `${JSON.stringify(value)}\n`;

/**
 * Begins an iteration, so that what cannot even begin is known before an answer is, and puts blank lines where nothing comes for
 * long. Nothing is read ahead: the next piece is asked for when this one is.
 *
 * @throws what the source throws before its first piece
 */
export async function begun(
  source: AsyncGenerator<string, void, undefined>,
  quiet: number = quietMs,
): Promise<AsyncIterable<string>> {
  const first = await source.next();
  return { [Symbol.asyncIterator]: () => kept(first, source, quiet) };
}

/** Not a generator: one that is given up before its first piece would not give up its source. */
function kept(
  first: IteratorResult<string, void>,
  source: AsyncGenerator<string, void, undefined>,
  quiet: number,
): AsyncIterator<string, void> {
  let coming: Promise<IteratorResult<string, void>> | null = Promise.resolve(first);
  return {
    async next() {
      coming ??= source.next();
      const result = await orQuiet(coming, quiet);
      if (result === null) return { done: false, value: '\n' };
      coming = null;
      return result;
    },
    return() {
      // Nobody waits for it any more.
      coming?.catch(() => undefined);
      return source.return();
    },
  };
}

/** @returns null when nothing comes for so long */
async function orQuiet<T>(coming: Promise<T>, quiet: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, quiet, null);
  });
  try {
    return await Promise.race([coming, silence]);
  } finally {
    clearTimeout(timer);
  }
}
